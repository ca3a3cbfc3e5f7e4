"""Writing a LIFT file: entries that nobody changed exactly as they came, the others from their trees.

What surrounds the entries (declaration, root, header, comments, tail) is written as the source had it. The file is
UTF-8 whatever the source was, so that only the name of the encoding in the declaration may differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dictionary.domain.content import digest
from dictionary.formats.lift_scan import scan
from dictionary.formats.lift_write import entry_xml
from dictionary.formats.limits import Limits

PRODUCER: Final = "Nhà Sàn"
_ROOT: Final = ('<?xml version="1.0" encoding="UTF-8"?>\n', f'<lift producer="{PRODUCER}" version="0.13">')
_HEADER: Final = (
    "\n",
    '<header>\n<fields>\n<field tag="nhasan-source">\n<form lang="en"><text>The source of the entry, as title; '
    "its address, licence and citation are traits.</text></form>\n</field>\n</fields>\n</header>",
)
_TAIL: Final = ("\n", "</lift>\n")
_ENCODING: Final = re.compile(r"""(\A<\?xml\s[^>]*?encoding\s*=\s*)(["'])([A-Za-z0-9._-]+)\2""")


@dataclass(frozen=True)
class Written:
    """An entry to write: its tree, the fragment it was read from and the digest of what that was read into."""

    content: Mapping[str, Any]
    identity: str = ""
    fragment: str = ""
    fragment_hash: str = ""


def lift_text(header: Mapping[str, Any], entries: Iterable[Written]) -> Iterator[str]:
    """The file in pieces. `header` is what `LiftFile.header` gave, or empty for a lexicon that never was LIFT."""
    prolog, root = header.get("root", _ROOT)
    yield _ENCODING.sub(_as_utf8, prolog)
    yield re.sub(r"\s*/>\Z", ">", root)
    head = "".join(header.get("header", "" if header else _HEADER))
    after = header.get("header_after", 0)
    count = 0
    for count, entry in enumerate(entries, 1):
        if count == after + 1:
            yield head
        yield entry_text(entry)
    if count <= after:
        yield head
    yield "".join(header.get("tail", _TAIL))


def entry_text(entry: Written) -> str:
    """One entry with what stands before it: verbatim as long as its content is what its fragment was read into."""
    if entry.fragment and digest(entry.content) == entry.fragment_hash:
        return entry.fragment
    return gap_of(entry.fragment) + entry_xml(entry.content, guid=entry.identity)


def gap_of(fragment: str) -> str:
    """What stands before the entry in its fragment: white space, comments."""
    if not fragment:
        return "\n"
    _root, _element, pieces = scan(iter([f"<lift>{fragment}</lift>"]), Limits())
    return next(pieces).gap


def _as_utf8(found: re.Match[str]) -> str:
    name = found.group(3)
    return f"{found.group(1)}{found.group(2)}{name if name.lower() == 'utf-8' else 'UTF-8'}{found.group(2)}"
