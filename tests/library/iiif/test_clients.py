"""Clients of IIIF that are not ours read what we write: one as a viewer does, one that holds it to the schema."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from library.models import Record, RecordFile
from tests.library import samples
from tests.library.houses_of_files import moving, scan
from tests.library.iiif.houses import book, film, manifest_address, parts, read
from tests.media_pipeline.files import picture

REPOSITORY = Path(__file__).resolve().parents[3]
INSTALLED = REPOSITORY / ".venv" / "iiif"
SCRIPT = REPOSITORY / "tests" / "tools" / "iiif" / "read.mjs"
CHECK = """
import json, sys
from iiif_prezi3 import AnnotationPage, Collection, Manifest
kinds = {"Manifest": Manifest, "Collection": Collection, "AnnotationPage": AnnotationPage}
for line in sys.stdin:
    data = json.loads(line)
    kinds[data["type"]](**data)
    print(data["id"])
"""


@pytest.fixture(scope="module")
def clients() -> Path:
    """Where the clients are installed."""
    if not (INSTALLED / "installed").exists():
        if os.environ.get("CI"):
            pytest.fail("The clients of IIIF are not installed.")
        pytest.skip("The clients of IIIF are not installed (bin/setup --tests).")
    return INSTALLED


def understood(clients: Path, folder: Path, *arguments: str) -> Any:
    """What @iiif/helpers makes of a manifest."""
    (folder / "node_modules").symlink_to(clients / "node_modules")
    script = folder / "read.mjs"
    script.write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    done = subprocess.run(
        ["node", str(script), *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def address(live_server: LiveServer, record: Record) -> str:
    return f"{live_server.url}{manifest_address(record)}"


def test_a_viewer_opens_a_book_reads_its_pages_and_finds_words_on_them(
    clients: Path, live_server: LiveServer, tmp_path: Path
) -> None:
    record = book()
    found = understood(clients, tmp_path, address(live_server, record), "line")
    assert found["label"] == "A book" and found["behavior"] == ["paged"]
    assert [(each["label"], each["width"], each["height"]) for each in found["canvases"]] == [
        ("Page 1", 1300, 700),
        ("Page 2", 700, 1300),
        ("Page 3", 600, 600),
    ]
    assert {tuple(each["types"]) for each in found["canvases"]} == {("image",)}
    assert all(each["thumbnail"] for each in found["canvases"])
    assert {each["text"] for each in found["canvases"]} == {"a line"}
    # A book lies open: the cover alone, then two and two.
    assert found["sequence"] == [[0], [1, 2]]
    assert found["search"]["hits"] == ["line"] * 3 and not found["search"]["error"]
    assert [target.partition("#")[2] for target in found["search"]["targets"]] == ["xywh=40,10,70,20"] * 3


def test_a_viewer_plays_a_film_with_its_chapters_and_what_is_said(
    clients: Path, live_server: LiveServer, tmp_path: Path
) -> None:
    found = understood(clients, tmp_path, address(live_server, film(tmp_path)), "word")
    (canvas,) = found["canvases"]
    assert canvas["duration"] == pytest.approx(3, abs=0.2) and canvas["text"] == "a word"
    assert canvas["formats"][0] == "application/vnd.apple.mpegurl"
    assert found["chapters"][-2:] == ["One", "Two"]
    assert found["search"]["hits"] == ["word"]
    assert found["search"]["targets"][0].endswith("#t=0.5,1.5")


@pytest.mark.once
@pytest.mark.django_db
def test_manifests_collections_and_pages_of_text_keep_to_the_schema(
    clients: Path, client: Client, tmp_path: Path
) -> None:
    fields = {
        "description": [samples.value("Một câu chuyện"), samples.value("A story", "en")],
        "subject": [samples.value("Một chủ đề"), {"value": "no language"}],
        "people": [{"people": "06"}],
        "date": [{"edtf": "1998~"}],
        "license": [{"value": "CC0 1.0"}],
    }
    mixed = samples.published("Nhan đề", kind="film", fields=fields)
    moving(mixed, tmp_path)
    scan(mixed)
    scan(mixed, "two.png", data=picture(size=(300, 300)))
    RecordFile.objects.filter(record=mixed).update(licence="", chapters=[{"start": 0, "title": "One"}])
    shelved = book()
    given = [read(client, manifest_address(record)) for record in (mixed, shelved)]
    given.append(read(client, reverse("iiif-text", args=[*parts(shelved), 1])))
    given += [
        read(client, reverse("iiif-collections")),
        read(client, reverse("iiif-collection", args=["shelf"])),
    ]
    done = subprocess.run(
        [sys.executable, "-c", CHECK],
        input="\n".join(json.dumps(each) for each in given),
        env={**os.environ, "PYTHONPATH": str(clients / "python")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [each["id"] for each in given]
    summary = given[0]["summary"]
    assert summary == {"vi": ["Một câu chuyện"], "en": ["A story"]}
    assert given[0]["rights"] == "http://creativecommons.org/publicdomain/zero/1.0/"
