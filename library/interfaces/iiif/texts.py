"""The text of a leaf as annotations, and what a search inside a record finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from access.domain.viewer import Viewer
from library.domain.files import of_record
from library.domain.inside import CueHit, PageHit, search
from library.domain.leaves import leaves
from library.formats.iiif.annotations import Asked, box, found_page, text_page
from library.formats.iiif.canvases import seconds
from library.formats.iiif.values import Hit, TextLine
from library.interfaces.iiif.addresses import Site, parts
from library.interfaces.iiif.canvases import TEXT_OF_PAGE
from library.interfaces.iiif.words import said
from library.models import Record
from media_pipeline.domain import texts
from media_pipeline.domain.corrections import Line

PAGE: Final = 50
"""How many hits stand on one page of results."""
MOST: Final = 1000
"""How many hits may be looked through, page after page."""
NOT_HEEDED: Final = ("motivation", "date", "user")
"""Parameters of Content Search 2 that narrow a search, and that this one does not know."""


def leaf_text(record: Record, number: int, viewer: Viewer, site: Site) -> dict[str, Any] | None:
    """The lines of a leaf; None where the viewer may see no such leaf, or nothing stands on it."""
    leaf = next((each for each in leaves(record, viewer) if each.number == number), None)
    if leaf is None or leaf.file.asset is None or not leaf.width:
        return None
    page = texts.page(leaf.file.asset, leaf.page)
    if page is None or not page.lines:
        return None
    across = leaf.width / page.width if page.width else 1.0
    down = leaf.height / page.height if page.height else 1.0
    lines = [TextLine(line.id, line.text, _scaled(line, across, down), page.language) for line in page.lines]
    named = parts(record.ark)
    return text_page(
        site.url("iiif-text", *named, number),
        site.canvas(record.ark, str(number)),
        said(TEXT_OF_PAGE),
        lines,
    )


def _scaled(line: Line, across: float, down: float) -> tuple[int, int, int, int] | None:
    """The box of a line on the picture of the page, which may have been read at another size."""
    if not (line.w and line.h):
        return None
    x, y, w, h = line.x * across, line.y * down, line.w * across, line.h * down
    return round(x), round(y), max(1, round(w)), max(1, round(h))


def searched(
    record: Record, query: str, page: int, ignored: Sequence[str], viewer: Viewer, site: Site
) -> dict[str, Any] | None:
    """One page of what is found; None for a page that there is not."""
    service = site.url("iiif-search", *parts(record.ark))
    asked = Asked(service, query, page, PAGE, tuple(ignored))
    if not query:
        return found_page(asked, 0, ()) if page == 1 else None
    found = search(record, query, viewer, limit=min(page * PAGE, MOST))
    total = min(found.total, MOST)
    if page > max(1, -(-total // PAGE)):
        return None
    # In the order in which they were counted: by file, so that pages of results do not overlap.
    place = {file.uuid: at for at, file in enumerate(of_record(record, viewer))}
    both: list[PageHit | CueHit] = [*found.pages, *found.cues]
    both.sort(key=lambda hit: place[hit.file])
    start = (page - 1) * PAGE
    hits = [
        Hit(f"{asked.url()}#hit-{number}", hit.text, _targets(record, hit, site), tuple(hit.marks))
        for number, hit in enumerate(both[start : start + PAGE], start + 1)
    ]
    return found_page(asked, total, hits)


def _targets(record: Record, hit: PageHit | CueHit, site: Site) -> tuple[str, ...]:
    """Where it stands on its canvas: the box of each word, or the time."""
    if isinstance(hit, CueHit):
        canvas = site.canvas(record.ark, str(hit.file))
        return (f"{canvas}#t={seconds(hit.start / 1000)},{seconds(hit.end / 1000)}",)
    canvas = site.canvas(record.ark, str(hit.leaf))
    return tuple(f"{canvas}#{box(each)}" for each in hit.boxes) or (canvas,)
