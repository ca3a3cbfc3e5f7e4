"""A made-up lexicon with the shape of a real one: syllables, marks, homonyms, glosses, facets. No language's
words."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from languages import registry
from search.documents import Document, Form, order_of
from search.domain import analysis

TYPE = "entry"
TEXT_FIELDS = ("meaning",)
RANKS = 2**20

_ONSETS = (
    "k kh kr kl b bl br d dr t th tr l m ml n ng nh ny p ph pl pr r s h hr hl j y c ch g gr v w ".split(" ")  # noqa: SIM905
)
_VOWELS = "a ă â e ê i o ô ơ u ư ai ao iê uô ươ oa ĕ ŏ ŭ".split(" ")  # noqa: SIM905
_CODAS = "   n ng m k t p h i o nh r l".split(" ")  # noqa: SIM905
_TOPICS = tuple(f"topic-{number}" for number in range(40))
_CLASSES = ("noun", "verb", "adjective", "particle", "classifier")


@dataclass(frozen=True)
class Entry:
    """One made-up entry."""

    pk: int
    word: str
    glosses: tuple[str, ...]
    text: str  # glosses and made-up examples: what is searched as running text
    orthography: str
    language: str
    rank: int
    topic: str
    word_class: str


def entries(number: int, seed: int = 1) -> Iterator[Entry]:
    """The first so many entries; the same for the same seed, and a longer corpus begins like a shorter
    one."""
    chance = random.Random(seed)  # noqa: S311
    syllables = [onset + vowel + coda for onset in _ONSETS for vowel in _VOWELS for coda in _CODAS]
    chance.shuffle(syllables)
    meanings = [" ".join(chance.sample(syllables, 2)) for _ in range(20_000)]
    tags = sorted(
        one.tag for one in registry().orthographies if one.script == "Latn" and one.language != gloss()
    )
    languages = {tag: registry().orthography(tag).language for tag in tags}
    for pk in range(1, number + 1):
        size = chance.choices((1, 2, 3), (20, 60, 20))[0]
        word = " ".join(_common(chance, syllables) for _ in range(size)) if chance.random() < 0.2 else ""
        word = word or "".join(_common(chance, syllables) for _ in range(size))
        tag = chance.choice(tags)
        glosses = tuple(_common(chance, meanings) for _ in range(chance.choice((1, 1, 2))))
        example = [_common(chance, syllables) for _ in range(chance.randrange(8, 40))]
        yield Entry(
            pk=pk,
            word=word,
            glosses=glosses,
            text=" ".join((*glosses, *example)),
            orthography=tag,
            language=languages[tag],
            rank=chance.randrange(RANKS),
            topic=chance.choice(_TOPICS),
            word_class=chance.choice(_CLASSES),
        )


def gloss() -> str:
    """The language of the glosses: that of the interface."""
    return str(settings.LANGUAGE_CODE)


def document(entry: Entry) -> Document:
    """The entry as the dictionary would hand it over."""
    tag = registry().orthography(gloss()).tag
    forms: list[Form] = [analysis.form("headword", entry.orthography, entry.word)]
    forms.extend(analysis.form("gloss", tag, text) for text in entry.glosses)
    return Document(
        type=TYPE,
        pk=entry.pk,
        version=1,
        order=order_of(entry.rank, entry.pk),
        forms=tuple(forms),
        fields={"meaning": tuple(entry.text.split())},
        facets={"topic": (entry.topic,), "class": (entry.word_class,)},
        languages=(entry.language,),
        scripts=("Latn",),
        protocols=(1,),
        parent=f"lexicon:{entry.language}",
    )


def pages(number: int, seed: int = 3) -> Iterator[Document]:
    """So many pages of running text, of 300 words each, each word as often as words of its rank are in a language:
    the second half as often as the first, the third a third as often."""
    chance = random.Random(seed)  # noqa: S311
    syllables = [onset + vowel + coda for onset in _ONSETS for vowel in _VOWELS for coda in _CODAS]
    vocabulary = ["".join(chance.choices(syllables, k=2)) for _ in range(100_000)]
    for pk in range(1, number + 1):
        text = tuple(vocabulary[int(len(vocabulary) ** chance.random()) - 1] for _ in range(300))
        yield Document(
            "page", pk, 1, order_of(0, pk), fields={"meaning": text}, scripts=("Latn",), protocols=(1,)
        )


def _common(chance: random.Random, items: list[str]) -> str:
    """An item; the first ones more often than the last."""
    return items[int(len(items) * chance.random() ** 2)]
