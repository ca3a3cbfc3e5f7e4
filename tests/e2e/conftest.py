"""A real browser, at the width of a cheap phone, in front of a running site."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from config import fonts
from languages import registry
from tests.dictionary import starter_house

PHONE = {"width": 360, "height": 740}


def pytest_configure() -> None:
    # Playwright runs an event loop in this thread; the ORM is used between its calls, never within.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("There is no chromium.")
        pytest.skip("There is no chromium here (Debian: apt install chromium).")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def web_fonts() -> None:
    """The fonts that set-up makes."""
    fonts.build(registry().orthographies, settings.FONT_FOLDERS, settings.FONTS_BUILT)


@pytest.fixture
def site(live_server: LiveServer, web_fonts: None) -> str:
    """The address of a site with some words of every starter lexicon."""
    starter_house.furnish(6)
    return str(live_server.url)


class Errors(list[str]):
    """What the browser complained about."""


def watched(browser: Browser, errors: Errors, **options: object) -> Page:
    """A page whose complaints are kept: scripts that fail, the policy that is broken, files that are missing."""
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce", **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.on(
        "console",
        lambda message: errors.append(message.text) if message.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "response",
        lambda answer: errors.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
    )
    return page


@pytest.fixture
def errors() -> Iterator[Errors]:
    """Complaints of all pages of a test: there are none when it ends."""
    found = Errors()
    yield found
    assert found == []


@pytest.fixture
def phone(browser: Browser, errors: Errors) -> Iterator[Page]:
    """A phone with scripts."""
    page = watched(browser, errors)
    yield page
    page.context.close()


@pytest.fixture
def plain_phone(browser: Browser, errors: Errors) -> Iterator[Page]:
    """A phone without scripts."""
    page = watched(browser, errors, java_script_enabled=False)
    yield page
    page.context.close()
