"""Something to type in each orthography: from the Declaration of Human Rights, words in a row, or the alphabet."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from languages import registry
from tests.shared_data import shared

WORDS = 5
LETTERS = 16
SHORTEST, LONGEST = 40, 160  # characters of a sentence


def has_text(tag: str) -> bool:
    """Whether words of an orthography are known here."""
    return tag in _sentences()


def sentence(tag: str) -> str:
    """A sentence in NFC, with single blanks between its words."""
    return _sentences().get(tag) or " ".join(map(_plain, registry().orthography(tag).alphabet[:LETTERS]))


@lru_cache(maxsize=1)
def _sentences() -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for tag, word in _gold_words():
        if len(found.setdefault(tag, [])) < WORDS and word not in found[tag]:
            found[tag].append(word)
    return {tag: " ".join(words) for tag, words in found.items()} | dict(_declarations())


def _gold_words() -> Iterator[tuple[str, str]]:
    for path in sorted(shared("gold-words").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield from (
                    (tag, _plain(word))
                    for tag, word in (
                        (row["orthography"], row["form"]),
                        (row["form2_orthography"], row["form2"]),
                    )
                    if tag and word
                )


def _declarations() -> Iterator[tuple[str, str]]:
    for path in sorted(shared("udhr").glob("*.xml")):
        root = etree.parse(path).getroot()
        profile = registry().profile(root.get("iso639-3"))
        tags = [each.tag for each in profile.orthographies if each.script == root.get("iso15924")]
        for paragraph in root.iterfind(".//{*}article/{*}para"):
            text = _plain(paragraph.text or "")
            if tags and SHORTEST < len(text) < LONGEST:
                yield tags[0], text
                break


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text).strip())
