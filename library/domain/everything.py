"""Search everything at once: entries, records, pages, cues, festivals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from access.domain.gate import visible
from access.domain.viewer import Viewer
from dictionary.domain import documents as entries
from dictionary.domain.content import senses
from dictionary.domain.lookup import Lookup, look_up
from dictionary.domain.presentation import Word, slug, word
from dictionary.models import Entry
from library.domain import browse, files, parts, snippets, vocabulary
from library.domain import documents as records
from library.domain.content import nodes
from library.domain.folding import folded
from library.domain.inside_documents import CUE, PAGE
from library.domain.kinds import kind_of
from library.domain.leaves import first_numbers
from library.domain.presentation import Value, title_of
from library.domain.snippets import Snippet
from library.domain.spelling import asked_in
from library.festivals.domain import documents as festivals
from library.festivals.domain.presentation import spoken
from library.festivals.models import Festival
from library.models import FilePart, Record
from search.domain import words
from search.interface import Hit

TYPES: Final = (entries.TYPE, records.TYPE, PAGE, CUE, festivals.TYPE)
FIELDS: Final = ("title", "text", "meaning", "example")
FACETS: Final = browse.FACETS
LIMIT: Final = 20
WORDS: Final = 5


@dataclass(frozen=True)
class Shown:
    """One thing found. What is not of its type is empty: `entry` is that of an entry, `ark` that of a record or of what
    is inside one, `page` counts over all files, `start` is in milliseconds."""

    type: str
    title: Value | Word
    snippet: Snippet | None = None
    under: str = ""
    entry: UUID | None = None
    slug: str = ""
    ark: str = ""
    file: UUID | None = None
    page: int = 0
    start: int = 0


@dataclass(frozen=True)
class Everything:
    """The answer. `words` is what the dictionary's look-up finds first (None: it was not asked); `types` are the
    numbers of each type under all other choices."""

    hits: tuple[Shown, ...]
    total: int
    types: Mapping[str, int]
    facets: Mapping[str, tuple[browse.Choice, ...]]
    cursor: str
    degraded: bool
    words: Lookup | None = None


def search(
    text: str,
    viewer: Viewer,
    chosen: Mapping[str, str],
    *,
    reader: str,
    type: str = "",  # noqa: A002
    cursor: str = "",
) -> Everything:
    """What speaks of the words of a text, best first; on the first page the dictionary's words beside it.

    `chosen` narrows by facets (`FACETS`). While there is no index: words, and records and festivals by their titles.
    Raises QueryError as `search.domain.words` does.
    """
    language = [chosen["language"]] if "language" in chosen else []
    filters = [(name, value) for name, value in chosen.items() if name != "language"]
    without = [("file", str(pk)) for pk in parts.closed_but_indexed()]
    asked = partial(
        words.search, text, viewer=viewer, fields=FIELDS, languages=language, filters=filters, without=without
    )
    kinds = (type,) if type else TYPES
    results = asked(types=kinds, facets=(*FACETS, "type"), limit=LIMIT, cursor=cursor)
    types = results.facets.get("type", {})
    if type and not results.degraded:
        types = asked(types=TYPES, facets=("type",), limit=1).facets["type"]
    looked = None
    if not cursor and not filters and type in ("", entries.TYPE):
        looked = look_up(
            text,
            viewer=viewer,
            reader=reader,
            language=chosen.get("language", ""),
            limit=WORDS,
        )
    if results.degraded:
        return _by_title(text, viewer, chosen, reader, type, looked)
    shown = present(results.hits, text, viewer, reader)
    counts = {name: dict(results.facets.get(name, {})) for name in FACETS}
    facets = browse.choices(counts, chosen, viewer, reader)
    return Everything(shown, results.total, types, facets, results.cursor, False, looked)


def mentions(text: str, viewer: Viewer) -> dict[str, int]:
    """How many records, pages, cues and festivals speak of the words of a text, by type. One engine query."""
    without = [("file", str(pk)) for pk in parts.closed_but_indexed()]
    results = words.search(
        text, viewer=viewer, fields=FIELDS, types=TYPES[1:], without=without, facets=("type",), limit=1
    )
    return dict(results.facets.get("type", {}))


def present(hits: Sequence[Hit], text: str, viewer: Viewer, reader: str) -> tuple[Shown, ...]:
    """Hits as a list shows them, in their order; what was closed since it was indexed is left out.

    The number of queries does not depend on the number of hits.
    """
    by_type: dict[str, list[int]] = {}
    for hit in hits:
        by_type.setdefault(hit.type, []).append(hit.pk)
    found: dict[tuple[str, int], Shown] = {}
    for kind, show in (
        (entries.TYPE, _entries),
        (records.TYPE, _records),
        (festivals.TYPE, _festivals),
    ):
        if kind in by_type:
            found.update({(kind, pk): shown for pk, shown in show(by_type[kind], text, viewer, reader)})
    inside = [pk for kind in (PAGE, CUE) for pk in by_type.get(kind, ())]
    if inside:
        found.update({(shown.type, pk): shown for pk, shown in _parts(inside, text, viewer)})
    return tuple(found[hit.type, hit.pk] for hit in hits if (hit.type, hit.pk) in found)


Numbered = Iterable[tuple[int, Shown]]


def _entries(pks: Sequence[int], text: str, viewer: Viewer, reader: str) -> Numbered:
    found = visible(Entry.objects.filter(pk__in=pks), viewer).select_related("lexicon").defer("fragment")
    for entry in found:
        said = []
        for sense in senses(entry.content):
            said += [(form["lang"], form.get("text", "")) for form in sense.get("glosses", ())]
            said += [(form["lang"], form.get("text", "")) for form in sense.get("definition", ())]
            for example in sense.get("examples", ()):
                translated = (
                    form for each in example.get("translations", ()) for form in each.get("forms", ())
                )
                said += [
                    (form["lang"], form.get("text", "")) for form in (*example.get("forms", ()), *translated)
                ]
        yield (
            entry.pk,
            Shown(
                entries.TYPE,
                word(entry.lexicon.orthography, entry.headword, reader),
                snippets.best(said, text),
                entry.lexicon.title,
                entry=entry.uuid,
                slug=slug(entry.headword),
            ),
        )


def _records(pks: Sequence[int], text: str, viewer: Viewer, reader: str) -> Numbered:
    found = list(visible(Record.objects.filter(pk__in=pks), viewer).select_related("collection"))
    names = vocabulary.spoken(vocabulary.rows([record.content for record in found]))
    for record in found:
        said = []
        for name, node in nodes(record.content):
            if name != "title" and node.get("value"):
                said.append((str(node.get("lang", "")), str(node["value"])))
            said += [
                ("", names[key, node[key]]) for key in vocabulary.MODELS if (key, node.get(key)) in names
            ]
        under = [kind_of(record.kind).name(reader), record.collection.title if record.collection else ""]
        yield (
            record.pk,
            Shown(
                records.TYPE,
                title_of(record),
                snippets.best(said, text),
                " · ".join(filter(None, under)),
                ark=record.ark,
            ),
        )


def _festivals(pks: Sequence[int], text: str, viewer: Viewer, reader: str) -> Numbered:
    found = visible(Festival.objects.filter(pk__in=pks), viewer).prefetch_related("peoples")
    for festival in found:
        name = spoken(festival, "name", reader)
        said = [
            (one.lang, one.text)
            for field in ("summary", "story")
            if (one := spoken(festival, field, reader)).text
        ]
        others = [
            (code, getattr(festival, f"{field}_{code}"))
            for field in ("summary", "story")
            for code in ("vi", "en")
        ]
        said += [(code, other) for code, other in others if other and (code, other) not in said]
        under = ", ".join(people.name for people in festival.peoples.all())
        yield (
            festival.pk,
            Shown(
                festivals.TYPE,
                Value(name.text, name.lang),
                snippets.best(said, text),
                under,
                slug=festival.slug,
            ),
        )


def _parts(pks: Sequence[int], text: str, viewer: Viewer) -> Numbered:
    rows = list(FilePart.objects.filter(pk__in=pks).defer("places"))
    seen = {file.pk: file for file in files.seen(viewer).filter(pk__in={row.file_id for row in rows})}
    found = [row for row in rows if row.file_id in seen]
    first = first_numbers(*{seen[row.file_id].record_id for row in found})
    for row in found:
        file = seen[row.file_id]
        yield (
            row.pk,
            Shown(
                row.kind,
                title_of(file.record),
                _around(row, text),
                file.caption,
                ark=file.record.ark,
                file=file.uuid,
                page=first.get(file.pk, 1) + row.number - 1 if row.kind == PAGE else 0,
                start=row.start,
            ),
        )


def _around(part: FilePart, text: str) -> Snippet | None:
    """The first of the lines that have most of the words; where marks that were typed are nowhere, by the letters."""
    asked, keys, lines = asked_in(part.language, text), parts.keys_of(part), part.text.split("\n")
    for at in asked.lines(keys)[:1]:
        if at < len(lines):
            return snippets.around(
                lines[at], asked.marks(part.language, lines[at], keys.split("\n")[at]), part.language
            )
    return snippets.best([(part.language, line) for line in lines], text)


def _by_title(
    text: str,
    viewer: Viewer,
    chosen: Mapping[str, str],
    reader: str,
    type: str,  # noqa: A002
    looked: Lookup | None,
) -> Everything:
    """Records and festivals whose title has the text: what can be told without an index."""
    shown: list[Shown] = []
    if type in ("", records.TYPE):
        seen = browse.narrowed(visible(Record.objects.all(), viewer), chosen)
        pks = seen.filter(title_folded__contains=folded(text)).order_by("title_sort", "pk")
        shown += [
            one for _pk, one in _records(list(pks.values_list("pk", flat=True)[:LIMIT]), text, viewer, reader)
        ]
    return Everything(tuple(shown), len(shown), {}, {}, "", True, looked)
