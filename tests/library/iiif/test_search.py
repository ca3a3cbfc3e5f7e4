"""Content Search 2: what is asked, what is answered, and who may ask."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from library.domain import parts as said
from library.interfaces.iiif.texts import PAGE
from library.models import Record, RecordFile
from media_pipeline.models import Cue, PageText
from tests.library.iiif.houses import book, parts, read

pytestmark = pytest.mark.django_db


def address(record: Record, query: str) -> str:
    return f"{reverse('iiif-search', args=parts(record))}?{query}"


def long_book() -> Record:
    """A book of three leaves with 40 lines each."""
    record = book()
    words = [["word", 10, 10, 20, 20, 0.9]]
    lines = [[f"l{number}", f"word {number}", 10, 10 * number, 100, 9, words] for number in range(40)]
    assets = list(PageText.objects.values_list("asset", flat=True))
    PageText.objects.all().delete()  # what is read anew is a new row
    PageText.objects.bulk_create(PageText(asset_id=pk, page=1, lines=lines, machine="test") for pk in assets)
    said.update(RecordFile.objects.filter(record=record))
    return record


def test_hits_come_with_the_words_around_them_and_the_box_on_the_leaf(client: Client) -> None:
    found = read(client, address(book(), "q=line&motivation=painting&user=x"))
    assert found["@context"] == "http://iiif.io/api/search/2/context.json"
    assert found["ignored"] == ["motivation", "user"] and found["partOf"]["total"] == 3
    first = found["items"][0]
    assert first["body"]["value"] == "a line" and first["target"].endswith("/canvas/1#xywh=40,10,70,20")
    (quote,) = found["annotations"][0]["items"][0]["target"]["selector"]
    assert quote == {"type": "TextQuoteSelector", "prefix": "a ", "exact": "line"}
    assert found["annotations"][0]["items"][0]["target"]["source"] == first["id"]


def test_pages_of_results_follow_each_other_without_a_gap(client: Client) -> None:
    record = long_book()
    page, texts, ids = read(client, address(record, "q=word")), [], set()
    assert page["partOf"]["total"] == 120 and len(page["items"]) == PAGE
    while True:
        texts += [each["body"]["value"] for each in page["items"]]
        ids |= {each["id"] for each in page["items"]}
        if "next" not in page:
            break
        url = urlsplit(page["next"]["id"])
        page = read(client, f"{url.path}?{url.query}")
        assert page["startIndex"] + len(page["items"]) == len(texts) + len(page["items"])
    assert len(texts) == len(ids) == 120 and len(set(texts)) == 40
    assert page["prev"]["id"].endswith("page=2") and page["id"].endswith("page=3")
    read(client, address(record, "q=word&page=4"), 404)


def test_odd_questions_are_answered_or_refused_in_words(client: Client) -> None:
    record = book()
    assert read(client, address(record, ""))["items"] == []
    assert read(client, address(record, "q=nothing-there"))["items"] == []
    for query in ("q=line&page=0", "q=line&page=x", "q=line&page=9999999", "q=&page=2"):
        read(client, address(record, query), 404)
    refused = client.get(address(record, f"q={'x' * 5000}"))
    assert refused.status_code == 400 and refused.content


def test_a_search_finds_nothing_on_what_is_closed(client: Client) -> None:
    record = book()
    RecordFile.objects.filter(record=record, order=1).update(embargo_until="2999-01-01")
    found = read(client, address(record, "q=line"))
    assert [each["target"].partition("/canvas/")[2][0] for each in found["items"]] == ["1", "3"]
    Record.objects.filter(pk=record.pk).update(embargo_until="2999-01-01")
    read(client, address(record, "q=line"), 404)


def test_cues_are_found_at_their_time_after_the_pages_before_them(client: Client) -> None:
    record = book()
    last = RecordFile.objects.filter(record=record).latest("order")
    Cue.objects.create(asset=last.asset, number=1, start=1500, end=2250, text="one line more", language="en")
    said.update(RecordFile.objects.filter(record=record))
    targets = [each["target"] for each in read(client, address(record, "q=line"))["items"]]
    assert len(targets) == 4 and targets[-1].endswith(f"/canvas/{last.uuid}#t=1.5,2.25")


def test_scripts_of_other_sites_may_ask_whether_they_may_ask(client: Client) -> None:
    record = book()
    for path in (address(record, "q=line"), reverse("iiif-manifest", args=parts(record))):
        answer = client.options(path, headers={"origin": "https://elsewhere.example"})
        assert answer.status_code == 204 and answer["Access-Control-Allow-Origin"] == "*"
        assert client.post(path).status_code == 405
