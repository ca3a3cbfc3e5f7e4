"""A librarian enters festivals in the admin; nobody does there what they may not."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from lxml import html

from access.domain import roles
from access.domain.roles import group_of
from access.models import Community, Protocol
from library.festivals.models import Festival, Picture
from library.vocabularies import People
from tests.library import samples as library_samples
from tests.library.festivals import samples

pytestmark = pytest.mark.django_db
ADD, EDIT = "wagtailsnippets_festivals_festival:add", "wagtailsnippets_festivals_festival:edit"


@pytest.fixture
def librarian(client):
    client.force_login(library_samples.person("librarian", roles.LIBRARIAN))
    return client


def form(**values):
    place = samples.festival("other", live=False).places.first()
    return {
        "name_vi": "Hội mới", "name_en": "New festival", "own_names": "One\nTwo\nOne", "slug": "new-festival",
        "summary_vi": "", "summary_en": "", "story_vi": "Chuyện", "story_en": "", "sources": "",
        "rule_calendar": "vietnamese-lunar", "rule_day": "15", "rule_month": "1", "rule_length": "3",
        "rule_leap": "regular", "peoples": [People.objects.first().pk], "places": [place.pk],
        "occurrences-TOTAL_FORMS": "1", "occurrences-INITIAL_FORMS": "0", "occurrences-MIN_NUM_FORMS": "0",
        "occurrences-MAX_NUM_FORMS": "1000", "occurrences-0-year": "2027", "occurrences-0-start": "2027-03-01",
        "occurrences-0-end": "2027-03-02", "occurrences-0-declared_by": "Elders", "occurrences-0-note": "",
        "occurrences-0-source": "", "occurrences-0-id": "", "occurrences-0-ORDER": "1",
        **{f"record_links-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM")},
        "record_links-MAX_NUM_FORMS": "1000", **values,
    }  # fmt: skip


def test_a_librarian_enters_and_publishes_a_festival_with_its_rule_and_a_declared_year(librarian):
    assert librarian.get(reverse(ADD)).status_code == 200
    response = librarian.post(reverse(ADD), form(**{"action-publish": "1"}))
    assert response.status_code == 302
    festival = Festival.objects.get(slug="new-festival")
    assert festival.live
    assert festival.rule == {
        "calendar": "vietnamese-lunar",
        "month": 1,
        "day": 15,
        "length": 3,
        "leap": "regular",
    }
    assert festival.own_names == ["One", "Two"]
    assert (festival.peoples.count(), festival.places.count()) == (1, 1)
    assert [(each.year, each.end) for each in festival.occurrences.all()] == [(2027, date(2027, 3, 2))]
    librarian.logout()
    assert "Hội mới" in librarian.get(reverse("festival", args=["new-festival"])).content.decode()


def test_the_form_of_a_festival_shows_what_is_kept_and_the_dates_of_its_rule(librarian):
    festival = samples.festival()
    page = html.fromstring(librarian.get(reverse(EDIT, args=[festival.pk])).content)
    assert page.get_element_by_id("id_rule_day").get("value") == "8"
    assert len(page.xpath("//*[@data-festival-dates]//li")) == 5
    assert page.get_element_by_id("id_slug").get("disabled") is not None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rule_day": ""}, "rule_day"),
        ({"rule_day": "31"}, "rule_day"),
        ({"rule_calendar": "gregorian", "rule_day": "31", "rule_month": "4"}, "rule_day"),
        ({"slug": "calendar"}, "slug"),
        ({"occurrences-0-end": "2027-02-01"}, "occurrences-0-end"),
        ({"occurrences-0-year": "2020"}, "occurrences-0-year"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(librarian, wrong, field):
    response = librarian.post(reverse(ADD), form(**wrong))
    assert response.status_code == 200
    page = html.fromstring(response.content)
    assert page.get_element_by_id(f"id_{field}").get("aria-invalid") == "true"
    assert not Festival.objects.filter(slug="new-festival").exists()


def test_the_dates_of_a_rule_are_shown_while_it_is_entered(librarian):
    address = reverse("festival-admin-dates")
    shown = librarian.get(
        address, {"calendar": "vietnamese-lunar", "month": "1", "day": "1", "length": "1"}
    ).content.decode()
    assert shown.count("<li>") == 5
    assert "error" in librarian.get(address, {"calendar": "vietnamese-lunar", "month": "1"}).content.decode()
    assert "error" in librarian.get(address, {"calendar": "lunar"}).content.decode()
    librarian.force_login(library_samples.person("reader"))
    assert librarian.get(address, {"calendar": "declared"}).status_code in (302, 403)


def test_a_picture_is_uploaded_and_what_is_no_picture_is_refused(librarian):
    festival = samples.festival()
    add = reverse("wagtailsnippets_festivals_picture:add")
    values = {
        "festival": festival.pk,
        "caption_vi": "Ảnh",
        "caption_en": "",
        "credit": "",
        "licence": "",
        "order": "1",
    }
    wrong = {**values, "upload": SimpleUploadedFile("a.png", b"<svg onload=alert(1)>")}
    assert librarian.post(add, wrong).status_code == 200
    assert not Picture.objects.exists()
    right = {**values, "upload": SimpleUploadedFile("a.txt", samples.picture_bytes())}
    assert librarian.post(add, right).status_code == 302
    picture = Picture.objects.get()
    response = librarian.get(reverse("festival-picture", args=[picture.uuid]))
    assert (response["Content-Type"], b"".join(response.streaming_content)) == (
        "image/png",
        samples.picture_bytes(),
    )


def test_only_a_steward_sets_who_may_see_and_it_holds_at_once_although_the_rest_is_a_draft(client):
    ours = Community.objects.create(slug="ours", name="Ours")
    protocol = Protocol.objects.create(
        slug="ours", name="Ours", community=ours, level=Protocol.Level.COMMUNITY
    )
    festival = samples.festival()
    values = form(name_vi="Nháp", protocol=protocol.pk, slug="spring", **{"occurrences-TOTAL_FORMS": "0"})
    client.force_login(library_samples.person("librarian", roles.LIBRARIAN))
    assert client.post(reverse(EDIT, args=[festival.pk]), values).status_code == 302
    festival.refresh_from_db()
    assert (festival.protocol, festival.name_vi) == (None, "spring vi")
    administrator = library_samples.person("administrator")
    administrator.groups.add(group_of(roles.ADMINISTRATOR))
    client.force_login(administrator)
    assert client.post(reverse(EDIT, args=[festival.pk]), values).status_code == 302
    festival.refresh_from_db()
    assert (festival.protocol, festival.name_vi) == (protocol, "spring vi")
    festival.latest_revision.publish()
    festival.refresh_from_db()
    assert (festival.protocol, festival.name_vi) == (protocol, "Nháp")
    client.logout()
    assert client.get(reverse("festival", args=["spring"])).status_code == 404


def test_a_librarian_finds_no_festival_that_is_closed_to_them(librarian):
    festival = samples.festival()
    Festival.objects.filter(pk=festival.pk).update(embargo_until=timezone.localdate() + timedelta(days=3))
    assert librarian.get(reverse(EDIT, args=[festival.pk])).status_code == 404
    page = librarian.get(reverse("wagtailsnippets_festivals_festival:list")).content.decode()
    assert "spring vi" not in page
