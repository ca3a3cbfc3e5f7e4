"""What the page reader shows: the leaves of a record, the text of one of them, what is closed or still in work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from access.domain.viewer import Viewer
from library.domain.files import seen
from library.domain.leaves import Leaf, first_numbers, leaves, pages_of
from library.models import Record, RecordFile
from media_pipeline.domain import assets, texts
from media_pipeline.models import Asset, Derivative

STRIP = 50
"""How many thumbnails stand in one strip."""
_AT_WORK = (Asset.State.WAITING, Asset.State.RUNNING)
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class InWork:
    """A file that is not ready yet: how many of its steps are over. `total` is 0 when it was never looked at."""

    file: RecordFile
    done: int
    total: int


@dataclass(frozen=True)
class Reading:
    """The pages of a record for one viewer. `total` counts those that are closed to the viewer as well."""

    total: int
    leaves: Mapping[int, Leaf]
    in_work: tuple[InWork, ...]

    def near(self, number: int) -> int:
        """The number of a page that there is: this one, or the first or last."""
        return max(1, min(number, self.total))

    def strip(self, number: int) -> range:
        """The numbers of the strip of thumbnails that a page stands in."""
        first = (number - 1) // STRIP * STRIP + 1
        return range(first, min(first + STRIP, self.total + 1))

    @property
    def first_open(self) -> int:
        """The first page that the viewer may see; 1 without any."""
        return min(self.leaves, default=1)


def reading(record: Record, viewer: Viewer) -> Reading:
    """The pages of a record. A fixed number of queries, however many pages and files."""
    first = first_numbers(record)
    shown = {leaf.number: leaf for leaf in leaves(record, viewer, first=first)}
    files = {leaf.file.pk: leaf.file for leaf in shown.values()}
    last = max(first, key=lambda pk: first[pk], default=None)
    if last is None:
        total = 0
    elif last in files:
        total = max(shown)
    else:  # the last file is closed to this viewer
        closed = RecordFile.objects.select_related("asset").get(pk=last)
        total = first[last] + pages_of(closed) - 1
    return Reading(total, shown, in_work(record, viewer))


def in_work(record: Record, viewer: Viewer) -> tuple[InWork, ...]:
    """The files of a record that are still being worked on. Two queries."""
    files = list(seen(viewer).filter(record=record, asset__state__in=_AT_WORK))
    prefetch_related_objects([file.asset for file in files if file.asset], "steps")
    return tuple(
        InWork(file, (status := assets.status(file.asset)).done, status.total) for file in files if file.asset
    )


def text_of(leaf: Leaf) -> texts.Page | None:
    """What stands on a page, with people's corrections; None where nothing was read."""
    if leaf.file.asset_id is None:
        return None
    page = texts.chosen([(leaf.file.asset_id, leaf.page)]).get((leaf.file.asset_id, leaf.page))
    return page if page and page.lines else None


def made(leaf: Leaf) -> frozenset[str]:
    """The roles of what was made of a page: "tile-set", "thumbnail", "alto" …"""
    rows = Derivative.objects.filter(asset=leaf.file.asset_id, page=leaf.page)
    return frozenset(rows.values_list("role", flat=True))


def number(text: str, default: int) -> int:
    """A whole number from an address; the default for what is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,7}", text, re.ASCII) else default


def region(text: str, width: int, height: int) -> Box | None:
    """The region `x,y,w,h` of an address in pixels, cut to the page; None for what is none or lies outside."""
    if not re.fullmatch(r"[0-9]{1,7}(,[0-9]{1,7}){3}", text, re.ASCII):
        return None
    x, y, w, h = (int(part) for part in text.split(","))
    w, h = min(w, width - x), min(h, height - y)
    return (x, y, w, h) if w > 0 and h > 0 else None
