"""How the public asks: the form, its gates, the private link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from access.models import Protocol
from library.models import Consent, Record
from library.requests.models import Act, Request
from tests.library.books import book, recording
from tests.library.festivals.samples import festival
from tests.library.samples import READER, draft, published

pytestmark = pytest.mark.django_db
WORDS = {"kind": "culture", "text": "It is shown at funerals only.", "contact": "Village elder"}


def address(record: Record) -> str:
    naan, _slash, name = record.ark.removeprefix("ark:").partition("/")
    return reverse("record-request", args=[naan, name])


def test_anybody_asks_without_an_account_and_follows_it_by_a_private_link(client: Client) -> None:
    record = published()
    form = html.fromstring(client.get(address(record)).content)
    assert form.xpath("//input[@type='radio']/@value") == list(Request.Kind.values)
    answer = client.post(address(record), WORDS, follow=True)
    kept = Request.objects.get()
    assert (kept.about, kept.target, kept.kind, kept.text) == (
        "record",
        record.uuid,
        "culture",
        WORDS["text"],
    )
    assert (kept.contact, kept.language, kept.state) == (WORDS["contact"], "vi", "new")
    link = answer.redirect_chain[-1][0]
    word = link.rstrip("/").rpartition("/")[2]
    assert len(word) >= 32 and word not in str(Request.objects.values().get())
    page = html.fromstring(answer.content)
    assert kept.number in page.xpath("string(//h1)")
    assert page.xpath(f"//a[contains(@href, '{word}')]")
    said = Client().get(link)
    assert said.status_code == 200 and "no-store" in said["Cache-Control"]
    assert WORDS["contact"] not in said.content.decode()
    assert client.get(link[:-2] + "x/").status_code == 404


def test_the_pages_of_the_library_lead_to_the_form(client: Client) -> None:
    record = published()
    scan = book(record, [["one"], ["two"]], READER)
    naan, _slash, name = record.ark.removeprefix("ark:").partition("/")
    read = reverse("record-read", args=[naan, name])
    assert f'href="{address(record)}"' in client.get(reverse("record", args=[naan, name])).content.decode()
    assert f'href="{address(record)}?page=2"' in client.get(read, {"page": "2"}).content.decode()
    asked = client.post(f"{address(record)}?page=2", WORDS)
    assert asked.status_code == 302
    kept = Request.objects.get()
    assert (kept.about, kept.target, kept.locator) == ("file", scan.uuid, "page=2")
    told = festival()
    ask = reverse("festival-request", args=[told.slug])
    assert f'href="{ask}"' in client.get(reverse("festival", args=[told.slug])).content.decode()
    assert client.post(ask, WORDS).status_code == 302
    assert Request.objects.filter(about="festival", target=told.uuid).exists()


def test_the_player_leads_to_the_form_and_a_moment_is_kept(client: Client) -> None:
    record = published(kind="recording")
    file = recording(record, [(0, 1000, "said")], READER)
    naan, _slash, name = record.ark.removeprefix("ark:").partition("/")
    said = client.get(reverse("record-play", args=[naan, name, file.uuid])).content.decode()
    assert f'href="{address(record)}?file={file.uuid}"' in said
    client.post(f"{address(record)}?file={file.uuid}&t=3:15", WORDS)
    assert (Request.objects.get().target, Request.objects.get().locator) == (file.uuid, "t=195")


def test_what_is_closed_to_a_visitor_cannot_be_asked_about(client: Client) -> None:
    protocol = Protocol.objects.create(slug="closed", name_vi="Closed", level="restricted")
    tomorrow = timezone.localdate() + timedelta(days=1)
    closed = [draft(), published(protocol=protocol), published(embargo_until=tomorrow)]
    for record in closed:
        assert client.get(address(record)).status_code == 404
        assert client.post(address(record), WORDS).status_code == 404
    record = published("Open")
    consent = Consent.objects.create(record=record, who="x", withdrawn_on=timezone.localdate())
    withdrawn = book(record, [["one"]], READER, "withdrawn", consent=consent)
    embargoed = book(record, [["one"]], READER, "embargoed", embargo_until=tomorrow)
    elsewhere = book(published("Other"), [["one"]], READER, "elsewhere")
    for part in (
        f"file={withdrawn.uuid}",
        f"file={embargoed.uuid}",
        f"file={elsewhere.uuid}",
        "file=x",
        "page=9",
    ):
        assert client.post(f"{address(record)}?{part}", WORDS).status_code == 404
    assert client.get(reverse("festival-request", args=[festival(live=False).slug])).status_code == 404
    assert client.get("/records/ark:99999/nothing/request/").status_code == 404
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "  "},
        {"text": "x" * 5001},
        {"kind": "buy"},
        {"kind": ""},
        {"contact": "x" * 201},
    ],
)
def test_what_says_nothing_or_too_much_is_given_back(client: Client, wrong: dict[str, str]) -> None:
    answer = client.post(address(published()), {**WORDS, **wrong})
    assert answer.status_code == 400
    assert html.fromstring(answer.content).xpath("//p[@class='error']")
    assert not Request.objects.exists()


def test_a_robot_that_fills_in_the_hidden_field_is_thanked_and_forgotten(client: Client) -> None:
    answer = client.post(address(published()), {**WORDS, "website": "http://spam"}, follow=True)
    assert html.fromstring(answer.content).xpath("//p[@role='status']")
    assert not Request.objects.exists()


def test_a_request_needs_the_token_of_its_form() -> None:
    assert Client(enforce_csrf_checks=True).post(address(published()), WORDS).status_code == 403


def test_one_address_asks_only_so_often(client: Client, settings: Any) -> None:
    settings.NHASAN_REPORT_RATE = 2
    record, told = published(), festival()
    assert client.post(address(record), WORDS, REMOTE_ADDR="10.1.2.3").status_code == 302
    english = address(record).replace("/records/", "/en/records/")
    assert client.post(english, WORDS, REMOTE_ADDR="10.1.2.3").status_code == 302
    refused = client.post(reverse("festival-request", args=[told.slug]), WORDS, REMOTE_ADDR="10.1.2.3")
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 0
    assert client.get(address(record), REMOTE_ADDR="10.1.2.3").status_code == 200
    assert [kept.language for kept in Request.objects.order_by("pk")] == ["vi", "en"]


def test_the_private_page_runs_no_script_of_a_stranger_and_names_nothing_that_is_closed(
    client: Client,
) -> None:
    record = published("A <b>title</b>")
    evil = {**WORDS, "text": "<script>alert(1)</script>"}
    link = client.post(address(record), evil)["Location"]
    Act.objects.create(request=Request.objects.get(), kind="answered", text="<img src=x onerror=alert(1)>")
    Act.objects.create(request=Request.objects.get(), kind="noted", text="for colleagues")
    said = client.get(link).content.decode()
    assert "<script>alert" not in said and "<img src=x" not in said and "<b>title" not in said
    assert "A &lt;b&gt;title" in said
    assert "for colleagues" not in said
    Record.objects.filter(pk=record.pk).update(embargo_until=timezone.localdate() + timedelta(days=1))
    assert "A &lt;b&gt;title" not in client.get(link).content.decode()
