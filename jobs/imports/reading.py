"""Reading a source in batches, and making its texts safe to store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from jobs.imports.types import Importer, Source, SourceRow

LONGEST = 300


def batches(importer: Importer, source: Source, *, after: int) -> Iterator[list[SourceRow]]:
    """The rows with numbers above `after`, in lists of `importer.chunk`; the rest is read again and passed over."""
    batch: list[SourceRow] = []
    last = 0
    for row in importer.read(source):
        if row.number <= last:
            raise ValueError(f"{importer.name}: row {row.number} after row {last}; numbers must grow.")
        last = row.number
        if row.number <= after:
            continue
        batch.append(row)
        if len(batch) >= importer.chunk:
            yield batch
            batch = []
    if batch:
        yield batch


def plain(text: str, longest: int | None = LONGEST) -> str:
    """A text as every database takes it: no NUL, no lone surrogates, not too long."""
    clean = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return clean if longest is None or len(clean) <= longest else f"{clean[: longest - 1]}…"


def plain_params(params: Mapping[str, str | int]) -> dict[str, str | int]:
    """The same for the parameters of a message."""
    return {name: plain(value) if isinstance(value, str) else value for name, value in params.items()}


def stored_key(key: str) -> str:
    """A key as it is stored: itself, or its hash when it is too long."""
    clean = plain(key, None)
    return clean if len(clean) <= LONGEST else f"sha256:{hashlib.sha256(clean.encode()).hexdigest()}"
