"""Proving one keyboard in any process: no database, no Django. What came of it is plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Proved:
    """A line of the table: a keyboard, a target, an engine, and what came of it (`state` as in `ime.proof.run`)."""

    keyboard: str
    target: str
    engine: str
    version: str
    state: str
    strings: int
    differing: tuple[str, ...]
    why: str
    package_sha256: str
    seconds: float
