"""Plain Unicode operations that every orthography shares; ICU's data, whatever version Python itself holds."""

from __future__ import annotations

import re
from functools import lru_cache

import icu

_NFC = icu.Normalizer2.getNFCInstance()
_NFD = icu.Normalizer2.getNFDInstance()

# What no database column and no UTF-8 file can hold.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Base of the private-use range that notes marks: planes 15 and 16.
MARK_OFFSET = 0xF0000
MARK_RANGE = "\U000f0000-\U0010ffff"
MARKS_NOTED = re.compile(f"[{MARK_RANGE}]+")
# The mark that stands for "a variant of this base letter": COMBINING SHORT STROKE OVERLAY.
VARIANT = "\u0335"
APOSTROPHES = "'`´ʹʻʼʽˈ′‘’‛ꞌ＇"


def character_class(pattern: str) -> str:
    """The inside of a `re` character class with the members of an ICU set pattern (`[:M:]`)."""
    chosen = icu.UnicodeSet(pattern)
    parts = []
    for index in range(chosen.getRangeCount()):
        first, last = chosen.getRangeStart(index), chosen.getRangeEnd(index)
        parts.append(re.escape(first) if first == last else f"{re.escape(first)}-{re.escape(last)}")
    return "".join(parts)


# Marks of no script of their own, and those of the alphabets that write vowels as letters or leave them out. The
# vowel signs of an Indic script are letters: an orthography declares which of its signs are marks.
_MARK_SET = icu.UnicodeSet("[[:M:]&[[:sc=Zinh:][:sc=Latn:][:sc=Grek:][:sc=Cyrl:][:sc=Arab:][:sc=Hebr:]]]")
_INVISIBLE = re.compile(
    "[" + character_class("[[:Default_Ignorable_Code_Point:][:Cc:]-[\\t\\n\\u000B\\f\\r\\u0085]]") + "]+"
)
_LATIN_LETTERS = icu.UnicodeSet("[[:L:]&[:sc=Latn:]]")
_LATIN_ASCII = icu.Transliterator.createInstance("Latin-ASCII")


def storable(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD."""
    return text if text.isascii() and "\x00" not in text else _UNSTORABLE.sub("\ufffd", text)


def nfc(text: str) -> str:
    """Normalization Form C."""
    return text if text.isascii() else str(_NFC.normalize(text))


def nfd(text: str) -> str:
    """Normalization Form D."""
    return text if text.isascii() else str(_NFD.normalize(text))


def case_folded(text: str) -> str:
    """Full case folding (Unicode section 3.13, toCasefold), in NFC."""
    if text.isascii():
        return text.lower()
    return nfc(str(icu.UnicodeString(text).foldCase()))


def visible(text: str) -> str:
    """The text without default-ignorable characters, controls, and with white space collapsed and trimmed."""
    if not text.isascii() or not text.isprintable():
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


def is_general_mark(char: str) -> bool:
    """Whether a character is a mark in every orthography."""
    return char in _MARK_SET


@lru_cache(maxsize=8192)
def latin_base(char: str) -> str:
    """The ASCII letters that a Latin letter without decomposition looks like (ƀ → b, æ → ae), else the letter."""
    if char.isascii() or char not in _LATIN_LETTERS:
        return char
    plain = str(_LATIN_ASCII.transliterate(char))
    return plain.lower() if plain.isascii() and plain.isalpha() else char
