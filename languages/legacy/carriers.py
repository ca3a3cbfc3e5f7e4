"""The codes of legacy text, whatever it came through.

A legacy font gives the codes 80 to FF meanings of its own. Such text reaches us as bytes, or as characters that some
program made of the bytes: those of Windows-1252 (nearly always), of Latin-1 (where C1 controls stand for 80 to 9F) or
of Windows-1258 (a Vietnamese Windows). No character stands for two codes, so all three are undone at once.
"""

from __future__ import annotations

from typing import Final

# A table for str.translate: every character that may stand for a code, and the code.
_CODES: Final[dict[int, int]] = {}
for _carrier in ("latin-1", "cp1252", "cp1258"):
    for _code in range(0x80, 0x100):
        _char = bytes([_code]).decode(_carrier, "ignore")
        if _char:
            _CODES.setdefault(ord(_char), _code)


def codes(text: str | bytes) -> str:
    """The text with every code as the character of that number, at the same offset.

    Characters that stand for no code, because the text is not legacy there, are left as they are (above U+00FF).
    """
    if isinstance(text, bytes):
        return text.decode("latin-1")
    return text if text.isascii() else text.translate(_CODES)


def readable(text: str | bytes) -> str:
    """Bytes as the characters that most programs would have made of them; text as it is."""
    if isinstance(text, str):
        return text
    return text.decode("cp1252", "surrogateescape").translate(_UNDEFINED)


# What Windows-1252 leaves undefined is what it is in Latin-1.
_UNDEFINED: Final = {0xDC00 + code: code for code in range(0x80, 0x100)}


def is_unicode(text: str | bytes) -> bool:
    """Whether the text has letters that no legacy code can be, so that at least a part of it is Unicode already."""
    return any(char > "\xff" and char.isalpha() for char in codes(text))
