"""Folders of files are taken in: checked first, each once, resumed after a kill, undone."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import Workbook
from pytest_django.fixtures import Settings

from access.domain.roles import CONTRIBUTOR, LIBRARIAN
from access.models import Protocol
from jobs.imports import runs
from jobs.models import ImportRow, ImportRun, Job
from library.ingest.importer import NAME
from library.ingest.sources import natural
from library.models import Collection, Record, RecordFile
from media_pipeline.models import Asset, Blob
from tests.jobs.workers import wait_until
from tests.library.samples import collection, person
from tests.media_pipeline.files import picture
from tests.shared_data import REPOSITORY, shared

pytestmark = pytest.mark.django_db


def take(*paths: Path, **options: Any) -> tuple[list[int], str]:
    """Take in; gives how many were added, changed, the same, in conflict and refused, and all that was said."""
    out, said = io.StringIO(), io.StringIO()
    try:
        with translation.override("en"):
            call_command("ingest", *map(str, paths), collection="sample", stdout=out, stderr=said, **options)
    except CommandError as error:
        assert error.returncode == 1, error
        said.write(str(error))
    last = out.getvalue().strip().splitlines()[-1]
    return [int(number) for number in re.findall(r": (\d+)", last)], out.getvalue() + said.getvalue()


def table(path: Path, *rows: tuple[str, ...]) -> Path:
    """A CSV file."""
    path.write_text("".join(";".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a scanned book of real pages, a PDF and a recording."""
    collection()
    scans = tmp_path / "scans"
    (scans / "book").mkdir(parents=True)
    shutil.copy(shared("images-ocr/baiona.png"), scans / "book" / "page-10.png")
    shutil.copy(shared("images-ocr/linn.png"), scans / "book" / "page-2.png")
    shutil.copy(shared("images-ocr/skew.pdf"), scans / "letter_of_1921.pdf")
    shutil.copy(shared("audio-whisper/jfk.flac"), scans / "speech.flac")
    return scans


def files_of(title: str) -> list[str]:
    return list(RecordFile.objects.filter(record__title=title).values_list("name", flat=True))


def test_numbers_in_names_count() -> None:
    names = ["page-10.png", "page-2.png", "Page-1b.png", "page-1.png", "page.png"]
    assert sorted(names, key=natural) == [
        "page-1.png",
        "Page-1b.png",
        "page-2.png",
        "page-10.png",
        "page.png",
    ]


def test_a_folder_becomes_records_that_are_worked_on_and_a_second_time_changes_nothing(folder: Path) -> None:
    assert take(folder, language=["en"])[0] == [3, 0, 0, 0, 0]
    assert files_of("book") == ["page-2.png", "page-10.png"]
    kinds = dict(Record.objects.values_list("title", "kind"))
    assert kinds == {"book": "book", "letter of 1921": "book", "speech": "recording"}
    assert not Record.objects.filter(live=True).exists()
    assert set(Asset.objects.values_list("languages", flat=True)) == {"en"}
    assert Job.objects.filter(kind="media.asset").count() == 4
    assert take(folder, language=["en"])[0] == [0, 0, 3, 0, 0]
    assert RecordFile.objects.count() == 4


def test_a_check_says_what_would_come_and_writes_nothing(folder: Path) -> None:
    numbers, said = take(folder, check=True)
    assert numbers == [3, 0, 0, 0, 0]
    assert "book: book (2: page-2.png, page-10.png)" in said
    assert not Record.objects.exists()
    assert not Blob.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_table_says_what_the_files_are(folder: Path, tmp_path: Path) -> None:
    sidecar = table(
        folder / "table.csv",
        ("path", "title:en", "kind", "language", "date", "people", "license", "embargo", "caption"),
        ("book", "A day of the fair", "manuscript", "en", "1998~", "02", "CC0-1.0", "", ""),
        ("book/page-10.png", "", "", "", "", "", "CC-BY-4.0", "2999-01-01", "The last leaf"),
        ("scans/letter_of_1921.pdf", "A letter", "", "en", "1921", "", "", "2999-12-31", ""),
        ("speech.flac", "A speech", "", "en", "1961-01-20", "", "", "", "On the steps"),
    )  # fmt: skip
    assert take(folder, sidecar=sidecar, publish=True)[0] == [3, 0, 0, 0, 0]
    book = Record.objects.get(title="A day of the fair")
    assert (book.kind, book.live) == ("manuscript", True)
    assert book.content["fields"]["people"][0]["people"] == "02"
    first, last = book.files.all()
    assert (first.name, first.licence, first.embargo_until) == ("page-2.png", "", None)
    assert (last.caption, last.licence, str(last.embargo_until)) == (
        "The last leaf",
        "CC-BY-4.0",
        "2999-01-01",
    )
    assert str(Record.objects.get(title="A letter").embargo_until) == "2999-12-31"
    assert RecordFile.objects.get(name="speech.flac").caption == "On the steps"


def test_a_table_in_xlsx_names_files_however_their_marks_are_written(tmp_path: Path) -> None:
    collection()
    name = "lễ hội.png"
    scans = tmp_path / "ảnh"
    scans.mkdir()
    (scans / unicodedata.normalize("NFD", name)).write_bytes(picture())
    book = Workbook()
    assert book.active is not None
    book.active.append(["Đường dẫn", "Nhan đề", "Năm"])
    book.active.append([name, "Một tấm ảnh", 1998])
    book.save(tmp_path / "table.xlsx")
    assert take(scans, sidecar=tmp_path / "table.xlsx")[0] == [1, 0, 0, 0, 0]
    assert files_of("Một tấm ảnh") == [name]


def test_every_problem_is_said_with_its_path_and_line_and_the_rest_is_taken(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.png").write_bytes(picture(size=(50, 50)))
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "away").symlink_to(tmp_path)
    (folder / "notes.txt").write_text("not a scan")
    (folder / "empty.png").write_bytes(b"")
    (folder / "left.png").write_bytes(picture(size=(60, 60)))
    sidecar = table(
        tmp_path / "table.csv",
        ("path", "title", "date", "embargo"),
        ("book", "A book", "1998", ""),
        ("gone.tif", "Gone", "", ""),
        ("../secret.png", "Climbs", "", ""),
        ("letter_of_1921.pdf", "A letter", "last year", ""),
        ("speech.flac", "A speech", "", "soon"),
        ("book", "Again", "", ""),
    )
    numbers, said = take(folder, sidecar=sidecar)
    assert numbers == [1, 0, 0, 0, 10]
    assert Record.objects.get().title == "A book"
    for line in (
        "table.csv, 3: There is no such file or folder: “gone.tif”",
        "table.csv, 4: The path “../secret.png” leads out",
        "date: “last year” is not a date",
        "table.csv, 6: “soon” is no day",
        "table.csv, 7: “book” stands in the table twice",
        "scans/link.png: This is a symbolic link",
        "scans/away: This is a symbolic link",
        "scans/notes.txt: This kind of file is not taken",
        "scans/empty.png: The file is empty",
        "scans: No row of the table names this: left.png",
    ):
        assert line in said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((("path", "title", "colour"), ("book", "A book", "red")), "“colour” is not known"),
        ((("title",), ("A book",)), "No column holds the paths"),
        ((("path",), ("book",)), "No column holds the title"),
    ],
)
def test_a_table_that_cannot_be_used_stops_everything(
    rows: tuple[tuple[str, ...], ...], said: str, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=said) as caught:
        take_unusable(folder, sidecar=table(tmp_path / "table.csv", *rows))
    assert caught.value.returncode == 2
    assert not ImportRun.objects.exists()


def take_unusable(*paths: Path, **options: Any) -> None:
    out = io.StringIO()
    with translation.override("en"):
        call_command("ingest", *map(str, paths), collection="sample", stdout=out, stderr=out, **options)


def test_bytes_that_the_library_has_wait_for_a_decision_and_name_the_record_to_who_may_see_it(
    folder: Path, tmp_path: Path
) -> None:
    take(folder / "speech.flac")
    (tmp_path / "other").mkdir()
    shutil.copy(folder / "speech.flac", tmp_path / "other" / "copy.flac")
    numbers, said = take(tmp_path / "other")
    assert numbers == [0, 0, 0, 1, 0]
    assert "other/copy.flac, in “speech” (ark:" in said
    person("reader", CONTRIBUTOR)
    with pytest.raises(CommandError, match="may not do this"):
        take_unusable(tmp_path / "other", user="reader")
    assert take(tmp_path / "other", duplicates=True)[0][0] == 1
    assert Blob.objects.count() == 1


def test_a_librarian_is_told_but_does_not_decide_who_sees(folder: Path, tmp_path: Path) -> None:
    mai = person("mai", LIBRARIAN)
    sidecar = table(
        tmp_path / "table.csv",
        ("path", "title", "embargo"),
        ("book", "A book", ""),
        ("speech.flac", "S", "2999-01-01"),
    )
    numbers, said = take(folder, sidecar=sidecar, user="mai")
    assert numbers[0] == 1
    assert "table.csv, 3: Only a steward" in said
    assert ImportRun.objects.get().user == mai


def test_a_record_or_collection_that_a_person_may_not_see_gets_nothing_from_them(folder: Path) -> None:
    person("mai", LIBRARIAN)
    take(folder / "book", publish=True)
    hidden = Protocol.objects.create(slug="hidden", name="hidden", level=Protocol.Level.RESTRICTED)
    Record.objects.update(protocol=hidden)
    (folder / "book" / "page-11.png").write_bytes(picture())
    numbers, said = take(folder / "book", user="mai")
    assert numbers == [0, 0, 0, 0, 1]
    assert "you may not see it" in said
    assert files_of("book") == ["page-2.png", "page-10.png"]
    Collection.objects.update(protocol=hidden)
    with pytest.raises(CommandError, match="no collection"):
        take_unusable(folder / "book", user="mai")


def test_new_pages_are_added_to_the_record_and_undo_takes_away_what_came(folder: Path) -> None:
    take(folder)
    first = ImportRun.objects.get()
    (folder / "book" / "page-11.png").write_bytes(picture())
    assert take(folder)[0] == [0, 1, 2, 0, 0]
    assert files_of("book") == ["page-2.png", "page-10.png", "page-11.png"]
    second = ImportRun.objects.latest("pk")
    runs.run_phase_now(second, "undo")
    assert files_of("book") == ["page-2.png", "page-10.png"]
    record = Record.objects.get(title="letter of 1921")
    record.content["fields"]["title"][0]["value"] = "Renamed"
    record.save_revision()
    runs.run_phase_now(first, "undo")
    assert Record.objects.get().pk == record.pk, "what was edited since stays"
    assert set(first.rows.values_list("outcome", flat=True)) == {"undone", "kept"}
    assert RecordFile.objects.count() == 1


def test_a_zip_archive_is_a_folder_and_a_harmful_one_is_refused(folder: Path, tmp_path: Path) -> None:
    good = tmp_path / "box.zip"
    with zipfile.ZipFile(good, "w") as box:
        box.write(folder / "book" / "page-10.png", "book/page-10.png")
        box.write(folder / "book" / "page-2.png", "book/page-2.png")
        box.writestr("__MACOSX/book/page-2.png", b"")
    assert take(good)[0] == [1, 0, 0, 0, 0]
    assert files_of("book") == ["page-2.png", "page-10.png"]
    climbing = tmp_path / "climbing.zip"
    with zipfile.ZipFile(climbing, "w") as box:
        box.writestr("../out.png", picture())
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("scan.png", bytes(60_000_000))
    for path in (climbing, bomb):
        with pytest.raises(CommandError) as caught:
            take_unusable(path)
        assert caught.value.returncode == 2


def test_a_file_that_changes_between_check_and_taking_is_not_taken(folder: Path) -> None:
    take_unusable(folder, background=True)
    run = ImportRun.objects.get()
    (folder / "speech.flac").write_bytes(b"fLaC" + bytes(100))
    (folder / "letter_of_1921.pdf").unlink()
    runs.run_phase_now(run, "apply")
    assert list(Record.objects.values_list("title", flat=True)) == ["book"]
    codes = ImportRow.objects.filter(run=run, verdict="refused").values_list("code", flat=True)
    assert set(codes) == {"changed", "missing"}


def test_limits_hold(folder: Path, settings: Settings) -> None:
    settings.NHASAN_IMPORT_MAX_FILES = 3
    with pytest.raises(CommandError, match="more than 3 files"):
        take_unusable(folder)
    settings.NHASAN_IMPORT_MAX_FILES = 100
    settings.NHASAN_MEDIA_MAX_BYTES = 100_000
    numbers, said = take(folder, check=True)
    assert numbers[4] > 0
    assert "NHASAN_MEDIA_MAX_BYTES" in said


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_midst_the_same_command_goes_on_and_doubles_nothing(tmp_path: Path) -> None:
    collection()
    scans = tmp_path / "scans"
    for number in range(60):
        (scans / f"book-{number}").mkdir(parents=True)
        for page in range(2):
            (scans / f"book-{number}" / f"{page}.png").write_bytes(picture(size=(60 + number, 50 + page)))
    command = [sys.executable, "-m", "django", "ingest", str(scans), "--collection", "sample"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.jobs.settings"}
    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, stderr=subprocess.DEVNULL) as victim:
        wait_until(lambda: Record.objects.exists(), "the first chunk is written")
        victim.kill()
    run = ImportRun.objects.get(importer=NAME)
    assert run.state == ImportRun.State.APPLYING, "it had finished before it was killed"
    assert 0 < Record.objects.count() < 60
    assert run.job_id is not None
    Job.objects.filter(pk=run.job_id).update(lease_until=run.created_at)  # spare the test the wait
    assert take(scans)[0] == [60, 0, 0, 0, 0]
    assert ImportRun.objects.filter(importer=NAME).count() == 1
    assert (Record.objects.count(), RecordFile.objects.count()) == (60, 120)
    assert take(scans)[0] == [0, 0, 60, 0, 0]
