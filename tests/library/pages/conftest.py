"""A house to place things of on pages."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from django.core.files.images import ImageFile
from PIL import Image as Drawing
from wagtail.images import get_image_model

from access.models import Community, Membership, Protocol, User
from dictionary.models import Entry
from library.domain import files
from library.festivals.models import Festival
from library.models import Collection, People, Place, Record, RecordFile
from media_pipeline.domain import blobs
from tests.dictionary import samples as words
from tests.library import samples as records
from tests.library.festivals import samples as festivals
from tests.media_pipeline.files import picture


@dataclass
class House:
    """One thing of each kind."""

    record: Record
    collection: Collection
    festival: Festival
    entry: Entry
    people: People
    place: Place
    file: RecordFile
    image: Any


def uploaded(title: str = "A picture", size: tuple[int, int] = (1440, 720)) -> Any:
    """A picture that was uploaded for pages."""
    out = BytesIO()
    Drawing.new("RGB", size, (40, 60, 140)).save(out, "JPEG")
    return get_image_model().objects.create(
        title=title, file=ImageFile(BytesIO(out.getvalue()), "picture.jpg")
    )


@pytest.fixture
def house() -> House:
    """One published thing of each kind that blocks place."""
    collection = records.collection("shelf", title="Shelf")
    record = records.published("The record", collection=collection)
    file = files.attach(record, blobs.store_original(BytesIO(picture())), "page one.png", caption="Page one")
    festival = festivals.festival("spring")
    return House(
        record,
        collection,
        festival,
        words.published(words.lexicon(), 0, "the gloss"),
        People.objects.get(number="03"),
        festival.places.get(),
        file,
        uploaded(),
    )


@dataclass
class Closed:
    """A protocol of a community, and somebody who belongs to it."""

    protocol: Protocol
    member: User


@pytest.fixture
def closed() -> Closed:
    """What only the members of a community may see."""
    community = Community.objects.create(slug="ours", name="Ours")
    member = User.objects.create(username="member")
    Membership.objects.create(user=member, community=community)
    protocol = Protocol.objects.create(slug="kept", name="Kept", level="community", community=community)
    return Closed(protocol, member)
