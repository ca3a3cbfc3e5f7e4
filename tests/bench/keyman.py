"""What building for Keyman costs, and how fast Keyman's engines type: `python -m tests.bench.keyman [KEYBOARD …]`.

Prints, for each keyboard, seconds to compile it alone and in a batch, the kilobytes of the package, and thousands of
keys a second of the reference, of Keyman Core and of the .js in node (its start-up is in it), over the same strokes.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ime.catalogue import keyboards
from ime.compiling import compiled
from ime.proof.keyman_core import KEYMAN_CORE
from ime.proof.keyman_js import KEYMAN_JS
from ime.proof.run import random_strokes
from ime.targets import keyman, keyman_compiler
from ime.targets.base import Kit
from ime.typing import type_keys
from languages.fonts import font_file


def seconds(function: Callable[[], object]) -> float:
    """How long a call takes."""
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


def main(names: Sequence[str]) -> None:
    """Measure the keyboards named, or the default ones."""
    kit = Kit(tools=Path(os.environ.get("NHASAN_KEYBOARD_TOOLS", ".venv/keyman")), fonts=font_file)
    found = [each for each in keyboards().by_id.values() if (each.id in names if names else each.default)]
    jobs = [keyman.job_of(each, compiled(each), kit) for each in found]
    batch = seconds(lambda: list(keyman_compiler.compiled(kit.tools, jobs)))
    print(f"{len(found)} keyboards compiled in one process: {batch:.2f} s, {batch / len(found):.3f} s each")
    print("thousand keys a second:".rjust(67))
    print(f"{'keyboard':22} {'rules':>6} {'alone s':>8} {'kB':>6} {'reference':>10} {'core':>8} {'js':>8}")
    for each in found:
        program = compiled(each)
        alone = seconds(lambda: keyman.KEYMAN.build(each, program, kit))  # noqa: B023 (called at once)
        package = keyman.KEYMAN.build(each, program, kit)
        typed = list(random_strokes(program, 2000))
        keys = sum(map(len, typed)) / 1000
        reference = keys / seconds(lambda: [type_keys(program, strokes) for strokes in typed])  # noqa: B023
        speeds = [
            keys / seconds(lambda: engine.type_all(each, program, package, typed))  # noqa: B023
            for engine in (KEYMAN_CORE, KEYMAN_JS)
            if engine.version()
        ]
        size = len(package.files[0].data) / 1000
        shown = " ".join(f"{speed:8.0f}" for speed in speeds)
        print(f"{each.id:22} {len(program.rules):6} {alone:8.2f} {size:6.0f} {reference:10.0f} {shown}")


if __name__ == "__main__":
    main(sys.argv[1:])
