"""Real words by orthography, from the shared data, and texts made of an orthography's own letters."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ElementTree
from functools import cache

from hypothesis import strategies as st

from languages import Orthography, registry
from languages.checking import exemplar_texts
from languages.orthography import scripts_of
from tests.shared_data import shared

MOST = 400  # words an orthography, evenly taken, so that the tests stay fast


def orthographies() -> list[Orthography]:
    """Every orthography of every profile, for parametrize."""
    return list(registry().orthographies)


def tag_of(value: object) -> str:
    """The name of a parameter in the test report."""
    return getattr(value, "tag", str(value))


@cache
def all_words() -> dict[str, tuple[str, ...]]:
    """Words by orthography tag: gold words, word lists and the Universal Declaration of Human Rights."""
    found: dict[str, dict[str, None]] = {}

    def add(tag: str, word: str) -> None:
        found.setdefault(registry().orthography(tag).tag, {})[word] = None

    for path in sorted(shared("gold-words").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                add(row["orthography"], row["form"])
                if row["form2"]:
                    add(row["form2_orthography"], row["form2"])
    for path in sorted(shared("keyman-wordlists").glob("*/wordlist.tsv")):
        tag = path.parent.name.split(".")[1]
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                add(tag, line.split("\t")[0])
    for path in sorted(shared("udhr").glob("udhr_*.xml")):
        for word in declaration(path.stem.removeprefix("udhr_")).split():
            add(path.stem.removeprefix("udhr_").partition("_")[0], word)
    return {
        tag: tuple(word for word in words if scripts_of(word) <= {registry().orthography(tag).script})
        for tag, words in found.items()
    }


@cache
def declaration(code: str) -> str:
    """The text of the Universal Declaration of Human Rights."""
    tree = ElementTree.parse(shared(f"udhr/udhr_{code}.xml"))
    return "\n".join(text for node in tree.iter() if (text := (node.text or "").strip()))


def real_words(orthography: Orthography) -> list[str]:
    """Up to `MOST` words of an orthography, evenly from all we have; its letters where we have none."""
    words = all_words().get(orthography.tag, ())
    step = max(1, len(words) // MOST)
    return list(words[::step]) or list(exemplar_texts(orthography))


def written(orthography: Orthography) -> st.SearchStrategy[str]:
    """Texts of the orthography's letters and marks, in any order, with what stands between words."""
    letters = [*exemplar_texts(orthography), *orthography.exemplars.marks]
    own = st.sampled_from(letters) if letters else st.nothing()
    between = st.sampled_from([" ", "-", "'", "’", "ʼ", "\u200b", ".", "1"])
    return st.lists(own | own | own | between, max_size=12).map("".join)


def anything() -> st.SearchStrategy[str]:
    """Any text at all, lone surrogates, unassigned and private characters included."""
    return st.text(st.characters(codec=None, exclude_categories=()), max_size=40)


def sldr_rules(tag: str) -> str:
    """The standard collation rules of a locale in the SIL Locale Data Repository; empty if it has none."""
    path = shared("sldr-vietnam") / f"{tag.replace('-', '_')}.xml"
    if not path.is_file():
        return ""
    text = path.read_text(encoding="utf-8")
    found = re.search(r'<collation type="standard"[^>]*>\s*<cr><!\[CDATA\[(.*?)\]\]>', text, re.DOTALL)
    return found[1] if found else ""
