"""How long a keystroke takes in the page, and how much a page loads to type.

    python -m tests.bench.keyboard_typing [KEYBOARD …]

Chromium's processor is slowed down four times, as its developer tools do it for a cheap phone. A keystroke is measured
in the engine alone, and as an event on a text box with all that follows from it: the edit, and then the drawn keyboard
(touch, then physical, which shows what a waiting dead key makes).

Without arguments: the keyboard with most rules, and that with most dead keys.
"""

from __future__ import annotations

import base64
import gzip
import json
import sys
from pathlib import Path
from typing import Any

import brotli

from ime.catalogue import keyboards
from ime.compiling import compiled
from ime.model import Keyboard
from ime.program import Press
from ime.proof import chromium
from ime.proof.run import random_strokes
from ime.proof.web_node import SCRIPTS
from ime.targets.web import payload

SLOWER = 4
STROKES = 4000
TYPING = ("engine.js", "box.js", "osk.js", "page.js", "attach.js", "dock.js")

MEASURE = """(async ({ engine, box, osk, payload, strokes }) => {
  const loaded = await Promise.all([engine, box, osk].map((each) => import(each)));
  const [{ prepare, keyAt, press }, { writerOf }, { mount }] = loaded;
  const program = prepare(payload);
  const quantile = (times, share) => times.sort((a, b) => a - b)[Math.floor(times.length * share)];
  const sum = (times) => times.reduce((all, each) => all + each, 0) / times.length;
  const said = (times) => ({ mean: sum(times), p99: quantile(times, 0.99) });
  let text = "";
  let pending = "";
  const alone = strokes.map(([code, modifiers]) => {
    const begin = performance.now();
    const made = press(program, text, pending, keyAt(program, code, modifiers));
    const took = performance.now() - begin;
    text = text.slice(0, text.length - made.erase) + made.insert;
    pending = made.pending;
    return took;
  });
  document.body.innerHTML = "<textarea></textarea><div></div>";
  const [field, place] = document.body.children;
  const typed = (list) => list.map(([code, modifiers]) => {
    const event = new KeyboardEvent("keydown", {
      code, key: "a", cancelable: true,
      shiftKey: modifiers.includes("shift"), modifierAltGraph: modifiers.includes("altgr"),
    });
    if (field.value.length > 200) field.value = "";
    const begin = performance.now();
    field.dispatchEvent(event);
    return performance.now() - begin;
  });
  writerOf(field).use(program);
  field.focus();
  const inBox = typed(strokes);
  const { destroy } = mount(place, { keyboard: payload, box: field, look: "touch" });
  const touch = typed(strokes.slice(0, 1000));
  destroy();
  mount(place, { keyboard: payload, box: field, look: "physical" });
  const physical = typed(strokes.slice(0, 1000));
  return { engine: said(alone), box: said(inBox), touch: said(touch), physical: said(physical) };
})"""


def modules() -> dict[str, str]:
    """The scripts as addresses of modules that import each other."""
    made: dict[str, str] = {}
    for name in ("engine", "page", "box", "osk"):
        source = (SCRIPTS / f"{name}.js").read_text(encoding="utf-8")
        for other, address in made.items():
            source = source.replace(f"./{other}.js", address)
        made[name] = f"data:text/javascript;base64,{base64.b64encode(source.encode()).decode()}"
    return made


def measured(keyboard: Keyboard) -> Any:
    """Milliseconds of a keystroke: mean and 99th percentile."""
    program = compiled(keyboard)
    strokes = [
        [stroke.code, stroke.modifiers]
        for sequence in random_strokes(program, STROKES)
        for stroke in sequence
        if isinstance(stroke, Press)
    ][:STROKES]
    told = {"payload": payload(keyboard, program, {"": keyboard.id}), "strokes": strokes, **modules()}
    with chromium.Chromium(chromium.executable() or "") as browser:
        browser.send("Emulation.setCPUThrottlingRate", rate=SLOWER)
        return browser.evaluate(f"{MEASURE}({json.dumps(told)})")


def main(names: list[str]) -> None:
    """Print sizes and times."""
    total = [0, 0, 0]
    for name in TYPING:
        data = Path(SCRIPTS / name).read_bytes()
        sizes = [len(data), len(gzip.compress(data, 9)), len(brotli.compress(data))]
        total = [a + b for a, b in zip(total, sizes, strict=True)]
        print(f"{name:12} {sizes[0]:7} bytes {sizes[1]:7} gzip {sizes[2]:7} brotli")
    print(f"{'all':12} {total[0]:7} bytes {total[1]:7} gzip {total[2]:7} brotli\n")
    found = keyboards().by_id.values()
    chosen = [keyboards().keyboard(name) for name in names] or [
        max(found, key=lambda each: len(compiled(each).rules)),
        max(found, key=lambda each: len(compiled(each).dead)),
    ]
    print(f"milliseconds of a keystroke at {SLOWER}x CPU throttle (mean, 99th percentile)")
    for keyboard in chosen:
        for what, times in measured(keyboard).items():
            print(f"{keyboard.id:24} {what:8} {times['mean']:.3f} {times['p99']:.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
