"""What the tests of the site share: some keyboards of the house, and targets whose bytes a test decides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ime.catalogue import keyboards
from ime.domain.publishing import Task
from ime.errors import BuildError
from ime.model import Keyboard, Kind
from ime.program import Program
from ime.targets.base import BOTH, File, Kit, Package

KIT = Kit(tools=Path("/nowhere"))


def some(kind: Kind) -> Keyboard:
    """The first keyboard of a kind."""
    return next(found for found in keyboards().by_id.values() if found.kind == kind)


def of_script(*, latin: bool) -> Keyboard:
    """The first keyboard for an orthography in Latin letters, or in others."""
    return next(found for found in keyboards().by_id.values() if ("-Latn" in found.orthography) == latin)


@dataclass(frozen=True)
class Plain:
    """A target that gives the bytes it was told."""

    data: bytes
    id: str = "plain"
    title: str = "Plain"
    kinds: frozenset[Kind] = BOTH

    def build(self, keyboard: Keyboard, program: Program, kit: Kit) -> Package:
        """One file."""
        return Package(
            keyboard.id, (File(f"{keyboard.id}.bin", self.data), File("beside.xpi", self.data[::-1]))
        )


@dataclass(frozen=True)
class Broken:
    """A target whose compiler is missing."""

    id: str = "plain"
    title: str = "Plain"
    kinds: frozenset[Kind] = BOTH

    def build(self, keyboard: Keyboard, program: Program, kit: Kit) -> Package:
        """Nothing."""
        raise BuildError("no_compiler", "squeak is not installed", tool="squeak")


def task(keyboard: Keyboard, data: bytes) -> Task:
    """A task whose package holds these bytes."""
    return Task(keyboard, Plain(data))
