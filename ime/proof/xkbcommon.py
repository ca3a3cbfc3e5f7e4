"""The proof for XKB: libxkbcommon compiles the keymap and the Compose table, and types through both."""

from __future__ import annotations

import ctypes
import functools
import tempfile
from collections.abc import Sequence
from ctypes import POINTER, c_char_p, c_int, c_size_t, c_uint32, c_void_p
from pathlib import Path
from typing import Final

from ime.errors import BuildError
from ime.model import Keyboard
from ime.positions import POSITIONS
from ime.program import Backspace, Modifiers, Press, Program, Stroke
from ime.proof.installed import version_of
from ime.targets.base import Package
from ime.targets.xkb import layout_name

_SHIFT: Final = 50  # evdev keycodes, plus 8
_ALTGR: Final = 108
_CAPS_LOCK: Final = 66
_HELD: Final[dict[Modifiers, tuple[int, ...]]] = {
    "": (),
    "shift": (_SHIFT,),
    "altgr": (_ALTGR,),
    "shift+altgr": (_ALTGR, _SHIFT),
}
_COMPOSING, _COMPOSED, _CANCELLED = 1, 2, 3


class _XkbCommon:
    """libxkbcommon with Compose, as Wayland compositors, Qt and GTK use it."""

    id = "xkbcommon"
    target = "xkb"
    why = "libxkbcommon (libxkbcommon0) and the system's layouts (xkb-data) are not here."

    def version(self) -> str | None:
        """The version of the installed library."""
        try:
            library()
            return version_of("libxkbcommon0")
        except OSError:
            return None

    def type_all(
        self, keyboard: Keyboard, program: Program, package: Package, sequences: Sequence[Sequence[Stroke]]
    ) -> list[str]:
        """The text of each sequence; BuildError if the keymap or the Compose table does not compile."""
        with tempfile.TemporaryDirectory() as folder:
            for file in package.files:
                if file.path.startswith("symbols/"):
                    path = Path(folder, file.path)
                    path.parent.mkdir(parents=True)
                    path.write_bytes(file.data)
            table = b"".join(file.data for file in package.files if file.path == "Compose")
            typist = XkbTypist(Path(folder), layout_name(keyboard), table)
            try:
                return [typist.type(sequence) for sequence in sequences]
            finally:
                typist.close()


XKBCOMMON: Final = _XkbCommon()


@functools.cache
def library() -> ctypes.CDLL:
    """libxkbcommon with its functions declared; OSError where it is not installed."""
    found = ctypes.CDLL("libxkbcommon.so.0")
    for name, result, *arguments in (
        ("xkb_context_new", c_void_p, c_int),
        ("xkb_context_set_log_level", None, c_void_p, c_int),
        ("xkb_context_include_path_append", c_int, c_void_p, c_char_p),
        ("xkb_context_include_path_append_default", c_int, c_void_p),
        ("xkb_context_unref", None, c_void_p),
        ("xkb_keymap_new_from_names", c_void_p, c_void_p, POINTER(c_char_p * 5), c_int),
        ("xkb_keymap_key_by_name", c_uint32, c_void_p, c_char_p),
        ("xkb_keymap_unref", None, c_void_p),
        ("xkb_state_new", c_void_p, c_void_p),
        ("xkb_state_update_key", c_int, c_void_p, c_uint32, c_int),
        ("xkb_state_key_get_one_sym", c_uint32, c_void_p, c_uint32),
        ("xkb_state_unref", None, c_void_p),
        ("xkb_keysym_to_utf8", c_int, c_uint32, c_char_p, c_size_t),
        ("xkb_compose_table_new_from_buffer", c_void_p, c_void_p, c_char_p, c_size_t, c_char_p, c_int, c_int),
        ("xkb_compose_table_unref", None, c_void_p),
        ("xkb_compose_state_new", c_void_p, c_void_p, c_int),
        ("xkb_compose_state_feed", c_int, c_void_p, c_uint32),
        ("xkb_compose_state_get_status", c_int, c_void_p),
        ("xkb_compose_state_get_utf8", c_int, c_void_p, c_char_p, c_size_t),
        ("xkb_compose_state_reset", None, c_void_p),
        ("xkb_compose_state_unref", None, c_void_p),
    ):
        function = getattr(found, name)
        function.restype, function.argtypes = result, arguments
    return found


class XkbTypist:
    """A keymap and a Compose table, compiled from a folder of symbols beside the system's; `close` when done."""

    def __init__(self, folder: Path, layout: str, table: bytes) -> None:
        self._lib = library()
        self._context = self._lib.xkb_context_new(1)  # without the default folders
        self._keymap = self._table = self._compose = None
        self._lib.xkb_context_set_log_level(self._context, 10)  # critical alone
        self._lib.xkb_context_include_path_append(self._context, str(folder).encode())
        self._lib.xkb_context_include_path_append_default(self._context)
        names = (c_char_p * 5)(b"evdev", b"pc105", layout.encode(), b"", b"")
        self._keymap = self._lib.xkb_keymap_new_from_names(self._context, ctypes.byref(names), 0)
        if not self._keymap:
            self.close()
            raise BuildError("xkb_keymap", f"libxkbcommon cannot compile the layout {layout}.", layout=layout)
        if table:
            self._table = self._lib.xkb_compose_table_new_from_buffer(
                self._context, table, len(table), b"C.UTF-8", 1, 0
            )
            if not self._table:
                self.close()
                raise BuildError(
                    "xkb_compose",
                    f"libxkbcommon cannot compile the Compose table of {layout}.",
                    layout=layout,
                )
            self._compose = self._lib.xkb_compose_state_new(self._table, 0)
        self._buffer = ctypes.create_string_buffer(256)
        self._codes = {
            position.code: self._lib.xkb_keymap_key_by_name(self._keymap, position.xkb.encode())
            for position in POSITIONS.values()
        }
        self._keysyms: dict[tuple[Press, bool], int] = {}

    def close(self) -> None:
        """Give everything back."""
        for name, thing in (
            ("compose_state", self._compose),
            ("compose_table", self._table),
            ("keymap", self._keymap),
            ("context", self._context),
        ):
            if thing:
                getattr(self._lib, f"xkb_{name}_unref")(thing)

    def type(self, strokes: Sequence[Stroke], *, caps_lock: bool = False) -> str:
        """The text that strokes give in an empty field; Backspace takes back a code point, as applications do.

        Backspace while Compose waits cancels it: the keysym belongs to no sequence.
        """
        text: list[str] = []
        if self._compose:
            self._lib.xkb_compose_state_reset(self._compose)
        for stroke in strokes:
            if isinstance(stroke, Backspace):
                if self._compose and self._lib.xkb_compose_state_get_status(self._compose) == _COMPOSING:
                    self._lib.xkb_compose_state_reset(self._compose)
                else:
                    del text[-1:]
            else:
                text.extend(self._feed(self._keysym(stroke, caps_lock)))
        return "".join(text)

    def _keysym(self, press: Press, caps_lock: bool) -> int:
        found = self._keysyms.get((press, caps_lock))
        if found is None:
            found = self._pressed(press, caps_lock)
            self._keysyms[press, caps_lock] = found
        return found

    def _pressed(self, press: Press, caps_lock: bool) -> int:
        state = self._lib.xkb_state_new(self._keymap)
        for key, down in [
            *([(_CAPS_LOCK, True), (_CAPS_LOCK, False)] if caps_lock else []),
            *((key, True) for key in _HELD[press.modifiers]),
        ]:
            self._lib.xkb_state_update_key(state, key, down)
        keysym = int(self._lib.xkb_state_key_get_one_sym(state, self._codes[press.code]))
        self._lib.xkb_state_unref(state)
        return keysym

    def _feed(self, keysym: int) -> str:
        if not self._compose:
            return self._utf8(keysym)
        lib = self._lib
        lib.xkb_compose_state_feed(self._compose, keysym)
        status = lib.xkb_compose_state_get_status(self._compose)
        if status == _COMPOSED:
            length = lib.xkb_compose_state_get_utf8(self._compose, self._buffer, len(self._buffer))
            return self._buffer.raw[:length].decode()
        if status in (_COMPOSING, _CANCELLED):
            return ""
        return self._utf8(keysym)

    def _utf8(self, keysym: int) -> str:
        length = self._lib.xkb_keysym_to_utf8(keysym, self._buffer, len(self._buffer))
        return self._buffer.raw[: max(length - 1, 0)].decode()
