"""Files are compared with their checksums from time to time; damage is said, and mended by the same bytes."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from jobs.domain.kinds import kind_named
from jobs.domain.queue import enqueue
from jobs.domain.run import run_now
from jobs.models import Job
from media_pipeline.checks import tools
from media_pipeline.domain import blobs, fixity
from media_pipeline.models import Blob
from tests.media_pipeline.files import picture


def _compared() -> None:
    enqueue(fixity.KIND.name, {})
    job = Job.objects.filter(kind=fixity.KIND.name).latest("pk")
    run_now(job)
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def _damage() -> list[str]:
    return [str(each.msg) for each in tools(None) if each.id == "nhasan.media.W007"]


@pytest.mark.django_db(transaction=True)
def test_damage_is_noticed_said_and_mended_by_the_same_bytes() -> None:
    data = picture()
    rotten = blobs.store_original(io.BytesIO(data))
    whole = blobs.store_original(io.BytesIO(picture(size=(50, 50))))
    new = blobs.store_original(io.BytesIO(picture(size=(60, 60))))
    before = timezone.now() - timedelta(days=settings.NHASAN_FIXITY_DAYS, minutes=1)
    Blob.objects.exclude(pk=new.pk).update(created_at=before)
    blobs.path(rotten).write_bytes(data[:-1] + b"x")
    _compared()
    assert list(fixity.damaged()) == [rotten]
    assert {blob.pk: bool(blob.verified_at) for blob in Blob.objects.all()} == {
        rotten.pk: True, whole.pk: True, new.pk: False,
    }  # fmt: skip
    assert len(_damage()) == 1 and rotten.sha256[:12] in _damage()[0]
    # What is known to be damaged is looked at every time; what is sound waits for its days.
    assert list(fixity.due()) == [Blob.objects.get(pk=rotten.pk)]
    blobs.store_original(io.BytesIO(data))
    assert blobs.verify(rotten)
    _compared()
    assert not fixity.damaged().exists()
    assert _damage() == []


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_gone_is_damage_too() -> None:
    blob = blobs.store_original(io.BytesIO(picture()))
    blobs.path(blob).unlink()
    assert not fixity.compare(blob)
    assert list(fixity.damaged()) == [blob]


def test_it_is_done_by_itself() -> None:
    assert kind_named(fixity.KIND.name).every
