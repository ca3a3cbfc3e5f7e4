"""What librarians do with the files of a record. All of it holds at once, and search hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from library.domain import files, ordering
from library.models import Record, RecordFile
from media_pipeline.domain import blobs
from media_pipeline.domain.blobs import FileRefusedError


def upload(record: Record, stream: IO[bytes], name: str) -> RecordFile:
    """Keep the bytes and put them, as a file of the record, to work.

    Raises FileRefusedError (in the viewer's language) for what is no scan, recording or film, for what the record has
    already, and when there is no room; nothing is changed then.
    """
    try:
        blob = blobs.store_original(stream)
    except OSError as error:
        raise FileRefusedError(
            _("The file could not be kept: %(reason)s. Make room on the disk, then add it again.")
            % {"reason": error.strerror or error}
        ) from error
    with transaction.atomic():
        Record.objects.select_for_update(of=("self",)).get(pk=record.pk)
        present = RecordFile.objects.filter(record=record, blob=blob).first()
        if present is not None:
            raise FileRefusedError(
                _("The record has this file already, as “%(name)s”.") % {"name": present.name}
            )
        return files.attach(record, blob, name)


def put_in_order(record: Record, wanted: Sequence[int]) -> None:
    """Give the files of a record this order, by primary key.

    Somebody else may have added files, or taken some away, meanwhile: those that are not named come after the others in
    the order they had; what is no file of the record is passed over.
    """
    with transaction.atomic():
        Record.objects.select_for_update(of=("self",)).get(pk=record.pk)
        if ordering.put_in_order(RecordFile.objects.filter(record=record), wanted):
            files.changed([record.pk])


def move(file: RecordFile, by: int) -> None:
    """Move a file up (-1) or down (1) by one among those of its record."""
    with transaction.atomic():
        Record.objects.select_for_update(of=("self",)).get(pk=file.record_id)
        pks = ordering.moved(RecordFile.objects.filter(record=file.record_id), file.pk, by)
        put_in_order(file.record, pks)


def remove(file: RecordFile) -> None:
    """Take a file away from its record. Its bytes go after some days, when nothing refers to them."""
    with transaction.atomic():
        record = file.record_id
        file.delete()
        files.changed([record])
