"""Look-up rows: alphabet pages in the orthography's own order, for those who may see them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.domain.viewer import anonymous, viewer_for
from access.models import Protocol, User
from languages import registry
from search.domain import rows
from search.interface import Document, Form, Keys, order_of
from search.models import Audience, LookupKey, LookupRow
from tests.search.house import TABLES, FurnishedTestCase


class AlphabetTests(FurnishedTestCase):
    def test_alphabet_pages_hold_every_headword_once_in_the_orthographys_order(self) -> None:
        for orthography in registry().orthographies:
            mine = LookupRow.objects.filter(orthography=orthography.tag, kind="headword")
            if not mine.exists():
                continue
            collected = []
            for letter, number in rows.letters(orthography.tag, viewer=anonymous()):
                page, after, here = [], None, []
                while page or after is None:
                    page = rows.alphabet(orthography.tag, letter, viewer=anonymous(), after=after, limit=7)
                    here.extend(page)
                    if not page:
                        break
                    after = (page[-1]["sort_key"], page[-1]["place"])
                assert len(here) == number
                assert [row["sort_key"] for row in here] == sorted(row["sort_key"] for row in here)
                assert {orthography.first_letter(row["text"]) for row in here} == {letter}
                collected.extend(here)
            assert sorted((row["object_id"], row["text"]) for row in collected) == sorted(
                mine.values_list("object_id", "text")
            )

    def test_a_page_of_an_alphabet_costs_two_queries(self) -> None:
        row = LookupRow.objects.filter(kind="headword").exclude(first_letter="").first()
        assert row is not None
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rows.alphabet(row.orthography, row.first_letter, viewer=anonymous(), parent=row.parent)
        assert len(queries) == 3  # the viewer's, the audiences, the page

    def test_what_is_closed_stands_in_no_alphabet(self) -> None:
        path = TABLES[0]
        closed = Protocol.objects.create(slug="closed", name="closed", level="restricted")
        tag = LookupRow.objects.filter(kind="headword", parent=path.stem).values_list(
            "orthography", flat=True
        )[0]
        hidden = Audience.objects.create(key=f"0:{closed.pk}")
        parent = path.stem
        LookupRow.objects.filter(parent=parent).update(audience=hidden)
        assert rows.letters(tag, viewer=anonymous(), parent=parent) == []
        admin = viewer_for(User.objects.create(username="admin", is_superuser=True))
        assert rows.letters(tag, viewer=admin, parent=parent) != []


def document(pk: int, *texts: str, order: int | None = None) -> Document:
    forms = tuple(
        Form("headword", "zxx-Latn", text, Keys(text, text, text, text, text, frozenset({text[:1]}), "one"))
        for text in texts
    )
    return Document("note", pk, 1, order_of(0, pk) if order is None else order, forms)


@pytest.mark.django_db
def test_replacing_leaves_no_row_or_key_of_the_old_version_even_when_the_order_changed() -> None:
    rows.replace([document(1, "aa", "bb"), document(2, "cc")])
    rows.replace([document(1, "dd", order=order_of(5, 1))])
    assert set(LookupRow.objects.values_list("object_id", "text")) == {(1, "dd"), (2, "cc")}
    assert LookupKey.objects.count() == 2
    rows.remove("note", [1, 2])
    assert not LookupRow.objects.exists()
    assert not LookupKey.objects.exists()


@pytest.mark.django_db
def test_the_largest_and_the_smallest_order_fit_into_the_database() -> None:
    for pk, order in ((1, 0), (2, 2**64 - 1)):
        rows.replace([document(pk, "aa", order=order)])
        assert rows.order_from(LookupRow.objects.get(object_id=pk).place) == order


@pytest.mark.django_db
def test_a_document_with_forms_in_two_languages_is_refused() -> None:
    two = Document("note", 1, 1, 1, document(1, "aa").forms, languages=("xaa", "xbb"))
    with pytest.raises(ValueError, match="one language"):
        rows.replace([two])


@pytest.mark.parametrize(("pk", "family"), [(2**32, 0), (-1, 0), (1, 256), (1, -1)])
def test_an_order_that_would_meet_another_is_refused(pk: int, family: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        order_of(0, pk, family=family)
