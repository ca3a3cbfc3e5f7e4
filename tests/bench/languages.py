"""What an orthography's functions cost, over real words: `python -m tests.bench.languages [TAG …]`.

Prints microseconds of processor time a call, after a first round that fills the memos.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

from languages import registry
from tests.languages.texts import real_words

ROUND = 0.1  # seconds a measurement


def cost(function: Callable[[str], object], words: Sequence[str]) -> float:
    """Microseconds a word."""
    for word in words:
        function(word)
    calls, begun = 0, time.process_time()
    while time.process_time() - begun < ROUND:
        for word in words:
            function(word)
        calls += len(words)
    return (time.process_time() - begun) / calls * 1e6


def main(tags: Sequence[str]) -> None:
    """Measure the orthographies named, or all."""
    begun = time.process_time()
    profiles = registry().profiles
    print(f"{len(profiles)} profiles read in {time.process_time() - begun:.2f} s")
    functions = ("normalise", "marked", "sound_keys", "keys", "sort_key", "first_letter", "tokens")
    print(f"{'orthography':22} words length", *(f"{name:>12}" for name in functions))
    for orthography in registry().orthographies:
        if tags and orthography.tag not in tags:
            continue
        words = real_words(orthography)
        length = sum(map(len, words)) / len(words)
        costs = (cost(getattr(orthography, name), words) for name in functions)
        print(
            f"{orthography.tag:22} {len(words):5} {length:6.1f}",
            *(f"{microseconds:12.1f}" for microseconds in costs),
        )


if __name__ == "__main__":
    main(sys.argv[1:])
