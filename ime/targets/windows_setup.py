"""The installer of a layout, made by NSIS: one program that installs, and leaves one that removes."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ime.errors import BuildError
from ime.targets.scripts import script_of

_PROGRAM: Final = "makensis"
_TIMEOUT: Final = 60  # seconds; an installer takes 0.1
_OUT: Final = "keyboard.exe"  # not setup.exe: Windows loads other things into programs of that name
_MOST_SAID: Final = 500


def missing() -> str:
    """What is missing here, as a sentence; empty if nothing is."""
    return "" if shutil.which(_PROGRAM) else "NSIS is not installed; on Debian: apt install nsis"


def setup(kind: str, dlls: Mapping[str, bytes], values: Mapping[str, str]) -> bytes:
    """The installer for 64-bit ("x64") or 32-bit ("x86") Windows, of DLLs by path and the script's values.

    BuildError if NSIS is missing or refuses the script.
    """
    if lacking := missing():
        raise BuildError("no_nsis", lacking, tool=_PROGRAM)
    safe = {key: value.replace("$", "$$").replace('"', "'") for key, value in values.items()}
    with tempfile.TemporaryDirectory(prefix="windows-setup-") as folder:
        at = Path(folder)
        for path, data in dlls.items():
            (at / path).parent.mkdir(exist_ok=True)
            (at / path).write_bytes(data)
        # NSIS takes a script as UTF-8 where it begins with a byte order mark.
        (at / "setup.nsi").write_bytes(b"\xef\xbb\xbf" + script_of("windows-setup.nsi", safe))
        try:
            done = subprocess.run(
                [_PROGRAM, "-V2", "-NOCD", "-WX", f"-DKIND={kind}", f"-DOUT={_OUT}", "setup.nsi"],
                cwd=folder, capture_output=True, text=True, errors="replace", timeout=_TIMEOUT, check=False,
                env={**os.environ, "SOURCE_DATE_EPOCH": "0", "LC_ALL": "C.UTF-8"},
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise BuildError("nsis_slow", f"{_PROGRAM} took over {_TIMEOUT} s") from error
        if done.returncode:
            said = (done.stdout + done.stderr).strip()[-_MOST_SAID:]
            raise BuildError("nsis_failed", f"{_PROGRAM} says: {said}", said=said)
        return (at / _OUT).read_bytes()
