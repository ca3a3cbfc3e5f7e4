"""The public pages of festivals say what they must, work without a script, and show nobody what is closed to them."""

import json
from datetime import date, timedelta

import icalendar
import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from lxml import html

from access.domain.gate import may_see, visible
from access.domain.viewer import viewer_for
from library.festivals.calendar import lunar
from library.festivals.domain import publish
from library.festivals.domain.protocols import set_protocol
from library.festivals.models import Festival, Picture
from search.domain import sources
from search.models import OutboxRow
from tests.access import houses
from tests.library.festivals import samples

pytestmark = pytest.mark.django_db


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return html.fromstring(response.content)


def events(client, address):
    response = client.get(address)
    assert response["Content-Type"].startswith("text/calendar")
    return icalendar.Calendar.from_ical(response.content).walk("VEVENT")


def waiting(festival):
    rows = OutboxRow.objects.filter(type="festival", object_id=festival.pk).order_by("pk")
    return list(rows.values_list("operation", flat=True))


def addresses(festival):
    return [reverse("festival", args=[festival.slug]), reverse("festival-ics", args=[festival.slug])]


def test_an_empty_house_says_what_to_do(client):
    for name in ("festivals", "festival-calendar", "festival-map"):
        assert page(client, reverse(name)).findtext(".//h1")
    assert events(client, reverse("festivals-ics")) == []


def test_the_page_of_a_festival_shows_people_place_story_sources_and_the_next_dates(client):
    festival = samples.festival()
    first, second = samples.picture(festival, "Later"), samples.picture(festival, "Leads", order=1)
    shown = page(client, reverse("festival", args=["spring"]))
    text = shown.text_content()
    people = festival.peoples.get()
    for wanted in ("spring vi", people.name, "Clearing", "Chuyện một", "Chuyện hai", "A book"):
        assert wanted in text
    assert [img.get("src") for img in shown.findall(".//main//img")] == [
        reverse("festival-picture", args=[each.uuid]) for each in (second, first)
    ]
    starts = [each.get("datetime") for each in shown.findall(".//main//ul[@class='dates']//time")][::2]
    assert len(starts) == 5
    for start in starts:
        assert (lunar(date.fromisoformat(start)).month, lunar(date.fromisoformat(start)).day) == (1, 8)
        assert date.fromisoformat(start) >= timezone.localdate() - timedelta(days=1)
    data = [json.loads(each.text) for each in shown.findall(".//script[@type='application/ld+json']")]
    assert [each["startDate"] for each in data] == starts
    assert {each["@type"] for each in data} == {"Festival"}
    english = page(client, "/en" + reverse("festival", args=["spring"]))
    assert english.findtext(".//h1") == "spring en"


def test_the_list_begins_with_what_comes_next_and_says_what_goes_on_now(client):
    today = timezone.localdate()
    samples.festival("later", {"calendar": "declared"})
    now = samples.festival("now", {"calendar": "declared"})
    samples.declare(
        Festival.objects.get(slug="later"), today.year, today + timedelta(days=9), today + timedelta(days=9)
    )
    samples.declare(now, today.year, today - timedelta(days=1), today + timedelta(days=1))
    rows = page(client, reverse("festivals")).findall(".//ul[@class='dates']/li")
    assert [row.findtext(".//a") for row in rows] == ["now vi", "later vi"]
    assert [row.find(".//span[@class='tag']") is not None for row in rows] == [True, False]


def test_a_month_shows_every_day_with_its_lunar_date_and_leads_to_the_festivals(client):
    samples.festival()
    shown = page(client, reverse("festival-month", args=[2025, 2]))
    cells = shown.findall(".//table[@class='month']//td")
    assert len(cells) % 7 == 0
    for cell in cells:
        day = lunar(date.fromisoformat(cell.find("time").get("datetime")))
        assert f"{day.day}/{day.month}" in cell.find("span[@class='lunar']").text_content()
    held = [cell.find("time").get("datetime") for cell in cells if cell.find("a") is not None]
    assert held == ["2025-02-05", "2025-02-06"]
    assert shown.find(".//a[@rel='prev']").get("href") == reverse("festival-month", args=[2025, 1])
    assert shown.find(".//a[@rel='next']").get("href") == reverse("festival-month", args=[2025, 3])
    for year, month in ((2025, 13), (1800, 1), (2100, 1)):
        assert client.get(reverse("festival-month", args=[year, month])).status_code == 404


def test_where_npm_brought_no_script_the_map_is_a_list(client, settings):
    samples.festival()
    settings.STATICFILES_DIRS = [each for each in settings.STATICFILES_DIRS if not isinstance(each, tuple)]
    shown = page(client, reverse("festival-map"))
    assert shown.findall(".//main//ul[@class='links']/li")
    assert not [each.get("src") for each in shown.findall(".//script") if "map" in each.get("src", "")]


def test_the_map_lists_its_points_without_a_script_and_names_those_that_have_none(client):
    samples.festival("here")
    samples.festival("nowhere")
    Festival.places.through.objects.filter(festival__slug="nowhere").delete()
    shown = page(client, reverse("festival-map"))
    (point,) = json.loads(shown.get_element_by_id("festival-points").text)
    assert point == {
        "place": "Clearing", "at": [22.1, 105.2],
        "festivals": [{"name": "here vi", "url": reverse("festival", args=["here"])}],
    }  # fmt: skip
    assert [a.text for a in shown.findall(".//ul[@class='links']//a")] == ["here vi", "nowhere vi"]


def test_declared_dates_stand_in_the_place_of_the_rule_and_keep_the_name_of_the_event(client):
    festival = samples.festival()
    year = timezone.localdate().year
    before = {str(each["UID"]): each for each in events(client, reverse("festival-ics", args=["spring"]))}
    assert len(before) == 7
    samples.declare(festival, year + 1, date(year + 1, 5, 1), date(year + 1, 5, 3))
    after = {str(each["UID"]): each for each in events(client, reverse("festivals-ics"))}
    assert set(after) == set(before)
    (changed,) = [uid for uid in after if after[uid]["DTSTART"].dt != before[uid]["DTSTART"].dt]
    assert f"{festival.uuid}-{year + 1}@" in changed
    assert (after[changed]["DTSTART"].dt, after[changed]["DTEND"].dt) == (
        date(year + 1, 5, 1),
        date(year + 1, 5, 4),
    )
    assert "At the river" in str(after[changed]["DESCRIPTION"])
    assert "Elders" in page(client, reverse("festival", args=["spring"])).text_content()


def test_every_outlet_shows_a_festival_and_its_pictures_to_the_same_people(client):
    house = houses.build_house()
    festival = samples.festival()
    picture = samples.picture(festival)
    source = sources.source_of("festival")
    for protocol in houses.build_protocols(house.ours):
        for embargo in (None, timezone.localdate() + timedelta(days=2)):
            set_protocol(festival, protocol, embargo)
            festival.refresh_from_db()
            (document,) = source.documents([festival.pk])
            for person in house.people.values():
                viewer = viewer_for(person)
                allowed = may_see(festival, viewer)
                assert visible(Festival.objects.all(), viewer).exists() is allowed
                assert visible(Picture.objects.all(), viewer).exists() is allowed
                day = date.fromordinal(document.embargo) if document.embargo else None
                assert viewer.permits(frozenset(document.protocols), day) is allowed
    set_protocol(festival, None, timezone.localdate() + timedelta(days=2))
    for name, person in house.people.items():
        client.logout()
        if not isinstance(person, AnonymousUser):
            client.force_login(person)
        festival.refresh_from_db()
        allowed = may_see(festival, viewer_for(person))
        for address in [*addresses(festival), reverse("festival-picture", args=[picture.uuid])]:
            assert (client.get(address).status_code == 200) is allowed, (name, address)
        assert ("spring vi" in client.get(reverse("festivals")).content.decode()) is allowed
        assert (festival.slug in client.get(reverse("festival-map")).content.decode()) is allowed
        assert bool(events(client, reverse("festivals-ics"))) is allowed


def test_publishing_and_taking_back_tell_search_in_the_same_transaction(client):
    festival = samples.festival(live=False)
    assert client.get(reverse("festival", args=["spring"])).status_code == 404
    assert waiting(festival) == []
    publish.publish(festival)
    source = sources.source_of("festival")
    (document,) = source.documents([festival.pk])
    assert list(source.all_pks()) == [festival.pk]
    assert source.versions([festival.pk]) == {festival.pk: document.version}
    assert document.facets["people"] == (festival.peoples.get().number,)
    assert {"spring", "vi", "en"} <= set(document.fields["title"])
    assert waiting(festival) == ["changed"]
    publish.unpublish(festival)
    assert waiting(festival) == ["changed", "deleted"]
    assert list(source.documents([festival.pk])) == []
    assert client.get(reverse("festival", args=["spring"])).status_code == 404


def test_a_draft_changes_nothing_until_it_is_published(client):
    festival = samples.festival()
    draft = Festival.objects.get(pk=festival.pk)
    draft.name_vi = "another name"
    draft.peoples = []
    draft.rule = {"calendar": "declared"}
    draft.save_revision()
    assert "spring vi" in client.get(reverse("festival", args=["spring"])).content.decode()
    Festival.objects.get(pk=festival.pk).latest_revision.publish()
    published = Festival.objects.get(pk=festival.pk)
    assert (published.name_vi, published.rule, list(published.peoples.all())) == (
        "another name", {"calendar": "declared"}, [],
    )  # fmt: skip


def test_lists_ask_the_database_a_fixed_number_of_times(client, django_assert_max_num_queries):
    for number in range(12):
        samples.festival(f"festival-{number}")
    for name in ("festivals", "festival-calendar", "festival-map", "festivals-ics"):
        with django_assert_max_num_queries(8):
            assert client.get(reverse(name)).status_code == 200
