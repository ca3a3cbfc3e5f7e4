"""Sound keys: words respelled in the shared skeleton of docs/profile-format.md, "Sound"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from languages.text import APOSTROPHES, character_class

MOST_KEYS = 16  # of one text
_REMEMBERED = 10_000  # words whose skeletons are kept, as words come again
_LONG = 40
_WORD = re.compile("[" + character_class("[[:L:][:N:][:M:]]") + re.escape(APOSTROPHES) + "]+")
_DOUBLED = re.compile(r"(.)\1+")

SoundRule = tuple[str, ...]  # written, skeleton, other skeleton …


class Respelling:
    """Sound rules ready to use: one pattern of all that is written, and what each stands for."""

    def __init__(self, written: re.Pattern[str], skeletons: tuple[tuple[str, ...], ...]) -> None:
        self._written = written
        self._skeletons = skeletons  # by the number of the pattern's group, from 1
        self._memo: dict[str, tuple[str, ...]] = {}

    def keys(self, text: str, letters: Callable[[str], str]) -> frozenset[str]:
        """The skeletons of text of the tone tier; `letters` gives the base letters of what no rule knows."""
        keys = [""]
        for word in _WORD.findall(text):
            choices = self._memo.get(word)
            if choices is None:
                choices = self._word(word, letters)
                if len(self._memo) >= _REMEMBERED:
                    self._memo.clear()
                if len(word) < _LONG:
                    self._memo[word] = choices
            keys = _followed(keys, choices)
        # No match crosses a line, so that all keys are gone through at once.
        lines = "\n".join(keys)
        if lines.count("\n") != len(keys) - 1:
            return frozenset(_DOUBLED.sub(r"\1", key) for key in keys if key)
        return frozenset(filter(None, _DOUBLED.sub(r"\1", lines).split("\n")))

    def _word(self, word: str, letters: Callable[[str], str]) -> tuple[str, ...]:
        keys = [""]
        for found in self._written.finditer(word):
            group = found.lastindex
            keys = _followed(
                keys, (_plain(letters(found[0])),) if group is None else self._skeletons[group - 1]
            )
        return tuple(dict.fromkeys(keys))


def _followed(keys: list[str], choices: tuple[str, ...]) -> list[str]:
    """Each key with each choice after it; with the first alone where that would be too many."""
    if len(choices) > 1 and len(keys) * len(choices) <= MOST_KEYS:
        return [key + choice for key in keys for choice in choices]
    first = choices[0]
    return [key + first for key in keys] if first else keys


def _plain(text: str) -> str:
    return text if text.isalnum() else "".join(filter(str.isalnum, text))


def respelling(tables: Sequence[Sequence[SoundRule]]) -> Respelling:
    """Rules of several tables, earlier tables first, as a `Respelling`.

    The longest `written` wins, one that is tied to an edge of the word before a free one, an earlier table's before a
    later one's.
    """
    chosen: dict[str, tuple[str, ...]] = {}
    for table in tables:
        for written, *skeletons in table:
            chosen.setdefault(written, tuple(skeletons))
    ordered = sorted(chosen, key=lambda written: (-len(written.strip("^$")), -len(written)))
    # The groups are empty and come last: alternatives that begin with a letter are passed over quickly.
    alternatives = [f"{_expression(written)}()" for written in ordered]
    return Respelling(
        re.compile("|".join([*alternatives, "."]), re.DOTALL), tuple(chosen[w] for w in ordered)
    )


def _expression(written: str) -> str:
    front, back = written.startswith("^"), written.endswith("$")
    body = re.escape(written.strip("^$"))
    # Each word is matched alone, so that the text's edges are the word's.
    return (r"\A" if front else "") + body + (r"\Z" if back else "")
