"""What stands on the pages and what is said, with people's corrections in their places."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from media_pipeline.domain import alto, vtt
from media_pipeline.domain.corrections import Line, Spoken, Word, cues_corrected, lines_corrected
from media_pipeline.models import Asset, Correction, PageText


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
        yield _page(row, corrections.get(row.page, ()))
    for number in sorted(set(corrections) - seen):
        yield _written(asset, number, corrections[number])


def chosen(wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], Page]:
    """Those of some pages, (primary key of the asset, number), that have text. Three queries at most."""
    assets, numbers = {asset for asset, _number in wanted}, {number for _asset, number in wanted}
    corrections: dict[tuple[int, int], list[Correction]] = {}
    for correction in Correction.objects.filter(asset__in=assets, page__in=numbers).order_by("pk"):
        corrections.setdefault((correction.asset_id, correction.page or 0), []).append(correction)
    found = {
        (row.asset_id, row.page): _page(row, corrections.get((row.asset_id, row.page), ()))
        for row in PageText.objects.filter(asset__in=assets, page__in=numbers)
        if (row.asset_id, row.page) in wanted
    }
    alone = [name for name in corrections if name in wanted and name not in found]
    by_pk = Asset.objects.in_bulk({asset for asset, _number in alone}) if alone else {}
    return found | {name: _written(by_pk[name[0]], name[1], corrections[name]) for name in alone}


def page(asset: Asset, number: int) -> Page | None:
    """One page, if there is text on it."""
    corrections = list(Correction.objects.filter(asset=asset, page=number).order_by("pk"))
    row = asset.page_texts.filter(page=number).first()
    if row is not None:
        lines = lines_corrected([_line(line) for line in row.lines], corrections)
        return Page(row.page, row.language, row.width, row.height, row.machine, tuple(lines))
    if not corrections:
        return None
    language = (asset.tags() or ("",))[0]
    return Page(number, language, 0, 0, "", tuple(lines_corrected([], corrections)))


def corrected_alto(asset: Asset, number: int) -> bytes | None:
    """ALTO of a page that people corrected; None for one that nobody did."""
    if not Correction.objects.filter(asset=asset, page=number).exists():
        return None
    shown = page(asset, number)
    if shown is None:
        return None
    tiles = asset.derivatives.filter(role="tile-set", page=number).first()
    width = shown.width or (tiles.width if tiles else 0) or 0
    height = shown.height or (tiles.height if tiles else 0) or 0
    lines = [
        [
            line.id, line.text, line.x, line.y, line.w, line.h,
            [[word.text, word.x, word.y, word.w, word.h, word.confidence] for word in line.words],
        ]
        for line in shown.lines
    ]  # fmt: skip
    return alto.written(lines, width, height)


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


def _page(row: PageText, corrections: Sequence[Correction]) -> Page:
    lines = lines_corrected([_line(line) for line in row.lines], corrections)
    return Page(row.page, row.language, row.width, row.height, row.machine, tuple(lines))


def _written(asset: Asset, number: int, corrections: Sequence[Correction]) -> Page:
    """A page that people alone wrote."""
    language = (asset.tags() or ("",))[0]
    return Page(number, language, 0, 0, "", tuple(lines_corrected([], corrections)))


def _line(data: list[Any]) -> Line:
    identifier, text, x, y, w, h, words = data
    return Line(identifier, text, x, y, w, h, tuple(Word(*word) for word in words))
