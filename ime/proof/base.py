"""What every engine of the proof has in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ime.model import Keyboard
from ime.program import Program, Stroke
from ime.targets.base import Package


class Engine(Protocol):
    """A program, not ours where one exists, that types through what a target built."""

    @property
    def id(self) -> str:
        """Its short name ("keyman-core")."""

    @property
    def target(self) -> str:
        """The id of the target whose packages it runs."""

    @property
    def why(self) -> str:
        """What is missing where `version` is None: a sentence for people."""

    def version(self) -> str | None:
        """The version on this machine, or None: the engine is not here."""

    def type_all(
        self, keyboard: Keyboard, program: Program, package: Package, sequences: Sequence[Sequence[Stroke]]
    ) -> list[str]:
        """The text that each sequence of strokes gives, each typed into an empty field. BuildError if the package
        does not load."""  # fmt: skip


class OwnReading:
    """What the proofs have in common that read a package themselves: they are always here."""

    why = ""

    def version(self) -> str | None:
        """Always the same."""
        return "1"
