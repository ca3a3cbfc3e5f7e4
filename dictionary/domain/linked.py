"""Running text cut into words, so that each can lead to the dictionary."""

from __future__ import annotations

from dataclasses import dataclass

from dictionary.domain.derived import orthography


@dataclass(frozen=True)
class Piece:
    """A stretch of a text. `word`: it can be looked up; otherwise it is what stands between words."""

    text: str
    word: bool


def linked(text: str, tag: str) -> list[Piece]:
    """A text as the orthography of a tag cuts it; the pieces joined are the text again.

    A number is no word: it has no letter.
    """
    pieces: list[Piece] = []
    end = 0
    for token in orthography(tag).tokens(text):
        if not any(character.isalpha() for character in token.text):
            continue
        if token.start > end:
            pieces.append(Piece(text[end : token.start], False))
        pieces.append(Piece(token.text, True))
        end = token.end
    if end < len(text):
        pieces.append(Piece(text[end:], False))
    return pieces
