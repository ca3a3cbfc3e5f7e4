from django.apps import AppConfig


class MediaPipelineConfig(AppConfig):
    """See the package's docstring for what this app holds."""

    name = "media_pipeline"

    def ready(self) -> None:
        """Register the job that tidies up."""
        from jobs.domain.kinds import register
        from media_pipeline.domain.unused import KIND

        register(KIND)
