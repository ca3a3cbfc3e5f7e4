"""Records are uploaded in the admin: checked, mapped, applied and undone; who may not, cannot."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from access.domain import roles
from access.models import Protocol, User
from jobs.imports import runs
from jobs.models import ImportRow, ImportRun
from library.models import Collection, Record
from tests.library import samples
from tests.shared_data import shared

pytestmark = pytest.mark.django_db
MARC = "marc-traject/test_data.utf8.mrc"
TABLE = "Nhan đề;Năm;Loại;Ghi\nA;1998;book;x\nB;1999;book;y\n"
UPLOAD = "library_imports:upload"


def person(client: Client, role: str) -> Client:
    user = User.objects.create_user(role, password="x")
    user.groups.add(roles.group_of(role))
    client.force_login(user)
    return client


@pytest.fixture
def librarian(client: Client) -> Client:
    return person(client, roles.LIBRARIAN)


def upload(client: Client, name: str, data: bytes, **fields: Any) -> Any:
    return client.post(reverse(UPLOAD), {"file": SimpleUploadedFile(name, data), **fields}, follow=True)


def act(client: Client, run: ImportRun, phase: Any) -> None:
    """What a person does on the page of the run, and the worker after it."""
    if phase != "check":
        client.post(reverse("jobs:import_act", args=[run.pk, phase]))
    runs.run_phase_now(run, phase)
    run.refresh_from_db()


def test_a_librarian_uploads_marc_checks_applies_and_undoes_it(librarian: Client) -> None:
    into = Collection.objects.create(slug="one", title="One")
    page = upload(librarian, "records.mrc", shared(MARC).read_bytes(), collection=into.pk, publish="on")
    run = ImportRun.objects.get()
    assert page.redirect_chain[-1][0] == reverse("jobs:import", args=[run.pk])
    act(librarian, run, "check")
    assert runs.counts(run)[0]["add"] == 30
    assert not Record.objects.exists()
    act(librarian, run, "apply")
    assert Record.objects.filter(collection=into, live=True).count() == 30
    assert (
        Record.objects.first().title
        in librarian.get(reverse("wagtailsnippets_library_record:list")).content.decode()
    )  # type: ignore[union-attr]
    act(librarian, run, "undo")
    assert not Record.objects.exists()


def test_marcxml_that_was_exported_here_is_known_again_and_unpublished_without_the_tick(
    librarian: Client, tmp_path: Path
) -> None:
    call_command("import_records", shared(MARC), format="marc", verbosity=0)
    call_command("export_records", format="marcxml", out=tmp_path / "out.xml", verbosity=0)
    Record.objects.all().delete()
    upload(librarian, "records.xml", (tmp_path / "out.xml").read_bytes())
    run = ImportRun.objects.get(params__format="marcxml")
    act(librarian, run, "check")
    act(librarian, run, "apply")
    assert Record.objects.filter(live=False).count() == 30


def test_the_columns_of_a_table_are_guessed_shown_and_may_be_changed(librarian: Client) -> None:
    page = upload(librarian, "records.csv", TABLE.encode(), kind="photograph", publish="on")
    text = page.content.decode()
    for shown in ("Ghi", "1998", 'value="title"', 'value="date"'):
        assert shown in text
    run = ImportRun.objects.get()
    address = reverse("library_imports:columns", args=[run.pk])
    said = {"column-0": "title", "column-1": "date", "column-2": "kind", "column-3": "descripton"}
    assert "descripton" in librarian.post(address, said).content.decode()
    assert librarian.post(address, {**said, "column-0": "", "column-3": ""}).status_code == 200
    run.refresh_from_db()
    assert run.params["mapping"] is None
    librarian.post(address, {**said, "column-3": "description"})
    run.refresh_from_db()
    assert run.params["mapping"] == {"Nhan đề": "title", "Năm": "date", "Loại": "kind", "Ghi": "description"}
    act(librarian, run, "check")
    act(librarian, run, "apply")
    assert list(Record.objects.order_by("title").values_list("title", "kind", "live")) == [
        ("A", "book", True), ("B", "book", True),
    ]  # fmt: skip
    assert Record.objects.get(title="A").content["fields"]["description"][0]["value"] == "x"


def test_a_workbook_is_uploaded_like_a_table(librarian: Client) -> None:
    book, out = openpyxl.Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (["title", "date"], ["A", 1998]):
        sheet.append(row)
    book.save(out)
    upload(librarian, "records.xlsx", out.getvalue())
    run = ImportRun.objects.get()
    librarian.post(
        reverse("library_imports:columns", args=[run.pk]), {"column-0": "title", "column-1": "date"}
    )
    run.refresh_from_db()
    act(librarian, run, "check")
    act(librarian, run, "apply")
    assert Record.objects.get().content["fields"]["date"][0]["edtf"] == "1998"


@pytest.mark.parametrize(
    ("name", "data", "fields"),
    [
        ("a.mrc", b"no record at all", {}),
        ("a.xml", b"<collection", {}),
        ("a.xml", b"<!DOCTYPE x><collection/>", {}),
        ("a.csv", b"", {}),
        ("a.xlsx", b"PK\x03\x04", {}),
        ("a.doc", b"?", {}),
        ("a.csv", TABLE.encode(), {"kind": "nothing"}),
        ("a.csv", TABLE.encode(), {"collection": "0"}),
    ],
)
def test_what_cannot_be_used_is_said_on_the_page_and_leaves_nothing(
    librarian: Client, name: str, data: bytes, fields: dict[str, str]
) -> None:
    page = upload(librarian, name, data, **fields)
    assert page.status_code == 200
    assert not page.redirect_chain
    assert any(page.context["form"].errors.values())
    assert not ImportRun.objects.exists()


def test_a_file_that_breaks_off_is_refused_by_its_check_and_writes_nothing(librarian: Client) -> None:
    whole = shared(MARC).read_bytes()
    upload(librarian, "cut.mrc", whole[: len(whole) - 100])
    run = ImportRun.objects.get()
    act(librarian, run, "check")
    page = librarian.get(reverse("jobs:import", args=[run.pk]))
    assert page.status_code == 200
    counted = runs.counts(run)[0]
    assert run.error_code or counted["refused"] == 1
    assert not Record.objects.exists()


def test_only_who_may_import_sees_the_pages_and_their_place_in_the_menu(client: Client) -> None:
    person(client, roles.CONTRIBUTOR)
    assert client.get(reverse(UPLOAD)).status_code in (302, 403)
    upload(client, "a.csv", TABLE.encode())
    assert not ImportRun.objects.exists()
    assert reverse(UPLOAD) not in client.get(reverse("wagtailadmin_home")).content.decode()
    client.logout()
    person(client, roles.LIBRARIAN)
    assert reverse(UPLOAD) in client.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse(UPLOAD) in client.get(reverse("jobs:imports")).content.decode()


def test_a_hidden_collection_is_no_choice_and_the_columns_of_a_run_into_it_are_closed(
    librarian: Client,
) -> None:
    into = Collection.objects.create(slug="one", title="One")
    upload(librarian, "a.csv", TABLE.encode(), collection=into.pk)
    run = ImportRun.objects.get()
    address = reverse("library_imports:columns", args=[run.pk])
    assert librarian.get(address).status_code == 200
    hidden = Protocol.objects.create(slug="hidden", name="hidden", level=Protocol.Level.RESTRICTED)
    Collection.objects.filter(pk=into.pk).update(protocol=hidden)
    assert librarian.get(address).status_code == 404
    upload(librarian, "b.csv", TABLE.encode(), collection=into.pk)
    assert ImportRun.objects.count() == 1


def test_a_record_that_is_hidden_from_the_person_is_neither_changed_nor_shown(librarian: Client) -> None:
    hidden = Protocol.objects.create(slug="hidden", name="hidden", level=Protocol.Level.RESTRICTED)
    record = samples.published("Kept secret", protocol=hidden)
    upload(librarian, "a.csv", f"id,title\n{record.ark},Overwritten\n".encode(), publish="on")
    run = ImportRun.objects.get()
    librarian.post(reverse("library_imports:columns", args=[run.pk]), {"column-0": "id", "column-1": "title"})
    run.refresh_from_db()
    act(librarian, run, "check")
    (row,) = ImportRow.objects.filter(run=run)
    assert row.verdict == "refused"
    page = librarian.get(reverse("jobs:import", args=[run.pk])).content.decode()
    assert "Kept secret" not in page
    record.refresh_from_db()
    assert record.title == "Kept secret"
