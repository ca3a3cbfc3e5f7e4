import io
import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from django.utils.translation import override
from PIL import Image

from media_pipeline.domain import blobs
from media_pipeline.models import Blob

pytestmark = pytest.mark.django_db


def picture(kind="PNG", size=(8, 8)):
    stream = io.BytesIO()
    Image.new("RGB", size, "navy").save(stream, kind)
    return stream.getvalue()


def recording(seconds=0.1):
    stream = io.BytesIO()
    with wave.open(stream, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * int(8000 * seconds))
    return stream.getvalue()


def stored(data):
    return blobs.store(io.BytesIO(data))


def kept(settings):
    folder = settings.MEDIA_ROOT / "blobs"
    return [each for each in folder.rglob("*") if each.is_file()] if folder.exists() else []


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (picture("PNG"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (picture("GIF"), "image/gif"),
        (picture("WEBP"), "image/webp"),
        (recording(), "audio/wav"),
        (b"OggS" + bytes(60), "audio/ogg"),
        (b"fLaC" + bytes(60), "audio/flac"),
        (b"ID3" + bytes(60), "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + bytes(60), "audio/mpeg"),
        (b"\0\0\0\x20ftypM4A " + bytes(60), "audio/mp4"),
        (b"\x1a\x45\xdf\xa3" + bytes(10) + b"\x42\x82\x84webm" + bytes(60), "audio/webm"),
    ],
)
def test_a_common_recording_or_picture_is_kept_as_what_its_bytes_are(data, media_type):
    blob = stored(data)
    assert (blob.media_type, blob.size) == (media_type, len(data))
    assert blobs.path(blob).read_bytes() == data
    assert blobs.verify(blob)


def test_the_same_bytes_are_kept_once(settings):
    assert stored(recording()) == stored(recording())
    assert Blob.objects.count() == 1
    assert len(kept(settings)) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"MZ\x90",
        b"\xff\xff\xff\xff",
        b"RIFF\0\0\0\0AVI ",
        picture()[:40],
        picture("JPEG")[:-20],
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"GIF89a<script>",
    ],
    ids=range(12),
)
def test_anything_else_is_refused_and_leaves_nothing(data, settings):
    with pytest.raises(blobs.FileRefusedError):
        stored(data)
    assert kept(settings) == []
    assert not Blob.objects.exists()


def test_a_picture_of_too_many_pixels_is_refused_by_its_header(settings):
    settings.NHASAN_PICTURE_MAX_PIXELS = 99
    with pytest.raises(blobs.FileRefusedError, match="100"):
        stored(picture(size=(100, 1)))
    assert kept(settings) == []


def test_a_file_larger_than_the_limit_is_refused_before_it_is_read_whole(settings):
    settings.NHASAN_FILE_MAX_BYTES = 100_000

    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(blobs.FileRefusedError):
        blobs.store(stream)
    assert stream.given < 300_000
    assert kept(settings) == []


def test_a_data_file_is_kept_without_being_asked_what_it_is():
    assert (
        blobs.store(io.BytesIO(b"<lift-ranges/>"), data_type="application/xml").media_type
        == "application/xml"
    )


def test_bytes_that_changed_or_went_are_noticed():
    blob = stored(recording())
    blobs.path(blob).chmod(0o644)
    blobs.path(blob).write_bytes(b"other")
    assert not blobs.verify(blob)
    blobs.path(blob).unlink()
    assert not blobs.verify(blob)


KILLED = """
import os, sys, django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[1]
from media_pipeline.domain import blobs
class Slow:
    sent = 0
    def read(self, size):
        self.sent += 1
        if self.sent > 3:
            os.kill(os.getpid(), 9)
        return b"fLaC" + bytes(size - 4)
blobs.store(Slow())
"""


def test_a_process_killed_in_the_middle_leaves_no_file_under_a_final_name(settings):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(settings.MEDIA_ROOT)], env=environment, check=False
    )
    assert done.returncode == -9
    assert [each.name for each in kept(settings) if not each.name.startswith("incoming-")] == []


class FullDisk(io.BytesIO):
    """An upload whose bytes lie on a disk that is full when they are asked for; the error is the system's own."""

    def read(self, size: int | None = -1) -> bytes:
        with Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"x")
        return super().read(size)


def test_where_the_disk_is_full_a_file_is_refused_in_plain_words_and_nothing_is_kept(settings):
    with override("en"), pytest.raises(blobs.FileRefusedError, match="no room left on the disk"):
        blobs.store_original(FullDisk(picture()))
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert not Blob.objects.exists()
