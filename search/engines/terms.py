"""The terms that a document is found by in an index, the same ones for every engine that keeps an index.

Every key is one term `KEY␟SCOPE`, so that all foldings of a key stand side by side in the dictionary.
Prefixes of one to eight code points are terms of their own (`…_p`): a prefix query is then one posting list
instead of a walk over thousands. The marked keys are terms `LETTER␟SCOPE␟MARKED` (`…_m`, and `…_mp` for
prefixes): one walk over a letter key's few spellings answers which marks agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from languages.text import MARK_RANGE
from search.documents import WRITTEN, Document, Keys

VERSION = 4
"""Grows whenever what is indexed changes: an index of another version is rebuilt."""

UNIT = "\x1f"
ALWAYS = "."
"""A token that no text has, put before every field of running text of every document. One engine counts all documents
and the other those that have the field; with it both count the same, and scores agree."""
PREFIX = 8  # the longest prefix that is a term of its own, in code points
STRICT = ("exact", "case", "tone")
MARKED = ("letter", "derived", "gloss")

KEY_FIELDS = (
    "fuzzy", "sound", "sound_p", "word", "word_m",
    *(f"{name}{suffix}" for name in STRICT for suffix in ("", "_p")),
    *(f"{name}{suffix}" for name in MARKED for suffix in ("", "_p", "_m", "_mp")),
)  # fmt: skip
_LETTER_AND_MARKS = re.compile(f"[^{MARK_RANGE}][{MARK_RANGE}]*|^[{MARK_RANGE}]+")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


def body(name: str) -> str:
    """The field of the index for a field of running text; raises ValueError for a name that cannot be one."""
    if not _FIELD_NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a field of running text.")
    return f"body_{name}"


def texts_of(document: Document, text_fields: Iterable[str]) -> dict[str, str]:
    """The running text of a document, by field of the index: all that the index has, whether the document has any
    or not. Text that the index has no field for is left out."""
    return {body(name): " ".join((ALWAYS, *document.fields.get(name, ()))) for name in text_fields}


def terms_of(document: Document) -> dict[str, set[str]]:
    """The terms of a document, by field of the index; fields without any are left out."""
    terms: dict[str, set[str]] = {name: set() for name in KEY_FIELDS}
    for form in document.forms:
        keys = form.keys
        tail = UNIT + keys.scope
        if form.kind in WRITTEN:
            strict = (("exact", keys.exact, UNIT), ("case", keys.case, UNIT), ("tone", keys.tone, tail))
            for name, key, end in strict:
                if key:
                    terms[name].add(key + end)
                    prefixes = [key[:size] + end for size in range(1, min(len(key), PREFIX) + 1)]
                    terms[f"{name}_p"].update(prefixes)
            _add_marked(terms, "letter", keys, tail)
            if keys.letter:
                terms["fuzzy"].add(keys.letter)
            for sound in keys.sound:
                terms["sound"].add(sound + UNIT)
                terms["sound_p"].update(sound[:size] + UNIT for size in range(1, min(len(sound), PREFIX) + 1))
        else:
            _add_marked(terms, "derived" if form.kind == "derived" else "gloss", keys, tail)
        for letter, marked in keys.words:
            terms["word"].add(letter + tail)
            terms["word_m"].add(f"{letter}{tail}{UNIT}{marked}")
    return {name: found for name, found in terms.items() if found}


def _add_marked(terms: dict[str, set[str]], name: str, keys: Keys, tail: str) -> None:
    letter = keys.letter
    if not letter:
        return
    marked_tail = tail + UNIT
    terms[name].add(letter + tail)
    terms[f"{name}_m"].add(letter + marked_tail + keys.marked)
    prefixes, marked = terms[f"{name}_p"], terms[f"{name}_mp"]
    for size, spelled in enumerate(marked_prefixes(keys.marked), start=1):
        start = letter[:size]
        prefixes.add(start + tail)
        marked.add(start + marked_tail + spelled)


def marked_prefixes(marked: str) -> Iterable[str]:
    """The first letter with its marks, the first two letters with theirs, …, up to `PREFIX` letters."""
    end = 0
    size = 0
    for unit in _LETTER_AND_MARKS.finditer(marked):
        leading = end == 0 and unit.group()[0] >= MARK_RANGE[0]
        end = unit.end()
        if leading:
            continue
        yield marked[:end]
        size += 1
        if size == PREFIX:
            return
