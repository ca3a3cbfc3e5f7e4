"""Killed at any moment, the work on a file ends as if nothing had happened."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytest_django.fixtures import Settings

from media_pipeline.domain import assets, blobs
from media_pipeline.models import Asset, Step
from tests.media_pipeline import files as made_files
from tests.media_pipeline.files import finished, said, states
from tests.shared_data import REPOSITORY, shared

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = {"id", "asset_id", "step_id", "started_at", "finished_at", "created_at", "attempt", "done", "total"}


def rows(asset: Asset) -> list[dict[str, Any]]:
    """Every row of an asset, without what differs from run to run."""
    found: list[dict[str, Any]] = []
    for related in (asset.steps, asset.derivatives, asset.page_texts, asset.cues):
        found += [{k: v for k, v in row.items() if k not in TIMES} for row in related.values()]
    return sorted(found, key=str)


def files(root: Path) -> dict[str, bytes]:
    """Every file of the media folder."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def scan(folder: Path) -> bytes:
    return shared("images-ocr/baiona.png").read_bytes()


def pages(folder: Path) -> bytes:
    """A PDF of two scanned pages."""
    with Image.open(shared("images-ocr/baiona.png")) as page:
        sheets = [page.convert("L"), page.convert("L").resize((300, 200))]
    sheets[0].save(folder / "pages.pdf", save_all=True, append_images=sheets[1:], resolution=300)
    return (folder / "pages.pdf").read_bytes()


def film(folder: Path) -> bytes:
    """A film of a second, with sound."""
    return made_files.film(folder, 1, "160x120")


@pytest.mark.parametrize(
    "make", [scan, pytest.param(pages, marks=pytest.mark.once), pytest.param(film, marks=pytest.mark.once)]
)
def test_killed_at_every_boundary_of_every_step_the_work_ends_as_if_undisturbed(
    make: Callable[[Path], bytes], settings: Settings, tmp_path: Path
) -> None:
    blob = blobs.store_original(io.BytesIO(make(tmp_path)))
    asset = finished(assets.ensure(blob, ["en"]))
    undisturbed, made = rows(asset), files(settings.MEDIA_ROOT)
    assert asset.state == Asset.State.DONE
    asset.delete()
    other = tmp_path / "other"
    shutil.copytree(settings.MEDIA_ROOT / "blobs", other / "blobs")
    again = assets.ensure(blob, ["en"])
    command = [sys.executable, str(Path(__file__).with_name("killed_everywhere.py"))]
    done = subprocess.run(
        [*command, str(other), str(again.pk), str(tmp_path / "seen")],
        cwd=REPOSITORY,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )
    kills = int(done.stdout.split()[-1])
    moments = (tmp_path / "seen").read_text().splitlines()
    assert kills == len(moments)
    assert {moment.split()[0] for moment in moments} == {"start", "rename", "write"}
    assert kills >= 4 * len(states(again))
    again.refresh_from_db()
    assert rows(again) == undisturbed
    assert files(other) == made


def test_a_step_that_kills_its_worker_again_and_again_is_given_up_and_the_rest_goes_on() -> None:
    asset = assets.ensure(blobs.store_original(io.BytesIO(b"\xff\xd8\xff" + bytes(9))), ())
    Step.objects.filter(asset=asset, name="fixity").update(state=Step.State.RUNNING, attempt=4)
    finished(asset)
    assert "stopped 4 times" in said(asset, "fixity")
    assert "running" not in states(asset).values()
