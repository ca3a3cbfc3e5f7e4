"""Where words stand on the picture of a page, written small: it is read for the lines that have hits alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from media_pipeline.domain.corrections import Line

Box = tuple[int, int, int, int]


def written(line: Line) -> str:
    """The id of a line, and for each of its words `start,end,x,y,width,height`: place in the text, box in pixels."""
    return " ".join((line.id, *(",".join(map(str, word)) for word in _placed(line))))


def boxes(
    places: str, text: str, marks: Sequence[tuple[int, int]], *, cut: bool, scale: tuple[float, float]
) -> tuple[Box, ...]:
    """The boxes of the places `marks` in the text of a line, as `written` gave them, times `scale`.

    Where the machine kept several words in one box (scripts without blanks) the box is cut by their share of the
    letters if `cut` says so: in scripts that run from left to right.
    """
    found = []
    for start, end in marks:
        for begin, stop, x, y, w, h in _read(places):
            low, high = max(start, begin), min(end, stop)
            if low >= high:
                continue
            left, width = float(x), float(w)
            if cut and any(char.isalnum() for char in text[begin:low] + text[high:stop]):
                left += width * (low - begin) / (stop - begin)
                width *= (high - low) / (stop - begin)
            across, down = scale
            found.append(
                (
                    round(left * across),
                    round(y * down),
                    max(1, round(width * across)),
                    max(1, round(h * down)),
                )
            )
    return tuple(found)


def line_id(places: str) -> str:
    """The id of a line."""
    return places.partition(" ")[0]


def _read(places: str) -> Iterator[list[int]]:
    for word in places.split(" ")[1:]:
        yield [int(number) for number in word.split(",")]


def _placed(line: Line) -> Iterator[tuple[int, int, int, int, int, int]]:
    at = 0
    for word in line.words:
        start = line.text.find(word.text, at) if word.text else -1
        if start >= 0:
            at = start + len(word.text)
            yield start, at, word.x, word.y, word.w, word.h
