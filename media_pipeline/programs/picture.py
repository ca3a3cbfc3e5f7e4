"""Pictures through libvips: `picture.py header FILE`, or `picture.py thumbnails|tiles|plain TASKS.json`.

A task is {"source", "index", "target", …}. What is there already is left alone; each target gets its name when it is
whole. A line `done N` follows each. Memory does not grow with the picture: it is read from top to bottom, in strips.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pyvips

QUALITY = 85
MANY_PAGES = ("tiffload", "tiffload_buffer")


def main() -> None:
    """Do what the arguments say; what libvips refuses ends as one line on stderr and exit code 1."""
    pyvips.block_untrusted_set(True)
    pyvips.cache_set_max(0)
    action, argument = sys.argv[1:]
    try:
        if action == "header":
            print(json.dumps(header(argument)))
            return
        make = {"thumbnails": thumbnail, "tiles": tiles, "plain": plain}[action]
        for number, task in enumerate(json.loads(Path(argument).read_text(encoding="utf-8")), 1):
            target = Path(task["target"])
            if not target.exists():
                part = target.with_name(f"part-{target.name}")
                shutil.rmtree(part, ignore_errors=True)
                part.unlink(missing_ok=True)
                make(task, part)
                part.rename(target)
            print(f"done {number}", flush=True)
    except pyvips.Error as error:
        sys.exit(str(error).strip())


def header(path: str) -> dict[str, Any]:
    """What the headers of a picture say: loader, pages, the sizes of pages (upright), orientation."""
    first = pyvips.Image.new_from_file(path, access="sequential")
    loader = first.get("vips-loader")
    pages = first.get_n_pages() if loader in MANY_PAGES else 1
    sizes = []
    for index in range(min(pages, 100_000)):
        page = first if index == 0 else _open(path, index, loader)
        turned = _orientation(page) >= 5
        sizes.append([page.height, page.width] if turned else [page.width, page.height])
    return {"loader": loader, "pages": pages, "sizes": sizes, "orientation": _orientation(first)}


def thumbnail(task: dict[str, Any], out: Path) -> None:
    """A small picture that fits into a square of `size` pixels."""
    image = _upright(task)
    scale = min(1.0, task["size"] / max(image.width, image.height))
    # Forced: to keep the proportions to a fraction of a pixel, libvips would take a pixel off what was promised.
    small = image.thumbnail_image(
        max(1, round(image.width * scale)), height=max(1, round(image.height * scale)), size="force"
    )
    _shown(small).jpegsave(str(out), Q=QUALITY, strip=True)


def tiles(task: dict[str, Any], out: Path) -> None:
    """The folder of an IIIF Image API 3 level 0 image."""
    _shown(_upright(task)).dzsave(
        str(out), layout="iiif3", tile_size=task["tile"], suffix=f".jpg[Q={QUALITY},strip]", id="."
    )
    # It tells the date and where the file lay; no reader asks for it.
    (out.parent / "vips-properties.xml").unlink(missing_ok=True)


def plain(task: dict[str, Any], out: Path) -> None:
    """A grey PNG that fits into a square of `size` pixels, for machines that read."""
    image = _upright(task)
    scale = min(1.0, task["size"] / max(image.width, image.height))
    if scale < 1.0:
        image = image.resize(scale)
    _shown(image).colourspace("b-w").pngsave(str(out), compression=1)


def _open(path: str, index: int, loader: str, access: str = "sequential") -> pyvips.Image:
    page = {"page": index} if index else {}
    # "error" and not "truncated": a TIFF that was cut off is only an error of libtiff.
    return pyvips.Image.new_from_file(path, access=access, fail_on="error", **page)


def _upright(task: dict[str, Any]) -> pyvips.Image:
    """The picture as it is to be seen. One that must be turned is kept in a file meanwhile, not in memory."""
    image = _open(task["source"], task["index"], "")
    if _orientation(image) != 1:
        image = _open(task["source"], task["index"], "", access="random").autorot()
    return image


def _shown(image: pyvips.Image) -> pyvips.Image:
    """Eight bits, red green blue (or grey), on white."""
    if image.hasalpha():
        image = image.flatten(background=255 if image.format == "uchar" else 65535)
    if image.get_typeof("icc-profile-data"):
        try:
            return image.icc_transform("srgb", embedded=True)
        except pyvips.Error:  # a profile that is broken: the numbers are taken as they are
            image = image.copy()
            image.remove("icc-profile-data")
    grey = image.interpretation in {"b-w", "grey16"}
    return image.colourspace("b-w" if grey else "srgb").cast("uchar")


def _orientation(image: pyvips.Image) -> int:
    return int(image.get("orientation")) if image.get_typeof("orientation") else 1


if __name__ == "__main__":
    main()
