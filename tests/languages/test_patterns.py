"""Patterns mean the same to tantivy's regexes as to Python's."""

from __future__ import annotations

import re

import tantivy

from languages import registry
from tests.languages.texts import real_words

STRANGE = [
    "a.b",
    "a+b",
    "(a)",
    "[a]",
    "{a}",
    "a|b",
    "a\\b",
    "a^b",
    "a$b",
    "a*b?",
    'a"b',
    "a@b",
    "<a>",
    "a#b",
    "a&b",
    "a~b",
    "a-b",
]


def test_tantivy_finds_what_python_finds() -> None:
    cases: dict[str, set[str]] = {}  # marked key → queries over it
    patterns: list[str] = []
    for orthography in registry().orthographies:
        words = [*real_words(orthography)[:25], *STRANGE]
        for word in words:
            cases.setdefault(orthography.marked(word), set())
        for word in (*words[:8], *STRANGE):
            patterns.append(orthography.pattern(orthography.fold(word, "letter")))
            patterns.append(orthography.pattern(word))
            patterns.append(orthography.pattern(word, prefix=True))
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("marked", stored=True, tokenizer_name="raw")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=15_000_000, num_threads=1)
    for marked in cases:
        writer.add_document(tantivy.Document(marked=marked))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    for pattern in dict.fromkeys(patterns):
        found = searcher.search(tantivy.Query.regex_query(schema, "marked", pattern), limit=len(cases)).hits
        theirs = {searcher.doc(address)["marked"][0] for _, address in found}
        ours = {marked for marked in cases if re.fullmatch(pattern, marked)}
        assert theirs == ours, pattern
