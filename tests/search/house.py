"""A small house of real words: the starter lexicons and gold words, published through the dictionary's own
door."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.test import TestCase, override_settings

from dictionary.domain.publish import Change, apply_many
from dictionary.models import Lexicon
from search.domain import index_writer
from search.domain.rebuild import rebuild

STARTER = Path(settings.BASE_DIR) / "dictionary" / "starter"
TABLES = sorted(STARTER.glob("*.csv"))


class FurnishedTestCase(TestCase):
    """Tests that look words up in a house that is furnished, indexed and read only."""

    lexicons: dict[str, Lexicon]

    @classmethod
    def setUpClass(cls) -> None:
        folder = cls.enterClassContext(TemporaryDirectory())
        cls.enterClassContext(override_settings(DATA_DIR=Path(folder)))
        super().setUpClass()

    @classmethod
    def setUpTestData(cls) -> None:
        cls.lexicons = {path.stem: publish(path) for path in TABLES}
        rebuild()
        index_writer.drain()


def words(path: Path) -> list[dict[str, str]]:
    """The rows of a table of words."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def content_of(row: dict[str, str]) -> dict[str, Any]:
    """The content of an entry that a row of words describes."""
    forms = [{"lang": row["orthography"], "text": row["form"]}]
    if row.get("form2"):
        forms.append({"lang": row["form2_orthography"], "text": row["form2"]})
    return {"forms": forms, "senses": [{"glosses": list(_glosses(row))}]}


def entry(orthography: str, text: str, **glosses: str) -> dict[str, Any]:
    """The content of an entry with one form, and glosses by language."""
    return content_of(
        {"orthography": orthography, "form": text, **{f"gloss_{k}": v for k, v in glosses.items()}}
    )


def _glosses(row: dict[str, str]) -> Iterator[dict[str, str]]:
    for lang in ("vi", "en"):
        for key in (f"gloss_{lang}", f"gloss_{lang}_own"):
            if row.get(key):
                yield {"lang": lang, "text": row[key]}


def lexicon(slug: str, orthography: str, **fields: Any) -> Lexicon:
    """An empty lexicon."""
    return Lexicon.objects.create(
        slug=slug, title=slug, language=orthography.partition("-")[0], orthography=orthography, **fields
    )


def publish(path: Path, **fields: Any) -> Lexicon:
    """Publish a table of words as a lexicon."""
    rows = words(path)
    made = lexicon(path.stem, rows[0]["orthography"], **fields)
    apply_many(made, [Change(f"{path.stem}-{at}", content_of(row)) for at, row in enumerate(rows)])
    return made


def publish_one(made: Lexicon, content: dict[str, Any], identity: str = "one", pk: int | None = None) -> int:
    """Publish one entry, new or changed."""
    return apply_many(made, [Change(identity, content, pk)])[0]
