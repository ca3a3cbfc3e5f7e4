"""Each block shows real things of the house, to those who may see them, in a few queries, and survives what is gone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.models import Protected
from library.models import Record, RecordFile
from library.pages import blocks
from tests.library import films
from tests.library import samples as records
from tests.library.pages import samples
from tests.library.pages.conftest import Closed, House

pytestmark = pytest.mark.django_db


def every(house: House) -> list[tuple[str, Any, str]]:
    """Each block with what its page must show: (type, raw value, a piece of the page)."""
    return [
        ("heading", {"text": "A heading", "level": "3"}, "<h3>A heading</h3>"),
        ("text", "<p>Some <b>bold</b> words</p>", "<p>Some <b>bold</b> words</p>"),
        (
            "quote", {"text": "Said so", "language": "vi", "translation": "Nói vậy", "who": "Somebody"},
            'lang="vi" dir="ltr" data-script="Latn">Said so',
        ),
        ("picture", {"image": house.image.pk, "alt": "Blue", "caption": "A plate", "credit": "Me"}, 'alt="Blue"'),
        (
            "record_picture", {"file": house.file.pk, "page": 1, "alt": "A leaf", "caption": ""},
            f"/files/{house.file.uuid}/page/1.jpg",
        ),
        ("record", {"title": "Chosen", "items": [house.record.pk]}, "The record"),
        ("festival", {"title": "", "items": [house.festival.pk]}, 'href="/festivals/spring/"'),
        ("entry", {"title": "", "items": [house.entry.pk]}, "the gloss"),
        ("collection", {"title": "", "items": [house.collection.pk]}, 'href="/collections/shelf/"'),
        ("people", {"title": "", "items": [house.people.pk]}, f'href="/peoples/{house.people.slug}/"'),
        (
            "map", {"title": "Where", "places": [house.place.pk], "festivals": [house.festival.pk]},
            'data-lat="22.1" data-lng="105.2"',
        ),
        ("player", {"file": house.file.pk, "start": 65, "caption": "Listen"}, "?t=65"),
        ("download", {"file": house.file.pk, "text": "The scan"}, f"/files/{house.file.uuid}/original/page%20one.png"),
        ("coming", {"title": "Soon", "number": 2}, 'href="/festivals/spring/"'),
        ("exhibitions", {"title": "On show", "number": 2}, "On show"),
        ("news", {"title": "Told", "number": 2}, "Told"),
        ("lexicons", None, 'href="/lexicons/sample/"'),
    ]  # fmt: skip


def raw(house: House) -> list[tuple[str, Any]]:
    return [(kind, value) for kind, value, _shown in every(house)]


def main(page: str) -> str:
    """What stands in the middle of a page."""
    return re.sub(r"\s+", " ", page.partition("<main")[2].partition("</main>")[0])


def test_every_block_shows_the_real_thing_on_a_page_without_inline_scripts_or_styles(
    house: House, client: Client
) -> None:
    samples.exhibition("other")
    samples.news("piece")
    shown = every(house)
    assert {kind for kind, _value in blocks.body()} == {kind for kind, _value, _shown in shown}
    page = samples.standard("all", *raw(house))
    text = client.get(page.url).content.decode()
    for kind, _value, piece in shown:
        assert piece in main(text), kind
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)
    assert all("src=" in each or "json" in each for each in re.findall(r"<script[^>]*>", text))


def test_pictures_come_in_widths_and_later_ones_are_loaded_when_they_are_reached(
    house: House, client: Client
) -> None:
    page = samples.exhibition(
        "pictured",
        ("picture", {"image": house.image.pk, "alt": "Blue", "caption": "", "credit": "Me"}),
        picture=house.image, picture_alt="Wide", picture_credit="Somebody",
    )  # fmt: skip
    first, second = re.findall(r"<img [^>]+>", main(client.get(page.url).content.decode()))
    for img in (first, second):
        assert re.findall(r" (\d+)w", img) == ["360", "720", "1080"]
        assert 'width="720" height="360"' in img
    assert "lazy" not in first and 'loading="lazy"' in second
    address = re.search(r'src="([^"]+)"', second)[1]  # type: ignore[index]
    answer = client.get(address)
    assert answer.status_code == 200 and answer["Content-Type"] == "image/webp"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("kind", ["record", "collection", "festival", "entry", "file"])
def test_what_is_closed_is_not_there_for_the_public_and_is_for_a_member(
    kind: str, house: House, closed: Closed, client: Client
) -> None:
    thing: Protected = getattr(house, kind)
    shown = {
        "record": "The record", "collection": "/collections/shelf/", "festival": "/festivals/spring/",
        "entry": "the gloss", "file": "The scan",
    }[kind]  # fmt: skip
    page = samples.exhibition("mixed", *(each for each in raw(house) if each[0] != "coming"))
    assert shown in main(client.get(page.url).content.decode())
    type(thing)._default_manager.filter(pk=thing.pk).update(protocol=closed.protocol)
    assert shown not in main(client.get(page.url).content.decode())
    client.force_login(closed.member)
    assert shown in main(client.get(page.url).content.decode())


def test_a_recording_is_heard_on_the_page_from_its_moment_on_by_those_who_may(
    closed: Closed, client: Client, tmp_path: Path
) -> None:
    file = films.recording(tmp_path, records.READER)
    page = samples.standard("heard", ("player", {"file": file.pk, "start": 1, "caption": "Listen"}))
    shown = main(client.get(page.url).content.decode())
    (sound,) = re.findall(r"<audio.*?</audio>", shown)
    assert 'aria-label="Listen"' in sound
    addresses = re.findall(r'src="([^"#]+)#t=1"', sound)
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    assert "<img" not in shown
    RecordFile.objects.filter(pk=file.pk).update(protocol=closed.protocol)
    assert "<audio" not in client.get(page.url).content.decode()


def test_a_title_of_things_that_are_all_closed_is_left_out_with_them(
    house: House, closed: Closed, client: Client
) -> None:
    Record.objects.update(protocol=closed.protocol)
    page = samples.standard("titled", ("record", {"title": "Secret title", "items": [house.record.pk]}))
    assert "Secret title" not in client.get(page.url).content.decode()


def test_what_was_deleted_or_never_was_leaves_the_page_standing(house: House, client: Client) -> None:
    broken = [("record", {"title": "", "items": [None, "x", -1, 999_999]}), ("unheard-of", {"a": 1})]
    page = samples.standard("left", *raw(house), *broken)
    house.entry.delete()
    house.festival.delete()
    house.record.delete()
    house.place.delete()
    house.image.delete()
    answer = client.get(page.url)
    assert answer.status_code == 200
    text = main(answer.content.decode())
    assert "A heading" in text and "The record" not in text and "<img" not in text


def test_a_picture_whose_file_is_gone_leaves_the_page_standing(house: House, client: Client) -> None:
    page = samples.standard(
        "lost", ("picture", {"image": house.image.pk, "alt": "Blue", "caption": "", "credit": "Me"})
    )
    house.image.file.storage.delete(house.image.file.name)
    assert "<figure" not in main(client.get(page.url).content.decode())


def queries(client: Client, address: str) -> int:
    client.get(address)  # renditions and menus are made at the first visit
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_page_of_many_things_costs_as_many_queries_as_one_of_few(house: House, client: Client) -> None:
    few = samples.standard("few", *raw(house))
    more = [records.published(f"Record {number}").pk for number in range(5)]
    link = f'<p><a linktype="page" id="{few.pk}">there</a></p>'
    again = [("record", {"title": "", "items": more}), ("text", link + "1"), ("text", link + "2")]
    one = samples.standard("one", *raw(house), ("text", link))
    many = samples.standard("many", *raw(house), *again, *raw(house), *again)
    assert queries(client, many.url) == queries(client, one.url)
    assert queries(client, few.url) <= 45
    assert f'<a href="{few.url}">there</a>' in client.get(many.url).content.decode()
