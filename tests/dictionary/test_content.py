import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictionary.domain import content as c
from dictionary.domain.identity import identity, row_identity
from dictionary.domain.validation import Limits, validate
from tests.dictionary import samples

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
FORMS = st.lists(st.builds(c.form, st.sampled_from(["und", "x-other"]), TEXT), max_size=3)
SENSES = st.deferred(
    lambda: st.lists(
        st.fixed_dictionaries({"glosses": FORMS}, optional={"senses": SENSES, "definition": FORMS}),
        max_size=2,
    )
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*c.Content.__annotations__, "lang", "text", "x"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


def codes(tree, limits=None):
    return [problem.code for problem in validate(tree, limits)]


@given(SENSES)
def test_every_node_gets_an_id_of_its_own_and_keeps_it(senses):
    tree = c.entry([c.form("und", "x")], senses)
    ids = [step.node["id"] for step in c.walk(tree) if step.kind != "entry"]
    assert all(ids) and len(ids) == len(set(ids))
    before = json.dumps(tree)
    assert json.dumps(c.with_ids(tree)) == before


@given(SENSES)
def test_what_is_built_is_valid(senses):
    assert validate(c.entry([c.form("und", "x")], senses)) == []


@given(JSON)
def test_validation_never_raises_whatever_it_is_given(tree):
    assert isinstance(validate(tree), list)


def test_a_repeated_id_is_replaced():
    tree = c.with_ids({"senses": [{"id": "a"}, {"id": "a"}]})
    assert tree["senses"][0]["id"] == "a" != tree["senses"][1]["id"]


@pytest.mark.parametrize(
    ("tree", "path", "code"),
    [
        ([], "", "type"),
        ({"forms": {}}, "forms", "type"),
        ({"forms": ["x"]}, "forms[0]", "type"),
        ({"forms": [{"lang": "not a tag", "text": "x"}]}, "forms[0].lang", "tag"),
        ({"forms": [{"text": "x"}]}, "forms[0].lang", "tag"),
        ({"forms": [{"lang": "und", "text": 1}]}, "forms[0].text", "text"),
        ({"forms": [{"lang": "und", "text": "a\x00"}]}, "forms[0].text", "characters"),
        ({"forms": [{"lang": "und", "text": "\ud800"}]}, "forms[0].text", "characters"),
        ({"forms": [{"lang": "und", "text": "x", "y": 1}]}, "forms[0].y", "unknown"),
        (
            {"forms": [{"lang": "und", "text": "x", "spans": [{"start": 0, "end": 2}]}]},
            "forms[0].spans[0]",
            "span",
        ),
        ({"forms": [{"lang": "und", "text": "x"}], "surprise": 1}, "surprise", "unknown"),
        ({"senses": [{"id": "a"}, {"id": "a"}]}, "senses[1].id", "duplicate"),
        ({"senses": [{"senses": ["x"]}]}, "senses[0].senses[0]", "type"),
        ({"v": 99}, "v", "version"),
        ({"senses": []}, "forms", "no-headword"),
    ],
)
def test_a_problem_says_where_it_is(tree, path, code):
    assert [(problem.path, problem.code) for problem in validate(tree)] == [(path, code)]


def test_nesting_deeper_than_the_limit_is_refused():
    tree = {"forms": [c.form("und", "x")]}
    node = tree
    for _level in range(2000):
        node["senses"] = [{}]
        node = node["senses"][0]
    assert codes(tree) == ["too-deep"]


def test_more_parts_or_text_than_the_limit_is_refused():
    many = {"forms": [c.form("und", "x")] * 30}
    assert codes(many, Limits(nodes=20)) == ["too-large"]
    assert codes({"forms": [c.form("und", "x" * 50)]}, Limits(text=20)) == ["too-long"]
    assert codes({"forms": [c.form("und", "x" * 15)] * 3}, Limits(total=20)) == ["too-long"]


def test_a_broken_tree_gives_a_hundred_problems_at_most():
    assert len(validate({"forms": ["x"] * 5000})) == 100


def test_walking_names_each_node_by_its_path():
    tree = samples.content(0, "a", "b")
    tree["senses"][1]["senses"] = [{"id": "deep", "examples": [{"id": "said"}]}]
    paths = {step.node.get("id"): step.path for step in c.walk(tree)}
    assert paths["deep"] == "senses[1].senses[0]"
    assert paths["said"] == "senses[1].senses[0].examples[0]"
    assert [sense.get("id") for sense in c.senses(tree)][-1] == "deep"


def test_content_of_a_later_version_is_refused_and_of_none_is_the_first():
    assert c.upgrade({"forms": []})["v"] == c.VERSION
    with pytest.raises(c.TooNewError):
        c.upgrade({"v": c.VERSION + 1})


def test_the_digest_does_not_depend_on_the_order_of_keys():
    assert c.digest({"a": 1, "b": 2}) == c.digest({"b": 2, "a": 1}) != c.digest({"a": 1, "b": 3})


def test_identity_is_guid_then_lift_id_then_the_row():
    space = samples.Lexicon(slug="x").uuid
    assert identity({"guid": "g", "lift_id": "l"}, space, "row") == "g"
    assert identity({"lift_id": "l"}, space, "row") == "l"
    assert identity({}, space, "row") == row_identity(space, "row") == identity({}, space, "row")
    assert identity({}, space, "other") != row_identity(space, "row")
    with pytest.raises(ValueError, match="row"):
        identity({}, space)


def test_an_identity_always_fits_its_column():
    space = samples.Lexicon(slug="x").uuid
    assert len(identity({"guid": "g" * 5000}, space)) <= 255
