"""Real files become what the reader and the player need; the same work is not done twice."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from pytest_django.fixtures import Settings

from jobs.models import Job
from media_pipeline.domain import assets, blobs, derivatives, storage, texts, unused
from media_pipeline.models import Asset, Blob, Derivative
from tests.media_pipeline.files import ffmpeg, film, finished, picture, said, states, step, tone, worked_on
from tests.shared_data import shared

pytestmark = pytest.mark.django_db


def path_of(asset: Asset, role: str, inner: str = "", page: int | None = None) -> Path:
    found = derivatives.path_of(derivatives.of(asset, role, page)[0], inner)
    assert found is not None
    return found


def seconds_of(path: Path) -> float:
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_a_scan_becomes_tiles_a_thumbnail_and_text_whose_words_lie_on_the_page() -> None:
    asset = worked_on(shared("images-ocr/baiona.png").read_bytes(), "en")
    assert states(asset) == {
        "probe": "done", "fixity": "done", "scan": "skipped", "thumbnail": "done", "tiles": "done", "ocr": "done",
    }  # fmt: skip
    assert asset.facts["pronom"] == "fmt/11"
    assert asset.facts["sizes"] == [[640, 682]]
    with Image.open(path_of(asset, "thumbnail")) as small:
        assert max(small.size) == 400
    info = json.loads(path_of(asset, "tile-set", "info.json").read_text())
    assert (info["width"], info["height"], info["profile"]) == (640, 682, "level0")
    with Image.open(path_of(asset, "tile-set", "0,0,512,512/512,512/0/default.jpg")) as tile:
        assert tile.size == (512, 512)
    (page,) = texts.pages(asset)
    assert (page.number, page.language, page.width, page.height) == (1, "en", 640, 682)
    assert "eng" in page.machine
    assert page.lines
    for line in page.lines:
        assert line.text.split() == [word.text for word in line.words]
        for word in line.words:
            assert 0 <= word.x <= word.x + word.w <= 640
            assert 0 <= word.y <= word.y + word.h <= 682
    assert str(storage.root()) not in path_of(asset, "alto").read_text()


def test_the_pages_of_a_pdf_are_drawn_read_and_tiled() -> None:
    asset = worked_on(shared("images-ocr/c02-22.pdf").read_bytes(), "en")
    assert asset.state == Asset.State.DONE
    assert asset.facts["pages"] == 1
    page_image = derivatives.of(asset, "page-image", 1)[0]
    with Image.open(path_of(asset, "page-image")) as drawn:
        assert drawn.size == (page_image.width, page_image.height)
    (page,) = texts.pages(asset)
    assert "tip-toeing along a path" in page.text
    assert derivatives.of(asset, "tile-set", 1)[0].width == page_image.width


def test_every_page_of_a_tiff_is_a_page(tmp_path: Path) -> None:
    pages = [Image.new("1", (300 + 100 * n, 200), n % 2) for n in range(3)]
    pages[0].save(tmp_path / "pages.tif", save_all=True, append_images=pages[1:])
    asset = worked_on((tmp_path / "pages.tif").read_bytes())
    assert asset.state == Asset.State.DONE
    assert [row.width for row in derivatives.of(asset, "tile-set")] == [300, 400, 500]
    assert "nobody said which language" in said(asset, "ocr")


def test_a_picture_that_lies_on_its_side_is_turned_everywhere() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    asset = worked_on(picture("JPEG", (600, 300), exif=exif))
    assert asset.facts["sizes"] == [[300, 600]]
    with Image.open(path_of(asset, "thumbnail")) as small:
        assert small.size == (200, 400)
    assert json.loads(path_of(asset, "tile-set", "info.json").read_text())["width"] == 300


def test_a_recording_becomes_copies_of_one_loudness_and_a_waveform() -> None:
    asset = worked_on(shared("audio-whisper/jfk.flac").read_bytes(), "en")
    assert asset.state == Asset.State.DONE
    assert -13.5 < asset.facts["loudness"] < -11.5
    for role in ("audio-opus", "audio-aac"):
        assert abs(seconds_of(path_of(asset, role)) - 11) < 0.2
    peaks = json.loads(path_of(asset, "peaks").read_text())
    assert peaks["length"] * 2 == len(peaks["data"])
    assert abs(peaks["length"] * peaks["samples_per_pixel"] / peaks["sample_rate"] - 11) < 0.1
    assert "no speech model is set up" in said(asset, "speech")


def test_a_film_becomes_a_ladder_of_streams_a_poster_and_sound(tmp_path: Path) -> None:
    asset = worked_on(film(tmp_path, 9, "400x300"))
    assert asset.state == Asset.State.DONE
    assert asset.kind == Asset.Kind.VIDEO
    master = path_of(asset, "hls", "master.m3u8")
    text = master.read_text()
    assert "RESOLUTION=400x300" in text
    assert text.count("#EXT-X-STREAM-INF") == 2
    assert "TYPE=AUDIO" in text
    assert abs(seconds_of(master) - 9) < 0.3
    for playlist in ("0", "1", "2"):
        assert path_of(asset, "hls", f"{playlist}/index.m3u8").read_text().count(".m4s") == 3
    with Image.open(path_of(asset, "poster")) as poster:
        assert poster.size == (400, 300)
    assert derivatives.of(asset, "audio-opus").exists()


def test_a_film_without_sound_has_none_and_sound_in_a_container_for_films_is_a_recording(
    tmp_path: Path,
) -> None:
    pictures = ["-f", "lavfi", "-i", "testsrc2=duration=1:size=160x120:rate=5", "-preset", "ultrafast"]
    silent = worked_on(ffmpeg(tmp_path / "silent.mp4", *pictures))
    assert silent.state == Asset.State.DONE
    assert said(silent, "peaks") == "The film has no sound."
    heard = worked_on(ffmpeg(tmp_path / "sound.mp4", "-f", "lavfi", "-i", "sine=duration=1", "-vn"))
    assert (heard.kind, heard.state) == (Asset.Kind.AUDIO, Asset.State.DONE)
    assert "film" not in states(heard)


def test_the_same_bytes_in_another_language_share_what_does_not_depend_on_it(tmp_path: Path) -> None:
    one = worked_on(picture(), "en")
    two = worked_on(picture(), "fr")
    assert one != two
    assert step(one, "tiles").key == step(two, "tiles").key
    assert step(one, "ocr").key != step(two, "ocr").key
    assert "not installed" in said(two, "ocr")
    assert "tesseract-ocr-fra" in said(two, "ocr")


def test_what_is_whole_is_not_made_again_and_what_was_damaged_is() -> None:
    asset = worked_on(picture())
    tile = path_of(asset, "tile-set", "info.json")
    small = path_of(asset, "thumbnail")
    untouched = small.stat().st_ino
    tile.write_text("{}")
    assets.start(asset)
    finished(asset)
    assert json.loads(tile.read_text())["width"] == 700
    assert small.stat().st_ino == untouched


def test_the_upper_app_hears_of_every_change_in_the_transaction_that_makes_it() -> None:
    from media_pipeline.domain import changes

    heard: list[tuple[int, bool]] = []

    def listen(asset: Asset) -> None:
        heard.append((asset.pk, Derivative.objects.filter(asset=asset).exists()))

    changes.register(listen)
    try:
        asset = worked_on(picture())
    finally:
        changes.unregister(listen)
    # Two steps gave something, and the work came to an end.
    assert heard == [(asset.pk, True)] * 3


def test_missing_tools_are_said_and_keep_nothing_else_from_being_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan, recording = picture(), tone(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    asset = worked_on(scan, "en")
    assert asset.state == Asset.State.DONE
    assert states(asset)["tiles"] == "done"
    assert said(asset, "ocr") == "tesseract is not installed here. Install it with: apt install tesseract-ocr"
    heard = worked_on(recording)
    assert "apt install ffmpeg" in said(heard, "probe")
    assert "needs the step" in said(heard, "audio")


def test_a_file_that_nothing_refers_to_goes_with_all_that_was_made_of_it(settings: Settings) -> None:
    kept, gone = worked_on(picture(), "en"), worked_on(picture(size=(90, 90)))
    Blob.objects.filter(pk=gone.blob_id).update(created_at=timezone.now() - timedelta(days=30))
    folders = {Path(row.path).parts[1] for row in Derivative.objects.filter(asset=gone)}
    from django.db import connection

    list(unused.remove_unused())
    for function in [each[1] for each in connection.run_on_commit]:
        function()
    assert list(Asset.objects.all()) == [kept]
    left = {folder.name for folder in storage.root().glob("*/*")}
    assert left.isdisjoint(folders)
    assert {Path(row.path).parts[1] for row in Derivative.objects.filter(asset=kept)} <= left


def test_nothing_outside_its_folder_is_given_out_as_part_of_a_derivative() -> None:
    asset = worked_on(picture())
    tiles = derivatives.of(asset, "tile-set")[0]
    for inner in ("../../manifest.json", "/etc/passwd", "", "0,0,512,512", "a\0b", "../00001/info.json"):
        assert derivatives.path_of(tiles, inner) is None
    (storage.root() / tiles.path / "link").symlink_to("/etc/passwd")
    assert derivatives.path_of(tiles, "link") is None


def test_how_far_the_work_is_can_be_asked_at_any_time() -> None:
    import io

    asset = assets.ensure(blobs.store_original(io.BytesIO(picture())), ["en"])
    before = assets.status(asset)
    assert (before.done, before.running, before.failed) == (0, True, ())
    assert assets.ensure(asset.blob, ["en"]) == asset
    assert Job.objects.filter(kind="media.asset").count() == 1
    after = assets.status(finished(asset))
    assert (after.done, after.running) == (after.total, False)
