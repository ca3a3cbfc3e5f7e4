"""What the tests of the packages for Linux share: a made-up keyboard with all that is hard, and unpacked packages."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ime.model import Keyboard
from ime.targets.base import Kit, Package
from tests.ime.kit import loaded, written

KIT = Kit(tools=Path("/nonexistent"))

# Two dead keys (one with a mark that X knows, one that has no name there), an output of several characters, letters on
# AltGr with and without upper case, quotes and backslashes.
HARD = """
[[layer]]
modifiers = ""
rows = [
    "{ring} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=}",
    "{=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {own} {=} {=}",
    "{=} {=} {=} {=} {=} {=} {=} {=} {=} đ {=}",
    "{=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=}",
]

[[layer]]
modifiers = "shift"
rows = [
    "{=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=}",
    "{=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=}",
    "{=} {=} {=} {=} {=} {=} {=} {=} {=} Đ {=}",
    "{=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=}",
]

[[layer]]
modifiers = "altgr"
rows = [
    "{} ê̆ {} {} {} {} {} {} {} {} {} {} {}",
    "{} {} ê {} {} {} {} {} {} {} {} {} {}",
    "â ă {} {} {} {} {} {} {} {} {}",
    "{} {} ng̃ ◌̆ {} {} {} {} {} {} {}",
]

[[layer]]
modifiers = "shift+altgr"
rows = [
    "{} Ê̆ {} {} {} {} {} {} {} {} {} {} {}",
    "{} {} Ê {} {} {} {} {} {} {} {} {} {}",
    "Â Ă {} {} {} {} {} {} {} {} {}",
    "{} {} {} {} {} {} {} {} {} {} {}",
]

[dead.ring]
label = "˚"
alone = "˚"
map = "a å A Å u ů U Ů"

[dead.own]
label = "ə"
alone = "*"
map = "e ə E Ə i ɨ"
"""


def hard(folder: Path) -> Keyboard:
    """The made-up direct keyboard."""
    return loaded(folder, written(HARD, kind="direct"))


def unpacked(package: Package, folder: Path) -> Path:
    """The folder that a person gets who unpacks the package."""
    for file in package.files[1:]:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
        path.chmod(0o755 if file.run else 0o644)
    return folder


def run(script: Path, *arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a person would whose home is `home`."""
    variables = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", **environment}
    return subprocess.run(
        ["sh", str(script), *arguments],
        env=variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes; folders too, without."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
    }


def needs(*programs: str) -> None:
    """Skip where a program is missing; fail where everything has to be there."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        message = f"not on this machine: {', '.join(missing)} (bin/setup --tests installs it)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
