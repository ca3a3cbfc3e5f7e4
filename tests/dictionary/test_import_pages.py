"""The admin's pages of imports and exports, and the public downloads: as a person goes through them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from access.domain import roles
from access.models import Protocol, User
from dictionary.imports import running
from dictionary.models import Entry, Lexicon
from jobs.imports import runs
from jobs.models import ImportRun
from tests.dictionary import samples
from tests.shared_data import shared

pytestmark = pytest.mark.django_db
ENTRY = b'<entry><lexical-unit><form lang="zxx"><text>a</text></form></lexical-unit></entry>'
TABLE = "form,orthography,gloss_en,remark\nabc,zxx,x,r\nabd,zxx,y,s\n"


@pytest.fixture
def linguist(client: Client) -> Client:
    user = User.objects.create_user("linguist", password="x")
    user.groups.add(roles.group_of(roles.LINGUIST))
    client.force_login(user)
    return client


def upload(client: Client, name: str, data: bytes, **fields: Any) -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("dictionary_import:upload"), {"file": file, **fields}, follow=True)


def test_a_linguist_uploads_a_lift_file_checks_and_applies_it(linguist: Client) -> None:
    data = shared("lift-sil/spec-examples/0.13/full-entry.lift").read_bytes()
    page = upload(linguist, "words.lift", data, slug="one", title="One")
    run = ImportRun.objects.get()
    assert page.redirect_chain[-1][0] == reverse("jobs:import", args=[run.pk])
    running.phase(run, "check")
    assert b"abat" in linguist.get(reverse("jobs:import", args=[run.pk])).content
    linguist.post(reverse("jobs:import_act", args=[run.pk, "apply"]))
    running.phase(run, "apply")
    assert [entry.headword for entry in Entry.objects.filter(lexicon__slug="one", live=True)] == ["abat"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        # Longer than what the upload looks at to learn of the language.
        ("a.lift", b'<lift version="0.13">' + ENTRY * 2100 + b"<entry><a></b></a></entry></lift>"),
        ("a.csv", b"form,orthography\nabc,zxx-toolongatag\n"),
    ],
    ids=["broken in the end", "no row can be taken"],
)  # fmt: skip
def test_a_check_that_fails_leaves_no_lexicon(linguist: Client, name: str, data: bytes) -> None:
    upload(linguist, name, data, slug="one", title="One")
    run = ImportRun.objects.get()
    if name == "a.csv":
        said = {"column-0": "headword", "column-1": "orthography"}
        linguist.post(reverse("dictionary_import:columns", args=[run.pk]), said)
        running.phase(run, "check")
        assert runs.counts(run)[0]["refused"] == 1
    else:
        with pytest.raises(running.Broken):
            running.phase(run, "check")
    assert not Lexicon.objects.exists()
    assert linguist.get(reverse("jobs:import", args=[run.pk])).status_code == 200


def test_two_uploads_for_one_new_address_name_make_one_lexicon(linguist: Client) -> None:
    data = shared("lift-sil/spec-examples/0.13/full-entry.lift").read_bytes()
    for title in ("One", "Other"):
        upload(linguist, "words.lift", data, slug="one", title=title)
    first, second = ImportRun.objects.order_by("pk")
    for run in (first, second):
        running.phase(run, "check")
    assert not Lexicon.objects.exists()
    running.phase(first, "apply")
    with pytest.raises(running.Broken, match="one"):
        running.phase(second, "apply")
    assert [each.title for each in Lexicon.objects.all()] == ["One"]
    running.phase(first, "undo")
    assert not Entry.objects.exists()


def test_the_columns_of_a_table_are_guessed_shown_and_may_be_changed(linguist: Client) -> None:
    page = upload(linguist, "words.csv", TABLE.encode(), slug="one")
    text = page.content.decode()
    for shown in ("abc", 'value="headword"', 'value="gloss:en"', "remark"):
        assert shown in text
    run = ImportRun.objects.get()
    address = reverse("dictionary_import:columns", args=[run.pk])
    said = {"column-0": "headword", "column-1": "orthography", "column-2": "gloss:en", "column-3": "glos"}
    assert "glos" in linguist.post(address, said).content.decode()
    assert run.params["mapping"] is None
    linguist.post(address, {**said, "column-0": ""})
    linguist.post(address, {**said, "column-3": "note"})
    run.refresh_from_db()
    assert run.params["mapping"]["columns"]["remark"] == "note"
    running.phase(run, "check")
    running.phase(run, "apply")
    assert Entry.objects.get(headword="abc").content["notes"][0]["forms"][0]["text"] == "r"


@pytest.mark.parametrize(
    ("name", "data", "fields"),
    [
        ("words.lift", b"<lift", {"slug": "one"}),
        ("words.lift", b"<!DOCTYPE x><lift/>", {"slug": "one"}),
        ("words.csv", b"colour\nred\n", {"slug": "one"}),
        ("words.xyz", b"?", {"slug": "one"}),
        ("words.zip", b"PK\x03\x04", {"slug": "one"}),
        ("words.csv", TABLE.encode(), {"slug": "not a slug"}),
        ("words.csv", TABLE.encode(), {}),
        ("words.csv", TABLE.encode(), {"slug": "one", "language": "no tag"}),
        ("words.csv", TABLE.encode(), {"slug": "one", "orthography": "\ud800".encode("utf-8", "replace")}),
    ],
)
def test_what_cannot_be_used_is_said_on_the_page_and_leaves_nothing(
    linguist: Client, name: str, data: bytes, fields: dict[str, Any]
) -> None:
    page = upload(linguist, name, data, **fields)
    assert page.status_code == 200
    assert not page.redirect_chain
    assert any(page.context["form"].errors.values())
    assert not Lexicon.objects.exists()
    assert not ImportRun.objects.exists()


def test_only_who_may_import_sees_the_pages(client: Client) -> None:
    user = User.objects.create_user("contributor", password="x")
    user.groups.add(roles.group_of(roles.CONTRIBUTOR))
    client.force_login(user)
    assert client.get(reverse("dictionary_import:upload")).status_code in (302, 403)
    assert not upload(client, "words.csv", TABLE.encode(), slug="one").context.get("form")
    assert not ImportRun.objects.exists()


def test_a_lexicon_that_is_hidden_from_the_person_cannot_be_imported_into_nor_exported(
    linguist: Client,
) -> None:
    hidden = Protocol.objects.create(slug="hidden", name="hidden", level=Protocol.Level.RESTRICTED)
    lexicon = samples.lexicon("secret", protocol=hidden)
    upload(linguist, "words.csv", TABLE.encode(), lexicon=lexicon.pk)
    assert not ImportRun.objects.exists()
    assert linguist.get(reverse("dictionary_import:export", args=["secret", "lift"])).status_code == 404
    assert "secret" not in linguist.get(reverse("dictionary_import:exports")).content.decode().lower()


def got(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_who_edits_downloads_drafts_too(linguist: Client) -> None:
    lexicon = samples.lexicon("one")
    samples.published(lexicon, 0, "seen")
    draft = samples.published(lexicon, 1, "drafted")
    draft.unpublish()
    data = got(linguist, reverse("dictionary_import:export", args=["one", "lift"]))
    assert b"seen" in data
    assert b"drafted" in data


def test_anyone_downloads_what_anyone_may_see_and_never_more(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    lexicon = samples.lexicon("one")
    samples.published(lexicon, 0, "open")
    other = samples.published(lexicon, 1, "secret")
    samples.published(lexicon, 2, "draft").unpublish()
    for kind in ("lift", "csv"):
        address = reverse("lexicon-download", args=["one", kind])
        assert address.endswith(f"/lexicons/one/download/{kind}")
        Entry.objects.filter(pk=other.pk).update(protocol=None)
        assert b"secret" in got(client, address)
        hidden, _made = Protocol.objects.get_or_create(slug="hidden", level=Protocol.Level.RESTRICTED)
        Entry.objects.filter(pk=other.pk).update(protocol=hidden)
        data = got(client, address)
        assert b"open" in data
        assert b"secret" not in data
        assert b"draft" not in data
        assert got(client, address) == data
    Lexicon.objects.filter(pk=lexicon.pk).update(protocol=hidden)
    assert client.get(reverse("lexicon-download", args=["one", "lift"])).status_code == 404
    for kind in ("lift", "exe", "..%2f"):
        assert client.get(f"/lexicons/nothing/download/{kind}").status_code == 404
    assert client.post(reverse("lexicon-download", args=["one", "lift"])).status_code == 405


def test_a_workbook_is_uploaded_like_a_table(linguist: Client) -> None:
    import openpyxl

    book, out = openpyxl.Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (["Word", "English"], ["abc", "x"], ["abd", 5]):
        sheet.append(row)
    book.save(out)
    upload(linguist, "words.xlsx", out.getvalue(), slug="one", orthography="zxx")
    run = ImportRun.objects.get()
    linguist.post(
        reverse("dictionary_import:columns", args=[run.pk]), {"column-0": "headword", "column-1": "gloss:en"}
    )
    run.refresh_from_db()
    running.phase(run, "check")
    running.phase(run, "apply")
    assert list(Entry.objects.order_by("pk").values_list("headword", "gloss")) == [("abc", "x"), ("abd", "5")]
    assert runs.counts(run)[0]["add"] == 2
