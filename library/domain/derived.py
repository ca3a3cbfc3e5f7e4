"""What is computed from a record's content: title, creators, dates, and the terms it is narrowed by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from languages import LanguageError, registry
from library.domain.content import nodes, texts, values
from library.domain.edtf import Day, EdtfError, Span, as_date, span
from library.domain.folding import bare, folded
from search.domain.analysis import orthography, words

COLUMN: Final = 500
# A sort key of a very long title is cut: PostgreSQL indexes at most 2,700 bytes.
SORT_KEY: Final = 1000
_DECADES: Final = 30
DATES: Final = ("date", "created", "issued", "temporal")


class Columns(NamedTuple):
    """The columns of a record that are derived from its content; creators that are agents stand beside them."""

    title: str
    title_lang: str
    title_folded: str
    title_sort: bytes
    identifiers: str
    date_earliest: date | None
    date_latest: date | None


def columns(content: Mapping[str, Any]) -> Columns:
    """Title (the first), the order it stands in, identifiers, and the days between which its dates lie."""
    first = next((node for node in values(content, "title") if str(node.get("value", "")).strip()), {})
    title = str(first.get("value", "")).strip()[:COLUMN]
    lang = str(first.get("lang", ""))[:60]
    around = dates(content)
    return Columns(
        title,
        lang,
        folded(title)[:COLUMN],
        orthography(lang or "und").sort_key(title)[:SORT_KEY],
        identifiers(content)[:COLUMN],
        as_date(around.earliest),
        as_date(around.latest),
    )


def identifiers(content: Mapping[str, Any]) -> str:
    """The identifiers as they were written, then without hyphens and blanks, which is how they are compared."""
    written = texts(content, "identifier")
    return " ".join(dict.fromkeys((*written, *map(bare, written))))


def dates(content: Mapping[str, Any]) -> Span:
    """The first and last day of all dates of the record; None where there is none or an end is open."""
    found: list[Span] = []
    for name, node in nodes(content):
        if name in DATES and "edtf" in node:
            try:
                found.append(span(node["edtf"]))
            except EdtfError:
                continue
    return Span(
        min((each.earliest for each in found if each.earliest), default=None),
        None if any(each.latest is None for each in found)
        else max((each.latest for each in found if each.latest), default=None),
    )  # fmt: skip


def decades(content: Mapping[str, Any]) -> list[str]:
    """The decades (1990) that its dates touch, at most thirty; an open end counts as the other."""
    around = dates(content)
    first, last = around.earliest or around.latest, around.latest or around.earliest
    if first is None or last is None:
        return []
    return [str(year) for year in range(_decade(first), _decade(last) + 1, 10)][:_DECADES]


def _decade(day: Day) -> int:
    return day.year // 10 * 10


def languages(content: Mapping[str, Any]) -> list[str]:
    """The codes of the languages that the thing itself is in, each once."""
    found = (language_code(node["tag"]) for node in values(content, "language") if node.get("tag"))
    return list(dict.fromkeys(found))


def language_code(tag: str) -> str:
    """The code under which a language is narrowed: its profile's, whatever alias was written; "" for no tag."""
    try:
        return registry().profile(tag).code
    except LanguageError:
        return ""


def terms(content: Mapping[str, Any], onward: Mapping[int, tuple[int, ...]]) -> Iterator[tuple[str, str]]:
    """(name, value) of what a record is narrowed by: people, language, place, decade, concept, agent.

    `onward` says what places became part of: a record that names an old province is found under the new one, too.
    """
    for code in languages(content):
        if code:
            yield "language", code
    for decade in decades(content):
        yield "decade", decade
    for _property, node in nodes(content):
        for key in ("people", "concept", "agent", "place"):
            if key in node:
                yield key, str(node[key])
        for place in onward.get(node.get("place", 0), ()):
            yield "place", str(place)


def running_text(
    content: Mapping[str, Any], labels: Mapping[tuple[str, Any], str]
) -> dict[str, tuple[str, ...]]:
    """Tokens of the titles, and of everything that is said: what is searched as running text, folded to the letters.

    `labels` gives what references are called, by (key, value).
    """
    title: list[str] = []
    text: list[str] = []
    for name, node in nodes(content):
        lang = node.get("lang") or "und"
        into = title if name in ("title", "alternative") else text
        if node.get("value"):
            into.extend(words(lang, str(node["value"])))
        for key in ("agent", "concept", "place", "people"):
            called = labels.get((key, node.get(key)))
            if key in node and called:
                text.extend(words("und", called))
        if "edtf" in node:
            text.extend(words("und", node["edtf"]))
    return {key: tuple(tokens) for key, tokens in (("title", title), ("text", text)) if tokens}
