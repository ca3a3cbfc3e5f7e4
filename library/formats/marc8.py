"""MARC-8, the encoding of MARC 21 records from before Unicode, by the tables of pymarc.

MARC 21 Specifications for Record Structure, Character Sets, and Exchange Media, part 2. Decoding is strict: a byte
that means nothing is an error with its place. What MARC-8 has no code for is written as `&#xHHHH;`, as the same
specification says for conversions that lose nothing, and read back from it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from pymarc.marc8_mapping import CODESETS, ODD_MAP

_ESCAPE: Final = 0x1B
_LATIN, _ANSEL, _EACC = 0x42, 0x45, 0x31
_REFERENCE: Final = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
# Escape sequences that choose a set in one byte (technique 1), and back to basic Latin.
_BACK: Final = 0x73


class Marc8Error(ValueError):
    """A byte that means nothing; `start` is its place."""

    def __init__(self, start: int, byte: int) -> None:
        super().__init__(f"byte {start}: {byte:#04x}")
        self.start = start
        self.byte = byte


def decode(data: bytes) -> str:
    """The text of one field or subfield, in NFC. Raises Marc8Error."""
    if data.isascii() and _ESCAPE not in data:
        return _references(data.decode("ascii"))
    out: list[str] = []
    marks: list[str] = []
    sets = {"g0": _LATIN, "g1": _ANSEL}
    at = 0
    while at < len(data):
        byte = data[at]
        if byte == _ESCAPE:
            at = _escape(data, at, sets)
            continue
        width = 3 if sets["g0"] == _EACC and 0x20 < byte < 0x80 else 1
        character, combining = _character(data, at, width, sets)
        at += width
        if combining:
            marks.append(character)
        else:
            out.extend((character, *marks))
            marks.clear()
    if marks:
        raise Marc8Error(len(data) - 1, data[-1])
    return unicodedata.normalize("NFC", _references("".join(out)))


def _escape(data: bytes, at: int, sets: dict[str, int]) -> int:
    """Take an escape sequence; gives the place after it."""
    match = re.compile(rb"\x1b(?:([gbps])|([(,)-])!?([0-9A-Z!])|\$([(,)-])?([0-9A-Z]))", re.S).match(data, at)
    if not match:
        raise Marc8Error(at, _ESCAPE)
    single, one, final, many, wide = match.groups()
    if single:
        code = single[0]
        sets["g0"] = _LATIN if code == _BACK else code
    else:
        code = (final or wide)[0]
        sets["g1" if (one or many or b"(") in (b")", b"-") else "g0"] = code
    if code != _BACK and code not in CODESETS:
        raise Marc8Error(at, _ESCAPE)
    return match.end()


def _character(data: bytes, at: int, width: int, sets: dict[str, int]) -> tuple[str, bool]:
    byte = data[at]
    code = int.from_bytes(data[at : at + width])
    if byte in (0x88, 0x89, 0x8D, 0x8E):  # non-sorting marks, joiner and non-joiner
        return {0x88: "\x98", 0x89: "\x9c", 0x8D: "\u200d", 0x8E: "\u200c"}[byte], False
    if byte == 0x20:
        return " ", False
    table = CODESETS[sets["g1" if byte >= 0x80 else "g0"]]
    found = table.get(code) or table.get(code ^ 0x80 if width == 1 else -1)
    if not found:
        odd = ODD_MAP.get(code)
        if odd is None:
            raise Marc8Error(at, byte)
        return chr(odd), False
    return chr(found[0]), bool(found[1])


def _references(text: str) -> str:
    """Character references of the lossless conversion as what they stand for."""
    return _REFERENCE.sub(_referenced, text) if "&#x" in text else text


def _referenced(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    allowed = 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if allowed else match[0]


@cache
def _latin() -> tuple[dict[str, int], dict[str, int]]:
    """Character → code of basic and extended Latin: letters and signs, and marks that stand before their letter."""
    plain = {chr(code): code for code in range(0x20, 0x7F)}
    marks: dict[str, int] = {}
    for code, (point, combining) in CODESETS[_ANSEL].items():
        (marks if combining else plain).setdefault(chr(point), code)
    return plain, marks


def encode(text: str) -> bytes:
    """The text in MARC-8: basic and extended Latin, everything else as references. `decode` gives its NFC again."""
    plain, marks = _latin()
    out = bytearray()
    # What looks like a reference in the text itself must stay text.
    text = text.replace("&#x", "\0#x")
    for cluster in re.findall(
        r"[^\u0300-\u036f\ufe20-\ufe23][\u0300-\u036f\ufe20-\ufe23]*|.", _split(text), re.S
    ):
        if cluster == "\0":
            out.extend(b"&#x0026;")
        elif cluster[0] in plain and all(mark in marks for mark in cluster[1:]):
            out.extend(marks[mark] for mark in cluster[1:])
            out.append(plain[cluster[0]])
        else:
            for character in unicodedata.normalize("NFC", cluster):
                if character in plain:
                    out.append(plain[character])
                else:
                    out.extend(f"&#x{ord(character):04X};".encode("ascii"))
    return bytes(out)


def _split(text: str) -> str:
    """Letters and marks apart where the letter with its mark has no code of its own (ơ and ư have one)."""
    plain, _marks = _latin()
    whole = unicodedata.normalize("NFC", text)
    return "".join(one if one in plain else _apart(one) for one in whole)


def _apart(character: str) -> str:
    plain, marks = _latin()
    pieces = unicodedata.normalize("NFD", character)
    first, rest = pieces[0], pieces[1:]
    # ớ is ơ with a mark, and ơ has a code: put back what can be put back.
    for index, mark in enumerate(rest):
        joined = unicodedata.normalize("NFC", first + mark)
        if len(joined) == 1 and joined in plain:
            first, rest = joined, rest[:index] + rest[index + 1 :]
            break
    return first + rest if first in plain and all(mark in marks for mark in rest) else character
