"""What the addresses of files give to whom: never more than the gate, the consent and the licence allow."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from access.domain import roles
from access.models import Community, Membership, Protocol
from dictionary.models import EntryFile
from library.domain import publish
from library.models import Consent, Record, RecordFile
from media_pipeline.domain import blobs
from media_pipeline.models import Cue, Step
from tests.dictionary import samples as entries
from tests.library.houses_of_files import addresses, moving, scan
from tests.library.samples import person, published
from tests.media_pipeline.files import picture

pytestmark = pytest.mark.django_db

# `image_base` only leads on to info.json, for whom it is open.
LEADS_ON = 303


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def opened(client: Client, file: RecordFile) -> dict[str, Any]:
    """What each address answers that is not 404."""
    answers = {address: client.get(address) for address in addresses(file)}
    return {
        address: answer for address, answer in answers.items() if answer.status_code not in {404, LEADS_ON}
    }


def at(name: str, file: RecordFile, *rest: object) -> str:
    return reverse(name, args=[file.uuid, *rest])


def test_a_scan_is_served_at_every_address_it_has(client: Client) -> None:
    file = scan(published())
    answers = opened(client, file)
    expected = {
        at("record-file-original", file, "scan.png"),
        at("record-file-thumbnail", file, 1),
        at("record-file-page", file, 1),
        at("record-file-text", file, 1),
        at("iiif-info", file, 1),
        at("iiif-image", file, 1, "full/max/0/default.jpg"),
        at("iiif-image", file, 1, "0,0,512,512/512,512/0/default.jpg"),
    }
    assert expected <= set(answers)
    for address, answer in answers.items():
        assert answer.status_code == 200, address
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "public" in answer["Cache-Control"]
        assert file.blob.sha256 not in str(answer.headers)
    assert (
        body(client.get(at("record-file-original", file, "scan.png"))) == blobs.path(file.blob).read_bytes()
    )
    assert client.get(at("record-file-text", file, 1)).content == b"a line\n"


def test_a_film_is_served_and_its_playlists_lead_on_by_themselves(client: Client, tmp_path: Path) -> None:
    file = moving(published(kind="film"), tmp_path)
    assert file.asset is not None
    Cue.objects.create(asset=file.asset, number=1, start=0, end=900, text="<said>")
    kinds = {
        at("record-file-poster", file): "image/jpeg",
        at("record-file-audio", file, "opus"): "audio/ogg; codecs=opus",
        at("record-file-audio", file, "m4a"): "audio/mp4",
        at("record-file-peaks", file): "application/json",
        at("record-file-subtitles", file): "text/vtt; charset=utf-8",
    }
    for address, kind in kinds.items():
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, kind), address
    assert "&lt;said&gt;" in client.get(at("record-file-subtitles", file)).content.decode()
    seen, waiting = set(), [at("record-file-hls", file, "master.m3u8")]
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        assert answer.status_code == 200, address
        seen.add(address.rpartition(".")[2])
        if address.endswith(".m3u8"):
            assert answer["Content-Type"] == "application/vnd.apple.mpegurl"
            for line in body(answer).decode().splitlines():
                named = line.partition('URI="')[2].partition('"')[0] or (line if line[:1] != "#" else "")
                if named:
                    waiting.append(f"{address.rpartition('/')[0]}/{named}")
    assert seen == {"m3u8", "m4s", "mp4"}


def embargo(file: RecordFile) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    RecordFile.objects.filter(pk=file.pk).update(embargo_until=tomorrow)


def embargo_on_record(file: RecordFile) -> None:
    Record.objects.filter(pk=file.record_id).update(embargo_until=timezone.localdate() + timedelta(days=1))


def protocol(file: RecordFile) -> None:
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    Record.objects.filter(pk=file.record_id).update(protocol=closed)


def draft(file: RecordFile) -> None:
    publish.unpublish(file.record)


def consent_withdrawn(file: RecordFile) -> None:
    day = timezone.localdate()
    consent = Consent.objects.create(record=file.record, who="A singer", withdrawn_on=day)
    RecordFile.objects.filter(pk=file.pk).update(consent=consent)


def consent_over(file: RecordFile) -> None:
    day = timezone.localdate() - timedelta(days=1)
    consent = Consent.objects.create(record=file.record, who="A singer", until=day)
    RecordFile.objects.filter(pk=file.pk).update(consent=consent)


@pytest.mark.parametrize(
    "close", [embargo, embargo_on_record, protocol, draft, consent_withdrawn, consent_over]
)
def test_what_is_closed_is_reached_by_no_address_although_the_same_bytes_stand_open_elsewhere(
    client: Client, close: Any
) -> None:
    closed, open_ = scan(published("closed")), scan(published("open"))
    assert (closed.blob_id, closed.asset_id) == (open_.blob_id, open_.asset_id)
    before = len(opened(client, closed))
    close(closed)
    assert opened(client, closed) == {}
    assert client.get(at("iiif-base", closed, 1)).status_code == 404
    assert len(opened(client, open_)) == before > 5
    client.force_login(person("nobody"))
    assert opened(client, closed) == {}


def test_malware_is_handed_to_nobody_editors_included(client: Client) -> None:
    file = scan(published())
    Step.objects.filter(asset=file.asset, name="scan").update(state=Step.State.FAILED)
    assert opened(client, file) == {}
    client.force_login(person("librarian", roles.LIBRARIAN))
    assert opened(client, file) == {}


def test_editors_see_drafts_and_what_lacks_consent_but_no_cache_keeps_it(client: Client) -> None:
    file = scan(published())
    everything = len(opened(client, file))
    draft(file)
    consent_withdrawn(file)
    client.force_login(person("librarian", roles.LIBRARIAN))
    answers = opened(client, file)
    assert len(answers) == everything
    assert {answer["Cache-Control"] for answer in answers.values()} == {"private, no-store"}
    assert not any("Access-Control-Allow-Origin" in answer for answer in answers.values())


def test_members_of_a_community_get_what_is_theirs_and_no_cache_or_other_site_does(client: Client) -> None:
    community = Community.objects.create(slug="ours", name="Ours")
    ours = Protocol.objects.create(slug="ours", name="Ours", community=community, level="community")
    file = scan(published(protocol=ours))
    assert opened(client, file) == {}
    member = person("member")
    Membership.objects.create(user=member, community=community)
    client.force_login(member)
    answers = opened(client, file)
    assert len(answers) > 5
    assert {answer["Cache-Control"] for answer in answers.values()} == {"private, no-store"}
    assert not any("Access-Control-Allow-Origin" in answer for answer in answers.values())


def test_who_is_logged_in_gets_public_files_as_public_ones(client: Client) -> None:
    file = scan(published())
    client.force_login(person("somebody"))
    answer = client.get(at("record-file-thumbnail", file, 1))
    assert answer["Cache-Control"].startswith("public") and answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "licence",
    ["", "http://rightsstatements.org/vocab/InC/1.0/", "as agreed with the family"],
)
def test_an_original_that_the_licence_keeps_is_refused_in_plain_words_and_still_read(
    client: Client, licence: str
) -> None:
    file = scan(published(), licence=licence)
    answer = client.get(at("record-file-original", file, "scan.png"))
    assert answer.status_code == 403
    assert "text/html" in answer["Content-Type"] and file.record.ark in answer.content.decode()
    assert client.get(at("record-file-page", file, 1)).status_code == 200
    assert client.get(at("iiif-image", file, 1, "0,0,512,512/512,512/0/default.jpg")).status_code == 200
    embargo(file)
    assert client.get(at("record-file-original", file, "scan.png")).status_code == 404
    RecordFile.objects.update(embargo_until=None)
    client.force_login(person("librarian", roles.LIBRARIAN))
    answer = client.get(at("record-file-original", file, "scan.png"))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")


def test_a_file_without_a_licence_stands_under_that_of_its_record(client: Client) -> None:
    file = scan(published(fields={"license": [{"value": "CC BY-SA 4.0"}]}), licence="")
    answer = client.get(at("record-file-original", file, "scan.png"))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="scan.png"'
    RecordFile.objects.update(licence="http://rightsstatements.org/vocab/InC/1.0/")
    assert client.get(at("record-file-original", file, "scan.png")).status_code == 403


@pytest.mark.parametrize(
    "inner",
    [
        "../../../../blobs/default.jpg",
        "..%2f..%2fdefault.jpg",
        "/etc/passwd",
        "0,0,512,512/../0,0,512,512/512,512/0/default.jpg",
        "%00/default.jpg",
        "full/311,439/0/default.png",
        "info.json/default.jpg",
        "",
    ],
)
def test_no_address_climbs_out_of_the_tiles(client: Client, inner: str) -> None:
    file = scan(published())
    for name in ("iiif-image", "record-file-hls"):
        start = at(name, file, *([1] if name == "iiif-image" else []), "x").removesuffix("x")
        assert client.get(start + inner).status_code in {303, 404}, inner


def test_a_page_that_is_not_there_is_not_found(client: Client) -> None:
    file = scan(published())
    for page in (0, 2, 10**30):
        for name in ("record-file-thumbnail", "record-file-page", "record-file-text", "iiif-info"):
            assert client.get(at(name, file, page)).status_code == 404, (name, page)


def test_the_tiles_say_their_real_address_and_what_is_there(client: Client) -> None:
    file = scan(published())
    answer = client.get(
        at("iiif-info", file, 1), headers={"host": "testserver", "origin": "https://other.example"}
    )
    info = answer.json()
    assert info["id"] == f"http://testserver{at('iiif-base', file, 1)}"
    assert (info["profile"], info["width"], info["height"]) == ("level0", 1300, 700)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.get(info["id"])["Location"] == at("iiif-info", file, 1)
    assert (info["maxWidth"], info["maxHeight"]) == (1300, 700)
    sizes = [f"{size['width']},{size['height']}" for size in info["sizes"]]
    for size in (*sizes, "max"):
        answer = client.get(f"{info['id']}/full/{size}/0/default.jpg")
        with Image.open(io.BytesIO(body(answer))) as picture_:
            assert size in {"max", f"{picture_.width},{picture_.height}"}
    (tiles,) = info["tiles"]
    for factor in tiles["scaleFactors"]:
        side = tiles["width"] * factor
        if side < 1300 and side < 700:
            tile = f"0,0,{side},{side}/{tiles['width']},{tiles['width']}/0/default.jpg"
            assert client.get(f"{info['id']}/{tile}").status_code == 200


def test_a_file_of_an_entry_may_be_called_as_one_of_a_record(client: Client) -> None:
    entry = entries.published(entries.lexicon())
    blob = blobs.store(io.BytesIO(picture()))
    for name in ("poster.jpg", "peaks.json", "audio.opus", "audio.wav", "subtitles.vtt"):
        file = EntryFile.objects.create(entry=entry, href=name, blob=blob)
        assert client.get(f"/files/{file.uuid}/{file.name}").status_code == 200, name


def test_a_tile_costs_three_queries_and_eight_for_who_is_logged_in(client: Client) -> None:
    file = scan(published())
    tile = at("iiif-image", file, 1, "0,0,512,512/512,512/0/default.jpg")
    client.get(tile)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(tile)
    assert len(asked) == 3, [query["sql"][:200] for query in asked]
    assert not any('"content"' in query["sql"] for query in asked)
    client.force_login(person("somebody"))
    with CaptureQueriesContext(connection) as asked:
        client.get(tile)
    assert len(asked) == 8, [query["sql"][:200] for query in asked]
