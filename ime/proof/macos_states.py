"""The proof for macOS: the `.keylayout` read back and run as the state machine that TN2056 describes.

No engine of Apple runs here: this shows that the file says what it should, not that macOS reads it so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from ime.errors import BuildError
from ime.model import Keyboard
from ime.positions import POSITIONS
from ime.program import Modifiers, Press, Program, Stroke
from ime.proof.base import OwnReading
from ime.targets.base import Package

_CONTROL: Final = re.compile(r"&#x(00[01][0-9A-F]|007F);")
_PRIVATE: Final = 0xF000  # where control characters stand while XML 1.0, which has none, is read
_HEAD: Final = re.compile(r"^<\?xml[^>]*\?>\s*<!DOCTYPE[^>]*>")
_HELD: Final[Mapping[Modifiers, frozenset[str]]] = {
    "": frozenset(),
    "shift": frozenset({"anyShift"}),
    "altgr": frozenset({"anyOption"}),
    "shift+altgr": frozenset({"anyShift", "anyOption"}),
}


class _MacosStates(OwnReading):
    """Our own reading of a keylayout."""

    id = "macos-states"
    target = "macos"

    def type_all(
        self, keyboard: Keyboard, program: Program, package: Package, sequences: Sequence[Sequence[Stroke]]
    ) -> list[str]:
        """The text of each sequence; BuildError if the file cannot be read."""
        machine = Machine(package.file(".keylayout").data.decode())
        return [machine.type(sequence) for sequence in sequences]


MACOS_STATES: Final = _MacosStates()


@dataclass
class Machine:
    """A keylayout, ready to type."""

    text: str
    maps: list[dict[int, etree._Element]] = field(default_factory=list)
    selections: list[tuple[frozenset[str], frozenset[str], int]] = field(default_factory=list)
    actions: dict[str, dict[str, etree._Element]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        readable = _CONTROL.sub(lambda found: chr(_PRIVATE + int(found[1], 16)), _HEAD.sub("", self.text))
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(readable.encode(), parser)
        except etree.XMLSyntaxError as error:
            raise BuildError(
                "macos_xml", f"The keylayout is not well-formed: {error}", error=str(error)
            ) from None
        self.maps = [
            {int(key.get("code", "")): key for key in key_map}
            for key_map in root.iterfind("keyMapSet/keyMap")
        ]
        for selection in root.iterfind("modifierMap/keyMapSelect"):
            for modifier in selection:
                words = modifier.get("keys", "").split()
                must = frozenset(word for word in words if not word.endswith("?"))
                may = frozenset(word.rstrip("?") for word in words if word.endswith("?"))
                self.selections.append((must, may, int(selection.get("mapIndex", ""))))
        self.actions = {
            action.get("id", ""): {when.get("state", ""): when for when in action}
            for action in root.iterfind("actions/action")
        }

    def map_for(self, held: frozenset[str]) -> dict[int, etree._Element]:
        """The key map that the held keys choose: the first whose keys are all held, and no others."""
        for must, may, index in self.selections:
            if must <= held <= must | may:
                return self.maps[index]
        raise BuildError("macos_held", f"No key map for {sorted(held)}.", held=sorted(held))

    def type(self, strokes: Sequence[Stroke], *, caps: bool = False) -> str:
        """The text of some presses (and nothing for a dead key that still waits)."""
        text, state = "", "none"
        for stroke in strokes:
            if not isinstance(stroke, Press):
                raise BuildError("macos_backspace", "Backspace is not the layout's on macOS.")
            held = _HELD[stroke.modifiers] | ({"caps"} if caps else frozenset())
            key = self.map_for(held).get(POSITIONS[stroke.code].mac)
            if key is None:
                continue
            action = key.get("action")
            if action is None:
                text, state = text + key.get("output", ""), "none"
                continue
            when = self.actions[action][state]
            text, state = text + when.get("output", ""), when.get("next", "none")
        return text
