"""Site maps of the library: what everybody may see, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from library.models import Record
from tests.library import samples
from tests.library.festivals.samples import festival

pytestmark = pytest.mark.django_db

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def pages(client: Client) -> dict[str, str]:
    """Every page of every site map of the index, with the day of its last change."""
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    found = {}
    for place in index.iter(f"{SPACE}loc"):
        answer = client.get(urlsplit(str(place.text)).path)
        assert answer.status_code == 200
        for url in ElementTree.fromstring(answer.content).iter(f"{SPACE}url"):
            found[urlsplit(str(url.findtext(f"{SPACE}loc"))).path] = url.findtext(f"{SPACE}lastmod") or ""
    return found


def test_site_maps_name_records_collections_peoples_and_festivals_in_both_languages(client: Client) -> None:
    record = samples.published(collection=samples.collection("shelf"))
    festival("a-feast")
    found = pages(client)
    for path in (f"/records/{record.ark}/", "/collections/shelf/", "/peoples/muong/", "/festivals/a-feast/"):
        assert {path, f"/en{path}"} <= set(found)
    assert found[f"/records/{record.ark}/"] == record.updated_at.date().isoformat()
    assert not any("/read/" in path or "/play/" in path for path in found)


def test_site_maps_do_not_name_what_is_closed_or_a_draft(client: Client) -> None:
    hidden = samples.published(
        collection=samples.collection("hidden", embargo_until=timezone.localdate() + timedelta(1))
    )
    later = samples.published(embargo_until=timezone.localdate() + timedelta(1))
    draft = samples.draft()
    text = " ".join(pages(client))
    assert Record.objects.count() == 3
    for name in (hidden.ark, later.ark, draft.ark, "hidden"):
        assert name not in text


def test_a_site_map_that_is_not_there_is_missing(client: Client) -> None:
    for path in (
        "/sitemap-records-7.xml",
        "/sitemap-library-1.xml",
        "/sitemap-festivals-1.xml",
        "/sitemap-odd-0.xml",
    ):
        assert client.get(path).status_code == 404
