"""Every fault of a keyboard's file is an error that names file, line, key and rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from ime.errors import KeyboardFileError
from languages.errors import LanguageError
from tests.ime.kit import house, loaded, tried, written

FILE = "qaa/keyboards/qaa-one.toml"
ROWS = """rows = ["{=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=}",
    "{=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=}",
    "{=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=}",
    "%s {=} {=} {=} {=} {=} {=} {=} {=} {=}"]
"""


def layer(cell: str, held: str = "") -> str:
    """A layer that gives `cell` on the key Z."""
    return f'[[layer]]\nmodifiers = "{held}"\n{ROWS % cell}'


def rule(**fields: str) -> str:
    """A transform."""
    said = "\n".join(f'{name.rstrip("_")} = "{value}"' for name, value in fields.items())
    return f"[[transform]]\n{said}\n"


DEAD = '[dead.one]\nlabel = "^"\nalone = "{alone}"\nmap = "{pairs}"\n'

# body, kind, code, what the message names
AT_LOAD = [
    ("[[layer", "composing", "keyboard_toml", "not TOML"),
    ("[surprise]\na = 1\n", "composing", "keyboard_structure", "surprise"),
    (layer("x x x"), "composing", "row_length", "12 cells"),
    (layer("z") + layer("y"), "composing", "two_keys", "two layers"),
    (layer("{nobody}"), "composing", "unknown_cell", "{nobody}"),
    (layer("a{b"), "composing", "unknown_cell", "a{b"),
    (layer("a\\u0302"), "composing", "not_nfc", "U+00E2"),
    (layer("\\u0001"), "composing", "control", "U+0001"),
    (DEAD.format(alone="^", pairs="a â"), "direct", "dead_unused", "no key"),
    (layer("{one}") + DEAD.format(alone="^^", pairs="a â"), "direct", "dead_alone", "one character"),
    (layer("{one}") + DEAD.format(alone="^", pairs="a"), "direct", "dead_pairs", "pairs"),
    (layer("{one}") + DEAD.format(alone="^", pairs="a ab"), "direct", "dead_result", "U+0061 U+0062"),
    (layer("{one}") + DEAD.format(alone="^", pairs="a \U00016b00"), "direct", "dead_result", "U+16B00"),
    (layer("{one}") + DEAD.format(alone="^", pairs="a â a ă"), "direct", "dead_twice", "'a'"),
    (layer("{one}") + DEAD.format(alone="^", pairs="ψ â"), "direct", "dead_unreachable", "U+03C8"),
    (layer("{one}") + DEAD.format(alone="^", pairs="^ â"), "direct", "dead_fixed", "always gives"),
    (layer("{one}") + DEAD.format(alone="^", pairs="a â"), "composing", "dead_in_composing", "direct"),
    (rule(from_="aa", to="â"), "direct", "rules_in_direct", "composing"),
    (rule(from_="{vowel}a", to="â"), "composing", "unknown_set", "vowel"),
    ('[sets]\nv = "a e a"\n' + rule(from_="{v}w", to="â"), "composing", "set_twice", "'a'"),
    ('[sets]\nv = " "\n', "composing", "set_empty", "no elements"),
    (
        '[sets]\nv = "a e"\nw = "â"\n' + rule(from_="{v}w", to="{v:w}"),
        "composing",
        "set_lengths",
        "2 elements and w 1",
    ),
    ('[sets]\nv = "a e"\n' + rule(from_="{v}{v}", to="{v}"), "composing", "label_twice", "{v}"),
    ('[sets]\nv = "a e"\n' + rule(from_="{v}w", to="{x}"), "composing", "unknown_label", "{x}"),
    (rule(from_="a{w", to="x"), "composing", "pattern", "brace"),
    ("[touch.longpress]\na = '{nobody}'\n", "composing", "unknown_cell", "{nobody}"),
    ("[touch.longpress]\na = 'a\u0302'\n", "composing", "not_nfc", "U+00E2"),
    ('[[touch.layer]]\nid = "default"\nrows = ["a"]\n' * 2, "composing", "two_keys", "two layers"),
]

NEEDED = (
    rule(from_="aa", to="â") + rule(from_="aw", to="ă") + rule(from_="ee", to="ê") + rule(from_="dd", to="đ")
)

# body, code, what the message names: what only typing shows
IN_USE = [
    (NEEDED.replace('to = "đ"', 'to = "d"'), "exemplars", "“đ” (U+0111)"),
    (NEEDED + rule(from_="aa", to="ă"), "ambiguous", "means the same text as “aa”"),
    (NEEDED + rule(from_="aψ", to="o"), "no_trigger", "no key gives"),
    (NEEDED + rule(from_="ψx", to="o"), "unreachable", "never left standing"),
    (NEEDED + rule(from_="aas", to="ă"), "unreachable", "never left standing"),
    (NEEDED + rule(from_="xo", to="xo"), "idle", "does nothing"),
    (
        NEEDED + rule(from_="◌̆x", to="o") + rule(from_="ê◌̆x", to="s") + rule(from_="êo", to="ê◌̆"),
        "shadowed",
        "longer",
    ),
    (NEEDED + '[[backspace]]\nfrom = "ψ"\nto = ""\n', "unreachable", "never left standing"),
    (NEEDED + '[[backspace]]\nfrom = "ê"\nto = "◌̆"\n', "backspace_mark", "begins with a mark"),
]


@pytest.mark.parametrize(
    ("body", "kind", "code", "named"), AT_LOAD, ids=[f"{c}: {n}" for _, _, c, n in AT_LOAD]
)
def test_loading_names_file_line_and_key(tmp_path: Path, body: str, kind: str, code: str, named: str) -> None:
    text = written(body, kind=kind)
    with pytest.raises(KeyboardFileError) as caught:
        loaded(tmp_path, text)
    error = caught.value
    assert error.code == code, error
    assert error.file == FILE
    assert named in str(error)
    assert 0 < error.line <= text.count("\n") + 1
    assert f"{FILE}:{error.line}" in str(error)
    assert isinstance(error, LanguageError) and error.params["problem"] in str(error)


@pytest.mark.parametrize(("body", "code", "named"), IN_USE, ids=[f"{c}: {n}" for _, c, n in IN_USE])
def test_trying_names_letter_or_rule(tmp_path: Path, body: str, code: str, named: str) -> None:
    text = written(body, top='layout = "us"\ncase = true')
    found = tried(tmp_path, text)
    assert code in [fault.code for fault in found], found
    fault = next(fault for fault in found if fault.code == code)
    assert named in str(fault) and fault.file == FILE
    if fault.line:  # a rule: the line is that of its table
        assert text.splitlines()[fault.line - 1] in ("[[transform]]", "[[backspace]]")


def test_a_good_file_has_no_faults(tmp_path: Path) -> None:
    assert tried(tmp_path, written(NEEDED, top='layout = "us"\ncase = true')) == ()


@pytest.mark.parametrize(
    "field", ["version", "licence", "sources", "author", "names", "why", "kind", "orthography"]
)
def test_what_is_missing_is_named(tmp_path: Path, field: str) -> None:
    text = written("")
    lines = text.splitlines(keepends=True)
    if field in ("names", "why"):
        start = lines.index(f"[{field}]\n")
        del lines[start : start + 3]
    else:
        lines = [line for line in lines if not line.startswith(f"{field} =")]
    with pytest.raises(KeyboardFileError, match=f"{field}: is missing"):
        loaded(tmp_path, "".join(lines))


def test_line_and_key_of_a_rule_are_those_of_the_file(tmp_path: Path) -> None:
    text = written(rule(from_="aa", to="â") + rule(before="x", from_="{vowel}w", to="a"))
    with pytest.raises(KeyboardFileError) as caught:
        loaded(tmp_path, text)
    assert caught.value.key == "transform[1].from"
    assert text.splitlines()[caught.value.line - 1] == 'from = "{vowel}w"'


def test_the_line_of_a_cell_is_that_of_its_row(tmp_path: Path) -> None:
    text = written(layer("{nobody}"))
    with pytest.raises(KeyboardFileError) as caught:
        loaded(tmp_path, text)
    assert caught.value.key == "layer[0].rows[3]"
    assert "{nobody}" in text.splitlines()[caught.value.line - 1]


def test_an_error_in_a_fragment_names_the_fragment(tmp_path: Path) -> None:
    fragment = house(tmp_path) / "_shared" / "keyboards" / "bad.toml"
    fragment.write_text('\n[[transform]]\nfrom = "{nobody}w"\nto = "a"\n', encoding="utf-8")
    with pytest.raises(KeyboardFileError) as caught:
        loaded(tmp_path, written("", top='layout = "us"\ninclude = ["bad"]'))
    assert (caught.value.file, caught.value.line) == ("_shared/keyboards/bad.toml", 3)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("qaa-one", "qaa-two"), "keyboard_id"),
        (("qaa-Latn", "qaa-Cyrl"), "unknown_orthography"),
        (('sources = ["made"]', 'sources = ["other"]'), "unknown_source"),
        (('layout = "us"', ""), "no_layer"),
        (('layout = "us"', 'layout = "us"\ninclude = ["nothing"]'), "no_fragment"),
    ],
)
def test_facts_that_contradict_the_profile(tmp_path: Path, change: tuple[str, str], code: str) -> None:
    with pytest.raises(KeyboardFileError) as caught:
        loaded(tmp_path, written("").replace(*change))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("data", "code"), [(b"\xff", "keyboard_encoding"), (b"#" * 300_000, "keyboard_size")]
)
def test_files_that_are_no_text(tmp_path: Path, data: bytes, code: str) -> None:
    loaded(tmp_path, written(""))
    path = tmp_path / FILE
    path.write_bytes(data)
    with pytest.raises(KeyboardFileError) as caught:
        loaded_again(path)
    assert caught.value.code == code


def loaded_again(path: Path) -> None:
    """Load what lies at a path."""
    from ime.loader import load_keyboard

    load_keyboard(path)


def test_a_direct_keyboard_must_not_leave_normalising_to_the_platform(tmp_path: Path) -> None:
    body = layer("◌̂") + layer("{one}", "altgr") + layer("đ", "shift+altgr")
    body += DEAD.format(alone="^", pairs="a ă A Ă d đ D Đ")
    found = tried(tmp_path, written(body, kind="direct"))
    helped = next(fault for fault in found if fault.code == "exemplars_helped")
    assert helped.params["texts"] == ("â", "ê", "Â", "Ê")
