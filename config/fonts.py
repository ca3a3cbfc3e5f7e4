"""Web fonts: one small WOFF2 file per font that the language profiles declare, and one stylesheet for all of them.

Every face has the same family name and its own `unicode-range`: a page names one family, and a browser fetches only the
scripts that stand on the page. The files are subsets of the fonts that the system has (Debian: fonts-noto-core), cached
under a hash of the source, the characters and the version of fontTools.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import fontTools
import icu
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from languages import LanguageError, Orthography

FAMILY = "Nha San Words"
STYLESHEET = "fonts.css"
_WORTH = 8  # characters
_LATIN_END = 0x370  # letters, spacing modifiers and combining marks; what lies beyond is another script

# Without small capitals and old figures, which would weigh as much as the letters.
_LATIN_FEATURES = ("ccmp", "kern", "liga", "locl", "mark", "mkmk")
_VERSION = "1"  # of what is done here: a change makes all files anew
# What a Latin subset holds beside the letters that the profiles name: ASCII and the punctuation of running text.
_LATIN_ALWAYS = (
    *range(0x20, 0x7F), 0xA0, 0xAB, 0xB7, 0xBB, 0x2BC, 0x2010, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026,
    0x25CC,
)  # fmt: skip
# What every subset holds for the shaper: space, joiners, and the base that it gives to lone marks. They are in the
# range of Latin alone, or every page would fetch every font for its spaces.
_ALWAYS = (0x20, 0x200B, 0x200C, 0x200D, 0x25CC)


@dataclass(frozen=True)
class Built:
    """A font that was made, or taken from the cache: its size in bytes and whether it is new."""

    family: str
    script: str
    path: Path
    size: int
    fresh: bool


@dataclass(frozen=True)
class Report:
    """What `build` did: the fonts, and the families of which the system has no file (with their scripts)."""

    built: tuple[Built, ...]
    missing: tuple[tuple[str, tuple[str, ...]], ...]


def build(orthographies: Iterable[Orthography], folders: Iterable[Path], out: Path) -> Report:
    """Make the fonts of these orthographies, and the stylesheet, in a folder; files of former runs are removed.

    Each script takes the best family that its orthographies declare and the system has; what that one lacks comes from
    the next.
    """
    files = _files(folders)
    wanted: dict[str, set[int]] = {}
    families: dict[str, list[str]] = {}
    for orthography in orthographies:
        if orthography.fonts:
            wanted.setdefault(orthography.script, set()).update(_wanted(orthography))
            wanted.setdefault("Latn", set()).update(_derived(orthography))
            families.setdefault(orthography.script, []).extend(orthography.fonts)
    if any(_file_name(family) not in files for ranked in families.values() for family in ranked):
        files = {**_by_family(files.values()), **files}
    out.mkdir(parents=True, exist_ok=True)
    built: list[Built] = []
    faces: list[str] = []
    missing: list[tuple[str, tuple[str, ...]]] = []
    taken: set[int] = set()
    for script in sorted(wanted, key=lambda script: (script != "Latn", script)):
        ranked = _ranked(script, families.get(script, ()))
        left = wanted[script] - taken
        for family in ranked:
            path = files.get(_file_name(family))
            covered = left & _characters(path) if path else set()
            # A whole font for a handful of rare signs is not worth its weight.
            if path and len(covered) > _WORTH:
                built.append(_subset(family, script, path, covered | set(_ALWAYS), out))
                faces.append(_face(built[-1].path.name, covered))
                left -= covered
                taken |= covered
        if ranked and not any(made.script == script for made in built):
            missing.append((ranked[0], (script,)))
    _write(out / STYLESHEET, "".join(faces).encode())
    _sweep(out, {made.path.name for made in built} | {STYLESHEET})
    return Report(tuple(built), tuple(missing))


def _ranked(script: str, families: Sequence[str]) -> list[str]:
    """The declared families, the most declared first; for Latin a serif: words stand apart from the text around."""
    counted = Counter(families)
    return sorted(counted, key=lambda name: (script == "Latn" and "Serif" not in name, -counted[name], name))


def _files(folders: Iterable[Path]) -> Mapping[str, Path]:
    """The regular fonts of some folders by name ("NotoSansKhmer"); a folder that is not there holds none."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*-Regular.[to]tf")) if folder.is_dir() else ():
            found.setdefault(path.name.rpartition("-")[0], path)
    return found


def _file_name(family: str) -> str:
    return family.replace(" ", "")


def _by_family(paths: Iterable[Path]) -> dict[str, Path]:
    """The same fonts by the family that their name table gives, where file and family are called differently."""
    found: dict[str, Path] = {}
    for path in paths:
        with TTFont(path, lazy=True) as font:
            name = font["name"].getBestFamilyName()
        if name:
            found.setdefault(_file_name(name), path)
    return found


def _wanted(orthography: Orthography) -> set[int]:
    """The code points of an orthography: for Latin the letters that are named, else the whole script."""
    if orthography.script != "Latn":
        return set(_of_script(orthography.script))
    exemplars = orthography.exemplars
    letters = "".join((*orthography.alphabet, *exemplars.main, *exemplars.auxiliary))
    marked = "".join(letter + mark for letter in sorted(set(letters)) for mark in exemplars.marks)
    both = letters + marked + (letters + marked).upper()
    # Composed letters as well as their parts: a text may have either, and marks are placed by the font.
    return {
        ord(character) for form in ("NFC", "NFD") for character in unicodedata.normalize(form, both)
    } | set(_LATIN_ALWAYS)  # fmt: skip


def _derived(orthography: Orthography) -> set[int]:
    """The Latin letters and marks that the transliterations of its alphabet consist of."""
    found: set[int] = set()
    for scheme in orthography.transliterations:
        for letter in (*orthography.alphabet, *orthography.exemplars.main):
            try:
                text = orthography.transliterate(letter, scheme.target)
            except LanguageError:
                continue
            found.update(ord(char) for char in text if ord(char) < _LATIN_END)
    return found


@lru_cache(maxsize=64)
def _of_script(script: str) -> frozenset[int]:
    """Every assigned character of a script; what scripts have in common (spaces, punctuation) stays with Latin."""
    own = icu.UnicodeSet(f"[[:scx={script}:]-[:sc=Zyyy:]-[:sc=Zinh:]-[:Cn:]]")
    return frozenset(ord(each) for each in own)


def _characters(path: Path) -> set[int]:
    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())


def _subset(family: str, script: str, source: Path, characters: set[int], out: Path) -> Built:
    """The subset of one font, from the cache if nothing changed."""
    features = _LATIN_FEATURES if script == "Latn" else ("*",)
    name = "-".join((_file_name(family), _digest(source.read_bytes(), characters, features)))
    path = out / f"{name}.woff2"
    fresh = not path.exists()
    if fresh:
        options = Options()
        options.flavor = "woff2"
        options.layout_features = list(features)
        options.hinting = False
        options.notdef_outline = True
        options.name_IDs = [0, 1, 2, 5, 13, 14]  # the licence and the version stay with the font
        with TTFont(source, recalcTimestamp=False) as font:
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=characters)
            subsetter.subset(font)
            font.flavor = "woff2"
            scratch = path.with_suffix(".tmp")
            font.save(scratch)
            scratch.replace(path)
    return Built(family, script, path, path.stat().st_size, fresh)


def _digest(data: bytes, characters: set[int], features: Sequence[str]) -> str:
    digest = hashlib.sha256(data)
    digest.update(f"{_VERSION} {fontTools.version} {sorted(characters)} {features}".encode())
    return digest.hexdigest()[:12]


def _face(file: str, covered: set[int]) -> str:
    return (
        f'@font-face{{font-family:"{FAMILY}";src:url("{file}") format("woff2");font-display:swap;'
        f"unicode-range:{','.join(ranges(covered))}}}\n"
    )


def ranges(codes: Iterable[int]) -> Iterator[str]:
    """Code points as the ranges of CSS: U+41-5A,U+61."""
    run: list[int] = []
    for code in [*sorted(codes), -1]:
        if run and code == run[-1] + 1:
            run.append(code)
            continue
        if run:
            yield f"U+{run[0]:X}" if len(run) == 1 else f"U+{run[0]:X}-{run[-1]:X}"
        run = [code]


def _write(path: Path, data: bytes) -> None:
    """Put a file in place at once, and only when it differs."""
    if path.exists() and path.read_bytes() == data:
        return
    scratch = path.with_suffix(".tmp")
    scratch.write_bytes(data)
    scratch.replace(path)


def _sweep(out: Path, keep: set[str]) -> None:
    for path in out.iterdir():
        if path.suffix in {".woff2", ".tmp"} and path.name not in keep:
            path.unlink()
