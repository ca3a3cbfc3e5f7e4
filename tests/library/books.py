"""Books and recordings with text for tests, without waiting for machines to read them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from library.domain import files
from library.models import Record, RecordFile
from media_pipeline.domain import changes
from media_pipeline.models import Asset, Blob, Cue, PageText
from search.domain import index_writer

PITCH = 10
"""Pixels that a character is wide."""
HEIGHT = 20


def line_of(number: int, text: str) -> list[Any]:
    """A line as a machine reads it: each word in a box, `PITCH` pixels for a character, `HEIGHT` for a line."""
    words, at = [], 0
    for word in text.split(" "):
        words.append([word, at * PITCH, number * HEIGHT, len(word) * PITCH, HEIGHT, 0.9])
        at += len(word) + 1
    return [f"l{number}", text, 0, number * HEIGHT, len(text) * PITCH, HEIGHT, words]


def read(asset: Asset, pages: Sequence[Sequence[str]], tag: str) -> None:
    """Have a machine read these lines on the pages of an asset, in the place of what it read before."""
    with transaction.atomic():
        PageText.objects.filter(asset=asset).delete()
        PageText.objects.bulk_create(
            PageText(
                asset=asset,
                page=number,
                language=tag,
                width=1000,
                height=1400,
                lines=[line_of(at, line) for at, line in enumerate(lines)],
                machine="test",
            )
            for number, lines in enumerate(pages, 1)
        )
        changes.tell(asset)


def asset_of(name: str, kind: str, **facts: Any) -> Asset:
    """An asset whose bytes are nowhere."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    blob, _made = Blob.objects.get_or_create(sha256=digest, defaults={"size": 1, "media_type": "text/plain"})
    return Asset.objects.get_or_create(blob=blob, languages="", defaults={"kind": kind, "facts": facts})[0]


def attached(record: Record, asset: Asset, **values: Any) -> RecordFile:
    """An asset as a file of a record."""
    with transaction.atomic():
        made = RecordFile.objects.create(
            record=record, blob=asset.blob, asset=asset, name="file", order=record.files.count(), **values
        )
        files.changed([record.pk])
    return made


def book(
    record: Record, pages: Sequence[Sequence[str]], tag: str, name: str = "", **values: Any
) -> RecordFile:
    """A scanned book with these lines on its pages."""
    asset = asset_of(name or f"book of {record.pk}", Asset.Kind.PDF, pages=len(pages))
    made = attached(record, asset, **values)
    read(asset, pages, tag)
    return made


def recording(record: Record, cues: Sequence[tuple[int, int, str]], tag: str, **values: Any) -> RecordFile:
    """A recording in which this is said."""
    asset = asset_of(f"recording of {record.pk}", Asset.Kind.AUDIO)
    made = attached(record, asset, **values)
    with transaction.atomic():
        Cue.objects.bulk_create(
            Cue(asset=asset, number=number, start=start, end=end, text=text, language=tag)
            for number, (start, end, text) in enumerate(cues, 1)
        )
        changes.tell(asset)
    return made


def indexed() -> None:
    """Wait until the index knows all."""
    index_writer.drain()
