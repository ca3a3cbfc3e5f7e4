"""The keyboard on the screen that Keyman shows on computers (.kvks, XML).

https://help.keyman.com/developer/current-version/reference/file-types/kvks
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from ime.model import Key, Keyboard
from ime.positions import ISO_ONLY, POSITIONS, SPACE
from ime.program import MODIFIERS, Modifiers

_SHIFT: Final[Mapping[Modifiers, str]] = {"": "", "shift": "S", "altgr": "RA", "shift+altgr": "SRA"}


def layout(keyboard: Keyboard, keyboard_id: str, font: str) -> bytes:
    """The file; `font` is the family that shows the letters, empty for the computer's own."""
    flags = ["usealtgr"]
    if any(ISO_ONLY in keys for keys in keyboard.layers.values()):
        flags.append("key102")
    said = "".join(f"<{flag}>1</{flag}>" for flag in flags)  # its schema refuses empty elements
    layers = [
        f'    <layer shift="{_SHIFT[modifiers]}">\n{_keys(keyboard, modifiers)}    </layer>\n'
        for modifiers in MODIFIERS
        if keyboard.layers.get(modifiers)
    ]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<visualkeyboard>\n  <header>\n    <version>10.0</version>\n'
        f"    <kbdname>{escape(keyboard_id)}</kbdname>\n    <flags>{said}</flags>\n  </header>\n"
        f'  <encoding name="unicode" fontname={quoteattr(font or "Arial")} fontsize="-12">\n'
        f"{''.join(layers)}  </encoding>\n</visualkeyboard>\n"
    ).encode()


def _keys(keyboard: Keyboard, modifiers: Modifiers) -> str:
    keys = keyboard.layers[modifiers]
    return "".join(
        f'      <key vkey="{position.keyman}">{escape(_shown(keyboard, keys[code]))}</key>\n'
        for code, position in POSITIONS.items()
        if code in keys and code != SPACE and _shown(keyboard, keys[code]).strip()
    )


def _shown(keyboard: Keyboard, key: Key) -> str:
    """What stands on a key: its label, or what it gives (marks on a dotted circle)."""
    if key.label:
        return key.label
    if key.dead:
        return keyboard.dead[key.dead].label
    if key.output and unicodedata.category(key.output[0]).startswith("M"):
        return f"◌{key.output}"
    return key.output
