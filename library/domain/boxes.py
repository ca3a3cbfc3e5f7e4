"""Where words stand on the picture of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from languages import Orthography
from media_pipeline.domain.corrections import Line, Word
from media_pipeline.domain.texts import Page

Box = tuple[int, int, int, int]


def boxes(
    line: Line,
    marks: Sequence[tuple[int, int]],
    writing: Orthography,
    page: Page,
    size: tuple[int, int],
) -> tuple[Box, ...]:
    """The boxes of the places `marks` in the text of a line, in pixels of a picture of this `size` ((0, 0): of the
    picture that was read).

    Where a reading machine kept several words in one box (scripts without blanks) the box is cut by their share of the
    letters, if the script runs from left to right.
    """
    across = size[0] / page.width if size[0] and page.width else 1.0
    down = size[1] / page.height if size[1] and page.height else 1.0
    placed = list(_placed(line))
    found = []
    for start, end in marks:
        for word, begin, stop in placed:
            low, high = max(start, begin), min(end, stop)
            if low >= high:
                continue
            x, w = float(word.x), float(word.w)
            rest = line.text[begin:low] + line.text[high:stop]
            if writing.direction == "ltr" and any(char.isalnum() for char in rest):
                x += w * (low - begin) / (stop - begin)
                w *= (high - low) / (stop - begin)
            box = (x * across, word.y * down, w * across, word.h * down)
            found.append((round(box[0]), round(box[1]), max(1, round(box[2])), max(1, round(box[3]))))
    return tuple(found)


def _placed(line: Line) -> Iterator[tuple[Word, int, int]]:
    """The words of a line with their places in its text."""
    at = 0
    for word in line.words:
        start = line.text.find(word.text, at) if word.text else -1
        if start >= 0:
            at = start + len(word.text)
            yield word, start, at
