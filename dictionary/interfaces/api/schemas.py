"""The shapes of the API's answers, for its OpenAPI description. Tests hold every answer to them.

They mirror the values of `dictionary.domain.presentation` and `lookup`, which are written out as they are.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from ninja import Field, Schema

Tier = Literal["exact", "case", "tone", "letter", "script", "sound", "gloss", "fuzzy"]
Direction = Literal["ltr", "rtl"]


class Word(Schema):
    """A word in one orthography."""

    text: str
    lang: str = Field(description="BCP 47 tag of the orthography.")
    direction: Direction
    script: str = Field(description="ISO 15924 code.")
    name: str = Field(description="Name of the orthography in the language asked for.")
    derived: bool = Field(
        description="True: computed by a transliteration scheme, not written by the source."
    )
    scheme: str = Field(description="Name of that scheme; empty for a written form.")
    reviewed: bool = Field(description="Whether the scheme was reviewed.")
    reversible: bool = Field(description="Whether the scheme loses nothing.")


class Hit(Schema):
    """An entry that was found, and why."""

    id: UUID
    slug: str
    url: str
    language: str
    language_name: str
    lexicon: str = Field(description="Slug of the lexicon.")
    lexicon_title: str
    headword: Word
    words: list[Word] = Field(description="The headword in its other writings.")
    glosses: list[str]
    gloss_language: str
    tier: Tier | None = Field(description="What matched, from strict to loose.")
    whole: bool = Field(description="False: the match only begins with the query.")
    contradicts: bool = Field(description="True: a mark that was typed is another one in the hit.")
    matched: Word | None = Field(description="The form that matched, when it is not the headword.")
    reason: str = Field(description="The same in words.")


class LookupAnswer(Schema):
    """Hits for a query, best first."""

    query: str
    total: int
    hits: list[Hit]
    cursor: str = Field(description="Give it back as `cursor` for the next page; empty at the end.")
    degraded: bool = Field(description="True: the index is missing; fewer kinds of match are found.")
    suggestions: list[str] = Field(description="Words near the query, when little was found.")


class SuggestAnswer(Schema):
    """The first few hits while somebody types."""

    query: str
    suggestions: list[Hit]


class Segment(Schema):
    """A stretch of a text with its own language or address."""

    text: str
    lang: str
    direction: str
    href: str


class Text(Schema):
    """A text in one language."""

    text: str
    lang: str
    direction: Direction
    script: str
    name: str
    native: bool = Field(description="True: in the language that is described.")
    segments: list[Segment]


class Glosses(Schema):
    """The glosses of a sense in one language."""

    lang: str
    name: str
    texts: list[Text]


class File(Schema):
    """A recording or picture."""

    id: UUID
    href: str
    media_type: str
    licence: str
    label: Text | None


class Pronunciation(Schema):
    """How a word sounds."""

    forms: list[Text]
    files: list[File]
    dialect: str


class Note(Schema):
    """A note under its heading."""

    heading: str
    texts: list[Text]


class Example(Schema):
    """A sentence with translations."""

    texts: list[Text]
    translations: list[Text]
    source: str
    notes: list[Note]


class Related(Schema):
    """A related word that the caller may open."""

    heading: str
    text: str
    lang: str
    direction: Direction
    script: str
    gloss: str
    id: UUID
    slug: str


class Sense(Schema):
    """A meaning; `number` is empty when there is only one."""

    number: str
    pos: str
    glosses: list[Glosses]
    definitions: list[Text]
    domains: list[str]
    examples: list[Example]
    related: list[Related]
    notes: list[Note]
    pictures: list[File]
    senses: list[Sense]


class Etymology(Schema):
    """Where a word comes from."""

    kind: str
    source: str
    forms: list[Text]
    glosses: list[Text]


class Source(Schema):
    """What an entry was taken from."""

    title: str
    url: str
    licence: str
    citation: str


class Credits(Schema):
    """The lexicon of an entry."""

    slug: str
    title: str
    authors: str
    year: str
    licence: str
    citation: str
    source_url: str
    under_review: bool


class Cap(Schema):
    """A press: the keys held down and pressed, as US keyboards print them."""

    keys: list[str]
    legend: str = Field(description="What stands on the last one in this layout; empty: the same.")


class Way(Schema):
    """How the headword is typed on one keyboard of its orthography."""

    keyboard: str
    language: str
    name: str
    caps: list[Cap]
    keys: str = Field(description="The same in one text, as `python -m ime type` reads it.")
    problem: str = Field(description="Why it cannot be typed; empty if it can.")


class Entry(Schema):
    """All that the page of an entry says."""

    id: UUID
    slug: str
    url: str
    language: str
    language_name: str
    homonym: str
    headword: Word
    words: list[Word] = Field(description="The headword in its other writings.")
    derived: list[Word] = Field(description="Spellings that were computed by transliteration schemes.")
    variants: list[Word]
    pronunciations: list[Pronunciation]
    senses: list[Sense]
    related: list[Related]
    etymologies: list[Etymology]
    notes: list[Note]
    fields: list[Note]
    sources: list[Source]
    lexicon: Credits
    summary: str
    typing: list[Way] = Field(description="How to type the headword; empty without a keyboard.")


class Lexicon(Schema):
    """A dictionary or word list."""

    slug: str
    url: str
    title: str
    description: str
    language: str
    orthography: str
    gloss_languages: list[str]
    authors: str
    year: str
    licence: str
    citation: str
    source_url: str
    under_review: bool
    entries: int


class Lexicons(Schema):
    """All lexicons that the caller may see."""

    lexicons: list[Lexicon]


class LanguageNames(Schema):
    """What a language is called."""

    vi: str
    en: str
    own: str


class Scheme(Schema):
    """A transliteration."""

    source: str
    target: str
    name: str
    reversible: bool
    reviewed: bool


class Orthography(Schema):
    """One spelling of a language."""

    tag: str
    name: str
    script: str
    direction: Direction
    alphabet: list[str]
    reviewed: bool
    transliterations: list[Scheme]


class Language(Schema):
    """A language with its spellings. `known` is false when no profile describes it."""

    code: str
    url: str
    name: str
    names: LanguageNames
    known: bool
    reviewed: bool
    peoples: list[str]
    orthographies: list[Orthography]


class Languages(Schema):
    """All languages with a profile or with words that the caller may see."""

    languages: list[Language]


class Transliteration(Schema):
    """A text in another spelling."""

    text: str
    source: str
    target: str
    scheme: str
    reversible: bool
    reviewed: bool


class ProblemAt(Schema):
    """Which parameter is wrong, and how."""

    parameter: str
    message: str


class Problem(Schema):
    """An error as RFC 9457 (application/problem+json) has it, in the language asked for."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[ProblemAt]


# A sense holds senses: its own name can be resolved only now.
Sense.model_rebuild()
