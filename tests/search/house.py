"""A small house of real words: the starter lexicons, published through the dictionary's own door."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from dictionary.domain.publish import Change, apply_many
from dictionary.models import Lexicon

STARTER = Path(settings.BASE_DIR) / "dictionary" / "starter"


def words(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table of words."""
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def content_of(row: dict[str, str]) -> dict[str, Any]:
    """The content of an entry that a row of words describes."""
    forms = [{"lang": row["orthography"], "text": row["form"]}]
    if row.get("form2"):
        forms.append({"lang": row["form2_orthography"], "text": row["form2"]})
    glosses = [
        {"lang": lang, "text": row.get(f"gloss_{lang}") or row.get(f"gloss_{lang}_own") or ""}
        for lang in ("vi", "en")
    ]
    return {"forms": forms, "senses": [{"glosses": [gloss for gloss in glosses if gloss["text"]]}]}


def publish(path: Path, **lexicon: Any) -> Lexicon:
    """Publish a table of words as a lexicon."""
    rows = list(words(path))
    made = Lexicon.objects.create(
        slug=path.stem,
        title=path.stem,
        language=rows[0]["lang"],
        orthography=rows[0]["orthography"],
        **lexicon,
    )
    changes = [Change(f"{path.stem}-{at}", content_of(row)) for at, row in enumerate(rows)]
    apply_many(made, changes)
    return made


def publish_starter() -> list[Lexicon]:
    """Publish all starter lexicons."""
    return [publish(path) for path in sorted(STARTER.glob("*.csv"))]
