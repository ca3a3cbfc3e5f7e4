"""Manifests of a scanned book, a recording and a film: every address in them answers with what they say it is."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from access.models import User
from library.domain import files
from library.models import Record, RecordFile
from media_pipeline.domain import blobs
from media_pipeline.models import Asset, PageText
from tests.library import samples
from tests.library.houses_of_files import OPEN, scan, sounding
from tests.library.iiif.houses import book, film, manifest_address, parts, read
from tests.media_pipeline.files import picture

pytestmark = pytest.mark.django_db

PRESENTATION = 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'


def resources(data: Any) -> Iterator[dict[str, Any]]:
    """Everything in it that has an address, the inside of it first."""
    if isinstance(data, list):
        for each in data:
            yield from resources(each)
    elif isinstance(data, dict):
        for value in data.values():
            yield from resources(value)
        if str(data.get("id", "")).startswith("http"):
            yield data


def check(client: Client, found: dict[str, Any]) -> None:
    """Ask an address as a viewer on another site does, and compare the answer with what was said of it."""
    address = urlsplit(found["id"])
    answer = client.get(f"{address.path}?{address.query}" if address.query else address.path, follow=True)
    assert answer.status_code == 200, found["id"]
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert body, found["id"]
    if "format" in found:
        assert answer["Content-Type"].replace(" ", "").startswith(found["format"].replace(" ", "")), found[
            "id"
        ]
    if found["type"] == "Image" and "width" in found:
        with Image.open(io.BytesIO(body)) as image:
            assert image.size == (found["width"], found["height"])
    if found["type"] == "ImageService3":
        check_tiles(client, found, json.loads(body))
    if found["type"] in ("Manifest", "Canvas", "Collection", "AnnotationPage") and not address.fragment:
        assert answer["Content-Type"] == PRESENTATION
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert json.loads(body)["id"] == found["id"]


def check_tiles(client: Client, said: dict[str, Any], information: dict[str, Any]) -> None:
    """The image says of itself what the manifest says; its first tile and all whole images are there."""
    for name in ("id", "type", "profile", "width", "height", "sizes", "tiles"):
        assert said[name] == information[name]
    for size in said["sizes"]:
        address = f"{urlsplit(said['id']).path}/full/{size['width']},{size['height']}/0/default.jpg"
        answer = client.get(address)
        assert answer.status_code == 200, address
        with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as image:
            assert image.size == (size["width"], size["height"])


def follow(client: Client, record: Record) -> set[str]:
    """Check every address of a manifest, and of the pages of text that it leads to. Gives all that were asked."""
    manifest = read(client, manifest_address(record))
    found = {each["id"]: each for each in resources(manifest)}
    for each in list(found.values()):
        if each["type"] == "AnnotationPage" and "#" not in each["id"]:
            found |= {one["id"]: one for one in resources(read(client, urlsplit(each["id"]).path))}
    for each in found.values():
        check(client, each)
    return set(found)


def test_every_address_of_a_book_answers_with_what_the_manifest_says_it_is(client: Client) -> None:
    record = book()
    asked = follow(client, record)
    manifest = read(client, manifest_address(record))
    assert [canvas["label"]["en"] for canvas in manifest["items"]] == [["Page 1"], ["Page 2"], ["Page 3"]]
    assert [canvas["width"] for canvas in manifest["items"]] == [1300, 700, 600]
    assert manifest["behavior"] == ["paged"] and manifest["viewingDirection"] == "left-to-right"
    assert manifest["rights"] == OPEN.replace("https", "http")
    kinds = {
        "/text/",
        "/canvas/",
        "/original/",
        "/thumbnail/",
        "/iiif/image/",
        "cite.jsonld",
        "collection/shelf",
    }
    assert all(any(kind in address for address in asked) for kind in kinds)


def test_every_address_of_a_film_answers_with_what_the_manifest_says_it_is(
    client: Client, tmp_path: Path
) -> None:
    record = film(tmp_path)
    asked = follow(client, record)
    (canvas,) = read(client, manifest_address(record))["items"]
    bodies = canvas["items"][0]["items"][0]["body"]["items"]
    assert [body["type"] for body in bodies] == ["Video", "Sound", "Sound"]
    assert bodies[0]["format"] == "application/vnd.apple.mpegurl" and canvas["duration"] == pytest.approx(
        3, abs=0.2
    )
    assert {"poster.jpg", "subtitles.vtt", "poster"} <= {address.rpartition("/")[2] for address in asked}


def test_the_chapters_of_a_film_are_ranges_one_after_the_other(client: Client, tmp_path: Path) -> None:
    manifest = read(client, manifest_address(film(tmp_path)))
    (range_,) = manifest["structures"]
    assert [each["label"]["none"] for each in range_["items"]] == [["One"], ["Two"]]
    times = [each["items"][0]["id"].partition("#t=")[2] for each in range_["items"]]
    assert times[0] == "0,1.5" and times[1].startswith("1.5,")


def test_every_address_of_a_recording_answers_and_a_picture_stands_beside_it(
    client: Client, tmp_path: Path
) -> None:
    record = samples.published("A song", kind="recording")
    sounding(record, tmp_path)
    scan(record)
    follow(client, record)
    page, sound = read(client, manifest_address(record))["items"]
    assert sound["accompanyingCanvas"]["items"][0]["items"][0]["body"] == page["items"][0]["items"][0]["body"]
    assert "width" not in sound and sound["duration"] > 1


def addresses(record: Record, client: Client) -> set[str]:
    return {urlsplit(each["id"]).path for each in resources(read(client, manifest_address(record)))}


def test_an_embargoed_twin_with_the_same_bytes_is_nowhere(client: Client) -> None:
    open_one = book()
    twin = samples.published("A twin", collection=open_one.collection)
    for file in RecordFile.objects.filter(record=open_one):
        files.attach(twin, file.blob, file.name, licence=OPEN)
    mine = addresses(twin, client)
    ours = {address for address in mine if "cite." in address or str(parts(twin)[1]) in address}
    ours |= {address for address in mine if address.startswith(("/files/", "/iiif/image/"))}
    ours |= {reverse("iiif-search", args=parts(twin))}
    Record.objects.filter(pk=twin.pk).update(embargo_until=timezone.localdate() + timedelta(days=1))
    assert len(ours) > 15
    for address in ours:
        assert client.get(address, follow=True).status_code == 404, address
    for address in (reverse("iiif-collections"), reverse("iiif-collection", args=["shelf"])):
        assert parts(twin)[1] not in client.get(address).content.decode()
    follow(client, open_one)


def test_an_embargoed_page_is_left_out_and_the_others_keep_their_numbers(client: Client) -> None:
    record = book()
    before = addresses(record, client)
    RecordFile.objects.filter(record=record, order=1).update(
        embargo_until=timezone.localdate() + timedelta(days=1)
    )
    manifest = read(client, manifest_address(record))
    assert [canvas["label"]["en"] for canvas in manifest["items"]] == [["Page 1"], ["Page 3"]]
    # Double pages would no longer face each other.
    assert manifest["behavior"] == ["individuals"]
    gone = before - addresses(record, client)
    assert gone
    for address in gone:
        assert client.get(address, follow=True).status_code == 404, address


def test_who_is_logged_in_gets_what_is_kept_nowhere_and_fetched_from_nowhere_else() -> None:
    record = book()
    Record.objects.filter(pk=record.pk).update(embargo_until=timezone.localdate() + timedelta(days=1))
    client = Client()
    client.force_login(User.objects.create(username="head", is_superuser=True))
    answer = client.get(manifest_address(record))
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in answer and "ETag" not in answer


def test_who_has_a_manifest_already_is_told_so(client: Client) -> None:
    address = manifest_address(book())
    answer = client.get(address)
    again = client.get(address, headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304 and again["Access-Control-Allow-Origin"] == "*"


def test_a_record_without_anything_to_show_has_no_manifest_and_its_page_offers_none(client: Client) -> None:
    record = samples.published("Bare", collection=samples.collection("shelf"))
    read(client, manifest_address(record), 404)
    page = client.get(reverse("record", args=parts(record))).content.decode()
    assert "manifest.json" not in page and "cite.ris" in page
    assert read(client, reverse("iiif-collection", args=["shelf"]))["items"] == []
    read(client, reverse("iiif-collection", args=["missing"]), 404)


def test_a_file_that_is_still_in_work_is_not_shown_yet(client: Client) -> None:
    record = samples.published()
    files.attach(record, blobs.store_original(io.BytesIO(picture())), "one.png")
    read(client, manifest_address(record), 404)


def test_manifests_cost_as_many_queries_for_many_pages_as_for_few(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    record = book()
    read(client, manifest_address(record))
    with django_assert_max_num_queries(30) as before:
        read(client, manifest_address(record))
    for number in range(2):
        scan(record, f"more-{number}.png", data=picture(size=(610 + number, 610)))
    with django_assert_max_num_queries(len(before)):
        assert len(read(client, manifest_address(record))["items"]) == 5


def test_the_text_of_a_leaf_stands_at_its_place(client: Client) -> None:
    record = book()
    page = read(client, reverse("iiif-text", args=[*parts(record), 2]))
    (line,) = page["items"]
    assert line["body"] == {"type": "TextualBody", "value": "a line", "format": "text/plain"}
    assert line["target"].endswith("/canvas/2#xywh=10,10,100,20")
    read(client, reverse("iiif-text", args=[*parts(record), 4]), 404)


def test_text_that_was_read_on_a_picture_of_another_size_is_put_in_its_place(client: Client) -> None:
    record = samples.published()
    file = scan(record)
    PageText.objects.filter(asset=file.asset).update(width=650, height=350)
    page = read(client, reverse("iiif-text", args=[*parts(record), 1]))
    assert page["items"][0]["target"].endswith("#xywh=20,20,200,40")
    assert Asset.objects.get(pk=file.asset_id).kind == "image"
