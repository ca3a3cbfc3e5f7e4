"""What typing means, said as plainly as docs/keyboards.md says it: the longest transform, else append; then NFC.

Slower than a program and free of its tricks; compiling takes its rules for normalisation from here, and tests hold
programs to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ime.patterns import is_mark
from ime.program import Rule
from ime.typing import Matcher, step
from languages.text import nfc

MOST_MARKS: Final = (
    3  # beside those that NFC joins to the letter; no orthography of the house has more than two
)


class Meaning:
    """A keyboard's transforms, expanded but without rules for normalisation."""

    def __init__(self, keyboard: str, rules: Iterable[Rule]) -> None:
        self.keyboard: Final = keyboard
        self._matcher: Final = Matcher(rules)

    def step(self, text: str, output: str) -> str:
        """The NFC text after one more output; the text itself where too many marks would stand in a row."""
        after = nfc(step(self._matcher, text, output))
        return text if too_many_marks(after) else after


def too_many_marks(text: str) -> bool:
    """Whether a text ends in more marks than a letter can bear."""
    tail = text[-1 - MOST_MARKS :]
    return len(tail) > MOST_MARKS and all(map(is_mark, tail))
