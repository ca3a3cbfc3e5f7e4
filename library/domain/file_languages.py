"""Files are read and heard in the languages of their record: when those change, the files are worked on anew.

Until that is done readers keep what there is. What people corrected comes along: it belongs to places on the page and
moments of the sound, and these stay the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from library.domain import files
from library.models import RecordFile
from media_pipeline.domain import assets, corrections
from media_pipeline.models import Asset

_OVER = (Asset.State.DONE, Asset.State.FAILED)


def follow(records: Iterable[int]) -> None:
    """Have the files of records worked on in the languages that these records are in now."""
    found = RecordFile.objects.filter(record__in=list(records)).select_related("record", "blob", "asset")
    for file in found:
        wanted = files.languages(file.record)
        if file.asset is not None and file.asset.tags() == tuple(dict.fromkeys(wanted)):
            continue
        with transaction.atomic():
            made = assets.ensure(file.blob, wanted)
            if file.asset is None or made.state in _OVER:
                _turn_to(file, made)


def asset_changed(asset: Asset) -> None:
    """Work on a file went on: where all is done, the records that wait for these languages turn to it."""
    if asset.state not in _OVER:
        return
    waiting = (
        RecordFile.objects.filter(blob=asset.blob_id).exclude(asset=asset).select_related("record", "asset")
    )
    for file in waiting:
        if tuple(dict.fromkeys(files.languages(file.record))) == asset.tags():
            _turn_to(file, asset)


def _turn_to(file: RecordFile, asset: Asset) -> None:
    with transaction.atomic():
        before, file.asset = file.asset, asset
        file.save(update_fields=["asset"])
        if before is not None:
            corrections.carry(before, asset)
        files.changed([file.record_id])
