"""The font of a script for a package, when its licence lets it be passed on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

from ime.targets.base import Kit
from languages import Orthography

_FREE: Final = ("openfontlicense.org", "scripts.sil.org/ofl", "sil open font license", "apache.org/licenses")
_LICENCE, _LICENCE_ADDRESS = 13, 14  # of the name table, OpenType 1.9


@dataclass(frozen=True)
class Font:
    """A font file that may go into packages, with what it says about its licence."""

    family: str
    file: str
    data: bytes
    licence: str


def of_script(orthography: Orthography, kit: Kit) -> Font | None:
    """The first of the orthography's fonts that is here and free; none for Latin, which every machine can show."""
    if orthography.script == "Latn":
        return None
    for family in orthography.fonts:
        path = kit.fonts(family)
        if path is not None and (licence := _licence(path)):
            return Font(family, path.name, path.read_bytes(), licence)
    return None


def _licence(path: Path) -> str:
    """What a font says about a free licence; empty if it says nothing of the kind."""
    with TTFont(path, lazy=True) as font:
        said = [font["name"].getDebugName(number) or "" for number in (_LICENCE, _LICENCE_ADDRESS)]
    text = "\n".join(filter(None, said))
    return text if any(free in text.lower() for free in _FREE) else ""
