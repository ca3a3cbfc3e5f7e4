"""How fast LIFT is imported, beside a bare parse of the same file by lxml, in one run on one core."""

from __future__ import annotations

import json
import random
import resource
import time
import uuid
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand
from lxml import etree

from access.models import Protocol
from dictionary.domain import publish
from dictionary.formats.lift_file import LiftFile
from dictionary.imports import running
from dictionary.imports.settings import limits
from dictionary.imports.source import Wish
from dictionary.models import Lexicon
from jobs.imports import runs
from languages import registry

_SLUG = "bench-lift"
_VOCABULARY = 5_000
_CHUNK = 1000


@dataclass(frozen=True)
class Case:
    """One thing measured: wall and processor time of all entries, in seconds."""

    case: str
    wall: float
    cpu: float


class Command(BaseCommand):
    """Made-up entries go into a lexicon that nobody but administrators may see, and are deleted at the end."""

    help = "Measure the import of LIFT against a bare lxml parse. What it writes is deleted at the end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--entries", type=int, default=10_000)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make a file, measure, print."""
        count = options["entries"]
        with TemporaryDirectory(prefix="nhasan-") as folder:
            path = Path(folder) / "bench.lift"
            with path.open("w", encoding="utf-8") as out:
                out.writelines(_file(count))
            size = path.stat().st_size
            cases = [
                _timed("bare lxml iterparse", lambda: _bare(path)),
                _timed("read: trees, checked", lambda: _read(path)),
            ]
            cases += _imported(path)
        bare = cases[0].wall
        told = {
            "entries": count,
            "orthography": _orthography().tag,
            "bytes_per_entry": round(size / max(count, 1)),
            "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "cases": [
                {
                    "case": each.case,
                    "entries_per_s": round(count / each.wall),
                    "entries_per_cpu_s": round(count / each.cpu) if each.cpu else None,
                    "ratio_to_bare": round(each.wall / bare, 1),
                }
                for each in cases
            ],
        }
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(
            f"{count} entries of {told['bytes_per_entry']} bytes; peak memory {told['memory_mb']} MB"
        )
        for row in told["cases"]:  # type: ignore[union-attr]
            self.stdout.write(
                f"{row['case']:<45} {row['entries_per_s']:>9} entries/s  {row['entries_per_cpu_s'] or 0:>9} /cpu s  "
                f"{row['ratio_to_bare']:>6} × bare"
            )


def _timed(name: str, work: Any) -> Case:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Case(name, time.perf_counter() - wall, time.process_time() - cpu)


def _bare(path: Path) -> None:
    for _event, element in etree.iterparse(str(path), events=("end",), tag="entry"):
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]  # type: ignore[union-attr]


def _read(path: Path) -> None:
    with LiftFile(path, limits()) as file:
        for _item in file.items():
            pass


def _imported(path: Path) -> list[Case]:
    """Check and apply, as the site does them; all of it is deleted again."""
    tag, name = _orthography().tag, f"{_SLUG}-{uuid.uuid4().hex[:8]}"
    closed = Protocol.objects.create(slug=name, name=name, level=Protocol.Level.RESTRICTED)
    lexicon = Lexicon.objects.create(
        slug=name, title=_SLUG, language=tag.partition("-")[0], orthography=tag, gloss_languages=["vi", "en"],
        protocol=closed,
    )  # fmt: skip
    run = running.create(Wish(lexicon.pk, "lift"), path, path.name, title=_SLUG)
    try:
        check = _timed("check: report of every row", lambda: running.phase(run, "check"))
        apply = _timed("apply: trees, keys, rows, outbox, undo", lambda: running.phase(run, "apply"))
    finally:
        pks = list(lexicon.entries.values_list("pk", flat=True))
        for start in range(0, len(pks), _CHUNK):
            publish.delete(pks[start : start + _CHUNK])
        run.refresh_from_db()
        if run.state not in runs.BUSY:
            runs.discard(run)
        lexicon.delete()
        closed.delete()
    whole = Case("whole import: check and apply", check.wall + apply.wall, check.cpu + apply.cpu)
    return [check, apply, whole]


def _orthography() -> Any:
    """The Latin orthography with the longest alphabet: made-up words are spelled with it."""
    latin = [one for one in registry().orthographies if one.script == "Latn"]
    return max(latin or registry().orthographies, key=lambda one: (len(one.alphabet), one.tag))


def _file(count: int) -> Iterator[str]:
    """A LIFT file as FieldWorks writes it, of made-up words; glosses repeat words as real ones do (Zipf)."""
    made = random.Random(1)  # noqa: S311
    letters = _orthography().alphabet
    tag = _orthography().tag
    vocabulary = [
        "".join(made.choices("abcdeghiklmnoprstuvxy", k=made.randint(2, 8))) for _ in range(_VOCABULARY)
    ]
    weights = [1 / (rank + 1) for rank in range(_VOCABULARY)]

    def text(least: int, most: int) -> str:
        return " ".join(made.choices(vocabulary, weights, k=made.randint(least, most)))

    yield '<?xml version="1.0" encoding="UTF-8"?>\n<lift producer="bench" version="0.13">\n'
    for number in range(count):
        guid = uuid.UUID(int=made.getrandbits(128), version=4)
        word = "".join(made.choices(letters, k=made.randint(3, 9)))
        spoken, sense_id = f"{tag.partition('-')[0]}-fonipa", uuid.UUID(int=made.getrandbits(128))
        yield (
            f'<entry dateCreated="2026-01-01T00:00:00Z" dateModified="2026-01-01T00:00:00Z" id="e{number}_{guid}" '
            f'guid="{guid}">\n<lexical-unit>\n<form lang="{tag}"><text>{word}</text></form>\n</lexical-unit>\n'
            f'<trait name="morph-type" value="stem"/>\n<pronunciation>\n<form lang="{spoken}"><text>{text(1, 1)}'
            f'</text></form>\n</pronunciation>\n<sense id="{sense_id}">\n<grammatical-info value="Noun">\n'
            f'</grammatical-info>\n<gloss lang="vi"><text>{text(1, 3)}</text></gloss>\n<gloss lang="en"><text>'
            f'{text(1, 3)}</text></gloss>\n<definition>\n<form lang="en"><text>{text(4, 12)}</text></form>\n'
            '</definition>\n<trait name="semantic-domain-ddp4" value="5.2 Food"/>\n</sense>\n</entry>\n'
        )
    yield "</lift>\n"
