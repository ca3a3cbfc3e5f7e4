"""Loaded by pytest before Django: every test process has a data folder and a database of its own.

Both are named by environment variables, so that a process which a test starts (a command, a worker that is killed)
works on the very same ones.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
MARK = "_test_"


def own_database(url: str, name: str) -> str:
    """The address of a database for tests alone, named after the one in `url`, which is never touched."""
    parts = urlsplit(url)
    base = parts.path.rpartition(MARK)[0] or parts.path
    return urlunsplit(parts._replace(path=f"{base}{MARK}{name}"))


# The data folders of pytest-xdist's workers lie in that of the process which started them, and go with it.
os.environ["NHASAN_DATA_DIR"] = tempfile.mkdtemp(
    prefix="nhasan-test-", dir=os.environ["NHASAN_DATA_DIR"] if WORKER else None
)
os.environ["NHASAN_MODE"] = "test"
# Compiling all keyboards takes a minute: a test that wants some says so.
os.environ["NHASAN_KEYBOARDS_EVERY"] = "0"
# Whitenoise warns, and a warning is an error, when there is no folder of collected files.
Path(os.environ["NHASAN_DATA_DIR"], "static").mkdir()
if not WORKER:
    atexit.register(shutil.rmtree, os.environ["NHASAN_DATA_DIR"], ignore_errors=True)
if os.environ.get("NHASAN_DATABASE_URL"):
    os.environ["NHASAN_DATABASE_URL"] = own_database(os.environ["NHASAN_DATABASE_URL"], WORKER or "main")
