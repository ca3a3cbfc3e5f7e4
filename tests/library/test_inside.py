"""Search inside a record: what is found on pages and in transcripts, where it stands, and for whom."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from access.domain.viewer import anonymous, viewer_for
from access.models import Protocol
from languages import registry
from library.domain import inside, inside_documents, parts, publish
from library.models import Consent, FilePart, Record, RecordFile
from media_pipeline.domain import corrections
from media_pipeline.domain.texts import chosen
from search.domain import engines
from search.domain.guard import QueryError
from search.domain.rebuild import rebuild
from search.domain.sweep import sweep
from search.interface import Tag
from search.models import OutboxRow
from tests.languages.texts import declaration
from tests.library import books, samples
from tests.library.books import PITCH
from tests.media_pipeline.files import worked_on
from tests.shared_data import shared

pytestmark = pytest.mark.django_db

READER = samples.READER
LINES = [["Đồng bào ta dệt vải", "bên bếp lửa"], ["Con trâu đi cày", "Dệt xong thì nghỉ"], ["Det vai"]]


@pytest.fixture(params=["index", "no index"])
def searched(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Callable[[], None]:
    """Brings the index up to date, or does nothing where there is none."""
    settings.DATA_DIR = tmp_path
    if request.param == "no index":
        return lambda: None
    rebuild()
    return books.indexed


@pytest.fixture
def index(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    rebuild()


def found(record: Record, query: str, **viewer: Any) -> list[tuple[int, str]]:
    """Leaf (or start) and text of every hit; all of them are counted."""
    answer = inside.search(record, query, viewer.get("viewer", anonymous()))
    hits = [(hit.leaf, hit.text) for hit in answer.pages] + [(hit.start, hit.text) for hit in answer.cues]
    assert answer.total == len(hits)
    return hits


def begins_a_letter(pair: str) -> bool:
    """Whether the second of two characters is no sign, and does not stand below the first."""
    return unicodedata.category(pair[1])[0] == "L" and unicodedata.combining(pair[0]) != 9


def in_index(kind: str) -> int:
    return engines.index().count(Tag("type", kind))


def test_lines_are_found_by_their_words_in_the_order_of_the_pages(searched: Callable[[], None]) -> None:
    record = samples.published()
    books.book(record, LINES, READER)
    books.recording(record, [(0, 900, "Xin chào"), (195_200, 197_000, "Dệt vải thế này")], READER)
    searched()
    assert found(record, "det vai") == [
        (1, "Đồng bào ta dệt vải"), (3, "Det vai"), (195_200, "Dệt vải thế này"),
    ]  # fmt: skip
    assert found(record, "dệt") == [
        (1, "Đồng bào ta dệt vải"), (2, "Dệt xong thì nghỉ"), (195_200, "Dệt vải thế này"),
    ]  # fmt: skip
    assert found(record, "DỆT nghỉ") == [(2, "Dệt xong thì nghỉ")]
    assert found(record, "trau lua") == found(record, "dét") == found(record, "dệ") == []


def test_marks_and_boxes_lie_on_the_words(searched: Callable[[], None]) -> None:
    record = samples.published()
    books.book(record, LINES, READER)
    searched()
    (hit,) = inside.search(record, "vải", anonymous()).pages
    assert [hit.text[start:end] for start, end in hit.marks] == ["vải"]
    assert hit.boxes == ((16 * PITCH, 0, 3 * PITCH, books.HEIGHT),)
    assert (hit.page, hit.line) == (1, "l0")


def test_a_limit_gives_the_first_and_counts_all(searched: Callable[[], None]) -> None:
    record = samples.published()
    books.book(record, [["một hai"]] * 7, READER)
    searched()
    answer = inside.search(record, "hai", anonymous(), limit=3)
    assert ([hit.leaf for hit in answer.pages], answer.total) == ([1, 2, 3], 7)


@pytest.mark.parametrize("code", ["vie", "khm", "blt", "blu", "hni"])
def test_every_word_of_a_real_page_is_found_where_it_stands_with_and_without_its_marks(
    searched: Callable[[], None], code: str
) -> None:
    record = samples.published()
    writing = registry().orthography(code)
    lines = [line for line in declaration(code).split("\n") if line.strip()][:12]
    books.book(record, [lines[:6], lines[6:]], writing.tag)
    searched()
    tried = 0
    for page, some in enumerate((lines[:6], lines[6:]), 1):
        token = max(
            (token for line in some for token in writing.tokens(line)), key=lambda each: len(each.text)
        )
        without = writing.fold(token.text, "letter")
        # Scripts without blanks: a word spelt as it is folded may be cut in two by the dictionary of the script.
        spelt = (without,) if len(writing.words(without)) == 1 else ()
        for query in (token.text, token.text.upper(), *spelt):
            hits = inside.search(record, query, anonymous()).pages
            words = {hit.text[start:end] for hit in hits if hit.page == page for start, end in hit.marks}
            assert token.text in words, query
            tried += 1
    assert tried >= 4


@pytest.mark.parametrize("code", ["khm", "blt"])
def test_words_in_a_script_without_blanks_are_found_where_the_text_is_cut_otherwise(
    searched: Callable[[], None], code: str
) -> None:
    record = samples.published()
    writing = registry().orthography(code)
    lines = ["".join(line.split()) for line in declaration(code).split("\n") if line.count(" ") > 3][:6]
    books.book(record, [lines[:3], lines[3:]], writing.tag)
    searched()
    tried = 0
    for page, some in enumerate((lines[:3], lines[3:]), 1):
        word = max((token for line in some for token in writing.words(line)), key=len)
        starts = [at for at in range(1, len(word)) if begins_a_letter(word[at - 1 : at + 1])]
        for query in {word[a:b] for a, b in zip(starts, starts[3:], strict=False)}:
            if any(query in writing.words(line) for line in lines):
                continue
            hits = inside.search(record, query, anonymous()).pages
            assert query in {hit.text[a:b] for hit in hits if hit.page == page for a, b in hit.marks}, query
            assert all(hit.boxes for hit in hits)
            tried += 1
    assert tried
    assert found(record, lines[0][:3] + lines[1][:3] + lines[0][:3]) == []


def test_one_recording_is_searched_whatever_else_the_record_has(searched: Callable[[], None]) -> None:
    record = samples.published()
    books.book(record, [["một hai"]] * 4, READER)
    heard = books.recording(record, [(0, 900, "hai ba"), (900, 1800, "bốn")], READER)
    searched()
    answer = inside.search(record, "hai", anonymous(), limit=2, only=heard)
    assert (answer.total, answer.pages, [hit.text for hit in answer.cues]) == (1, (), ["hai ba"])


def test_words_that_machines_really_read_are_found_on_the_page_image(searched: Callable[[], None]) -> None:
    asset = worked_on(shared("images-ocr/typewriter.png").read_bytes(), "en")
    record = samples.published()
    file = books.attached(record, asset)
    searched()
    page = chosen({(asset.pk, 1)})[asset.pk, 1]
    word = next(
        word for line in page.lines for word in line.words if word.confidence > 0.8 and word.text.isalpha()
        and len(word.text) > 5
    )  # fmt: skip
    hits = inside.search(record, word.text.lower(), anonymous()).pages
    assert hits and all(hit.file == file.uuid for hit in hits)
    assert (word.x, word.y, word.w, word.h) in [box for hit in hits for box in hit.boxes]


def test_what_people_correct_is_found_and_what_they_replaced_is_not(searched: Callable[[], None]) -> None:
    record = samples.published()
    file = books.book(record, [["mot loi"], ["trang hai"]], READER)
    searched()
    assert file.asset is not None
    corrections.correct_line(file.asset, 1, (0, 0, 7 * PITCH, books.HEIGHT), "một dòng", None)
    assert found(record, "dong") == [(1, "một dòng")], "before the index knows"
    searched()
    assert found(record, "một dòng") == [(1, "một dòng")]
    assert found(record, "loi") == []
    (hit,) = inside.search(record, "dong", anonymous()).pages
    assert hit.boxes and hit.line == "l0"


def test_one_correction_indexes_one_page(index: None) -> None:
    record = samples.published()
    file = books.book(record, [[f"trang {n}"] for n in range(40)], READER)
    books.indexed()
    assert file.asset is not None
    with CaptureQueriesContext(
        connection,
    ) as queries:
        corrections.correct_line(file.asset, 3, (0, 0, 8 * PITCH, books.HEIGHT), "sửa", None)
    assert list(OutboxRow.objects.filter(applied_at=None).values_list("type", flat=True)) == ["page"]
    assert len(queries) < 40


def test_a_page_read_anew_shorter_takes_its_old_words_along(searched: Callable[[], None]) -> None:
    record = samples.published()
    file = books.book(record, [["một"], ["hai"], ["ba"]], READER)
    searched()
    assert file.asset is not None
    books.read(file.asset, [["bốn"], ["hai"]], READER)
    searched()
    assert found(record, "ba") == found(record, "mot") == []
    assert found(record, "bon") == [(1, "bốn")] and found(record, "hai") == [(2, "hai")]
    assert FilePart.objects.count() == 2


def test_a_draft_and_a_deleted_record_or_file_are_not_searched(index: None) -> None:
    record, other = samples.published(), samples.published("Other")
    books.book(record, LINES, READER)
    file = books.book(other, LINES, READER)
    books.indexed()
    assert in_index("page") == 6
    publish.unpublish(record)
    books.indexed()
    assert in_index("page") == 3 and found(Record.objects.get(pk=record.pk), "det") == []
    publish.publish(record)
    books.indexed()
    assert in_index("page") == 6 and found(record, "det")
    file.delete()
    books.indexed()
    assert in_index("page") == 3 and found(other, "det") == []
    publish.delete([record.pk])
    books.indexed()
    assert in_index("page") == 0 and not FilePart.objects.exists()


def test_a_file_is_searched_by_those_alone_who_may_have_it(searched: Callable[[], None]) -> None:
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    record = samples.published()
    books.book(record, LINES, READER, name="one")
    books.book(record, [["Dệt trong kín"]], READER, name="two", protocol=closed)
    later = timezone.localdate() + timedelta(days=1)
    books.book(record, [["Dệt mai sau"]], READER, name="three", embargo_until=later)
    searched()
    assert [leaf for leaf, _text in found(record, "det")] == [1, 2, 3]
    librarian = samples.person("admin", is_superuser=True)
    assert [leaf for leaf, _text in found(record, "det", viewer=viewer_for(librarian))] == [1, 2, 3, 4, 5]


def test_a_rule_that_changes_holds_at_once_for_all_pages(searched: Callable[[], None]) -> None:
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    under = samples.collection()
    record = samples.published(collection=under)
    file = books.book(record, LINES, READER)
    searched()
    for holder in (under, file):
        holder.protocol = closed
        holder.save()
        assert found(record, "det") == []
        searched()
        assert found(record, "det") == []
        holder.protocol = None
        holder.save()
        searched()
        assert found(record, "det")


def test_the_same_bytes_in_two_records_stand_under_two_rules(searched: Callable[[], None]) -> None:
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    open_, shut = samples.published(), samples.published("Shut", protocol=closed)
    for record in (open_, shut):
        books.book(record, LINES, READER, name="the same")
    searched()
    assert RecordFile.objects.values("blob").distinct().count() == 1
    assert found(open_, "det") and found(shut, "det") == []
    assert FilePart.objects.count() == 6


@pytest.mark.parametrize("field", ["until", "withdrawn_on"])
def test_a_consent_that_is_over_closes_pages_at_once_and_they_leave_the_index(
    index: None, field: str
) -> None:
    record = samples.published()
    consent = Consent.objects.create(record=record, who="A weaver")
    books.book(record, LINES, READER, consent=consent)
    books.indexed()
    assert found(record, "det") and in_index("page") == 3
    past = timezone.localdate() - timedelta(days=1)
    Consent.objects.filter(pk=consent.pk).update(**{field: past})  # a day has passed: nobody told anyone
    assert found(record, "det") == []
    assert parts.closed_but_indexed() == list(RecordFile.objects.values_list("pk", flat=True))
    assert sweep() == 3
    books.indexed()
    assert in_index("page") == 0
    assert parts.update(parts.out_of_step()) == 3
    assert parts.closed_but_indexed() == [] and not parts.out_of_step().exists()
    setattr(consent, field, None)
    consent.save()
    books.indexed()
    assert found(record, "det") and in_index("page") == 3


def test_text_that_went_past_everybody_is_found_by_the_job(index: None) -> None:
    record = samples.published()
    books.book(record, LINES, READER)
    FilePart.objects.all().delete()
    assert found(record, "det") == []
    assert parts.update(parts.out_of_step()) == 3
    FilePart.objects.filter(number=1).update(profile="another", keys="x")
    assert parts.update(parts.out_of_step()) == 1
    books.indexed()
    assert len(found(record, "det")) == 3


def test_pages_and_cues_are_rebuilt_counted_and_compared(index: None, capsys: Any) -> None:
    record = samples.published(fields={"people": [{"people": "06"}]}, collection=samples.collection())
    books.book(record, LINES, READER)
    books.recording(record, [(0, 900, "Xin chào")], READER)
    report = rebuild()
    books.indexed()
    assert (in_index("page"), in_index("cue"), report.documents) == (3, 1, 5)
    assert (
        engines.index().count(Tag("people", "06")) == 5 == engines.index().count(Tag("collection", "sample"))
    )
    assert engines.index().count(Tag("parent", record.ark)) == 4
    call_command("search_status", "--full")
    assert re.search(r"5\b.*5\b", capsys.readouterr().out)
    Record.objects.filter(pk=record.pk).update(updated_at=timezone.now())
    assert sweep() == 5


def test_documents_cost_as_many_queries_for_many_as_for_few(index: None) -> None:
    record = samples.published(collection=samples.collection())
    books.book(record, [[f"trang {n}"] for n in range(30)], READER)
    pks = list(inside_documents.all_pks("page"))
    numbers = []
    for some in (pks[:2], pks):
        with CaptureQueriesContext(connection) as queries:
            assert len(list(inside_documents.documents("page", some))) == len(some)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 3


@pytest.mark.parametrize(("query", "code"), [("", "empty"), (" ", "empty"), ("a" * 5000, "too_long")])
def test_a_text_that_cannot_be_looked_up_is_refused(query: str, code: str) -> None:
    with pytest.raises(QueryError) as refused:
        inside.search(samples.published(), query, anonymous())
    assert refused.value.code == code


def test_an_answer_without_an_index_says_so(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    record = samples.published()
    books.book(record, LINES, READER)
    OutboxRow.objects.all().delete()
    assert inside.search(record, "det", anonymous()).degraded
    rebuild()
    assert not inside.search(record, "det", anonymous()).degraded
