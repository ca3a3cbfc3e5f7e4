"""Festivals for tests."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from PIL import Image

from library.festivals.domain import publish
from library.festivals.models import Festival, Occurrence, Picture
from library.vocabularies import People, Place
from media_pipeline.domain import blobs

SPRING = {"calendar": "vietnamese-lunar", "month": 1, "day": 8, "length": 2, "leap": "regular"}


def festival(
    slug: str = "spring", rule: dict[str, Any] | None = None, live: bool = True, **values: Any
) -> Festival:
    """A festival with a people and a place that has coordinates, published unless `live` is false."""
    place, _new = Place.objects.get_or_create(
        slug="clearing",
        defaults={"name_vi": "Clearing", "kind": "other", "latitude": 22.1, "longitude": 105.2},
    )
    given = {
        "name_vi": f"{slug} vi", "name_en": f"{slug} en", "summary_vi": "Tóm tắt", "summary_en": "Summary",
        "story_vi": "Chuyện một\n\nChuyện hai", "sources": "A book\nhttps://example.org/a", **values,
    }  # fmt: skip
    made = Festival(slug=slug, rule=rule or SPRING, **given)
    made.live = False
    made.save()
    made.peoples = [People.objects.order_by("number").first()]
    made.places = [place]
    made.save()
    if live:
        publish.publish(made)
    return made


def declare(of: Festival, year: int, start: date, end: date) -> None:
    """Declare its days in a year."""
    Occurrence.objects.create(
        festival=of, year=year, start=start, end=end, declared_by="Elders", note="At the river"
    )


def picture_bytes(shade: int = 120) -> bytes:
    """A small PNG."""
    out = BytesIO()
    Image.new("RGB", (8, 8), (shade, 10, 10)).save(out, "PNG")
    return out.getvalue()


def picture(of: Festival, caption: str = "A picture", **values: Any) -> Picture:
    """A picture of it."""
    blob = blobs.store(BytesIO(picture_bytes()))
    return Picture.objects.create(festival=of, blob=blob, caption_vi=caption, **values)
