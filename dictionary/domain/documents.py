"""How published entries become search documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from access.domain.gate import protocols_of
from dictionary.domain import derived
from dictionary.domain.content import Content, senses
from dictionary.models import Entry
from search.interface import Document

TYPE: Final = "entry"
_BATCH: Final = 500


def documents(pks: Iterable[int]) -> Iterator[Document]:
    """The documents of those of these entries that are published; the others give none."""
    wanted = list(pks)
    for start in range(0, len(wanted), _BATCH):
        found = Entry.objects.filter(pk__in=wanted[start : start + _BATCH], live=True).select_related(
            "lexicon"
        )
        for entry in found.defer("fragment").order_by("pk"):
            yield document(entry)


def all_pks() -> Iterator[int]:
    """The ids of all published entries."""
    return (
        Entry.objects.filter(live=True).order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5000)
    )


def document(entry: Entry) -> Document:
    """The document of one entry; its lexicon should be at hand (`select_related`)."""
    lexicon = entry.lexicon
    content: Content = entry.content
    forms = derived.forms(content)
    protocols, embargo = protocols_of(entry)
    tags = dict.fromkeys(form.orthography for form in forms if form.kind in ("headword", "variant"))
    rank = derived.rank(content, entry.headword, under_review=lexicon.under_review)
    stamp = max(entry.updated_at, lexicon.updated_at)
    return Document(
        type=TYPE,
        pk=entry.pk,
        version=int(stamp.timestamp() * 1_000_000),
        order=rank << 40 | entry.pk,
        forms=forms,
        fields=derived.running_text(content),
        facets=_facets(entry, content),
        languages=(derived.orthography(lexicon.orthography).language,),
        scripts=tuple(dict.fromkeys(derived.orthography(tag).script for tag in tags)),
        protocols=tuple(sorted(protocols)),
        embargo=embargo.toordinal() if embargo else 0,
        parent=f"lexicon:{lexicon.pk}",
    )


def _facets(entry: Entry, content: Content) -> dict[str, tuple[str, ...]]:
    every = list(senses(content))
    found = {
        "lexicon": (entry.lexicon.slug,),
        "pos": tuple(dict.fromkeys(str(s["pos"]["value"]) for s in every if s.get("pos", {}).get("value"))),
        "domain": tuple(dict.fromkeys(domain for sense in every for domain in derived.domains(sense))),
    }
    if any(spoken.get("media") for spoken in content.get("pronunciations", ())):
        found["media"] = ("audio",)
    return {name: values for name, values in found.items() if values}
