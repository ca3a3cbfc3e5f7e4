"""A text field in an X server: a window that looks keys up through the X input method, as toolkits do.

Run as a program, with DISPLAY and HOME (whose .XCompose counts) in the environment. Says "ready" once it has the focus,
then a line of JSON when F12 is pressed: a list of the texts between presses of Return. Xlib alone, through ctypes.
"""

from __future__ import annotations

import ctypes
import json
import locale
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from typing import Any

_KEY_PRESS, _MAP_NOTIFY = 2, 19
_KEY_PRESS_MASK, _STRUCTURE_MASK = 1, 1 << 17
_NO_PREEDIT = 0x0008 | 0x0400  # XIMPreeditNothing | XIMStatusNothing
_RETURN, _F12 = 36, 96  # keycodes
_LOOKUP_CHARS, _LOOKUP_BOTH = 2, 4


class _KeyEvent(Structure):
    _fields_ = [
        ("type", c_int),
        ("serial", c_ulong),
        ("send_event", c_int),
        ("display", c_void_p),
        ("window", c_ulong),
        ("root", c_ulong),
        ("subwindow", c_ulong),
        ("time", c_ulong),
        *((name, c_int) for name in ("x", "y", "x_root", "y_root")),
        ("state", c_uint),
        ("keycode", c_uint),
        ("same_screen", c_int),
    ]


class _Event(ctypes.Union):
    _fields_ = [("type", c_int), ("key", _KeyEvent), ("pad", c_long * 24)]


_FUNCTIONS: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
    ("XOpenDisplay", c_void_p, (c_char_p,)),
    ("XDefaultRootWindow", c_ulong, (c_void_p,)),
    (
        "XCreateSimpleWindow",
        c_ulong,
        (c_void_p, c_ulong, c_int, c_int, c_uint, c_uint, c_uint, c_ulong, c_ulong),
    ),
    ("XSelectInput", c_int, (c_void_p, c_ulong, c_long)),
    ("XMapWindow", c_int, (c_void_p, c_ulong)),
    ("XSetInputFocus", c_int, (c_void_p, c_ulong, c_int, c_ulong)),
    ("XSync", c_int, (c_void_p, c_int)),
    ("XNextEvent", c_int, (c_void_p, POINTER(_Event))),
    ("XFilterEvent", c_int, (POINTER(_Event), c_ulong)),
    ("XSetLocaleModifiers", c_char_p, (c_char_p,)),
    ("XOpenIM", c_void_p, (c_void_p, c_void_p, c_void_p, c_void_p)),
    ("XSetICFocus", None, (c_void_p,)),
    ("Xutf8LookupString", c_int, (c_void_p, POINTER(_KeyEvent), c_char_p, c_int, c_void_p, POINTER(c_int))),
)


def _library() -> ctypes.CDLL:
    found = ctypes.CDLL("libX11.so.6")
    for name, result, arguments in _FUNCTIONS:
        function = getattr(found, name)
        function.restype, function.argtypes = result, arguments
    found.XCreateIC.restype = c_void_p  # takes pairs of names and values, up to a NULL
    return found


def main() -> None:
    """Open the window, collect, answer."""
    locale.setlocale(locale.LC_ALL, "")
    lib = _library()
    lib.XSetLocaleModifiers(b"@im=none")
    display = lib.XOpenDisplay(None)
    window = lib.XCreateSimpleWindow(display, lib.XDefaultRootWindow(display), 0, 0, 100, 100, 0, 0, 0)
    lib.XSelectInput(display, window, _KEY_PRESS_MASK | _STRUCTURE_MASK)
    method = lib.XOpenIM(display, None, None, None)
    context = lib.XCreateIC(
        c_void_p(method),
        c_char_p(b"inputStyle"), c_long(_NO_PREEDIT),
        c_char_p(b"clientWindow"), c_ulong(window),
        None,
    )  # fmt: skip
    lib.XSetICFocus(context)
    lib.XMapWindow(display, window)
    event, buffer, status = _Event(), ctypes.create_string_buffer(256), c_int()
    lines = [""]
    while True:
        lib.XNextEvent(display, byref(event))
        if lib.XFilterEvent(byref(event), 0):
            continue
        if event.type == _MAP_NOTIFY:
            lib.XSetInputFocus(display, window, 1, 0)
            lib.XSync(display, 0)
            print("ready", flush=True)
        elif event.type == _KEY_PRESS:
            if event.key.keycode == _F12:
                break
            if event.key.keycode == _RETURN:
                lines.append("")
                continue
            length = lib.Xutf8LookupString(
                context, byref(event.key), buffer, len(buffer), None, byref(status)
            )
            if status.value in (_LOOKUP_CHARS, _LOOKUP_BOTH):
                lines[-1] += buffer.raw[:length].decode()
    print(json.dumps(lines), flush=True)


if __name__ == "__main__":
    main()
