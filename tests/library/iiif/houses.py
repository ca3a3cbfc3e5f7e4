"""Records with manifests, and reading them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from library.domain import parts as said
from library.models import Record, RecordFile
from media_pipeline.models import Cue
from tests.library import samples
from tests.library.houses_of_files import moving, scan
from tests.media_pipeline.files import picture


def parts(record: Record) -> list[str]:
    return record.ark.removeprefix("ark:").split("/")


def manifest_address(record: Record) -> str:
    return reverse("iiif-manifest", args=parts(record))


def book(**values: Any) -> Record:
    """A book of three scans with text, in the collection `shelf`."""
    record = samples.published("A book", collection=samples.collection("shelf", **values))
    for number, size in enumerate([(1300, 700), (700, 1300), (600, 600)]):
        scan(record, f"{number}.png", data=picture(size=size))
    said.update(RecordFile.objects.filter(record=record))
    return record


def film(folder: Path) -> Record:
    """A film with chapters and a transcript."""
    record = samples.published("A film", kind="film")
    file = moving(record, folder)
    RecordFile.objects.filter(pk=file.pk).update(
        chapters=[{"start": 0, "title": "One"}, {"start": 1.5, "title": "Two"}]
    )
    Cue.objects.create(asset=file.asset, number=1, start=500, end=1500, text="a word", language="en")
    said.update(RecordFile.objects.filter(record=record))
    return record


def read(client: Client, address: str, status: int = 200) -> Any:
    answer = client.get(address)
    assert answer.status_code == status, address
    return json.loads(answer.content) if status == 200 else None
