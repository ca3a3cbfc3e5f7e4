"""The measuring itself: builds all contenders over one corpus, asks each the same queries, tells times and
ratios."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from languages import registry
from search.bench.child import CONTENDERS, build
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
        places = {name: _made(folder, name) for name in CONTENDERS}
        # dictd gives up its rights: it must be able to read a folder that is ours.
        places["dictd"] = Path(held.enter_context(TemporaryDirectory(prefix="dictd-")))
        if not Dictd.installed():
            say("dictd is not installed: it stays out of the comparison.")
            del places["dictd"]
        built: dict[str, Build] = {}
        for name, place in places.items():
            built[name] = _build(name, number, place)
            say(f"built {name}: {built[name]}")
        mine = Ours(places["ours"])
        contenders: list[Any] = [
            RawTantivy(places["tantivy"]),
            held.enter_context(closing(RawSqlite(places["sqlite"]))),
        ]
        if "dictd" in places:
            contenders.append(held.enter_context(Dictd(places["dictd"])))
        before = _resident_mb()
        ours = {case: measure(ask, asked[case]) for case, ask in mine.cases().items()}
        memory = _resident_mb() - before
        others = {one.name: one.cases() for one in contenders}
        small = _small(Ours, "ours", queries, folder) if number > SMALL else {}
        small_raw = _small(RawTantivy, "tantivy", queries, folder) if number > SMALL else {}
        cases = []
        for case, times in ours.items():
            their = {
                name: measure(found[case], asked[case][: _fewer(name, case, queries)])
                for name, found in others.items()
                if case in found
            }
            cases.append(_line(case, times, their, small.get(case), small_raw.get(case)))
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
        "two_terms": [" ".join(chance.sample(one.text.split(), 2)) for one in some],
        "facets": [one.word[:3] for one in some],
        "lookup": [one.word for one in some],
        "typing": [one.word[: chance.choice((3, 4, 5))] for one in some],
    }


def measure(ask: Case, texts: Sequence[str]) -> Times:
    """Ask everything once to warm up, then once more with the clock running."""
    for text in texts[: max(len(texts) // 4, 1)]:
        ask(text)
    cpu = time.process_time()
    taken = [_timed(ask, text) for text in texts]
    return _times(taken, time.process_time() - cpu)


def measure_both(one: Case, other: Case, texts: Sequence[str]) -> tuple[Times, Times]:
    """Put each query to both, in turns who is first, so that whatever else the machine does strikes both alike. Both
    must be warm; CPU time is not told apart."""
    taken: tuple[list[float], list[float]] = ([], [])
    for at, text in enumerate(texts):
        for which in (0, 1) if at % 2 else (1, 0):
            taken[which].append(_timed((one, other)[which], text))
    return _times(taken[0], 0.0), _times(taken[1], 0.0)


def _timed(ask: Case, text: str) -> float:
    start = time.perf_counter()
    ask(text)
    return time.perf_counter() - start


def _times(taken: list[float], cpu: float) -> Times:
    taken.sort()
    return Times(
        p50_ms=1000 * taken[len(taken) // 2],
        p99_ms=1000 * taken[min(int(len(taken) * 0.99), len(taken) - 1)],
        cpu_ms=1000 * cpu / len(taken),
    )


def _line(
    case: str, mine: Times, their: Mapping[str, Times], small: Times | None, small_raw: Times | None
) -> dict[str, Any]:
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
    if small_raw is not None and raw is not None:
        line["raw_growth"] = round(raw.p50_ms / small_raw.p50_ms, 2)
    return line


def _told(line: Mapping[str, Any]) -> str:
    return "  ".join(f"{name} {value}" for name, value in line.items() if value is not None)


def _small(make: Callable[[Path], Any], name: str, queries: int, folder: Path) -> dict[str, Times]:
    """Times over few entries, to tell how cost grows."""
    place = _made(folder, f"small-{name}")
    build(name, SMALL, place)
    asked = questions(SMALL, queries)
    return {case: measure(ask, asked[case]) for case, ask in make(place).cases().items()}


def _build(name: str, number: int, folder: Path) -> Build:
    spent = build(name, number, folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Build(round(spent, 1), round(size / 1e6, 1))


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
