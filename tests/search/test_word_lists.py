"""Both engines over thousands of real words: what people type finds the same, in the same order,
everywhere."""

from __future__ import annotations

import pytest

from languages import LanguageError, registry
from search.domain import analysis
from search.domain.folding import foldings
from search.domain.tiers import tiers
from search.engines.database import DatabaseEngine
from search.engines.embedded.engine import EmbeddedEngine
from search.interface import All, Document, order_of
from tests.search.house import words
from tests.shared_data import shared


def documents() -> list[Document]:
    found: list[Document] = []
    for path in sorted(shared("gold-words").glob("*.csv")):
        for row in words(path)[::12]:
            forms = [analysis.form("headword", row["orthography"], row["form"])]
            writing = analysis.orthography(row["orthography"])
            for scheme in writing.transliterations:
                try:
                    text = writing.transliterate(row["form"], scheme.target)
                except LanguageError:
                    continue
                forms.append(analysis.form("derived", scheme.target, text))
            if row["gloss_en"]:
                forms.append(analysis.form("gloss", "en", row["gloss_en"]))
            pk = len(found) + 1
            language = registry().profile(row["lang"]).code
            order = order_of(len(row["form"]), pk)
            found.append(Document("word", pk, 1, order, tuple(forms), languages=(language,)))
    return found


@pytest.mark.django_db
def test_engines_agree_on_real_words_in_every_script(tmp_path) -> None:
    every = documents()
    embedded, database = EmbeddedEngine(tmp_path), DatabaseEngine()
    embedded.start()
    for engine in (embedded, database):
        engine.write(every)
    assert embedded.count() == database.count() == len(every)
    for one in every[::17]:
        text = one.forms[0].text
        for typed in (text, text[:2], one.forms[-1].text, one.forms[0].keys.letter):
            if not typed.strip():
                continue
            asked = tiers(foldings(typed))
            answers = [
                engine.lookup(asked, All(), limit=8, facets=["language"]) for engine in (embedded, database)
            ]
            assert answers[0] == answers[1], typed
            if typed == text:
                assert answers[0].total >= 1
