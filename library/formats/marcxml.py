"""MARC records in MARCXML (http://www.loc.gov/MARC21/slim), read one by one in bounded memory, and written.

The parser is expat, because it tells the byte at which each element begins, so that every record and field keeps what
it was written as. No document type, so no entities, and nothing from elsewhere. Records are found wherever they stand
(in a collection, or in answers of OAI-PMH), in the namespace of MARCXML or in none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from dictionary.formats.limits import Limits as TextLimits
from dictionary.formats.text import decoded, xml_encoding
from library.formats.errors import FileError, RecordError
from library.formats.limits import Limits
from library.formats.marc import UNREAD, Field, Read, Record

NAMESPACE: Final = "http://www.loc.gov/MARC21/slim"
HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<collection xmlns="{NAMESPACE}" xmlns:marc="{NAMESPACE}"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
).encode()
TAIL: Final = b"</collection>\n"
# Prefixes that `HEAD` declares.
_DECLARED: Final = {"", "marc", "xsi", "xml"}
_DEPTH: Final = 64
_NAMES: Final = {"record", "leader", "controlfield", "datafield", "subfield"}
_EMPTY_LEADER: Final = "00000nam a2200000 a 4500"


def read(stream: BinaryIO, limits: Limits, file: str = "") -> Iterator[Read]:
    """The records of a stream. Raises FileError with its line where the XML is broken, or there is no record.

    A file in another encoding than UTF-8 is read as if it had been saved in UTF-8.
    """
    head = stream.read(4096)
    if not head:
        raise FileError("empty", file=file)
    encoding, skip = xml_encoding(head, file)
    reader = _Reader(limits, file)
    rest = _Joined(head, stream)
    for text in decoded(rest, encoding, skip, TextLimits(file=limits.file), file):  # type: ignore[arg-type]
        yield from reader.feed(text.encode("utf-8"))
    yield from reader.feed(b"", final=True)
    if not reader.number:
        raise FileError("not-marcxml", file=file)


class _Joined:
    """A stream whose first bytes were taken already."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self.head = head
        self.stream = stream

    def read(self, size: int) -> bytes:
        """The next bytes."""
        if self.head:
            data, self.head = self.head[:size], self.head[size:]
            return data
        return self.stream.read(size)


@dataclass
class _Open:
    """The record that is being read: where it began, and what was found so far (bytes counted from the file's)."""

    start: int
    line: int
    prefixes: set[str] = field(default_factory=set)
    leader: str = ""
    fields: list[tuple[str, str, list[tuple[str, str]], str, int, int]] = field(default_factory=list)
    too_many: bool = False


class _Reader:
    """Takes bytes and gives records. Keeps only the bytes of the record that is open."""

    def __init__(self, limits: Limits, file: str) -> None:
        self.limits = limits
        self.file = file
        self.number = 0
        self.held = bytearray()
        self.base = 0
        self.fed = 0
        self.depth = 0
        self.open: _Open | None = None
        self.done: list[tuple[_Open, int]] = []
        self.within: list[tuple[str, dict[str, str], int]] = []
        self.text: list[str] = []
        self.subfields: list[tuple[str, str]] = []
        self.prefixes: list[tuple[int, str, str]] = []
        self.parser = expat.ParserCreate("UTF-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.text.append
        self.parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, data: bytes, *, final: bool = False) -> Iterator[Read]:
        """Take the next bytes; gives the records that they complete."""
        self.held += data
        self.fed += len(data)
        try:
            self.parser.Parse(data, final)
        except expat.ExpatError as error:
            raise FileError(
                "xml", {"detail": expat.ErrorString(error.code)}, file=self.file, line=error.lineno
            ) from None
        for opened, end in self.done:
            yield self._read(opened, bytes(self.held[opened.start - self.base : end - self.base]))
        self.done.clear()
        keep = self.open.start if self.open else max(self.parser.CurrentByteIndex, self.base)
        keep = min(keep, self.fed)
        del self.held[: keep - self.base]
        self.base = keep
        if self.open and len(self.held) > self.limits.record:
            raise FileError(
                "element-too-large", {"element": "record", "limit": self.limits.record // 1024},
                file=self.file, line=self.open.line,
            )  # fmt: skip

    # --- what the parser tells

    def _doctype(self, *_what: object) -> None:
        raise FileError("doctype", file=self.file, line=self.parser.CurrentLineNumber)

    def _name(self, name: str) -> str:
        """The local name of an element of MARCXML, or nothing for any other."""
        prefix, _colon, local = name.rpartition(":")
        if local not in _NAMES:
            return ""
        space = next((uri for _depth, known, uri in reversed(self.prefixes) if known == prefix), "")
        return local if space == NAMESPACE or (not space and not prefix) else ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEPTH:
            raise FileError("xml-deep", file=self.file, line=self.parser.CurrentLineNumber)
        for key, value in attributes.items():
            if key == "xmlns" or key.startswith("xmlns:"):
                self.prefixes.append((self.depth, key[6:], value))
        local, at = self._name(name), self.parser.CurrentByteIndex
        if local == "record" and (self.open is None or not (self.open.leader or self.open.fields)):
            # Without namespaces a record of OAI-PMH looks the same; the one that holds fields is meant.
            self.open = _Open(at, self.parser.CurrentLineNumber)
        if self.open is not None:
            own = {known for depth, known, _uri in self.prefixes if depth >= self.depth}
            self.open.prefixes |= {one.partition(":")[0] for one in (name, *attributes) if ":" in one} - own
        self.within.append((local, attributes, at))
        self.text.clear()
        if local == "datafield":
            self.subfields = []

    def _end(self, _name: str) -> None:
        local, attributes, at = self.within.pop()
        text = "".join(self.text)
        opened = self.open
        if opened is not None and local:
            end = self._after()
            if local == "leader":
                opened.leader = text
            elif local == "subfield":
                self.subfields.append((attributes.get("code", ""), text))
            elif local == "controlfield":
                opened.fields.append((attributes.get("tag", ""), "  ", [], text, at, end))
            elif local == "datafield":
                both = (attributes.get("ind1", " ") or " ") + (attributes.get("ind2", " ") or " ")
                opened.fields.append((attributes.get("tag", ""), both, self.subfields, "", at, end))
            elif local == "record":
                if opened.leader or opened.fields or opened.too_many:
                    self.done.append((opened, end))
                self.open = None
            opened.too_many = opened.too_many or len(opened.fields) > self.limits.fields
            if opened.too_many:
                opened.fields.clear()
        self.text.clear()
        while self.prefixes and self.prefixes[-1][0] >= self.depth:
            self.prefixes.pop()
        self.depth -= 1

    def _after(self) -> int:
        """The place after the end tag that expat stands at, or after an empty element."""
        at = self.parser.CurrentByteIndex
        end = self.held.find(b">", at - self.base)
        return self.base + end + 1

    def _read(self, opened: _Open, raw: bytes) -> Read:
        self.number += 1
        place = f"{self.file}, #{self.number}" if self.file else f"#{self.number}"
        try:
            return Read(self.number, opened.line, self._alone(opened, raw), self._record(opened, raw))
        except RecordError as error:
            error.file, error.line = place, opened.line
            return Read(self.number, opened.line, raw, error=error)

    def _alone(self, opened: _Open, raw: bytes) -> bytes:
        """The record so that it can stand in a collection of ours: prefixes that we do not declare, declared.

        One in the namespace of no name is what our collection's default says it is.
        """
        spaces = {known: uri for _depth, known, uri in self.prefixes}
        wanted = sorted(opened.prefixes - _DECLARED)
        declared = "".join(f" xmlns:{one}={quoteattr(spaces.get(one, NAMESPACE))}" for one in wanted)
        if not declared:
            return raw
        cut = re.match(rb"<[^\s/>]+", raw)
        assert cut
        return raw[: cut.end()] + declared.encode() + raw[cut.end() :]

    def _record(self, opened: _Open, raw: bytes) -> Record:
        if opened.too_many:
            raise RecordError("marc-fields", {"limit": self.limits.fields})
        leader = opened.leader
        if len(leader) < 24:  # some programs cut the blanks at its end, or leave it out
            leader = (leader or _EMPTY_LEADER).ljust(24)
        fields, last = [], None
        shift = len(self._alone(opened, raw)) - len(raw)
        whole = self._alone(opened, raw)
        for tag, indicators, subfields, data, start, end in opened.fields:
            if not re.fullmatch(r"[0-9A-Za-z]{3}", tag):
                raise RecordError("marc-leader", {"found": tag})
            begin, stop = start - opened.start + shift, end - opened.start + shift
            before = last if last is not None else begin
            fields.append(
                Field(tag, indicators, tuple(subfields), data, whole[begin:stop], whole[before:begin])
            )
            last = stop
        first = opened.fields[0][4] - opened.start + shift if opened.fields else whole.rfind(b"<")
        return Record(leader, tuple(fields), whole[:first], whole[last if last is not None else first :])


def parse(raw: bytes) -> Record:
    """The record of a fragment as `read` gives it. Raises FileError, RecordError."""
    reader = _Reader(Limits(), "")
    list(reader.feed(HEAD))
    found = [*reader.feed(raw), *reader.feed(TAIL, final=True)]
    if len(found) != 1:
        raise FileError("not-marcxml")
    if found[0].error:
        raise found[0].error
    assert found[0].record
    return found[0].record


# --- writing ----------------------------------------------------------------------------------------------------


def write(record: Record) -> bytes:
    """The `<record>`, to stand between `HEAD` and `TAIL`. Fields with `raw` are written as they were.

    Raises RecordError for characters that XML does not allow.
    """
    prefix = _prefix(record.head)
    gap = next((one.gap for one in record.fields if one.gap), b"\n  ")
    parts = [record.head or _head(record.leader)]
    for index, one in enumerate(record.fields):
        before = one.gap if one.raw or one.gap else gap
        if index == 0 and record.head:
            before = b""
        parts.append(before + (one.raw or _written(one, prefix)))
    parts.append(record.tail or b"\n</record>")
    return b"".join(parts)


def _head(leader: str) -> bytes:
    return f"<record>\n  <leader>{escape(_plain(leader, 'LDR'))}</leader>".encode()


def _prefix(head: bytes) -> str:
    match = re.match(rb"<([^\s/>:]+:)", head)
    return match[1].decode() if match else ""


def _plain(text: str, tag: str) -> str:
    for character in text:
        if (
            (character < " " and character not in "\t\n\r")
            or character in "\ufffe\uffff"
            or "\ud800" <= character <= "\udfff"
        ):
            raise RecordError("marc-character", {"character": f"U+{ord(character):04X}"}, field=tag)
    return text


def _written(one: Field, prefix: str) -> bytes:
    if one.is_control:
        text = f'<{prefix}controlfield tag="{one.tag}">{escape(_plain(one.data, one.tag))}</{prefix}controlfield>'
        return text.encode()
    lines = [
        f'<{prefix}datafield tag="{one.tag}" ind1={quoteattr(one.indicators[0])} ind2={quoteattr(one.indicators[1])}>'
    ]
    for code, value in one.subfields:
        if code == UNREAD:
            raise RecordError(
                "marc-character", {"character": f"U+{ord(value[:1] or ' '):04X}"}, field=one.tag
            )
        said = escape(_plain(value, one.tag), {"\r": "&#13;"})
        lines.append(f"    <{prefix}subfield code={quoteattr(code)}>{said}</{prefix}subfield>")
    lines.append(f"  </{prefix}datafield>")
    return "\n".join(lines).encode()
