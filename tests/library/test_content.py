"""The content of records: laws of the tree, and everything broken that must be refused."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.domain import content as c
from library.domain import derived
from library.domain.kinds import KindError, kinds, read
from library.domain.validation import Limits, validate

TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=12)
NODES = st.fixed_dictionaries(
    {"value": TEXT},
    optional={"lang": st.sampled_from(["vi", "x-a", "und-Latn"]), "note": TEXT, "unknown": st.integers()},
)
TREES = st.fixed_dictionaries(
    {
        "v": st.just(1),
        "fields": st.dictionaries(st.sampled_from(["title", "subject", "foo"]), st.lists(NODES, max_size=4)),
    }
)


@given(TREES)
def test_giving_ids_loses_nothing_is_idempotent_and_changes_no_input(tree):
    before = copy.deepcopy(tree)
    once = c.with_ids(tree)
    assert tree == before and c.with_ids(once) == once
    ids = [node["id"] for _name, node in c.nodes(once)]
    assert len(set(ids)) == len(ids)
    without = copy.deepcopy(once)
    for _name, node in c.nodes(without):
        del node["id"]
    assert without == before
    assert {problem.code for problem in validate(once)} <= {"no-title"}


@given(TREES)
def test_columns_are_made_of_any_tree(tree):
    found = derived.columns(tree)
    assert len(found.title) <= 500 and len(found.title_sort) <= 1000
    assert sorted(derived.terms(tree, {})) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda tree: tree.update(v=9), "version"),
        (lambda tree: tree.update(fields=[]), "type"),
        (lambda tree: tree["fields"].update({"a b": []}), "property"),
        (lambda tree: tree["fields"].update(subject="x"), "type"),
        (lambda tree: tree["fields"].update(subject=["x"]), "type"),
        (lambda tree: tree["fields"].update(subject=[{"value": 1}]), "type"),
        (lambda tree: tree["fields"].update(subject=[{"concept": "1"}]), "reference"),
        (lambda tree: tree["fields"].update(subject=[{"concept": True}]), "reference"),
        (lambda tree: tree["fields"].update(subject=[{"concept": 2**64}]), "reference"),
        (lambda tree: tree["fields"].update(subject=[{"value": "a", "lang": "?"}]), "tag"),
        (lambda tree: tree["fields"].update(date=[{"edtf": "soon"}]), "date"),
        (lambda tree: tree["fields"].update(subject=[{"value": "a\x00"}]), "characters"),
        (lambda tree: tree["fields"].update(subject=[{"value": "a\ud800"}]), "characters"),
        (lambda tree: tree["fields"].update(subject=[{"value": "a" * 101}]), "too-long"),
        (lambda tree: tree["fields"].update(subject=[{"value": "a"}] * 11), "too-many"),
        (lambda tree: tree["fields"].update(subject=[{"id": "1"}, {"id": "1"}]), "duplicate"),
        (lambda tree: tree["fields"].update(title=[{"value": "  "}]), "no-title"),
        (lambda tree: tree.update(extra={"a": {"b": ["\x01"]}}), "characters"),
    ],
)
def test_what_is_broken_is_named(change, code):
    tree = {"v": 1, "fields": {"title": [{"value": "t"}]}}
    assert validate(tree, Limits(values=10, text=100)) == []
    change(tree)
    assert [problem.code for problem in validate(tree, Limits(values=10, text=100))] == [code]


def test_no_tree_at_all_is_refused():
    assert [problem.code for problem in validate([])] == ["type"] and validate(None)
    deep: dict[str, object] = {}
    for _ in range(500):
        deep = {"a": deep}
    assert validate({"v": 1, "fields": {"title": [{"value": "t"}]}, "extra": deep})


def test_dates_decades_and_languages_are_derived():
    tree = {
        "v": 1,
        "fields": {
            "title": [{"value": "t"}],
            "date": [{"edtf": "1988/1992"}, {"edtf": "2001~"}],
            "language": [{"tag": "vi-Latn"}, {"tag": "vi"}],
            "coverage": [{"place": 7}],
        },
    }
    columns = derived.columns(tree)
    assert (columns.date_earliest.isoformat(), columns.date_latest.isoformat()) == (
        "1988-01-01",
        "2001-12-31",
    )
    terms = list(derived.terms(tree, {7: (8,)}))
    assert ("language", "vi") in terms and ("place", "7") in terms and ("place", "8") in terms
    assert [value for name, value in terms if name == "decade"] == ["1980", "1990", "2000"]


def test_every_kind_has_its_labels_in_both_languages_and_a_title():
    assert list(kinds()) == [
        "book",
        "manuscript",
        "photograph",
        "recording",
        "film",
        "festival",
        "craft",
        "policy",
    ]
    for kind in kinds().values():
        for label in (
            kind.label,
            *(field.label for field in kind.fields),
            *(field.help for field in kind.fields if field.help),
        ):
            assert label["vi"] and label["en"]


@pytest.mark.parametrize(
    "text",
    ['label = {vi="a"}', 'label = {vi="a"}\nschema_org="x"\n[[field]]\nproperty="date"\nlabel={vi="a"}\ncontrol="edtf"',
     'label = {vi="a"}\nschema_org="x"\n[[field]]\nproperty="title"\nlabel={vi="a"}\ncontrol="magic"\nrequired=true'],
)  # fmt: skip
def test_a_wrong_file_of_a_kind_is_refused_by_name(tmp_path, text):
    path = tmp_path / "odd.toml"
    path.write_text(text)
    with pytest.raises(KindError, match=r"odd\.toml"):
        read(path, {})
