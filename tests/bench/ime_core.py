"""How fast keyboards load, compile, type and answer how to type: `python -m tests.bench.ime_core`.

Words are made of the syllables that the alphabets allow as exemplars, mixed at random: nothing is in a cache before.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress

from ime.catalogue import keyboards
from ime.compiling import compiled
from ime.errors import Untypable
from ime.howto import howto
from ime.model import Keyboard
from ime.program import Program
from ime.typing import type_keys
from languages import registry

KEYS, WORDS = 200_000, 100_000


def timed(function: Callable[[], object]) -> float:
    """Seconds that a function takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def words(keyboard: Keyboard, count: int) -> list[str]:
    """Made-up words of two to seven letters of the alphabet."""
    chance = random.Random(keyboard.id)
    alphabet = registry().orthography(keyboard.orthography).alphabet
    return ["".join(chance.choices(alphabet, k=chance.randint(2, 7))) for _ in range(count)]


def tried(program: Program, text: str) -> None:
    """Ask how to type a text, whether or not it can be typed."""
    with suppress(Untypable):
        howto(program, text)


def main() -> None:
    """Print the numbers of each keyboard."""
    registry()
    print(f"load all: {timed(keyboards):.2f} s")
    print(f"{'keyboard':24}{'rules':>6}{'compile ms':>12}{'keys/s':>10}{'howto words/s':>15}")
    for keyboard in keyboards().by_id.values():
        took = timed(lambda keyboard=keyboard: compiled(keyboard))  # type: ignore[misc]
        program = compiled(keyboard)
        chance = random.Random(1)
        typed = chance.choices(list(program.keys), k=KEYS)
        speed = KEYS / timed(lambda: type_keys(program, typed))  # noqa: B023
        texts = words(keyboard, WORDS // 10)
        answers = len(texts) / timed(lambda: [tried(program, text) for text in texts])  # noqa: B023
        print(f"{keyboard.id:24}{len(program.rules):6}{took * 1000:12.1f}{speed:10.0f}{answers:15.0f}")


if __name__ == "__main__":
    main()
