"""Files into lexicons and out again, through the command, the database and the import machinery."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from access.models import Protocol
from dictionary.domain import publish
from dictionary.domain.content import digest
from dictionary.imports import running
from dictionary.imports.source import Wish
from dictionary.models import Entry, EntryFile, Lexicon
from jobs.imports import runs
from jobs.models import ImportRow, ImportRun
from search.models import LookupRow
from tests.shared_data import SHARED, shared

pytestmark = pytest.mark.django_db
LIFTS = sorted(path.relative_to(SHARED).as_posix() for path in SHARED.glob("lift-*/**/*.lift")) or [
    "lift-sil"
]
FLEX = "lift-sil/flex/AllFLExFields"
GUIDS = [f"{n}1111111-1111-4111-8111-111111111111" for n in range(1, 10)]


def bring_in(path: Path, slug: str, kind: str = "lift", **options: Any) -> str:
    out = io.StringIO()
    call_command(
        "import_lexicon", str(path), format=kind, lexicon=slug, stdout=out, stderr=io.StringIO(), **options
    )
    return out.getvalue()


def numbers(said: str) -> list[int]:
    """added, changed, no change, conflicts, refused"""
    return [int(number) for number in re.findall(r": (\d+)", said)]


def bring_out(slug: str, kind: str, path: Path, **options: Any) -> Path:
    call_command("export_lexicon", slug, format=kind, out=path, stdout=io.StringIO(), **options)
    return path


def contents(slug: str) -> list[dict[str, Any]]:
    return list(
        Entry.objects.filter(lexicon__slug=slug).order_by("source_order").values_list("content", flat=True)
    )


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def lift(*words: str, **texts: str) -> str:
    entries = "".join(
        f'<entry guid="{guid}"><lexical-unit><form lang="zxx"><text>{word}</text></form></lexical-unit>'
        f'<sense id="s{guid}"><gloss lang="en"><text>{texts.get(word, "x")}</text></gloss></sense></entry>\n'
        for guid, word in zip(GUIDS, words, strict=False)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<lift version="0.13">\n{entries}</lift>\n'


def written(folder: Path, text: str, name: str = "words.lift") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", LIFTS)
def test_a_lift_file_goes_in_comes_out_byte_for_byte_and_goes_in_again_without_a_change(
    name: str, tmp_path: Path
) -> None:
    source = written(tmp_path, "")
    source.write_bytes(shared(name).read_bytes())
    count = source.read_bytes().count(b"<entry")
    assert numbers(bring_in(source, "one")) == [count, 0, 0, 0, 0]
    if not count:
        return
    out = bring_out("one", "lift", tmp_path / "out.lift")
    assert out.read_bytes() == source.read_bytes()
    before = contents("one")
    assert numbers(bring_in(out, "one")) == [0, 0, count, 0, 0]
    assert contents("one") == before
    assert numbers(bring_in(out, "two")) == [count, 0, 0, 0, 0]
    assert contents("two") == before
    for entry in Entry.objects.filter(lexicon__slug="one"):
        assert digest(entry.content) == entry.fragment_hash


def test_entries_without_a_headword_and_deleted_ones_are_kept_but_not_published() -> None:
    bring_in(shared("lift-sil/spec-examples/0.13/fields any order.lift"), "one")
    bring_in(shared("lift-sil/spec-examples/0.13/dates.lift"), "two")
    assert [entry.live for entry in Entry.objects.filter(lexicon__slug="one")] == [False]
    assert [entry.live for entry in Entry.objects.filter(lexicon__slug="two").order_by("source_order")] == [
        True,
        False,
    ]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, "PNG")
    return out.getvalue()


SOUND = b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(64)


def flex_archive(folder: Path) -> Path:
    path = folder / "AllFLExFields.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for each in sorted(shared(FLEX).rglob("*")):
            archive.write(each, each.relative_to(shared(FLEX).parent).as_posix())
        archive.writestr("AllFLExFields/audio/Kalimba.mp3", SOUND)
        archive.writestr("AllFLExFields/pictures/Desert.jpg", picture())
    return path


def test_the_archive_of_fieldworks_keeps_its_sound_pictures_ranges_and_writing_systems(
    tmp_path: Path,
) -> None:
    source = flex_archive(tmp_path)
    assert numbers(bring_in(source, "flex")) == [2, 0, 0, 0, 0]
    assert set(EntryFile.objects.values_list("href", "blob__media_type")) == {
        ("Kalimba.mp3", "audio/mpeg"), ("Desert.jpg", "image/png"),
    }  # fmt: skip
    out = bring_out("flex", "lift", tmp_path / "out.zip")
    with zipfile.ZipFile(out) as archive, zipfile.ZipFile(source) as original:
        base = "AllFLExFields/"
        assert archive.read(f"{base}flex.lift") == original.read(f"{base}AllFLExFields.lift")
        for name in (
            "AllFLExFields.lift-ranges",
            "WritingSystems/th.ldml",
            "audio/Kalimba.mp3",
            "pictures/Desert.jpg",
        ):
            assert archive.read(base + name) == original.read(base + name), name
    assert numbers(bring_in(out, "flex")) == [0, 0, 2, 0, 0]
    assert numbers(bring_in(out, "flex2")) == [2, 0, 0, 0, 0]
    assert EntryFile.objects.filter(entry__lexicon__slug="flex2").count() == 2


def test_a_lift_file_in_its_folder_brings_its_companions(tmp_path: Path) -> None:
    bring_in(shared(FLEX), "folder")
    bring_in(shared(f"{FLEX}/AllFLExFields.lift"), "file")
    for slug in ("folder", "file"):
        assert [each.name for each in Lexicon.objects.get(slug=slug).files.all()] == [
            "AllFLExFields.lift-ranges", "WritingSystems/en.ldml", "WritingSystems/fr.ldml", "WritingSystems/th.ldml",
        ]  # fmt: skip


def test_a_file_of_a_kind_that_is_not_taken_is_left_out_and_the_report_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.lift", lift("a").replace("</sense>", '<illustration href="a.png"/></sense>'))
        archive.writestr("pictures/a.png", b"<svg onload='alert(1)'/>")
    bring_in(path, "one")
    assert not EntryFile.objects.exists()
    assert ImportRow.objects.get().code == "media-not-taken"


# --- what changes, conflicts, undo ------------------------------------------------------------------------------


def run_of(path: Path, lexicon: Lexicon, kind: str = "lift") -> ImportRun:
    run = running.create(Wish(lexicon.pk, kind), path, path.name, title="test")
    running.phase(run, "check")
    return run


def verdicts(run: ImportRun) -> list[str]:
    return list(run.rows.order_by("number").values_list("verdict", flat=True))


def test_only_what_changed_is_changed_and_its_node_ids_stay(tmp_path: Path) -> None:
    bring_in(written(tmp_path, lift("a", "b")), "one")
    before = contents("one")
    changed = written(tmp_path, lift("a", "b", "c", a="new").replace("<sense", "<sense/><sense", 1))
    run = run_of(changed, Lexicon.objects.get(slug="one"))
    assert verdicts(run) == ["change", "same", "add"]
    assert "en: x → new" in " ".join(run.rows.get(number=1).changes)
    running.phase(run, "apply")
    after = contents("one")
    assert after[1] == before[1]
    assert after[0]["senses"][1]["id"] == before[0]["senses"][0]["id"]
    assert after[0]["senses"][0]["id"] != before[0]["senses"][0]["id"]
    assert LookupRow.objects.filter(text="new", kind="gloss").exists()
    assert not LookupRow.objects.filter(text="x", object_id=Entry.objects.get(headword="a").pk).exists()


def test_an_entry_with_an_open_draft_is_a_conflict_that_a_person_decides(tmp_path: Path) -> None:
    bring_in(written(tmp_path, lift("a", "b")), "one")
    lexicon = Lexicon.objects.get(slug="one")
    entry = Entry.objects.get(headword="a")
    entry.content["senses"][0]["glosses"][0]["text"] = "draft"
    entry.save_revision()
    run = run_of(written(tmp_path, lift("a", "b", a="file")), lexicon)
    assert verdicts(run) == ["conflict", "same"]
    runs.decide(run, "theirs")
    running.phase(run, "apply")
    assert contents("one")[0]["senses"][0]["glosses"][0]["text"] == "file"
    running.phase(run, "undo")
    assert contents("one")[0]["senses"][0]["glosses"][0]["text"] == "x"


def test_an_entry_changed_after_the_check_is_not_written_over(tmp_path: Path) -> None:
    bring_in(written(tmp_path, lift("a", "b")), "one")
    run = run_of(written(tmp_path, lift("a", "b", a="file", b="file")), Lexicon.objects.get(slug="one"))
    entry = Entry.objects.get(headword="a")
    entry.content["senses"][0]["glosses"][0]["text"] = "person"
    publish.publish(entry)
    running.phase(run, "apply")
    assert [each["senses"][0]["glosses"][0]["text"] for each in contents("one")] == ["person", "file"]
    assert verdicts(run) == ["conflict", "change"]


def test_undo_puts_everything_back(tmp_path: Path) -> None:
    bring_in(written(tmp_path, lift("a", "b")), "one")
    lexicon = Lexicon.objects.get(slug="one")
    state = [
        (e.content, e.fragment, e.fragment_hash, e.source_order, e.live) for e in Entry.objects.order_by("pk")
    ]
    text = lift("a", "b", "c", a="new").replace("<lift ", "<!-- other --><lift ")
    run = run_of(written(tmp_path, text), lexicon)
    running.phase(run, "apply")
    assert Entry.objects.count() == 3
    assert "other" in bring_out("one", "lift", tmp_path / "out.lift").read_text()
    running.phase(run, "undo")
    assert [
        (e.content, e.fragment, e.fragment_hash, e.source_order, e.live) for e in Entry.objects.order_by("pk")
    ] == state
    assert bring_out("one", "lift", tmp_path / "out.lift").read_text() == lift("a", "b")
    assert not LookupRow.objects.filter(text__in=["c", "new"]).exists()


def test_undo_leaves_what_was_edited_since_and_says_so(tmp_path: Path) -> None:
    lexicon = Lexicon.objects.create(slug="one", title="one", language="zxx", orthography="zxx")
    run = run_of(written(tmp_path, lift("a", "b")), lexicon)
    running.phase(run, "apply")
    entry = Entry.objects.get(headword="a")
    entry.content["senses"][0]["glosses"][0]["text"] = "person"
    publish.publish(entry)
    running.phase(run, "undo")
    assert list(Entry.objects.values_list("headword", flat=True)) == ["a"]
    assert list(run.rows.order_by("number").values_list("outcome", flat=True)) == ["kept", "undone"]


def test_an_edited_entry_is_exported_anew_and_the_others_byte_for_byte(tmp_path: Path) -> None:
    source = written(tmp_path, lift("a", "b"))
    bring_in(source, "one")
    entry = Entry.objects.get(headword="a")
    entry.content["senses"][0]["glosses"][0]["text"] = "person"
    publish.publish(entry)
    out = bring_out("one", "lift", tmp_path / "out.lift").read_text()
    assert "<text>person</text>" in out
    assert lift("a", "b").split("\n")[3] in out.split("\n")
    assert numbers(bring_in(written(tmp_path, out, "again.lift"), "one")) == [0, 0, 2, 0, 0]


def test_an_entry_the_file_says_was_deleted_is_taken_off_the_site(tmp_path: Path) -> None:
    bring_in(written(tmp_path, lift("a", "b")), "one")
    text = lift("a", "b").replace("<entry ", '<entry dateDeleted="2026-01-01" ', 1)
    assert numbers(bring_in(written(tmp_path, text), "one")) == [0, 1, 1, 0, 0]
    assert list(Entry.objects.order_by("pk").values_list("live", flat=True)) == [False, True]
    assert not LookupRow.objects.filter(object_id=Entry.objects.order_by("pk").first().pk).exists()  # type: ignore[union-attr]


# --- what cannot be taken ---------------------------------------------------------------------------------------


def test_exit_codes_tell_refused_rows_from_an_unusable_file(tmp_path: Path) -> None:
    refused = written(tmp_path, lift("a", "b").replace('lang="zxx"', 'lang="not a tag"', 1))
    with pytest.raises(CommandError) as caught:
        bring_in(refused, "one")
    assert caught.value.returncode == 1
    assert [entry.headword for entry in Entry.objects.all()] == ["b"]
    with pytest.raises(CommandError) as caught:
        bring_in(written(tmp_path, lift("a")[:-30]), "two")
    assert caught.value.returncode == 2
    assert not Lexicon.objects.filter(slug="two").exists()
    with pytest.raises(CommandError) as caught:
        bring_in(tmp_path / "nothing.lift", "two")
    assert caught.value.returncode == 2


def test_nothing_is_written_of_a_file_that_breaks_at_its_end(tmp_path: Path) -> None:
    bring_in(written(tmp_path, lift("a")), "one")
    many = lift(*"abcdefgh", a="new").replace("</lift>", "<entry></lift>")
    with pytest.raises(CommandError):
        bring_in(written(tmp_path, many), "one")
    assert [each["senses"][0]["glosses"][0]["text"] for each in contents("one")] == ["x"]


def test_a_check_writes_nothing(tmp_path: Path) -> None:
    said = bring_in(written(tmp_path, lift("a", "b")), "one", check=True)
    assert numbers(said) == [2, 0, 0, 0, 0]
    assert not Lexicon.objects.exists()
    assert not Entry.objects.exists()
    assert not ImportRun.objects.exists()


# --- tables and word lists --------------------------------------------------------------------------------------


def test_gold_words_are_imported_without_a_mapping(tmp_path: Path) -> None:
    for code in ("cjm", "mtq"):
        path = shared(f"gold-words/{code}.csv")
        rows = rows_of(path)
        bring_in(path, code, "csv")
        assert numbers_again(path, code) == [0, 0, len(rows), 0, 0]
        trees = {(tree["forms"][0]["text"], str(tree)) for tree in contents(code)}
        assert len(trees) == len(rows)
    rows = rows_of(shared("gold-words/cjm.csv"))
    for row, tree in zip(rows, contents("cjm"), strict=True):
        said = [(form["lang"], form["text"]) for form in tree["forms"]]
        assert said == [(row["orthography"], row["form"])] + [
            (row["form2_orthography"], row["form2"])
        ] * bool(row["form2"])
        glosses = {(f["lang"], bool(f.get("annotations"))): f["text"] for f in tree["senses"][0]["glosses"]}
        for lang in ("vi", "en"):
            assert glosses.get((lang, False), "") == row[f"gloss_{lang}"]
            assert glosses.get((lang, True), "") == row[f"gloss_{lang}_own"]
        assert tree["sources"][0]["title"] == row["source_title"]


def numbers_again(path: Path, slug: str) -> list[int]:
    out = io.StringIO()
    try:
        call_command(
            "import_lexicon", str(path), format="csv", lexicon=slug, stdout=out, stderr=io.StringIO()
        )
    except CommandError as error:
        assert error.returncode == 1
    return numbers(out.getvalue())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_goes_out_and_in_again_without_a_change(kind: str, tmp_path: Path) -> None:
    bring_in(shared("gold-words/cjm.csv"), "one", "csv")
    bring_in(shared("lift-thai-food/tha-food.lift"), "thai")
    for slug in ("one", "thai"):
        out = bring_out(slug, kind, tmp_path / f"{slug}.{kind}", as_public=True)
        count = Entry.objects.filter(lexicon__slug=slug, live=True).count()
        before = contents(slug)
        assert numbers(bring_in(out, slug, kind)) == [0, 0, count, 0, 0]
        assert contents(slug) == before
        assert numbers(bring_in(out, f"{slug}2", kind)) == [count, 0, 0, 0, 0]


def test_a_row_changes_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    text = lift("a").replace("</sense>", '<example><form lang="zxx"><text>e</text></form></example></sense>')
    source = written(tmp_path, text)
    bring_in(source, "one")
    table = written(
        tmp_path, f"guid,form,orthography,gloss_en,gloss_vi\n{GUIDS[0]},a,zxx,new,n\n", "words.csv"
    )
    assert numbers(bring_in(table, "one", "csv")) == [0, 1, 0, 0, 0]
    sense = contents("one")[0]["senses"][0]
    assert [(form["lang"], form["text"]) for form in sense["glosses"]] == [("en", "new"), ("vi", "n")]
    assert sense["examples"][0]["forms"][0]["text"] == "e"
    out = bring_out("one", "lift", tmp_path / "out.lift").read_text()
    assert "<text>new</text>" in out
    assert "<text>e</text>" in out


def test_a_mapping_says_what_the_columns_are(tmp_path: Path) -> None:
    table = written(tmp_path, "Nr;Wort;Sinn;Bild\n1;abc;x;p.png\n1;abc;y;\n2;abd;z;\n", "words.csv")
    mapping = written(
        tmp_path,
        'orthography = "zxx"\nkey = ["Nr"]\n[columns]\nWort = "headword"\nSinn = "gloss:de"\nBild = "picture"\n',
        "mapping.toml",
    )
    assert numbers(bring_in(table, "one", "csv", mapping=mapping)) == [2, 0, 0, 0, 0]
    first, second = contents("one")
    assert [sense["glosses"][0]["text"] for sense in first["senses"]] == ["x", "y"]
    assert first["senses"][0]["illustrations"][0]["href"] == "p.png"
    assert second["forms"] == [{"lang": "zxx", "text": "abd"}]
    lexicon = Lexicon.objects.get(slug="one")
    assert (lexicon.language, lexicon.orthography, lexicon.gloss_languages) == ("zxx", "zxx", ["de"])


def test_a_word_list_is_imported_by_language(tmp_path: Path) -> None:
    path = shared("lexibank-duonglachi")
    forms = rows_of(path / "forms.csv")
    names = {row["ID"]: row["ISO639P3code"] for row in rows_of(path / "languages.csv")}
    assert numbers(bring_in(path, "all", "cldf")) == [len(forms), 0, 0, 0, 0]
    code = sorted(set(names.values()))[0]
    mine = [row for row in forms if names[row["Language_ID"]] == code]
    assert numbers(bring_in(path, "one", "cldf", language=code)) == [len(mine), 0, 0, 0, 0]
    assert numbers(bring_in(path / "cldf-metadata.json", "one", "cldf", language=code)) == [
        0,
        0,
        len(mine),
        0,
        0,
    ]
    lexicon = Lexicon.objects.get(slug="one")
    assert (lexicon.language, lexicon.licence) == (code, "CC-BY-4.0")
    assert lexicon.title.startswith("CLDF dataset")
    assert [tree["forms"][0]["text"] for tree in contents("one")] == [
        row["Form"].replace("_", " ") for row in mine
    ]


def test_a_word_list_goes_out_as_cldf_that_can_be_read_again(tmp_path: Path) -> None:
    bring_in(shared("gold-words/blt.csv"), "one", "csv", title="Title", licence="CC-BY-4.0")
    out = bring_out("one", "cldf", tmp_path / "out.zip")
    assert numbers(bring_in(out, "again", "cldf"))[1:] == [0, 0, 0, 0]
    texts = {(tree["forms"][0]["text"]) for tree in contents("again")}
    assert texts == {form["text"] for tree in contents("one") for form in tree["forms"]}
    lexicon = Lexicon.objects.get(slug="again")
    assert (lexicon.title, lexicon.licence) == ("Title", "CC-BY-4.0")


# --- who may see what -------------------------------------------------------------------------------------------


def test_an_export_for_the_public_holds_only_what_anyone_may_see(tmp_path: Path) -> None:
    bring_in(written(tmp_path, lift("a", "b", "c")), "one")
    hidden = Protocol.objects.create(slug="hidden", name="hidden", level=Protocol.Level.RESTRICTED)
    Entry.objects.filter(headword="a").update(protocol=hidden)
    Entry.objects.filter(headword="b").update(live=False)
    for kind in ("lift", "csv", "cldf", "xlsx"):
        public = tmp_path / f"public.{kind}"
        call_command("export_lexicon", "one", format=kind, out=public, as_public=True, stdout=io.StringIO())
        data = public.read_bytes() if kind in ("lift", "csv") else b"".join(
            zipfile.ZipFile(public).read(name) for name in zipfile.ZipFile(public).namelist()
        )  # fmt: skip
        assert GUIDS[2].encode() in data
        assert GUIDS[0].encode() not in data
        assert GUIDS[1].encode() not in data
    assert bring_out("one", "lift", tmp_path / "all.lift").read_text() == lift("a", "b", "c")
    Lexicon.objects.update(protocol=hidden)
    with pytest.raises(CommandError):
        bring_out("one", "lift", tmp_path / "none.lift", as_public=True)
    assert not (tmp_path / "none.lift").exists()


# --- kill -9 ----------------------------------------------------------------------------------------------------

MANY = 3000


def many(folder: Path) -> Path:
    entries = "".join(
        f'<entry id="e{n}"><lexical-unit><form lang="zxx"><text>w{n}</text></form></lexical-unit></entry>\n'
        for n in range(MANY)
    )
    return written(folder, f'<lift version="0.13">\n{entries}</lift>\n')


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_in_the_middle_is_finished_as_if_nothing_had_been(
    tmp_path: Path, settings: Any
) -> None:
    path = many(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_lexicon", str(path), "--format", "lift", "--lexicon", "one"],
        cwd=settings.BASE_DIR, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        end = time.monotonic() + 60
        while not Entry.objects.exists():
            assert time.monotonic() < end and process.poll() is None
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    half = Entry.objects.count()
    assert 0 < half < MANY
    bring_in(path, "one")
    assert Entry.objects.count() == MANY
    assert LookupRow.objects.filter(kind="headword").count() == MANY
    out = bring_out("one", "lift", tmp_path / "out.lift")
    assert out.read_bytes() == path.read_bytes()
