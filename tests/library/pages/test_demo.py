"""The pages of the demo house: whole in both languages, marked, light, and carried away and back by a backup."""

from __future__ import annotations

import gzip
import re
import tomllib
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.images import get_image_model
from wagtail.models import Page

from config.backup.create import backup
from config.backup.restore import restore
from dictionary.models import Entry
from library.festivals.domain import demo as festivals
from library.pages.domain import demo
from library.pages.models import ExhibitionPage, HomePage, NewsPage
from tests import database
from tests.library.pages import samples

LIGHT = 100_000


def furnish() -> None:
    festivals.load(lambda line: None)
    demo.load(lambda line: None)


@pytest.mark.django_db
def test_the_words_and_festivals_that_pages_name_are_there_and_each_page_stands_in_every_language(
    client: Client,
) -> None:
    call_command("load_demo", stdout=StringIO())
    data = tomllib.loads(demo.FILE.read_text(encoding="utf-8"))
    codes = [code for code, _name in settings.LANGUAGES]
    for given in [data["home"], *data["page"]]:
        assert {code for code in codes if code in given} == set(codes)
        for code in codes:
            for block in given[code].get("body", ()):
                assert len(demo.words(block.get("words", ()))) == len(block.get("words", ()))
                named = block.get("festivals", block.get("map", ()))
                assert len(demo.festivals(named)) == len(named)
    assert Entry.objects.exists()
    for address in ("", "about/", "how-to/", "exhibitions/from-house-to-feast/", "news/the-house-is-open/"):
        for root in ("/", "/en/"):
            answer = client.get(root + address)
            assert answer.status_code == 200, root + address
            text = answer.content.decode()
            other = "/en/" if root == "/" else "/"
            assert f'href="{other}{address}" hreflang=' in text
            assert weight(text) < LIGHT, address
    assert not re.search(r"<a>", client.get("/news/the-house-is-open/").content.decode())
    before = list(Page.objects.values_list("pk", "latest_revision_created_at"))
    demo.load(lambda line: None)
    assert list(Page.objects.values_list("pk", "latest_revision_created_at")) == before
    assert get_image_model().objects.count() == 1


def weight(text: str) -> int:
    """What a first visit costs without pictures and fonts, compressed: the page, its styles and scripts."""
    names = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', text)
    files = [finders.find(name) for name in dict.fromkeys(names)]
    return sum(len(gzip.compress(Path(str(file)).read_bytes())) for file in files if file) + len(
        gzip.compress(text.encode())
    )


@pytest.mark.django_db
def test_what_is_a_demonstration_says_so_and_what_somebody_wrote_is_left_alone(client: Client) -> None:
    home = samples.home()
    home.intro = "<p>Ours</p>"
    home.save_revision().publish()
    samples.standard("how-to", title="Our own")
    furnish()
    assert "Ours" in client.get("/").content.decode()
    assert "Our own" in client.get("/how-to/").content.decode()
    assert all(page.demonstration for page in [*ExhibitionPage.objects.all(), *NewsPage.objects.all()])
    assert 'class="notice"' in client.get("/exhibitions/from-house-to-feast/").content.decode()


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_backup_brings_pages_and_pictures_into_a_site_that_was_only_just_made(
    tmp_path: Path, client: Client, settings: Settings, request: pytest.FixtureRequest
) -> None:
    settings.MEDIA_ROOT = Path(settings.DATA_DIR) / "media"
    furnish()
    picture = get_image_model().objects.get()
    kept = list(Page.objects.order_by("pk").values_list("path", "title", "url_path", "live"))
    before = client.get("/exhibitions/from-house-to-feast/").content
    backup(tmp_path / "house.zip")
    bytes_ = Path(picture.file.path).read_bytes()
    path = Path(picture.file.path)
    path.unlink()
    database.restore(request.config.cache.mkdir("nhasan"))
    assert not ExhibitionPage.objects.exists() and HomePage.objects.count() == 2
    restore(tmp_path / "house.zip")
    assert list(Page.objects.order_by("pk").values_list("path", "title", "url_path", "live")) == kept
    assert Path(get_image_model().objects.get().file.path).read_bytes() == bytes_
    assert strip(client.get("/exhibitions/from-house-to-feast/").content) == strip(before)
    for made in (Path(settings.DATA_DIR) / "media").rglob("*.*"):
        made.unlink()


def strip(page: bytes) -> str:
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", page.decode())
