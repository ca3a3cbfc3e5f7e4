"""Which version of a system library is installed."""

from __future__ import annotations

import shutil
import subprocess


def version_of(package: str) -> str:
    """The version that dpkg names, without the distribution's part; "unknown" where there is no dpkg."""
    if shutil.which("dpkg-query") is None:
        return "unknown"
    found = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}\n", package], capture_output=True, text=True, check=False
    )
    first, *_ = found.stdout.splitlines() or [""]
    return first.rpartition(":")[2].partition("-")[0] or "unknown"
