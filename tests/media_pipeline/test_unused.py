"""Files that nothing refers to go after a while; what is in use or new stays."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from dictionary.domain import files
from dictionary.models import LexiconFile
from jobs.domain.kinds import kind_named
from media_pipeline.domain import blobs
from media_pipeline.domain.unused import KIND, remove_unused
from media_pipeline.models import Blob
from tests.dictionary import samples


@pytest.mark.django_db(transaction=True)
def test_old_files_that_nothing_refers_to_are_removed_and_no_others() -> None:
    lexicon = samples.lexicon()
    kept, companion, new, old = (
        blobs.store(io.BytesIO(bytes([65 + number]) * 10), data_type="application/xml") for number in range(4)
    )
    files.attach(samples.published(lexicon), "a", kept)
    LexiconFile.objects.create(lexicon=lexicon, name="a", blob=companion)
    before = timezone.now() - timedelta(days=settings.NHASAN_FILES_KEEP_DAYS, minutes=1)
    Blob.objects.exclude(pk=new.pk).update(created_at=before)
    assert list(remove_unused()) == [10]
    assert set(Blob.objects.all()) == {kept, companion, new}
    assert not blobs.path(old).exists()
    assert all(blobs.verify(blob) for blob in (kept, companion, new))
    # What is uploaded again is new again, although its row is old.
    Blob.objects.filter(pk=new.pk).update(created_at=before)
    assert blobs.store(io.BytesIO(b"C" * 10), data_type="application/xml") == new
    assert list(remove_unused()) == []
    again = blobs.store(io.BytesIO(b"D" * 10), data_type="application/xml")
    assert blobs.verify(again)


def test_it_is_done_by_itself() -> None:
    assert kind_named(KIND.name).every
