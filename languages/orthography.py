"""An orthography: one spelling of one language, and everything that is computed from its profile."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

import icu

from languages.errors import LanguageError
from languages.folding import Folder, FoldingRules, without_marks
from languages.sound import Respelling
from languages.text import MARKS_NOTED, case_folded, nfc, storable, visible
from languages.transliteration import Converter, Scheme
from languages.words import Segmenter, Token

Tier = Literal["exact", "case", "tone", "letter"]
TIERS: tuple[Tier, ...] = ("exact", "case", "tone", "letter")


class TextKeys(NamedTuple):
    """What a text is found by: one key per tier, the marked key and the sound keys."""

    exact: str
    case: str
    tone: str
    letter: str
    marked: str
    sound: frozenset[str]


@dataclass(frozen=True)
class Exemplars:
    """Characters the orthography needs: `main` letters, `auxiliary` ones of loans, `marks` to be shown on `base`."""

    main: tuple[str, ...]
    auxiliary: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    base: str = ""


@dataclass(frozen=True)
class Machinery:
    """What the loader builds for an orthography; each part is made on first use."""

    normalise: Callable[[], Callable[[str], str]]
    folding: FoldingRules
    sort_key: Callable[[], Callable[[str], bytes]]
    respelling: Callable[[], Respelling]
    sound_via: str
    segmenter: Segmenter
    converters: Mapping[str, Callable[[], Converter]]  # by target tag
    resolve: Callable[[str], Orthography]  # the registry's `orthography`


@dataclass(frozen=True, eq=False)
class Orthography:
    """One spelling of a language. Immutable and shared between threads; compared by identity.

    `language` is the profile's code; `script` an ISO 15924 code; `alphabet` is in order, lower case, digraphs as
    several characters; `index` the letters of the alphabet pages; `hash` changes when a stored key could change.
    """

    tag: str
    language: str
    script: str
    direction: Literal["ltr", "rtl"]
    names: Mapping[str, str]
    aliases: tuple[str, ...]
    alphabet: tuple[str, ...]
    index: tuple[str, ...]
    index_skip: str
    exemplars: Exemplars
    fonts: tuple[str, ...]
    sample: str
    reviewed: bool
    sources: tuple[str, ...]
    is_fallback: bool
    transliterations: tuple[Scheme, ...]
    hash: str
    machinery: Machinery = field(repr=False)
    machines: Mapping[str, str] = field(
        default_factory=dict
    )  # "tesseract", "whisper": the model that reads or hears it

    # --- the tiers -------------------------------------------------------------------------------------------

    def normalise(self, text: str) -> str:
        """NFC and the orthography's repairs; idempotent. NUL and lone surrogates become U+FFFD."""
        return self._normalise(text)

    def fold(self, text: str, tier: Tier) -> str:
        """The key of a text on a tier: exact, case, tone or letter, each a function of the one before."""
        if tier not in TIERS:
            raise LanguageError(
                "unknown_tier", f"“{tier}” is not a tier; there are {', '.join(TIERS)}.", tier=tier
            )
        text = self._exact(text)
        if tier == "exact":
            return text
        text = case_folded(text)
        if tier == "case":
            return text
        text = self._folder.without_tones(text)
        return text if tier == "tone" else self._folder.letters(text)

    def marked(self, text: str) -> str:
        """The case tier spelled out: base letters, each followed by its marks as noted, in a fixed order."""
        return self._folder.marked(case_folded(self._exact(text)))

    def loose_keys(self, text: str) -> tuple[str, str]:
        """The letter tier and the marked key at once: all that a meaning or a derived form is found by."""
        case = case_folded(self._exact(text))
        marked = self._folder.marked(case)
        tone = self._folder.without_tones(case)
        return (without_marks(marked) if tone == case else self._folder.letters(tone)), marked

    def pattern(self, query: str, *, prefix: bool = False) -> str:
        """A regex over whole `marked` keys of forms that have the query's letters and at least its marks.

        With `prefix`, of forms that begin so. Literals, `[…]`, `*`, `.` and backslash escapes alone.
        """
        return self._folder.pattern(case_folded(self._exact(query)), prefix=prefix)

    def sound_keys(self, text: str) -> frozenset[str]:
        """How a Vietnamese speaker might spell the text, in the shared skeleton; computed from the exact tier."""
        return self._sound(self._exact(text))

    def keys(self, text: str) -> TextKeys:
        """All keys of a text at once."""
        exact = self._exact(text)
        case = case_folded(exact)
        tone = self._folder.without_tones(case)
        marked = self._folder.marked(case)
        letter = MARKS_NOTED.sub("", marked) if tone == case else self._folder.letters(tone)
        return TextKeys(exact, case, tone, letter, marked, self._sound(exact, tone))

    # --- order -----------------------------------------------------------------------------------------------

    def sort_key(self, text: str) -> bytes:
        """A key that orders texts as the orthography does; different texts (once normalised) have different keys."""
        return self._sort_key(self._normalise(text))

    def first_letter(self, text: str) -> str:
        """The letter of the alphabet pages under which a text stands, in lower case.

        A letter that the alphabet lacks stands under its base letter if the alphabet has that, else under itself;
        what begins with a digit or holds no letter stands under "#".
        """
        tone = self._folder.without_tones(case_folded(self._exact(text)))
        for at, char in enumerate(tone):
            if char in self.index_skip:
                continue
            letter = self._letter_of_index(tone, at)
            if letter is not None:
                return letter.group()
            if char.isdecimal():
                return "#"
            if char.isalpha():
                base = self._folder.letters(char)[:1] or char
                return base if base in self.index else char
        return "#"

    # --- words and scripts -----------------------------------------------------------------------------------

    def tokens(self, text: str) -> tuple[Token, ...]:
        """The words of a text, with code-point offsets into it."""
        return self.machinery.segmenter.tokens(text)

    def words(self, text: str) -> list[str]:
        """The words of a text, without their places."""
        return self.machinery.segmenter.words(text)

    def transliterate(self, text: str, to_tag: str) -> str:
        """The text in another spelling, NFC and repaired; raises LanguageError if the profile has no such scheme."""
        target = self.machinery.resolve(to_tag)
        if target.tag == self.tag:
            return self.normalise(text)
        if target.tag not in self.machinery.converters:
            raise LanguageError(
                "no_scheme",
                f"There is no transliteration from {self.tag} to {target.tag}.",
                source=self.tag,
                target=target.tag,
            )
        return target.normalise(self._converter(target.tag)(self.normalise(text)))

    @cached_property
    def runs_on(self) -> bool:
        """Whether its script needs no blanks between words (ICU: lines break between letters), so that where one word
        ends is for a dictionary to say, or for nobody."""
        code = icu.Script.getCode(self.script)
        return bool(code) and icu.Script(code[0]).breaksBetweenLetters()

    # --- made on first use -----------------------------------------------------------------------------------

    @cached_property
    def _normalise(self) -> Callable[[str], str]:
        return self.machinery.normalise()

    @cached_property
    def _folder(self) -> Folder:
        return Folder(self.machinery.folding)

    @cached_property
    def _sort_key(self) -> Callable[[str], bytes]:
        return self.machinery.sort_key()

    @cached_property
    def _respelling(self) -> Respelling:
        return self.machinery.respelling()

    @cached_property
    def _converters(self) -> dict[str, Converter]:
        return {}

    @cached_property
    def _letter_of_index(self) -> Callable[[str, int], re.Match[str] | None]:
        """Finds the longest letter of the alphabet pages at a place."""
        longest_first = sorted(self.index, key=len, reverse=True)
        nothing = "(?!)"
        return re.compile("|".join(map(re.escape, longest_first)) or nothing).match

    def _converter(self, target: str) -> Converter:
        if target not in self._converters:  # two threads may both compile it; either one serves
            self._converters[target] = self.machinery.converters[target]()
        return self._converters[target]

    def _exact(self, text: str) -> str:
        seen = visible(storable(text))
        found = self._normalise(seen)
        return seen if found == seen else visible(found)

    def _sound(self, exact: str, tone: str | None = None) -> frozenset[str]:
        via = self.machinery.sound_via
        if via:
            other = self.machinery.resolve(via)
            return other.sound_keys(self._converter(other.tag)(exact))
        if tone is None:
            tone = self._folder.without_tones(case_folded(exact))
        return self._respelling.keys(tone, self._folder.letters)


def scripts_of(text: str) -> frozenset[str]:
    """The ISO 15924 codes of a text's characters, common and inherited ones left out."""
    found = {icu.Script.getScript(char).getShortName() for char in set(nfc(storable(text)))}
    return frozenset(found - {"Zyyy", "Zinh", "Zzzz"})
