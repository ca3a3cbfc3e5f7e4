"""The packages for Linux and for spelling are the same bytes from the same source, whatever the process."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.shared_data import REPOSITORY

BUILD = """
import hashlib, pathlib
from ime.catalogue import keyboards
from ime.compiling import compiled
from ime.targets import TARGETS
from ime.targets.base import Kit
kit = Kit(tools=pathlib.Path("/nonexistent"), words=lambda tag: [("ban", 2), ("anh", 1), ("Nam", 1), ("xa-lo", 1)])
for keyboard in list(keyboards().by_id.values())[::7]:
    for name in ("xkb", "m17n", "hunspell"):
        if keyboard.kind in TARGETS[name].kinds:
            for file in TARGETS[name].build(keyboard, compiled(keyboard), kit).files:
                print(keyboard.id, name, file.path, hashlib.sha256(file.data).hexdigest())
"""


def built(seed: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", BUILD],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


def test_two_processes_build_the_same_bytes() -> None:
    first = built("1")
    assert first.count("\n") > 30
    assert built("2") == first
