"""Touch layouts: what a file says, completed by derivation from the hardware layers.

A phone has room for ten letters in a row. Letters keep the rows of the hardware keyboard; what does not fit goes to a row
above. Digits and punctuation stand on "numeric" (and "symbols"). A long press offers what AltGr gives, letters of the
same base (ă â on a), and what the file says. Whatever a hardware key or the orthography's exemplars hold and no touch
key gives yet comes last, on "symbols".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Literal

from ime.errors import KeyboardError
from ime.model import DeadKey, Key, TouchKey, TouchLayer
from ime.patterns import DOTTED_CIRCLE, literal
from ime.positions import ROWS, SPACE
from ime.program import Modifiers
from languages import Orthography
from languages.text import latin_base, nfc, nfd

WIDEST: Final = 10  # letters in a row
LayerId = Literal["default", "shift", "numeric", "symbols"]
_ROLES: Final[Mapping[str, Literal["shift", "backspace", "space", "enter", "layer"]]] = MappingProxyType(
    {
        "shift": "shift",
        "backspace": "backspace",
        "space": "space",
        "enter": "enter",
        "default": "layer",
        "numeric": "layer",
        "symbols": "layer",
    }
)
_LABELS: Final = MappingProxyType(
    {
        "shift": "⇧",
        "backspace": "⌫",
        "space": "",
        "enter": "⏎",
        "default": "abc",
        "numeric": "123",
        "symbols": "#+=",
    }
)
_WIDTHS: Final = MappingProxyType(
    {
        "shift": 1.5,
        "backspace": 1.5,
        "space": 4.0,
        "enter": 1.5,
        "default": 1.5,
        "numeric": 1.5,
        "symbols": 1.5,
    }
)
_DIGITS: Final = "1234567890"
_FALLBACK_PUNCTUATION: Final = (",", ".")


@dataclass(frozen=True)
class TouchFile:
    """The touch part of a file, read: rows of keys by layer, long presses and flicks by what a key gives."""

    layers: Mapping[str, tuple[tuple[TouchKey, ...], ...]] = field(default_factory=dict)
    long_press: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flicks: Mapping[str, Mapping[Literal["up", "right", "down", "left"], str]] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        rows: Mapping[str, tuple[tuple[str, ...], ...]],
        named: Mapping[str, Mapping[str, str]],
        long_press: Mapping[str, str],
        flicks: Mapping[str, Mapping[Any, str]],
    ) -> TouchFile:
        """From the cells of the file; KeyboardError (with the param `key`) for a name that nothing has."""
        return cls(
            {
                layer: tuple(
                    tuple(_cell(cell, named, f"touch.layer[{at}].rows[{number}]") for cell in row)
                    for number, row in enumerate(cells)
                )
                for at, (layer, cells) in enumerate(rows.items())
            },
            {
                literal(key): tuple(_texts(offers, named, f"touch.longpress.{key}"))
                for key, offers in long_press.items()
            },
            {
                literal(key): {way: _text(cell, named, f"touch.flick.{key}") for way, cell in ways.items()}
                for key, ways in flicks.items()
            },
        )


def completed_touch(
    file: TouchFile,
    layers: Mapping[Modifiers, Mapping[str, Key]],
    dead: Mapping[str, DeadKey],
    orthography: Orthography,
    *,
    cased: bool,
) -> tuple[TouchLayer, ...]:
    """All touch layers: default, shift where there is anything on it, numeric, symbols where needed."""
    return _Derivation(file, layers, dead, orthography, cased or _is_cased(orthography)).layers()


# --- the file -------------------------------------------------------------------------------------------------


def _cell(cell: str, named: Mapping[str, Mapping[str, str]], where: str) -> TouchKey:
    name = cell[1:-1] if len(cell) > 2 and cell[0] == "{" and cell[-1] == "}" else ""
    if name in _ROLES:
        return _role(name)
    text = _text(cell, named, where)
    return TouchKey(text, named[name].get("label", "") or _label(text) if name else _label(text))


def _text(cell: str, named: Mapping[str, Mapping[str, str]], where: str) -> str:
    name = cell[1:-1] if len(cell) > 2 and cell[0] == "{" and cell[-1] == "}" else ""
    if name and name not in named:
        raise KeyboardError("unknown_cell", f"{cell} names no key of this file", key=where, cell=cell)
    text = literal(named[name]["output"] if name else cell)
    if nfc(text) != text:
        raise KeyboardError("not_nfc", f"{text!r} is not NFC; write {nfc(text)!r}", key=where, text=text)
    return text


def _texts(cells: str, named: Mapping[str, Mapping[str, str]], where: str) -> Iterator[str]:
    for cell in cells.split():
        yield _text(cell, named, where)


def _role(name: str) -> TouchKey:
    role = _ROLES[name]
    goes_to = name if role == "layer" else ""
    return TouchKey(label=_LABELS[name], role=role, goes_to=goes_to, width=_WIDTHS[name])


def _label(text: str) -> str:
    return DOTTED_CIRCLE + text if unicodedata.category(text[0]).startswith("M") else text


# --- derivation -----------------------------------------------------------------------------------------------


def _is_letter(text: str) -> bool:
    return bool(text) and any(unicodedata.category(char)[0] in "LM" for char in text)


def _is_cased(orthography: Orthography) -> bool:
    return any(letter.upper() != letter for letter in orthography.alphabet)


class _Derivation:
    """One keyboard's touch layout in the making."""

    def __init__(
        self,
        file: TouchFile,
        layers: Mapping[Modifiers, Mapping[str, Key]],
        dead: Mapping[str, DeadKey],
        orthography: Orthography,
        cased: bool,
    ) -> None:
        self.file = file
        self.hardware = layers
        self.dead = dead
        self.cased = cased
        marked = (nfc(orthography.exemplars.base + mark) for mark in orthography.exemplars.marks)
        # Where a letter and its mark are one character, nobody types the mark alone.
        marks = (text if len(text) == 1 else text[-1] for text in marked)
        self.exemplars = (*orthography.exemplars.main, *orthography.exemplars.auxiliary, *marks)
        self.offers: dict[str, dict[str, list[str]]] = {
            "default": {},
            "shift": {},
            "numeric": {},
            "symbols": {},
        }

    def layers(self) -> tuple[TouchLayer, ...]:
        """The layers, complete."""
        rows: dict[str, list[list[TouchKey]]] = {}
        codes = self._grid()
        for layer, held, more in (("default", "", "altgr"), ("shift", "shift", "shift+altgr")):
            if layer in self.file.layers:
                rows[layer] = [list(row) for row in self.file.layers[layer]]
            else:
                rows[layer] = self._letters(layer, held, more, codes)  # type: ignore[arg-type]
        if "default" in self.file.layers and "shift" not in self.file.layers and self.cased:
            rows["shift"] = [[_raised(key) for key in row] for row in rows["default"]]
        rows["shift"] = [row for row in rows["shift"] if row]
        if not any(key.output for row in rows["shift"] for key in row):
            del rows["shift"]
        for layer in ("default", "shift"):
            if layer in rows:
                self._offer_related(layer, rows[layer])
        for layer in ("numeric", "symbols"):
            if layer in self.file.layers:
                rows[layer] = [list(row) for row in self.file.layers[layer]]
        if "numeric" not in rows:
            rows["numeric"] = self._numeric(rows)
        finished = {layer: self._long_presses(layer, keys) for layer, keys in rows.items()}
        left = [text for text in self._wanted() if not self._reachable(text, finished)]
        if left:
            keys = [_letter(text) for text in dict.fromkeys(left)]
            finished["symbols"] = [*finished.get("symbols", []), *_in_rows(keys)]
        return tuple(
            TouchLayer(
                layer, tuple(tuple(row) for row in self._with_roles(layer, finished))
            )  # bottom row and shift
            for layer in ("default", "shift", "numeric", "symbols")
            if layer in finished
        )

    # --- letters ---

    def _output(self, held: str, code: str) -> str:
        key = self.hardware.get(held, {}).get(code)  # type: ignore[call-overload]
        return key.output if key is not None and not key.dead else ""

    def _grid(self) -> list[list[str]]:
        """The places whose keys give letters, in the rows of a phone."""
        rows = [
            [code for code in row if _is_letter(self._output("", code)) or self._shift_letter(code)]
            for row in ROWS
        ]
        over = [code for row in rows[1:] for code in row[WIDEST:]]
        top = [*rows[0], *over]
        spread = [top[at : at + WIDEST] for at in range(0, len(top), WIDEST)]
        return [row for row in [*spread, *(row[:WIDEST] for row in rows[1:])] if row]

    def _shift_letter(self, code: str) -> bool:
        """Whether a place gives a letter with shift, where it gives none without."""
        return _is_letter(self._output("shift", code))

    def _letters(
        self, layer: str, held: str, more: str, codes: Sequence[Sequence[str]]
    ) -> list[list[TouchKey]]:
        rows = []
        for row in codes:
            keys = []
            for code in row:
                output = self._output(held, code) or self._output("", code)
                if output:
                    keys.append(_letter(output))
                    extra = self._output(more, code)
                    if _is_letter(extra):
                        self._offer(layer, output, extra)
            rows.append(keys)
        return rows

    def _offer_related(self, layer: str, rows: Sequence[Sequence[TouchKey]]) -> None:
        """Exemplars and dead keys' letters under the key of their base letter."""
        keys = {key.output for row in rows for key in row}
        made = {result for each in self.dead.values() for result in each.results.values()}
        wanted = [*self.exemplars, *sorted(made - set(self.exemplars))]
        if self.cased:
            wanted += [text.upper() for text in wanted if len(text.upper()) == len(text)]
        for text in wanted:
            if text not in keys and _is_letter(text) and len(nfd(text)) > 0:
                base = _base(text)
                if base in keys and base != text and len(_letters_of(text)) == 1:
                    self._offer(layer, base, text)

    def _offer(self, layer: str, key: str, text: str) -> None:
        offers = self.offers[layer].setdefault(key, [])
        if text != key and text not in offers:
            offers.append(text)

    # --- digits and signs ---

    def _numeric(self, rows: Mapping[str, Sequence[Sequence[TouchKey]]]) -> list[list[TouchKey]]:
        """Digits first (those of the script, if its keys have them), then what else hardware keys give, most usual first."""
        there = {key.output for keys in rows.values() for row in keys for key in row}
        outputs = list(dict.fromkeys(self._all_outputs()))
        own = [text for text in outputs if len(text) == 1 and text.isdecimal() and not text.isascii()]
        digits = _by_value(own) if len(own) >= len(_DIGITS) else list(_DIGITS)
        if digits != list(_DIGITS):
            for digit, latin in zip(digits, _DIGITS, strict=False):
                self._offer("numeric", digit, latin)
        signs = [
            text
            for text in outputs
            if text not in there and text not in digits and not _is_letter(text) and not text.isdecimal()
            if not text.isspace() and not _invisible(text)
        ]
        signs += [sign for sign in _FALLBACK_PUNCTUATION if sign not in signs and sign not in there]
        keys = [[_letter(text) for text in digits[:WIDEST]]]
        return [*keys, *_in_rows([_letter(text) for text in signs])[:3]]

    def _all_outputs(self) -> Iterator[str]:
        for layer in self.hardware.values():
            for code, key in layer.items():
                if key.output and code != SPACE:
                    yield key.output

    def _wanted(self) -> Iterator[str]:
        """What must be within reach of a finger."""
        for text in (*self.exemplars, *self._all_outputs()):
            yield text
            if self.cased and text in self.exemplars and len(text.upper()) == len(text):
                yield text.upper()
        for layer in self.hardware.values():
            if SPACE in layer and layer[SPACE].output and layer[SPACE].output != self._space():
                yield layer[SPACE].output

    def _reachable(self, text: str, rows: Mapping[str, Sequence[Sequence[TouchKey]]]) -> bool:
        given = {self._space()}
        for keys in rows.values():
            for row in keys:
                for key in row:
                    given.update((key.output, *key.long_press, *key.flick.values()))
        return text in given or (len(text) > 1 and all(char in given for char in text))

    # --- finishing ---

    def _space(self) -> str:
        return self._output("", SPACE) or " "

    def _long_presses(self, layer: str, rows: Iterable[Iterable[TouchKey]]) -> list[list[TouchKey]]:
        return [[self._long_pressed(layer, key) for key in row] for row in rows]

    def _long_pressed(self, layer: str, key: TouchKey) -> TouchKey:
        if not key.output:
            return key
        written = self.file.long_press.get(key.output)
        offers = written if written is not None else tuple(self.offers[layer].get(key.output, ()))
        return replace(
            key, long_press=offers, flick=MappingProxyType(dict(self.file.flicks.get(key.output, {})))
        )

    def _with_roles(
        self, layer: str, rows: Mapping[str, Sequence[Sequence[TouchKey]]]
    ) -> list[list[TouchKey]]:
        """The rows with the keys that every layer has, where the file did not put them."""
        keys = [list(row) for row in rows[layer]]
        have = {key.role if key.role != "layer" else key.goes_to for row in keys for key in row}
        bottom: list[TouchKey] = []
        last = keys[-1] if keys else []
        room = sum(key.width for key in last) <= WIDEST - 2
        shift = (
            [_role("shift")]
            if layer in ("default", "shift") and "shift" in rows and "shift" not in have
            else []
        )
        back = [_role("backspace")] if "backspace" not in have else []
        if room and layer in ("default", "shift"):
            keys[-1:] = [[*shift, *last, *back]]
            shift = back = []
        bottom += shift
        for name in ("default", "numeric", "symbols"):
            if (
                name != layer
                and name not in have
                and name in rows
                and (name != "symbols" or layer == "numeric")
            ):
                if name != "default" or layer not in ("shift",):
                    bottom.append(_role(name))
        if "space" not in have:
            bottom.append(replace(_role("space"), output=self._space(), label=_space_label(self._space())))
        if "enter" not in have:
            bottom.append(_role("enter"))
        bottom += back
        keys = [[self._spaced(key) for key in row] for row in keys]
        return [*keys, bottom] if bottom else keys

    def _spaced(self, key: TouchKey) -> TouchKey:
        return replace(key, output=self._space()) if key.role == "space" and not key.output else key


def _letter(text: str) -> TouchKey:
    return TouchKey(text, _visible_label(text))


def _visible_label(text: str) -> str:
    if _invisible(text) or text.isspace():
        return _space_label(text)
    return _label(text)


def _invisible(text: str) -> bool:
    return all(unicodedata.category(char) == "Cf" for char in text)


def _space_label(text: str) -> str:
    """What stands on a key that gives something unseen."""
    return {" ": "␣", "\u00a0": "⍽", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ", "\u2060": "WJ"}.get(
        text, "␣"
    )


def _raised(key: TouchKey) -> TouchKey:
    upper = key.output.upper() if len(key.output.upper()) == len(key.output) else key.output
    return replace(key, output=upper, label=_label(upper)) if key.output else key


def _letters_of(text: str) -> list[str]:
    return [char for char in nfd(text) if not unicodedata.category(char).startswith("M")]


def _base(text: str) -> str:
    letters = _letters_of(text)
    return latin_base(letters[0]) if letters else ""


def _by_value(digits: Sequence[str]) -> list[str]:
    """1 to 9, then 0, as on the row of digits."""
    return sorted(digits, key=lambda digit: (unicodedata.decimal(digit) - 1) % 10)[: len(_DIGITS)]


def _in_rows(keys: Sequence[TouchKey]) -> list[list[TouchKey]]:
    return [list(keys[at : at + WIDEST]) for at in range(0, len(keys), WIDEST)]
