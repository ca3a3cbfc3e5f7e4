from django.apps import AppConfig


class SearchConfig(AppConfig):
    """See the package's docstring for what this app holds."""

    name = "search"
