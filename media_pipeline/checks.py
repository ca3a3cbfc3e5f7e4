"""What the doctor asks of the tools that files are worked on with."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as Caution
from django.db import DatabaseError
from django.utils.translation import gettext as _

from languages import registry
from media_pipeline.domain import blobs, fixity
from media_pipeline.domain.errors import StepFailed, StepSkipped
from media_pipeline.domain.speech import engine
from media_pipeline.domain.steps.reading import installed_models

_NAMED = 20


@register("doctor", deploy=True)
def tools(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Which tools and models are missing, and what is lost without them."""
    found: list[CheckMessage] = []
    losses = {
        "ffmpeg": (_("recordings and films are not made ready for the player"), "ffmpeg"),
        "tesseract": (_("the text of scans is not read"), "tesseract-ocr"),
        "clamscan": (_("files are not scanned for malware"), "clamav"),
    }
    for number, (tool, (loss, package)) in enumerate(losses.items(), 1):
        if shutil.which(tool) is None:
            said = _("%(tool)s is not installed: %(loss)s.") % {"tool": tool, "loss": loss}
            found.append(Caution(said, hint=f"apt install {package}", id=f"nhasan.media.W00{number}"))
    if shutil.which("clamscan") and not any(Path(settings.NHASAN_SCAN_SIGNATURES).glob("*")):
        found.append(
            Caution(
                _("ClamAV has no signatures: files are not scanned for malware."),
                hint="freshclam",
                id="nhasan.media.W004",
            )
        )
    found += _models()
    found += _speech()
    found += _damaged()
    return found


def _models() -> list[CheckMessage]:
    try:
        installed = set(installed_models())
    except StepSkipped:
        return []
    wanted = {model for each in registry().orthographies if (model := each.machines.get("tesseract"))}
    return [
        Caution(
            _("Tesseract's model %s is not installed: scans in it are not read.") % model,
            hint=f"apt install tesseract-ocr-{model.replace('_', '-')}",
            id="nhasan.media.W005",
        )
        for model in sorted(wanted - installed)
    ]


def _speech() -> list[CheckMessage]:
    """An engine is nobody's duty; one that is set up has to be there."""
    if not settings.NHASAN_SPEECH_MODEL:
        return []
    try:
        engine()
    except (StepFailed, StepSkipped) as error:
        said = _(error.message)
        return [Caution(said % error.params if error.params else said, id="nhasan.media.W006")]
    return []


def _damaged() -> list[CheckMessage]:
    """Files whose bytes are no longer those that were stored; none are known before there is a database."""
    try:
        some = list(fixity.damaged()[:_NAMED])
    except DatabaseError:
        return []
    return [
        Caution(
            _("The bytes of a file are not those that were stored, or are gone: %s.") % blob,
            hint=_("Bring %s back from a backup, or upload the same file again.") % blobs.path(blob),
            id="nhasan.media.W007",
        )
        for blob in some
    ]
