"""What manifests and collections say, and in which languages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from access.domain.viewer import anonymous
from access.models import Protocol
from library.interfaces.iiif.addresses import Site
from library.interfaces.iiif.manifests import collection_of
from library.models import Agent, Record
from tests.library import samples
from tests.library.houses_of_files import scan
from tests.library.iiif.houses import manifest_address, parts, read

pytestmark = pytest.mark.django_db


def test_values_stand_under_their_own_tags_and_none_hides_another(client: Client) -> None:
    agent = Agent.objects.create(name_vi="Một Người", name_en="Somebody")
    record = samples.published(
        "Nhan đề",
        fields={
            "alternative": [samples.value("Title", "en")],
            "creator": [{"agent": agent.pk, "role": "aut"}],
            "subject": [samples.value("Lụa"), {"value": "12.5"}, samples.value("Sông")],
            "rights": [samples.value("Của làng")],
        },
    )
    scan(record)
    manifest = read(client, manifest_address(record))
    assert manifest["label"] == {"vi": ["Nhan đề"], "en": ["Title"]}
    said = [(each["label"]["en"][0], each["value"]) for each in manifest["metadata"] if "en" in each["label"]]
    assert ("Creator", {"vi": ["Một Người (tác giả)"], "en": ["Somebody (author)"]}) in said
    # A viewer that found its language would not show the value that is in none.
    assert [value for label, value in said if label == "Subject"] == [
        {"vi": ["Lụa", "Sông"]},
        {"none": ["12.5"]},
    ]
    assert manifest["requiredStatement"]["value"]["vi"] == ["Của làng. Nhà Sàn"]
    assert manifest["requiredStatement"]["label"]["vi"] != manifest["requiredStatement"]["label"]["en"]


def test_files_under_different_licences_name_no_rights_for_all(client: Client) -> None:
    record = samples.published()
    scan(record)
    scan(record, "two.png", licence="CC0 1.0")
    assert "rights" not in read(client, manifest_address(record))


def test_an_original_that_nobody_may_keep_is_not_offered(client: Client) -> None:
    record = samples.published()
    scan(record, licence="InC")
    (canvas,) = read(client, manifest_address(record))["items"]
    assert all("/original/" not in each["id"] for each in canvas["rendering"])
    assert read(client, manifest_address(record))["rights"] == "http://rightsstatements.org/vocab/InC/1.0/"


def test_a_large_collection_is_split_into_parts_that_hold_everything_once() -> None:
    shelf = samples.collection("shelf")
    records = [samples.published(f"{number}", collection=shelf) for number in range(5)]
    for record in records:
        scan(record)
    site, viewer = Site("https://e.org"), anonymous()
    top = collection_of(shelf, viewer, site, size=2)
    assert top is not None
    assert [(each["type"], each["id"][-7:]) for each in top["items"]] == [
        ("Collection", f"?part={number}") for number in (1, 2, 3)
    ]
    found = []
    for number in (1, 2, 3):
        part = collection_of(shelf, viewer, site, part=number, size=2)
        assert part is not None and part["id"].endswith(f"?part={number}")
        found += [each["id"] for each in part["items"]]
    assert found == [site.url("iiif-manifest", *parts(record)) for record in records]
    assert collection_of(shelf, viewer, site, part=4, size=2) is None


def test_collections_name_only_what_the_viewer_may_see_and_what_has_files(client: Client) -> None:
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    seen, hidden = samples.collection("seen"), samples.collection("hidden", protocol=closed)
    for shelf in (seen, hidden, None):
        scan(samples.published("With a scan", collection=shelf))
    samples.published("Bare", collection=seen)
    top = read(client, reverse("iiif-collections"))
    assert [each["type"] for each in top["items"]] == ["Collection", "Manifest"]
    assert top["items"][0]["id"].endswith("/iiif/collection/seen.json")
    (only,) = read(client, reverse("iiif-collection", args=["seen"]))["items"]
    assert only["label"] == {"vi": ["With a scan"]}
    read(client, reverse("iiif-collection", args=["hidden"]), 404)


def test_every_format_of_a_record_answers_and_a_closed_one_has_none(client: Client) -> None:
    record = samples.published("Sách", fields={"creator": [samples.value("Một Người")]})
    scan(record)
    page = client.get(reverse("record", args=parts(record))).content.decode()
    for form, start in (
        ("json", '[\n {\n  "id": "ark:'),
        ("bib", "@book{"),
        ("ris", "TY  - BOOK"),
        ("jsonld", "{"),
    ):
        address = reverse("record-cite", args=[*parts(record), form])
        answer = client.get(address)
        assert address in page and answer.content.decode().startswith(start)
        assert "Một Người" in answer.content.decode() and answer["Access-Control-Allow-Origin"] == "*"
    assert manifest_address(record) in page
    assert client.get(reverse("record-cite", args=[*parts(record), "odd"])).status_code == 404
    Record.objects.filter(pk=record.pk).update(embargo_until="2999-01-01")
    for form in ("json", "bib", "ris", "jsonld"):
        assert client.get(reverse("record-cite", args=[*parts(record), form])).status_code == 404
