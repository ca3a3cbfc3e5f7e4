"""A keyboard layout for macOS: a `.keylayout` in a bundle (Apple Technical Note TN2056).

A keylayout knows layers and dead keys (as states of a machine) but no context, so only direct keyboards can be said in
it. Dead keys are total: every key has an action for every state. Caps Lock changes the case of letters that have
two and nothing else; with Command held the keys are those of a US keyboard, so that shortcuts keep their places.

The key left of 1 and the one left of Z change places between ANSI and ISO keyboards of Apple: where the layout puts
nothing on the second, both give what stands on the first.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterable, Mapping
from typing import Final
from xml.sax.saxutils import quoteattr

from ime.casing import with_caps
from ime.errors import BuildError
from ime.model import Keyboard, Kind
from ime.positions import ISO_ONLY, POSITIONS
from ime.program import Modifiers, Press, Program
from ime.targets.base import DIRECT, File, Kit, Package, zip_bytes
from ime.targets.scripts import script_of
from ime.targets.writing import full_name

BUNDLE_ID: Final = "org.nhasan.keyboardlayout"
_NO_STATE: Final = "none"
_LONGEST_OUTPUT: Final = 20  # UTF-16 units of one output, TN2056

# What Caps Lock, Command and Option make of the layers; the first map that matches counts, so narrower ones come first.
_MAPS: Final[tuple[tuple[str, Modifiers | None, bool, tuple[str, ...]], ...]] = (
    ("plain", "", False, ("",)),
    ("shift", "shift", False, ("anyShift",)),
    ("caps", "", True, ("caps",)),
    ("caps-shift", "shift", True, ("anyShift caps",)),
    ("option", "altgr", False, ("anyOption",)),
    ("option-shift", "shift+altgr", False, ("anyShift anyOption",)),
    ("option-caps", "altgr", True, ("anyOption caps",)),
    ("option-caps-shift", "shift+altgr", True, ("anyShift anyOption caps",)),
    (
        "command",
        None,
        False,
        ("command anyShift? caps? anyOption? anyControl?", "anyControl anyShift? caps? anyOption?"),
    ),
)
# Keys that no layout declares, by key code: what they send on every layer (Events.h names them).
_OTHERS: Final[Mapping[int, int]] = {
    36: 0x0D, 48: 0x09, 51: 0x08, 53: 0x1B, 71: 0x1B, 76: 0x03, 114: 0x05, 115: 0x01, 116: 0x0B, 117: 0x7F, 119: 0x04,
    121: 0x0C, 123: 0x1C, 124: 0x1D, 125: 0x1F, 126: 0x1E,
    65: 0x2E, 67: 0x2A, 69: 0x2B, 75: 0x2F, 78: 0x2D, 81: 0x3D,
    82: 0x30, 83: 0x31, 84: 0x32, 85: 0x33, 86: 0x34, 87: 0x35, 88: 0x36, 89: 0x37, 91: 0x38, 92: 0x39,
}  # fmt: skip


class _Macos:
    """`<keyboard>-macos.zip`: the bundle to copy into “Keyboard Layouts”, and how."""

    id = "macos"
    title = "macOS"
    kinds: frozenset[Kind] = DIRECT

    def build(self, keyboard: Keyboard, program: Program, kit: Kit) -> Package:
        """The package; BuildError for a keyboard that rewrites what was typed, or an output too long for macOS."""
        if program.composing:
            raise BuildError(
                "macos_composing",
                f"{keyboard.id} rewrites what was typed; a layout of macOS cannot. There is Keyman for it.",
                keyboard=keyboard.id,
            )
        bundle = f"{keyboard.id}.bundle/Contents"
        layout = File(f"{bundle}/Resources/{keyboard.id}.keylayout", keylayout(keyboard, program).encode())
        values = {
            "NAME_VI": full_name(keyboard, "vi"),
            "NAME_EN": full_name(keyboard, "en"),
            "ID": keyboard.id,
            "VERSION": keyboard.version,
            "HOUSE": kit.texts.house,
            "ADDRESS": kit.texts.address,
        }
        inside = [
            layout,
            File(f"{bundle}/Info.plist", _information(keyboard).encode()),
            *(
                File(f"{bundle}/Resources/{language}.lproj/InfoPlist.strings", _strings(keyboard, language))
                for language in ("en", "vi")
            ),
            File("README.txt", script_of("macos-readme.txt", values)),
        ]
        return Package(f"{keyboard.id}-macos", (File(f"{keyboard.id}-macos.zip", zip_bytes(inside)), *inside))


MACOS: Final = _Macos()


def keylayout(keyboard: Keyboard, program: Program) -> str:
    """The text of the `.keylayout`."""
    actions = _Actions(program)
    maps = [
        f'    <keyMap index="{index}">\n{"".join(_keys(program, actions, layer, caps))}    </keyMap>\n'
        for index, (_name, layer, caps, _held) in enumerate(_MAPS)
    ]
    selections = "".join(
        f'    <keyMapSelect mapIndex="{index}">'
        + "".join(f'<modifier keys="{held}"/>' for held in keys)
        + "</keyMapSelect>\n"
        for index, (_name, _layer, _caps, keys) in enumerate(_MAPS)
    )
    longest = max((len(text.encode("utf-16-le")) // 2 for text in actions.outputs()), default=1)
    if longest > _LONGEST_OUTPUT:
        raise BuildError(
            "macos_long",
            f"{keyboard.id}: one key gives {longest} characters; macOS takes {_LONGEST_OUTPUT}.",
            keyboard=keyboard.id,
            length=longest,
        )
    return (
        '<?xml version="1.1" encoding="UTF-8"?>\n'
        '<!DOCTYPE keyboard SYSTEM "file://localhost/System/Library/DTDs/KeyboardLayout.dtd">\n'
        f'<keyboard group="126" id="{_number(keyboard)}" name={quoteattr(_name(keyboard))} maxout="{longest}">\n'
        '  <layouts><layout first="0" last="254" modifiers="held" mapSet="keys"/></layouts>\n'
        f'  <modifierMap id="held" defaultIndex="0">\n{selections}  </modifierMap>\n'
        f'  <keyMapSet id="keys">\n{"".join(maps)}  </keyMapSet>\n'
        f"{actions.written()}</keyboard>\n"
    )


def _keys(program: Program, actions: _Actions, layer: Modifiers | None, caps: bool) -> Iterable[str]:
    done: set[int] = set()
    for code, position in POSITIONS.items():
        if layer is None:
            written = f"output={_quoted(position.us)}"
        else:
            held = with_caps(program, code, layer) if caps else layer
            written = actions.attribute(Press(code, held))
            if not written and code == ISO_ONLY:
                written = actions.attribute(Press("Backquote", held))
        done.add(position.mac)
        if written:
            yield f'      <key code="{position.mac}" {written}/>\n'
    for number, char in sorted(_OTHERS.items()):
        if number not in done:
            yield f'      <key code="{number}" output={_quoted(chr(char))}/>\n'


class _Actions:
    """The machine of dead keys: what each key does in each state."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._used: dict[str, dict[str, str]] = {}  # action id → state → what it does

    def attribute(self, press: Press) -> str:
        """`output="…"` or `action="…"` of a key; empty for one that does nothing."""
        program = self._program
        name = program.dead_presses.get(press)
        if name is not None:
            return f"action={_quoted(self._dead(name))}"
        output = program.keys.get(press)
        if output is None:
            return ""
        if not program.dead:
            self._used.setdefault(output, {_NO_STATE: output})
            return f"output={_quoted(output)}"
        return f"action={_quoted(self._letter(output))}"

    def outputs(self) -> Iterable[str]:
        """All texts that come out somewhere."""
        for states in self._used.values():
            yield from states.values()
        yield from (dead.alone for dead in self._program.dead.values())

    def written(self) -> str:
        """The actions and terminators, none where there are no dead keys."""
        if not self._program.dead:
            return ""
        dead = {f"dead {name}": name for name in self._program.dead}
        lines = ["  <actions>\n"]
        for action, states in sorted(self._used.items()):
            lines.append(f"    <action id={_quoted(action)}>\n")
            for state, text in states.items():
                does = (
                    f"next={_quoted(dead[action])}"
                    if action in dead and state == _NO_STATE
                    else f"output={_quoted(text)}"
                )
                lines.append(f"      <when state={_quoted(state)} {does}/>\n")
            lines.append("    </action>\n")
        lines.append("  </actions>\n  <terminators>\n")
        lines += [
            f"    <when state={_quoted(name)} output={_quoted(dead_key.alone)}/>\n"
            for name, dead_key in self._program.dead.items()
        ]
        return "".join([*lines, "  </terminators>\n"])

    def _letter(self, output: str) -> str:
        action = f"key {output}"
        if action not in self._used:
            self._used[action] = {_NO_STATE: output, **self._after(output)}
        return action

    def _dead(self, name: str) -> str:
        action = f"dead {name}"
        if action not in self._used:
            self._used[action] = {_NO_STATE: "", **self._after(self._program.dead[name].alone)}
        return action

    def _after(self, output: str) -> dict[str, str]:
        """What comes out in the state of each dead key: as the reference engine says it."""
        return {
            name: dead.results.get(output, dead.alone + output) for name, dead in self._program.dead.items()
        }


def _quoted(text: str) -> str:
    """An attribute's value; control characters and marks as references, so that the file can be read and written."""
    out = []
    for char in text:
        if ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0:
            out.append(f"&#x{ord(char):04X};")
        else:
            out.append({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}.get(char, char))
    return f'"{"".join(out)}"'


def _number(keyboard: Keyboard) -> int:
    """Negative, as for all layouts that are Unicode; from the id, so that it stays the same."""
    digest = hashlib.sha256(keyboard.id.encode()).digest()
    return -(2 + int.from_bytes(digest[:4], "big") % 30_000)


def _name(keyboard: Keyboard) -> str:
    return full_name(keyboard, "en")


def _identifier(keyboard: Keyboard) -> str:
    return f"{BUNDLE_ID}.{keyboard.id}"


def _information(keyboard: Keyboard) -> str:
    name = quoteattr(_name(keyboard))[1:-1]
    language = keyboard.locales[0] if keyboard.locales else keyboard.orthography
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>CFBundleIdentifier</key>
  <string>{_identifier(keyboard)}</string>
  <key>CFBundleName</key>
  <string>{name}</string>
  <key>CFBundleVersion</key>
  <string>{keyboard.version}</string>
  <key>KLInfo_{keyboard.id}</key>
  <dict>
    <key>TISInputSourceID</key>
    <string>{_identifier(keyboard)}.layout</string>
    <key>TISIntendedLanguage</key>
    <string>{language}</string>
  </dict>
</dict>
</plist>
"""


def _strings(keyboard: Keyboard, language: str) -> bytes:
    """How a person sees the layout named, in the old property-list form that macOS reads as UTF-16."""
    name = full_name(keyboard, language).replace("\\", "\\\\").replace('"', '\\"')
    return codecs.BOM_UTF16_LE + f'"{_name(keyboard)}" = "{name}";\n'.encode("utf-16-le")
