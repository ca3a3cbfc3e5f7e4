"""The font files of the house: which file a family is, and a package of it to install on one's own computer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from fontTools.ttLib import TTFont

from ime.targets.base import File, zip_bytes
from languages import registry

_STYLES: Final = ("Regular", "Bold")


@dataclass(frozen=True)
class FontFamily:
    """A font family that a script needs and this house can hand on. `licence` is its own words for it."""

    family: str
    version: str
    copyright: str
    licence: str
    licence_url: str
    files: tuple[Path, ...]


def font_file(family: str) -> Path | None:
    """The regular file of a family among NHASAN_FONT_FOLDERS, or None."""
    return _files().get(_file_name(family), {}).get("Regular")


@lru_cache(maxsize=64)
def family(name: str) -> FontFamily | None:
    """A family that some profile names and that is here, with its licence; None otherwise."""
    styles = _files().get(_file_name(name), {}) if name in named() else {}
    if "Regular" not in styles:
        return None
    files = tuple(styles[style] for style in _STYLES if style in styles)
    with TTFont(files[0], lazy=True) as font:
        table = font["name"]
        said = {number: str(table.getDebugName(number) or "") for number in (0, 5, 13, 14)}
    # OpenType, name table: name IDs.
    return FontFamily(
        family=name,
        version=said[5],
        copyright=said[0],
        licence=said[13],
        licence_url=said[14],
        files=files,
    )


def in_short(said: str) -> str:
    """The first sentence of what a font says of its licence, or of its version."""
    return re.split(r";|(?<=\.)\s", said, maxsplit=1)[0].strip()


@lru_cache(maxsize=1)
def named() -> frozenset[str]:
    """The families that the profiles name: no other file is ever handed out."""
    return frozenset(name for orthography in registry().orthographies for name in orthography.fonts)


def archive(found: FontFamily) -> bytes:
    """A zip with the font files and what they say of their licence; the same fonts give the same bytes."""
    licence = "\n\n".join(
        part
        for part in (found.family, found.version, found.copyright, found.licence, found.licence_url)
        if part
    )
    files = [File(path.name, path.read_bytes()) for path in found.files]
    return zip_bytes([*files, File("LICENCE.txt", f"{licence}\n".encode())])


def archive_name(name: str) -> str:
    """The name of a family's archive, as it stands in addresses."""
    return f"{_file_name(name)}.zip"


def by_archive_name(name: str) -> FontFamily | None:
    """The family whose archive is called so."""
    return next((family(each) for each in sorted(named()) if archive_name(each) == name), None)


@lru_cache(maxsize=4)
def _found(folders: tuple[str, ...]) -> dict[str, dict[str, Path]]:
    files: dict[str, dict[str, Path]] = {}
    for path in _walk(folders):
        name, _, style = path.stem.rpartition("-")
        if style in _STYLES:
            files.setdefault(name, {}).setdefault(style, path)
    missing = {_file_name(each) for each in named()} - files.keys()
    # Some families are called differently from their files.
    for styles in list(files.values()) if missing else ():
        called = _file_name(_family_of(styles["Regular"])) if "Regular" in styles else ""
        if called in missing:
            files[called] = styles
    return files


def _family_of(path: Path) -> str:
    with TTFont(path, lazy=True) as font:
        return str(font["name"].getBestFamilyName() or "")


def _files() -> dict[str, dict[str, Path]]:
    return _found(tuple(str(folder) for folder in settings.FONT_FOLDERS))


def _walk(folders: tuple[str, ...]) -> Iterator[Path]:
    for folder in map(Path, folders):
        if folder.is_dir():
            yield from sorted(folder.rglob("*.[to]tf"))


def _file_name(family: str) -> str:
    return family.replace(" ", "")
