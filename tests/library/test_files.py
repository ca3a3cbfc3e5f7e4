"""Files of records: who may have them, and the numbers of their pages."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from access.domain.viewer import anonymous
from library.domain import files
from library.domain.leaves import leaves
from library.models import Consent, RecordFile
from media_pipeline.domain import blobs
from media_pipeline.models import Step
from tests.library.samples import published
from tests.media_pipeline.files import finished, picture

pytestmark = pytest.mark.django_db


def test_a_file_is_worked_on_in_the_languages_of_its_record() -> None:
    record = published(fields={"language": [{"tag": "und-Latn"}, {"tag": "en"}]})
    made = files.attach(record, blobs.store_original(io.BytesIO(picture())), "one.png")
    assert made.asset is not None
    assert made.asset.tags() == ("und-Latn", "en")


def test_pages_are_counted_over_all_files_also_those_that_a_reader_may_not_see() -> None:
    record = published()
    for number, size in enumerate([(200, 100), (300, 100), (400, 100)]):
        made = files.attach(record, blobs.store_original(io.BytesIO(picture(size=size))), f"{number}.png")
        assert made.asset is not None
        finished(made.asset)
    RecordFile.objects.filter(order=1).update(embargo_until=timezone.localdate() + timedelta(days=1))
    assert [(leaf.number, leaf.page, leaf.width) for leaf in leaves(record, anonymous())] == [
        (1, 1, 200),
        (3, 1, 400),
    ]


@pytest.mark.parametrize(
    ("field", "days", "open_"),
    [
        ("until", 0, True),
        ("until", -1, False),
        ("until", None, True),
        ("withdrawn_on", 0, False),
        ("withdrawn_on", 1, True),
    ],
)
def test_a_file_is_closed_when_its_consent_is_over(field: str, days: int | None, open_: bool) -> None:
    record = published()
    day = None if days is None else timezone.localdate() + timedelta(days=days)
    consent = Consent.objects.create(record=record, who="A singer", **{field: day})
    made = files.attach(record, blobs.store_original(io.BytesIO(picture())), "one.png")
    RecordFile.objects.filter(pk=made.pk).update(consent=consent)
    assert files.seen(anonymous()).filter(pk=made.pk).exists() is open_
    assert files.seen(anonymous(), drafts=True).filter(pk=made.pk).exists()


def test_a_file_with_malware_is_handed_to_nobody() -> None:
    record = published()
    made = files.attach(record, blobs.store_original(io.BytesIO(picture())), "one.png")
    Step.objects.filter(asset=made.asset, name="scan").update(state=Step.State.FAILED)
    assert not files.seen(anonymous(), drafts=True).filter(pk=made.pk).exists()
