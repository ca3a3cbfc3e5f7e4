"""What stands on the pages and what is said, with people's corrections in their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from media_pipeline.domain import vtt
from media_pipeline.domain.corrections import Line, Spoken, Word, cues_corrected, lines_corrected
from media_pipeline.models import Asset, Correction


@dataclass(frozen=True)
class Page:
    """The text of a page: `language` is the tag it was read in, `machine` what read it ("": people alone)."""

    number: int
    language: str
    width: int
    height: int
    machine: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The lines, one below the other."""
        return "\n".join(line.text for line in self.lines)


def pages(asset: Asset) -> Iterator[Page]:
    """The pages that have text, in order."""
    corrections: dict[int, list[Correction]] = {}
    for correction in Correction.objects.filter(asset=asset, page__isnull=False).order_by("pk"):
        corrections.setdefault(correction.page or 0, []).append(correction)
    seen = set()
    for row in asset.page_texts.order_by("page").iterator(chunk_size=50):
        seen.add(row.page)
        lines = lines_corrected([_line(line) for line in row.lines], corrections.get(row.page, ()))
        yield Page(row.page, row.language, row.width, row.height, row.machine, tuple(lines))
    for number in sorted(set(corrections) - seen):
        language = (asset.tags() or ("",))[0]
        yield Page(number, language, 0, 0, "", tuple(lines_corrected([], corrections[number])))


def cues(asset: Asset) -> list[Spoken]:
    """The cues, in the order of time."""
    heard = [
        Spoken(f"u{row.number}", row.start, row.end, row.text, row.speaker, row.language)
        for row in asset.cues.order_by("number")
    ]
    return cues_corrected(heard, Correction.objects.filter(asset=asset, page=None).order_by("pk"))


def subtitles(asset: Asset) -> str:
    """The cues as WebVTT."""
    return vtt.written(cues(asset))


def _line(data: list[Any]) -> Line:
    identifier, text, x, y, w, h, words = data
    return Line(identifier, text, x, y, w, h, tuple(Word(*word) for word in words))
