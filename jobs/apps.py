from django.apps import AppConfig


class JobsConfig(AppConfig):
    """See the package's docstring for what this app holds."""

    name = "jobs"
