"""Proving one keyboard in a process of its own: no database, no Django. See `ime.proof.run` for what is typed."""

from __future__ import annotations

from collections.abc import Sequence

from ime.catalogue import keyboards
from ime.errors import KeyboardError
from ime.proof import ENGINES
from ime.proof.run import FAILED, Row, prove
from ime.supplies import Supplies
from languages import registry


def prove_keyboard(
    name: str, engines: Sequence[str], most_words: int | None, fuzz: int, supplies: Supplies
) -> list[Row]:
    """The rows of one keyboard, through these engines (all, if none is named), with its first headwords.

    A keyboard whose rules contradict each other gives one row that says so.
    """
    supplies.settle()
    keyboard = keyboards().keyboard(name)
    orthography = registry().orthography(keyboard.orthography)
    words = [orthography.normalise(word) for word in supplies.headwords.get(keyboard.orthography, ())]
    asked = [engine for engine in ENGINES if engine.id in engines] if engines else ENGINES
    try:
        return list(prove(keyboard, supplies.kit(), words[:most_words], fuzz=fuzz, engines=asked))
    except KeyboardError as error:
        return [Row(name, "-", "-", FAILED, why=str(error))]
