"""Whatever stands in the parameters of an address, the site has an answer, on either database."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from library.festivals.models import Festival
from tests.library.festivals import samples as festivals
from tests.library.samples import collection, published

pytestmark = pytest.mark.django_db

LISTS = (
    "records",
    "collections",
    "peoples",
    "places",
    "festivals",
    "festival-map",
    "festival-calendar",
    "search",
    "lookup",
    "languages",
)
NAMES = (
    "q", "kind", "type", "people", "language", "place", "decade", "collection", "concept", "agent", "after", "cursor",
    "page", "t", "xywh", "region", "file", "letter",
)  # fmt: skip
NONSENSE = ("\0", "a\0b", "٣", "\ud7ff", "-1", "9" * 30, "%s", "'", "1e9", "../..")


@pytest.mark.parametrize("value", NONSENSE)
def test_no_parameter_of_any_page_is_too_much_for_the_site(client: Client, value: str) -> None:
    record = published("A title", collection=collection("one"))
    held: Festival = festivals.festival()
    naan, name = record.ark.removeprefix("ark:").split("/")
    addresses = [
        *(reverse(each) for each in LISTS),
        reverse("record", args=[naan, name]),
        reverse("record-read", args=[naan, name]),
        reverse("record-request", args=[naan, name]),
        reverse("iiif-search", args=[naan, name]),
        reverse("collection", args=["one"]),
        reverse("festival", args=[held.slug]),
    ]
    for address in addresses:
        single = [{name: value} for name in NAMES] if value == NONSENSE[0] else []
        for asked in [*single, dict.fromkeys(NAMES, value), {**dict.fromkeys(NAMES, value), "q": "a"}]:
            assert client.get(address, asked).status_code < 500, (address, asked)
