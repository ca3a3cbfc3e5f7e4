"""Files of records that are worked on: a scan, a film, a recording, and every address there is of each."""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path

from django.urls import reverse

from library.domain import files
from library.interfaces.public import file_urls
from library.models import Record, RecordFile
from media_pipeline.domain import blobs, storage
from media_pipeline.models import Asset, PageText
from tests.media_pipeline.files import film, finished, picture, tone

_kept = tempfile.TemporaryDirectory(prefix="nhasan-made-")
"""What was made of a file once: it is found again by its key, so that each test need not make it anew."""
OPEN = "https://creativecommons.org/licenses/by/4.0/"


def scan(record: Record, name: str = "scan.png", licence: str = OPEN, data: bytes = b"") -> RecordFile:
    """A scan of a record with all that is made of one, its text as well."""
    blob = blobs.store_original(io.BytesIO(data or picture(size=(1300, 700))))
    file = files.attach(record, blob, name, licence=licence)
    assert file.asset is not None
    _worked_on(file.asset)
    line = ["l1", "a line", 10, 10, 100, 20, [["a", 10, 10, 20, 20, 0.9], ["line", 40, 10, 70, 20, 0.9]]]
    PageText.objects.get_or_create(asset=file.asset, page=1, defaults={"lines": [line], "machine": "test"})
    return file


def moving(record: Record, folder: Path, name: str = "film.mp4", licence: str = OPEN) -> RecordFile:
    """A film of a record with all that is made of one."""
    file = files.attach(record, blobs.store_original(io.BytesIO(film(folder))), name, licence=licence)
    assert file.asset is not None
    _worked_on(file.asset)
    return file


def sounding(record: Record, folder: Path, name: str = "tone.wav", licence: str = OPEN) -> RecordFile:
    """A recording of a record with all that is made of one."""
    file = files.attach(record, blobs.store_original(io.BytesIO(tone(folder))), name, licence=licence)
    assert file.asset is not None
    _worked_on(file.asset)
    return file


def _worked_on(asset: Asset) -> None:
    shutil.copytree(_kept.name, storage.root(), dirs_exist_ok=True)
    finished(asset)
    shutil.copytree(storage.root(), _kept.name, dirs_exist_ok=True)


def addresses(file: RecordFile) -> set[str]:
    """Every address there may be of a file, by walking the table of addresses and the derivatives on disk."""
    inner = ["master.m3u8", "full/max/0/default.jpg", "info.json"]
    assert file.asset is not None
    for derivative in file.asset.derivatives.filter(role__in=["hls", "tile-set"]):
        folder = storage.root() / derivative.path
        inner += [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    values: dict[str, list[object]] = {
        "uuid": [file.uuid],
        "name": [file.name],
        "page": [1],
        "kind": ["opus", "m4a"],
        "inner": [*inner],
    }
    found: set[str] = set()
    for pattern in file_urls.urlpatterns:
        sets: list[dict[str, object]] = [{}]
        for name in pattern.pattern.converters:
            sets = [{**chosen, name: value} for chosen in sets for value in values[name]]
        found |= {reverse(str(pattern.name), kwargs=chosen) for chosen in sets}
    return found
