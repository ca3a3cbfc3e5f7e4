"""The trees: first pages, addresses, languages, menus, feeds, privacy; and what the house says where no page stands."""

from __future__ import annotations

import json
import re

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction

from access.models import User
from library.pages.domain import menu, reserved, tree
from library.pages.models import ExhibitionPage, HomePage, NewsIndexPage, NewsPage, StandardPage
from tests.dictionary import samples as words
from tests.library.pages import samples
from tests.library.pages.conftest import House, uploaded

pytestmark = pytest.mark.django_db


def translated(page: Page, code: str = "en", **values: str) -> Page:
    """The page in another language, published."""
    copy = page.copy_for_translation(Locale.objects.get(language_code=code), copy_parents=True)
    for name, value in values.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return copy


def test_every_site_has_a_first_page_in_each_language_and_planting_again_changes_nothing() -> None:
    homes = tree.homes()
    assert [home.locale.language_code for home in homes] == [code for code, _name in settings.LANGUAGES]
    assert len({home.translation_key for home in homes}) == 1
    before = list(Page.objects.values_list("pk", "path", "slug"))
    tree.plant()
    assert list(Page.objects.values_list("pk", "path", "slug")) == before


def test_the_first_page_keeps_the_look_up_examples_and_languages_and_a_query_still_looks_up(
    house: House, client: Client
) -> None:
    text = client.get("/").content.decode()
    assert 'id="q"' in text and "the gloss" in text and 'href="/languages/' in text
    assert client.get("/").resolver_match.url_name == "lookup" and reverse("lookup") == "/"
    found = client.get("/", {"q": words.word(0)})
    assert "the gloss" in found.content.decode() and found.templates[0].name == "dictionary/results.html"


def test_without_a_published_first_page_the_dictionary_begins_the_house(house: House, client: Client) -> None:
    for home in tree.homes():
        home.unpublish()
    answer = client.get("/")
    assert answer.status_code == 200 and answer.templates[0].name == "dictionary/home.html"
    HomePage.objects.all().delete()
    assert client.get("/en/").status_code == 200


def test_about_is_the_dictionarys_until_somebody_writes_a_page_of_that_name(client: Client) -> None:
    assert client.get("/about/").templates[0].name == "dictionary/about.html"
    samples.standard("about", ("heading", {"text": "Our own words", "level": "2"}))
    assert "Our own words" in client.get("/about/").content.decode()
    assert client.get("/en/about/").templates[0].name == "dictionary/about.html"


@pytest.mark.parametrize(
    "slug", ["records", "festivals", "Keyboards", "en", "admin", "files", "media", "words"]
)
def test_no_page_takes_the_address_of_another_part_of_the_house(slug: str) -> None:
    with pytest.raises(ValidationError) as refused:
        samples.home().add_child(
            instance=StandardPage(title="Taken", slug=slug, locale=samples.home().locale)
        )
    assert list(refused.value.error_dict) == ["slug"]
    parent = samples.standard("deeper")
    samples.below(parent, StandardPage, slug.lower())


def test_all_parts_of_the_house_are_reserved() -> None:
    from django.urls import get_resolver

    names = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    assert {"records", "search", "festivals"} & names
    for name in ("records", "collections", "peoples", "festivals", "languages", "keyboards", "typing-pad"):
        assert reverse(name).strip("/").split("/")[0] in reserved.taken()
    assert "about" not in reserved.taken()


def test_the_switch_of_languages_leads_to_the_translation_or_else_to_the_first_page(client: Client) -> None:
    both, one = samples.standard("both"), samples.standard("one")
    translated(both, slug="both-in-english")
    page = client.get("/both/?x=1").content.decode()
    assert 'href="/en/both-in-english/?x=1" hreflang="en"' in page
    assert f'hreflang="en" href="{settings.BASE_URL}/en/both-in-english/"' in page
    assert 'href="/both/" hreflang="vi"' in client.get("/en/both-in-english/").content.decode()
    page = client.get("/one/").content.decode()
    assert 'href="/en/" hreflang="en"' in page and 'rel="alternate" hreflang="en" href="http' not in page
    assert client.get("/en/one/").status_code == 404
    assert one.live


def test_pages_in_menus_stand_at_the_foot_of_every_page_and_cost_one_query_once(client: Client) -> None:
    page = samples.standard("shown", show_in_menus=True)
    samples.standard("other")
    samples.standard("english", code="en", show_in_menus=True)
    foot = client.get("/languages/").content.decode().partition("<footer")[2]
    assert 'href="/shown/">Shown</a>' in foot and "Other" not in foot and "English</a>" not in foot
    assert 'href="/en/english/">English</a>' in client.get("/en/languages/").content.decode()
    menu.forget()
    with CaptureQueriesContext(connection) as asked:
        menu.menu("vi"), menu.menu("vi")
    assert len(asked) == 1
    page.unpublish()
    assert "/shown/" not in client.get("/languages/").content.decode()


def test_a_page_with_wagtails_privacy_is_in_no_menu_list_feed_or_site_map(client: Client) -> None:
    open_, closed = samples.news("open"), samples.news("closed")
    parent = samples.standard("private", show_in_menus=True)
    samples.below(parent, StandardPage, "inside", show_in_menus=True)
    for page in (closed, parent):
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert menu.menu("vi") == ()
    assert client.get("/private/inside/").url.startswith("/admin/login/")
    for address in ("/news/", "/news/feed/", "/sitemap-editorial-0.xml"):
        text = client.get(address).content.decode()
        assert open_.url in text and closed.url not in text and "/private/" not in text, address
    client.force_login(User.objects.create(username="in"))
    assert client.get("/private/inside/").status_code == 200


def test_news_come_newest_first_in_parts_and_as_a_feed_that_xml_readers_take(client: Client) -> None:
    for day in range(1, 23):
        samples.news(f"day-{day}", date=f"2026-05-{day:02}", summary="So < it & was")
    page = client.get("/news/").content.decode()
    days = [int(each) for each in re.findall(r'href="/news/day-(\d+)/"', page)]
    assert days == list(range(22, 2, -1))
    assert "day-2/" in client.get("/news/?page=2").content.decode()
    assert client.get("/news/?page=x").status_code == 200
    answer = client.get("/news/feed/")
    feed = etree.fromstring(answer.content)
    atom = "{http://www.w3.org/2005/Atom}"
    assert answer["Content-Type"].startswith("application/atom+xml") and feed.tag == f"{atom}feed"
    first = feed.find(f"{atom}entry")
    assert first.findtext(f"{atom}summary") == "So < it & was"
    assert first.find(f"{atom}link").get("href") == f"{settings.BASE_URL}/news/day-22/"
    assert feed.find(f"{atom}link[@rel='self']").get("href") == f"{settings.BASE_URL}/news/feed/"
    assert 'type="application/atom+xml"' in page


def test_a_piece_of_news_says_of_itself_to_machines_what_it_is(client: Client) -> None:
    page = samples.news("said", title="Said </script> so", date="2026-05-01")
    text = client.get(page.url).content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', text, re.S)[1])  # type: ignore[index]
    assert data["@type"] == "NewsArticle" and data["headline"] == "Said </script> so"
    assert data["datePublished"] == "2026-05-01" and data["url"] == settings.BASE_URL + page.url


def test_the_site_map_names_published_pages_with_their_translations(client: Client) -> None:
    page, draft = samples.standard("both"), samples.standard("gone")
    translated(page, slug="in-english")
    draft.unpublish()
    text = client.get("/sitemap-editorial-0.xml").content.decode()
    assert (
        f"<loc>{settings.BASE_URL}/both/</loc>" in text
        and f"<loc>{settings.BASE_URL}/en/in-english/</loc>" in text
    )
    assert "/gone/" not in text and "/en/both/" not in text
    assert "sitemap-editorial-0.xml" in client.get("/sitemap.xml").content.decode()


def test_pictures_of_a_closed_collection_and_uploaded_files_themselves_are_not_served(client: Client) -> None:
    image = uploaded()
    size = image.get_rendition("width-100")
    assert client.get(size.url).status_code == 200
    assert client.get(image.file.url).status_code == 404
    assert client.get("/media/images/../original_images/" + image.filename).status_code == 404
    shut = Collection.get_first_root_node().add_child(name="Shut")
    CollectionViewRestriction.objects.create(collection=shut, restriction_type="login")
    image.collection = shut
    image.save()
    assert client.get(size.url).status_code == 404
    client.force_login(User.objects.create(username="in"))
    assert client.get(size.url)["Cache-Control"] == "private, no-store"


def test_documents_of_wagtail_have_no_address(client: Client) -> None:
    from django.core.files.base import ContentFile
    from wagtail.documents import get_document_model

    kept = get_document_model().objects.create(title="Kept", file=ContentFile(b"secret", "kept.txt"))
    for address in (
        f"/documents/{kept.pk}/{kept.filename}",
        f"/media/{kept.file.name}",
        "/media/images/kept.txt",
    ):
        assert client.get(address).status_code == 404


def test_a_picture_above_all_is_described_and_credited() -> None:
    page = ExhibitionPage(title="Lacking", slug="lacking", picture=uploaded(), locale=samples.home().locale)
    parent = samples.exhibition().get_parent()
    with pytest.raises(ValidationError) as refused:
        parent.add_child(instance=page)
    assert set(refused.value.error_dict) == {"picture_alt", "picture_credit"}


@pytest.mark.parametrize("address", ["/nothing/", "/en/nothing/", "/news/feed/", "/both/feed/"])
def test_what_is_not_there_is_not_found(address: str, client: Client) -> None:
    samples.standard("both")
    assert client.get(address).status_code == 404


def test_a_forgotten_slash_leads_to_a_page_that_there_is_and_nowhere_else(client: Client) -> None:
    page = samples.standard("here")
    translated(page)
    for address in (page.url, f"/en{page.url}", "/about/", "/languages/"):
        answer = client.get(address.rstrip("/"))
        assert (answer.status_code, answer.headers.get("Location")) == (301, address)
    for address in ("/nothing", "/en/nothing", "/here/nothing", "/api/v1/nothing"):
        assert client.get(address).status_code == 404


def test_no_group_but_librarians_and_administrators_works_on_pages() -> None:
    from wagtail.models import GroupPagePermission

    homes = [home.pk for home in tree.homes()]
    groups = set(GroupPagePermission.objects.filter(page__in=homes).values_list("group", flat=True))
    from access.domain import roles

    assert groups == {roles.group_of(roles.LIBRARIAN).pk, roles.group_of(roles.ADMINISTRATOR).pk}
    assert Group.objects.count() > len(groups)
    assert NewsIndexPage.objects.count() == NewsPage.objects.count() == 0
