"""The tiers case, tone and letter, the marked key, and patterns over it.

A text is split into base letters, each with its marks. A mark X is noted as the code point U+F0000 + X, so that all
marks lie in one range; see docs/profile-format.md, "Folding".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from languages.text import (
    APOSTROPHES,
    MARK_OFFSET,
    MARK_RANGE,
    MARKS_NOTED,
    VARIANT,
    is_general_mark,
    latin_base,
    nfc,
    nfd,
)

# A unit is what one written character (or declared sequence) stands for: letters, each with its marks as noted. Marks
# before the first letter belong to the letter before.
_Unit = tuple[str, tuple[tuple[str, str], ...]]

_REMEMBERED = 4_000  # characters; an orthography uses a few hundred
_ANY_MARKS = f"[{MARK_RANGE}]*"
_SEVERAL_MARKS = re.compile(f"[{MARK_RANGE}]{{2,}}")
_BACKSLASHED = frozenset(r".?+*|{}[]()\^$#&-~")
_BRACKETED = frozenset('"@<>')  # special in Lucene, where Rust knows no escape for them


def noted(mark: str) -> str:
    """A mark as it is noted in a marked key: apostrophes of every kind alike, planes 2 and above as the last one."""
    if mark in APOSTROPHES:
        mark = "'"
    return chr(min(MARK_OFFSET + ord(mark), 0x10FFFF))


_APOSTROPHE = noted("'")


@dataclass(frozen=True)
class FoldingRules:
    """What an orthography declares; see docs/profile-format.md, "Folding"."""

    tones: frozenset[str] = frozenset()
    tone_letters: re.Pattern[str] | None = None
    tone_home: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    vary: Mapping[str, str] = field(default_factory=dict)
    letters: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def without_marks(marked: str) -> str:
    """The base letters of a marked key: the letter tier."""
    return MARKS_NOTED.sub("", marked)


class Folder:
    """Splits case-folded text into base letters and marks. Immutable but for a memo of single characters."""

    def __init__(self, rules: FoldingRules) -> None:
        self._rules = rules
        self._tone_notes = frozenset(noted(rules.vary.get(tone, tone)) for tone in rules.tones)
        self._no_tones = dict.fromkeys(map(ord, rules.tones))
        self._sequences = _alternatives(rules.letters)
        self._memo: dict[str, _Unit] = {
            written: ("", tuple((base, self._note(marks)) for base, marks in spelled))
            for written, spelled in rules.letters.items()
        }
        self._letter_memo: dict[str, str] = {}
        self._written_memo: dict[str, str | None] = {}
        # Texts of these characters alone are their own marked key: most glosses are.
        self._plain = (
            frozenset()
            if self._sequences is not None or rules.tone_letters is not None
            else frozenset(char for char in map(chr, range(128)) if self._unit(char) == ("", ((char, ""),)))
        )

    def without_tones(self, text: str) -> str:
        """The tone tier of case-folded text."""
        rules = self._rules
        if rules.tone_letters is not None:
            text = rules.tone_letters.sub("", text)
        if not rules.tones or text.isascii():
            return text
        return nfc(nfd(text).translate(self._no_tones))

    def letters(self, text: str) -> str:
        """The letter tier of case-folded text: base letters alone."""
        if len(text) != 1:
            return without_marks(self.marked(text))
        found = self._letter_memo.get(text)  # sound keys ask for one letter at a time
        if found is None:
            found = without_marks(self.marked(text))
            if len(self._letter_memo) < 20_000:
                self._letter_memo[text] = found
        return found

    def marked(self, text: str) -> str:
        """Case-folded text as base letters, each followed by its marks in ascending order."""
        if self._plain.issuperset(text):
            return text
        memo = self._written_memo
        written: list[str] = []
        for unit in self._units(text, last_is_letter=False):
            found = memo[unit] if unit in memo else self._written(unit)
            if found is None:
                return "".join([base + marks for base, marks in self.split(text)])
            written.append(found)
        return _SEVERAL_MARKS.sub(_in_order, "".join(written))

    def pattern(self, text: str, *, prefix: bool = False) -> str:
        """A regex, to be anchored at both ends, over marked keys that have at least the marks of this text."""
        pattern = _pattern(self.split(text))
        if not prefix:
            return pattern
        # A tone letter at the end of what is typed so far may turn out to begin the next syllable.
        other = _pattern(self.split(text, last_is_letter=True))
        return f"{pattern}.*" if other == pattern else f"({pattern}|{other}).*"

    def split(self, text: str, *, last_is_letter: bool = False) -> list[tuple[str, str]]:
        """Base letters with their marks as noted, sorted; marks before any letter stand with an empty base.

        With `last_is_letter`, a tone letter at the end counts as a letter.
        """
        bases: list[str] = []
        marks: list[str] = []
        waiting = ""  # apostrophes at the start of a word wait for its first letter
        for unit in self._units(text, last_is_letter):
            leading, letters = self._unit(unit)
            if leading:
                if leading == _APOSTROPHE and (not bases or not bases[-1].isalnum()):
                    waiting += leading
                elif bases:
                    marks[-1] += leading
                else:
                    bases.append("")
                    marks.append(leading)
            for base, own in letters:
                if waiting and not base.isalnum():
                    bases.extend("'" * len(waiting))
                    marks.extend([""] * len(waiting))
                    waiting = ""
                bases.append(base)
                marks.append(own + waiting)
                waiting = ""
        bases.extend("'" * len(waiting))
        marks.extend([""] * len(waiting))
        if self._rules.tone_home:
            self._bring_tones_home(bases, marks)
        return [
            (base, own if len(own) < 2 else "".join(sorted(own)))
            for base, own in zip(bases, marks, strict=True)
        ]

    def _units(self, text: str, last_is_letter: bool) -> Iterable[str]:
        """The text cut into tone letters, declared sequences and single characters; tone letters carry a NUL."""
        tone_letters = self._rules.tone_letters
        if tone_letters is None:
            return self._cut(text)
        units: list[str] = []
        at = 0
        for found in tone_letters.finditer(text):
            if last_is_letter and found.end() == len(text):
                break
            units.extend(self._cut(text[at : found.start()]))
            units.extend("\0" + letter for letter in found.group())
            at = found.end()
        units.extend(self._cut(text[at:]))
        return units

    def _cut(self, text: str) -> Iterable[str]:
        return text if self._sequences is None else self._sequences.findall(text)

    def _unit(self, written: str) -> _Unit:
        unit = self._memo.get(written)
        if unit is None:
            unit = self._analyse(written)
            if len(self._memo) < _REMEMBERED:  # hostile text must not fill the memory
                self._memo[written] = unit
        return unit

    def _written(self, unit: str) -> str | None:
        """What a unit adds to a marked key, its marks in any order; None if that depends on what stands beside it."""
        leading, letters = self._unit(unit)
        added = leading + "".join([base + marks for base, marks in letters])
        alone = leading != _APOSTROPHE and all(base for base, _ in letters)
        if self._rules.tone_home:
            alone = alone and self._tone_notes.isdisjoint(added)
        found = added if alone else None
        if len(self._written_memo) < _REMEMBERED:
            self._written_memo[unit] = found
        return found

    def _analyse(self, written: str) -> _Unit:
        if written[0] == "\0":
            return self._note(written[1:]), ()
        if written in APOSTROPHES:
            return _APOSTROPHE, ()
        if MARKS_NOTED.fullmatch(written):
            written = "\ufffd"  # a private-use character must not pass for a mark
        parts = nfd(written)
        if not any(self._is_mark(part) for part in parts):
            parts = written
        leading = ""
        letters: list[tuple[str, str]] = []
        for part in parts:
            if self._is_mark(part):
                note = self._note(part)
                if letters:
                    letters[-1] = (letters[-1][0], letters[-1][1] + note)
                else:
                    leading += note
                continue
            plain = latin_base(part)
            if plain == part:
                letters.append((part, ""))
            else:
                letters.extend((letter, noted(VARIANT)) for letter in plain)
        return leading, tuple(letters)

    def _is_mark(self, char: str) -> bool:
        return char in self._rules.tones or char in self._rules.marks or is_general_mark(char)

    def _note(self, marks: str) -> str:
        return "".join(noted(self._rules.vary.get(mark, mark)) for mark in marks)

    def _bring_tones_home(self, bases: list[str], marks: list[str]) -> None:
        home, tones = self._rules.tone_home, self._tone_notes
        first = -1
        for at, base in enumerate(bases):
            if base not in home:
                first = -1
            elif first < 0:
                first = at
            else:
                found = "".join(mark for mark in marks[at] if mark in tones)
                if found:
                    marks[first] += found
                    marks[at] = "".join(mark for mark in marks[at] if mark not in tones)


def _in_order(marks: re.Match[str]) -> str:
    return "".join(sorted(marks.group()))


def _alternatives(written: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern that finds the longest declared sequence or else one character; None if all are single characters."""
    sequences = sorted((one for one in written if len(one) > 1), key=len, reverse=True)
    if not sequences:
        return None
    return re.compile("|".join(map(re.escape, sequences)) + "|.", re.DOTALL)


def _pattern(letters: Iterable[tuple[str, str]]) -> str:
    parts = []
    for base, marks in letters:
        parts.append(_literal(base))
        parts.extend(_ANY_MARKS + mark for mark in marks)
        parts.append(_ANY_MARKS)
    return "".join(parts)


def _literal(text: str) -> str:
    """Text that stands for itself in the regexes of Rust, Lucene, Python and PostgreSQL."""
    if text.isalnum():
        return text
    return "".join(
        "\\" + char if char in _BACKSLASHED else f"[{char}]" if char in _BRACKETED else char for char in text
    )


def spelled(written: str) -> Sequence[tuple[str, str]]:
    """The letters and marks that a value of `folding.letters` declares: `d\u0335`, or `n+h` for any mark."""
    if "+" in written[1:]:
        letters, _, marks = written.partition("+")
        return [*((letter, "") for letter in letters[:-1]), (letters[-1], marks)]
    result: list[tuple[str, str]] = []
    for char in nfd(written):
        if result and is_general_mark(char):
            result[-1] = (result[-1][0], result[-1][1] + char)
        else:
            result.append((char, ""))
    return result
