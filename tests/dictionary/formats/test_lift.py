"""LIFT in and out: nothing lost, nothing changed that was not touched."""

from __future__ import annotations

import copy
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dictionary.domain.content import digest, senses
from dictionary.domain.validation import validate
from dictionary.formats.items import Item
from dictionary.formats.lift_export import Written, lift_text
from dictionary.formats.lift_file import LiftFile
from dictionary.formats.lift_read import EntryReader
from dictionary.formats.lift_scan import scan
from dictionary.formats.lift_write import entry_xml
from dictionary.formats.limits import Limits
from dictionary.formats.xml import parse, secure_parser
from tests.shared_data import SHARED, shared

REAL = sorted(path.relative_to(SHARED).as_posix() for path in SHARED.glob("lift-*/**/*.lift")) or ["lift-sil"]
READER, PARSER = EntryReader(), secure_parser()


def read(path: Path) -> tuple[dict[str, Any], list[Item]]:
    with LiftFile(path, Limits()) as file:
        return file.header(), list(file.items())


def tree(xml: str) -> dict[str, Any]:
    return dict(READER.content(parse(xml, PARSER, file="test", line=1)))


def entry_with(inside: str) -> dict[str, Any]:
    return tree(f'<entry id="a">{inside}</entry>')


def canonical(xml: str) -> Any:
    """An element as LIFT means it: white space between elements, the order of attributes and of kinds of children do
    not matter; text and the order of siblings of one kind do. A form without a language is in an undetermined one."""

    def node(element: etree._Element) -> Any:
        name = element.tag if isinstance(element.tag, str) else str(type(element))
        if name in ("text", "span"):
            return etree.tostring(element, encoding="unicode", with_tail=False)
        if not isinstance(element.tag, str):
            return name, element.text
        kinds: dict[str, list[Any]] = {}
        for child in element:
            kinds.setdefault(str(child.tag), []).append(node(child))
        attributes = dict(element.items())
        if name == "form":
            attributes.setdefault("lang", "und")
        return name, sorted(attributes.items()), sorted(kinds.items(), key=lambda pair: pair[0])

    return node(etree.fromstring(xml))


@pytest.mark.parametrize("name", REAL)
def test_a_real_file_comes_back_byte_for_byte(name: str) -> None:
    path = shared(name)
    header, items = read(path)
    written = [Written(item.content or {}, "", item.fragment, digest(item.content or {})) for item in items]
    assert "".join(lift_text(header, written)).encode() == path.read_bytes()


@pytest.mark.parametrize("name", REAL)
def test_the_entries_of_a_real_file_written_anew_say_the_same(name: str, tmp_path: Path) -> None:
    header, items = read(shared(name))
    again = tmp_path / "again.lift"
    # Without fragments every entry is written from its tree.
    again.write_text(
        "".join(lift_text(header, [Written(item.content or {}) for item in items])), encoding="utf-8"
    )
    _header, twice = read(again)
    assert [item.content for item in twice] == [item.content for item in items]
    for item in items:
        assert item.error is None
        assert canonical(entry_xml(item.content or {})) == canonical(item.fragment)
        assert not [problem for problem in validate(item.content) if problem.code != "no-headword"]


@pytest.mark.parametrize("name", REAL)
def test_the_line_of_every_entry_is_its_line(name: str) -> None:
    lines = shared(name).read_text(encoding="utf-8").split("\n")
    for item in read(shared(name))[1]:
        assert "<entry" in lines[item.line - 1]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000])
def test_pieces_do_not_depend_on_how_the_file_is_cut_for_reading(size: int) -> None:
    text = shared("lift-sil/spec-examples/0.13/hugal-mdf.lift").read_text(encoding="utf-8")
    chunks = (text[at : at + size] for at in range(0, len(text), size))
    root, _element, rest = scan(chunks, Limits())
    assert root.gap + root.text + "".join(piece.gap + piece.text for piece in rest) == text


def test_an_edited_entry_keeps_the_comments_before_it_and_leaves_the_others_alone() -> None:
    header, items = read(shared("lift-sil/spec-examples/0.13/full-entry.lift"))
    edited = copy.deepcopy(dict(items[0].content or {}))
    edited["forms"][0]["text"] = "abc"
    out = "".join(lift_text(header, [Written(edited, "", items[0].fragment, digest(items[0].content or {}))]))
    assert r"\lx abat" in out
    assert "<text>abc</text>" in out
    assert '<span class="emphasis">not</span>' in out


def test_a_field_may_be_named_by_tag_as_in_old_files() -> None:
    old = entry_with('<field tag="x"><form lang="en"><text>y</text></form></field>')
    assert old == entry_with('<field type="x"><form lang="en"><text>y</text></form></field>')
    assert '<field type="x">' in entry_xml(old)


def test_a_language_may_stand_twice_in_a_gloss() -> None:
    content = entry_with(
        '<sense><gloss lang="id"><text>sayur</text></gloss><gloss lang="id"><text>jamu</text></gloss></sense>'
    )
    assert [form["text"] for form in next(senses(content))["glosses"]] == ["sayur", "jamu"]
    assert tree(entry_xml(content)) == content


def test_custom_fields_hidden_in_the_made_up_language_are_kept() -> None:
    content = entry_with(
        '<field type="x"><form lang="qaa-x-spec"><text>Class=LexEntry; Type=String</text></form></field>'
    )
    assert content["fields"][0]["forms"][0]["lang"] == "qaa-x-spec"
    assert tree(entry_xml(content)) == content
    assert not [problem for problem in validate(content) if problem.code == "tag"]


def test_text_is_kept_as_it_was_composed_and_with_its_white_space() -> None:
    for text in ("e\u0302\u0306", "\u1ec7", " a\n\t b ", "a\u200bb"):
        content = entry_with(f'<lexical-unit><form lang="zxx"><text>{text}</text></form></lexical-unit>')
        assert content["forms"][0]["text"] == text
        assert tree(entry_xml(content))["forms"][0]["text"] == text
    assert unicodedata.normalize("NFC", "e\u0302\u0306") != "e\u0302\u0306"


@pytest.mark.parametrize(
    "inside",
    [
        '<note><form lang="en"><text>a <span class="x">b <span href="y" lang="fr">c</span></span></text></form></note>',
        '<note><form lang="en"><text>a<span class="x"></span><span class="y">b</span></text></form></note>',
        '<note><form lang="en"><text>a<b>c</b></text></form></note>',
        '<note><form lang="en"><text>a<!-- c -->b</text></form></note>',
        '<note><form lang="en"><text xml:space="preserve"> a </text></form></note>',
        '<note><form lang="en"><text>a</text><text>b</text></form></note>',
        '<note><form lang="en" x="y"><annotation name="n"/><text>a</text><z/></form></note>',
        '<note><form><text>a</text></form></note>',
        "<note>stray &amp; text</note>",
        '<citation><form lang="en"><text>a</text></form></citation><citation/>',
        '<citation x="y"><form lang="en"><text>a</text></form><trait name="n" value="v"/>stray</citation>',
        '<lexical-unit x="y"/>',
        '<unknown a="b">c<d/>e</unknown><?target data?><!-- comment -->',
        '<sense id="s" x="&lt;y?&gt;"><grammatical-info value="n"><trait name="t" value="v" id="i"/></grammatical-info>'
        '<grammatical-info value="v"/><subsense id="t"><subsense id="u"/></subsense></sense>',
        '<relation type="_component-lexeme" ref="x" order="1"><trait name="is-primary" value="true"/>'
        '<trait name="complex-form-type" value=""/><usage><form lang="en"><text>u</text></form></usage></relation>',
        '<pronunciation dateCreated="2020-01-01"><form lang="x-a"><text>a</text></form><media href="a.mp3">'
        '<label><form lang="en"><text>l</text></form></label></media></pronunciation>',
        '<sense><reversal type="en"><form lang="en"><text>a</text></form><main><form lang="en"><text>b</text></form>'
        '<main><form lang="en"><text>c</text></form><grammatical-info value="n"/></main></main></reversal></sense>',
        '<annotation name="n" value="v" who="w" when="2020-01-01"><form lang="en"><text>a</text></form></annotation>',
        '<variant ref="r"><form lang="en"><text>a</text></form><pronunciation/><relation type="t" ref="u"/></variant>',
        '<etymology type="proto" source="s"><form lang="en"><text>a</text></form><gloss lang="fr"/>'
        '<field type="comment"><annotation name="n"/><field type="deep"/></field></etymology>',
        '<sense><example source="s"><form lang="en"><text>a</text></form><translation type="t"><form lang="fr"><text>b'
        '</text></form></translation><note type="n"/></example><illustration href="a\\b.png"/></sense>',
        '<n:x xmlns:n="urn:n" n:y="z"/>',
        '<note xmlns:n="urn:n" n:y="z" xml:lang="en"/>',
    ],
)  # fmt: skip
def test_whatever_stands_in_an_entry_is_written_again(inside: str) -> None:
    content = entry_with(inside)
    written = entry_xml(content)
    assert tree(written) == content
    assert tree(entry_xml(tree(written))) == content
    assert not [problem for problem in validate(content) if problem.code != "no-headword"]


def test_prefixes_that_the_root_declares_are_known_in_the_entries(tmp_path: Path) -> None:
    path = tmp_path / "a.lift"
    path.write_text(
        '<lift version="0.13" xmlns:n="urn:n"><entry id="a"><lexical-unit><form lang="zxx"><text>a</text></form>'
        "</lexical-unit><n:more/></entry></lift>"
    )
    header, items = read(path)
    assert items[0].content is not None
    assert items[0].content["extra"] == ['<n:more xmlns:n="urn:n"/>']
    assert "".join(
        lift_text(header, [Written(items[0].content, "", items[0].fragment, digest(items[0].content))])
    ) == (path.read_text())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
def test_encodings_are_found(tmp_path: Path, encoding: str) -> None:
    declared = "UTF-16" if "16" in encoding else encoding.removesuffix("-sig").upper()
    text = (
        f'<?xml version="1.0" encoding="{declared}"?>\n<lift version="0.13"><entry id="a"><lexical-unit>'
        '<form lang="zxx"><text>é</text></form></lexical-unit></entry></lift>'
    )
    path = tmp_path / "a.lift"
    path.write_bytes(text.encode(encoding))
    header, items = read(path)
    assert items[0].label == "é"
    out = "".join(lift_text(header, [Written(items[0].content or {}, "", items[0].fragment, "")]))
    path.write_text(out, encoding="utf-8")
    assert read(path)[1][0].content == items[0].content


def test_sources_of_ours_are_fields_in_the_file_and_sources_again() -> None:
    content = entry_with('<lexical-unit><form lang="zxx"><text>a</text></form></lexical-unit>')
    content["sources"] = [
        {"id": "1", "title": "T", "url": "https://example.org/?a=1&b=2", "licence": "CC-BY-4.0"}
    ]
    assert tree(entry_xml(content)) == content


def test_an_entry_without_a_name_is_given_its_identity() -> None:
    content = tree("<entry/>")
    assert tree(entry_xml(content, guid="g"))["guid"] == "g"
    assert "guid" not in entry_xml(entry_with(""), guid="g")


def test_the_archive_of_fieldworks_is_read_with_its_companions(tmp_path: Path) -> None:
    folder = shared("lift-sil/flex/AllFLExFields")
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for each in folder.rglob("*"):
            archive.write(each, each.relative_to(folder.parent).as_posix())
        archive.writestr("AllFLExFields/audio/Kalimba.mp3", b"x")
        archive.writestr("AllFLExFields/Pictures/desert.jpg", b"x")
    with LiftFile(path, Limits()) as file:
        assert file.count() == 2
        assert [name.rpartition("/")[2] for name in file.companions()] == [
            "AllFLExFields.lift-ranges", "en.ldml", "fr.ldml", "th.ldml",
        ]  # fmt: skip
        assert file.media("Kalimba.mp3") == "AllFLExFields/audio/Kalimba.mp3"
        assert file.media("Desert.jpg") == "AllFLExFields/Pictures/desert.jpg"
        assert file.media("..\\..\\Kalimba.mp3") == "AllFLExFields/audio/Kalimba.mp3"
        assert file.media("nothing.jpg") is None


CONTROLS = [*range(9), 11, 12, *range(14, 32), 127]
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cn"], exclude_characters=[chr(n) for n in CONTROLS]), max_size=12
)
FORM = st.fixed_dictionaries({"lang": st.sampled_from(["en", "vi", "qaa-x-spec"]), "text": TEXT})
FORMS = st.lists(FORM, min_size=1, max_size=3)
TRAIT = st.fixed_dictionaries({"name": TEXT, "value": TEXT})
NOTE = st.fixed_dictionaries(
    {"forms": FORMS}, optional={"type": TEXT, "traits": st.lists(TRAIT, min_size=1, max_size=2)}
)
SENSE = st.recursive(
    st.fixed_dictionaries({"glosses": FORMS}, optional={"notes": st.lists(NOTE, min_size=1, max_size=2)}),
    lambda inner: st.fixed_dictionaries({"senses": st.lists(inner, min_size=1, max_size=2)}),
    max_leaves=4,
)
ENTRY = st.fixed_dictionaries(
    {"forms": FORMS},
    optional={"senses": st.lists(SENSE, min_size=1, max_size=3), "notes": st.lists(NOTE, min_size=1, max_size=2),
              "guid": TEXT, "created": TEXT},
)  # fmt: skip


def without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_ids(each) for key, each in value.items() if key not in ("id", "v")}
    return [without_ids(each) for each in value] if isinstance(value, list) else value


@settings(max_examples=150, deadline=None)
@given(ENTRY)
def test_any_tree_is_read_back_as_it_was_written(content: dict[str, Any]) -> None:
    assert without_ids(tree(entry_xml(content))) == content


@settings(max_examples=150, deadline=None)
@given(st.text("ab", min_size=1, max_size=8), st.data())
def test_nested_spans_are_read_back_as_they_were_written(text: str, data: st.DataObject) -> None:
    ends = st.integers(0, len(text))
    outer = sorted(data.draw(st.tuples(ends, ends)))
    inner = sorted(data.draw(st.tuples(st.integers(*outer), st.integers(*outer))))
    spans = [
        {"start": a, "end": b, "class": name}
        for name, (a, b) in zip("xy", (outer, inner), strict=True)
        if a < b
    ]
    form = {"lang": "en", "text": text, **({"spans": spans} if spans else {})}
    assert tree(entry_xml({"forms": [form]}))["forms"] == [form]
