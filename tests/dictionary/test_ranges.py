"""The lists of the entry form hold what the lexicon came with, named for the reader."""

from __future__ import annotations

import io

import pytest
from django.utils import translation

from dictionary.domain.ranges import options
from dictionary.interfaces.admin.form_data import form_data
from dictionary.models import Lexicon, LexiconFile
from media_pipeline.domain import blobs
from tests.shared_data import shared

pytestmark = pytest.mark.django_db
RANGES = """<lift-ranges><range id="grammatical-info">
<range-element id="X1"><label><form lang="en"><text>Ex</text></form><form lang="vi"><text>Ích</text></form></label>
</range-element><range-element id="Noun"/><range-element id="Y"><label><form lang="en"><text>Why</text></form></label>
</range-element></range>
<range id="semantic-domain-ddp4"><range-element id="1.1 Sky"><label><form lang="vi"><text>Trời</text></form></label>
<abbrev><form lang="en"><text>1.1</text></form></abbrev></range-element></range></lift-ranges>"""
HEADER = RANGES.replace("lift-ranges>", "ranges>")


def lexicon(header: str, ranges: str = "") -> Lexicon:
    made = Lexicon.objects.create(
        slug="a", title="A", language="zxx", orthography="zxx", header={"header": ["\n", header]}
    )
    if ranges:
        blob = blobs.store(io.BytesIO(ranges.encode()), data_type="application/xml")
        LexiconFile.objects.create(lexicon=made, name="x/A.lift-ranges", blob=blob)
    return made


def labels(made: Lexicon, name: str, reader: str) -> dict[str, str]:
    with translation.override(reader):
        return {each["value"]: each["label"] for each in options(made, reader)[name]}


@pytest.mark.parametrize("beside", [False, True], ids=["in the header", "in the file beside it"])
def test_the_ranges_of_a_lexicon_are_offered_in_the_readers_language(beside: bool) -> None:
    header = '<header><ranges><range id="grammatical-info" href="file://A.lift-ranges"/></ranges></header>'
    made = lexicon(header, RANGES) if beside else lexicon(f"<header>{HEADER}</header>")
    assert labels(made, "pos", "vi") == {"X1": "Ích", "Noun": "danh từ", "Y": "Why"}
    assert labels(made, "pos", "en") == {"X1": "Ex", "Noun": "noun", "Y": "Why"}
    assert labels(made, "domains", "vi") == {"1.1 Sky": "1.1 Trời"}
    assert "synonym" in labels(made, "relations", "en")
    assert {"value": "X1", "label": "Ích"} in form_data(made, None, {})["lists"]["pos"]


@pytest.mark.parametrize(
    "hostile",
    [
        "<header><range-element",
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><header><range id="grammatical-info">'
        '<range-element id="Qx"><label><form lang="vi"><text>&a;</text></form></label></range-element>'
        "</range></header>",
        "<a>" * 1000 + '<range-element id="Qx"/>',
        "<header><range-element id='\x01'/></header>",
    ],
    ids=["cut", "entity", "deep", "control character"],
)
@pytest.mark.parametrize("beside", [False, True])
def test_ranges_that_cannot_be_read_suggest_nothing_from_outside(hostile: str, beside: bool) -> None:
    made = lexicon("<header/>", hostile) if beside else lexicon(hostile)
    found = labels(made, "pos", "vi")
    assert found.get("Qx", "Qx") == "Qx"
    assert "root:" not in str(found)


def test_what_fieldworks_exports_is_offered_and_read_once(django_assert_max_num_queries: object) -> None:
    made = lexicon("<header/>")
    with shared("lift-sil/flex/AllFLExFields/AllFLExFields.lift-ranges").open("rb") as stream:
        blob = blobs.store(stream, data_type="application/xml")
    LexiconFile.objects.create(lexicon=made, name="AllFLExFields.lift-ranges", blob=blob)
    found = labels(made, "domains", "vi")
    assert len(found) > 1_700
    assert found["1.1 Sky"] == "1.1 Sky"
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        assert labels(made, "pos", "en")["Adverb"] == "Adverb"
