"""From bytes to text: which encoding a file has, and decoding it piece by piece with an error that says the line."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from dictionary.formats.errors import FileError
from dictionary.formats.limits import Limits
from languages.legacy import detect

CHUNK: Final = 256 * 1024

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION: Final = re.compile(rb"""\A<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Encodings that an XML declaration may name. Anything else (UTF-7, EBCDIC, …) is refused, never guessed.
_XML_ENCODINGS: Final = re.compile(
    r"utf-8|utf-16(-[lb]e)?|ascii|iso8859-\d{1,2}|cp125\d|koi8-r|tis-620|cp874"
)


def bom_encoding(head: bytes) -> tuple[str, int]:
    """The encoding that a byte order mark says, and the mark's length; ("", 0) without one."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding, len(bom)
    return "", 0


def xml_encoding(head: bytes, file: str = "") -> tuple[str, int]:
    """The encoding of an XML file (byte order mark, declaration, else UTF-8) and the length of its mark.

    Raises FileError for an encoding that is not read here. XML 1.0, appendix F.
    """
    encoding, skip = bom_encoding(head)
    if encoding:
        return encoding, skip
    if head.startswith(b"<\x00"):
        return "utf-16-le", 0
    if head.startswith(b"\x00<"):
        return "utf-16-be", 0
    declared = _DECLARATION.match(head)
    if not declared:
        return "utf-8", 0
    name = declared.group(1).decode("ascii")
    try:
        encoding = codecs.lookup(name).name
    except LookupError:
        encoding = ""
    # A file whose declaration can be read as ASCII is not UTF-16, whatever it says of itself.
    if not _XML_ENCODINGS.fullmatch(encoding) or encoding.startswith("utf-16"):
        raise FileError("encoding-unknown", {"encoding": name}, file=file, line=1)
    return encoding, 0


def table_encoding(head: bytes, file: str = "") -> tuple[str, int]:
    """The encoding of a table: UTF-16 by its mark or its zero bytes, else UTF-8 with or without a mark."""
    encoding, skip = bom_encoding(head)
    if encoding:
        return encoding, skip
    sample = head[: len(head) // 2 * 2]
    if len(sample) >= 4:
        half = len(sample) // 2
        if sample[1::2].count(0) > half * 0.6:
            return "utf-16-le", 0
        if sample[::2].count(0) > half * 0.6:
            return "utf-16-be", 0
    return "utf-8", 0


def decoded(
    stream: BinaryIO, encoding: str, skip: int, limits: Limits, file: str = "", *, legacy: bool = False
) -> Iterator[str]:
    """The text of a stream in pieces. `skip` bytes of a byte order mark are left out.

    Raises FileError where a byte is not valid in the encoding (with its line; with `legacy`, it says which
    encoding from before Unicode the bytes look most like), or the file is too large.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line, size = 1, 0
    stream.read(skip)
    while True:
        data = stream.read(CHUNK)
        size += len(data)
        if size > limits.file:
            raise FileError("too-large", {"limit": limits.file // 2**20}, file=file)
        try:
            text = decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            good = error.object[: error.start].decode(encoding, "ignore")
            guesses = detect(error.object) if legacy else ()
            raise FileError(
                "encoding-legacy" if guesses else "encoding-broken",
                {"encoding": encoding.upper(), "name": guesses[0].name if guesses else ""},
                file=file, line=line + good.count("\n"),
            ) from None  # fmt: skip
        line += text.count("\n")
        if text:
            yield text
        if not data:
            return
