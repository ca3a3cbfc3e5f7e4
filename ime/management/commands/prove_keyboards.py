"""`manage.py prove_keyboards`: type through everything that is built, in every engine of this machine."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand

from ime.catalogue import keyboards
from ime.domain.proving import FUZZ, prove
from ime.interfaces.choosing import chosen
from ime.proof import ENGINES
from ime.proof.run import FAILED, PROVED, Row

_COLUMNS = ("keyboard", "target", "engine", "result", "strings")


class Command(BaseCommand):
    """See the help text."""

    help = (
        "Build every target and type every letter, published headword and random string through each engine that "
        "is here; prints the table keyboard × target × engine and keeps it for the public pages. Exit code 1: some "
        "engine typed another text."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to prove, and how much."""
        parser.add_argument(
            "code", nargs="?", default="", help="a language's code, or a keyboard's id; else all"
        )
        parser.add_argument(
            "--engine", action="append", choices=[engine.id for engine in ENGINES], help="only this engine"
        )
        parser.add_argument("--words", type=int, default=None, help="no more headwords than these (else all)")
        parser.add_argument("--fuzz", type=int, default=FUZZ, help="random strings for each keyboard")
        parser.add_argument("--json", action="store_true", help="for a program: a list of rows")

    def handle(
        self,
        *args: Any,
        code: str,
        engine: list[str] | None,
        words: int | None,
        fuzz: int,
        json: bool,
        **options: Any,
    ) -> None:
        """Prove; progress goes to the standard error."""
        wanted = chosen(code) or tuple(keyboards().by_id)
        rows: list[Row] = []
        for number, lines in enumerate(prove(wanted, engines=engine or (), most_words=words, fuzz=fuzz), 1):
            name = lines[0].keyboard if lines else ""
            self.stderr.write(f"[{number}/{len(wanted)}] {name}")
            rows += lines
        place = {name: number for number, name in enumerate(wanted)}
        rows.sort(key=lambda row: place[row.keyboard])
        self.stdout.write(as_json(rows) if json else as_table(rows))
        if any(row.state == FAILED for row in rows):
            sys.exit(1)


def as_table(rows: Iterable[Row]) -> str:
    """A line for each row, columns aligned; differences and reasons below their line."""
    cells = [_COLUMNS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_COLUMNS))]
    lines = []
    for line, row in zip(cells, [None, *rows], strict=True):
        told = (text.ljust(width) for text, width in zip(line, widths, strict=True))
        lines.append("  ".join(told).rstrip())
        if row is not None and row.why:
            lines.append(f"    {row.why}")
        if row is not None:
            lines.extend(f"    {difference}" for difference in row.differing)
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    strings = str(row.strings) if row.state in (PROVED, FAILED) else ""
    return (row.keyboard, row.target, f"{row.engine} {row.version}".strip(), row.state, strings)


def as_json(rows: Iterable[Row]) -> str:
    """The same for a program."""
    told = [{**vars(row), "differing": [str(each) for each in row.differing]} for row in rows]
    return json.dumps(told, ensure_ascii=False, indent=1)
