"""Speech to text by machine: one interface, two engines. Both are optional, and so are their models.

The language is always told to the engine, never detected: detection takes one language for another and writes garbage.
Weights are named by a path and a checksum in the settings; nothing is ever downloaded.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_noop

from media_pipeline.domain.errors import StepFailed, StepSkipped

NO_MODEL: Final = gettext_noop(
    "Not written down by machine: no speech model is set up (NHASAN_SPEECH_MODEL, NHASAN_SPEECH_MODEL_SHA256)."
)
NO_ENGINE: Final = gettext_noop(
    "Not written down by machine: %(engine)s is not installed. Install it with: pip install %(engine)s"
)
UNKNOWN_ENGINE: Final = gettext_noop(
    "There is no speech engine %(engine)s; there are %(engines)s (NHASAN_SPEECH_ENGINE)."
)
OTHER_WEIGHTS: Final = gettext_noop(
    "The speech model is not the one whose checksum is set in NHASAN_SPEECH_MODEL_SHA256: it is not used."
)
MISSING_WEIGHTS: Final = gettext_noop("There is no speech model at %(path)s (NHASAN_SPEECH_MODEL).")

PROGRAMS: Final[Mapping[str, str]] = {"faster-whisper": "model.bin", "openai-whisper": ""}
"""The engines, and which file of a model's folder holds the weights ("": the model is one file)."""


@dataclass(frozen=True)
class Engine:
    """An engine and its model, both looked at: `run` hands them to the program that hears."""

    name: str
    version: str
    model: Path
    sha256: str

    @property
    def machine(self) -> str:
        """How a transcript names what made it."""
        return f"{self.name} {self.version} ({self.sha256[:12]})"


def engine() -> Engine:
    """The engine that is set up. Raises StepSkipped when there is none, StepFailed when it is not what was set up."""
    name, path = settings.NHASAN_SPEECH_ENGINE, settings.NHASAN_SPEECH_MODEL
    if not path or not settings.NHASAN_SPEECH_MODEL_SHA256:
        raise StepSkipped(NO_MODEL)
    if name not in PROGRAMS:
        raise StepFailed(UNKNOWN_ENGINE, {"engine": name, "engines": ", ".join(PROGRAMS)})
    weights = Path(path) / PROGRAMS[name] if PROGRAMS[name] else Path(path)
    if not weights.is_file():
        raise StepFailed(MISSING_WEIGHTS, {"path": str(weights)})
    found = weights.stat()
    sha256 = _sha256(weights, found.st_size, found.st_mtime_ns)
    if sha256 != settings.NHASAN_SPEECH_MODEL_SHA256.lower():
        raise StepFailed(OTHER_WEIGHTS, detail=f"{weights}: {sha256}")
    try:
        installed = version(name)
    except PackageNotFoundError:
        raise StepSkipped(NO_ENGINE, {"engine": name}) from None
    return Engine(name, installed, Path(path), sha256)


@functools.lru_cache(maxsize=4)
def _sha256(weights: Path, size: int, changed: int) -> str:
    with weights.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
