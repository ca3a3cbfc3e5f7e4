from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The project itself: base templates, static shell, commands that concern the whole installation."""

    name = "config"
    verbose_name = "Nhà Sàn"

    def ready(self) -> None:
        """Register the checks."""
        from config import checks  # noqa: F401
