"""The engine of the page in node: the same file that browsers get."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ime.errors import BuildError
from ime.model import Keyboard
from ime.program import Press, Program, Stroke
from ime.targets.base import Package

SCRIPTS: Final = Path(__file__).resolve().parent.parent / "static" / "ime"
_RUNNER: Final = Path(__file__).with_name("web_node.mjs")
_TIMEOUT: Final = 300  # seconds

Asked = dict[str, Any]


class _WebNode:
    """engine.js, run by node."""

    id = "web-node"
    target = "web"

    @property
    def why(self) -> str:
        """What is missing to run it."""
        return (
            "" if shutil.which("node") else "There is no node on this machine (Debian: apt install nodejs)."
        )

    def version(self) -> str | None:
        """The version of node."""
        if self.why:
            return None
        said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        return f"node {said.strip().removeprefix('v')}"

    def type_all(
        self, keyboard: Keyboard, program: Program, package: Package, sequences: Sequence[Sequence[Stroke]]
    ) -> list[str]:
        """The text that each sequence gives, from one process for all of them."""
        told = {"engine": str(SCRIPTS / "engine.js"), **asked(package, sequences)}
        run = subprocess.run(
            ["node", str(_RUNNER)], input=json.dumps(told).encode(), capture_output=True, timeout=_TIMEOUT,
            check=False,
        )  # fmt: skip
        if run.returncode:
            said = run.stderr.decode(errors="replace").strip()
            raise BuildError("engine_failed", f"{package.name} does not run in node: {said}", said=said)
        texts: list[str] = json.loads(run.stdout)
        return texts


WEB_NODE: Final = _WebNode()


def asked(package: Package, sequences: Sequence[Sequence[Stroke]]) -> Asked:
    """The payload, and the sequences as numbers of a table of strokes: [code, modifiers], null for Backspace."""
    numbers: dict[Stroke, int] = {}
    numbered = [[numbers.setdefault(stroke, len(numbers)) for stroke in sequence] for sequence in sequences]
    strokes = [[each.code, each.modifiers] if isinstance(each, Press) else None for each in numbers]
    return {"payload": json.loads(package.file(".json").data), "strokes": strokes, "sequences": numbered}
