"""The engine of the page in Chromium: all strings through the engine, some by key events into a text box.

The key events are the browser's own, sent by DevTools as a hardware keyboard would send them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from ime.model import Keyboard
from ime.positions import POSITIONS
from ime.program import Press, Program, Stroke
from ime.proof import chromium
from ime.proof.web_node import SCRIPTS, asked
from ime.targets.base import Package

STRINGS_BY_KEYS: Final = 24  # how many of a keyboard's strings are typed by key events, spread over all
_ALT, _SHIFT = 1, 8  # bits of DevTools' Input domain

_TYPE: Final = """(async ({ engine, type, ...asked }) => {
  const [module, { typeAll }] = await Promise.all([import(engine), import(type)]);
  return typeAll(module, asked);
})"""
_BOX: Final = """(async ({ engine, box, payload }) => {
  const [{ prepare }, { writerOf }] = await Promise.all([import(engine), import(box)]);
  document.body.innerHTML = "<textarea></textarea>";
  const [field] = document.body.children;
  writerOf(field).use(prepare(payload));
  field.focus();
})"""
_TAKE: Final = """(() => {
  const field = document.querySelector("textarea");
  const { value } = field;
  field.blur();
  field.value = "";
  field.focus();
  return value;
})()"""


class _WebChromium:
    """engine.js and box.js in a browser."""

    id = "web-chromium"
    target = "web"

    @property
    def why(self) -> str:
        """What is missing to run it."""
        return (
            "" if chromium.executable() else "Chromium is not on this machine (Debian: apt install chromium)."
        )

    def version(self) -> str | None:
        """The version of the browser."""
        path = chromium.executable()
        return f"Chromium {chromium.version(path)}" if path else None

    def type_all(
        self, keyboard: Keyboard, program: Program, package: Package, sequences: Sequence[Sequence[Stroke]]
    ) -> list[str]:
        """The text that each sequence gives; where it was typed by key events, what stood in the box."""
        path = chromium.executable() or ""
        told = asked(package, sequences)
        scripts = _scripts()
        with chromium.Chromium(path) as browser:
            texts: list[str] = browser.evaluate(f"{_TYPE}({json.dumps({**told, **scripts})})")
            browser.evaluate(f"{_BOX}({json.dumps({**scripts, 'payload': told['payload']})})")
            for at in _spread(len(sequences)):
                _type(browser, sequences[at])
                texts[at] = browser.evaluate(_TAKE)
        return texts


WEB_CHROMIUM: Final = _WebChromium()


def _scripts() -> dict[str, str]:
    """The scripts as addresses of modules; nothing is served, so nothing listens."""
    engine = _module((SCRIPTS / "engine.js").read_text(encoding="utf-8"))
    box = (SCRIPTS / "box.js").read_text(encoding="utf-8").replace("./engine.js", engine)
    typing = Path(__file__).with_name("web_type.mjs").read_text(encoding="utf-8")
    return {"engine": engine, "box": _module(box), "type": _module(typing)}


def _module(source: str) -> str:
    return f"data:text/javascript;base64,{base64.b64encode(source.encode()).decode()}"


def _spread(count: int) -> Iterator[int]:
    """Numbers below `count`, evenly spread."""
    step = max(1, count // STRINGS_BY_KEYS)
    return iter(range(0, count, step))


def _type(browser: chromium.Chromium, strokes: Sequence[Stroke]) -> None:
    for stroke in strokes:
        if not isinstance(stroke, Press):
            _key(browser, "Backspace", "Backspace", 8)
            continue
        position = POSITIONS[stroke.code]
        shift, altgr = "shift" in stroke.modifiers, "altgr" in stroke.modifiers
        held = _SHIFT * shift + _ALT * altgr
        if altgr:  # on a US keyboard this key is the right Alt
            _event(browser, "rawKeyDown", "AltRight", "Alt", 18, _ALT)
        # What the system's layout would give: it must not come into the box.
        text = position.us_shift if shift else position.us
        _key(browser, stroke.code, text, position.virtual_key, held, text)
        if altgr:
            _event(browser, "keyUp", "AltRight", "Alt", 18)


def _key(browser: chromium.Chromium, code: str, key: str, number: int, held: int = 0, text: str = "") -> None:
    _event(browser, "keyDown" if text else "rawKeyDown", code, key, number, held, text)
    _event(browser, "keyUp", code, key, number, held)


def _event(
    browser: chromium.Chromium, kind: str, code: str, key: str, number: int, held: int = 0, text: str = ""
) -> None:
    browser.send(
        "Input.dispatchKeyEvent", type=kind, code=code, key=key, windowsVirtualKeyCode=number, modifiers=held,
        **({"text": text} if text else {}),
    )  # fmt: skip
