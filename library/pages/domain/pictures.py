"""Uploaded pictures in the widths that screens need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

WIDTHS: Final = (360, 720, 1080)
SPECS: Final = tuple(f"width-{width}|format-webp|webpquality-72" for width in WIDTHS)
_MAIN: Final = 1


@dataclass(frozen=True)
class Responsive:
    """A picture as a page shows it: address, size, and what to choose from."""

    url: str
    width: int
    height: int
    srcset: str


def with_renditions(images: QuerySet[Any]) -> QuerySet[Any]:
    """The images with the widths that were made of them already. One more query, however many images."""
    return images.prefetch_renditions(*SPECS)  # type: ignore[attr-defined, no-any-return]


def responsive(image: Any) -> Responsive | None:
    """An image in all widths, which are made when they are asked for first; None where its file cannot be read."""
    try:
        made = list(image.get_renditions(*SPECS).values())
    except (SourceImageIOError, InvalidFilterSpecError, OSError):
        return None
    by_width = {each.width: each for each in made}
    main = made[_MAIN]
    srcset = ", ".join(f"{each.url} {width}w" for width, each in sorted(by_width.items()))
    return Responsive(main.url, main.width, main.height, srcset if len(by_width) > 1 else "")
