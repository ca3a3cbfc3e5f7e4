"""MARCXML: the same records as ISO 2709, each with the bytes it was written as; nothing from outside the file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from lxml import etree

from dictionary.formats.errors import FileError
from library.formats import iso2709, marcxml
from library.formats.limits import Limits
from library.formats.marc import Field
from tests.library.formats.marc_files import FOLDER, made, read_iso, records, xml
from tests.shared_data import shared


def test_the_same_records_in_both_forms_are_the_same() -> None:
    data = shared(f"{FOLDER}/test_data.utf8.marc.xml").read_bytes()
    ours = [one.record for one in xml(data)]
    iso = [one.record for one in read_iso(shared(f"{FOLDER}/test_data.utf8.mrc"))]
    assert [one.fields for one in ours if one] == [one.fields for one in iso if one]
    assert len(ours) == 30


def test_every_record_is_written_as_the_bytes_it_came_as() -> None:
    data = shared(f"{FOLDER}/test_data.utf8.marc.xml").read_bytes()
    for one in xml(data):
        assert one.record is not None
        assert one.raw in data
        assert marcxml.write(one.record) == one.raw
        assert marcxml.parse(one.raw) == one.record


@pytest.mark.parametrize("name", ["sample-oai-pmh.xml", "sample-oai-no-namespace.xml", "namespace-test.xml"])
def test_xml_of_another_kind_is_refused(name: str) -> None:
    with pytest.raises(FileError) as caught:
        xml(shared(f"{FOLDER}/{name}").read_bytes())
    assert caught.value.code == "not-marcxml"


@settings(max_examples=100, deadline=None)
@given(records)
def test_what_is_written_is_read_again_also_by_lxml(record) -> None:  # type: ignore[no-untyped-def]
    written = marcxml.HEAD + marcxml.write(record) + marcxml.TAIL
    (one,) = xml(written)
    assert one.record is not None
    assert one.record.fields == record.fields
    tree = etree.fromstring(written)
    texts = [each.text or "" for each in tree.iter("{*}subfield", "{*}controlfield")]
    assert texts == [
        t for f in record.fields for t in ([f.data] if f.is_control else [v for _c, v in f.subfields])
    ]
    assert iso2709.write(iso2709.bare(one.record)) == iso2709.write(record)


OAI = b"""<?xml version="1.0"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><metadata>
<m:record xmlns:m="http://www.loc.gov/MARC21/slim" ><m:leader>00000nam a2200000 a 4500</m:leader><!-- kept -->
 <m:datafield ind2="0" ind1='1' tag="245"><m:subfield code="a">A &amp; B</m:subfield></m:datafield></m:record>
</metadata></record></ListRecords></OAI-PMH>"""


def test_records_within_answers_of_oai_pmh_are_found_with_their_lines() -> None:
    (one,) = xml(OAI)
    assert one.where == 3
    assert one.record is not None
    assert one.record.fields == (Field("245", "10", (("a", "A & B"),)),)
    assert one.raw.startswith(b"<m:record xmlns:m=")
    assert b"<!-- kept -->" in marcxml.write(one.record)


def test_a_record_whose_prefix_is_declared_outside_can_stand_alone() -> None:
    outside = OAI.replace(b' xmlns:m="http://www.loc.gov/MARC21/slim" ', b"").replace(
        b"<ListRecords>", b'<ListRecords xmlns:m="http://www.loc.gov/MARC21/slim">'
    )
    (one,) = xml(outside)
    assert marcxml.parse(one.raw) == one.record
    etree.fromstring(one.raw)


def test_other_encodings_are_read() -> None:
    text = (
        marcxml.HEAD.decode() + marcxml.write(made(Field("245", subfields=(("a", "Tiếng Việt"),)))).decode()
    )
    text += marcxml.TAIL.decode()
    (one,) = xml(text.replace("UTF-8", "UTF-16").encode("utf-16"))
    assert one.record is not None
    assert one.record.fields[0].first("a") == "Tiếng Việt"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<collection><record>", "xml"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "doctype"),
        (b"<!DOCTYPE a SYSTEM 'http://127.0.0.1/x.dtd'><a/>", "doctype"),
        (b"<a>" * 100, "xml-deep"),
        (b"<a>\xff</a>", "encoding-broken"),
        (b"<record>" + b"<leader>x</leader>" * 90_000, "element-too-large"),
    ],
)
def test_hostile_and_broken_files_are_refused_with_a_message(data: bytes, code: str) -> None:
    with pytest.raises(FileError) as caught:
        xml(data, Limits(record=500_000))
    assert caught.value.code == code
    assert str(caught.value)


def test_a_record_with_a_wrong_tag_or_too_many_fields_is_refused_and_the_next_is_read() -> None:
    one = marcxml.write(made(Field("245", subfields=(("a", "x"),))))
    bad = one.replace(b"245", b"2 5")
    many = marcxml.write(made(*[Field("500", subfields=(("a", "x"),))] * 7))
    found = xml(marcxml.HEAD + bad + many + one + marcxml.TAIL, Limits(fields=5))
    assert [each.error.code if each.error else "" for each in found] == ["marc-leader", "marc-fields", ""]
    assert found[0].error is not None
    assert found[0].error.place.startswith("made.xml, #1, ")
