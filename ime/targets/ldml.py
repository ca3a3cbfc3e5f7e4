"""A keyboard as CLDR keyboard3 (UTS #35 part 7, version 45): for other programs to read, no package to install.

Everything is in it: keys, layers, long presses and flicks, dead keys as markers, the rules. A program's rules know no
normalisation and need none, so it is switched off. In a group of transforms the first that matches counts, and those
with the longest context come first; dead keys are a group of their own before them, for what comes of a dead key goes
to the rules. Where Keyman's compiler of this format is installed, it checks the file, and its result lies beside it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import PurePosixPath
from typing import Final
from xml.sax.saxutils import quoteattr

from ime.casing import with_caps
from ime.model import Keyboard, Kind, TouchKey
from ime.positions import ISO_ONLY, ROWS, SPACE
from ime.program import MODIFIERS, Mapped, Modifiers, Out, Press, Program, Rule
from ime.targets.base import BOTH, File, Kit, Package
from ime.targets.keyman_compiler import Job, compiled, ldml_missing
from ime.targets.writing import full_name

_HELD: Final[Mapping[Modifiers, str]] = {
    "": "none",
    "shift": "shift",
    "altgr": "altR",
    "shift+altgr": "altR shift",
}
_FLICKS: Final = {"up": "n", "right": "e", "down": "s", "left": "w"}
_MOVED: Final = "Backslash"  # in the middle row of the form "iso"
_GAP, _BACKSPACE, _ENTER = "gap", "bksp", "enter"
_SIGNS: Final = frozenset("$\\")
_SHORT_VERSION: Final = 3  # numbers of a semantic version


class _Ldml:
    """`<keyboard>-keyboard3.xml`, and what Keyman's compiler makes of it, where there is one."""

    id = "ldml"
    title = "CLDR (LDML)"
    kinds: frozenset[Kind] = BOTH

    def build(self, keyboard: Keyboard, program: Program, kit: Kit) -> Package:
        """The package; BuildError if the compiler is here and refuses the file."""
        xml = File(f"{keyboard.id}-keyboard3.xml", keyboard3(keyboard, program).encode())
        made = () if ldml_missing(kit.tools) else (File(f"{keyboard.id}-keyboard3.kmx", _kmx(xml, kit)),)
        return Package(f"{keyboard.id}-ldml", (xml, *made))

    def lacking(self, program: Program) -> frozenset[Press]:
        """Keys that give $ or \\ after a dead key: Keyman Core takes these signs in results for its own."""
        signs = {
            text
            for dead in program.dead.values()
            for text, result in dead.results.items()
            if result != dead.alone + text and not _SIGNS.isdisjoint(result)
        }
        return frozenset(press for press, output in program.keys.items() if output in signs)


LDML: Final = _Ldml()


def _kmx(xml: File, kit: Kit) -> bytes:
    """What Keyman's compiler makes of the file; it takes seconds for large ones, so it is kept."""
    kept = kit.cache / f"ldml-{hashlib.sha256(xml.data).hexdigest()}.kmx" if kit.cache else None
    if kept is not None and kept.is_file():
        return kept.read_bytes()
    (made,) = compiled(kit.tools, [Job({xml.path: xml.data}, ldml=xml.path)])
    data = made[f"{PurePosixPath(xml.path).stem}.kmx"]
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        new = kept.with_suffix(f".{os.getpid()}")
        new.write_bytes(data)
        new.replace(kept)  # never half written where another process reads
    return data


def keyboard3(keyboard: Keyboard, program: Program) -> str:
    """The text of the file."""
    writer = _Writer(keyboard, program)
    hardware, touch = list(writer.hardware()), list(writer.touch())
    transforms = list(writer.transforms())
    name = full_name(keyboard, "vi")
    version = ".".join([*keyboard.version.split("."), "0", "0"][:_SHORT_VERSION])
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE keyboard3 SYSTEM "../dtd/ldmlKeyboard3.dtd">',
        _open(
            "keyboard3",
            xmlns="https://schemas.unicode.org/cldr/45/keyboard3",
            locale=keyboard.orthography,
            conformsTo="45",
        ),
        *_inside("locales", [_empty("locale", id=tag) for tag in keyboard.locales]),
        _empty("version", number=version),
        _empty("info", name=name, author=keyboard.author, layout=keyboard.names.get("en", keyboard.id)),
        _empty("settings", normalization="disabled"),
        *_inside("displays", sorted(writer.displays.values())),
        *_inside("keys", writer.keys.values()),
        *_inside("flicks", writer.flicks),
        *hardware,
        *touch,
        *_inside("variables", writer.sets.values()),
        *transforms,
        "</keyboard3>",
    ]
    return "\n".join([*lines, ""])


@dataclass
class _Writer:
    """What is written, and what has to be declared for it."""

    keyboard: Keyboard
    program: Program
    keys: dict[str, str] = field(default_factory=dict)
    displays: dict[str, str] = field(default_factory=dict)
    flicks: list[str] = field(default_factory=list)
    sets: dict[tuple[str, ...], str] = field(default_factory=dict)

    # --- keys and layers

    def hardware(self) -> Iterator[str]:
        """The layers of hardware keyboards; Caps Lock has its own where there are letters of two cases."""
        iso = any(press.code == ISO_ONLY for press in (*self.program.keys, *self.program.dead_presses))
        yield _open("layers", formId="iso" if iso else "us")
        for held in MODIFIERS:
            plain = self._rows(held, iso, caps=False)
            with_caps = self._rows(held, iso, caps=True)
            name = _HELD[held]
            caps = "caps" if held == "" else f"{name} caps"
            same = plain == with_caps
            yield from self._layer(plain, modifiers=f"{name},{caps}" if same else name)
            if not same:
                yield from self._layer(with_caps, modifiers=caps)
        yield "</layers>"

    def _layer(self, rows: Sequence[str], **about: str) -> Iterator[str]:
        yield _open("layer", **about)
        yield from (_empty("row", keys=row) for row in rows)
        yield "</layer>"

    def _rows(self, held: Modifiers, iso: bool, *, caps: bool) -> list[str]:
        rows = [list(row) for row in ROWS]
        if iso:
            rows[1].remove(_MOVED)
            rows[2].append(_MOVED)
        else:
            rows[3].remove(ISO_ONLY)
        rows.append([SPACE])
        return [" ".join(self._key(code, held, caps=caps) for code in row) for row in rows]

    def _key(self, code: str, held: Modifiers, *, caps: bool) -> str:
        press = Press(code, with_caps(self.program, code, held) if caps else held)
        name = self.program.dead_presses.get(press)
        if name is not None:
            identity = f"dead-{name}"
            self._declare(identity, output=rf"\m{{{_identifier(name)}}}")
            self.displays[identity] = _empty(
                "display", keyId=identity, display=_escaped(self.program.dead[name].label)
            )
            return identity
        output = self.program.keys.get(press, "")
        key = self.keyboard.key(press)
        return self._output(output, key.label if key else "")

    def _output(self, output: str, label: str = "") -> str:
        """The key that gives an output (none: a gap)."""
        if not output:
            return self._declare(_GAP, gap="true")
        if label and label != output:
            self.displays.setdefault(
                output, _empty("display", output=_escaped(output), display=_escaped(label))
            )
        return self._declare(_name(output), output=_escaped(output))

    def _declare(self, identity: str, **about: str) -> str:
        self.keys.setdefault(identity, _empty("key", id=identity, **about))
        return identity

    # --- touch

    def touch(self) -> Iterator[str]:
        """The layers of phones and tablets."""
        yield _open("layers", formId="touch", minDeviceWidth="1")
        for layer in self.keyboard.touch:
            rows = [
                " ".join(self._touch(key, f"touch-{layer.id}-{number}-{at}") for at, key in enumerate(row, 1))
                for number, row in enumerate(layer.rows, 1)
            ]
            yield from self._layer(rows, id=layer.id)
        yield "</layers>"

    def _touch(self, key: TouchKey, identity: str) -> str:
        width = {} if key.width == 1 else {"width": f"{key.width:g}"}
        match key.role:
            case "backspace":  # the format leaves the keys of the frame to the device
                return self._declare(f"{_BACKSPACE}{_suffix(key)}", gap="true", **width)
            case "enter":
                return self._declare(f"{_ENTER}{_suffix(key)}", output=_escaped("\n"), **width)
            case "shift" | "layer":
                goes_to = key.goes_to or ("default" if "-shift-" in identity else "shift")
                return self._declare(identity, layerId=goes_to, **width)
        output = key.output or (" " if key.role == "space" else "")
        more = dict(width)
        if key.long_press:
            more["longPressKeyIds"] = " ".join(map(self._output, key.long_press))
        if key.flick:
            more["flickId"] = f"flick-{identity}"
            self.flicks.append(_open("flick", id=more["flickId"]))
            self.flicks += [
                _empty("flickSegment", directions=_FLICKS[way], keyId=self._output(text))
                for way, text in key.flick.items()
            ]
            self.flicks.append("</flick>")
        plain = self._output(output, key.label)
        if not more or not output:
            return plain
        return self._declare(identity, output=_escaped(output), **more)

    # --- rules

    def transforms(self) -> Iterator[str]:
        """Dead keys, then the rules; and what Backspace does."""
        groups = [list(self._dead()), list(self._rules(self.program.rules))]
        yield from _transforms("simple", groups)
        # A dead key that waits is cancelled; what stands before it stays.
        cancelled = [_empty("transform", **{"from": r"\m{.}", "to": ""})] if self.program.dead else []
        yield from _transforms("backspace", [[*cancelled, *self._rules(self.program.backspaces)]])

    def _dead(self) -> Iterator[str]:
        for name, dead in sorted(self.program.dead.items()):
            marker = rf"\m{{{_identifier(name)}}}"
            for other in sorted(self.program.dead):
                result = dead.results[self.program.dead[other].alone]
                yield _transform(rf"{marker}\m{{{_identifier(other)}}}", _escaped(result))
            # Blanks part the items of sets; $ and \ mean something in `to`, so what does not combine is captured.
            combined = {text: result for text, result in dead.results.items() if result != dead.alone + text}
            plain = sorted(text for text in combined if not text.isspace())
            if plain:
                before, after = self._set(tuple(plain)), self._set(tuple(combined[text] for text in plain))
                yield _transform(f"{marker}($[{before}])", f"$[1:{after}]")
            for text in sorted(combined.keys() - plain):
                yield _transform(marker + _escaped(text), _escaped(combined[text]))
            kept = _escaped(dead.alone) + "$1"
            # Longer outputs first: one of several characters may end in one that is an output, too.
            for text in sorted(dead.results.keys() - combined, key=lambda each: (-len(each), each)):
                if len(text) > 1:
                    yield _transform(f"{marker}({_escaped(text)})", kept)
            yield _transform(f"{marker}(.)", kept)

    def _rules(self, rules: Iterable[Rule]) -> Iterator[str]:
        """The transforms of some rules; those that differ in their trigger alone (in its case) are told together."""
        triggers: dict[tuple[object, ...], list[str]] = {}
        for rule in rules:
            triggers.setdefault(_beside_trigger(rule), []).append(rule.trigger)
        for rule in rules:
            together = triggers.pop(_beside_trigger(rule), [])
            single = [trigger for trigger in together if len(trigger) == 1]
            others = [trigger for trigger in together if len(trigger) != 1]
            for last in [*([_any(single)] if single else []), *map(_escaped, others)]:
                yield from self._rule(rule, last)

    def _rule(self, rule: Rule, last: str) -> Iterator[str]:
        """The transforms of a rule: slots that stay are captured, those that change are gone through one by one."""
        changing = sorted(
            {
                part.slot
                for part in rule.output
                if isinstance(part, Mapped) and part.values != rule.context[part.slot]
            }
        )
        choices = [
            dict(zip(changing, chosen, strict=True))
            for chosen in product(*(range(len(rule.context[slot])) for slot in changing))
        ]
        if len(choices) > 1 and len(changing) == len(rule.context) and not rule.kept:
            # The whole context changes: a set is mapped to another.
            before = tuple(
                "".join(slot[each[at]] for at, slot in enumerate(rule.context)) for each in choices
            )
            after = tuple("".join(_written(part, each) for part in rule.output) for each in choices)
            if all(after):
                yield _transform(f"($[{self._set(before)}]){last}", f"$[1:{self._set(after)}]")
                return
        for chosen in choices:
            yield self._chosen(rule, chosen, last)

    def _chosen(self, rule: Rule, chosen: Mapping[int, int], last: str) -> str:
        """The transform of a rule for one choice of the slots that change."""
        before, captures = [], dict[int, int]()
        needed = {part.slot for part in rule.output if isinstance(part, Mapped)} | set(range(rule.kept))
        for slot, alternatives in enumerate(rule.context):
            if slot in chosen or len(alternatives) == 1:
                before.append(_escaped(alternatives[chosen.get(slot, 0)]))
                continue
            if slot in needed:
                captures[slot] = len(captures) + 1
            before.append(f"({_any(alternatives)})" if slot in needed else _any(alternatives))

        def stays(slot: int) -> str:
            if slot in captures:
                return f"${captures[slot]}"
            return _escaped(rule.context[slot][chosen.get(slot, 0)])

        after = [stays(slot) for slot in range(rule.kept)]
        for part in rule.output:
            if isinstance(part, str):
                after.append(_escaped(part))
            elif part.slot in chosen:
                after.append(_escaped(part.values[chosen[part.slot]]))
            elif part.slot in captures:
                after.append(f"${captures[part.slot]}")
            else:
                after.append(_escaped(part.values[0]))
        return _transform("".join(before) + last, "".join(after))

    def _set(self, items: tuple[str, ...]) -> str:
        identity = f"s{len(self.sets) + 1}"
        if items not in self.sets:
            self.sets[items] = _empty("set", id=identity, value=" ".join(map(_escaped, items)))
            return identity
        return f"s{list(self.sets).index(items) + 1}"


def _beside_trigger(rule: Rule) -> tuple[object, ...]:
    return rule.context, rule.kept, rule.output


def _written(part: Out, chosen: Mapping[int, int]) -> str:
    return part if isinstance(part, str) else part.values[chosen[part.slot]]


def _any(characters: Sequence[str]) -> str:
    """A pattern for one of some characters.

    A class, unless there is a character in it that Keyman's compiler 17 takes apart: signs of ASCII, which mean
    something in patterns, and characters beyond the Basic Multilingual Plane.
    """
    if len(characters) == 1:
        return _escaped(characters[0])
    if any((char.isascii() and not char.isalnum()) or ord(char) > 0xFFFF for char in characters):
        return f"(?:{'|'.join(map(_escaped, characters))})"
    return f"[{''.join(map(_escaped, characters))}]"


def _transforms(kind: str, groups: Iterable[Sequence[str]]) -> Iterator[str]:
    kept = [group for group in groups if group]
    if kept:
        yield _open("transforms", type=kind)
        for group in kept:
            yield "<transformGroup>"
            yield from group
            yield "</transformGroup>"
        yield "</transforms>"


def _transform(before: str, after: str) -> str:
    return _empty("transform", **{"from": before, "to": after})


def _suffix(key: TouchKey) -> str:
    return "" if key.width == 1 else f"-{key.width:g}".replace(".", "_")


def _name(output: str) -> str:
    """The id of the key that gives an output."""
    return "u" + "-".join(f"{ord(char):04X}" for char in output)


def _identifier(name: str) -> str:
    """A name as markers have them: letters, digits and _ alone."""
    return "".join(char if char.isascii() and char.isalnum() else f"_{ord(char):x}_" for char in name)


def _escaped(text: str) -> str:
    """A text as outputs and patterns have it: letters and digits as they are, everything else by number."""
    return "".join(char if char.isalnum() else rf"\u{{{ord(char):04X}}}" for char in text)


def _open(element: str, /, **attributes: str) -> str:
    said = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{element}{said}>"


def _empty(element: str, /, **attributes: str) -> str:
    return f"{_open(element, **attributes)[:-1]}/>"


def _inside(name: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"<{name}>"
        yield from found
        yield f"</{name}>"
