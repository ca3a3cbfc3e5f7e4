"""One legacy encoding or font: what its codes stand for, and the conversion by it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from languages.legacy.carriers import codes, readable
from languages.profile import Source
from languages.text import nfc, storable

# Words as typed: parted by plain white space alone, since codes may look like other kinds of it.
_WORD = re.compile(r"[^ \t\r\n]+")
_LINE = re.compile(r"[^\r\n]+")
# UTF-8 (RFC 3629) whose bytes stand as characters.
_UTF8 = re.compile(
    r"(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    r"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+|[\x80-\xff]"
)
_ROUNDS = 3  # text that was read wrongly, stored, and read wrongly again

Unknown = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Rule:
    """A rewriting of converted text: what is written in the order of the eye comes into that of Unicode."""

    pattern: re.Pattern[str]
    template: str


@dataclass(frozen=True, eq=False)
class LegacyTable:
    """A legacy encoding. `names` is by language of the interface; `fonts` matches whole names of fonts that have it.

    `unicode_font` is a font that has the same letters in Unicode. `detectable`: it may be guessed from text alone.
    `reviewed`: somebody who knows it has looked at it.
    """

    name: str
    names: Mapping[str, str]
    sources: tuple[Source, ...]
    fonts: tuple[re.Pattern[str], ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    orthography: str = ""
    rules: tuple[Rule, ...] = ()
    normalise: Callable[[str], str] = nfc
    unwraps: bool = False
    upper: bool = False
    capitals_in_font: bool = False
    escape: str = ""
    unicode_font: str = "Times New Roman"
    detectable: bool = True
    reviewed: bool = True

    @property
    def typed(self) -> bool:
        """Whether it is written with ASCII characters alone, as VIQR is."""
        return bool(self.codes) and not self.orthography and all(key.isascii() for key in self.codes)

    def has_font(self, font: str) -> bool:
        """Whether text in a font of this name is written in it."""
        return any(pattern.fullmatch(font) for pattern in self.fonts)

    def joins(self, before: str, after: str) -> bool:
        """Whether the last character of one piece and the first of the next are one letter together."""
        return codes(before[-1:] + after[:1]) in self.codes

    def unicode(self, text: str | bytes) -> tuple[str, Unknown]:
        """The text in Unicode, and the characters with their offsets that the table does not explain.

        All of it is taken for legacy; what no legacy code can be is left as it is.
        """
        original = storable(readable(text))
        coded = codes(text)
        unknown: list[tuple[int, str]] = []
        if self.unwraps:
            return self._unwrapped(original, coded, unknown)
        made = self._converted(coded, original, unknown)
        if self.upper:
            made = made.upper()
        elif self.capitals_in_font:
            made = _LINE.sub(_capitals, made)
        for rule in self.rules:
            made = rule.pattern.sub(rule.template, made)
        return self.normalise(storable(made)), tuple(unknown)

    def _converted(self, coded: str, original: str, unknown: list[tuple[int, str]]) -> str:
        def stands_for(match: re.Match[str]) -> str:
            found = self.codes.get(match.group())
            if found is not None:
                return found
            if match.lastgroup == "escaped":
                return match.group()[1:]
            char = original[match.start()]
            if char == "\ufffd" or unicodedata.category(char) not in _HARMLESS:
                unknown.append((match.start(), char))
            return char

        return self._pattern.sub(stands_for, coded)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = []
        if self.escape:
            parts.append(f"(?P<escaped>{re.escape(self.escape)}.)")
        parts.append(_any_of(self.codes))
        parts.append("[\x80-\xff\ufffd]")
        return re.compile("|".join(parts), re.S)

    def _unwrapped(self, original: str, coded: str, unknown: list[tuple[int, str]]) -> tuple[str, Unknown]:
        made = original
        for round_number in range(_ROUNDS):
            before = made

            def right(match: re.Match[str], source: str = before, first: bool = round_number == 0) -> str:
                if len(match.group()) > 1:
                    return match.group().encode("latin-1").decode("utf-8")
                char = source[match.start()]
                if first and unicodedata.category(char) not in _HARMLESS:
                    unknown.append((match.start(), char))
                return char

            made = _UTF8.sub(right, coded)
            # Characters beyond the codes are as they were; `coded` has them at the same places.
            coded = codes(made)
            if made == before or not any(len(found.group()) > 1 for found in _UTF8.finditer(coded)):
                break
        return self.normalise(storable(made)), tuple(unknown)


# Punctuation, symbols and spaces mean the same in the fonts as elsewhere, unless their tables say otherwise.
_HARMLESS = frozenset(("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "No", "Cf"))


def _capitals(line: re.Match[str]) -> str:
    """A line as it was meant, where letters with a tone could not be capitals though those around them are."""
    text = line.group()
    if not re.search("[A-Z]", text):
        return text
    words = [word.group() for word in _WORD.finditer(text)]
    certain = [word for word in words if len(re.findall("[A-Z]", word)) > 1 and not re.search("[a-z]", word)]
    if not certain:
        return text
    if not re.search("[a-z]", text):
        return text.upper()
    return _WORD.sub(lambda word: word.group().upper() if word.group() in certain else word.group(), text)


def _any_of(keys: Iterable[str]) -> str:
    """A pattern for the longest of the keys that stands at a place, by their common beginnings."""
    tree: dict[str, list[str]] = {}
    for key in keys:
        tree.setdefault(key[0], []).append(key[1:])
    alone = [first for first, rests in tree.items() if rests == [""]]
    parts = []
    for first, rests in tree.items():
        if rests != [""]:
            longer = _any_of(rest for rest in rests if rest)
            parts.append(f"{re.escape(first)}(?:{longer}){'?' if '' in rests else ''}")
    if alone:
        parts.append("[" + "".join(map(re.escape, alone)) + "]")
    return "|".join(parts)
