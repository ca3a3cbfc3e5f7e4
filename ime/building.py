"""Building the packages of a keyboard into a folder, in any process: no database, no Django."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ime.catalogue import keyboards
from ime.compiling import compiled
from ime.errors import KeyboardError
from ime.supplies import Supplies
from ime.targets import TARGETS


@dataclass(frozen=True)
class Outcome:
    """What became of one package: its first file, or why there is none."""

    keyboard: str
    target: str
    seconds: float
    path: Path | None = None
    problem: str = ""


def build_into(keyboard: str, targets: Sequence[str], supplies: Supplies, out: Path) -> list[Outcome]:
    """Build one keyboard for some targets; DIR/KEYBOARD/TARGET holds all files of the package."""
    supplies.settle()
    return list(_built(keyboard, targets, supplies, out))


def _built(keyboard: str, targets: Sequence[str], supplies: Supplies, out: Path) -> Iterator[Outcome]:
    found = keyboards().by_id[keyboard]
    kit = supplies.kit()
    for name in targets:
        start = time.monotonic()
        try:
            package = TARGETS[name].build(found, compiled(found), kit)
        except KeyboardError as error:
            yield Outcome(keyboard, name, time.monotonic() - start, problem=str(error))
            continue
        folder = out / keyboard / name
        for file in package.files:
            path = folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)
            path.chmod(0o755 if file.run else 0o644)
        yield Outcome(keyboard, name, time.monotonic() - start, path=folder / package.files[0].path)
