"""Documents and queries made of the letters of real orthographies, by chance: what nobody thought of writing down."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from access.domain.viewer import Viewer
from languages import LanguageError, Orthography, registry
from languages.checking import exemplar_texts
from search.domain import analysis
from search.interface import And, Document, Form, Query, Range, SeenBy, Tag, order_of
from tests.search.corpora import EVERYBODY, PUBLIC

PER_ORTHOGRAPHY = 6
BETWEEN = (" ", "-", "'", "’", "ʼ", "\u200b", ".")
VIEWERS: tuple[Viewer, ...] = (PUBLIC, EVERYBODY)


def letters(writing: Orthography) -> list[str]:
    """Letters and marks of an orthography; any letters where its profile names none."""
    return [*exemplar_texts(writing), *writing.exemplars.marks] or [*"ab"]


def text(chance: Random, writing: Orthography) -> str:
    """A few letters and marks in any order, now and then with what stands between words."""
    own = letters(writing)
    few = chance.sample(own, min(len(own), 5))  # so that words meet
    parts = [chance.choice(few if chance.random() < 0.8 else own) for _ in range(chance.randint(1, 7))]
    if chance.random() < 0.2:
        parts.insert(chance.randrange(len(parts) + 1), chance.choice(BETWEEN))
    return "".join(parts)


def document(chance: Random, writing: Orthography, pk: int, version: int = 1) -> Document:
    """A document with words of this orthography, their transliterations, and a meaning."""
    found: list[Form] = []
    for kind in ("headword", "variant")[: chance.randint(1, 2)]:
        word = text(chance, writing)
        found.append(analysis.form(kind, writing.tag, word))  # type: ignore[arg-type]
        for scheme in writing.transliterations:
            try:
                derived = writing.transliterate(word, scheme.target)
            except LanguageError:
                continue
            found.append(analysis.form("derived", scheme.target, derived))
    meaning = " ".join(text(chance, writing) for _ in range(chance.randint(1, 3)))
    found.append(analysis.form("gloss", writing.tag, meaning))
    return Document(
        "word",
        pk,
        version,
        order_of(chance.randrange(4), pk),
        tuple(found),
        languages=(registry().profile(writing.language).code,),
        parent=f"lexicon:{writing.tag}",
        protocols=chance.choice(((), (), (1,), (3,), (9,))),
    )


def corpus(chance: Random) -> dict[int, Document]:
    """Some documents of every orthography of every profile, by primary key."""
    every = [writing for writing in registry().orthographies for _ in range(PER_ORTHOGRAPHY)]
    return {pk: document(chance, writing, pk) for pk, writing in enumerate(every, start=1)}


def typed(chance: Random, documents: Sequence[Document]) -> str:
    """What somebody may type who looks for one of the documents: with fewer marks, another case, the beginning, a slip,
    or something else altogether."""
    form = chance.choice(chance.choice(documents).forms)
    way = chance.randrange(7)
    word = form.text
    if way == 0:
        word = form.keys.letter
    elif way == 1:
        word = form.keys.tone
    elif way == 2:
        word = word.upper()
    elif way in {3, 4}:
        word = word[: chance.randint(1, max(len(word) - 1, 1))]
    elif way == 5:
        at = chance.randrange(len(word) + 1)
        word = word[:at] + chance.choice(letters(registry().orthography(form.orthography))) + word[at + 1 :]
    return word


def condition(chance: Random, documents: Sequence[Document]) -> Query:
    """Who looks, and what they chose to narrow it by."""
    parts: list[Query] = [SeenBy(chance.choice(VIEWERS))]
    one = chance.choice(documents)
    if chance.random() < 0.3:
        parts.append(Tag("language", one.languages[0]))
    if chance.random() < 0.1:
        parts.append(Tag("parent", one.parent))
    if chance.random() < 0.1:
        parts.append(Range("order", one.order, None))
    return And(tuple(parts))
