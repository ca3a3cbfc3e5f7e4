"""The page reader and the files on the page of a record: what is closed stays closed, whatever the address says."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from access.domain.viewer import anonymous
from languages import registry
from library.domain import publish, reading
from library.interfaces.public.reading import reading_address
from library.interfaces.public.records import record_address
from library.models import Record, RecordFile
from media_pipeline.models import Asset, Blob, Derivative, PageText, Step
from tests.library.samples import draft, published

pytestmark = pytest.mark.django_db

OPEN = "https://creativecommons.org/licenses/by/4.0/"
COPYRIGHT = "http://rightsstatements.org/vocab/InC/1.0/"


def scans(record: Record, pages: int = 1, text: str = "", tag: str = "", **values: Any) -> RecordFile:
    """A file with pages as if it had been worked on: rows alone, without pictures on the disk."""
    order = RecordFile.objects.count()
    blob = Blob.objects.create(sha256=f"{order:064}", size=1000, media_type="application/pdf")
    asset = Asset.objects.create(
        blob=blob, kind=Asset.Kind.PDF, state=Asset.State.DONE, facts={"pages": pages}, languages=tag
    )
    step = Step.objects.create(asset=asset, name="tiles", state=Step.State.DONE)
    Derivative.objects.bulk_create(
        Derivative(
            asset=asset, step=step, role=role, page=page, path="", media_type="", size=1, sha256="",
            width=1000, height=1400,
        )
        for page in range(1, pages + 1) for role in ("tile-set", "thumbnail", "reading-image")
    )  # fmt: skip
    if text:
        words, x = [], 100
        for word in text.split():
            words.append([word, x, 200, 90, 40, 0.9])
            x += 100
        line = ["l1", text, 100, 200, x - 110, 40, words]
        PageText.objects.create(
            asset=asset, page=1, language=tag, width=1000, height=1400, lines=[line], machine="m"
        )
    return RecordFile.objects.create(
        record=record, blob=blob, asset=asset, order=order, name=f"{order}.pdf", **{"licence": OPEN, **values}
    )


def shown(client: Client, record: Record, **asked: str) -> html.HtmlElement:
    answer = client.get(reading_address(record.ark), asked)
    assert answer.status_code == 200
    return html.fromstring(answer.content)


def data(page: html.HtmlElement) -> dict[str, Any]:
    return dict(json.loads(page.get_element_by_id("reader-data").text or ""))


def links(page: html.HtmlElement) -> list[str]:
    return [str(each) for each in page.xpath("//main//@href | //main//@src")]


def test_a_page_shows_its_picture_its_text_and_the_way_to_the_others(client: Client) -> None:
    record = published()
    file = scans(record, pages=3, text="one two")
    page = shown(client, record)
    assert page.xpath("//div[@class='reader-sheet']/img/@src") == [
        reverse("record-file-page", args=[file.uuid, 1])
    ]
    assert [a.text for a in page.xpath("//p[@class='reader-line']//a")] == ["one", "two"]
    assert page.xpath("//a[@rel='next']/@href") == ["?page=2"]
    assert not page.xpath("//a[@rel='prev']")
    assert reverse("iiif-manifest", args=record.ark.removeprefix("ark:").split("/")) in links(page)
    assert data(page)["info"] == reverse("iiif-info", args=[file.uuid, 1])
    second = shown(client, record, page="2")
    assert second.xpath("//a[@rel='prev']/@href") == ["?page=1"]
    assert not second.xpath("//section[@id='reader-text']")
    assert "page=2" in second.xpath("//p[@class='reader-citation']")[0].text_content()


def test_text_stands_in_the_language_direction_and_script_of_its_page(client: Client) -> None:
    """Of every script that a profile declares, and of a language that none does."""
    by_script = {each.script: each for each in registry().orthographies}
    for writing in by_script.values():
        record = published()
        word = next(iter(writing.exemplars.main), "a")
        scans(record, text=word, tag=writing.tag)
        (lines,) = shown(client, record).xpath("//div[@class='reader-lines']")
        assert (lines.get("lang"), lines.get("dir"), lines.get("data-script")) == (
            writing.tag, writing.direction, writing.script,
        )  # fmt: skip
    record = published()
    scans(record, text="word", tag="und")
    assert shown(client, record).xpath("//div[@class='reader-lines']/@lang") == ["und"]


def test_a_closed_page_keeps_its_number_and_gives_nothing_away(client: Client) -> None:
    record = published()
    scans(record, pages=2)
    closed = scans(record, text="secret", embargo_until=timezone.localdate() + timedelta(days=1))
    last = scans(record)
    for number in "1234":
        content = shown(client, record, page=number, q="secret", xywh="1,1,5,5")
        assert str(closed.uuid) not in html.tostring(content).decode()
        assert not content.xpath("//mark")
    page = shown(client, record, page="3")
    assert "3" in page.xpath("//p[@class='reader-closed']")[0].text_content()
    assert page.xpath("//a[@rel='next']/@href") == ["?page=4"]
    assert data(page)["info"] == ""
    assert str(last.uuid) in html.tostring(shown(client, record, page="4")).decode()
    assert data(page)["total"] == 4


def test_the_last_file_counts_although_it_is_closed(client: Client) -> None:
    record = published()
    scans(record, pages=2)
    scans(record, pages=5, embargo_until=timezone.localdate() + timedelta(days=1))
    assert data(shown(client, record))["total"] == 7


def test_a_reader_begins_at_the_first_page_that_is_open(client: Client) -> None:
    record = published()
    scans(record, pages=2, embargo_until=timezone.localdate() + timedelta(days=1))
    scans(record)
    assert data(shown(client, record))["number"] == 3


def test_records_that_are_not_there_or_not_public_or_without_pages_are_not_found(client: Client) -> None:
    hidden = draft()
    scans(hidden)
    assert client.get(reading_address(hidden.ark)).status_code == 404
    assert client.get(reading_address(published().ark)).status_code == 404
    assert client.get("/records/ark:99999/nothing/read/").status_code == 404


def test_an_ark_written_otherwise_leads_to_the_right_address_with_the_same_page(client: Client) -> None:
    record = published()
    scans(record, pages=2)
    naan, name = record.ark.removeprefix("ark:").split("/")
    answer = client.get(reverse("record-read", args=[naan, f"{name[:3]}-{name[3:]}"]), {"page": "2"})
    assert answer.status_code == 301
    assert answer["Location"] == f"{reading_address(record.ark)}?page=2"


@pytest.mark.parametrize(
    "page", ["0", "-1", "abc", "9999999", "99999999999999999999", "1e3", "²", "", "1\x00"]
)
def test_a_page_that_there_is_not_shows_one_that_there_is(client: Client, page: str) -> None:
    record = published()
    scans(record, pages=3)
    assert data(shown(client, record, page=page))["number"] in {1, 3}


@pytest.mark.parametrize(
    "asked",
    [
        {"xywh": "1,2,3"},
        {"xywh": "9999,0,10,10"},
        {"xywh": "0,0,0,0"},
        {"xywh": "a,b,c,d"},
        {"xywh": "-5,0,9,9"},
        {"rotation": "45"},
        {"rotation": "x"},
        {"q": "(((("},
        {"q": "a" * 5000},
        {"q": "\x00 \ud7ff"},
        {"q": "*"},
        {"q": " "},
    ],
)
def test_nonsense_in_the_address_is_no_fault_of_the_site(client: Client, asked: dict[str, str]) -> None:
    record = published()
    scans(record, text="word")
    page = shown(client, record, **asked)
    assert data(page)["region"] is None
    assert not page.xpath("//input[@name='rotation']")


@given(st.text(max_size=30), st.integers(1, 5000), st.integers(1, 5000))
def test_a_region_lies_within_its_page_or_is_none(text: str, width: int, height: int) -> None:
    box = reading.region(text, width, height)
    assert box is None or (box[0] + box[2] <= width and box[1] + box[3] <= height)


@given(*[st.integers(0, 9999)] * 6)
def test_a_region_of_a_page_is_taken_as_it_is_or_cut(
    x: int, y: int, w: int, h: int, width: int, height: int
) -> None:
    box = reading.region(f"{x},{y},{w},{h}", width, height)
    if box is None:
        assert x >= width or y >= height or w == 0 or h == 0
    else:
        assert box == (x, y, min(w, width - x), min(h, height - y))


def test_what_is_found_is_listed_with_its_page_and_drawn_on_it(client: Client) -> None:
    record = published()
    scans(record)
    scans(record, text="alpha beta", tag="en")
    publish.reindex([record.pk])
    elsewhere = shown(client, record, q="beta")
    (hit,) = elsewhere.xpath("//section[@class='reader-hits']//a")
    assert hit.get("href") == "?page=2&q=beta"
    assert [mark.text for mark in hit.findall(".//mark")] == ["beta"]
    assert [mark.getparent().get("lang") for mark in hit.findall(".//mark")] == ["en"]
    assert data(elsewhere)["hits"] == []
    there = shown(client, record, q="beta", page="2")
    assert data(there)["hits"] == [[200, 200, 90, 40]]
    (rectangle,) = there.xpath("//svg/rect")
    assert (rectangle.get("x"), rectangle.get("width")) == ("200", "90")


def test_the_original_is_offered_where_its_licence_allows(client: Client) -> None:
    for licence, offered in ((OPEN, True), (COPYRIGHT, False), ("", False)):
        record = published()
        file = scans(record, licence=licence)
        address = reverse("record-file-original", args=[file.uuid, file.name])
        assert (address in links(shown(client, record))) is offered
        about = html.fromstring(client.get(record_address(record.ark)).content)
        assert (address in links(about)) is offered


def test_a_file_in_work_says_how_far_it_is(client: Client) -> None:
    record = published()
    scans(record)
    working = scans(record)
    assert working.asset is not None
    Asset.objects.filter(pk=working.asset.pk).update(state=Asset.State.RUNNING)
    Step.objects.create(asset=working.asset, name="ocr", state=Step.State.RUNNING)
    assert reading.reading(record, anonymous()).in_work == (reading.InWork(working, 1, 2),)
    (notice,) = shown(client, record).xpath("//div[@data-part='work']")
    assert working.name in notice.text_content()


def test_the_page_of_a_record_leads_to_its_pages_and_only_counts_what_is_closed(client: Client) -> None:
    record = published()
    files = [scans(record, pages=9), scans(record)]
    closed = scans(record, embargo_until=timezone.localdate() + timedelta(days=1))
    content = client.get(record_address(record.ark)).content
    page = html.fromstring(content)
    assert len(page.xpath("//ul[@class='record-strip']//img")) == 6
    assert reading_address(record.ark) in links(page)
    assert [each.text_content() for each in page.xpath("//*[@class='record-file-name']")] == [
        each.name for each in files
    ]
    assert str(closed.uuid) not in content.decode()
    assert closed.name not in content.decode()
    assert "1" in page.xpath("//details[contains(@class, 'record-files')]//p")[-1].text_content()


@pytest.mark.parametrize("address", [reading_address, record_address])
def test_many_pages_and_files_cost_no_more_queries_than_few(client: Client, address: Any) -> None:
    few, many, split = published(), published(), published()
    scans(few, pages=2)
    scans(many, pages=500)
    for _ in range(40):
        scans(split)
    costs = []
    for record in (few, many, split):
        client.get(address(record.ark))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(record.ark)).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2], costs


def test_a_book_of_500_pages_shows_a_strip_of_them(client: Client) -> None:
    record = published()
    scans(record, pages=500)
    page = shown(client, record, page="120")
    numbers = [int(each) for each in page.xpath("//nav[@data-part='strip']//a/@data-page")]
    assert numbers == list(range(101, 151))
    assert all(each == "lazy" for each in page.xpath("//nav[@data-part='strip']//img/@loading"))
    beyond = page.xpath("//li[@class='reader-beyond']/a/@href")
    assert beyond == ["?page=100", "?page=151"]


def test_scripts_load_on_this_page_alone(client: Client) -> None:
    record = published()
    scans(record)
    assert any("reader/reader" in each for each in shown(client, record).xpath("//script/@src"))
    about = html.fromstring(client.get(record_address(record.ark)).content)
    assert not [each for each in about.xpath("//script/@src") if "reader/" in each or "vendor/" in each]
