"""Touch layouts: what a file says, completed by derivation from the hardware layers.

A phone has room for ten letters in a row. Letters keep the rows of the hardware keyboard; what does not fit goes to a
row above. A letter that is another one with a mark (ă, đ) has no key of its own: a long press on the plain letter
offers it, beside what AltGr gives on that key and what transforms make of it. Digits and signs stand on "numeric". What
then is still out of reach, of all that hardware keys give and the orthography needs, comes last, on "symbols".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType
from typing import Final

from ime.model import DeadKey, Key, TouchKey, TouchLayer, Transform
from ime.patterns import SetPart, is_mark, parse_source, parse_target
from ime.positions import ROWS, SPACE
from ime.program import Modifiers
from ime.touch_file import TouchFile, letter_key, role_key
from languages import Orthography
from languages.text import latin_base, nfc, nfd

WIDEST: Final = 10  # letters in a row
LAYERS: Final = ("default", "shift", "numeric", "symbols")
_DIGITS: Final = "1234567890"
_USUAL: Final = ".,?!:;'\"()-/@&%+=*#_“”‘’«»…–"  # signs that "numeric" has room for, most wanted first
_SIGN_ROWS: Final = 3
_UNDER: Final = MappingProxyType(
    {"Comma": "'\"()-", "Period": "?!:;…"}
)  # long presses of the two signs below

_Rows = list[list[TouchKey]]


@dataclass(frozen=True)
class Ground:
    """What a touch layout is derived from: the hardware side of the keyboard, and the orthography."""

    layers: Mapping[Modifiers, Mapping[str, Key]]
    dead: Mapping[str, DeadKey]
    transforms: Sequence[Transform]
    sets: Mapping[str, tuple[str, ...]]
    orthography: Orthography

    def output(self, held: Modifiers, code: str) -> str:
        """What a place gives, nothing for a dead key."""
        key = self.layers.get(held, {}).get(code)
        return key.output if key is not None else ""

    def outputs(self) -> Iterator[str]:
        """What all keys give but the space bar."""
        for layer in self.layers.values():
            yield from (key.output for code, key in layer.items() if key.output and code != SPACE)

    def spaces(self) -> tuple[str, ...]:
        """What the space bar gives, by itself first."""
        found = [self.output(held, SPACE) for held in ("", "shift", "altgr", "shift+altgr")]  # type: ignore[arg-type]
        return tuple(dict.fromkeys(filter(None, found))) or (" ",)

    def letters(self) -> tuple[str, ...]:
        """What the orthography needs, upper case too where it has case; a mark stands on its base."""
        exemplars = self.orthography.exemplars
        lower = (*exemplars.main, *exemplars.auxiliary)
        upper = (text.upper() for text in lower if len(text.upper()) == len(text))
        marked = (nfc(exemplars.base + mark) for mark in exemplars.marks)
        single = (
            text if len(text) == 1 else mark for text, mark in zip(marked, exemplars.marks, strict=True)
        )
        return tuple(dict.fromkeys((*lower, *upper, *single)))

    def made(self) -> Mapping[str, str]:
        """What dead keys and transforms make, and of which letter."""
        found: dict[str, str] = {}
        for dead in self.dead.values():
            for pressed, result in dead.results.items():
                found.setdefault(result, pressed)
        for rule in self.transforms:
            for result, start in _made(rule, self.sets):
                found.setdefault(result, start)
        return found


def _made(rule: Transform, sets: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """What a transform with one result, or one for each element of a set, makes, and of what."""
    first, result = parse_source(rule.source)[0], parse_target(rule.to)
    if len(result) != 1:
        return
    if isinstance(first, str) and isinstance(result[0], str):
        yield result[0], first[0]
    elif (
        isinstance(first, SetPart)
        and isinstance(result[0], SetPart)
        and result[0] != SetPart(first.label, "")
    ):
        same = result[0].label == first.label
        yield from zip(sets[result[0].name], sets[first.name], strict=True) if same else ()


def completed_touch(file: TouchFile, ground: Ground) -> tuple[TouchLayer, ...]:
    """All touch layers: default, shift where there is anything on it, numeric, and symbols where needed."""
    rows: dict[str, _Rows] = {layer: [list(row) for row in keys] for layer, keys in file.layers.items()}
    for layer, held in (("default", ""), ("shift", "shift")):
        if layer == "shift" and layer not in rows and "default" in file.layers and _is_cased(ground):
            rows[layer] = [[_raised(key) for key in row] for row in rows["default"]]
        elif layer not in rows:
            rows[layer] = _letter_rows(ground, held)  # type: ignore[arg-type]
    if not any(key.output for row in rows["shift"] for key in row):
        del rows["shift"]
    bars = {layer: _bar(ground) for layer in rows if layer in ("default", "shift")}
    there = {key.output for row in chain(*rows.values(), *bars.values()) for key in row}
    if "numeric" not in rows:
        rows["numeric"] = _sign_rows(ground, there)
    finished = _offered(file, ground, rows)
    left = [letter_key(text) for text in _out_of_reach(ground, finished, bars)]
    if left:
        finished["symbols"] = [*finished.get("symbols", []), *_in_rows(left)]
    return tuple(
        TouchLayer(layer, tuple(map(tuple, _with_roles(ground, layer, finished, bars.get(layer, [])))))
        for layer in LAYERS
        if layer in finished
    )


# --- letters --------------------------------------------------------------------------------------------------


def _is_letter(text: str) -> bool:
    return any(unicodedata.category(char)[0] in "LM" for char in text)


def _is_cased(ground: Ground) -> bool:
    return any(letter.upper() != letter for letter in ground.orthography.alphabet)


def _base(text: str) -> str:
    """The plain letter of a letter with marks, in its case; the text itself if it is none."""
    first, marks = nfd(text)[0], nfd(text)[1:]
    if not all(map(is_mark, marks)):
        return text
    plain = latin_base(first)
    return plain.upper() if first.upper() == first != first.lower() else plain


def _letter_rows(ground: Ground, held: Modifiers) -> _Rows:
    """The letters of a hardware layer in rows of ten at most; at a place without one, that of the other layer."""
    other: Modifiers = "" if held else "shift"
    plain = {ground.output(layer, code) for layer in ("", held) for row in ROWS for code in row}
    rows: list[list[str]] = []
    for row in ROWS:
        found = []
        for code in row:
            own, shifted = ground.output(held, code), ground.output(other, code)
            text = own if _is_letter(own) else shifted if rows and _is_letter(shifted) else ""
            if text and (_base(text) == text or _base(text) not in plain):
                found.append(text)
        rows.append(found)
    top = [*rows[0], *(text for row in rows[1:] for text in row[WIDEST:])]
    spread = [top[at : at + WIDEST] for at in range(0, len(top), WIDEST)]
    return [
        [letter_key(text) for text in row] for row in (*spread, *(row[:WIDEST] for row in rows[1:])) if row
    ]


def _raised(key: TouchKey) -> TouchKey:
    upper = key.output.upper()
    return letter_key(upper) if key.output and len(upper) == len(key.output) else key


# --- long presses ---------------------------------------------------------------------------------------------


def _offered(file: TouchFile, ground: Ground, rows: Mapping[str, _Rows]) -> dict[str, _Rows]:
    """The rows with what long presses and flicks give."""
    offers: dict[tuple[str, str], list[str]] = {}
    homes = {key.output: layer for layer in reversed(LAYERS) for row in rows.get(layer, ()) for key in row}
    made = ground.made()
    for text in _to_offer(ground):
        home = next((base for base in _bases(text, made) if base in homes), "")
        if text not in homes and home:
            offers.setdefault((homes[home], home), []).append(text)
    for held, beside in (("altgr", ""), ("shift+altgr", "shift")):
        for code, key in ground.layers.get(held, {}).items():  # type: ignore[call-overload]
            near = ground.output(beside, code)  # type: ignore[arg-type]
            taken = {text for each in offers.values() for text in each}
            if (
                _is_letter(key.output)
                and key.output not in taken
                and key.output not in homes
                and near in homes
            ):
                offers.setdefault((homes[near], near), []).append(key.output)
    digits = next((row for row in rows["numeric"]), [])
    for key, latin in zip(digits, _DIGITS, strict=False):
        if key.output.isdecimal() and key.output != latin:
            offers.setdefault(("numeric", key.output), []).append(latin)
    return {
        layer: [
            [
                replace(
                    key,
                    long_press=file.long_press.get(key.output, tuple(offers.get((layer, key.output), ()))),
                    flick=MappingProxyType(dict(file.flicks.get(key.output, {}))),
                )
                if key.output
                else key
                for key in row
            ]
            for row in keys
        ]
        for layer, keys in rows.items()
    }


def _to_offer(ground: Ground) -> Iterator[str]:
    """Letters that a long press may offer: first those of the orthography, then what else keys make."""
    results = (result for dead in ground.dead.values() for result in dead.results.values())
    yield from dict.fromkeys(
        text for text in (*ground.letters(), *ground.outputs(), *results) if _is_letter(text)
    )


def _bases(text: str, made: Mapping[str, str]) -> Iterator[str]:
    """The letters that a letter may stand under, nearest first."""
    base = _base(text)
    if base != text:
        yield base
    seen = {text}
    while text in made and made[text] not in seen:
        text = made[text]
        seen.add(text)
        yield text


# --- digits and signs -----------------------------------------------------------------------------------------


def _sign_rows(ground: Ground, there: Iterable[str]) -> _Rows:
    """Digits (those of the script, if its keys have them), then signs, the usual ones first."""
    outputs = dict.fromkeys(ground.outputs())
    own = [text for text in outputs if len(text) == 1 and text.isdecimal() and not text.isascii()]
    digits = _by_value(own) if len(own) >= len(_DIGITS) else list(_DIGITS)
    signs = sorted(
        (text for text in outputs if _is_sign(text) and text not in set(there)),
        key=lambda text: _USUAL.find(text) if text in _USUAL else len(_USUAL),
    )
    rows = _in_rows([letter_key(text) for text in signs])[:_SIGN_ROWS]
    return [[letter_key(text) for text in digits], *rows]


def _is_sign(text: str) -> bool:
    return len(text) == 1 and unicodedata.category(text)[0] in "PS"


def _by_value(digits: Iterable[str]) -> list[str]:
    """1 to 9, then 0, as on the row of digits."""
    return sorted(digits, key=lambda digit: (unicodedata.decimal(digit) - 1) % 10)[: len(_DIGITS)]


def _bar(ground: Ground) -> list[list[TouchKey]]:
    """The sign before the space bar and the one behind it, where the comma's and the full stop's keys give signs."""
    outputs = set(ground.outputs())
    bar = []
    for code, more in _UNDER.items():
        sign = ground.output("", code)
        offers = tuple(each for each in more if each in outputs and each != sign)
        bar.append([replace(letter_key(sign), long_press=offers)] if _is_sign(sign) else [])
    return bar


# --- finishing ------------------------------------------------------------------------------------------------


def _out_of_reach(ground: Ground, rows: Mapping[str, _Rows], bars: Mapping[str, _Rows]) -> list[str]:
    given = set(ground.spaces()[:1])
    for row in chain(*rows.values(), *bars.values()):
        for key in row:
            given.update((key.output, *key.long_press, *key.flick.values()))
    wanted = dict.fromkeys((*ground.letters(), *ground.outputs(), *ground.spaces()))
    return [text for text in wanted if text not in given and not (len(text) > 1 and given.issuperset(text))]


def _with_roles(ground: Ground, layer: str, rows: Mapping[str, _Rows], bar: _Rows) -> _Rows:
    """The rows with the keys that every layer has, where the file did not put them."""
    keys = rows[layer]
    have = {key.goes_to or key.role for row in keys for key in row}
    lettered = layer in ("default", "shift")
    shift = [role_key("shift")] if lettered and "shift" in rows and "shift" not in have else []
    back = [role_key("backspace")] if "backspace" not in have else []
    if lettered and keys and sum(key.width for key in keys[-1]) <= WIDEST - 2:
        keys = [*keys[:-1], [*shift, *keys[-1], *back]]
        shift = back = []
    ways = {"default": ["numeric"], "shift": ["numeric"], "numeric": ["default", "symbols"]}
    bottom = [*shift]
    bottom += (
        role_key(way) for way in ways.get(layer, ["default", "numeric"]) if way in rows and way not in have
    )
    if "space" not in have:
        before, behind = bar or ([], [])
        bottom += (*before, role_key("space"), *behind)
    if "enter" not in have:
        bottom.append(role_key("enter"))
    bottom += back
    return [[_spaced(ground, key) for key in row] for row in (*keys, bottom) if row]


def _spaced(ground: Ground, key: TouchKey) -> TouchKey:
    """The space bar with what it gives."""
    if key.role != "space" or key.output:
        return key
    own, *others = ground.spaces()
    return replace(key, output=own, label=letter_key(own).label, long_press=tuple(others))


def _in_rows(keys: Sequence[TouchKey]) -> _Rows:
    return [list(keys[at : at + WIDEST]) for at in range(0, len(keys), WIDEST)]
