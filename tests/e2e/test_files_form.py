"""A librarian at a phone adds files to a record and puts them in order, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from access.domain import roles
from tests.library.samples import person, published
from tests.media_pipeline.files import picture

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def opened(browser: Browser, live_server: LiveServer, width: int, *, scripts: bool) -> Iterator[Page]:
    """The page of the files of a record; no script of it may fail."""
    record = published()
    client = Client()
    client.force_login(person("librarian", roles.LIBRARIAN))
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page, broken = context.new_page(), list[str]()
    page.on("pageerror", lambda error: broken.append(str(error)))
    try:
        page.goto(f"{live_server.url}/admin/library/records/{record.pk}/files/")
        yield page
        assert broken == []
    finally:
        context.close()


def scans() -> list[dict[str, object]]:
    return [
        {"name": f"p {number}.png", "mimeType": "image/png", "buffer": picture(size=(90, 60 + number))}
        for number in (10, 2)
    ]


def shown(page: Page) -> list[str]:
    return page.locator(".record-file strong:first-child").all_inner_texts()


def test_files_are_added_and_moved_by_keyboard_at_a_phone(browser: Browser, live_server: LiveServer) -> None:
    with opened(browser, live_server, 360, scripts=True) as page:
        page.set_input_files("#record-upload", scans())  # type: ignore[arg-type]
        expect(page.locator(".record-file")).to_have_count(2)
        assert shown(page) == ["p 2.png", "p 10.png"]
        page.locator("button[name=down]").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("[data-said]")).to_have_text(re.compile("2"))
        assert shown(page) == ["p 10.png", "p 2.png"]
        expect(page.locator("button[name=up]").nth(1)).to_be_focused()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_same_works_without_scripts(browser: Browser, live_server: LiveServer) -> None:
    # At a phone Wagtail's own menu covers the page when scripts are off.
    with opened(browser, live_server, 1280, scripts=False) as page:
        page.set_input_files("#record-upload", scans())  # type: ignore[arg-type]
        page.locator("[data-upload] button").click()
        assert shown(page) == ["p 10.png", "p 2.png"]
        page.locator("button[name=up]").nth(1).click()
        assert shown(page) == ["p 2.png", "p 10.png"]
