"""Compiled queries give what the same querysets give, for every viewer and number of keys."""

import pytest

from access.domain.gate import visible
from access.domain.viewer import administrator, anonymous
from access.models import Community, Protocol
from dictionary.domain import prepared
from dictionary.models import Entry
from search.models import LookupRow
from tests.dictionary import starter_house

pytestmark = pytest.mark.django_db


def headwords(pks, viewer):
    return visible(Entry.objects.filter(pk__in=pks), viewer).order_by("pk").values_list("pk", "headword")


def forms(pks, given):
    return LookupRow.objects.filter(object_id__in=pks).order_by("pk").values_list("object_id", "text")


def test_the_rows_are_those_of_the_queryset():
    starter_house.furnish(3)
    ours = Community.objects.create(slug="ours", name="Ours")
    closed = Protocol.objects.create(slug="closed", name="Closed", community=ours, level="community")
    pks = list(Entry.objects.values_list("pk", flat=True))
    Entry.objects.filter(pk__in=pks[::3]).update(protocol=closed)
    for viewer in (anonymous(), administrator(), anonymous()):
        for some in (pks, pks[1:5], pks[2:6], pks[:1], [999_999]):
            assert prepared.rows(headwords, some, viewer) == list(headwords(some, viewer))
            assert prepared.rows(forms, some) == list(forms(some, None))
    assert prepared.rows(forms, pks)


def test_no_keys_ask_nothing(django_assert_num_queries):
    viewer = anonymous()
    with django_assert_num_queries(0):
        assert prepared.rows(headwords, [], viewer) == []
