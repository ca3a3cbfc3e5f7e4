"""The leaves of a record: the pages of all its scans, counted through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from access.domain.viewer import Viewer
from library.domain.files import seen
from library.models import Record, RecordFile
from media_pipeline.models import Asset, Derivative

_WITH_PAGES = (Asset.Kind.IMAGE, Asset.Kind.PDF)


@dataclass(frozen=True)
class Leaf:
    """One page. `number` counts from 1 over all files of the record, `page` within its file.

    Numbers count files that the viewer may not see as well, so that page 12 is page 12 for everybody. `width` and
    `height` are pixels of the tiles; 0 as long as there are none.
    """

    number: int
    file: RecordFile
    page: int
    width: int
    height: int


def leaves(
    record: Record, viewer: Viewer, *, drafts: bool = False, first: Mapping[int, int] | None = None
) -> tuple[Leaf, ...]:
    """The pages of a record that a viewer may see, in order. Three queries, however many pages.

    `first` are the `first_numbers` of the record, where the caller has them already.
    """
    files = {file.pk: file for file in seen(viewer, drafts=drafts).filter(record=record)}
    first = first_numbers(record) if first is None else first
    sizes = {
        (row.asset_id, row.page or 1): (row.width or 0, row.height or 0)
        for row in Derivative.objects.filter(
            asset__in=[file.asset_id for file in files.values() if file.asset_id], role="tile-set"
        ).only("asset_id", "page", "width", "height")
    }
    return tuple(
        Leaf(first[pk] + page - 1, file, page, *sizes.get((file.asset_id or 0, page), (0, 0)))
        for pk, file in files.items()
        if pk in first
        for page in range(1, pages_of(file) + 1)
    )


def first_numbers(*records: Record | int) -> dict[int, int]:
    """The number of the first page of each file that has pages, by its primary key; for one or more records."""
    first: dict[int, int] = {}
    next_number: dict[int, int] = {}
    for file in RecordFile.objects.filter(record__in=records).select_related("asset").order_by("order", "pk"):
        if count := pages_of(file):
            first[file.pk] = next_number.get(file.record_id, 1)
            next_number[file.record_id] = first[file.pk] + count
    return first


def pages_of(file: RecordFile) -> int:
    """How many pages a file has; 0 for a recording, or one that has not been looked into yet."""
    if file.asset is None or file.asset.kind not in _WITH_PAGES:
        return 0
    return int(file.asset.facts.get("pages", 0))
