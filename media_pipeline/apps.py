from django.apps import AppConfig


class MediaPipelineConfig(AppConfig):
    """See the package's docstring for what this app holds."""

    name = "media_pipeline"
