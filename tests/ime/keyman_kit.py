"""What the tests of Keyman share: the compilers that bin/setup installed, and packages built many at a time."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from ime.compiling import compiled
from ime.model import Keyboard
from ime.program import Program
from ime.targets import keyman, keyman_compiler, keyman_kmn
from ime.targets.base import File, Kit, Package
from languages.fonts import font_file

KIT = Kit(tools=Path(settings.KEYBOARD_TOOLS), fonts=font_file)


def packages(keyboards: Iterable[Keyboard]) -> list[Package]:
    """The packages of some keyboards, compiled in one process."""
    found = list(keyboards)
    jobs = [keyman.job_of(keyboard, compiled(keyboard), KIT) for keyboard in found]
    made = keyman_compiler.compiled(KIT.tools, jobs)
    return [keyman.package_of(*each) for each in zip(found, jobs, made, strict=True)]


def bare(programs: Iterable[Program]) -> list[Package]:
    """Programs compiled without anything around them: .kmx and .js alone."""
    jobs = []
    for number, program in enumerate(programs):
        header = {"VERSION": "10.0", "NAME": program.id, "TARGETS": "any", "KEYBOARDVERSION": "1.0"}
        source = keyman_kmn.source(program, header, {})
        jobs.append(
            keyman_compiler.Job({f"x{number}.kmn": b"\xef\xbb\xbf" + source.encode()}, f"x{number}.kmn")
        )
    return [
        Package(str(number), tuple(File(name, data) for name, data in sorted(made.items())))
        for number, made in enumerate(keyman_compiler.compiled(KIT.tools, jobs))
    ]
