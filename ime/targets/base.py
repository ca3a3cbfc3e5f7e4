"""What every target has in common: the protocol it fulfils, what it is given, what it hands back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from ime.model import Keyboard, Kind
from ime.program import Press, Program

BOTH: Final[frozenset[Kind]] = frozenset({"composing", "direct"})
DIRECT: Final[frozenset[Kind]] = frozenset({"direct"})

Words = Callable[[str], Iterable[tuple[str, int]]]
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can say
_ZIP_MODE: Final = 0o644 << 16
_ZIP_MODE_RUN: Final = 0o755 << 16


@dataclass(frozen=True)
class Texts:
    """What packages say about where they come from: the name of the house and its address (empty if it has none)."""

    house: str = "Nhà Sàn"
    address: str = ""


def no_words(_tag: str) -> Iterable[tuple[str, int]]:
    """No word list: what a house without dictionaries has."""
    return ()


def no_font(_family: str) -> Path | None:
    """No font: what a machine without fonts has."""
    return None


@dataclass(frozen=True)
class Kit:
    """What a target may use besides keyboard and program.

    `words` gives the words of an orthography (by tag) with how often they occur; `fonts` the file of a font family;
    `tools` is the folder that compilers were installed into, each target knows what it looks for there; `cache` a
    folder that may be lost at any time (none: nothing is kept).
    """

    tools: Path
    texts: Texts = Texts()
    words: Words = no_words
    fonts: Callable[[str], Path | None] = no_font
    cache: Path | None = None


@dataclass(frozen=True)
class File:
    """A file of a package: its path (with /, relative) and its bytes. `run` marks what a person starts."""

    path: str
    data: bytes
    run: bool = False


@dataclass(frozen=True)
class Package:
    """What a target builds: the same keyboard, words, fonts and compilers give the same bytes.

    The first file is what a person downloads; the others are what it was made from, or what an engine reads.
    """

    name: str
    files: tuple[File, ...]

    def file(self, ending: str) -> File:
        """The first file whose path ends so; KeyError if there is none."""
        for each in self.files:
            if each.path.endswith(ending):
                return each
        raise KeyError(f"{self.name}: no file ends in {ending}")


class Target(Protocol):
    """A platform that keyboards are built for."""

    @property
    def id(self) -> str:
        """Its short name, as on the command line and in addresses."""

    @property
    def title(self) -> str:
        """Its name for people."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of keyboard that it can carry."""

    def build(self, keyboard: Keyboard, program: Program, kit: Kit) -> Package:
        """The package; BuildError naming what is missing (a compiler, a font) or cannot be said on this platform."""


@runtime_checkable
class Lacking(Protocol):
    """A target on whose platform some keys cannot be told from others."""

    def lacking(self, program: Program) -> frozenset[Press]:
        """The presses that give something else there than they should."""


def zip_bytes(files: Iterable[File], *, stored: Iterable[str] = ()) -> bytes:
    """A zip file of some files, sorted by path and without times: equal files give equal bytes.

    Paths in `stored` come first, uncompressed, in their order (as OpenDocument wants its `mimetype`).
    """
    first = {path: number for number, path in enumerate(stored)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for each in sorted(files, key=lambda each: (first.get(each.path, len(first)), each.path)):
            entry = zipfile.ZipInfo(each.path, _ZIP_TIME)
            entry.create_system = 3  # Unix, wherever it is built
            entry.external_attr = _ZIP_MODE_RUN if each.run else _ZIP_MODE
            method = zipfile.ZIP_STORED if each.path in first else zipfile.ZIP_DEFLATED
            archive.writestr(entry, each.data, method, 9)
    return buffer.getvalue()
