"""Which entry is which, across imports: guid, else LIFT id, else a UUIDv5 of lexicon and row key."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dictionary.domain.content import Content

MAX_LENGTH = 255


def identity(content: Content, lexicon: uuid.UUID, row_key: str = "") -> str:
    """The name of an entry, unique in its lexicon: its guid, else its LIFT id, else `row_identity`.

    An id that is too long for the column is replaced by a UUIDv5 of itself. Raises ValueError when the entry
    has no id and no row key is given.
    """
    given = content.get("guid") or content.get("lift_id")
    if given:
        return given if len(given) <= MAX_LENGTH else row_identity(lexicon, given)
    if not row_key:
        raise ValueError("An entry without guid and LIFT id needs the key of its row.")
    return row_identity(lexicon, row_key)


def row_identity(lexicon: uuid.UUID, row_key: str) -> str:
    """The name of a row of a table: the same row of the same lexicon always has the same."""
    return str(uuid.uuid5(lexicon, row_key))
