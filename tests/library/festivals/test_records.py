"""Festivals with records, peoples and places: pages show what belongs together, to each visitor what they may see."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from lxml import html
from PIL import Image

from access.domain import roles
from access.domain.viewer import anonymous
from access.models import Protocol
from library.demo import making, of_festivals
from library.festivals.domain import demo, gathering, publish
from library.festivals.models import Festival, FestivalRecord, Picture
from library.models import RecordFile
from library.vocabularies import People, Place
from tests.library import samples as records
from tests.library.festivals import samples
from tests.library.houses_of_files import moving, scan

pytestmark = pytest.mark.django_db
EDIT = "wagtailsnippets_festivals_festival:edit"


def tie(festival, *found):
    """Put records under a festival, and publish it so."""
    for order, record in enumerate(found):
        festival.record_links.add(FestivalRecord(record=record, sort_order=order))
    publish.publish(festival)


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return html.fromstring(response.content)


def of(festival):
    return reverse("festival", args=[festival.slug])


def png(shade):
    out = BytesIO()
    Image.new("RGB", (9, 9), (shade, 0, 0)).save(out, "PNG")
    return SimpleUploadedFile(f"picture {shade}.png", out.getvalue(), "image/png")


def test_the_page_shows_pictures_film_and_records_and_the_record_its_festivals(client, tmp_path):
    festival = samples.festival()
    own = samples.picture(festival, "Own")
    photograph, film = (
        records.published("Photograph", kind="photograph"),
        records.published("Film", kind="film"),
    )
    shot, moved = scan(photograph), moving(film, tmp_path)
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    hidden = records.published("Hidden", kind="photograph", protocol=closed)
    tie(festival, photograph, hidden, film)
    shown = page(client, of(festival))
    pictures = [link.get("href") for link in shown.xpath("//a[@data-picture]")]
    assert pictures == [
        reverse("festival-picture", args=[own.uuid]),
        reverse("record-file-page", args=[shot.uuid, 1]),
    ]
    assert all(client.get(address).status_code == 200 for address in pictures)
    naan, name = film.ark.removeprefix("ark:").split("/")
    assert shown.xpath("//figure//a/@href[contains(., '/play/')]")[0] == reverse(
        "record-play", args=[naan, name, moved.uuid]
    )
    assert shown.xpath("//ul[@class='festival-records']//b/text()") == ["Photograph", "Film"]
    assert "Hidden" not in shown.text_content()
    assert shown.xpath("//*[@data-gallery]//a[@data-picture]/img") and shown.xpath(
        "//script[contains(@src, 'gallery')]"
    )
    address = reverse("record", args=photograph.ark.removeprefix("ark:").split("/"))
    assert of(festival) in page(client, address).xpath("//dd/a/@href")
    RecordFile.objects.filter(pk=shot.pk).update(embargo_until=timezone.localdate() + timedelta(days=2))
    assert len(page(client, of(festival)).xpath("//a[@data-picture]")) == 1


def test_many_records_cost_no_more_queries_than_one(django_assert_num_queries):
    festival = samples.festival()
    one = records.published("0", kind="photograph")
    scan(one)
    tie(festival, one)

    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as found:
            gathering.gathered(Festival.objects.get(pk=festival.pk), anonymous(), "vi")
        return len(found)

    before = queries()
    more = [records.published(str(n), kind="photograph") for n in range(1, 6)]
    for record in more:
        scan(record)
    for order, record in enumerate(more, 1):
        FestivalRecord.objects.create(festival=festival, record=record, sort_order=order)
    assert queries() == before <= 12


def test_records_are_part_of_the_draft_and_a_deleted_record_leaves_it(client):
    festival = samples.festival()
    record, other = records.published("One"), records.published("Other")
    tie(festival, record)
    festival.record_links = []
    festival.record_links.add(FestivalRecord(record=other))
    festival.save_revision()
    assert [link.record for link in Festival.objects.get().record_links.all()] == [record]
    other.delete()
    festival.refresh_from_db()
    assert list(festival.get_latest_revision_as_object().record_links.all()) == []


def test_an_editor_ties_what_they_may_see_and_keeps_what_is_there_already(client):
    festival = samples.festival()
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    kept, hidden = (records.published(name, protocol=closed) for name in ("Kept", "Hidden"))
    seen = records.published("Seen")
    tie(festival, kept)
    link = FestivalRecord.objects.get()
    client.force_login(records.person("librarian", roles.LIBRARIAN))
    form = client.get(reverse(EDIT, args=[festival.pk]))
    assert form.status_code == 200 and "Kept" not in form.content.decode()

    def post(pk):
        return client.post(reverse(EDIT, args=[festival.pk]), {
            "name_vi": "Hội", "name_en": "", "own_names": "", "summary_vi": "", "summary_en": "", "story_vi": "",
            "story_en": "", "sources": "", "rule_calendar": "declared", "action-publish": "1",
            **{f"occurrences-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")},
            "record_links-TOTAL_FORMS": "2", "record_links-INITIAL_FORMS": "1", "record_links-MIN_NUM_FORMS": "0",
            "record_links-MAX_NUM_FORMS": "1000", "record_links-0-record": kept.pk, "record_links-0-id": link.pk,
            "record_links-0-ORDER": "1", "record_links-1-record": pk, "record_links-1-id": "",
            "record_links-1-ORDER": "2",
        })  # fmt: skip

    assert post(hidden.pk).status_code == 200
    assert FestivalRecord.objects.count() == 1
    assert post(seen.pk).status_code == 302
    assert [each.record.pk for each in Festival.objects.get().record_links.all()] == [kept.pk, seen.pk]


def test_festivals_are_narrowed_to_a_people_in_list_calendar_and_map(client):
    first, second, *_rest = People.objects.order_by("number")
    today = timezone.localdate()
    for slug, people in (("mine", first), ("theirs", second)):
        festival = samples.festival(slug, {"calendar": "declared"})
        festival.peoples = [people]
        publish.publish(festival)
        samples.declare(festival, today.year, today, today)
    for name in ("festivals", "festival-calendar", "festival-map"):
        text = client.get(reverse(name), {"people": first.number}).content.decode()
        assert "mine vi" in text and "theirs vi" not in text, name
        assert f"?people={first.number}" in text
        for nonsense in ("xx", "9" * 50, "\x00"):
            assert "mine vi" not in client.get(reverse(name), {"people": nonsense}).content.decode()
    peoples_own = client.get(reverse("people", args=[first.slug])).content.decode()
    assert "mine vi" in peoples_own and "theirs vi" not in peoples_own


def test_a_place_shows_festivals_and_records_of_what_became_part_of_it(client):
    old = Place.objects.filter(successors__isnull=False).first()
    new = old.successors.first()
    village = Place.objects.create(slug="village", name_vi="Village", kind="village", parent=old)
    festival = samples.festival()
    festival.places = [village]
    publish.publish(festival)
    records.published("Of the old one", fields={"coverage": [{"place": old.pk}]})
    shown = page(client, reverse("place", args=[new.slug]))
    assert "spring vi" in shown.text_content() and "Of the old one" in shown.text_content()
    assert reverse("place", args=[old.slug]) in shown.xpath("//dl//a/@href")
    listed = page(client, reverse("places")).xpath("//a[@class='row']/@href")
    assert {reverse("place", args=[each.slug]) for each in (new, old, village)} <= set(listed)
    assert reverse("place", args=["village"]) in page(client, of(festival)).xpath("//dl//a/@href")


def test_pictures_are_added_several_at_once_ordered_and_refused_one_by_one(client):
    festival = samples.festival()
    client.force_login(records.person("librarian", roles.LIBRARIAN))
    address = reverse("festival-admin-pictures-upload", args=[festival.pk])
    text = SimpleUploadedFile("words.txt", b"no picture", "text/plain")
    answer = client.post(address, {"file": [png(1), text, png(2)]}, headers={"x-part": "1"})
    assert answer.status_code == 400
    assert (len(answer.json()["taken"]), len(answer.json()["refused"])) == (2, 1)
    assert client.post(address, {"file": [png(1)]}, headers={"x-part": "1"}).json()["taken"] == []
    first, second = Picture.objects.order_by("order")
    assert (first.caption, second.caption) == ("picture 1", "picture 2")
    order = reverse("festival-admin-pictures-order", args=[festival.pk])
    moved = client.post(order, {"up": second.pk}, headers={"x-part": "1"})
    rows = html.fromstring(moved.content).xpath("//li/@data-file")
    assert rows == [str(second.pk), str(first.pk)]
    assert client.post(order, {"order": f"{first.pk},{second.pk},99999"}).status_code == 302
    assert [each.pk for each in Picture.objects.order_by("order")] == [first.pk, second.pk]
    panel = page(client, reverse(EDIT, args=[festival.pk]))
    assert len(panel.xpath("//*[@id='festival-pictures']//li[@data-file]")) == 2


def test_pictures_are_changed_by_nobody_who_may_not(client):
    festival = samples.festival()
    address = reverse("festival-admin-pictures-upload", args=[festival.pk])
    client.force_login(records.person("contributor", roles.CONTRIBUTOR))
    assert client.post(address, {"file": [png(3)]}).status_code in (302, 403)
    client.force_login(records.person("librarian", roles.LIBRARIAN))
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    Festival.objects.filter(pk=festival.pk).update(protocol=closed)
    assert client.post(address, {"file": [png(3)]}).status_code == 404
    assert not Picture.objects.exists()


def test_demonstration_records_and_festivals_wait_for_each_other_and_are_tied_once():
    early, late = records.published("Early"), records.published("Late")
    recipe = next(each for each in making.data()["record"] if each.get("of_festivals"))
    slug = recipe["of_festivals"][0]
    of_festivals.tie(early, [slug])
    making.remember(recipe["slug"], early)
    making.welcome(demo.load(lambda line: None))
    festival = Festival.objects.get(slug=slug)
    assert [link.record for link in festival.record_links.all()] == [early]
    of_festivals.tie(late, [slug])
    assert [link.record for link in Festival.objects.get(slug=slug).record_links.all()] == [early, late]
    festival = Festival.objects.get(slug=slug)
    festival.record_links = []
    publish.publish(festival)
    making.welcome(demo.load(lambda line: None))
    assert not FestivalRecord.objects.filter(festival=festival).exists()
