"""Keyman Core, the engine in Keyman for Linux, macOS and Windows: the compiled .kmx, through the C library.

Debian has two generations of it, with the same ideas under other names: 16 (libkmnkbp0, Debian 12) says what to do as a
queue of actions; 18 (libkeymancore2, Debian 13) as how much to delete and what to insert.
"""

from __future__ import annotations

import ctypes
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ime.errors import BuildError
from ime.model import Keyboard
from ime.positions import POSITIONS
from ime.program import Modifiers, Press, Program, Stroke
from ime.targets.base import Package

_HELD: Final[dict[Modifiers, int]] = {"": 0, "shift": 0x10, "altgr": 0x08, "shift+altgr": 0x18}
_CAPS: Final = 0x100
_BACKSPACE: Final = (0x08, 0)
# Debian's names; what else there is must be told by its symbols, for the number in the name is not the generation's.
_LIBRARIES: Final = ("libkeymancore.so.2", "libkeymancore.so.1", "libkmnkbp0.so.0")
_CHAR, _MARKER, _BACK, _EMIT = 1, 2, 4, 6  # km_kbp_action_type
_BACK_CHAR, _BACK_MARKER = 1, 2  # km_kbp_backspace_type

Event = tuple[int, int]  # virtual key, modifiers


class _Action(ctypes.Structure):
    """km_kbp_action_item: a type, and a union of which the largest member is the backspace (type, expected value)."""

    _fields_ = (("type", ctypes.c_uint64), ("first", ctypes.c_uint64), ("second", ctypes.c_uint64))


class _Actions(ctypes.Structure):
    """km_core_actions, as far as it is read here."""

    _fields_ = (
        ("delete", ctypes.c_uint),
        ("output", ctypes.POINTER(ctypes.c_uint32)),
        ("options", ctypes.c_void_p),
        ("alert", ctypes.c_int),
        ("emit", ctypes.c_int),
    )


class _Field:
    """A text field as an application has it, and the markers that the engine keeps in it."""

    def __init__(self) -> None:
        self.items: list[str | int] = []

    def typed(self, event: Event) -> None:
        """What the application does with a key that the engine leaves to it."""
        if event[0] == _BACKSPACE[0]:
            while self.items and isinstance(self.items.pop(), int):
                pass

    @property
    def text(self) -> str:
        return "".join(item for item in self.items if isinstance(item, str))


class _Library:
    """Calls into the library under one prefix, with its status as an exception."""

    def __init__(self, library: ctypes.CDLL, prefix: str) -> None:
        self.library = library
        self.prefix = prefix

    def function(self, name: str, result: Any = ctypes.c_uint32) -> Any:
        found = getattr(self.library, f"{self.prefix}_{name}")
        found.restype = result
        return found

    def checked(self, what: str, status: int) -> None:
        if status:
            raise BuildError(
                "engine_failed", f"Keyman Core cannot {what} (status {status:#x})", status=status
            )


class _Kbp(_Library):
    """Generation 16: km_kbp_*."""

    name = "16"

    def __init__(self, library: ctypes.CDLL) -> None:
        super().__init__(library, "km_kbp")
        self.process_event = self.function("process_event")
        self.actions = self.function("state_action_items", ctypes.POINTER(_Action))
        self.context = self.function("state_context", ctypes.c_void_p)
        self.context_clear = self.function("context_clear", None)

    def load(self, kmx: bytes, name: str) -> ctypes.c_void_p:
        keyboard = ctypes.c_void_p()
        with tempfile.TemporaryDirectory(prefix="keyman-core-") as folder:
            path = Path(folder) / f"{name}.kmx"
            path.write_bytes(kmx)
            status = self.function("keyboard_load")(bytes(path), ctypes.byref(keyboard))
        self.checked(f"load {name}.kmx", status)
        return keyboard

    def clear(self, state: ctypes.c_void_p) -> None:
        self.context_clear(ctypes.c_void_p(self.context(state)))

    def process(self, state: ctypes.c_void_p, event: Event, field: _Field) -> None:
        self.checked("process a key", self.process_event(state, event[0], event[1], 1))
        for action in _until_end(self.actions(state, None)):
            kind = action.type & 0xFF
            if kind == _CHAR:
                field.items.append(chr(action.first & 0xFFFFFFFF))
            elif kind == _MARKER:
                field.items.append(action.first)
            elif kind == _BACK:
                self._take_back(action, field)
            elif kind == _EMIT:
                field.typed(event)

    def _take_back(self, action: _Action, field: _Field) -> None:
        """One item goes; it must be what the engine believes to stand there."""
        expected = action.first & 0xFF
        if not field.items:
            return
        gone = field.items.pop()
        if (expected == _BACK_CHAR and isinstance(gone, int)) or (
            expected == _BACK_MARKER and isinstance(gone, str)
        ):
            raise BuildError(
                "engine_confused", f"Keyman Core takes back {gone!r} for something else", item=gone
            )


class _Core(_Library):
    """Generations 17 and 18: km_core_*."""

    name = "18"

    def __init__(self, library: ctypes.CDLL) -> None:
        super().__init__(library, "km_core")
        self.process_event = self.function("process_event")
        self.get_actions = self.function("state_get_actions", ctypes.POINTER(_Actions))
        self.context_clear = self.function("state_context_clear", None)

    def load(self, kmx: bytes, name: str) -> ctypes.c_void_p:
        keyboard = ctypes.c_void_p()
        status = self.function("keyboard_load_from_blob")(
            name.encode(), kmx, ctypes.c_size_t(len(kmx)), ctypes.byref(keyboard)
        )
        self.checked(f"load {name}.kmx", status)
        return keyboard

    def clear(self, state: ctypes.c_void_p) -> None:
        self.context_clear(state)

    def process(self, state: ctypes.c_void_p, event: Event, field: _Field) -> None:
        self.checked("process a key", self.process_event(state, event[0], event[1], 1, 0))
        actions = self.get_actions(state).contents
        if actions.delete > len(field.items):
            raise BuildError(
                "engine_confused", "Keyman Core takes back more than there is", count=actions.delete
            )
        del field.items[len(field.items) - actions.delete :]
        for number in range(1 << 16):
            if not actions.output[number]:
                break
            field.items.append(chr(actions.output[number]))
        if actions.emit:
            field.typed(event)


def _until_end(items: Any) -> Iterator[_Action]:
    """The items of a list that ends with one of type 0."""
    number = 0
    while items[number].type & 0xFF:
        yield items[number]
        number += 1


class _KeymanCore:
    """Keyman's own engine, as Debian has it."""

    id = "keyman-core"
    target = "keyman"
    why = "Keyman Core is not installed; on Debian 12: apt install libkmnkbp0-0, on Debian 13: libkeymancore2"

    def version(self) -> str | None:
        """The generation of the library, which is Keyman's main version."""
        generation = _generation()
        return generation.name if generation else None

    def type_all(
        self, keyboard: Keyboard, program: Program, package: Package, sequences: Sequence[Sequence[Stroke]]
    ) -> list[str]:
        """What the sequences type through the .kmx."""
        return texts(package, [[event(stroke) for stroke in sequence] for sequence in sequences])


KEYMAN_CORE: Final = _KeymanCore()


def event(stroke: Stroke, *, caps: bool = False) -> Event:
    """A stroke as Keyman Core sees it, perhaps with Caps Lock on."""
    if isinstance(stroke, Press):
        return POSITIONS[stroke.code].virtual_key, _HELD[stroke.modifiers] | (_CAPS if caps else 0)
    return _BACKSPACE


def texts(package: Package, sequences: Sequence[Sequence[Event]]) -> list[str]:
    """What sequences of events type through the .kmx of a package."""
    with _state(package) as (generation, state):
        found = []
        for sequence in sequences:
            generation.clear(state)
            field = _Field()
            for each in sequence:
                generation.process(state, each, field)
            found.append(field.text)
        return found


@contextmanager
def _state(package: Package) -> Iterator[tuple[_Kbp | _Core, ctypes.c_void_p]]:
    """The engine with the keyboard of a package loaded."""
    generation = _generation()
    if generation is None:
        raise BuildError("no_engine", KEYMAN_CORE.why, tool="keyman-core")
    kmx = package.file(".kmx")
    keyboard = generation.load(kmx.data, Path(kmx.path).stem)
    state = ctypes.c_void_p()
    try:
        # The environment's options: an empty list ends at once with three zeros.
        options = (ctypes.c_void_p * 3)()
        generation.checked(
            "make a state", generation.function("state_create")(keyboard, options, ctypes.byref(state))
        )
        yield generation, state
    finally:
        generation.function("state_dispose", None)(state)
        generation.function("keyboard_dispose", None)(keyboard)


def _generation() -> _Kbp | _Core | None:
    """The newest library on this machine."""
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        if hasattr(library, "km_core_keyboard_load_from_blob"):
            return _Core(library)
        if hasattr(library, "km_kbp_keyboard_load"):
            return _Kbp(library)
    return None
