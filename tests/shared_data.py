"""Where the real data of the tests lies: a folder `shared/data` beside the repository, which not everyone has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared" / "data"


def shared(relative: str) -> Path:
    """The path of a file or folder of the shared data, such as `udhr` or `lift-sil/Sena.lift`.

    Without it a test that asks is skipped, with a message; where the variable CI is set, it fails.
    """
    path = SHARED / relative
    if path.exists():
        return path
    message = f"The shared data is not here: {relative} is looked for in shared/data beside the repository."
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
