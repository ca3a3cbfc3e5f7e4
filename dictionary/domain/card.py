"""The card of a word that somebody met in a text: the entries that are spelled just so, and little of each.

Look-up forgives (missing marks, other scripts, meanings); a word in a text is what stands there. So it is found by the
strict keys alone: as written, and only if that finds nothing, in other case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from access.domain.gate import visible
from access.domain.viewer import Viewer
from dictionary.domain import documents, naming
from dictionary.domain.content import hrefs, senses
from dictionary.domain.derived import orthography, writings
from dictionary.domain.presentation import Text, Word, head_and_others, multitext, slug
from dictionary.models import Entry, EntryFile
from search.documents import WRITTEN
from search.domain.audiences import seen_by
from search.domain.folding import Folded, foldings
from search.domain.guard import clean
from search.models import LookupRow

MOST_ENTRIES: Final = 3
MOST_SENSES: Final = 3
_MOST_WORDS: Final = 3


@dataclass(frozen=True)
class Meaning:
    """A sense in brief: `glosses` are in one language, the reader's if there are any."""

    pos: str
    glosses: tuple[Text, ...]


@dataclass(frozen=True)
class CardEntry:
    """An entry in brief. `words` are its other spellings; `sound` is a recording that the viewer may hear."""

    id: UUID
    slug: str
    language: str
    language_name: str
    lexicon_title: str
    headword: Word
    words: tuple[Word, ...]
    meanings: tuple[Meaning, ...]
    further: int
    ipa: tuple[Text, ...]
    sound: UUID | None


@dataclass(frozen=True)
class Card:
    """What a word in a text may be. `more`: there are further entries, which only look-up shows."""

    text: str
    entries: tuple[CardEntry, ...]
    more: bool


def card(text: str, *, viewer: Viewer, reader: str, languages: Sequence[str] = ()) -> Card:
    """The entries that are spelled as the text is, in these languages (tags or codes; none: in any).

    Five queries at most, however many entries. Raises `search.domain.guard.QueryError` for what is no word.
    """
    asked = clean(text)
    pks = _found(asked, viewer, languages)
    shown = visible(Entry.objects.filter(pk__in=pks[:MOST_ENTRIES]), viewer).select_related("lexicon")
    entries = sorted(shown.defer("fragment", "lexicon__header"), key=lambda entry: pks.index(entry.pk))
    sounds = _sounds(entries, viewer)
    return Card(
        asked,
        tuple(_brief(entry, reader, sounds.get(entry.pk, {})) for entry in entries),
        more=len(pks) > MOST_ENTRIES,
    )


def _found(text: str, viewer: Viewer, languages: Sequence[str]) -> list[int]:
    """The entries, best first: those written so, else those written so in other case."""
    rows = LookupRow.objects.filter(seen_by(viewer), type=documents.TYPE, kind__in=WRITTEN)
    if languages:
        rows = rows.filter(language__in={documents.language_code(tag) for tag in languages})
    folded = foldings(text)
    for tier in ("exact", "case"):
        found = rows.filter(_condition(tier, folded)).order_by("place").values_list("object_id", flat=True)
        # An entry may have several rows of one spelling, hence some more than are shown.
        pks = list(dict.fromkeys(found[: 8 * MOST_ENTRIES]))
        if pks:
            return pks
    return []


def _condition(tier: str, folded: Sequence[Folded]) -> Q:
    found = Q(pk__in=())
    for one in folded:
        key = (one.keys.exact if tier == "exact" else one.keys.case).encode()
        if key:
            found |= Q(**{tier: key}, scope__in=one.scopes)
    return found


def _sounds(entries: Sequence[Entry], viewer: Viewer) -> Mapping[int, Mapping[str, UUID]]:
    """The files that the viewer may have, by entry and reference."""
    with_files = [entry.pk for entry in entries if hrefs(entry.content)]
    if not with_files:
        return {}
    found: dict[int, dict[str, UUID]] = {}
    files = visible(EntryFile.objects.filter(entry__in=with_files), viewer)
    for entry, href, uuid in files.values_list("entry", "href", "uuid"):
        found.setdefault(entry, {})[href] = uuid
    return found


def _brief(entry: Entry, reader: str, files: Mapping[str, UUID]) -> CardEntry:
    content: Mapping[str, Any] = entry.content
    lexicon = entry.lexicon
    native = orthography(lexicon.orthography).language
    head, words, _variants = head_and_others(entry.headword, lexicon.orthography, writings(content), reader)
    meanings = [found for sense in senses(content) if (found := _meaning(sense, reader))]
    spoken = content.get("pronunciations", ())
    recordings = (files.get(media.get("href", "")) for each in spoken for media in each.get("media", ()))
    return CardEntry(
        id=entry.uuid,
        slug=slug(entry.headword),
        language=native,
        language_name=naming.language_name(lexicon.language, reader),
        lexicon_title=lexicon.title,
        headword=head,
        words=tuple({other.text: other for other in reversed(words)}.values())[::-1][:_MOST_WORDS],
        meanings=tuple(meanings[:MOST_SENSES]),
        further=max(0, len(meanings) - MOST_SENSES),
        ipa=next((texts for each in spoken if (texts := multitext(each.get("forms"), reader))), ()),
        sound=next((uuid for uuid in recordings if uuid), None),
    )


def _meaning(sense: Mapping[str, Any], reader: str) -> Meaning | None:
    """The glosses, or else the definition, in the first language that the reader may know."""
    pos = naming.grammar_name(sense.get("pos", {}).get("value", ""))
    for forms in (sense.get("glosses"), sense.get("definition")):
        texts = multitext(forms, reader)
        if texts:
            return Meaning(pos, tuple(each for each in texts if each.lang == texts[0].lang))
    return Meaning(pos, ()) if pos else None
