"""Recordings and films of records, with transcripts that people wrote."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from library.domain import files
from library.models import RecordFile
from media_pipeline.domain import blobs
from media_pipeline.domain.corrections import correct_cue
from tests.library.samples import published
from tests.media_pipeline import files as made_files

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"


def film(folder: Path, tag: str, seconds: int = 4, **values: Any) -> RecordFile:
    """A published record with a film that is ready to be played."""
    return _ready(made_files.film(folder, seconds), "film.mp4", "film", tag, values)


def recording(folder: Path, tag: str, seconds: int = 2, **values: Any) -> RecordFile:
    """A published record with a recording that is ready to be played."""
    return _ready(made_files.tone(folder, seconds), "tone.wav", "recording", tag, values)


def write(file: RecordFile, texts: Sequence[str], length: int = 1000, **values: Any) -> None:
    """A transcript of cues of so many milliseconds, one after the other."""
    assert file.asset is not None
    for number, text in enumerate(texts):
        correct_cue(file.asset, number * length, (number + 1) * length, text, None, **values)


def _ready(data: bytes, name: str, kind: str, tag: str, values: dict[str, Any]) -> RecordFile:
    record = published("A feast", kind=kind, fields={"language": [{"tag": tag}]})
    attached = files.attach(record, blobs.store_original(io.BytesIO(data)), name, licence=CC0)
    assert attached.asset is not None
    made_files.finished(attached.asset)
    RecordFile.objects.filter(pk=attached.pk).update(**values)
    attached.refresh_from_db()
    return attached
