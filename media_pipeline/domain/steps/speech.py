"""Writing down what is said, with the engine of the settings and in the language that the caller names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop

from languages import registry
from media_pipeline.domain import ffmpeg, tools, vtt
from media_pipeline.domain.errors import StepSkipped
from media_pipeline.domain.graph import step
from media_pipeline.domain.machines import speech_code
from media_pipeline.domain.speech import engine
from media_pipeline.domain.steps.sound import SILENT_FILM
from media_pipeline.domain.work import HeardCue, Work
from media_pipeline.models import Asset
from media_pipeline.programs.hear import UNKNOWN_LANGUAGE

NO_LANGUAGE: Final = gettext_noop("Not written down by machine: nobody said which language is spoken.")
NOT_KNOWN: Final = gettext_noop("Not written down by machine: no speech model knows %(languages)s.")
UNSURE: Final = gettext_noop("Pieces left out because the machine was too unsure of them: %(count)s.")
LEAST_SURE: Final = -1.0
"""The mean log probability below which what the machine gives is not worth reading."""


def _versions() -> Mapping[str, str]:
    found = engine()
    return {found.name: found.version, "model": found.sha256}


def _parameters(asset: Asset) -> Mapping[str, Any]:
    return {"languages": asset.tags(), "least_sure": LEAST_SURE}


@step(
    "speech",
    gettext_noop("Write down what is said"),
    needs=("probe", "scan"),
    kinds=(Asset.Kind.AUDIO, Asset.Kind.VIDEO),
    parameters=_parameters,
    versions=_versions,
)
def speech(work: Work) -> None:
    """Cues for the player and the search, and WebVTT as the machine gave it."""
    if not work.asset.facts.get("sound"):
        raise StepSkipped(SILENT_FILM)
    tags = work.asset.tags()
    if not tags:
        raise StepSkipped(NO_LANGUAGE)
    tag = next((tag for tag in tags if speech_code(tag)), "")
    if not tag:
        raise StepSkipped(NOT_KNOWN, {"languages": ", ".join(tags)})
    found = engine()
    work.empty()
    ffmpeg.convert(work, ["-map", "0:a:0", "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", "speech.wav"])
    whole = int(work.asset.facts["duration"])
    done = work.program(
        "hear", found.name, str(found.model), speech_code(tag), "speech.wav", "heard.json",
        tool=found.name, check=False, on_line=lambda line: work.progress(int(line.removeprefix("second ")), whole),
    )  # fmt: skip
    if done.code == UNKNOWN_LANGUAGE:
        raise StepSkipped(NOT_KNOWN, {"languages": tag})
    if done.code:
        raise tools.failure(done, found.name, work.folder)
    normalise = registry().orthography(tag).normalise
    heard = json.loads((work.folder / "heard.json").read_text(encoding="utf-8"))
    work.result.cues = [
        HeardCue(round(start * 1000), round(end * 1000), normalise(text), tag, found.machine)
        for start, end, text, sure in heard
        if sure >= LEAST_SURE and text
    ]
    unsure = len(heard) - len(work.result.cues)
    if unsure:
        work.say(UNSURE, count=unsure)
    (work.folder / "speech.vtt").write_text(vtt.written(work.result.cues), encoding="utf-8")
    work.emit("vtt", "speech.vtt", "text/vtt", extra={"language": tag})
