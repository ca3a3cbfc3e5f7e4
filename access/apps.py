from django.apps import AppConfig


class AccessConfig(AppConfig):
    """See the package's docstring for what this app holds."""

    name = "access"
