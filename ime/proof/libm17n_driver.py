"""Types through libm17n, in a process of its own: the library reads its folder once, and broken input may crash it.

Run as `python libm17n_driver.py LANGUAGE NAME` with the folder of input methods in M17NDIR and, on standard input,
a JSON list of key sequences; answers with a JSON list of [text with surrounding text, text without, how much of it is
committed, whether Backspace took back something committed]. Knows nothing of the rest of the project.
"""

from __future__ import annotations

import ctypes
import json
import sys
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_long, c_void_p


class _Driver(Structure):
    _fields_ = [
        *(
            (name, c_void_p)
            for name in ("open_im", "close_im", "create_ic", "destroy_ic", "filter", "lookup")
        ),
        ("callback_list", c_void_p),
    ]


class _Method(Structure):
    _fields_ = [
        ("language", c_void_p),
        ("name", c_void_p),
        ("driver", _Driver),
        ("arg", c_void_p),
        ("info", c_void_p),
    ]


class _Spot(Structure):
    _fields_ = [
        *((name, c_int) for name in ("x", "y", "ascent", "descent", "fontsize")),
        ("text", c_void_p),
        ("pos", c_int),
    ]


class _Context(Structure):
    _fields_ = [
        ("im", c_void_p),
        ("produced", c_void_p),
        ("arg", c_void_p),
        ("active", c_int),
        ("spot", _Spot),
        ("info", c_void_p),
        ("status", c_void_p),
        ("status_changed", c_int),
        ("preedit", c_void_p),
        ("preedit_changed", c_int),
        ("cursor_pos", c_int),
        ("cursor_pos_changed", c_int),
        ("candidate_list", c_void_p),
        ("candidate_index", c_int),
        ("candidate_from", c_int),
        ("candidate_to", c_int),
        ("candidate_show", c_int),
        ("candidates_changed", c_int),
        ("plist", c_void_p),
    ]


_CALLBACK = CFUNCTYPE(None, POINTER(_Context), c_void_p)


def library() -> ctypes.CDLL:
    """libm17n with its functions declared; OSError where it is not installed."""
    found = ctypes.CDLL("libm17n.so.0", mode=ctypes.RTLD_GLOBAL)
    for name, result, *arguments in (
        ("m17n_init", None),
        ("msymbol", c_void_p, c_char_p),
        ("minput_open_im", POINTER(_Method), c_void_p, c_void_p, c_void_p),
        ("minput_create_ic", POINTER(_Context), POINTER(_Method), c_void_p),
        ("minput_reset_ic", None, POINTER(_Context)),
        ("minput_filter", c_int, POINTER(_Context), c_void_p, c_void_p),
        ("minput_lookup", c_int, POINTER(_Context), c_void_p, c_void_p, c_void_p),
        ("mtext", c_void_p),
        ("mtext_len", c_int, c_void_p),
        ("mtext_ref_char", c_int, c_void_p, c_int),
        ("mtext_cat_char", c_void_p, c_void_p, c_int),
        ("m17n_object_unref", c_int, c_void_p),
        ("mplist_value", c_void_p, c_void_p),
        ("mplist_set", c_void_p, c_void_p, c_void_p, c_void_p),
        ("mplist_put_func", c_void_p, c_void_p, c_void_p, c_void_p),
    ):
        function = getattr(found, name)
        function.restype, function.argtypes = result, arguments
    return found


class Field:
    """A text field of an application: what was committed, and what it tells an input method about it."""

    def __init__(self, lib: ctypes.CDLL, language: str, name: str, *, surrounding: bool) -> None:
        self._lib = lib
        self._method = lib.minput_open_im(lib.msymbol(language.encode()), lib.msymbol(name.encode()), None)
        if not self._method:
            raise LookupError(f"libm17n cannot open {language} {name}")
        self.committed: list[str] = []
        self.went_back = False
        self._callbacks = (_CALLBACK(self._tell), _CALLBACK(self._delete))
        if surrounding:
            names = (b"input-get-surrounding-text", b"input-delete-surrounding-text")
            for symbol, callback in zip(names, self._callbacks, strict=True):
                lib.mplist_put_func(
                    self._method.contents.driver.callback_list,
                    lib.msymbol(symbol),
                    ctypes.cast(callback, c_void_p),
                )
        self._context = lib.minput_create_ic(self._method, None)
        self._mtext_key = c_void_p.in_dll(lib, "Mtext").value

    def type(self, keys: list[str]) -> str:
        """The text after some keys, typed into the empty field."""
        self.committed.clear()
        self.went_back = False
        self._lib.minput_reset_ic(self._context)
        for key in keys:
            self._press(key)
        return "".join(self.committed) + self._read(self._context.contents.preedit)

    def _press(self, key: str) -> None:
        symbol = self._lib.msymbol(key.encode())
        if self._lib.minput_filter(self._context, symbol, None):
            return
        produced = self._lib.mtext()
        handled = self._lib.minput_lookup(self._context, symbol, None, produced) == 0
        self.committed.extend(self._read(produced))
        self._lib.m17n_object_unref(produced)
        if handled:
            return
        if key == "BackSpace":
            self.went_back = self.went_back or bool(self.committed)
            del self.committed[-1:]
        else:
            raise LookupError(f"{key!r} is no key of this input method")

    def _read(self, text: int) -> str:
        return "".join([chr(self._lib.mtext_ref_char(text, at)) for at in range(self._lib.mtext_len(text))])

    def _tell(self, context: ctypes._Pointer[_Context], _command: int) -> None:
        lib, plist = self._lib, context.contents.plist
        count = c_long(lib.mplist_value(plist) or 0).value
        text = lib.mtext()
        for char in self.committed[count:] if count < 0 else ():
            lib.mtext_cat_char(text, ord(char))
        lib.mplist_set(plist, self._mtext_key, text)
        lib.m17n_object_unref(text)

    def _delete(self, context: ctypes._Pointer[_Context], _command: int) -> None:
        count = c_long(self._lib.mplist_value(context.contents.plist) or 0).value
        if count < 0:
            del self.committed[count:]


def main() -> None:
    """Read sequences, type each with and without surrounding text, and answer."""
    lib = library()
    lib.m17n_init()
    error = c_int.in_dll(lib, "merror_code").value
    if error:
        raise SystemExit(f"libm17n does not start (error {error})")
    sequences = json.load(sys.stdin)
    # Methods share their callbacks: what tells no surrounding text has to come first.
    blind = Field(lib, *sys.argv[1:3], surrounding=False)
    without = [(blind.type(keys), len(blind.committed), blind.went_back) for keys in sequences]
    knowing = Field(lib, *sys.argv[1:3], surrounding=True)
    full = [knowing.type(keys) for keys in sequences]
    json.dump([(text, *other) for text, other in zip(full, without, strict=True)], sys.stdout)


if __name__ == "__main__":
    main()
