"""A LIFT file, or the zip that FieldWorks exports, as entries with their source and place.

Reading is streaming: memory holds one entry at a time, and for each entry its id (to find those that stand twice).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, BinaryIO, Final
from xml.sax.saxutils import quoteattr

from lxml import etree

from dictionary.domain.content import Content, text_of
from dictionary.formats.archive import Archive, is_zip
from dictionary.formats.errors import FileError, RowError
from dictionary.formats.items import Item, checked
from dictionary.formats.lift_read import EntryReader
from dictionary.formats.lift_scan import Piece, scan
from dictionary.formats.limits import Limits
from dictionary.formats.text import decoded, xml_encoding
from dictionary.formats.xml import parse, secure_parser

VERSIONS: Final = ("0.12", "0.13")
_IDS: Final = re.compile(r"""\s(guid|id)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
# Where FieldWorks and WeSay keep what `href` names. A path in `href` comes first.
_MEDIA_FOLDERS: Final = (
    "",
    "audio/",
    "pictures/",
    "others/",
    "linkedfiles/audiovisual/",
    "linkedfiles/pictures/",
)


@dataclass(frozen=True)
class Survey:
    """What one quick pass over the file says: how many entries, which names stand more than once, on which lines."""

    count: int
    repeated: dict[str, list[int]]


# Counting, checking and applying an import each ask; the answers are small (only what is repeated is kept).
_SURVEYS: dict[tuple[object, ...], Survey] = {}
_REMEMBERED: Final = 8


class LiftFile:
    """An opened LIFT file or archive. Use it as a context manager; it may be read several times."""

    format = "lift"
    partial = False

    def __init__(self, path: Path, limits: Limits, name: str = "") -> None:
        self.path = path
        self.name = name or path.name
        self.limits = limits
        self.archive = Archive(path, limits, self.name) if is_zip(path) else None
        self.member = ""
        if self.archive:
            try:
                self.member = self.archive.only("LIFT", ".lift")
            except BaseException:
                self.archive.__exit__()
                raise
        self.folder = self.member.rpartition("/")[0]

    def __enter__(self) -> LiftFile:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.archive:
            self.archive.__exit__()

    @property
    def file(self) -> str:
        """What messages call the file."""
        return f"{self.name}/{self.member}" if self.member else self.name

    @contextmanager
    def _stream(self) -> Iterator[BinaryIO]:
        if self.archive:
            with self.archive.open(self.member) as stream:
                yield stream
        else:
            with self.path.open("rb") as stream:
                yield stream

    @contextmanager
    def _scanned(self) -> Iterator[tuple[Piece, etree._Element, Iterator[Piece]]]:
        with self._stream() as stream:
            head = stream.read(400)
        encoding, skip = xml_encoding(head, self.file)
        with self._stream() as stream:
            root, element, rest = scan(
                decoded(stream, encoding, skip, self.limits, self.file), self.limits, self.file
            )
            version = element.get("version", "")
            if version not in VERSIONS:
                raise FileError(
                    "lift-version", {"version": version[:20] or "?"}, file=self.file, line=root.line
                )
            yield root, element, rest

    def survey(self) -> Survey:
        """Count the entries and find names that stand twice; the file is read once for it and remembered."""
        stat = self.path.stat()
        key = (str(self.path), stat.st_mtime_ns, stat.st_size, stat.st_ino, self.limits)
        found = _SURVEYS.get(key)
        if found is None:
            found = self._surveyed()
            while len(_SURVEYS) >= _REMEMBERED:
                _SURVEYS.pop(next(iter(_SURVEYS)), None)
            _SURVEYS[key] = found
        return found

    def _surveyed(self) -> Survey:
        lines: dict[str, int | list[int]] = {}
        count = 0
        with self._scanned() as (_root, _element, pieces):
            for piece in pieces:
                if piece.kind != "entry":
                    continue
                count += 1
                name = _identity(piece.text)
                if not name:
                    continue
                before = lines.get(name)
                if before is None:
                    lines[name] = piece.line
                elif isinstance(before, list):
                    before.append(piece.line)
                else:
                    lines[name] = [before, piece.line]
        return Survey(count, {name: each for name, each in lines.items() if isinstance(each, list)})

    def count(self) -> int:
        """How many entries the file has."""
        return self.survey().count

    def items(self) -> Iterator[Item]:
        """The entries with their trees, in the order of the file."""
        repeated = self.survey().repeated
        reader, parser = EntryReader(), secure_parser()
        unnamed: Counter[str] = Counter()
        number = 0
        with self._scanned() as (_root, root, pieces):
            opening, closing = _wrapping(root)
            for piece in pieces:
                if piece.kind != "entry":
                    continue
                number += 1
                element = parse(f"{opening}{piece.text}{closing}", parser, file=self.file, line=piece.line)
                content = reader.content(element[0] if opening else element)
                label = label_of(content)
                name = content.get("guid", "").lower() or content.get("lift_id", "")
                key = ""
                if not name:
                    unnamed[label] += 1
                    key = f"lift:{label}#{unnamed[label]}"
                item = Item(number, piece.line, label, content, key=key, fragment=piece.gap + piece.text)
                if name in repeated:
                    yield item.refused(self._repeated(content, name, piece.line, repeated[name]))
                else:
                    yield checked(item, self.file, self.limits.tree)

    def _repeated(self, content: Content, name: str, line: int, lines: list[int]) -> RowError:
        code = "duplicate-guid" if content.get("guid") else "duplicate-id"
        found = ", ".join(map(str, lines[:20]))
        return RowError(code, {"identity": name[:100], "lines": found}, file=self.file, line=line)

    def header(self) -> dict[str, Any]:
        """What the file says of itself, verbatim, for the lexicon and its export: see `lift_export`."""
        kept: dict[str, Any] = {}
        entries = 0
        with self._scanned() as (start, root, pieces):
            kept["version"] = root.get("version")
            kept["root"] = [start.gap, start.text]
            for piece in pieces:
                if piece.kind == "entry":
                    entries += 1
                else:
                    kept[piece.kind] = [piece.gap, piece.text]
                    if piece.kind == "header":
                        kept["header_after"] = entries
        return kept

    def media(self, href: str) -> str | None:
        """The member of the archive that an `href` names, where FieldWorks and WeSay put it; None if there is none."""
        if not self.archive:
            return None
        wanted = href.replace("\\", "/").removeprefix("file://").removeprefix("./")
        base = f"{self.folder}/" if self.folder else ""
        last = wanted.rpartition("/")[2]
        tries = [f"{base}{folder}{wanted}" for folder in _MEDIA_FOLDERS]
        tries += [f"{base}{folder}{last}" for folder in _MEDIA_FOLDERS]
        return self.archive.find(*tries)

    def companions(self) -> list[str]:
        """The members that belong to the lexicon as a whole: ranges and writing systems."""
        if not self.archive:
            return []
        return self.archive.ending_with(".lift-ranges", ".ldml")


def label_of(content: Content) -> str:
    """What a person knows the entry by: its headword, else its id."""
    found = text_of(content.get("forms", [])) or text_of(content.get("citation", []))
    return (found or content.get("lift_id", "") or content.get("guid", ""))[:300]


def _wrapping(root: etree._Element) -> tuple[str, str]:
    """What an entry must stand in so that the prefixes that <lift> declares are known in it; nothing, nearly always."""
    if not root.nsmap:
        return "", ""
    declared = "".join(
        f" xmlns{f':{prefix}' if prefix else ''}={quoteattr(space)}" for prefix, space in root.nsmap.items()
    )
    return f"<lift{declared}>", "</lift>"


def _identity(entry: str) -> str:
    """The guid (in small letters) or the id of an entry, from its start tag alone."""
    found = {
        name: unescape(double or single) for name, double, single in _IDS.findall(entry, 0, _tag_end(entry))
    }
    return found.get("guid", "").lower() or found.get("id", "")


def _tag_end(entry: str) -> int:
    """Where the start tag ends; a `>` inside a value does not matter, its attributes come before it or are cut."""
    match = re.match(r"""<entry(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""", entry)
    return match.end() if match else len(entry)
