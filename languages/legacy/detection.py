"""Which legacy encoding a text is in, and how sure that is.

Every word that could be legacy is read by every table. A word that comes out as words of the language are is evidence
for the table, one that does not is evidence against it, and so it is with reading the text as it stands. What is known
is multiplied (Bayes' rule, with the text as it stands being the likeliest before anything is seen).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from languages.legacy.carriers import is_unicode, readable
from languages.legacy.loading import tables
from languages.legacy.table import LegacyTable
from languages.legacy.words import core, models, spellings
from languages.text import nfc

SURE: Final = 0.9  # from here on a guess may be shown to people as what the text is
_WORDS: Final = 400  # more evidence than this changes nothing
_LEAST: Final = 0.05  # guesses below are not worth telling

# How often a word comes out well, and how often it does not: names, foreign words, slips.
_WELL, _BADLY, _NEUTRAL = math.log(0.97), math.log(0.03), math.log(0.9)
# A word with a symbol or control among its letters, as text that stands as it should.
_HARDLY: Final = math.log(0.002)
# A word that is Unicode beyond doubt in text that is legacy otherwise.
_MIXED: Final = math.log(0.1)
_AS_IT_STANDS, _LEGACY = math.log(0.9), math.log(0.01)
# Words of the ASCII encodings: what shows that the signs in them are no punctuation.
_TYPED_LEAST, _TYPED_SHARE = 3, 0.25

_NO_LETTER: Final = frozenset(("Cc", "Cf", "Sc", "Sk", "Sm", "So", "No", "Po", "Zs"))
_ACCENT: Final = re.compile(r"\w[¨¯´¸]")
_RAW_WORD: Final = re.compile(r"[^ \t\r\n\f\v!-/:-@\[-`{-~0-9]+")
_TYPED_WORD: Final = re.compile(r"[^ \t\r\n\f\v]+")


@dataclass(frozen=True)
class Guess:
    """A table that the text may be in, how sure that is (0 to 1), and one word of the text before and after."""

    name: str
    confidence: float
    before: str
    after: str


def detect(text: str | bytes) -> tuple[Guess, ...]:
    """The legacy encodings that the text may be in, the likeliest first; none when it reads well as it stands.

    Bytes that are UTF-8 are read as such first: what is not ASCII in them is then legacy only if it was stored wrongly.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            return _detected(text)
    return _detected(text)


def likely(text: str | bytes) -> Guess | None:
    """The guess that is sure enough to be told, if there is one."""
    guesses = detect(text)
    return guesses[0] if guesses and guesses[0].confidence >= SURE else None


def _detected(text: str | bytes) -> tuple[Guess, ...]:
    shown = readable(text)
    if shown.isascii() and not re.search("[\x01-\x08\x0e-\x1f]", shown):
        return _typed(shown)
    marked = list(
        islice((word for word in _RAW_WORD.findall(shown) if not word.isascii() or _controls(word)), _WORDS)
    )
    if not marked:
        return ()
    never = isinstance(text, bytes)  # bytes that are not UTF-8 cannot stand as they are
    standing = -math.inf if never else _AS_IT_STANDS + _as_it_stands(marked)
    read = [
        reading
        for table in tables().values()
        if table.detectable and not table.typed
        for reading in [_read(table, marked)]
        if reading.changed
    ]
    most = max([standing, *(reading.weight for reading in read)])
    total = math.exp(standing - most) + sum(math.exp(reading.weight - most) for reading in read)
    guesses = [
        Guess(
            reading.table.name,
            round(min(math.exp(reading.weight - most) / total, 0.999) * reading.quality, 3),
            reading.before,
            reading.after,
        )
        for reading in read
    ]
    return _ranked(guesses)


def _controls(word: str) -> bool:
    return any(char < " " for char in word)


def _ranked(guesses: Iterable[Guess]) -> tuple[Guess, ...]:
    worth = (guess for guess in guesses if guess.confidence >= _LEAST)
    return tuple(sorted(worth, key=lambda guess: -guess.confidence))


def _as_it_stands(words: list[str]) -> float:
    """How likely the words are as Unicode: in the one spelling that they fit best."""
    judged = [(core(nfc(word)), _odd(word)) for word in words if not is_unicode(word)]
    neutral = _NEUTRAL * (len(words) - len(judged))
    return neutral + max(
        sum(
            _NEUTRAL if len(word) < 2 else _WELL if spelling.fits(word) else _HARDLY if odd else _BADLY
            for word, odd in judged
        )
        for spelling in spellings()
    )


def _odd(word: str) -> bool:
    """Whether there are symbols among the letters of a word, or accents that stand by themselves."""
    return any(unicodedata.category(char) in _NO_LETTER for char in core(word)) or bool(_ACCENT.search(word))


@dataclass(frozen=True)
class _Reading:
    table: LegacyTable
    weight: float
    changed: int
    quality: float
    before: str
    after: str


def _read(table: LegacyTable, words: list[str]) -> _Reading:
    """How likely the words are as text of the table."""
    weight, changed, well, sample = _LEGACY, 0, 0, ("", "")
    for word in words:
        if is_unicode(word):
            weight += _MIXED
            continue
        made, unknown = table.unicode(word)
        bare = core(made)
        good = not unknown and fits(table, bare)
        if made == nfc(word):
            weight += _NEUTRAL if not bare else _WELL if good else _BADLY
            continue
        changed += 1
        well += good
        weight += _NEUTRAL if good and len(bare) < 2 else _WELL if good else _BADLY
        if good and len(made) > len(sample[1]):
            sample = (word, made)
    quality = well / changed if changed else 0.0
    return _Reading(table, weight, changed, quality, *sample)


def fits(table: LegacyTable, word: str) -> bool:
    """Whether a converted word reads well, by the spelling of the table, else by any spelling that says how."""
    if table.unwraps:
        # That the bytes are UTF-8 says enough; what they say may be in any language.
        return bool(word) and not any("\x80" <= char <= "\x9f" for char in word)
    known = models()
    chosen = [known[table.orthography]] if table.orthography in known else list(known.values())
    return any(model.fits(word) for model in chosen)


def _typed(text: str) -> tuple[Guess, ...]:
    """Guesses for text of ASCII alone: encodings that are typed with the signs of the keyboard."""
    guesses = []
    for table in tables().values():
        if not (table.detectable and table.typed):
            continue
        words = list(islice(_TYPED_WORD.findall(text), _WORDS))
        made = [core(table.unicode(word)[0]) for word in words]
        changed = [(word, result) for word, result in zip(words, made, strict=True) if not result.isascii()]
        well = [(word, result) for word, result in changed if fits(table, result)]
        kinds = {char for word, _result in well for char in word if not char.isalnum()}
        if len(well) < _TYPED_LEAST or len(kinds) < _TYPED_LEAST or len(well) < _TYPED_SHARE * len(words):
            continue
        sample = max(well, key=lambda pair: len(pair[1]))
        guesses.append(Guess(table.name, round(0.999 * len(well) / len(changed), 3), *sample))
    return _ranked(guesses)
