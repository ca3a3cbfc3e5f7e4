"""What lists, search, pages and manifests of a large library cost, in one run:

    python -m tests.bench.library [--records 100000] [--pages 500] [--rounds 7] [--profile manifest]

The titles are words of the Universal Declaration of Human Rights, shuffled; records are of all kinds, in twenty
collections, with peoples, dates and a language. Prints for each address the median time of the processor (others may
use the machine), the median by the clock, the queries, and the size of the answer. Wanted: the list of the admin at
most 500 ms. `--profile` names one of them and prints where its time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import statistics
import tempfile
import time
from collections.abc import Callable
from random import Random
from typing import Any

BATCH = 1000


def main() -> None:
    """Run it on a data folder of its own."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--records", type=int, default=100_000)
    options.add_argument("--pages", type=int, default=500)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--profile", default="")
    options.add_argument("--folder", help="a data folder that is kept, and used again with what is in it")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "NHASAN_MODE": "local",
            "NHASAN_DATA_DIR": given.folder or folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "NHASAN_LOG_LEVEL": "ERROR",
        }
        os.environ["NHASAN_DATABASE_URL"] = ""
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("build_fonts", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        measure(given.records, given.pages, given.rounds, given.profile)


def measure(records: int, pages: int, rounds: int, profile: str) -> None:
    """Furnish the house, unless it is, and ask."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from access.domain import roles
    from access.models import User
    from library.models import Record
    from tests.library.samples import person

    words = _words()
    if not Record.objects.exists():
        _timed(f"{records} records made", lambda: _furnish(records, words))
        _timed(f"a book of {pages} pages made", lambda: _book(pages, words))
        from search.domain.rebuild import rebuild

        _timed("search rebuilt", rebuild)
        person("librarian", roles.LIBRARIAN)
    book = Record.objects.get(title="The book of many pages")
    naan, _slash, name = book.ark.removeprefix("ark:").partition("/")
    reader, librarian = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    librarian.force_login(User.objects.get(username="librarian"))
    listed = reverse("wagtailsnippets_library_record:list")
    asked: dict[str, tuple[Client, str]] = {
        "admin list": (librarian, listed),
        "admin list, page 900": (librarian, f"{listed}?p=900"),
        "admin list, searched": (librarian, f"{listed}?q={words[3]}"),
        "admin list, by title": (librarian, f"{listed}?ordering=title"),
        "admin list, drafts": (librarian, f"{listed}?live=false"),
        "records": (reader, "/records/"),
        "records, page 2000": (reader, "/records/?after=2000"),
        "records, one people": (reader, "/records/?people=06"),
        "records, people and decade": (reader, "/records/?people=06&decade=1950"),
        "records, searched": (reader, f"/records/?q={words[3]}"),
        "search": (reader, f"/search/?q={words[3]}"),
        "search, a rare word": (reader, f"/search/?q={words[-1]}"),
        "record": (reader, reverse("record", args=[naan, name])),
        "reader": (reader, f"{reverse('record-read', args=[naan, name])}?page={pages // 2}"),
        "manifest": (reader, reverse("iiif-manifest", args=[naan, name])),
    }
    print(f"{'':28} | {'cpu ms':>8} | {'ms':>8} | {'queries':>7} | {'first ms':>8} | {'kB':>6}")
    for what, (client, address) in asked.items():
        if profile and what != profile:
            continue
        cache.clear()
        began = time.perf_counter()
        answer = client.get(address)
        first = (time.perf_counter() - began) * 1000
        assert answer.status_code == 200, (what, answer.status_code)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
            told = list(queries.captured_queries)
        cpu, clock = [], []
        for _round in range(rounds):
            one, two = time.process_time(), time.perf_counter()
            client.get(address)
            cpu.append((time.process_time() - one) * 1000)
            clock.append((time.perf_counter() - two) * 1000)
        size = len(answer.content) / 1000
        print(
            f"{what:28} | {statistics.median(cpu):8.1f} | {statistics.median(clock):8.1f} | {len(told):7} | "
            f"{first:8.0f} | {size:6.0f}",
            flush=True,
        )
        if profile:
            for query in sorted(told, key=lambda each: -float(each["time"]))[:4]:
                print(query["time"], query["sql"][:1500])
            watch = cProfile.Profile()
            watch.runcall(client.get, address)
            pstats.Stats(watch).sort_stats("cumulative").print_stats(70)


def _furnish(records: int, words: list[str]) -> None:
    from library.domain import documents
    from library.domain.kinds import kinds
    from library.models import People, Record
    from tests.library import samples

    chance = Random(15)
    shelves = [samples.collection(f"shelf-{number}") for number in range(20)]
    peoples = list(People.objects.values_list("number", flat=True))
    names = list(kinds())
    for start in range(0, records, BATCH):
        made = []
        for number in range(start, min(start + BATCH, records)):
            title = " ".join(chance.choices(words, k=5))
            fields: dict[str, Any] = {
                "people": [{"people": chance.choice(peoples)}],
                "date": [{"edtf": str(chance.randint(1900, 2020))}],
                "language": [{"tag": samples.READER}],
                "description": [samples.value(" ".join(chance.choices(words, k=40)))],
            }
            record = Record(
                kind=chance.choice(names), content=samples.content(title, **fields), collection=chance.choice(shelves),
                ark=f"ark:99999/x{number}", live=number % 20 != 0,
            )  # fmt: skip
            record.prepare()
            made.append(record)
        Record.objects.bulk_create(made)
        documents.write_terms([record.pk for record in made])


def _book(pages: int, words: list[str]) -> None:
    from media_pipeline.models import Asset, Derivative, Step
    from tests.library import books, samples

    chance = Random(16)
    record = samples.published("The book of many pages", fields={"language": [{"tag": samples.READER}]})
    sheets = [[" ".join(chance.choices(words, k=8)) for _line in range(30)] for _page in range(pages)]
    asset = books.asset_of("many pages", Asset.Kind.PDF, pages=pages)
    step = Step.objects.create(asset=asset, name="tiles")
    Derivative.objects.bulk_create(
        Derivative(
            asset=asset, step=step, role=role, page=page, path=f"aa/{page}/{role}", media_type=media, size=1,
            sha256="0" * 64, width=width, height=width * 4 // 3, extra=extra,
        )
        for page in range(1, pages + 1)
        for role, media, width, extra in (
            ("tile-set", "application/json", 2400, {"tile": 512, "scale_factors": [1, 2, 4, 8]}),
            ("thumbnail", "image/jpeg", 300, {}),
            ("reading-image", "image/jpeg", 1200, {}),
            ("alto", "application/xml", 2400, {}),
        )
    )  # fmt: skip
    books.attached(record, asset)
    books.read(asset, sheets, samples.READER)


def _words() -> list[str]:
    """Words of the declaration in the language of the interface, the commonest first."""
    from collections import Counter

    from tests.bench.inside import _own
    from tests.languages.texts import declaration

    said = (word for word in declaration(_own()).split() if word.isalpha())
    return [word for word, _number in Counter(said).most_common()]


def _timed(what: str, do: Callable[[], object]) -> None:
    began = time.perf_counter()
    do()
    print(f"{what} in {time.perf_counter() - began:.1f} s", flush=True)


if __name__ == "__main__":
    main()
