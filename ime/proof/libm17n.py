"""The proof for m17n: libm17n types, both where the application tells what stands before the cursor and where not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from ctypes import CDLL
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

        Each is typed twice, with surrounding text and without. The second counts where it differs, unless Backspace
        went back into what was committed: then only an application that tells its text lets the word be rewritten.
        """
        keys = [[_key(stroke) for stroke in sequence] for sequence in sequences]
        with tempfile.TemporaryDirectory() as folder:
            for file in package.files:
                if file.path.endswith(".mim"):
                    Path(folder, file.path).write_bytes(file.data)
            ran = subprocess.run(
                [sys.executable, "-I", str(_DRIVER), keyboard.language, keyboard.id],
                input=json.dumps(keys),
                capture_output=True,
                text=True,
                encoding="utf-8",
                env={**os.environ, "M17NDIR": folder},
                timeout=_SECONDS,
                check=False,
            )
        if ran.returncode:
            last = ran.stderr.strip().splitlines()[-1:] or [f"status {ran.returncode}"]
            raise BuildError(
                "m17n_load", f"libm17n: {keyboard.id}: {last[0]}", keyboard=keyboard.id, problem=last[0]
            )
        return [full if went_back else without for full, without, went_back in json.loads(ran.stdout)]


LIBM17N: Final = _LibM17n()


def _key(stroke: Stroke) -> str:
    if isinstance(stroke, Backspace):
        return "BackSpace"
    return key_name(stroke)
