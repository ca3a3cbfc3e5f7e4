"""The words that anyone may see, for keyboards: predictive text, spelling, and the proof that they can be typed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.db.models import Count, Max, QuerySet

from access.domain.gate import visible
from access.domain.viewer import anonymous
from dictionary.domain.content import senses
from dictionary.domain.derived import orthography
from dictionary.models import Entry, Lexicon
from languages import LanguageError

_CHUNK: Final = 500


def words(tag: str) -> Iterator[tuple[str, int]]:
    """Every single word of headwords, variants and examples in an orthography, with how often it occurs there."""
    counts: Counter[str] = Counter()
    for content in _contents(tag):
        for text in _texts(content, tag):
            counts.update(token.text for token in orthography(tag).tokens(text))
    yield from counts.items()


def headwords(tag: str) -> Iterator[str]:
    """What entries are called in an orthography, as their sources write it, each once."""
    seen: set[str] = set()
    for content in _contents(tag):
        for text in _written(content, tag):
            if text not in seen:
                seen.add(text)
                yield text


def state(tag: str) -> str:
    """A hash over the number of entries of the language that anyone may see, and the last change of one."""
    found = _entries(tag).aggregate(
        entries=Count("pk"), changed=Max("updated_at"), lexicons=Max("lexicon__updated_at"), last=Max("pk")
    )
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()[:16]


def _entries(tag: str) -> QuerySet[Entry]:
    """The entries of the language of an orthography, whichever of its spellings their lexicons are written in."""
    language = orthography(tag).language
    lexicons = [
        pk
        for pk, written in Lexicon.objects.values_list("pk", "orthography")
        if _language(written) == language
    ]
    return visible(Entry.objects.filter(lexicon__in=lexicons), anonymous()).order_by()


def _language(tag: str) -> str:
    try:
        return orthography(tag).language
    except LanguageError:
        return ""


def _contents(tag: str) -> Iterator[Mapping[str, Any]]:
    found = _entries(tag).order_by("pk").values_list("content", flat=True)
    yield from found.iterator(chunk_size=_CHUNK)


def _written(content: Mapping[str, Any], tag: str) -> Iterator[str]:
    variants = (variant.get("forms", ()) for variant in content.get("variants", ()))
    for forms in (content.get("citation", ()), content.get("forms", ()), *variants):
        yield from _in(forms, tag)


def _in(forms: Iterable[Mapping[str, Any]], tag: str) -> Iterator[str]:
    for form in forms:
        text = form.get("text", "").strip()
        if text and orthography(form["lang"]).tag == tag:
            yield orthography(tag).normalise(text)


def _texts(content: Mapping[str, Any], tag: str) -> Iterator[str]:
    yield from _written(content, tag)
    for sense in senses(content):
        for example in sense.get("examples", ()):
            yield from _in(example.get("forms", ()), tag)
