"""Files that are broken, too large or harmful: a clear message on the step, nothing lost, the queue goes on."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path
from threading import Event

import pytest
from PIL import Image
from pytest_django.fixtures import Settings

from jobs.domain.worker import work
from jobs.models import Job
from media_pipeline.domain import assets, blobs, storage
from media_pipeline.models import Asset, Blob, Derivative
from tests.media_pipeline.files import film, picture, said, states, step, tone, worked_on
from tests.shared_data import shared

pytestmark = [pytest.mark.django_db, pytest.mark.once]

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def pdf_of(pages: int) -> bytes:
    """A PDF whose pages are all the same empty one."""
    kids = " ".join(["3 0 R"] * pages)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>".encode(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out + b"trailer << /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)


def bomb(side: int) -> bytes:
    """A PNG of one bit a pixel, all of it black: some kilobytes that unfold to hundreds of megabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row, packer = bytes(1 + (side + 7) // 8), zlib.compressobj(1)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def tiff() -> bytes:
    stream = io.BytesIO()
    Image.effect_noise((300, 300), 80).save(stream, "TIFF")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "at"),
    [
        (picture("JPEG")[:-900], "tiles"),
        (picture("JPEG")[:300], "probe"),
        (b"\xff\xd8\xff" + bytes(500), "probe"),
        (picture("PNG")[:-300], "tiles"),
        (b"II*\0" + bytes(100), "probe"),
        (b"II*\0" + b"\xff" * 100, "probe"),
        (pdf_of(3)[:60], "probe"),
        (b"%PDF-1.7\n" + b"nothing" * 50, "probe"),
        (b"\0\0\0\x20ftypisom" + bytes(200), "probe"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt " + bytes(50), "probe"),
        (b"OggS" + bytes(200), "probe"),
    ],
    ids=[
        "jpeg",
        "jpeg head",
        "jpeg zeros",
        "png",
        "tiff zeros",
        "tiff ff",
        "pdf",
        "pdf text",
        "mp4",
        "wav",
        "ogg",
    ],
)
def test_broken_files_say_so_where_it_is_noticed_and_are_kept(data: bytes, at: str) -> None:
    asset = worked_on(data)
    assert asset.state == Asset.State.FAILED
    assert step(asset, at).state == "failed"
    assert said(asset, at).startswith("The file is broken or incomplete")
    assert step(asset, at).detail
    assert blobs.verify(asset.blob)
    assert not list((storage.root() / storage.WORK).glob("*"))
    assert "Steps that failed" in Job.objects.get().error


def test_a_tiff_that_was_cut_off_is_noticed() -> None:
    data = tiff()
    cut = worked_on(data[: len(data) // 2])
    assert cut.state == Asset.State.FAILED
    assert not Derivative.objects.filter(asset=cut, role="tile-set").exists()


def test_a_film_that_was_cut_off_is_noticed_although_its_header_is_whole(tmp_path: Path) -> None:
    whole = film(tmp_path, 12, "320x240", "-movflags", "+faststart", "-g", "10")
    asset = worked_on(whole[: len(whole) // 2])
    assert asset.state == Asset.State.FAILED
    assert step(asset, "film").state == "failed"
    assert said(asset, "film").startswith(("The file is incomplete: only", "The file is broken"))


def test_a_picture_that_unfolds_to_billions_of_pixels_is_refused_by_its_header() -> None:
    asset = worked_on(bomb(60_000))
    assert said(asset, "probe").startswith("Page 1 has 60000 × 60000 pixels; at most 400000000")
    assert set(states(asset).values()) == {"failed", "done", "skipped"}
    assert not Derivative.objects.exists()


def test_a_pdf_of_twenty_thousand_pages_is_refused_before_one_is_drawn() -> None:
    asset = worked_on(pdf_of(20_000))
    assert said(asset, "probe").startswith("The file has 20000 pages; at most 5000 are taken")


def test_a_recording_that_lasts_too_long_is_refused(tmp_path: Path, settings: Settings) -> None:
    settings.NHASAN_MEDIA_MAX_SECONDS = 1
    asset = worked_on(tone(tmp_path))
    assert "lasts 2 seconds; at most 1" in said(asset, "probe")


def test_malware_is_found_and_nothing_is_made_of_it(tmp_path: Path, settings: Settings) -> None:
    signature = f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Test.Eicar\n"
    (tmp_path / "own.hdb").write_text(signature)
    settings.NHASAN_SCAN_SIGNATURES = str(tmp_path / "own.hdb")
    asset = worked_on(EICAR, data_type="text/plain")
    assert said(asset, "scan").startswith("The file carries malware (Test.Eicar")
    assert assets.harmful(asset.blob)
    clean = worked_on(picture())
    assert states(clean)["scan"] == "done"
    assert not assets.harmful(clean.blob)


def test_bytes_that_changed_on_the_disk_are_not_worked_on() -> None:
    blob = blobs.store_original(io.BytesIO(picture()))
    blobs.path(blob).write_bytes(picture(size=(20, 20)))
    asset = assets.ensure(blob)
    work(["media"], Event(), until_idle=True)
    assert "not those that were stored" in said(asset, "fixity")
    assert states(asset)["tiles"] == "skipped"


def test_where_files_may_not_grow_the_step_says_so_and_the_next_file_is_done(settings: Settings) -> None:
    settings.NHASAN_TOOL_FILE_BYTES = 2_000
    asset = worked_on(shared("images-ocr/baiona.png").read_bytes())
    assert states(asset)["thumbnail"] == "failed"
    assert "grew beyond" in said(asset, "thumbnail")
    settings.NHASAN_TOOL_FILE_BYTES = 1_000_000_000
    assert worked_on(picture()).state == Asset.State.DONE
    assets.start(asset)
    work(["media"], Event(), until_idle=True)
    asset.refresh_from_db()
    assert asset.state == Asset.State.DONE


def test_a_tool_gets_no_more_memory_than_it_may_have(settings: Settings) -> None:
    settings.NHASAN_TOOL_MEMORY = 60_000_000
    asset = worked_on(picture())
    assert asset.state == Asset.State.FAILED


@pytest.mark.parametrize("data", [b"", b"<html>", b"PK\x03\x04", b"#EXTM3U\nhttp://example.com/x.ts"])
def test_what_is_no_scan_recording_or_film_is_refused_at_the_door(data: bytes) -> None:
    with pytest.raises(blobs.FileRefusedError):
        blobs.store_original(io.BytesIO(data))
    assert not Blob.objects.exists()
