"""Which file of a record an address means, for whom, and what of it may be had. The gate is asked here."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from access.domain.viewer import Viewer, anonymous
from library.domain import licences
from library.domain.content import values
from library.domain.files import seen
from library.models import RecordFile
from media_pipeline.domain import derivatives
from media_pipeline.models import Derivative


@dataclass(frozen=True)
class Found:
    """A file that the viewer may have. `everybody`: the public may have it, too. `edits`: only editors see it so."""

    file: RecordFile
    everybody: bool
    edits: bool


def find(uuid: UUID, viewer: Viewer, edits: Callable[[], bool]) -> Found | None:
    """The file of an address, or None for whom it is closed. `edits` says whether the viewer edits records.

    One query for the public, two for who is logged in; the content of the record is not read.
    """
    file = _lean(seen(viewer)).filter(uuid=uuid).first()
    if file is not None:
        return Found(file, viewer.user_id is None or _everybody(file), edits=False)
    if viewer.user_id is None or not edits():
        return None
    file = _lean(seen(viewer, drafts=True)).filter(uuid=uuid).first()
    return None if file is None else Found(file, everybody=False, edits=True)


def _lean(files: QuerySet[RecordFile]) -> QuerySet[RecordFile]:
    return files.select_related(None).select_related("blob", "asset").order_by()


def _everybody(file: RecordFile) -> bool:
    return seen(anonymous()).filter(pk=file.pk).order_by().exists()


def derivative(file: RecordFile, role: str, page: int | None = None) -> Derivative | None:
    """What was made of a file in a role, of a page or of the whole."""
    return None if file.asset is None else derivatives.of(file.asset, role, page).first()


def may_keep_original(file: RecordFile, *, edits: bool) -> bool:
    """Whether somebody who may see a file may also have its original.

    Its licence says so; where the file has none, that of its record. Without any, or with one that nobody knows, the
    original stays with those who edit records. Tiles and streams are not asked for here: they are for reading.
    """
    if edits:
        return True
    licence = licence_of(file)
    return licence is not None and licence.original


def licence_of(file: RecordFile) -> licences.Licence | None:
    """The licence of a file, or where it has none that of its record; None when nothing known is said."""
    if file.licence:
        return licences.find(file.licence)
    for node in values(file.record.content, "license"):
        if found := licences.find(str(node.get("value", ""))):
            return found
    return None


def image_information(tiles: Derivative, whole: Derivative | None, address: str) -> Mapping[str, Any]:
    """The info.json of a page (IIIF Image API 3.0, section 5, level 0) whose tiles stand below `address`.

    `whole` is the picture of the whole page that `full/max` gives; its size is the largest that is given at once.
    """
    factors = [int(each) for each in tiles.extra["scale_factors"]]
    width, height = tiles.width or 1, tiles.height or 1
    smallest = {"width": math.ceil(width / max(factors)), "height": math.ceil(height / max(factors))}
    sizes = [smallest]
    largest: dict[str, int] = {}
    if whole is not None and whole.width and whole.height:
        largest = {"maxWidth": whole.width, "maxHeight": whole.height}
        one = {"width": whole.width, "height": whole.height}
        sizes += [one] if one not in sizes else []
    return {
        "@context": "http://iiif.io/api/image/3/context.json",
        "id": address,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level0",
        "width": width,
        "height": height,
        **largest,
        "sizes": sizes,
        "tiles": [{"width": int(tiles.extra["tile"]), "scaleFactors": factors}],
    }


def is_whole(whole: Derivative, inner: str) -> bool:
    """Whether the address of a picture means the one of the whole page."""
    return inner in {"full/max/0/default.jpg", f"full/{whole.width},{whole.height}/0/default.jpg"}
