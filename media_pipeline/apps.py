from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaPipelineConfig(AppConfig):
    """Files, and what becomes of them."""

    name = "media_pipeline"
    verbose_name = _("Files")

    def ready(self) -> None:
        """Register the kinds of job, the steps, who may look at files in work, and the doctor's questions."""
        from access.domain import roles
        from jobs.domain.kinds import register
        from media_pipeline import checks  # noqa: F401 - registers itself
        from media_pipeline.domain import fixity, runner, steps, unused  # noqa: F401 - steps declare themselves

        register(fixity.KIND)
        register(unused.KIND)
        register(runner.KIND)
        may = ("media_pipeline.view_asset", "media_pipeline.change_asset")
        roles.register(roles.RolePermissions(roles.LIBRARIAN, may))
