from django.apps import AppConfig
from django.conf import settings

from languages.configuration import configure


class ConfigConfig(AppConfig):
    """The project itself: base templates, static shell, commands that concern the whole installation."""

    name = "config"
    verbose_name = "Nhà Sàn"

    def ready(self) -> None:
        """Register the checks; tell the ground floor where it may keep what it compiled."""
        from config import checks  # noqa: F401

        configure(cache_dir=settings.DATA_DIR / "cache" / "languages")
