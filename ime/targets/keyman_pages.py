"""The pages in a Keyman package: welcome, what to know before installing, the licence. Vietnamese, then English."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from ime.model import Key, Keyboard
from ime.positions import POSITIONS, ROWS
from ime.program import MODIFIERS, Modifiers
from ime.targets.base import Texts

_HELD: Final[Mapping[Modifiers, str]] = {
    "": "",
    "shift": "Shift",
    "altgr": "AltGr",
    "shift+altgr": "Shift + AltGr",
}
_STYLE: Final = """\
body{font:16px/1.5 sans-serif;margin:1em auto;max-width:52em;padding:0 1em;color:#1d1c22;background:#fff}
h1{color:#2c3a8c;font-size:1.5em}h2{font-size:1.15em;margin-top:1.5em}
table{border-collapse:separate;border-spacing:3px}
td{border:1px solid #dcd7cd;border-radius:4px;min-width:2em;height:2.6em;text-align:center;font-size:1.1em;
position:relative;padding:.5em .2em .1em}
td small{position:absolute;left:3px;top:0;font-size:.6em;color:#5c5964}
@media(max-width:44em){table{border-spacing:1px}td{min-width:1.3em;font-size:.85em;padding:.7em 0 .1em}}
"""
_MIT: Final = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def welcome(keyboard: Keyboard, name: str, texts: Texts, font: str) -> bytes:
    """The page that Keyman shows after installing: what the keyboard does, and a table for each layer.

    `font` is the file of the script's font in the package, empty if there is none.
    """
    parts = [
        *_said(keyboard, name, texts),
        *(part for modifiers in MODIFIERS for part in _layer(keyboard, modifiers)),
        *_dead_keys(keyboard),
    ]
    return _page(name, parts, font)


def readme(keyboard: Keyboard, name: str, texts: Texts) -> bytes:
    """The page that Keyman shows before installing."""
    return _page(name, [*_said(keyboard, name, texts)], "")


def licence(keyboard: Keyboard, font: str, font_licence: str) -> bytes:
    """The licence as text; of the font, if there is one in the package, what its own file says."""
    head = f"# {keyboard.id} {keyboard.version}\n\nCopyright © {keyboard.author}\n\n"
    body = (
        f"MIT License\n\n{_MIT}"
        if keyboard.licence == "MIT"
        else f"SPDX-License-Identifier: {keyboard.licence}\nhttps://spdx.org/licenses/{keyboard.licence}.html\n"
    )
    tail = f"\n## {font}\n\n{font_licence}\n" if font else ""
    return (head + body + tail).encode()


def _page(title: str, parts: list[str], font: str) -> bytes:
    face = (
        f'@font-face{{font-family:script;src:url("{escape(font)}")}}td{{font-family:script}}\n'
        if font
        else ""
    )
    return (
        '<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{escape(title)}</title>\n'
        f"<style>\n{face}{_STYLE}</style>\n</head>\n<body>\n{''.join(parts)}</body>\n</html>\n"
    ).encode()


def _said(keyboard: Keyboard, name: str, texts: Texts) -> Iterator[str]:
    yield f"<h1>{escape(name)}</h1>\n"
    for language in ("vi", "en"):
        if why := keyboard.why.get(language):
            yield f'<p lang="{language}">{escape(why)}</p>\n'
    house = escape(texts.house)
    if texts.address:
        house = f'<a href="{escape(texts.address)}">{house}</a>'
    yield f"<p>{house} · {escape(keyboard.version)} · {escape(keyboard.author)} · {escape(keyboard.licence)}</p>\n"
    if not keyboard.reviewed:
        yield "<p>Bàn phím này chưa được người nói tiếng này duyệt lại.</p>\n"
        yield '<p lang="en">No speaker of the language has reviewed this keyboard yet.</p>\n'


def _layer(keyboard: Keyboard, modifiers: Modifiers) -> Iterator[str]:
    keys = keyboard.layers.get(modifiers)
    if not keys:
        return
    yield f"<h2>{_HELD[modifiers] or 'Bàn phím <span lang=en>(Keyboard)</span>'}</h2>\n"
    for row in ROWS:
        cells = "".join(
            f"<td><small>{escape(POSITIONS[code].us_shift if POSITIONS[code].us.isalpha() else POSITIONS[code].us)}"
            f"</small>{escape(_shown(keyboard, keys[code]) if code in keys else '')}</td>"
            for code in row
            if code in keys or any(code in layer for layer in keyboard.layers.values())
        )
        yield f"<table><tr>{cells}</tr></table>\n"


def _dead_keys(keyboard: Keyboard) -> Iterator[str]:
    """What each dead key makes of the next key."""
    for dead in keyboard.dead.values():
        pairs = " ".join(
            f"{escape(key)}&nbsp;→&nbsp;{escape(result)}" for key, result in dead.results.items()
        )
        yield f"<h2>{escape(dead.label)}</h2>\n<p>{pairs}</p>\n"


def _shown(keyboard: Keyboard, key: Key) -> str:
    if key.dead:
        return keyboard.dead[key.dead].label
    shown = key.label or key.output
    return f"◌{shown}" if shown and unicodedata.category(shown[0]).startswith("M") else shown
