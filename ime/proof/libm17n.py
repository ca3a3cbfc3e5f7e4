"""The proof for m17n: libm17n types, both where the application tells what stands before the cursor and where not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from ctypes import CDLL
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ime.errors import BuildError
from ime.model import Keyboard
from ime.program import Backspace, Program, Stroke
from ime.proof.installed import version_of
from ime.targets.base import Package
from ime.targets.m17n import key_name

_DRIVER: Final = Path(__file__).with_name("libm17n_driver.py")
_SECONDS: Final = 600


class _LibM17n:
    """libm17n's input contexts, as ibus-m17n and fcitx5-m17n use them."""

    id = "libm17n"
    target = "m17n"
    why = "libm17n (libm17n-0) and its data (m17n-db) are not here."

    def version(self) -> str | None:
        """The version of the installed library."""
        try:
            CDLL("libm17n.so.0")
        except OSError:
            return None
        return version_of("libm17n-0")

    def type_all(
        self, keyboard: Keyboard, program: Program, package: Package, sequences: Sequence[Sequence[Stroke]]
    ) -> list[str]:
        """The text of each sequence, preedit included; BuildError if the library does not take the input method.

        Each is typed twice, with surrounding text and without. Where the two differ both come back, and so equal no
        text, unless Backspace went back into what was committed: then only an application that tells its text lets the
        word be rewritten.
        """
        return [
            each.knowing
            if each.went_back or each.knowing == each.blind
            else f"{each.knowing}\ufffd{each.blind}"
            for each in type_both(keyboard, package, sequences)
        ]


LIBM17N: Final = _LibM17n()


@dataclass(frozen=True)
class Typed:
    """Texts in an application that tells what stands before the cursor (`knowing`) and in one that does not (`blind`).

    Of the second, the first `committed` characters are no longer in the preedit; `went_back` says that Backspace took
    some of those back.
    """

    knowing: str
    blind: str
    committed: int
    went_back: bool


def type_both(keyboard: Keyboard, package: Package, sequences: Iterable[Sequence[Stroke]]) -> list[Typed]:
    """What comes of each sequence; BuildError if the library does not take the input method."""
    with tempfile.TemporaryDirectory() as folder:
        for file in package.files:
            if file.path.endswith(".mim"):
                Path(folder, file.path).write_bytes(file.data)
        return type_from(keyboard, sequences, {"M17NDIR": folder})


def type_from(
    keyboard: Keyboard, sequences: Iterable[Sequence[Stroke]], environment: Mapping[str, str]
) -> list[Typed]:
    """The same with the input method that the library finds in some environment."""
    keys = [[_key(stroke) for stroke in sequence] for sequence in sequences]
    ran = subprocess.run(
        [sys.executable, "-I", str(_DRIVER), keyboard.language, keyboard.id],
        input=json.dumps(keys),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        timeout=_SECONDS,
        check=False,
    )
    if ran.returncode:
        last = ran.stderr.strip().splitlines()[-1:] or [f"status {ran.returncode}"]
        raise BuildError(
            "m17n_load", f"libm17n: {keyboard.id}: {last[0]}", keyboard=keyboard.id, problem=last[0]
        )
    return [Typed(*answer) for answer in json.loads(ran.stdout)]


def _key(stroke: Stroke) -> str:
    if isinstance(stroke, Backspace):
        return "BackSpace"
    return key_name(stroke)
