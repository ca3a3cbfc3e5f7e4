"""The measuring itself: builds all contenders over one corpus, asks each the same queries, tells times and
ratios."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from languages import registry
from search.bench.contenders import Case, Dictd, RawSqlite, RawTantivy
from search.bench.corpus import entries
from search.bench.ours import Ours

SMALL = 10_000
Say = Callable[[str], None]


@dataclass(frozen=True)
class Times:
    """What a case cost: milliseconds of wall clock (median, 99th percentile) and of CPU, a query."""

    p50_ms: float
    p99_ms: float
    cpu_ms: float


@dataclass(frozen=True)
class Build:
    """What it cost to build a contender: CPU seconds, megabytes on disk."""

    cpu_s: float
    size_mb: float


def run(number: int, queries: int, folder: Path, say: Say) -> dict[str, Any]:
    """Compare all contenders over so many entries; see `manage.py bench_search`."""
    asked = questions(number, queries)
    with ExitStack() as held:
        built: dict[str, Build] = {}
        answers: dict[str, Mapping[str, Case]] = {}
        contenders: list[Any] = [Ours(_made(folder, "ours"))]
        contenders += [RawTantivy(_made(folder, "tantivy")), RawSqlite(_made(folder, "sqlite"))]
        if Dictd.installed():
            contenders.append(held.enter_context(Dictd()))
        else:
            say("dictd is not installed: it stays out of the comparison.")
        for contender in contenders:
            built[contender.name] = _build(
                contender, number, getattr(contender, "folder", folder / contender.name)
            )
            say(f"built {contender.name}: {built[contender.name]}")
        before = _resident_mb()
        answers["ours"] = contenders[0].cases()
        ours = {case: measure(ask, asked[case]) for case, ask in answers["ours"].items()}
        memory = _resident_mb() - before
        others = {one.name: one.cases() for one in contenders[1:]}
        small = _small(min(number, SMALL), queries, folder) if number > SMALL else {}
        cases = []
        for case, mine in ours.items():
            their = {
                name: measure(found[case], asked[case][: _fewer(name, case, queries)])
                for name, found in others.items()
                if case in found
            }
            cases.append(_line(case, mine, their, small.get(case)))
            say(_told(cases[-1]))
    return {
        "entries": number,
        "queries": queries,
        "dictd": "dictd" in built,
        "build": {name: {"cpu_s": one.cpu_s, "size_mb": one.size_mb} for name, one in built.items()},
        "memory_mb": round(memory, 1),
        "cases": cases,
    }


def questions(number: int, queries: int) -> dict[str, list[str]]:
    """The queries of each case: words that are there, their beginnings, slips, two words of a gloss."""
    chance = random.Random(2)  # noqa: S311
    wanted = set(chance.sample(range(1, number + 1), min(queries, number)))
    some = [entry for entry in entries(number) if entry.pk in wanted]
    chance.shuffle(some)
    folded = [registry().orthography(one.orthography).fold(one.word, "letter") for one in some]
    return {
        "exact": [one.word for one in some],
        "prefix": [one.word[: chance.choice((3, 4, 5))] for one in some],
        "fuzzy": [_slip(chance, word) for word in folded],
        "two_terms": [one.glosses[0] for one in some],
        "facets": [one.word[:3] for one in some],
        "lookup": [one.word for one in some],
        "typing": [one.word[: chance.choice((3, 4, 5))] for one in some],
    }


def measure(ask: Case, texts: Sequence[str]) -> Times:
    """Ask everything once to warm up, then once more with the clock running."""
    for text in texts[: max(len(texts) // 4, 1)]:
        ask(text)
    taken: list[float] = []
    cpu = time.process_time()
    for text in texts:
        start = time.perf_counter()
        ask(text)
        taken.append(time.perf_counter() - start)
    cpu = time.process_time() - cpu
    taken.sort()
    return Times(
        p50_ms=1000 * taken[len(taken) // 2],
        p99_ms=1000 * taken[min(int(len(taken) * 0.99), len(taken) - 1)],
        cpu_ms=1000 * cpu / len(texts),
    )


def _line(case: str, mine: Times, their: Mapping[str, Times], small: Times | None) -> dict[str, Any]:
    raw = their.get("tantivy")
    line: dict[str, Any] = {
        "case": case,
        "p50_ms": round(mine.p50_ms, 4),
        "p99_ms": round(mine.p99_ms, 4),
        "cpu_ms": round(mine.cpu_ms, 4),
        "raw_p50_ms": round(raw.p50_ms, 4) if raw else None,
        "ratio_to_raw": round(mine.p50_ms / raw.p50_ms, 2) if raw else None,
        "cpu_ratio_to_raw": round(mine.cpu_ms / raw.cpu_ms, 2) if raw and raw.cpu_ms else None,
    }
    for name, times in their.items():
        if name != "tantivy":
            line[f"{name}_p50_ms"] = round(times.p50_ms, 4)
            line[f"faster_than_{name}"] = round(times.p50_ms / mine.p50_ms, 2)
    if small is not None:
        line["growth"] = round(mine.p50_ms / small.p50_ms, 2)
    return line


def _told(line: Mapping[str, Any]) -> str:
    return "  ".join(f"{name} {value}" for name, value in line.items() if value is not None)


def _small(number: int, queries: int, folder: Path) -> dict[str, Times]:
    """Our own times over few entries, to tell how cost grows."""
    mine = Ours(_made(folder, "small"))
    mine.build(entries(number))
    asked = questions(number, queries)
    return {case: measure(ask, asked[case]) for case, ask in mine.cases().items()}


def _build(contender: Any, number: int, folder: Path) -> Build:
    """Build in a process of its own, so that its memory and CPU are not counted as ours."""
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()

    def work() -> None:
        contender.build(entries(number))
        queue.put(time.process_time())

    child = context.Process(target=work)
    child.start()
    child.join()
    if child.exitcode:
        raise RuntimeError(f"{contender.name} could not be built.")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Build(round(queue.get(), 1), round(size / 1e6, 1))


def _fewer(name: str, case: str, queries: int) -> int:
    """What takes others long is asked less often."""
    slow = (name == "dictd" and case != "exact") or (
        name == "sqlite" and case in {"two_terms", "facets", "prefix"}
    )
    return max(queries // 20, 20) if slow else queries


def _slip(chance: random.Random, word: str) -> str:
    """The word with one letter wrong."""
    at = chance.randrange(len(word))
    return word[:at] + chance.choice("aeioukbtnmhl") + word[at + 1 :]


def _made(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir(parents=True)
    return made


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6
