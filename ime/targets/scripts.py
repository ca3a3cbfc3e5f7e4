"""Scripts and notes that go into packages: files of `files/` with the values of one keyboard filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_FILES: Final = Path(__file__).parent / "files"
_PLACE: Final = re.compile(r"@([A-Z_]+)@")
_UNSAFE: Final = re.compile(r"""["`$\\\x00-\x1f]""")  # within a shell's double quotes


def script_of(name: str, values: Mapping[str, str]) -> bytes:
    """The file `name` with each @KEY@ replaced by its value; in shell scripts, values are made safe for "quotes".

    KeyError if the file asks for a value that is not given.
    """
    shell = name.endswith(".sh")

    def value(place: re.Match[str]) -> str:
        text = values[place[1]]
        return _UNSAFE.sub("", text) if shell else text

    return _PLACE.sub(value, (_FILES / name).read_text(encoding="utf-8")).encode()
