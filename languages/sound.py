"""Sound keys: words respelled in the shared skeleton of docs/profile-format.md, "Sound"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from languages.text import APOSTROPHES, character_class

MOST_KEYS = 16  # of one text
_WORD = re.compile("[" + character_class("[[:L:][:N:][:M:]]") + re.escape(APOSTROPHES) + "]+")
_DOUBLED = re.compile(r"(.)\1+")

SoundRule = tuple[str, ...]  # written, skeleton, other skeleton …


@dataclass(frozen=True)
class Respelling:
    """Sound rules ready to use: one pattern of all that is written, and what each stands for."""

    written: re.Pattern[str]
    skeletons: tuple[tuple[str, ...], ...]  # by the number of the pattern's group, from 1

    def keys(self, text: str, letters: Callable[[str], str]) -> frozenset[str]:
        """The skeletons of text of the tone tier; `letters` gives the base letters of what no rule knows."""
        keys = [""]
        for word in _WORD.findall(text):
            for found in self.written.finditer(word):
                group = found.lastindex
                choices = (_plain(letters(found.group())),) if group is None else self.skeletons[group - 1]
                if len(choices) == 1:
                    only = choices[0]
                    keys = [key + only for key in keys]
                elif len(keys) * len(choices) <= MOST_KEYS:
                    keys = [key + choice for key in keys for choice in choices]
                else:
                    keys = [key + choices[0] for key in keys]
        return frozenset(_DOUBLED.sub(r"\1", key) for key in keys if key)


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
    alternatives = [f"({_expression(written)})" for written in ordered]
    return Respelling(
        re.compile("|".join([*alternatives, "."]), re.DOTALL), tuple(chosen[w] for w in ordered)
    )


def _expression(written: str) -> str:
    front, back = written.startswith("^"), written.endswith("$")
    body = re.escape(written.strip("^$"))
    # Each word is matched alone, so that the text's edges are the word's.
    return (r"\A" if front else "") + body + (r"\Z" if back else "")
