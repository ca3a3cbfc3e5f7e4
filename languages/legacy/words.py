"""How well text reads: by the syllables that profiles describe, and by the letters of their spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from languages.catalogue import registry
from languages.errors import ProfileError
from languages.legacy.loading import PROFILE_FOLDER, WORDS_FILE, is_own, read
from languages.orthography import Orthography
from languages.text import APOSTROPHES, nfc, nfd

_KEYS: Final[Mapping[str, type]] = {
    "format": int, "orthography": str, "reviewed": bool, "tones": list, "pattern": str, "source": list,
}  # fmt: skip
_LONGEST: Final = 300  # characters of a word; what is longer is none
_INSIDE: Final = frozenset(APOSTROPHES + "-\u200b\u200c\u200d\u2060")


@dataclass(frozen=True, eq=False)
class WordModel:
    """What a word of one spelling looks like, as `legacy/words.toml` of its profile says."""

    orthography: str
    pattern: re.Pattern[str]
    tones: frozenset[str]

    def __post_init__(self) -> None:
        # Each model remembers what it was asked; texts repeat their words.
        object.__setattr__(self, "fits", lru_cache(maxsize=16384)(self.fits))

    def fits(self, word: str) -> bool:
        """Whether a word (NFC, without punctuation around it) is written as words of the spelling are."""
        if len(word) > _LONGEST or not _usual_case(word):
            return False
        small = word.lower()
        if self.tones:
            parted = nfd(small)
            bare = "".join(char for char in parted if char not in self.tones)
            small = nfc(bare) + "".join(char for char in parted if char in self.tones)
        return self.pattern.fullmatch(small) is not None


@dataclass(frozen=True, eq=False)
class Letters:
    """The letters of one spelling, with every mark that the profile allows on them."""

    orthography: str
    marked: frozenset[str]
    marks: frozenset[str]

    def fits(self, word: str) -> bool:
        """Whether a word is made of these letters alone."""
        if not _usual_case(word):
            return False
        small = word.lower()
        if self.marked.issuperset(small):
            return True
        for letter in _LETTER.findall(nfd(small)):
            if letter not in self._parted and not (
                self.marks.issuperset(letter[1:]) and letter[0] in self._parted
            ):
                stripped = "".join(char for char in letter if char not in self.marks)
                if stripped not in self._parted:
                    return False
        return True

    @cached_property
    def _parted(self) -> frozenset[str]:
        return frozenset(nfd(letter) for letter in self.marked)


def _usual_case(word: str) -> bool:
    """Small letters, capitals, or a capital first; each part of a compound by itself."""
    return all(
        part in (part.lower(), part.upper()) or part[1:] == part[1:].lower() for part in _PART.findall(word)
    )


_PART: Final = re.compile(r"[^\W\d_][^-'’ʼ]*")
_LETTER: Final = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]*")


def models() -> Mapping[str, WordModel]:
    """The word models of all profiles, by the tag of the orthography.

    Raises ProfileError for one of the house's own that is wrong.
    """
    return _loaded()[0]


def problems() -> tuple[ProfileError, ...]:
    """What is wrong with models that lie with the profiles of NHASAN_PROFILES_DIR and were left out."""
    return _loaded()[1]


@lru_cache(maxsize=1)
def _loaded() -> tuple[Mapping[str, WordModel], tuple[ProfileError, ...]]:
    made: dict[str, WordModel] = {}
    wrong: list[ProfileError] = []
    for profile in registry().profiles.values():
        path = Path(profile.folder) / PROFILE_FOLDER / WORDS_FILE
        if not path.is_file():
            continue
        tags = [orthography.tag for orthography in profile.orthographies]
        try:
            model = load_words(path, f"{profile.code}/{PROFILE_FOLDER}/{WORDS_FILE}", tags)
            made[model.orthography] = model
        except ProfileError as problem:
            if is_own(path):
                raise
            wrong.append(problem)
    return MappingProxyType(made), tuple(wrong)


def load_words(path: Path, where: str, tags: Sequence[str]) -> WordModel:
    """The word model of a file, for one of these spellings. Raises ProfileError."""
    data = read(path, where, _KEYS)
    tag = data.get("orthography", "")
    if tag not in tags:
        raise ProfileError("reference", where, "orthography", f"the profile has no spelling {tag!r}")
    try:
        pattern = re.compile(data.get("pattern", ""), re.X)
    except re.error as error:
        raise ProfileError("regex", where, "pattern", str(error)) from None
    return WordModel(tag, pattern, frozenset(data.get("tones", ())))


@lru_cache(maxsize=1)
def spellings() -> tuple[WordModel | Letters, ...]:
    """What text that is Unicode already may be: every spelling of every profile."""
    return tuple(
        models().get(orthography.tag) or _letters(orthography) for orthography in registry().orthographies
    )


def _letters(orthography: Orthography) -> Letters:
    exemplars = orthography.exemplars
    found = set(_INSIDE)
    for written in (*orthography.alphabet, *exemplars.main, *exemplars.auxiliary):
        for letter in _LETTER.findall(nfd(written.lower())):
            found.add(nfc(letter))
    found.update("abcdefghijklmnopqrstuvwxyz" if orthography.script == "Latn" else "")
    marks = frozenset(char for mark in exemplars.marks for char in nfd(mark))
    if orthography.script != "Latn":
        found |= marks
    return Letters(orthography.tag, frozenset(found), marks)


def core(word: str) -> str:
    """A word without the punctuation and symbols around it; empty when there is nothing else."""
    start, end = 0, len(word)
    while start < end and unicodedata.category(word[start])[0] not in "LMC":
        start += 1
    while end > start and unicodedata.category(word[end - 1])[0] not in "LMC":
        end -= 1
    return word[start:end]
