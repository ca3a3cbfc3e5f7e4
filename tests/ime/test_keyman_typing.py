"""Every keyboard of the house in Keyman's own engines: the .kmx of computers, the .js and the layout of phones."""

from __future__ import annotations

from functools import cache
from itertools import groupby

import pytest

from ime.compiling import compiled
from ime.howto import touch_howto
from ime.model import Keyboard
from ime.proof import keyman_js
from ime.proof.keyman_core import KEYMAN_CORE
from ime.proof.keyman_js import KEYMAN_JS
from ime.proof.run import PROVED, letters, strings, through
from tests.ime.keyman_kit import packages
from tests.ime.kit import shipped
from tests.ime.test_habits import headwords

# By language: its keyboards are compiled together.
LANGUAGES = [list(found) for _, found in groupby(shipped(), key=lambda keyboard: keyboard.language)]
FUZZ = 100
MOST_WORDS = 60


real_words = cache(headwords)


def words(keyboard: Keyboard) -> list[str]:
    """Some headwords of real data, evenly taken."""
    found = sorted(real_words().get(keyboard.orthography, ()))
    return found[:: len(found) // MOST_WORDS + 1]


@pytest.mark.parametrize("keyboards", LANGUAGES, ids=[found[0].language for found in LANGUAGES])
def test_letters_words_and_random_strokes_are_typed_alike(keyboards: list[Keyboard]) -> None:
    for keyboard, package in zip(keyboards, packages(keyboards), strict=True):
        program = compiled(keyboard)
        typed = strings(keyboard, program, words(keyboard), fuzz=FUZZ)
        for engine in (KEYMAN_CORE, KEYMAN_JS):
            row = through(keyboard, program, package, engine, typed, appending=False)
            assert row.state == PROVED, row
            assert row.strings >= FUZZ + 10
        touched = list(dict.fromkeys(letters(keyboard, program)))
        events = [keyman_js.touch_events(package, touch_howto(keyboard, text)) for text in touched]
        assert keyman_js.texts(package, events) == touched
