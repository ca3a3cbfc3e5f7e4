"""Real words, found as people type them: in order, in any script, by meaning, and alike on both engines."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from access.domain.viewer import anonymous
from languages import registry
from search.domain.lookup import lookup
from search.domain.suggest import suggest
from search.interface import Results
from search.models import LookupRow
from tests.search.house import TABLES, FurnishedTestCase, words

ORDER = ["exact", "case", "tone", "letter", "script", "gloss", "sound"]


def rank(hit: object) -> tuple[bool, bool, bool, int]:
    """Where a hit stands by the rules: contradicting ones last, slips before them, whole matches first."""
    tier = hit.tier  # type: ignore[attr-defined]
    slip = tier == "fuzzy"
    return hit.contradicts, slip, not hit.whole and not slip, ORDER.index(tier) if not slip else 0  # type: ignore[attr-defined]


class LookupTests(FurnishedTestCase):
    def look(self, text: str, **options: object) -> Results:
        return lookup(text, viewer=anonymous(), **options)  # type: ignore[arg-type]

    def test_every_headword_finds_its_entry_as_a_whole_and_exact(self) -> None:
        for path in TABLES:
            for row in words(path)[::9]:
                found = self.look(row["form"], limit=50, languages=[self.lexicons[path.stem].language])
                texts = {
                    hit.form.text for hit in found.hits if hit.tier == "exact" and hit.whole and hit.form
                }
                assert row["form"].strip() in texts, row["form"]

    def test_hits_come_in_the_order_of_the_tiers(self) -> None:
        for path in TABLES:
            for row in words(path)[::17]:
                for text in (row["form"], row["form"][:2]):
                    ranks = [rank(hit) for hit in self.look(text, limit=100).hits]
                    assert ranks == sorted(ranks), text

    def test_database_and_index_give_the_same_hits_totals_and_pages(self) -> None:
        for path in TABLES:
            for row in words(path)[::41]:
                for text in (row["form"], row["form"][:2], row["gloss_vi"] or row["gloss_vi_own"]):
                    if not text:
                        continue
                    indexed, stored = self.look(text, limit=5), self.look(text, limit=5, fresh=True)
                    if any(hit.tier == "fuzzy" for hit in indexed.hits):
                        continue  # slips are the index's alone
                    assert indexed.hits == stored.hits, text
                    assert (indexed.total, indexed.cursor) == (stored.total, stored.cursor), text
                    assert not stored.degraded

    def test_pages_follow_each_other_without_gap_or_repetition(self) -> None:
        whole = self.look("k", limit=100)
        collected, cursor = [], ""
        while True:
            page = self.look("k", limit=7, cursor=cursor)
            collected.extend(page.hits)
            cursor = page.cursor
            if not cursor or len(collected) >= 100:
                break
        assert tuple(collected[:100]) == whole.hits
        assert len({(hit.type, hit.pk) for hit in collected}) == len(collected)

    def test_marks_left_out_still_find_and_marks_that_differ_come_last(self) -> None:
        rows = LookupRow.objects.filter(kind="headword", scope__endswith="-Latn").exclude(marked="")
        for row in rows.order_by("id")[::40]:
            letters = bytes(row.letter).decode()
            if letters == row.marked:
                continue
            found = self.look(letters, orthography=row.orthography, limit=100)
            mine = [hit for hit in found.hits if hit.pk == row.object_id]
            assert mine and not mine[0].contradicts, letters

    def test_hits_name_the_form_they_were_found_by(self) -> None:
        kinds = {"gloss": {"gloss"}, "script": {"derived"}, "exact": {"headword", "variant"}}
        seen = set()
        for path in TABLES:
            row = next(row for row in words(path) if row["gloss_en"] or row["gloss_en_own"])
            for text in (row["form"], row["gloss_en"] or row["gloss_en_own"], row["form2"] or "ka"):
                for hit in self.look(text, limit=100).hits:
                    assert hit.form is not None
                    if hit.tier in kinds:
                        seen.add(hit.tier)
                        assert hit.form.kind in kinds[hit.tier], text
                    if hit.tier == "exact":
                        assert hit.form.text.startswith(text), text
        assert seen == set(kinds)

    def test_a_slip_finds_the_word_and_suggests_it(self) -> None:
        row = max(words(TABLES[0]), key=lambda row: len(row["form"]))
        text = row["form"].replace(" ", "")
        wrong = text[:-2] + "qz"[0] + text[-1]
        found = self.look(wrong, limit=10)
        for hit in found.hits:
            if hit.tier == "fuzzy" and hit.form:
                assert hit.form.text in found.suggestions

    def test_languages_lexicons_and_facets_narrow_what_is_found(self) -> None:
        everything = self.look("k", limit=1, facets=["language", "parent"])
        assert sum(everything.facets["language"].values()) == everything.total
        for language, number in everything.facets["language"].items():
            assert self.look("k", limit=1, languages=[language]).total == number
        for parent, number in everything.facets["parent"].items():
            assert self.look("k", limit=1, lexicon=parent).total == number

    def test_suggestions_are_distinct_words(self) -> None:
        for text in ("k", "b", "ka"):
            found = suggest(text, viewer=anonymous(), limit=8)
            assert 0 < len(found) <= 8
            assert len({(one.text, one.orthography) for one in found}) == len(found)

    def test_a_query_in_a_chosen_orthography_is_folded_by_it_alone(self) -> None:
        scopes = {row.scope for row in LookupRow.objects.filter(kind="headword")}
        for orthography in registry().orthographies:
            if orthography.tag not in scopes:
                continue
            row = LookupRow.objects.filter(scope=orthography.tag, kind="headword").first()
            assert row is not None
            found = self.look(row.text, orthography=orthography.tag, limit=50)
            assert row.object_id in {hit.pk for hit in found.hits}

    def test_without_an_index_the_database_answers_and_says_so(self) -> None:
        text = words(TABLES[0])[0]["form"]
        whole = self.look(text)
        with self.subTest("no index"), override_settings(DATA_DIR=self._empty()):
            found = self.look(text, facets=["language", "topic"])
            assert found.degraded
            assert set(found.facets) == {"language"}
            assert found.hits[0] == whole.hits[0]
            filtered = self.look(text, filters=[("topic", "water")])
            assert filtered.degraded
            assert not filtered.hits

    def test_the_samples_of_what_people_type_score_well_in_every_language(self) -> None:
        out = StringIO()
        call_command("search_quality", "--json", stdout=out)
        told = json.loads(out.getvalue())
        assert {one["language"] for one in told["languages"]} == {path.stem for path in TABLES}
        assert {one["language"]: one["misses"] for one in told["languages"] if one["score"] < 0.85} == {}
        assert told["score"] >= 0.95

    def _empty(self) -> Path:
        return Path(self.enterContext(TemporaryDirectory()))


def test_a_sample_with_a_broken_line_is_refused_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "zxx.csv").write_text("query,expected,max_rank,what\nka,ka,first,as written\n")
    with pytest.raises(CommandError, match=r"zxx\.csv:2"):
        call_command("search_quality", "--folder", str(tmp_path))
