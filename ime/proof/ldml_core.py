"""The proof for CLDR keyboards: Keyman's compiler of the format, and Keyman Core of generation 18, which runs it.

Optional: generation 16 (Debian 12) knows no such keyboards, and 17 was not tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ime.errors import BuildError
from ime.model import Keyboard
from ime.program import Program, Stroke
from ime.proof.keyman_core import KEYMAN_CORE, event, texts
from ime.targets.base import Package

_OLDEST: Final = 18


class _LdmlCore:
    """Keyman Core on the compiled keyboard."""

    id = "ldml-core"
    target = "ldml"
    why = "Keyman Core 18 is not installed; on Debian 13: apt install libkeymancore2"

    def version(self) -> str | None:
        """The generation of Keyman Core, if it is new enough."""
        found = KEYMAN_CORE.version()
        return found if found is not None and int(found) >= _OLDEST else None

    def type_all(
        self, keyboard: Keyboard, program: Program, package: Package, sequences: Sequence[Sequence[Stroke]]
    ) -> list[str]:
        """What the sequences type; BuildError where the compiler was not there to make the package's .kmx."""
        try:
            package.file(".kmx")
        except KeyError:
            raise BuildError(
                "no_compiler", "Keyman's compiler of LDML is not installed: run bin/setup", tool="kmc-ldml"
            ) from None
        return texts(package, [[event(stroke) for stroke in sequence] for sequence in sequences])


LDML_CORE: Final = _LdmlCore()
