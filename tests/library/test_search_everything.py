"""The page that searches everything, and what the dictionary says of the library."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.models import Protocol
from dictionary.domain import publish
from dictionary.domain.content import entry, form
from dictionary.models import Entry
from library.domain import snippets
from library.models import Consent
from search.domain.rebuild import rebuild
from tests.dictionary import samples as words
from tests.library import books, samples
from tests.library.festivals import samples as festivals

pytestmark = pytest.mark.django_db
READER = samples.READER


@pytest.fixture(autouse=True)
def index(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    rebuild()


def text(client: Client, query: str, status: int = 200, path: str = "/search/") -> str:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == status, query
    return unquote(answer.content.decode())


def listed(page: str) -> list[str]:
    """The types of the hits, in order."""
    return re.findall(r'<li class="hit"><p class="hit-why">([^<·]+?)(?: ·|</p>)', page)


def _entry(headword: str) -> Entry:
    """A published entry with this headword, in a lexicon of the language of the interface."""
    lexicon = words.lexicon(language=READER, orthography=READER)
    made = Entry(lexicon=lexicon, content=entry([form(READER, headword)], [words.gloss_sense("a gloss")]))
    publish.publish(made)
    return made


@pytest.fixture
def house() -> dict[str, Any]:
    """A book, a film and a festival that speak of the same."""
    fields = {"people": [{"people": "06"}], "description": [samples.value("Chuyện dệt vải bên bếp lửa")]}
    book = samples.published("Sách của bà", fields=fields, collection=samples.collection())
    books.book(book, [["Trang đầu"], ["Bà ngồi dệt vải"]], READER)
    film = samples.published("Phim", kind="film")
    recording = books.recording(film, [(195_200, 197_000, "Đây là khung dệt, đây là vải")], READER)
    festival = festivals.festival("weaving", name_vi="Hội dệt", summary_vi="Thi dệt vải")
    books.indexed()
    return {"book": book, "film": film, "recording": recording, "festival": festival}


def test_hits_say_where_they_are_and_lead_there(client: Client, house: dict[str, Any]) -> None:
    page = text(client, "q=det+vai")
    assert sorted(listed(page)) == sorted(["Tài liệu", "Trang", "Bản ghi và phim", "Lễ hội"])
    assert "trang 2" in page and "03:15" in page
    assert f"/records/{house['film'].ark}/play/{house['recording'].uuid}/?t=195.2&amp;q=det+vai" in page
    assert f"/records/{house['book'].ark}/" in page and "/festivals/weaving/" in page
    assert "Bà ngồi <mark>dệt</mark> <mark>vải</mark>" in page
    assert 'lang="vi" dir="ltr" data-script="Latn">Chuyện <mark>dệt</mark>' in page


def test_each_type_has_its_number_and_can_be_chosen(client: Client, house: dict[str, Any]) -> None:
    page = text(client, "q=det+vai&type=page")
    assert listed(page) == ["Trang"]
    numbers = dict(
        re.findall(
            r">([^<>]+) <small>(\d+)</small></a></li>",
            page.partition("found-types")[2].partition("</nav>")[0],
        )
    )
    assert numbers == {"Tất cả": "4", "Tài liệu": "1", "Trang": "1", "Bản ghi và phim": "1", "Lễ hội": "1"}
    assert len(listed(text(client, "q=det+vai&type=nonsense"))) == 4


def test_facets_of_the_record_narrow_its_pages_too(client: Client, house: dict[str, Any]) -> None:
    assert sorted(listed(text(client, "q=det+vai&people=06"))) == ["Trang", "Tài liệu"]
    assert sorted(listed(text(client, "q=det+vai&collection=sample"))) == ["Trang", "Tài liệu"]
    assert listed(text(client, "q=det+vai&kind=film")) == ["Bản ghi và phim"]
    assert "collection=sample" in text(client, "q=det+vai")
    assert listed(text(client, "q=det+vai&collection=unknown")) == []


def test_the_words_of_the_dictionary_stand_first(client: Client, house: dict[str, Any]) -> None:
    _entry("dệt")
    books.indexed()
    page = text(client, "q=det")
    assert page.index("found-words") < page.index("found-types")
    assert "/entries/" in page.partition("found-words")[2]
    assert 'found-words"' not in text(client, "q=det&kind=film").partition("<main")[2]


def test_what_is_closed_is_neither_shown_nor_counted(client: Client) -> None:
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    later = timezone.localdate() + timedelta(days=2)
    record = samples.published()
    consent = Consent.objects.create(record=record, who="A weaver")
    books.book(record, [["Mở vải"]], READER, name="open")
    books.book(record, [["Kín vải"]], READER, name="closed", protocol=closed)
    books.book(record, [["Mai sau vải"]], READER, name="later", embargo_until=later)
    books.book(record, [["Rút lại vải"]], READER, name="withdrawn", consent=consent)
    shut = samples.published("Sách kín", protocol=closed)
    books.book(shut, [["Vải trong sách kín"]], READER)
    books.indexed()
    assert len(listed(text(client, "q=vai"))) == 2
    Consent.objects.filter(pk=consent.pk).update(withdrawn_on=timezone.localdate())
    page = text(client, "q=vai")
    assert listed(page) == ["Trang"] and "Mở" in page
    assert "<small>1</small>" in page and "<small>2</small>" not in page
    looked = text(client, "q=vai", path="/")
    assert re.findall(
        r"<small>(\d+)</small>", looked.partition('class="mentions"')[2].partition("</section>")[0]
    ) == ["1"]


def test_pages_of_results_follow_each_other_without_gaps(client: Client) -> None:
    record = samples.published()
    books.book(record, [[f"vải số {n}"] for n in range(45)], READER)
    books.indexed()
    query, seen = "q=vai", []
    while query:
        page = text(client, query)
        seen += re.findall(r"số (\d+)</p>", page)
        further = re.search(r'rel="next nofollow" href="\?([^"]+)"', page)
        query = further[1].replace("&amp;", "&") if further else ""
    assert sorted(map(int, seen)) == list(range(45))


@pytest.mark.parametrize("query", ["q=%00", "q=" + "a" * 900, "q=a&cursor=nonsense", "q=a&cursor=@99999999"])
def test_what_cannot_be_asked_is_refused_in_plain_words(client: Client, query: str) -> None:
    page = text(client, query, 400)
    assert 'role="alert"' in page


def test_without_a_query_and_without_a_hit_it_says_what_to_do(client: Client) -> None:
    assert "hãy tra từ điển" in text(client, "").lower()
    page = text(client, "q=khongcotunay&kind=film")
    assert "Không tìm thấy gì" in page and '?q=khongcotunay"' in page


def test_without_an_index_titles_and_words_are_found_and_it_is_said(
    client: Client, settings: Any, tmp_path: Path, house: dict[str, Any]
) -> None:
    _entry("sách")
    settings.DATA_DIR = tmp_path / "elsewhere"
    page = text(client, "q=sach")
    assert "Chưa có chỉ mục" in page and listed(page) == ["Tài liệu"] and "/entries/" in page


def test_a_page_of_results_costs_as_many_queries_for_many_hits_as_for_few(client: Client) -> None:
    numbers = []
    for _round in range(2):
        for n in range(4):
            record = samples.published(f"Vải {_round} {n}")
            books.book(record, [["vải"], ["vải"]], READER)
        books.indexed()
        client.get("/search/?q=vai")
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/?q=vai")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_the_dictionary_tells_where_a_word_stands_in_the_library(
    client: Client, house: dict[str, Any]
) -> None:
    made = _entry("dệt")
    books.indexed()
    for page in (
        text(client, "q=d%E1%BB%87t", path="/"),
        unquote(client.get(f"/entries/{made.uuid}/", follow=True).content.decode()),
    ):
        assert "/search/?q=dệt&amp;type=page" in page and "/search/?q=dệt&amp;type=festival" in page
    assert 'class="mentions"' not in text(client, "q=khongcotunay", path="/")


@pytest.mark.parametrize("length", [0, 50, 1000])
def test_a_snippet_shows_the_words_whole_whatever_stands_around(length: int) -> None:
    long = "chữ " * length + "dệt vải" + " chữ" * length
    found = snippets.best([("", "gì khác"), (READER, long)], "det vai")
    assert found is not None and [piece.text for piece in found.pieces if piece.marked] == ["dệt", "vải"]
    assert sum(len(piece.text) for piece in found.pieces) <= snippets.LENGTH + 4
    assert quote("dệt") not in str(found)
