"""How documents lie in a tantivy index: its fields, and a document as their values.

Every key is one term `KEY␟SCOPE`, so that all foldings of a key stand side by side in the dictionary.
Prefixes of one to eight code points are terms of their own (`…_p`): a prefix query is then one posting list
instead of a walk over thousands. The best ranked documents have them once more in fields of their own (`…_p1`
the fewest, to `…_p3`), so that the first page of a prefix that begins a hundred thousand words is read off a
hundred. The marked keys are terms `LETTER␟SCOPE␟MARKED` (`…_m`, and `…_mp` for prefixes): one walk over a
letter key's few spellings answers which marks agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import tantivy

from languages.text import MARK_RANGE
from search.documents import WRITTEN, Document, Keys, pk_of

VERSION = 3
"""Grows whenever what is indexed changes: an index of another version is rebuilt."""

UNIT = "\x1f"
LOCATED = "1"
HEADS: Final = (512, 64, 8)
"""One in so many documents is in the first, second, third head: the best of them by `order`."""
PREFIX = 8  # the longest prefix that is a term of its own, in code points
STRICT = ("exact", "case", "tone")
MARKED = ("letter", "derived", "gloss")

_KEY_FIELDS = (
    "id", "audience", "type", "parent", "script", "fuzzy", "sound", "sound_p", "word", "word_m",
    *(f"{name}{suffix}" for name in STRICT for suffix in ("", "_p")),
    *(f"{name}{suffix}" for name in MARKED for suffix in ("", "_p", "_m", "_mp")),
    *(
        f"{name}{level}"
        for name in ("sound_p", *(f"{one}_p" for one in (*STRICT, *MARKED)), *(f"{one}_mp" for one in MARKED))
        for level in (1, 2, 3)
    ),
)  # fmt: skip
_TERM_FIELDS = tuple(name for name in _KEY_FIELDS[5:] if name[-1] not in "123")
_LETTER_AND_MARKS = re.compile(f"[^{MARK_RANGE}][{MARK_RANGE}]*|^[{MARK_RANGE}]+")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
COLUMNS = ("type", "language", "parent", "script")


def schema(text_fields: Sequence[str]) -> tantivy.Schema:
    """The fields of an index whose documents have this running text. Raises ValueError for a bad field
    name."""
    builder = tantivy.SchemaBuilder()
    for name in _KEY_FIELDS:
        stored = name == "id"
        builder.add_text_field(
            name, stored=stored, tokenizer_name="raw", index_option="basic", fast=name in COLUMNS
        )
    builder.add_text_field("language", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("locator", tokenizer_name="raw", index_option="basic", stored=True)
    builder.add_text_field("located", tokenizer_name="raw", index_option="basic")
    builder.add_json_field("facet", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("order", fast=True)
    builder.add_unsigned_field("version", fast=True)
    builder.add_unsigned_field("pk", fast=True)
    for name in text_fields:
        if not _FIELD_NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of a field of running text.")
        builder.add_text_field(body(name), tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def body(name: str) -> str:
    """The tantivy field of a field of running text."""
    return f"body_{name}"


def identity(type: str, pk: int) -> str:  # noqa: A002
    """The term that names a document."""
    return f"{type}{UNIT}{pk}"


def as_tantivy(document: Document, layout: tantivy.Schema, heads: Sequence[int] = ()) -> tantivy.Document:
    """The document as values of the index's fields. `heads` are the orders below which it is in a head.

    Raises ValueError for an order that `order_of` did not make, because hits are named by it.
    """
    if pk_of(document.order) != document.pk:
        raise ValueError(f"The order of {document.type} {document.pk} was not made by order_of.")
    values: dict[str, Any] = {
        "id": identity(document.type, document.pk),
        "audience": document.audience,
        "type": document.type,
        "order": document.order,
        "version": document.version,
        "pk": document.pk,
        "language": list(document.languages),
        "script": list(document.scripts),
        "parent": document.parent,
    }
    if document.locator:
        values["locator"] = document.locator
        values["located"] = LOCATED
    if document.facets:
        values["facet"] = {name: list(found) for name, found in document.facets.items()}
    for name, tokens in document.fields.items():
        values[body(name)] = " ".join(tokens)
    levels = [level for level, below in enumerate(heads, start=1) if document.order < below]
    for name, terms in _terms(document).items():
        values[name] = list(terms)
        if levels and name.endswith("p"):
            for level in levels:
                values[f"{name}{level}"] = values[name]
    return tantivy.Document.from_dict(values, layout)


def _terms(document: Document) -> dict[str, set[str]]:
    terms: dict[str, set[str]] = {name: set() for name in _TERM_FIELDS}
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
