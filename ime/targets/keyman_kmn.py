"""A program as Keyman source (.kmn, https://help.keyman.com/developer/language).

Each rule of the program becomes one rule here: slots of the context are `any()` of a store, what depends on them is
`index()`, what stays is `context()`. A pending dead key is a `deadkey()` in the context. Rules with a longer context
count first in Keyman, as they do in the program.

A rule of the program names what a key gives (its trigger), a rule of Keyman names keys: those that give the trigger are
a store. Letters with two cases are reached with Caps Lock as well, so their keys are named with its state.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from ime.casing import SHIFTED, with_caps
from ime.positions import POSITIONS
from ime.program import MODIFIERS, Mapped, Modifiers, Out, Press, Program, Rule, Slot

_HELD: Mapping[Modifiers, str] = {"": "", "shift": "SHIFT ", "altgr": "RALT ", "shift+altgr": "SHIFT RALT "}
# Letters, digits and signs are written as they are; marks, blanks and what kmn itself uses go by number.
_PLAIN = frozenset({"Ll", "Lu", "Lo", "Lt", "Lm", "Nd", "Nl", "No", "Pd", "Ps", "Pe", "Po", "Sc", "Sm", "So"})
_BACKSPACE = "[K_BKSP]"


@dataclass
class _Stores:
    """The stores of a source, each once: by what they hold, named in the order in which they are asked for."""

    names: dict[tuple[str, ...], str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def named(self, prefix: str, items: Sequence[str]) -> str:
        """The store of these items, written as they stand in the source."""
        wanted = (prefix, *items)
        if wanted not in self.names:
            self.names[wanted] = f"{prefix}{len(self.names) + 1}"
            self.lines.append(f"store({self.names[wanted]}) {' '.join(items)}")
        return self.names[wanted]

    def characters(self, characters: Sequence[str]) -> str:
        return self.named("s", [quoted(character) for character in characters])


def quoted(text: str) -> str:
    """Text as kmn writes it: 'ab' U+0301."""
    parts: list[str] = []
    for character in text:
        if unicodedata.category(character) in _PLAIN and character not in "'\"\\":
            if parts and parts[-1].endswith("'"):
                parts[-1] = f"{parts[-1][:-1]}{character}'"
            else:
                parts.append(f"'{character}'")
        else:
            parts.append(f"U+{ord(character):04X}")
    return " ".join(parts)


def source(
    program: Program, header: Mapping[str, str], touch: Mapping[str, str], *, comment: Iterable[str] = ()
) -> str:
    """The .kmn of a program.

    `header` are the system stores ("NAME" for &NAME) in their order, `touch` the keys that only touch layouts have,
    by name ("T_…"), with what they give.
    """
    keys = _keys(program, touch)
    through = {name: _through(program, name) for name in program.dead}
    stores = _Stores()
    body = [
        *_section("Rules"),
        *(line for rule in program.rules for line in _fired(rule, keys, through, stores)),
        *_section("Dead keys"),
        *(line for name in program.dead for line in _dead_key(name, through[name], stores)),
        *_section("Backspace"),
        *(line for rule in program.backspaces for line in _rule(rule, "", _BACKSPACE, stores)),
        *_section("Keys"),
        *_plain_keys(program, keys),
    ]
    lines = [
        *(f"c {line}" for line in comment),
        *(f"store(&{name}) {_system(value)}" for name, value in header.items()),
        "begin Unicode > use(main)",
        "",
        *stores.lines,
        "",
        "group(main) using keys",
        *body,
    ]
    return "\n".join(lines) + "\n"


def _section(title: str) -> tuple[str, str]:
    return "", f"c {title}"


def _system(text: str) -> str:
    """The value of a system store: one string; it has no way to quote its quote."""
    return f"'{text}'" if "'" not in text else f'"{text}"'.replace('""', '"')


def _keys(program: Program, touch: Mapping[str, str]) -> dict[str, list[str]]:
    """The keys that give each output, as kmn names them."""
    keys: dict[str, list[str]] = {}
    for press in sorted(program.keys, key=_place):
        keys.setdefault(program.keys[press], []).extend(_named(program, press))
    for name, output in touch.items():
        keys.setdefault(output, []).append(f"[{name}]")
    return keys


def _place(press: Press) -> tuple[int, int]:
    return list(POSITIONS).index(press.code), MODIFIERS.index(press.modifiers)


def _named(program: Program, press: Press) -> list[str]:
    """A press as kmn names it; on the key of a letter with two cases twice, for Caps Lock turns its shift around."""
    name = POSITIONS[press.code].keyman
    here = f"{_HELD[press.modifiers]}{name}]"
    turned = f"{_HELD[SHIFTED[press.modifiers]]}{name}]"
    if _cased(program, press.code, press.modifiers):
        return [f"[NCAPS {here}", f"[CAPS {turned}"]
    if any(_cased(program, press.code, modifiers) for modifiers in SHIFTED):
        return [f"[NCAPS {here}", f"[CAPS {here}"]
    return [f"[{here}"]


def _cased(program: Program, code: str, modifiers: Modifiers) -> bool:
    return with_caps(program, code, modifiers) != modifiers


def _named_keys(names: Sequence[str], stores: _Stores) -> str:
    """One of some keys."""
    return names[0] if len(names) == 1 else f"any({stores.named('k', names)})"


def _plain_keys(program: Program, keys: Mapping[str, list[str]]) -> Iterator[str]:
    """What each key gives where no rule fires; and silence on the places of the first two levels that give nothing."""
    ruled = {rule.trigger for rule in program.rules if not rule.context}
    for output, names in keys.items():
        for name in names if output not in ruled else ():
            yield f"+ {name} > {quoted(output)}"
    for press in sorted(program.dead_presses, key=_place):
        for name in _named(program, press):
            yield f"+ {name} > dk({_marker(program.dead_presses[press])})"
    for code in POSITIONS:
        for press in (Press(code), Press(code, "shift")):
            if press not in program.keys and press not in program.dead_presses:
                for name in _named(program, press):
                    yield f"+ {name} > nul"


def _marker(name: str) -> str:
    """The name of a dead key, as a name that kmn allows."""
    return "".join(character if character.isalnum() and character.isascii() else "_" for character in name)


def _through(program: Program, name: str) -> dict[str, list[str]]:
    """The keys that give each result behind a dead key; another dead key counts as what it gives alone."""
    dead = program.dead[name]
    given = dict(program.keys)
    given.update({press: program.dead[other].alone for press, other in program.dead_presses.items()})
    keys: dict[str, list[str]] = {}
    for press in sorted(given, key=_place):
        result = dead.results.get(given[press], dead.alone + given[press])
        keys.setdefault(result, []).extend(_named(program, press))
    return keys


def _fired(
    rule: Rule, keys: Mapping[str, list[str]], through: Mapping[str, Mapping[str, list[str]]], stores: _Stores
) -> Iterator[str]:
    """A rule of the program for the keys that give its trigger, by themselves and behind dead keys."""
    if names := keys.get(rule.trigger):
        yield from _rule(rule, "", _named_keys(names, stores), stores)
    for name, results in through.items():
        if names := results.get(rule.trigger):
            yield from _rule(rule, f" dk({_marker(name)})", _named_keys(names, stores), stores)


def _dead_key(name: str, results: Mapping[str, list[str]], stores: _Stores) -> Iterator[str]:
    """What becomes of a pending dead key where no rule fires: at the next key, at Backspace."""
    context = f"dk({_marker(name)})"
    lengths: dict[int, list[tuple[str, str]]] = {}
    for result, keys in results.items():
        lengths.setdefault(len(result), []).extend((key, result) for key in keys)
    for length, pairs in lengths.items():
        pressed = stores.named("k", [key for key, _ in pairs])
        columns = zip(*(result for _, result in pairs), strict=True)
        given = " ".join(_column(column, stores) for column in columns) if length else "nul"
        yield f"{context} + any({pressed}) > {given}"
    yield f"{context} + {_BACKSPACE} > nul"


def _column(characters: Sequence[str], stores: _Stores) -> str:
    """What a dead key and the next key give at one place: the same for all keys, or by key."""
    if len(set(characters)) == 1:
        return quoted(characters[0])
    return f"index({stores.characters(characters)},2)"


def _rule(rule: Rule, dead: str, key: str, stores: _Stores) -> Iterator[str]:
    """One rule, perhaps with a dead key behind its context.

    `index()` gives one character of a store, so values of several lengths are several rules.
    """
    for slots, outs in _even(rule):
        context = [quoted(slot[0]) if len(slot) == 1 else f"any({stores.characters(slot)})" for slot in slots]
        output = [
            quoted(slot[0]) if len(slot) == 1 else f"context({number})"
            for number, slot in enumerate(slots[: rule.kept], 1)
        ]
        output += [part for out in outs for part in _output(out, slots, stores)]
        yield f"{' '.join(context)}{dead} + {key} > {' '.join(part for part in output if part) or 'nul'}"


def _output(out: Out, slots: Sequence[Slot], stores: _Stores) -> Iterator[str]:
    if isinstance(out, str):
        yield quoted(out)
    elif len(slots[out.slot]) == 1:
        yield quoted(out.values[0])
    elif out.values == slots[out.slot]:
        yield f"context({out.slot + 1})"
    else:
        for column in zip(*out.values, strict=True):  # all are of one length
            yield f"index({stores.characters(column)},{out.slot + 1})"


def _even(rule: Rule) -> Iterator[tuple[tuple[Slot, ...], tuple[Out, ...]]]:
    """The rule in parts in which all values of an output are of one length."""
    groups: list[dict[tuple[int, ...], list[int]]] = []
    for number, slot in enumerate(rule.context):
        mapped = [out for out in rule.output if isinstance(out, Mapped) and out.slot == number]
        lengths: dict[tuple[int, ...], list[int]] = {}
        for choice in range(len(slot)):
            lengths.setdefault(tuple(len(out.values[choice]) for out in mapped), []).append(choice)
        groups.append(lengths)
    for chosen in product(*(lengths.values() for lengths in groups)):
        yield (
            tuple(tuple(slot[choice] for choice in choices)
                  for slot, choices in zip(rule.context, chosen, strict=True)),
            tuple(out if isinstance(out, str)
                  else Mapped(out.slot, tuple(out.values[choice] for choice in chosen[out.slot]))
                  for out in rule.output),
        )  # fmt: skip
