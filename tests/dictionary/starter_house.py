"""A small house for tests: the first words of each starter lexicon, published by the dictionary's own functions."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any

from dictionary.domain import content
from dictionary.domain.publish import Change, apply_many
from dictionary.models import Lexicon

STARTER = Path(__file__).resolve().parents[2] / "dictionary" / "starter"


def described() -> list[dict[str, Any]]:
    """What starter.toml says of each lexicon."""
    return list(tomllib.loads((STARTER / "starter.toml").read_text(encoding="utf-8"))["lexicons"])


def rows(lexicon: dict[str, Any], limit: int | None = None) -> list[dict[str, str]]:
    """The rows of its table."""
    with (STARTER / lexicon["file"]).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))[:limit]


def tree(row: dict[str, str]) -> content.Content:
    """A row as the content of an entry."""
    forms = [content.form(row["orthography"], row["form"])]
    if row["form2"]:
        forms.append(content.form(row["form2_orthography"], row["form2"]))
    glosses = [
        content.form(lang, row[key])
        for lang in ("vi", "en")
        for key in (f"gloss_{lang}", f"gloss_{lang}_own")
        if row[key]
    ]
    rest: dict[str, Any] = {}
    if row["ipa"]:
        tag = f"{row['lang']}-fonipa"
        rest["pronunciations"] = [{"forms": [content.form(tag, row["ipa"])]}]
    if row["source_url"]:
        rest["sources"] = [{"title": row["source_title"], "url": row["source_url"]}]
    meaning = content.sense(glosses, pos={"value": row["pos"]}) if row["pos"] else content.sense(glosses)
    return content.entry(forms, [meaning], **rest)


def lexicon(described: dict[str, Any], **fields: Any) -> Lexicon:
    """An empty lexicon with the credits of a starter lexicon."""
    given = {
        "slug": described["slug"],
        "title": described["title"]["vi"],
        "language": described["language"],
        "orthography": described["orthography"],
        "gloss_languages": ["vi", "en"],
        "licence": described["licence"],
        "authors": described["authors"],
        "citation": described["citation"],
        "year": described["year"],
        "under_review": True,
    }
    return Lexicon.objects.create(**(given | fields))


def fill(house: Lexicon, described: dict[str, Any], limit: int) -> None:
    """Publish the first rows of a starter lexicon; each row is an entry."""
    changes = [
        Change(f"{house.slug}-{number}", tree(row), source_order=number)
        for number, row in enumerate(rows(described, limit))
    ]
    apply_many(house, changes)


def furnish(limit: int = 12) -> list[Lexicon]:
    """Every starter lexicon with its first rows."""
    made = []
    for each in described():
        made.append(lexicon(each))
        fill(made[-1], each, limit)
    return made


def publish_tree(house: Lexicon, form: content.Form, gloss: str) -> None:
    """One entry with a form and a Vietnamese gloss."""
    meaning = content.sense([content.form("vi", gloss)])
    apply_many(house, [Change(form["text"], content.entry([form], [meaning]))])
