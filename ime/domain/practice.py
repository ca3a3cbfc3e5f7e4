"""Something to type when one tries a keyboard: a word or two of its language, and the keys for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ime.compiling import compiled
from ime.errors import Untypable
from ime.howto import howto, touch_howto
from ime.model import Keyboard
from ime.targets.web import presses, touches
from languages import registry

_LONGEST = 24  # characters: what one types to try


@dataclass(frozen=True)
class Practice:
    """A text, and as JSON the presses and touches that type it (see `ime.targets.web`)."""

    text: str
    presses: str
    touches: str


@lru_cache(maxsize=256)
def practice(keyboard: Keyboard) -> Practice | None:
    """The beginning of the orthography's sample, else its first letters, as far as the keyboard types them."""
    program = compiled(keyboard)
    for text in _texts(keyboard):
        try:
            return Practice(
                text,
                json.dumps(presses(howto(program, text))),
                json.dumps(touches(touch_howto(keyboard, text)), ensure_ascii=False),
            )
        except Untypable:
            continue
    return None


def _texts(keyboard: Keyboard) -> Iterator[str]:
    orthography = registry().orthography(keyboard.orthography)
    sample = orthography.normalise(orthography.sample)
    ends = [token.end for token in orthography.tokens(sample) if token.end <= _LONGEST]
    if ends:
        yield sample[: ends[-1]]
    yield " ".join(orthography.exemplars.main[:6])  # apart: side by side some mean another letter
