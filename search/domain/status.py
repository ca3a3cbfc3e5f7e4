"""How the search is, in full: the engine and its version, how far behind it is, what differs from the database."""

from __future__ import annotations

from dataclasses import dataclass

from search.domain import engines, outbox, sweep
from search.domain.health import Health, health
from search.domain.index_writer import drain
from search.interface import EngineUnavailable


@dataclass(frozen=True)
class Status:
    """`health` and what takes longer to find out. `differences`: objects whose document differs from the database
    (-1: not looked at); `share` is the part of the database that was looked at; `oldest` is in seconds."""

    engine: str
    version: str
    health: Health
    oldest: float
    differences: int = -1
    share: float = 0.0
    repaired: int = 0


def status(*, every: int = 0, repair: bool = False) -> Status:
    """The state now. `every` compares each so manieth part of the database with the index (1: all of it, 0: none);
    `repair` compares all of it, notes what differs as changed and writes it to the index, unless a worker is at it."""
    engine = engines.index()
    try:
        version = engines.life().engine_version()
    except EngineUnavailable:
        version = ""
    repaired = 0
    if repair:
        repaired = sweep.sweep()
        drain()
        every = 1
    found = health()
    compared = every > 0 and found.ready
    return Status(
        engine=engine.name,
        version=version,
        health=found,
        oldest=round(outbox.oldest(), 1),
        differences=sweep.differences(every) if compared else -1,
        share=1 / every if compared else 0.0,
        repaired=repaired,
    )
