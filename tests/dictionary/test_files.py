import io
import wave
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from access.domain import roles
from access.models import Community, Membership, Protocol
from dictionary.domain import files, publish
from dictionary.models import Entry, EntryFile
from media_pipeline.domain import blobs
from tests.dictionary import samples

pytestmark = pytest.mark.django_db


def recording(length=2000):
    stream = io.BytesIO()
    with wave.open(stream, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(range(250)) * (length // 250))
    return stream.getvalue()


@pytest.fixture
def entry():
    return samples.published(samples.lexicon())


@pytest.fixture
def file(entry):
    return files.attach(entry, "audio/said.wav", blobs.store(io.BytesIO(recording())))


def address(file):
    return reverse("entry-file-named", args=[file.uuid, file.name])


def body(response):
    return b"".join(response.streaming_content)


def test_a_public_recording_is_played_with_safe_headers_and_kept_by_caches(client, file):
    response = client.get(address(file))
    assert response.status_code == 200
    assert body(response) == recording()
    assert response["Content-Type"] == "audio/wav"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline")
    assert "sandbox" in response["Content-Security-Policy"]
    assert "immutable" in response["Cache-Control"]
    assert file.blob.sha256 not in str(response.headers)


def test_the_short_address_serves_the_same(client, file):
    assert body(client.get(reverse("entry-file", args=[file.uuid]))) == recording()


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-99", 206, 0, 99),
        ("bytes=100-", 206, 100, None),
        ("bytes=-50", 206, -50, None),
        ("bytes=10-999999999", 206, 10, None),
        ("bytes=5-2", 200, 0, None),
        ("bytes=a-b", 200, 0, None),
        ("bytes=0-1,5-6", 200, 0, None),
        ("furlongs=1-2", 200, 0, None),
    ],
)
def test_a_range_is_answered_as_http_asks(client, file, asked, status, start, end):
    data = recording()
    expected = data[start:] if end is None else data[start : end + 1]
    response = client.get(address(file), headers={"Range": asked})
    assert response.status_code == status
    assert body(response) == expected
    assert response["Content-Length"] == str(len(expected))
    if status == 206:
        assert response["Content-Range"].endswith(f"/{len(data)}")


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
def test_a_range_outside_of_the_file_is_416(client, file, asked):
    response = client.get(address(file), headers={"Range": asked})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(recording())}"


def test_head_says_the_length_without_the_bytes(client, file):
    response = client.head(address(file))
    assert response["Content-Length"] == str(len(recording())) and not response.content


def close_entry(file, protocol):
    Entry.objects.filter(pk=file.entry_id).update(protocol=protocol)


def close_lexicon(file, protocol):
    file.entry.lexicon.protocol = protocol
    file.entry.lexicon.save()


def close_file(file, protocol):
    EntryFile.objects.filter(pk=file.pk).update(protocol=protocol)


@pytest.mark.parametrize("close", [close_entry, close_lexicon, close_file])
def test_whatever_is_closed_above_a_file_closes_it_and_members_still_hear_it(client, file, close):
    community = Community.objects.create(slug="ours", name="ours")
    protocol = Protocol.objects.create(
        slug="ours", name="ours", community=community, level=Protocol.Level.COMMUNITY
    )
    close(file, protocol)
    assert client.get(address(file)).status_code == 404
    member = samples.person("member")
    Membership.objects.create(user=member, community=community)
    client.force_login(member)
    response = client.get(address(file))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_an_embargo_closes_a_file(client, file):
    EntryFile.objects.filter(pk=file.pk).update(embargo_until=timezone.localdate() + timedelta(days=1))
    assert client.get(address(file)).status_code == 404


def test_the_file_of_an_unpublished_entry_is_for_who_edits_alone(client, file):
    publish.unpublish(file.entry)
    assert client.get(address(file)).status_code == 404
    client.force_login(samples.person("linguist", roles.LINGUIST))
    assert client.get(address(file)).status_code == 200


def test_a_wrong_name_or_unknown_reference_or_lost_bytes_are_not_found(client, file):
    assert client.get(reverse("entry-file-named", args=[file.uuid, "other.wav"])).status_code == 404
    assert client.get(reverse("entry-file", args=[file.entry.uuid])).status_code == 404
    blobs.path(file.blob).unlink()
    assert client.get(address(file)).status_code == 404


def test_other_bytes_under_the_same_name_get_another_address(entry, file):
    again = files.attach(entry, file.href, blobs.store(io.BytesIO(recording())))
    assert again.uuid == file.uuid
    other = files.attach(entry, file.href, blobs.store(io.BytesIO(recording(4000))))
    assert other.uuid != file.uuid
    assert EntryFile.objects.filter(entry=entry).count() == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\dir\\a b.wav", "", "…", "a" * 500, "x\x00y.html"])
def test_an_uploaded_name_becomes_a_safe_one_with_the_right_ending(name, file):
    href = files.href_for(file.blob, name)
    assert href.endswith(f"-{file.blob.sha256[:8]}.wav")
    assert "/" not in href and "\\" not in href and "\x00" not in href and len(href) < 100
