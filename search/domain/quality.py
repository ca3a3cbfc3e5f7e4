"""How good is the look-up? A small sample per language of what people type and what they mean, scored.

A sample is a table of query, expected (a headword), max_rank and what (why it is in the sample), one file per language:
`tests/search/quality/CODE.csv`. The score of a language is the share of its queries whose word is found within the
rank; `mrr` is the mean of 1 / rank.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from access.domain.viewer import Viewer
from search.domain.lookup import lookup
from search.models import LookupRow

DEEPEST = 50


@dataclass(frozen=True)
class Asked:
    """One line of a sample. `where` is file and line."""

    query: str
    expected: str
    max_rank: int
    what: str
    where: str


@dataclass(frozen=True)
class Miss:
    """A query whose word is not where it should be; `rank` None: not among the first fifty."""

    where: str
    query: str
    expected: str
    max_rank: int
    rank: int | None


@dataclass(frozen=True)
class Score:
    """How one language does: `score` and `mrr` between 0 and 1."""

    language: str
    asked: int
    score: float
    mrr: float
    misses: tuple[Miss, ...]


def read(path: Path) -> list[Asked]:
    """The lines of a sample; raises ValueError, with file and line, for one that is not complete."""
    found: list[Asked] = []
    with path.open(newline="", encoding="utf-8") as file:
        for row in (reader := csv.DictReader(file)):
            where = f"{path.name}:{reader.line_num}"
            try:
                rank = int(row["max_rank"])
                found.append(Asked(row["query"], row["expected"], rank, row["what"], where))
            except (KeyError, TypeError, ValueError):
                raise ValueError(
                    f"{where}: a line has query, expected, max_rank (a number) and what."
                ) from None
    return found


def score(language: str, sample: Iterable[Asked], viewer: Viewer) -> Score:
    """Ask everything of a sample."""
    ranks = [(one, rank_of(one, viewer)) for one in sample]
    good = [rank for one, rank in ranks if rank is not None and rank <= one.max_rank]
    return Score(
        language=language,
        asked=len(ranks),
        score=round(len(good) / max(len(ranks), 1), 3),
        mrr=round(sum(1 / rank for _one, rank in ranks if rank) / max(len(ranks), 1), 3),
        misses=tuple(
            Miss(one.where, one.query, one.expected, one.max_rank, rank)
            for one, rank in ranks
            if rank is None or rank > one.max_rank
        ),
    )


def rank_of(asked: Asked, viewer: Viewer) -> int | None:
    """Where the expected headword stands among the hits, counted from one."""
    hits = lookup(asked.query, viewer=viewer, limit=DEEPEST).hits
    found = LookupRow.objects.filter(
        kind="headword", text=asked.expected, object_id__in=[hit.pk for hit in hits]
    ).values_list("type", "object_id")
    wanted = set(found)
    return next((at for at, hit in enumerate(hits, start=1) if (hit.type, hit.pk) in wanted), None)
