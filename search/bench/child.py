"""Building a contender in a process of its own, so that its memory and CPU are not counted with the queries.

A fresh process, not a fork: the parent has threads. Hence nothing of Django is imported at the top.
"""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path
from typing import Any

CONTENDERS = ("ours", "tantivy", "sqlite", "dictd")


def build(name: str, number: int, folder: Path) -> float:
    """Build a contender over so many entries in its folder; gives CPU seconds. Raises RuntimeError if it fails."""
    context = multiprocessing.get_context("spawn")
    spent = context.SimpleQueue()
    process = context.Process(target=_work, args=(name, number, folder, spent))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{name} could not be built.")
    return float(spent.get())


def _work(name: str, number: int, folder: Path, spent: multiprocessing.SimpleQueue[float]) -> None:
    import django

    django.setup()
    from search.bench.contenders import Dictd, RawSqlite, RawTantivy
    from search.bench.corpus import entries
    from search.bench.ours import Ours

    makers: dict[str, Any] = dict(zip(CONTENDERS, (Ours, RawTantivy, RawSqlite, Dictd), strict=True))
    before = _spent()
    makers[name](folder).build(entries(number), number)
    spent.put(_spent() - before)


def _spent() -> float:
    """CPU seconds of this process and the tools it ran."""
    import resource

    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
