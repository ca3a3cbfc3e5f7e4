from django.apps import AppConfig


class DictionaryConfig(AppConfig):
    """See the package's docstring for what this app holds."""

    name = "dictionary"
