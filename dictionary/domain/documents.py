"""How published entries become search documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from access.domain.gate import protocols_of
from dictionary.domain import derived
from dictionary.domain.content import Content, senses
from dictionary.models import Entry
from languages import LanguageError, registry
from search.documents import WRITTEN, Document, order_of
from search.domain.analysis import orthography

TYPE: Final = "entry"
_BATCH: Final = 500


def documents(pks: Sequence[int]) -> Iterator[Document]:
    """The documents of those of these entries that are published; the others give none."""
    for start in range(0, len(pks), _BATCH):
        found = Entry.objects.filter(pk__in=pks[start : start + _BATCH], live=True)
        for entry in found.select_related("lexicon").defer("fragment").order_by("pk"):
            yield document(entry)


def all_pks() -> Iterator[int]:
    """The ids of all published entries, ascending."""
    published = Entry.objects.filter(live=True).order_by("pk")
    return published.values_list("pk", flat=True).iterator(chunk_size=5000)


def versions(pks: Sequence[int]) -> dict[int, int]:
    """The versions of those of these entries that are published."""
    found = Entry.objects.filter(pk__in=pks, live=True)
    return {
        pk: _version(entry, lexicon)
        for pk, entry, lexicon in found.values_list("pk", "updated_at", "lexicon__updated_at")
    }


def document(entry: Entry) -> Document:
    """The document of one entry; its lexicon should be at hand (`select_related`)."""
    lexicon = entry.lexicon
    content: Content = entry.content
    forms = derived.forms(content)
    protocols, embargo = protocols_of(entry)
    tags = dict.fromkeys(form.orthography for form in forms if form.kind in WRITTEN)
    rank = derived.rank(content, entry.headword, under_review=lexicon.under_review)
    return Document(
        type=TYPE,
        pk=entry.pk,
        version=_version(entry.updated_at, lexicon.updated_at),
        order=order_of(rank, entry.pk),
        forms=forms,
        fields=derived.running_text(content),
        facets=_facets(content),
        languages=(language_code(lexicon.language),),
        scripts=tuple(dict.fromkeys(orthography(tag).script for tag in tags)),
        protocols=tuple(sorted(protocols)),
        embargo=embargo.toordinal() if embargo else 0,
        parent=lexicon.slug,
    )


@lru_cache(maxsize=256)
def language_code(tag: str) -> str:
    """The code under which a language is searched: its profile's, whatever alias the lexicon was given."""
    try:
        return registry().profile(tag).code
    except LanguageError:
        return "und"


def _version(entry: datetime, lexicon: datetime) -> int:
    return int(max(entry, lexicon).timestamp() * 1_000_000)


def _facets(content: Content) -> dict[str, tuple[str, ...]]:
    every = list(senses(content))
    found = {
        "pos": tuple(dict.fromkeys(str(s["pos"]["value"]) for s in every if s.get("pos", {}).get("value"))),
        "domain": tuple(dict.fromkeys(domain for sense in every for domain in derived.domains(sense))),
    }
    if any(spoken.get("media") for spoken in content.get("pronunciations", ())):
        found["media"] = ("audio",)
    return {name: values for name, values in found.items() if values}
