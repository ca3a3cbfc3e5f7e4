"""Public pages of the library, and records in search."""

from __future__ import annotations

import json
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.models import Protocol
from library.models import Agent, People, Place
from tests.library import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts_kept():
    cache.clear()


def address(record, english=False):
    return f"{'/en' if english else ''}/records/{record.ark}/"


def text(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_a_record_shows_all_values_in_their_languages_and_says_itself_to_machines(client):
    agent = Agent.objects.create(name_vi="Một Người")
    record = samples.published(
        "Nhan đề <b>",
        fields={
            "alternative": [{"value": "Other title", "lang": "en"}],
            "creator": [{"agent": agent.pk, "role": "pht"}],
            "people": [{"people": "06"}],
            "date": [{"edtf": "1998~"}],
            "mystery": [{"value": "kept & shown"}],
        },
        kind="photograph",
        collection=samples.collection("album"),
    )
    page = text(client, address(record))
    assert '<h1 class="record-title" lang="vi"' in page and "Nhan đề &lt;b&gt;" in page
    assert '<span lang="en" dir="ltr"' in page and "kept &amp; shown" in page and "1998~" in page
    assert f"?agent={agent.pk}" in page and "/peoples/muong/" in page and "/collections/album/" in page
    assert '<meta name="DCTERMS.title" content="Nhan đề &lt;b&gt;" lang="vi">' in page
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert data["@type"] == "Photograph" and data["name"] == {"@value": "Nhan đề <b>", "@language": "vi"}
    assert record.ark in data["identifier"] and data["creator"]["name"] == "Một Người"
    assert "Photograph" in text(client, address(record, english=True))


def test_an_ark_leads_to_its_record_however_it_is_written_and_a_mistyped_one_nowhere(client):
    record = samples.published()
    name = record.ark.removeprefix("ark:99999/")
    assert (
        client.get(f"/ark:/99999/{name}")["Location"]
        == client.get(f"/{record.ark}")["Location"]
        == address(record)
    )
    written = f"/records/ark:99999/{name[:4].upper()}-{name[4:]}/"
    assert client.get(written)["Location"] == address(record)
    wrong = name[:-1] + ("b" if name[-1] != "b" else "c")
    text(client, f"/records/ark:99999/{wrong}/", 404)
    text(client, "/ark:99999/n1x", 404)


def test_what_is_closed_or_a_draft_is_nowhere(client):
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    hidden = samples.collection("hidden", protocol=closed)
    people = {"people": [{"people": "06"}]}
    records = [
        samples.draft("Secret draft", fields=people), samples.published("Secret own", protocol=closed, fields=people),
        samples.published("Secret within", collection=hidden, fields=people),
    ]  # fmt: skip
    for record in records:
        text(client, address(record), 404)
        text(client, f"/{record.ark}", 404)
    for path in ("/records/", "/records/?people=06", "/peoples/", "/peoples/muong/", "/collections/"):
        page = text(client, path)
        assert "Secret" not in page and "Hidden" not in page
    assert re.search(r"Mường</b>.*?</li>", text(client, "/peoples/"))[0].count("small") == 0
    text(client, "/collections/hidden/", 404)
    assert "Hidden" not in text(client, "/records/?collection=hidden")


def test_lists_are_narrowed_by_every_facet_and_a_chosen_one_is_taken_away_again(client):
    old = Place.objects.get(code_system="VN-2004", code="17")
    (new,) = old.successors.all()
    samples.published(
        "Wanted", collection=samples.collection("album"),
        fields={"people": [{"people": "06"}], "date": [{"edtf": "1998"}], "coverage": [{"place": old.pk}],
                "language": [{"tag": "vi"}]},
    )  # fmt: skip
    samples.published("Other", kind="film")
    for query in (
        "kind=book",
        "people=06",
        "language=vi",
        f"place={old.pk}",
        f"place={new.pk}",
        "decade=1990",
        "collection=album",
    ):
        page = text(client, f"/records/?{query}")
        assert "Wanted" in page and "Other" not in page, query
        assert f'href="/records/?{query}' not in page
    page = text(client, "/records/?kind=book&people=06")
    assert 'href="?people=06"' in page and 'href="?kind=book"' in page
    assert "Wanted" not in text(client, "/records/?kind=film&people=06")
    for odd in (
        "kind=nothing",
        "people=99",
        "place=x",
        "place=" + "9" * 60,
        "decade=abc",
        "after=x",
        "after=99999",
        "q=%00",
    ):
        assert client.get(f"/records/?{odd}").status_code in (200, 400), odd


def test_the_pages_of_peoples_and_collections_show_their_records_and_the_lists_their_numbers(client):
    samples.published("Wanted", collection=samples.collection("album"), fields={"people": [{"people": "06"}]})
    assert "Wanted" in text(client, "/peoples/muong/") and "Wanted" in text(client, "/collections/album/")
    assert "Wanted" not in text(client, "/peoples/tay/")
    assert re.search(r"Mường</b>.*?<small>1 ", text(client, "/peoples/"))
    assert re.search(r"Album</b></a>\s*<small>1 ", text(client, "/collections/"))
    assert People.objects.count() == text(client, "/en/peoples/").count('class="row"')


def test_pages_cost_as_many_queries_for_many_records_as_for_few(client):
    def cost(path):
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text(client, path)
        return len(queries)

    def add(number):
        agent = Agent.objects.create(name_vi=f"Agent {number}")
        samples.published(
            f"R {number}",
            collection=samples.collection(f"c{number}"),
            fields={"creator": [{"agent": agent.pk}], "people": [{"people": "06"}]},
        )

    add(0)
    before = {path: cost(path) for path in ("/records/", "/collections/", "/peoples/", "/peoples/muong/")}
    for number in range(1, 10):
        add(number)
    assert {path: cost(path) for path in before} == before


def test_without_an_index_titles_are_searched_and_the_page_says_so(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    samples.published("Sử thi Đẻ đất")
    samples.published("Khác")
    page = text(client, "/records/?q=su+thi")
    assert "Sử thi Đẻ đất" in page and "Khác" not in page and 'class="notice"' in page
