"""MARC records in ISO 2709 (.mrc, .marc), read one by one in bounded memory, and written.

MARC 21 Specifications for Record Structure: a leader of 24 bytes, a directory of entries of 12 bytes, fields that end
in 0x1E, a record that ends in 0x1D. Lengths that are wrong are put right from these ends, with a warning; a record
that cannot be read is refused with its place, and reading goes on with the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO, Final

from library.formats import marc8
from library.formats.errors import FileError, Note, RecordError
from library.formats.limits import Limits
from library.formats.marc import UNREAD, Field, Read, Record

_RECORD, _FIELD, _SUBFIELD = b"\x1d", b"\x1e", b"\x1f"
_CHUNK: Final = 256 * 1024
_LEADER, _ENTRY = 24, 12
# What stands at the beginning of a record, whatever its numbers say: a leader (two of its numbers never differ).
_BEGINS: Final = re.compile(rb"(?=.{10}22|.{20}45)[0-9A-Za-z][ -~]{23}")
_CODE: Final = re.compile(rb"[0-9A-Za-z!-/:-?{}_^`~\[\]\\]")
_BETWEEN: Final = b" \t\r\n\0\x1a"
_LONGEST_FIELD, _LONGEST_RECORD = 9999, 99999


def read(stream: BinaryIO, limits: Limits, file: str = "") -> Iterator[Read]:
    """The records of a stream. Raises FileError when it holds none, or too much."""
    number = 0
    for where, raw, ended in _pieces(stream, limits, file):
        number += 1
        if number == 1 and not _BEGINS.match(raw):
            raise FileError("not-marc", file=file)
        place = f"{file}, #{number}" if file else f"#{number}"
        try:
            if len(raw) > limits.record:
                raise RecordError("marc-too-long", {"limit": limits.record // 1024})
            if not ended:
                raise RecordError("marc-truncated")
            record, notes = parse(raw, limits)
        except RecordError as error:
            error.file = place
            yield Read(number, where, raw, error=error)
        else:
            yield Read(number, where, raw, record, notes=notes)
    if not number:
        raise FileError("empty", file=file)


def _pieces(stream: BinaryIO, limits: Limits, file: str) -> Iterator[tuple[int, bytes, bool]]:
    """The bytes of each record with the place of the first, and whether they end as they should.

    Of a record that is too long only a little more than the limit is kept.
    """
    held, where, size, skipped = bytearray(), 0, 0, 0
    while data := stream.read(_CHUNK):
        size += len(data)
        if size > limits.file:
            raise FileError("too-large", {"limit": limits.file // 2**20}, file=file)
        held += data
        while True:
            blank = len(held) - len(held.lstrip(_BETWEEN)) if not skipped else 0
            del held[:blank]
            where += blank
            end = _end(held) if not skipped else held.find(_RECORD)
            if end < 0:
                break
            whole = end + 1
            yield where, bytes(held[: min(whole, limits.record + 1)]), True
            del held[:whole]
            where += skipped + whole
            skipped = 0
        if len(held) > limits.record + _CHUNK:
            # The end may still come: keep what shows that the record is too long, forget the rest.
            skipped += len(held) - limits.record - 1
            del held[limits.record + 1 :]
    if held.strip(_BETWEEN):
        yield where, bytes(held[: limits.record + 1]), False


def _end(held: bytearray) -> int:
    """Where the record ends: the next 0x1D, unless that stands within a record whose length is right."""
    end = held.find(_RECORD)
    if end < 0 or not held[:5].isdigit():
        return end
    said = int(held[:5])
    inside = end + 1 < said <= len(held) and held[said - 1 : said] == _RECORD
    if inside and held[said - 2 : said - 1] == _FIELD and not _BEGINS.match(held[end + 1 :].lstrip(_BETWEEN)):
        return said - 1
    return end


def parse(raw: bytes, limits: Limits | None = None) -> tuple[Record, tuple[Note, ...]]:
    """One record with what was put right. Raises RecordError with the field and the byte within the record."""
    limits = limits or Limits()
    notes: list[Note] = []
    leader = raw[:_LEADER]
    if len(leader) < _LEADER or not leader.isascii() or not leader.decode("ascii").isprintable():
        raise RecordError("marc-leader", {"found": leader.decode("ascii", "replace")})
    if not leader[:5].isdigit() or int(leader[:5]) != len(raw):
        notes.append(Note("length-wrong", {"said": leader[:5].decode(), "found": len(raw)}))
    slots = _slots(raw, notes)
    if len(slots) > limits.fields:
        raise RecordError("marc-fields", {"limit": limits.fields})
    utf8 = _encoding(leader, slots, notes)
    fields = tuple(_field(tag, content, at, utf8, notes) for tag, content, at in slots)
    return Record(leader.decode("ascii"), fields), tuple(notes)


def _slots(raw: bytes, notes: list[Note]) -> list[tuple[str, bytes, int]]:
    """Tag, content and place of each field, in the order of the directory."""
    end = raw.find(_FIELD)
    if end < 0:
        raise RecordError("marc-directory", {"entries": 0, "fields": 0})
    directory, base = raw[_LEADER:end], end + 1
    body = raw[base:].removesuffix(_RECORD)
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory), _ENTRY)]
    said = raw[12:17]
    good = said.isdigit() and int(said) == base and all(len(one) == _ENTRY for one in entries)
    found: list[tuple[str, bytes, int]] = []
    covered = 0
    for entry in entries if good else ():
        if not entry[3:].isdigit():
            break
        start, length = int(entry[7:12]), int(entry[3:7])
        content = body[start : start + length]
        # Another field's end within a field means that the length is wrong, even if it leads to some end.
        if len(content) != length or content.find(_FIELD) != length - 1:
            break
        covered += length
        found.append((_tag(entry[:3]), content[:-1], base + start))
    if len(found) == len(entries) and covered == len(body):
        return found
    contents = body.removesuffix(_FIELD).split(_FIELD) if body else []
    if len(contents) != len(entries) or any(len(one) < 3 for one in entries):
        raise RecordError("marc-directory", {"entries": len(entries), "fields": len(contents)})
    notes.append(Note("directory-wrong"))
    starts = [int(one[7:12]) if one[7:12].isdigit() else -1 for one in entries]
    # In the order of the data: by the starts if they grow or at least differ, else as the directory has them.
    usable = -1 not in starts and len(set(starts)) == len(starts)
    order = sorted(range(len(entries)), key=starts.__getitem__) if usable else list(range(len(entries)))
    places, at = {}, base
    for index, content in zip(order, contents, strict=True):
        places[index] = (_tag(entries[index][:3]), content, at)
        at += len(content) + 1
    return [places[index] for index in range(len(entries))]


def _tag(tag: bytes) -> str:
    if not tag.isalnum():
        raise RecordError("marc-leader", {"found": tag.decode("ascii", "replace")})
    return tag.decode("ascii")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _encoding(leader: bytes, slots: Sequence[tuple[str, bytes, int]], notes: list[Note]) -> bool:
    """Whether the record is in UTF-8, whatever its leader says at place 9 (`a`); MARC-8 otherwise."""
    said = leader[9:10] == b"a"
    telling = [one for one in slots if not one[1].isascii()]
    if not telling:
        return said
    good = [_is_utf8(content) for _tag, content, _at in telling]
    if all(good):
        if not said:
            notes.append(Note("leader-encoding", {"said": "MARC-8", "found": "UTF-8"}))
        return True
    if not said:
        for (tag, content, at), fits in zip(telling, good, strict=True):
            if fits and not _is_marc8(content):
                raise RecordError("marc-mixed", {"byte": at + _first_beyond(content)}, field=tag)
        return False
    if not any(good) and all(_is_marc8(content) for _tag, content, _at in telling):
        notes.append(Note("leader-encoding", {"said": "UTF-8", "found": "MARC-8"}))
        return False
    return True


def _first_beyond(content: bytes) -> int:
    return next(index for index, byte in enumerate(content) if byte > 0x7F)


_LETTER_AFTER_MARK: Final = re.compile(rb"[\xe0-\xfe](?![\xe0-\xfeA-Za-z\xa1-\xbe])")


def _is_marc8(content: bytes) -> bool:
    """Whether bytes are MARC-8 with certainty enough to contradict a leader: marks stand before letters."""
    if _LETTER_AFTER_MARK.search(content):
        return False
    try:
        for part in content.split(_SUBFIELD):
            marc8.decode(part)
    except marc8.Marc8Error:
        return False
    return True


def _field(tag: str, content: bytes, at: int, utf8: bool, notes: list[Note]) -> Field:
    if tag.startswith("00"):
        return Field(tag, data=_text(content, utf8, tag, at), raw=content)
    head, *parts = content.split(_SUBFIELD)
    indicators = (head[:2].decode("ascii", "replace").replace("\ufffd", " ") + "  ")[:2]
    subfields: list[tuple[str, str]] = []
    place = at + len(head)
    for part in parts:
        if _CODE.match(part):
            text = _text(part[1:], utf8, f"{tag} ${part[:1].decode()}", place + 2)
            subfields.append((part[:1].decode("ascii"), text))
        else:
            notes.append(Note("subfield-code", field=tag))
            subfields.append((UNREAD, part.decode("latin-1")))
        place += len(part) + 1
    return Field(tag, indicators, tuple(subfields), raw=content)


def _text(content: bytes, utf8: bool, field: str, at: int) -> str:
    try:
        return content.decode("utf-8") if utf8 else marc8.decode(content)
    except UnicodeDecodeError as error:
        start, name = error.start, "UTF-8"
    except marc8.Marc8Error as error:
        start, name = error.start, "MARC-8"
    byte = f"0x{content[start]:02X}"
    raise RecordError("marc-encoding", {"byte": at + start, "hex": byte, "encoding": name}, field=field)


# --- writing ----------------------------------------------------------------------------------------------------


def write(record: Record, *, utf8: bool | None = None) -> bytes:
    """The record in ISO 2709. Fields with `raw` are written as they were, so they must come from such a file.

    `utf8`: the encoding; as the kept fields have it when it is left out. Raises RecordError for what does not fit.
    """
    if utf8 is None:
        utf8 = is_utf8(record)
    contents = [one.raw or _written(one, utf8) for one in record.fields]
    directory, body = bytearray(), bytearray()
    for one, content in zip(record.fields, contents, strict=True):
        if len(content) + 1 > _LONGEST_FIELD:
            raise RecordError("marc-field-long", {"length": len(content) + 1}, field=one.tag)
        directory += f"{one.tag}{len(content) + 1:04d}{len(body):05d}".encode("ascii")
        body += content + _FIELD
    base = _LEADER + len(directory) + 1
    length = base + len(body) + 1
    if length > _LONGEST_RECORD:
        raise RecordError("marc-record-long", {"length": length})
    leader = f"{length:05d}{record.leader[5:9]}{'a' if utf8 else ' '}{record.leader[10:12]}{base:05d}"
    return b"".join(((leader + record.leader[17:24]).encode("ascii"), directory, _FIELD, body, _RECORD))


def is_utf8(record: Record) -> bool:
    """The encoding of the fields that a record keeps as they were written; where they do not show it, the leader's."""
    kept = [one.raw for one in record.fields if one.raw and not one.raw.isascii()]
    if kept:
        return all(map(_is_utf8, kept))
    return record.leader[9:10] == "a"


def _written(one: Field, utf8: bool) -> bytes:
    def encoded(text: str) -> bytes:
        for character in text:
            if character < " " or "\ud800" <= character <= "\udfff":
                raise RecordError("marc-character", {"character": f"U+{ord(character):04X}"}, field=one.tag)
        return text.encode("utf-8") if utf8 else marc8.encode(text)

    if one.is_control:
        return encoded(one.data)
    parts = [one.indicators.encode("ascii")]
    for code, value in one.subfields:
        if code == UNREAD:
            parts.append(_SUBFIELD + value.encode("latin-1"))
        else:
            parts.append(_SUBFIELD + code.encode("ascii") + encoded(value))
    return b"".join(parts)


def bare(record: Record) -> Record:
    """The record without what it was written as: for writing it anew in another form or encoding."""
    fields = tuple(replace(one, raw=b"", gap=b"") for one in record.fields)
    return Record(record.leader, fields)
