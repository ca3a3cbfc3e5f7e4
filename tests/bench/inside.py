"""What search inside a book costs over the engine's own time, in one run:

    python -m tests.bench.inside [--pages 500] [--rounds 30]

The pages are words of the Universal Declaration of Human Rights, shuffled. For words that are rare, middling and on
every page it prints the median time (of the processor: others may use the machine) of the engine's own search, of the
whole search inside with 100 lines, their difference (at most 50 ms) and ratio, and that of the same without an index.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

LINES, WORDS = 30, 12
TARGET = 50.0


def main() -> None:
    """Run it on a data folder of its own."""
    options = argparse.ArgumentParser()
    options.add_argument("--pages", type=int, default=500)
    options.add_argument("--rounds", type=int, default=30)
    options.add_argument("--code", help="the declaration in which language (that of the interface)")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "NHASAN_MODE": "local",
            "NHASAN_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        os.environ["NHASAN_DATABASE_URL"] = ""
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(given.pages, given.rounds, given.code or _own(), Path(folder))


def measure(pages: int, rounds: int, code: str, folder: Path) -> None:
    """Make the book, ask, print the table."""
    from access.domain.viewer import anonymous
    from languages import registry
    from library.domain import inside
    from library.domain.spelling import asked_in
    from library.models import FilePart
    from search.domain import engines
    from search.domain.rebuild import rebuild
    from search.interface import And, Or, SeenBy, Tag, Tier, Words
    from tests.languages.texts import declaration
    from tests.library import books, samples

    writing = registry().orthography(code)
    words = declaration(code).split()
    chance = Random(500)
    sheets = [[" ".join(chance.choices(words, k=WORDS)) for _line in range(LINES)] for _page in range(pages)]
    record = samples.published()
    began = time.perf_counter()
    books.book(record, sheets, writing.tag)
    print(
        f"{pages} pages of {LINES * WORDS} words: parts made in {time.perf_counter() - began:.1f} s", end=", "
    )
    began = time.perf_counter()
    rebuild()
    books.indexed()
    print(f"indexed in {time.perf_counter() - began:.1f} s")
    counts = Counter(word for word in words if len(writing.words(word)) == 1)
    ranked = [word for word, _n in counts.most_common()]
    viewer = anonymous()
    where = And((SeenBy(viewer), Tag("parent", record.ark), Or((Tag("type", "page"), Tag("type", "cue")))))
    columns = ("query", "hits", "engine ms", "inside ms", "over ms", "ratio", "no index ms")
    print(" | ".join(f"{name:>12}" for name in columns))
    worst = 0.0
    table = []
    for word in (ranked[0], ranked[len(ranked) // 10], ranked[-1], f"{ranked[0]} {ranked[1]}"):
        tier = [Tier("exact", Words("text", asked_in(writing.tag, word).letters))]

        def alone(tier: list[Tier] = tier) -> object:
            return engines.index().lookup(tier, where, limit=inside.MOST)

        def whole(word: str = word) -> inside.Inside:
            return inside.search(record, word, viewer)

        table.append((word, whole().total, _median(alone, rounds), _median(whole, rounds), whole))
    assert FilePart.objects.count() == pages
    shutil.rmtree(folder / "search")
    engines.index().look_again()
    for word, hits, engine, ours, whole in table:
        without = _median(whole, max(rounds // 3, 3))
        worst = max(worst, ours - engine)
        print(
            f"{word:>12} | {hits:12} | {engine:12.2f} | {ours:12.2f} | {ours - engine:12.2f} | "
            f"{ours / engine:12.1f} | {without:12.2f}"
        )
    print(f"at most {worst:.1f} ms over the engine's own time (target: {TARGET:.0f} ms)")


def _own() -> str:
    """The code of the declaration in the language of the interface."""
    from languages import registry
    from tests.library.samples import READER
    from tests.shared_data import shared

    codes = (path.stem.removeprefix("udhr_") for path in sorted(shared("udhr").glob("udhr_*.xml")))
    return next(code for code in codes if registry().orthography(code).language == READER)


def _median(call: Callable[[], object], rounds: int) -> float:
    call()
    times = []
    for _round in range(rounds):
        began = time.process_time()
        call()
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
