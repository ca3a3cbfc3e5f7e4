"""Template tags of pages: what blocks refer to, pictures, menus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dictionary.domain.derived import orthography
from library.pages.domain import menu
from library.pages.domain.pictures import responsive
from library.pages.domain.placed import FestivalCard, FileCard
from library.vocabularies import Place

register = template.Library()


@dataclass(frozen=True)
class Point:
    """A place of a map, with what is held there: (name, address). Without coordinates it stands in the list alone."""

    place: str
    latitude: float | None
    longitude: float | None
    links: tuple[tuple[str, str], ...]

    @property
    def on_map(self) -> bool:
        """Whether it has coordinates."""
        return self.latitude is not None and self.longitude is not None


@register.simple_tag(takes_context=True)
def placed(context: Context, kind: str, keys: Any) -> list[Any]:
    """What a block refers to by a key or several, in their order, without what the visitor may not see."""
    found = (context.get("placed") or {}).get(kind, {})
    wanted: Iterable[Any] = keys if isinstance(keys, Iterable) and not isinstance(keys, str) else [keys]
    return [found[key] for key in wanted if key in found]


@register.simple_tag
def page_picture(image: Any, alt: str, eager: bool = False) -> SafeString | str:
    """An `img` in the width that the screen needs; nothing where its file is gone."""
    shown = responsive(image) if image is not None else None
    if shown is None:
        return ""
    more = {"srcset": shown.srcset, "sizes": "(max-width: 44rem) 100vw, 44rem"} if shown.srcset else {}
    if not eager:
        more |= {"loading": "lazy", "decoding": "async"}
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}"{}>',
        shown.url, shown.width, shown.height, alt, format_html_join("", ' {}="{}"', more.items()),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def menu_pages(context: Context) -> tuple[menu.Link, ...]:
    """The pages in menus, in the language of the interface; none where there is no request (an error page)."""
    if context.get("page_address") is None:
        return ()
    return menu.menu(context["LANGUAGE_CODE"])


@register.simple_tag
def writing(tag: str) -> dict[str, str]:
    """Direction and script of a language tag."""
    found = orthography(tag)
    return {"direction": found.direction, "script": found.script}


@register.simple_tag
def points(places: Sequence[Place], festivals: Sequence[FestivalCard]) -> list[Point]:
    """Places and the places of festivals, each once."""
    found: dict[tuple[str, float | None, float | None], list[tuple[str, str]]] = {}
    for place in places:
        found.setdefault((str(place), place.latitude, place.longitude), [])
    for festival in festivals:
        link = (festival.name.text, reverse("festival", args=[festival.slug]))
        for point in festival.points or (("", None, None),):
            found.setdefault(point, []).append(link)
    return [Point(*place, tuple(links)) for place, links in found.items()]


@register.filter
def unlocalized(number: float) -> str:
    """A number as scripts read it."""
    return str(number)


@register.filter
def moment(start: int) -> str:
    """The end of an address that begins to play at a moment; nothing for the beginning."""
    return f"#t={start}" if start else ""


@register.filter
def play_url(file: FileCard, start: int) -> str:
    """Where a recording or film is played from a moment on."""
    naan, _slash, name = file.ark.removeprefix("ark:").partition("/")
    address = reverse("record-play", args=[naan, name, file.uuid])
    return f"{address}?t={start}" if start else address
