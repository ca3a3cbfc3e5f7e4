"""Pages of a PDF as pictures, thumbnails, and tiles for deep zoom (IIIF Image API 3, level 0)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext_noop

from media_pipeline.domain.graph import step
from media_pipeline.domain.work import Page, Work
from media_pipeline.models import Asset

DPI: Final = 300
LONGEST: Final = 4500
THUMBNAIL: Final = 400
READING: Final = 1600
"""The longer side of a picture of the whole page, for who reads without scripts: some 1,200 across on a book."""
TILE: Final = 512
_PAGES: Final = (Asset.Kind.IMAGE, Asset.Kind.PDF)


@cache
def vips() -> Mapping[str, str]:
    """The version of libvips."""
    from importlib.metadata import version

    return {"libvips": version("pyvips-binary")}


@cache
def pdfium() -> Mapping[str, str]:
    """The version of pdfium."""
    from importlib.metadata import version

    return {"pdfium": version("pypdfium2")}


def _drawing(asset: Asset) -> Mapping[str, Any]:
    return {"dpi": DPI, "longest": LONGEST}


@step(
    "pages",
    gettext_noop("Draw the pages"),
    needs=("probe", "scan"),
    kinds=(Asset.Kind.PDF,),
    parameters=_drawing,
    versions=pdfium,
)
def pages(work: Work) -> None:
    """Every page of a PDF as a JPEG. An attempt that was broken off goes on with the page it was at."""
    (work.folder / "page").mkdir(exist_ok=True)
    total, drawn = int(work.asset.facts["pages"]), list[list[int]]()

    def told(line: str) -> None:
        drawn.append([int(number) for number in line.removeprefix("page ").split()])
        work.progress(len(drawn), total)

    work.program(
        "document", "draw", str(work.source), "page", str(DPI), str(LONGEST), tool="pdfium", on_line=told
    )
    for number, width, height, dpi in drawn:
        work.emit(
            "page-image",
            f"page/{number:05}.jpg",
            "image/jpeg",
            page=number,
            width=width,
            height=height,
            extra={"dpi": dpi},
        )


@step(
    "thumbnail",
    gettext_noop("Make thumbnails"),
    needs=("probe", "scan", "pages"),
    kinds=_PAGES,
    parameters=lambda asset: {"size": THUMBNAIL, "reading": READING},
    versions=vips,
)
def thumbnail(work: Work) -> None:
    """A small picture of every page, and one that is large enough to read."""
    for role, size in (("reading-image", READING), ("thumbnail", THUMBNAIL)):
        for page, target in _each_page(work, "thumbnails", role, ".jpg", {"size": size}):
            scale = min(1.0, size / max(page.width, page.height))
            work.emit(
                role, target, "image/jpeg", page=page.number,
                width=max(1, round(page.width * scale)), height=max(1, round(page.height * scale)),
            )  # fmt: skip


@step(
    "tiles",
    gettext_noop("Make tiles for deep zoom"),
    needs=("probe", "scan", "pages"),
    kinds=_PAGES,
    parameters=lambda asset: {"tile": TILE},
    versions=vips,
)
def tiles(work: Work) -> None:
    """Every page as a folder of tiles. `info.json` in it has the id "."; whoever serves it puts the address there."""
    for page, target in _each_page(work, "tiles", "tiles", "", {"tile": TILE}):
        info = json.loads((work.folder / target / "info.json").read_text(encoding="utf-8"))
        extra = {
            "tile": TILE,
            "scale_factors": info["tiles"][0]["scaleFactors"],
            "sizes": info.get("sizes", []),
        }
        work.emit(
            "tile-set", target, "application/ld+json", page=page.number,
            width=info["width"], height=info["height"], extra=extra,
        )  # fmt: skip


def _each_page(
    work: Work, action: str, folder: str, suffix: str, values: Mapping[str, Any]
) -> list[tuple[Page, str]]:
    """Have libvips make something of every page; gives the pages and where (below the work folder) it lies."""
    (work.folder / folder).mkdir(exist_ok=True)
    made = [(page, f"{folder}/{page.number:05}{suffix}") for page in work.pages()]
    draw(work, action, [(page, work.folder / target) for page, target in made], values)
    return made


def draw(work: Work, action: str, targets: list[tuple[Page, Path]], values: Mapping[str, Any]) -> None:
    """Run the program `picture` on pages, in one process."""
    tasks = [
        {"source": str(page.path), "index": page.index, "target": str(target), **values}
        for page, target in targets
    ]
    (work.folder / "tasks.json").write_text(json.dumps(tasks), encoding="utf-8")

    def told(line: str) -> None:
        work.progress(int(line.removeprefix("done ")), len(targets))

    work.program("picture", action, "tasks.json", tool="libvips", on_line=told)
