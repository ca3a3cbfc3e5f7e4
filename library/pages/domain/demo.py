"""The pages of the demo house, from `library/pages/demo/pages.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.models import Page

from dictionary.models import Entry
from library.festivals.models import Festival
from library.pages.domain import tree
from library.pages.domain.drawing import house_on_stilts
from library.pages.models import (
    Editorial,
    ExhibitionIndexPage,
    ExhibitionPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    StandardPage,
)

FILE: Final = Path(__file__).resolve().parent.parent / "demo" / "pages.toml"
_KINDS: Final[Mapping[str, type[Editorial]]] = {
    "standard": StandardPage,
    "exhibition-index": ExhibitionIndexPage,
    "exhibition": ExhibitionPage,
    "news-index": NewsIndexPage,
    "news": NewsPage,
}
_DRAWINGS: Final = {"house-on-stilts": house_on_stilts}
_NEWEST: Final = ("coming", "exhibitions", "news")
Block = dict[str, Any]


def load(say: Callable[[str], None]) -> None:
    """Bring the pages in, in both languages; those that are there already are left as they are."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for home in tree.homes():
        code = home.locale.language_code
        if not home.body and not home.intro and code in data["home"]:
            with transaction.atomic():
                _home(home, data["home"][code])
    for given in data["page"]:
        say(f"{given['slug']}: {given['en']['title']}")
        with transaction.atomic():
            _page(given)


def blocks(given: Sequence[Mapping[str, Any]], home: HomePage) -> list[Block]:
    """The blocks as pages keep them. Words and festivals that this house does not have are left out."""
    return [{"type": kind, "value": value} for each in given for kind, value in [_block(each, home)]]


def words(named: Sequence[str]) -> list[int]:
    """The keys of words, each as "LEXICON HEADWORD"."""
    found = []
    for each in named:
        slug, _space, headword = each.partition(" ")
        entry = Entry.objects.filter(lexicon__slug=slug, headword=headword, live=True).order_by("pk").first()
        found += [entry.pk] if entry else []
    return found


def festivals(slugs: Sequence[str]) -> list[int]:
    """The keys of festivals."""
    by_slug = dict(Festival.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    return [by_slug[slug] for slug in slugs if slug in by_slug]


def _block(given: Mapping[str, Any], home: HomePage) -> tuple[str, Any]:
    title = given.get("title", "")
    if "heading" in given:
        return "heading", {"text": given["heading"], "level": "2"}
    if "text" in given:
        return "text", _linked(given["text"], home)
    if "quote" in given:
        names = ("language", "translation", "who")
        return "quote", {"text": given["quote"], **{name: given.get(name, "") for name in names}}
    if "words" in given:
        return "entry", {"title": title, "items": words(given["words"])}
    if "festivals" in given:
        return "festival", {"title": title, "items": festivals(given["festivals"])}
    if "map" in given:
        return "map", {"title": title, "places": [], "festivals": festivals(given["map"])}
    newest = next((name for name in _NEWEST if name in given), "")
    return (newest, {"title": title, "number": given[newest]}) if newest else ("lexicons", None)


def _linked(text: str, home: HomePage) -> str:
    """Links to pages of the same tree by their names, as Wagtail keeps them."""

    def link(match: re.Match[str]) -> str:
        page = Page.objects.descendant_of(home).filter(slug=match[1]).first()
        return f'<a linktype="page" id="{page.pk}">' if page else "<a>"

    return re.sub(r'<a page="([\w-]+)">', link, text)


def _home(home: HomePage, given: Mapping[str, Any]) -> None:
    home.summary, home.intro = given["summary"], given["intro"]
    home.body = home.body.stream_block.to_python(blocks(given["body"], home))
    home.save_revision().publish()


def _page(given: Mapping[str, Any]) -> None:
    """The page in each language, as translations of each other."""
    key = None
    picture = _picture(given["picture"]) if "picture" in given else None
    for home in tree.homes():
        code = home.locale.language_code
        parent = Page.objects.child_of(home).filter(slug=given["below"]).first() if "below" in given else home
        if parent is None or code not in given:
            continue
        there = Page.objects.child_of(parent).filter(slug=given["slug"]).first()
        if there is not None:
            key = there.translation_key
            continue
        texts = given[code]
        page = _KINDS[given["kind"]](
            title=texts["title"], slug=given["slug"], summary=texts["summary"], locale=home.locale,
            show_in_menus=given.get("menu", False), demonstration=given.get("demonstration", False),
        )  # fmt: skip
        page.body = page.body.stream_block.to_python(blocks(texts.get("body", ()), home))
        if isinstance(page, ExhibitionPage) and picture is not None:
            page.picture, page.picture_alt = picture, texts["picture_alt"]
            page.picture_credit = texts["picture_credit"]
        if key is not None:
            page.translation_key = key
        parent.add_child(instance=page)
        key = page.translation_key
        page.save_revision().publish()


def _picture(name: str) -> Any:
    """A drawing of the program, made once."""
    images = get_image_model().objects
    found = images.filter(title=name).first()
    return found or images.create(title=name, file=ImageFile(BytesIO(_DRAWINGS[name]()), f"{name}.jpg"))
