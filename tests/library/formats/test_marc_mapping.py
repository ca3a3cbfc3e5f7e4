"""MARC 21 and content: what is read, and that writing changes what was changed and nothing else."""

from __future__ import annotations

import copy
import subprocess
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.validation import is_draft_problem, validate
from library.formats import iso2709, marc_dates, marcxml
from library.formats.marc import Field, Record
from library.formats.marc_read import Held, described
from library.formats.marc_rules import marc_code, tag_of
from library.formats.marc_write import empty, written
from tests.library.formats.marc_files import FOLDER, NAMES, iso, made, read_iso, xml
from tests.shared_data import shared


def only(name: str) -> Record:
    (one,) = read_iso(shared(f"{FOLDER}/{name}"))
    assert one.record is not None
    return one.record


def values(content: Any, name: str) -> list[str]:
    return [node.get("value") or node.get("edtf") or node["tag"] for node in content["fields"].get(name, [])]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_may_be_stored_and_writing_it_back_changes_no_byte(name: str) -> None:
    for one in read_iso(shared(f"{FOLDER}/{name}")):
        if one.record is None:
            continue
        found = described(one.record)
        assert [p for p in validate(found.content) if not is_draft_problem(p)] == []
        assert iso2709.write(written(found.content, one.record, found.holdings)) == one.raw


def test_marcxml_that_says_the_same_comes_out_as_it_came() -> None:
    for one in xml(shared(f"{FOLDER}/test_data.utf8.marc.xml").read_bytes()):
        assert one.record is not None
        found = described(one.record)
        assert marcxml.write(written(found.content, one.record, found.holdings)) == one.raw


def test_original_script_stands_beside_the_romanised_text_with_its_own_tag() -> None:
    content = described(only("hebrew880s.marc")).content
    assert content["fields"]["title"] == [
        {"value": 'Anarkhizm be-"Tsiyon" : ben Marṭin Buber le-Aharon Daṿid Gordon', "lang": "he-Latn"},
        {"value": "אנרכיזם ב״ציון״ : בין מרטין בובר לאהרן דוד גורדון", "lang": "he"},
    ]
    assert values(content, "creator") == ["Ratsabi, Shalom", "רצבי, שלום"]
    assert content["fields"]["date"] == [{"edtf": "2011", "note": "c2011"}]
    assert {node.get("scheme") for node in content["fields"]["identifier"][:2]} == {"isbn"}


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("iso639-3_lang.marc", ["no", "en", "nb"]),
        ("packed_041a_lang.marc", ["en", "fr", "de", "it", "es", "ru"]),
        ("hebrew880s.marc", ["he"]),
        ("emptyish_record.marc", []),
    ],
)
def test_languages_come_from_041_and_008(name: str, tags: list[str]) -> None:
    found = values(described(only(name)).content, "language")
    assert found[: len(tags)] == tags if tags else found == []


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("date_resort_to_260.marc", "19XX/.."),
        ("date_resort_to_264.marc", "2014"),
        ("date_type_r_missing_date2.marc", "1957"),
        ("date_with_u.marc", "184X/18XX"),
        ("245_no_ab.marc", "1917/1950"),
        ("880_with_no_6.utf8.marc", "1963/.."),
    ],
)
def test_dates_are_edtf(name: str, date: str) -> None:
    assert values(described(only(name)).content, "date") == [date]


@pytest.mark.parametrize(
    ("text", "date"),
    [("c2000.", "2000"), ("[1959]", "1959"), ("[1959?]", "1959?"), ("18--", "18XX"), ("[195-?]", "195X?"),
     ("1998-2001", "1998/2001"), ("no year", "")],
)  # fmt: skip
def test_dates_for_people_are_understood(text: str, date: str) -> None:
    assert marc_dates.written(text) == date


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["1998", "198X", "19XX", "1998/2001", "1963/..", "[1950..1955]", "1998-05", "1998-05-17"])
)
def test_a_date_survives_the_008(date: str) -> None:
    record = made(marc_dates.put(None, marc_dates.coded(date)))
    assert marc_dates.edtf(record) == (date, "")


def test_a_changed_title_is_written_into_its_field_and_everything_else_stays_as_it_was() -> None:
    base = only("hebrew880s.marc")
    content = copy.deepcopy(described(base).content)
    content["fields"]["title"][0]["value"] = "Another title"
    changed = written(content, base)
    different = [(old, new) for old, new in zip(base.fields, changed.fields, strict=True) if old is not new]
    ((old, new),) = different
    assert old.tag == "245"
    assert new.subfields == (("6", "880-02"), ("a", "Another title /"), ("c", "Shalom Ratsabi."))
    kept = iso2709.write(changed)
    assert all(each.raw in kept for each in base.fields if each is not old)
    assert values(described(iso(kept)[0].record).content, "title")[0] == "Another title"  # type: ignore[arg-type]


def test_a_change_in_marcxml_leaves_the_writing_of_all_other_fields() -> None:
    one = xml(shared(f"{FOLDER}/test_data.utf8.marc.xml").read_bytes())[0]
    assert one.record is not None
    content = copy.deepcopy(described(one.record).content)
    content["fields"]["title"][0]["value"] = "Tên mới & khác"
    raw = marcxml.write(written(content, one.record))
    (title,) = one.record.tagged("245")
    before, after = one.raw.split(title.raw)
    assert raw.startswith(before)
    assert raw.endswith(after)
    assert values(described(marcxml.parse(raw)).content, "title") == ["Tên mới & khác"]


def test_a_change_in_a_marc8_record_stays_in_marc8() -> None:
    base = only("one-marc8.mrc")
    content = copy.deepcopy(described(base).content)
    content["fields"]["title"][0]["value"] = "Dân ca dưới chân núi"
    raw = iso2709.write(written(content, base))
    (back,) = iso(raw)
    assert raw[9:10] == b" "
    assert not back.notes
    assert back.record is not None
    assert values(described(back.record).content, "title") == ["Dân ca dưới chân núi"]
    assert [one.raw for one in base.fields if one.tag != "245"] == [
        one.raw for one in back.record.fields if one.tag != "245"
    ]


def test_what_is_taken_away_goes_with_its_field_and_its_pair_knows() -> None:
    base = only("hebrew880s.marc")
    content = copy.deepcopy(described(base).content)
    del content["fields"]["title"][1]
    content["fields"]["subject"] = content["fields"]["subject"][1:]
    changed = written(content, base)
    assert len(list(changed.tagged("880"))) == len(list(base.tagged("880"))) - 1
    (title,) = changed.tagged("245")
    assert not title.first("6")
    assert len(list(changed.tagged("600", "650"))) == len(list(base.tagged("600", "650"))) - 1


NEW: dict[str, Any] = {
    "v": 1,
    "fields": {
        "title": [{"value": "Truyện cổ", "lang": "vi"}],
        "creator": [{"value": "Hội Văn nghệ", "role": "com"}],
        "contributor": [{"value": "Nhà in Một", "role": "prt"}],
        "language": [{"tag": "tyz-Latn"}, {"tag": "vi"}],
        "date": [{"edtf": "1998~", "note": "khoảng 1998"}],
        "publisher": [{"value": "Nhà xuất bản Một"}],
        "subject": [{"value": "Truyện kể"}],
        "coverage": [{"value": "Cao Bằng"}],
        "identifier": [
            {"value": "9786040000002", "scheme": "isbn"},
            {"value": "ark:/99999/x1", "scheme": "ark"},
        ],
        "description": [{"value": "Hai mươi truyện."}],
        "extent": [{"value": "120 tr."}],
        "rights": [{"value": "CC-BY-4.0"}],
    },
}
COPY = Held("Thư viện tỉnh", "Kho địa chí", "398.2 TRU", "DC-0001", "")


def test_a_record_made_here_is_written_and_read_again() -> None:
    record = written(NEW, empty("book"), [COPY])
    for back in (iso(iso2709.write(record))[0].record, marcxml.parse(marcxml.write(record))):
        assert back is not None
        found = described(back)
        for name in NEW["fields"]:
            if name != "language":
                ours = [{k: v for k, v in node.items() if k != "lang"} for node in NEW["fields"][name]]
                theirs = [
                    {k: v for k, v in node.items() if k != "lang"} for node in found.content["fields"][name]
                ]
                assert theirs == ours, name
        assert set(values(found.content, "language")) == {"tyz", "vi"}
        assert found.holdings == (COPY,)
        assert found.kind == "book"


def test_a_language_without_a_marc_code_is_written_as_the_notes_on_exchange_say() -> None:
    record = written(NEW, empty("book"))
    first, second = record.tagged("041")
    assert first.subfields == (("a", "tai"), ("a", "vie"))
    assert (second.indicators, second.subfields) == (" 7", (("a", "tyz"), ("2", "iso639-3")))
    assert (marc_code("cjm"), marc_code("fr"), tag_of("fre"), tag_of("zxx")) == ("cmc", "fre", "fr", "")


def test_marc_lint_finds_nothing_wrong_in_what_is_written() -> None:
    """MARC::Lint (Debian: libmarc-lint-perl), an independent check of MARC 21's rules."""
    program = "use MARC::Batch; use MARC::Lint; my $l = MARC::Lint->new; "
    program += "my $b = MARC::Batch->new('USMARC', '/dev/stdin');"
    program += 'while (my $r = $b->next) { $l->check_record($r); print join("\\n", $l->warnings), "\\n" }'
    raw = iso2709.write(written(NEW, empty("book"), [COPY]))
    try:
        run = subprocess.run(["perl", "-e", program], input=raw, capture_output=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("perl is not here.")
    if b"Can't locate MARC" in run.stderr:
        pytest.skip("MARC::Lint is not here; install libmarc-lint-perl.")
    said = [line for line in run.stdout.decode().splitlines() if line.strip() and "020" not in line]
    assert said == []


def test_a_second_title_in_another_script_is_paired_with_the_first() -> None:
    content = copy.deepcopy(NEW)
    content["fields"]["title"] = [{"value": "Fikr", "lang": "ur-Latn"}, {"value": "فکر", "lang": "ur"}]
    content["fields"]["language"] = [{"tag": "ur"}]
    record = written(content, empty("book"))
    (title,) = record.tagged("245")
    (original,) = record.tagged("880")
    assert title.subfields == (("6", "880-01"), ("a", "Fikr."))
    assert original.subfields == (("6", "245-01/(3"), ("a", "فکر"))
    assert described(record).content["fields"]["title"] == content["fields"]["title"]


def test_a_link_that_leads_nowhere_and_a_date_that_says_nothing_are_noticed() -> None:
    record = made(
        Field("245", "00", (("a", "T"),)),
        Field("260", "  ", (("c", "s.a."),)),
        Field("880", "00", (("6", "246-07"), ("a", "x"))),
    )
    assert [note.code for note in described(record).notes] == ["date-unread", "link-broken"]
