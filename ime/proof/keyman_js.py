"""The keyboard that KeymanWeb, Keyman for Android and for iPhone run: the compiled .js, in node."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ime.errors import BuildError
from ime.model import Keyboard, TouchPress
from ime.positions import POSITIONS
from ime.program import Modifiers, Press, Program, Stroke
from ime.targets.base import Package
from ime.targets.keyman_compiler import missing_node, node
from ime.targets.keyman_touch import FLICKS

_SCRIPT: Final = Path(__file__).with_name("keyman_web.mjs")
_HELD: Final[dict[Modifiers, int]] = {"": 0, "shift": 0x10, "altgr": 0x08, "shift+altgr": 0x18}
_LAYERS: Final = {"shift": 0x10, "rightalt": 0x08, "rightalt-shift": 0x18}  # of touch layouts, as modifiers
_CAPS, _NO_CAPS, _NO_OTHER = (
    0x100,
    0x200,
    0x2800,
)  # states of Keyman's codes: the last are Num Lock and Scroll Lock
_BACKSPACE: Final = (8, 0, _NO_CAPS | _NO_OTHER)
_TIMEOUT: Final = 300  # seconds

Event = tuple[int, int, int]  # virtual key, modifiers, states


class _KeymanJs:
    """The compiled .js on an implementation of the functions that it calls."""

    id = "keyman-js"
    target = "keyman"

    @property
    def why(self) -> str:
        """What is missing to run it."""
        return missing_node()

    def version(self) -> str | None:
        """The version of node; what runs is the file that the compiler wrote."""
        if self.why:
            return None
        found = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True)
        return f"node {found.stdout.strip().removeprefix('v')}"

    def type_all(
        self, keyboard: Keyboard, program: Program, package: Package, sequences: Sequence[Sequence[Stroke]]
    ) -> list[str]:
        """What the sequences type through the .js."""
        return texts(package, [[event(stroke) for stroke in sequence] for sequence in sequences])


KEYMAN_JS: Final = _KeymanJs()


def event(stroke: Stroke, *, caps: bool = False) -> Event:
    """A stroke as Keyman's engine for the web sees it, perhaps with Caps Lock on."""
    states = (_CAPS if caps else _NO_CAPS) | _NO_OTHER
    if isinstance(stroke, Press):
        return POSITIONS[stroke.code].virtual_key, _HELD[stroke.modifiers], states
    return _BACKSPACE


def touch_events(package: Package, touches: Iterable[TouchPress]) -> list[Event]:
    """Touches as Keyman's engine has them, by the touch layout in the package; BuildError on a wrong layer."""
    platform = json.loads(package.file(".keyman-touch-layout").data)["phone"]
    layers = {layer["id"]: [_keys(row) for row in layer["row"]] for layer in platform["layer"]}
    numbered = re.search(r'this\.KVKD="([^"]*)"', package.file(".js").data.decode())
    numbers = {name: 256 + at for at, name in enumerate(numbered[1].split() if numbered else ())}
    numbers |= {position.keyman: position.virtual_key for position in POSITIONS.values()}
    events: list[Event] = []
    here = "default"
    for touch in touches:
        if touch.layer != here:
            raise BuildError(
                "engine_confused", f"{package.name}: {touch} is asked for on the layer {here}", layer=here
            )
        key = _gestured(layers[here][touch.row][touch.column], touch)
        if touch.output:
            held = _LAYERS.get(key.get("layer", here), 0)
            events.append((numbers[key["id"]], held, _NO_CAPS | _NO_OTHER))
        here = key.get("nextlayer", here)
    return events


def _keys(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The keys of a row, without the one that changes keyboards, which is Keyman's alone."""
    return [key for key in row["key"] if key["id"] != "K_LOPT"]


def _gestured(key: dict[str, Any], touch: TouchPress) -> dict[str, Any]:
    """What a touch reaches on a key: the key itself, or what its long press or a flick offers."""
    found: dict[str, Any] = key
    if touch.gesture == "long":
        found = key["sk"][touch.choice]
    elif touch.gesture != "tap":
        found = key["flick"][FLICKS[touch.gesture]]
    return found


def texts(package: Package, sequences: Sequence[Sequence[Event]]) -> list[str]:
    """What sequences of events type through the .js of a package."""
    asked = {"keyboard": package.file(".js").data.decode(), "sequences": sequences}
    run = subprocess.run(
        [node(), str(_SCRIPT)], input=json.dumps(asked).encode(), capture_output=True, timeout=_TIMEOUT,
        check=False,
    )  # fmt: skip
    if run.returncode:
        said = run.stderr.decode(errors="replace").strip()
        raise BuildError("engine_failed", f"{package.name}: the .js does not run: {said}", said=said)
    found: list[str] = json.loads(run.stdout)["texts"]
    return found
