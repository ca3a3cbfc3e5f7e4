"""Records come in and go out: checked, applied, resumed, undone; what did not change goes out byte for byte."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from jobs.imports import runs
from jobs.imports.types import Advising, importer_named
from jobs.models import ImportRow, ImportRun, Job
from library.domain import publish
from library.imports.importer import NAME
from library.imports.models import Original
from library.imports.source import Wish
from library.models import Collection, Holding, Record
from library.vocabularies import Agent
from search.models import OutboxRow
from tests.jobs.workers import wait_until, worker
from tests.shared_data import shared

pytestmark = pytest.mark.django_db
FOLDER = "marc-traject"
MANY = f"{FOLDER}/test_data.utf8.mrc"


def bring(path: Path, form: str, **options: Any) -> list[int]:
    """Import; gives how many were added, changed, the same, in conflict and refused."""
    out = io.StringIO()
    call_command("import_records", path, format=form, stdout=out, stderr=io.StringIO(), **options)
    return [int(number) for number in re.findall(r"\d+", out.getvalue())]


def carry(path: Path, form: str, **options: Any) -> bytes:
    call_command("export_records", format=form, out=path, stdout=io.StringIO(), **options)
    return path.read_bytes()


def test_a_check_says_what_would_come_and_writes_nothing() -> None:
    assert bring(shared(MANY), "marc", check=True) == [30, 0, 0, 0, 0]
    assert not Record.objects.exists()
    assert not ImportRun.objects.exists()


def test_marc_comes_in_and_goes_out_as_the_same_bytes_and_a_second_time_changes_nothing(
    tmp_path: Path,
) -> None:
    path = shared(MANY)
    assert bring(path, "marc") == [30, 0, 0, 0, 0]
    assert Record.objects.filter(live=True).count() == 30
    assert OutboxRow.objects.exists()
    assert carry(tmp_path / "out.mrc", "marc") == path.read_bytes()
    assert bring(path, "marc") == [0, 0, 30, 0, 0]


def test_marcxml_holds_the_records_of_marc(tmp_path: Path) -> None:
    bring(shared(MANY), "marc")
    carry(tmp_path / "out.xml", "marcxml")
    assert bring(tmp_path / "out.xml", "marcxml", check=True) == [0, 30, 0, 0, 0]
    titles = list(Record.objects.order_by("pk").values_list("title", flat=True))
    Record.objects.all().delete()
    bring(tmp_path / "out.xml", "marcxml")
    assert list(Record.objects.order_by("pk").values_list("title", flat=True)) == titles


def test_what_a_person_changed_is_the_only_thing_that_changes_in_the_export(tmp_path: Path) -> None:
    path = shared(f"{FOLDER}/hebrew880s.marc")
    bring(path, "marc")
    record = Record.objects.get()
    record.content["fields"]["title"][0]["value"] = "Changed here"
    publish.publish(record)
    Holding.objects.create(record=record, institution="Thư viện tỉnh", call_number="DC 12")
    out = carry(tmp_path / "out.mrc", "marc")
    before, after = path.read_bytes().split(b"\x1e"), out.split(b"\x1e")
    assert set(before[1:]) - set(after[1:]) == {one for one in before if b"Anarkhizm" in one}
    assert {one[:40] for one in set(after[1:]) - set(before[1:])} == {
        b"10\x1f6880-02\x1faChanged here /\x1fcShalom Ratsa",
        "  \x1faThư viện tỉnh\x1fhDC 12".encode(),
    }


def test_an_agent_in_place_of_a_name_is_written_by_its_name(tmp_path: Path) -> None:
    path = shared(f"{FOLDER}/george_eliot.marc")
    bring(path, "marc")
    record = Record.objects.get()
    agent = Agent.objects.create(name="Paris, Bernard J.", name_vi="Paris, Bernard J.")
    node = record.content["fields"]["creator"][0]
    record.content["fields"]["creator"] = [{"id": node["id"], "agent": agent.pk}]
    publish.publish(record)
    assert carry(tmp_path / "out.mrc", "marc") == path.read_bytes()


def test_a_broken_record_is_told_with_its_place_and_the_others_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "mixed.mrc"
    good = shared(f"{FOLDER}/george_eliot.marc").read_bytes()
    bad = shared(f"{FOLDER}/hebrew880s.marc").read_bytes().replace("אנ".encode(), b"\xd7\xd7\xff\xff")
    path.write_bytes(bad + good)
    errors = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_records", path, format="marc", stdout=io.StringIO(), stderr=errors)
    assert caught.value.returncode == 1
    assert "mixed.mrc, #1, 880 $a" in errors.getvalue()
    assert Record.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "form"), [(b"", "marc"), (b"no marc", "marc"), (b"<a/>", "marcxml"), (b"x\n1\n", "csv")]
)
def test_a_file_that_is_something_else_is_refused_as_a_whole(data: bytes, form: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(CommandError) as caught:
        bring(tmp_path / "file", form)
    assert caught.value.returncode == 2
    assert not Record.objects.exists()


def started(path: Path, **wish: Any) -> ImportRun:
    with path.open("rb") as stream:
        params = Wish("marc", **wish).as_params()
        return runs.create(NAME, stream, file_name=path.name, params=params, user=None, title="t")


def test_what_changed_in_the_file_and_here_waits_for_a_person_and_can_be_undone(tmp_path: Path) -> None:
    path = tmp_path / "one.mrc"
    first = shared(f"{FOLDER}/george_eliot.marc").read_bytes()
    path.write_bytes(first)
    bring(path, "marc")
    record = Record.objects.get()
    record.content["fields"]["title"][0]["value"] = "Ours"
    record.content["fields"]["people"] = [{"people": "24"}]
    publish.publish(record)
    content = Record.objects.get().content
    # The same length, so the record stays well-formed.
    path.write_bytes(
        first.replace(b"Rereading George", b"Retelling George").replace(b"xiii, 220", b"xiii, 221")
    )
    run = started(path)
    runs.run_phase_now(run, "check")
    row = ImportRow.objects.get(run=run)
    assert (row.verdict, row.code) == ("conflict", "both-changed")
    assert Record.objects.get().content == content
    runs.decide(run, "theirs")
    runs.run_phase_now(run, "apply")
    now = Record.objects.get()
    assert now.title.startswith("Retelling George")
    assert now.content["fields"]["people"] == content["fields"]["people"]
    assert now.content["fields"]["extent"][0]["value"].startswith("xiii, 221")
    assert b"Retelling" in bytes(Original.objects.get().data)
    runs.run_phase_now(run, "undo")
    assert Record.objects.get().content == content
    assert bytes(Original.objects.get().data) == first


def test_undo_takes_new_records_away() -> None:
    run = started(shared(MANY))
    runs.run_phase_now(run, "check")
    runs.run_phase_now(run, "apply")
    assert Record.objects.count() == 30
    runs.run_phase_now(run, "undo")
    assert not Record.objects.exists()
    assert not Original.objects.exists()


TABLE = (
    "id,title:vi,title:en,creator:col,năm,ngôn ngữ,dân tộc,chủ đề,kind\r\n"
    "A1,Lễ hội,Festival,Nguyễn Một|Trần Hai,1998~,tyz|vi,,dân ca|lễ,photograph\r\n"
    "A2,,,,1998,,,,book\r\n"
    "A3,Sách,,,hôm qua,,,,book\r\n"
    "A4,Sách,,,1998,,,,nothing\r\n"
    "A5,Sách hay,,Nguyễn Một,2001,vi,,,\r\n"
)


def test_tables_come_in_row_by_row_with_several_values_and_names_and_go_out_again(tmp_path: Path) -> None:
    agent = Agent.objects.create(name="Nguyễn Một", name_vi="Nguyễn Một")
    Collection.objects.create(slug="anh", title="Ảnh")
    path = tmp_path / "records.csv"
    path.write_text(TABLE, encoding="utf-8", newline="")
    errors = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(
            "import_records", path, format="csv", collection="anh", stdout=io.StringIO(), stderr=errors
        )
    assert caught.value.returncode == 1
    said = errors.getvalue()
    for place in ("line 3", "line 4, năm", "nothing"):
        assert place in said or place.replace("line", "dòng") in said, said
    photograph, book = Record.objects.order_by("pk")
    assert photograph.kind == "photograph"
    assert [node.get("agent") or node["value"] for node in photograph.content["fields"]["creator"]] == [
        agent.pk,
        "Trần Hai",
    ]
    assert book.kind == "book"
    assert book.collection is not None
    for form in ("csv", "xlsx"):
        out = tmp_path / f"out.{form}"
        carry(out, form, collection="anh")
        assert bring(out, form, collection="anh") == [0, 0, 2, 0, 0]
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0]["creator:col"] == "Nguyễn Một|Trần Hai"
    assert load_workbook(tmp_path / "out.xlsx").active.max_row == 3  # type: ignore[union-attr]


def test_a_table_changes_only_what_it_says(tmp_path: Path) -> None:
    bring(shared(f"{FOLDER}/george_eliot.marc"), "marc")
    record = Record.objects.get()
    path = tmp_path / "rows.csv"
    path.write_text(f"id,title,description\n{record.ark},{record.title},Tóm tắt\n", encoding="utf-8")
    bring(path, "csv")
    now = Record.objects.get()
    assert now.content["fields"]["description"][0]["value"] == "Tóm tắt"
    assert now.content["fields"]["creator"] == record.content["fields"]["creator"]
    assert now.original.format == "marc"


def test_a_mapping_and_an_old_encoding_are_followed(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('[columns]\n"T" = "title:vi"\n"N" = "id"\n', encoding="utf-8")
    (tmp_path / "t.csv").write_text("N,T\n1,TiÕng ViÖt\n", encoding="utf-8")
    bring(tmp_path / "t.csv", "csv", mapping=tmp_path / "m.toml", legacy=["T=tcvn3"])
    assert Record.objects.get().title == "Tiếng Việt"
    (tmp_path / "m.toml").write_text('[columns]\n"Nowhere" = "title"\n', encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        bring(tmp_path / "t.csv", "csv", mapping=tmp_path / "m.toml")
    assert "Nowhere" in str(caught.value)


def test_columns_in_an_old_encoding_are_advised_about_and_the_choice_is_followed(tmp_path: Path) -> None:
    lines = "".join(
        f"{n},Céng hoµ x· héi chñ nghÜa ViÖt Nam - TiÕng ViÖt vµ v¨n häc d©n gian\n" for n in range(20)
    )
    path = tmp_path / "old.csv"
    path.write_text(f"id,title\n{lines}", encoding="utf-8")
    with path.open("rb") as stream:
        params = Wish("csv").as_params()
        run = runs.create(NAME, stream, file_name="old.csv", params=params, user=None, title="t")
    runs.run_phase_now(run, "check")
    (advice,) = run.advice
    assert (advice["key"], advice["value"], advice["chosen"]) == ("title", "tcvn3", "")
    importer = importer_named(NAME)
    assert isinstance(importer, Advising)
    assert importer.follow(run.params, "title", "tcvn3")["legacy"] == {"title": "tcvn3"}
    with pytest.raises(ValueError, match="legacy"):
        importer.follow(run.params, "title", "no-such")


@pytest.mark.django_db(transaction=True)
def test_an_import_whose_worker_is_killed_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    one = shared(MANY).read_bytes()
    path = tmp_path / "many.mrc"
    # The same records many times under numbers of their own.
    path.write_bytes(b"".join(_numbered(one, copy) for copy in range(30)))
    run = started(path)
    runs.run_phase_now(run, "check")
    job = runs.start(run, "apply")
    with worker("--queue", "default") as victim:
        wait_until(lambda: Record.objects.exists(), "the first chunk is written")
        victim.kill()
        victim.wait()
    stuck = Job.objects.get(pk=job.pk)
    assert stuck.state == Job.State.RUNNING, "it had finished before it was killed"
    Job.objects.filter(pk=job.pk).update(lease_until=stuck.created_at)  # spare the test the wait
    ended = runs.run_phase_now(run, "apply")
    assert (ended.state, ended.token) == (Job.State.DONE, 2)
    assert Record.objects.count() == Original.objects.count() == 900
    assert Original.objects.values("key").distinct().count() == 900
    carry(tmp_path / "out.mrc", "marc")
    assert (tmp_path / "out.mrc").read_bytes() == path.read_bytes()


def _numbered(data: bytes, copy: int) -> bytes:
    records = []
    for raw in data.split(b"\x1d")[:-1]:
        directory, first, rest = raw.split(b"\x1e", 2)
        records.append(b"\x1e".join((directory, b"%02d" % copy + first[2:], rest)) + b"\x1d")
    return b"".join(records)
