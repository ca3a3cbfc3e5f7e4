"""All engines over thousands of real words: what people type finds the same, in the same order, everywhere."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence

import pytest

from languages import LanguageError, registry
from search.domain import analysis
from search.domain.folding import foldings
from search.domain.tiers import tiers
from search.interface import All, Document, Engine, Form, Results, order_of
from tests.languages.texts import all_words
from tests.search.agreement import Agreed
from tests.search.house import words
from tests.shared_data import shared

MOST = 60  # words of an orthography


def forms_of(tag: str, text: str) -> Iterator[Form]:
    """A headword with its transliterations."""
    yield analysis.form("headword", tag, text)
    writing = analysis.orthography(tag)
    for scheme in writing.transliterations:
        try:
            derived = writing.transliterate(text, scheme.target)
        except LanguageError:
            continue
        yield analysis.form("derived", scheme.target, derived)


def rows() -> Iterator[tuple[str, str, str]]:
    """Orthography, word and meaning: of the gold tables, of keyboards' word lists, of running text and of a lexicon."""
    for path in sorted(shared("gold-words").glob("*.csv")):
        for row in words(path)[::12]:
            yield row["orthography"], row["form"], row["gloss_en"]
    for tag, every in sorted(all_words().items()):
        for word in every[:: max(1, len(every) // MOST)]:
            yield tag, word, ""
    with (shared("khmer-google") / "lexicon.tsv").open(encoding="utf-8", newline="") as file:
        for at, line in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)):
            if at % 700 == 699:
                yield registry().owners(line[0])[0].tag, line[0], ""


def documents() -> list[Document]:
    """A document for each of these words."""
    found: list[Document] = []
    for tag, word, meaning in rows():
        forms = [*forms_of(tag, word)]
        if meaning:
            forms.append(analysis.form("gloss", "en", meaning))
        pk = len(found) + 1
        language = registry().orthography(tag).language
        found.append(Document("word", pk, 1, order_of(len(word), pk), tuple(forms), languages=(language,)))
    return found


def compare(engines: Sequence[Engine], every: Sequence[Document], agreed: Agreed) -> None:
    """Look up some of the words as people would: whole, the beginning, by meaning or script, without marks."""
    for engine in engines:
        engine.write(every)
        assert engine.count() == len(every)
    for one in every[::17]:
        text = one.forms[0].text
        for typed in dict.fromkeys((text, text[:2], one.forms[-1].text, one.forms[0].keys.letter)):
            if not typed.strip():
                continue
            found = agreed.ask(engines, _first_page(typed), typed)
            if typed == text:
                assert found.total >= 1


def _first_page(typed: str) -> Callable[[Engine], Results]:
    asked = tiers(foldings(typed))
    return lambda engine: engine.lookup(asked, All(), limit=8, facets=["language"])


@pytest.mark.django_db
def test_engines_agree_on_real_words_in_every_script(
    empty_engines: Callable[[], list[Engine]], agreed: Agreed
) -> None:
    compare(empty_engines(), documents(), agreed)
