"""What a package is made of, as one hash: when it changes, the package is due to be built anew."""

from __future__ import annotations

import hashlib
import time
from functools import lru_cache
from pathlib import Path
from typing import Final

from ime.domain import words
from ime.model import Keyboard
from ime.targets.base import Target

# Packages that hold the words of the dictionaries; the others do not change with them.
WORDY: Final = frozenset({"model", "hunspell"})
_REMEMBERED: Final = 60.0  # seconds
_ROOT: Final = Path(__file__).resolve().parent.parent
# What decides what is built: the engine and the emitters, not pages and tables.
_NOT_BUILT_WITH: Final = frozenset(
    {
        "domain",
        "interfaces",
        "management",
        "migrations",
        "templatetags",
        "templates",
        "static",
        "locale",
        "proof",
        "drawing",
    }
)


def source_hash(keyboard: Keyboard, target: Target) -> str:
    """A hash of the keyboard, of the code that builds it, and of the words where the target carries them."""
    digest = hashlib.sha256(f"{keyboard.hash} {target.id} {_code()}".encode())
    if target.id in WORDY:
        digest.update(_words(keyboard.orthography, int(time.monotonic() // _REMEMBERED)).encode())
    return digest.hexdigest()


@lru_cache(maxsize=512)
def _words(tag: str, _moment: int) -> str:
    # Counting a large dictionary takes a second, and several packages hold its words. What is remembered here is older
    # than the words that are built in, never newer: no change is passed over.
    return words.state(tag)


@lru_cache(maxsize=1)
def _code() -> str:
    digest = hashlib.sha256()
    for path in sorted(_ROOT.rglob("*")):
        relative = path.relative_to(_ROOT)
        if path.suffix not in {".py", ".mjs", ".js", ".json", ".c"} or relative.parts[0] in _NOT_BUILT_WITH:
            continue
        if "node_modules" not in relative.parts:
            digest.update(f"{relative}\n".encode() + path.read_bytes())
    return digest.hexdigest()
