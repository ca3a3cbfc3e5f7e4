"""Which characters a font family covers, from the fonts that are installed on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from languages.text import nfc, nfd

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts"),
    Path("~/.fonts"),
)
_FORMATS = frozenset({".ttf", ".otf"})
_PLAIN = ("", "regular", "roman", "book")


def font_file(family: str) -> Path | None:
    """The upright, regular file of a family ("Noto Sans"); None if it is not installed."""
    by_file_name = _installed().get(family.replace(" ", "").lower())
    return by_file_name or _named().get(family.lower())


def missing_characters(font: Path, texts: Iterable[str]) -> frozenset[str]:
    """The characters of some texts that a font has neither as they stand (NFC) nor taken apart (NFD)."""
    covered = _covered(font)
    wanted = {char for text in texts for char in nfc(text) if not char.isspace()}
    return frozenset(
        char
        for char in wanted
        if ord(char) not in covered and any(ord(part) not in covered for part in nfd(char))
    )


@cache
def _installed() -> dict[str, Path]:
    files: dict[str, Path] = {}
    for folder in FOLDERS:
        for path in sorted(folder.expanduser().rglob("*")):
            # NotoSans-Regular.ttf, or a variable font: NotoSans[wdth,wght].ttf
            name, _, style = path.stem.partition("[")[0].partition("-")
            if path.suffix.lower() in _FORMATS and style.lower() in _PLAIN:
                files.setdefault(name.lower(), path)
    return files


@cache
def _named() -> dict[str, Path]:
    """Files by the family name that stands in them, where the file is named otherwise; slow, so asked last."""
    files: dict[str, Path] = {}
    for path in _installed().values():
        try:
            with TTFont(path, lazy=True) as opened:
                files.setdefault(str(opened["name"].getBestFamilyName()).lower(), path)
        except (TTLibError, OSError, KeyError):
            continue
    return files


@cache
def _covered(font: Path) -> frozenset[int]:
    try:
        with TTFont(font, lazy=True) as opened:
            return frozenset(opened.getBestCmap() or ())
    except (TTLibError, OSError):
        return frozenset()
