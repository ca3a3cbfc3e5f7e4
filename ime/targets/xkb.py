"""XKB symbols and a Compose table, for X11 and Wayland.

XKB knows levels but no context, so only direct keyboards can be said in it. A level gives one keysym: where a key gives
several characters, the keysym is one of Unicode's private use area (the same for the same text in every keyboard), and
Compose makes the text of it. Dead keys are the keysyms that every system knows (`dead_breve`), so that most of them
work where no Compose table of ours is read; the table makes them total.

Caps Lock follows the key types of xkeyboard-config: a pair of levels whose second is the upper case of the first is
alphabetic.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final
from xml.sax.saxutils import escape

import icu

from ime.casing import are_cases
from ime.errors import BuildError
from ime.model import Keyboard, Kind
from ime.positions import POSITIONS
from ime.program import MODIFIERS, Dead, Press, Program
from ime.targets.base import DIRECT, File, Kit, Package, zip_bytes
from ime.targets.scripts import script_of
from ime.targets.writing import full_name

PREFIX: Final = "nhasan-"  # of the names of our layouts, so that they differ from those of xkeyboard-config

_NAMES: Final[Mapping[str, str]] = {
    line.split()[0]: line.split()[1]
    for line in """
    ! exclam
    " quotedbl
    # numbersign
    $ dollar
    % percent
    & ampersand
    ' apostrophe
    ( parenleft
    ) parenright
    * asterisk
    + plus
    , comma
    - minus
    . period
    / slash
    : colon
    ; semicolon
    < less
    = equal
    > greater
    ? question
    @ at
    [ bracketleft
    \\ backslash
    ] bracketright
    ^ asciicircum
    _ underscore
    ` grave
    { braceleft
    | bar
    } braceright
    ~ asciitilde
    """.strip().splitlines()
} | {" ": "space"}
_STROKE: Final = "/"  # stands for the stroke of letters that Unicode does not take apart
_DEAD: Final = {
    "\u0300": "dead_grave",
    "\u0301": "dead_acute",
    "\u0302": "dead_circumflex",
    "\u0303": "dead_tilde",
    "\u0304": "dead_macron",
    "\u0306": "dead_breve",
    "\u0307": "dead_abovedot",
    "\u0308": "dead_diaeresis",
    "\u0309": "dead_hook",
    "\u030a": "dead_abovering",
    "\u030b": "dead_doubleacute",
    "\u030c": "dead_caron",
    "\u031b": "dead_horn",
    "\u0323": "dead_belowdot",
    "\u0324": "dead_belowdiaeresis",
    "\u0325": "dead_belowring",
    "\u0326": "dead_belowcomma",
    "\u0327": "dead_cedilla",
    "\u0328": "dead_ogonek",
    "\u032d": "dead_belowcircumflex",
    "\u032e": "dead_belowbreve",
    "\u0330": "dead_belowtilde",
    "\u0331": "dead_belowmacron",
    _STROKE: "dead_stroke",
}
_PRIVATE: Final = range(0xE000, 0xF900)
_NOTHING: Final = "VoidSymbol"


class _Xkb:
    """`<keyboard>-xkb.zip`: the symbols, the entry for lists of layouts, the Compose table, and their installer."""

    id = "xkb"
    title = "Linux (XKB)"
    kinds: frozenset[Kind] = DIRECT

    def build(self, keyboard: Keyboard, program: Program, kit: Kit) -> Package:
        """The package; BuildError for a keyboard that rewrites what was typed."""
        if program.composing:
            raise BuildError(
                "xkb_composing",
                f"{keyboard.id} rewrites what was typed; XKB cannot. There is m17n for it.",
                keyboard=keyboard.id,
            )
        layout = layout_name(keyboard)
        keysyms = Keysyms(program)
        table = compose(program, keysyms)
        values = {
            "ID": keyboard.id,
            "LAYOUT": layout,
            "NAME_VI": full_name(keyboard, "vi"),
            "NAME_EN": full_name(keyboard, "en"),
            "VERSION": keyboard.version,
            "HOUSE": kit.texts.house,
            "ADDRESS": kit.texts.address,
        }
        files = [
            File(f"symbols/{layout}", symbols(keyboard, program, keysyms).encode()),
            File("layout.xml", registry_entry(keyboard).encode()),
            *([File("Compose", table.encode())] if table else []),
            File("install.sh", script_of("xkb-install.sh", values), run=True),
            File("uninstall.sh", script_of("xkb-uninstall.sh", values), run=True),
            File("common.sh", script_of("xkb-common.sh", values)),
            File("on-x11.sh", script_of("xkb-on-x11.sh", values), run=True),
            File("README.txt", script_of("xkb-readme.txt", values)),
        ]
        folder = f"{keyboard.id}-xkb"
        inside = [File(f"{folder}/{each.path}", each.data, each.run) for each in files]
        return Package(f"{keyboard.id}-xkb", (File(f"{folder}.zip", zip_bytes(inside)), *files))


XKB: Final = _Xkb()


def layout_name(keyboard: Keyboard) -> str:
    """What the layout is called in XKB."""
    return PREFIX + keyboard.id


class Keysyms:
    """The keysym, by name, of everything that a keyboard's keys give: `of` an output, `dead` of a dead key."""

    def __init__(self, program: Program) -> None:
        outputs = sorted({*program.keys.values()} - {""})
        self.of: dict[str, str] = {text: _named(text) for text in outputs if len(text) == 1}
        self.dead: dict[str, str] = {}
        taken: set[str] = set(outputs)
        for text in outputs:
            if len(text) > 1:
                self.of[text] = _private(text, taken)
        for name, dead in sorted(program.dead.items()):
            keysym = _dead_keysym(dead)
            if keysym is None or keysym in self.dead.values():
                keysym = _private(f"{program.id}\0{name}", taken)
            self.dead[name] = keysym

    def press(self, program: Program, press: Press) -> str:
        """The keysym of a press, or that of nothing."""
        if press in program.dead_presses:
            return self.dead[program.dead_presses[press]]
        return self.of.get(program.keys.get(press, ""), _NOTHING)


def symbols(keyboard: Keyboard, program: Program, keysyms: Keysyms) -> str:
    """The symbols file."""
    lines = [
        f"// {full_name(keyboard, 'en')} ({keyboard.id} {keyboard.version}). {keyboard.licence}.",
        "default partial alphanumeric_keys",
        'xkb_symbols "basic" {',
        f'    name[Group1] = "{_plain(full_name(keyboard, "en"))}";',
    ]
    third = False
    for position in POSITIONS.values():
        presses = [Press(position.code, modifiers) for modifiers in MODIFIERS]
        levels = [keysyms.press(program, press) for press in presses]
        if set(levels) == {_NOTHING}:
            continue
        kind = _type([program.keys.get(press, "") for press in presses])
        if levels[2:] == [_NOTHING, _NOTHING]:
            levels, kind = levels[:2], _TWO_LEVELS[kind]
        else:
            third = True
        lines.append(f'    key <{position.xkb}> {{ type[Group1] = "{kind}", [ {", ".join(levels)} ] }};')
    if third:
        lines.append('    include "level3(ralt_switch)"')
    return "\n".join([*lines, "};", ""])


# The types of xkeyboard-config by the upper-case pairs among their levels. Where only the AltGr pair is one, Caps Lock
# is left to the keysyms, which every toolkit raises.
_TWO_LEVELS: Final = {
    "FOUR_LEVEL": "TWO_LEVEL",
    "FOUR_LEVEL_ALPHABETIC": "ALPHABETIC",
    "FOUR_LEVEL_SEMIALPHABETIC": "ALPHABETIC",
}


def _type(outputs: list[str]) -> str:
    base, third = (are_cases(*outputs[:2]), are_cases(*outputs[2:]))
    if base and third:
        return "FOUR_LEVEL_ALPHABETIC"
    return "FOUR_LEVEL_SEMIALPHABETIC" if base else "FOUR_LEVEL"


def registry_entry(keyboard: Keyboard) -> str:
    """The layout's entry for rules/evdev.xml, between the comments by which it is found again."""
    layout = layout_name(keyboard)
    language = icu.Locale(keyboard.language).getISO3Language() or keyboard.language
    return "\n".join(
        [
            f"    <!-- {layout} begin -->",
            "    <layout>",
            "      <configItem>",
            f"        <name>{layout}</name>",
            f"        <shortDescription>{escape(keyboard.language)}</shortDescription>",
            f"        <description>{escape(full_name(keyboard, 'vi'))}</description>",
            f"        <languageList><iso639Id>{escape(language)}</iso639Id></languageList>",
            "      </configItem>",
            "      <variantList/>",
            "    </layout>",
            f"    <!-- {layout} end -->",
            "",
        ]
    )


def compose(program: Program, keysyms: Keysyms) -> str:
    """The Compose table: what dead keys make of every keysym of the keyboard, and keys that give several characters.

    Empty where the keyboard needs none.
    """
    lines = [f"<{keysym}> : {_quoted(text)}" for text, keysym in keysyms.of.items() if len(text) > 1]
    for name, dead in sorted(program.dead.items()):
        first = keysyms.dead[name]
        for text, keysym in keysyms.of.items():
            lines.append(f"<{first}> <{keysym}> : {_quoted(dead.results[text])}")
        for other, keysym in keysyms.dead.items():
            lines.append(f"<{first}> <{keysym}> : {_quoted(dead.results[program.dead[other].alone])}")
    return "".join(line + "\n" for line in lines)


def _dead_keysym(dead: Dead) -> str | None:
    """The dead keysym of the mark that most results have got, if there is one."""
    marks: Counter[str] = Counter()
    for before, after in dead.results.items():
        marks.update(set(_marks(after)) - set(_marks(before)))
    known = [(count, mark) for mark, count in marks.items() if mark in _DEAD]
    return _DEAD[max(known)[1]] if known else None


def _marks(text: str) -> Iterable[str]:
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.combining(char):
            yield char
        elif "WITH STROKE" in unicodedata.name(char, ""):
            yield _STROKE


def _named(char: str) -> str:
    if char.isascii() and char.isalnum():
        return char
    return _NAMES.get(char) or f"U{ord(char):04X}"


def _private(text: str, taken: set[str]) -> str:
    """A private keysym for a text: the same wherever the text is the same, unless another text has taken it."""
    at = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % len(_PRIVATE)
    while chr(_PRIVATE[at]) in taken:
        at = (at + 1) % len(_PRIVATE)
    taken.add(chr(_PRIVATE[at]))
    return f"U{_PRIVATE[at]:04X}"


def _plain(text: str) -> str:
    return text.replace("\\", "").replace('"', "'")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
