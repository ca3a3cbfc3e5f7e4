"""The gate over records, collections and files: queryset and predicate agree on every combination."""

from __future__ import annotations

import itertools

import pytest

from access.domain.gate import may_see, visible
from access.domain.viewer import viewer_for
from access.models import Protocol
from library.models import Collection, Record, RecordFile
from media_pipeline.models import Blob
from tests.access.houses import FUTURE, PAST, TODAY, build_house, build_protocols

pytestmark = pytest.mark.django_db


def test_queryset_and_predicate_agree_on_every_combination_of_record_and_collection() -> None:
    house = build_house()
    build_protocols(house.ours)
    protocols = [None, *Protocol.objects.exclude(embargo_until=PAST)]
    collections = [None, *Collection.objects.bulk_create(
        Collection(slug=f"c{n}", title="C", protocol=protocol, embargo_until=embargo)
        for n, (protocol, embargo) in enumerate(itertools.product(protocols, (None, FUTURE)))
    )]  # fmt: skip
    combinations = itertools.product(collections, protocols, (None, FUTURE), (True, False))
    Record.objects.bulk_create(
        Record(ark=f"a{n}", kind="book", collection=c, protocol=protocol, embargo_until=embargo, live=live)
        for n, (c, protocol, embargo, live) in enumerate(combinations)
    )
    records = list(Record.objects.select_related("collection").defer("content"))
    assert len(records) == 35 * 17 * 2 * 2
    for name, user in house.people.items():
        viewer = viewer_for(user, today=TODAY)
        for drafts in (False, True):
            found = (
                visible(Record.objects.all(), viewer, drafts=drafts).order_by().values_list("pk", flat=True)
            )
            assert set(found) == {one.pk for one in records if may_see(one, viewer, drafts=drafts)}, name


def test_a_file_is_never_more_open_than_its_record_and_collection() -> None:
    house = build_house()
    build_protocols(house.ours)
    some = [None, *Protocol.objects.filter(embargo_until=None)]
    collections = Collection.objects.bulk_create(
        Collection(slug=f"c{n}", title="C", protocol=protocol) for n, protocol in enumerate(some)
    )
    records = Record.objects.bulk_create(
        Record(ark=f"a{n}", kind="book", collection=c, protocol=protocol, live=live)
        for n, (c, protocol, live) in enumerate(itertools.product(collections, some, (True, False)))
    )
    blob = Blob.objects.create(sha256="0" * 64, size=0, media_type="image/png")
    RecordFile.objects.bulk_create(
        RecordFile(record=one, name="f", blob=blob, protocol=protocol)
        for one, protocol in itertools.product(records, some)
    )
    files = list(RecordFile.objects.select_related("record__collection"))
    for name, user in house.people.items():
        viewer = viewer_for(user, today=TODAY)
        found = set(visible(RecordFile.objects.all(), viewer).order_by().values_list("pk", flat=True))
        assert found == {one.pk for one in files if may_see(one, viewer)}, name
