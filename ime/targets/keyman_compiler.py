"""Keyman's compilers, which run in node: many jobs in one process, since starting it costs more than a keyboard."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ime.errors import BuildError

SCRIPT: Final = Path(__file__).resolve().parent.parent / "tools" / "keyman" / "compile.mjs"
_INSTALLED: Final = "node_modules/@keymanapp/kmc-kmn/package.json"
_LDML_INSTALLED: Final = "node_modules/@keymanapp/kmc-ldml/package.json"
_TIMEOUT: Final = 120  # seconds for a batch; a keyboard takes about 0.03
_BAD: Final = frozenset({"error", "fatal"})


@dataclass(frozen=True)
class Job:
    """Files, and which of them is the keyboard (.kmn, or .xml of CLDR), the model (.model.json), the package (.kps)."""

    files: Mapping[str, bytes]
    keyboard: str = ""
    model: str = ""
    package: str = ""
    ldml: str = ""


def missing_node() -> str:
    """What is missing here to run node, as a sentence; empty if nothing is."""
    return "" if shutil.which("node") else "node is not installed; on Debian: apt install nodejs"


def node() -> str:
    """The path of node; BuildError if it is not on this machine."""
    found = shutil.which("node")
    if found is None:
        raise BuildError("no_node", missing_node(), tool="node")
    return found


def missing(tools: Path) -> str:
    """What is missing here to compile for Keyman, as a sentence; empty if nothing is."""
    if lacking := missing_node():
        return lacking
    return "" if (tools / _INSTALLED).is_file() else f"Keyman's compilers are not installed in {tools}"


def ldml_missing(tools: Path) -> str:
    """What is missing here to compile keyboards of CLDR, as a sentence; empty if nothing is."""
    if lacking := missing(tools):
        return lacking
    return (
        ""
        if (tools / _LDML_INSTALLED).is_file()
        else f"Keyman's compiler of LDML is not installed in {tools}"
    )


def compiled(tools: Path, jobs: Sequence[Job]) -> Iterator[Mapping[str, bytes]]:
    """What the compilers make of some jobs: files by name, in the order of the jobs.

    BuildError if a compiler is missing, or refuses a job (with what it says).
    """
    if lacking := missing(tools):
        raise BuildError("no_compiler", f"{lacking}: run bin/setup", tool="keyman", folder=str(tools))
    asked = "".join(json.dumps(_said(job)) + "\n" for job in jobs)
    try:
        run = subprocess.run(
            [node(), str(SCRIPT), str(tools)],
            input=asked.encode(), capture_output=True, timeout=_TIMEOUT, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise BuildError("compiler_slow", f"Keyman's compilers took over {_TIMEOUT} s") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()
        raise BuildError("compiler_failed", f"Keyman's compilers stopped: {said}", said=said) from error
    for job, line in zip(jobs, run.stdout.splitlines(), strict=True):
        answer = json.loads(line)
        if answer["failed"] or any(message["severity"] in _BAD for message in answer["messages"]):
            said = "; ".join(message["text"] for message in answer["messages"]) or "no reason given"
            name = job.keyboard or job.model or job.package or job.ldml
            raise BuildError(
                "compiler_refused",
                f"{name}: Keyman's compiler says: {said}",
                file=name,
                said=said,
            )
        yield {name: base64.b64decode(data) for name, data in answer["files"].items()}


def _said(job: Job) -> dict[str, Any]:
    files = {name: base64.b64encode(data).decode() for name, data in sorted(job.files.items())}
    return {"files": files, "keyboard": job.keyboard, "model": job.model, "package": job.package,
            "ldml": job.ldml}  # fmt: skip
