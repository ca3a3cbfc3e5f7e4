"""What the commands of the house have in common: lines in and out, complaints, and the exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from languages.errors import LanguageError
from languages.text import storable

FAILED: Final = 1
"""The exit status when some line, profile or keyboard is wrong."""


def run(command: Callable[[], int]) -> int:
    """The exit status of a command: its own, or `FAILED` when it cannot be done or its reader has had enough."""
    try:
        status = command()
        sys.stdout.flush()
    except LanguageError as error:
        complain(str(error))
        return FAILED
    except BrokenPipeError:
        # Nothing may be flushed to the reader at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status


def each_line(text: str | None, function: Callable[[str], str]) -> int:
    """One text, or every line of the standard input: a line in, a line out, an empty one where it failed."""
    if text is not None:
        show(function(text))
        return 0
    status = 0
    for number, answer in _answers(sys.stdin.buffer, function):
        if isinstance(answer, Exception):
            complain(f"line {number}: {answer}")
            status, answer = FAILED, ""
        show(answer)
        sys.stdout.flush()  # whoever wrote the line may wait for the answer
    return status


def _answers(lines: Iterable[bytes], function: Callable[[str], str]) -> Iterator[tuple[int, str | Exception]]:
    for number, line in enumerate(lines, start=1):
        try:
            yield number, function(line.decode("utf-8").rstrip("\r\n"))
        except UnicodeDecodeError as error:
            yield number, ValueError(f"not UTF-8 (byte {error.start + 1})")
        except LanguageError as error:
            yield number, error


def show(text: str) -> None:
    """One line on the standard output."""
    sys.stdout.buffer.write(storable(text).replace("\n", " ").encode() + b"\n")


def complain(text: str) -> None:
    """One line on the standard error output."""
    sys.stderr.write(storable(text) + "\n")
