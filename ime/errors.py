"""What can go wrong with keyboards. Errors have a code and parameters beside the English message, for translation."""

from __future__ import annotations

from languages import LanguageError


class KeyboardError(LanguageError):
    """Something asked of a keyboard cannot be done."""


class KeyboardFileError(KeyboardError):
    """A keyboard's file is wrong; `file`, `line` (0: the whole file) and `key` (as `transform[2].to`) say where."""

    def __init__(self, code: str, file: str, line: int, key: str, problem: str, **params: object) -> None:
        where = ":".join(filter(None, (file, str(line) if line else ""))) + (f": {key}" if key else "")
        super().__init__(
            code, f"{where}: {problem}", file=file, line=line, key=key, problem=problem, **params
        )
        self.file = file
        self.line = line
        self.key = key
        self.problem = problem


class Untypable(KeyboardError):
    """A text that a keyboard cannot type: `character`, the code point at `index`, is the first in the way."""

    def __init__(self, keyboard: str, text: str, index: int) -> None:
        self.character = text[index]
        self.index = index
        super().__init__(
            "untypable",
            f"The keyboard {keyboard} cannot type {shown(self.character)} (character {index + 1} of “{text}”).",
            keyboard=keyboard,
            text=text,
            character=self.character,
            index=index,
        )


class BuildError(KeyboardError):
    """A package cannot be built: a compiler or a font is missing, or the platform cannot say what the keyboard does."""


def shown(text: str) -> str:
    """A text for a message, with its code points: “ŏ” (U+014F)."""
    return f"“{text}” ({' '.join(f'U+{ord(char):04X}' for char in text)})"
