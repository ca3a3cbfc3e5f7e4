"""How to type a word: on each keyboard of its orthography the shortest keys, or the letter that stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from ime.compiling import compiled
from ime.domain import shelf
from ime.domain.caps import Cap, caps
from ime.errors import KeyboardError, Untypable, shown
from ime.howto import howto
from ime.model import Keyboard
from ime.notation import show_keys
from languages import registry

_LONGEST = 200  # characters; nobody reads more keys than that


@dataclass(frozen=True)
class Way:
    """How a text is typed on one keyboard. `keys` is the notation of `ime.notation`; `problem` says why not."""

    keyboard: str
    language: str
    name: str
    caps: tuple[Cap, ...]
    keys: str
    problem: str = ""


def ways(tag: str, text: str, reader: str, chosen: str = "") -> tuple[Way, ...]:
    """A way for each keyboard of the orthography, the chosen one first, else the default one.

    Empty where the orthography has no keyboard, or the text is longer than anybody would follow.
    """
    if not text or len(text) > _LONGEST:
        return ()
    found = shelf.for_orthography(registry().orthography(tag).tag)
    ordered = sorted(found, key=lambda keyboard: keyboard.id != chosen)
    return tuple(filter(None, (_way(keyboard, text, reader) for keyboard in ordered)))


def _way(keyboard: Keyboard, text: str, reader: str) -> Way | None:
    name = shelf.name(keyboard, reader)
    try:
        pressed, keys = _pressed(keyboard, text)
    except Untypable as error:
        problem = _("This keyboard has no way to type %(letter)s.") % {"letter": shown(error.character)}
        return Way(keyboard.id, keyboard.language, name, (), "", problem)
    except KeyboardError:  # its rules contradict each other: the doctor names it
        return None
    return Way(keyboard.id, keyboard.language, name, pressed, keys)


@lru_cache(maxsize=10_000)
def _pressed(keyboard: Keyboard, text: str) -> tuple[tuple[Cap, ...], str]:
    normalised = registry().orthography(keyboard.orthography).normalise(text)
    presses = howto(compiled(keyboard), normalised)
    return caps(keyboard, presses), show_keys(presses)
