"""Tables whose text is in an encoding from before Unicode: read as Unicode, column by column, before anything else."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO

from dictionary.formats.errors import FileError
from dictionary.formats.limits import Limits
from dictionary.formats.tables import Row, Table
from dictionary.formats.text import CHUNK
from languages.legacy import readable
from languages.legacy.fields import EVERYWHERE, converted


def is_utf8(stream: BinaryIO) -> bool:
    """Whether all bytes of a stream are UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        while data := stream.read(CHUNK):
            decoder.decode(data)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def codes_of(stream: BinaryIO, limits: Limits, file: str) -> Iterator[str]:
    """The bytes of a stream in pieces, as the characters that legacy codes are commonly taken for."""
    size = 0
    while data := stream.read(CHUNK):
        size += len(data)
        if size > limits.file:
            raise FileError("too-large", {"limit": limits.file // 2**20}, file=file)
        yield readable(data)


def in_unicode(table: Table, wanted: Mapping[str, str]) -> Table:
    """The table with its columns converted as wished: column → encoding, "" meaning all columns and their names."""
    if not any(wanted.values()):
        return table
    names = {name: converted(name, EVERYWHERE, wanted) for name in table.columns}

    def rows() -> Iterator[Row]:
        for row in table.rows:
            cells = {}
            for name, text in row.cells.items():
                field = name if name in wanted else names[name]
                cells[names[name]] = converted(text, field, wanted)
            yield replace(row, cells=cells)

    return Table(tuple(names.values()), rows())
