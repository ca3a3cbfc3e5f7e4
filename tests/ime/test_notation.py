"""Strokes as text, there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ime.errors import KeyboardError
from ime.notation import parse_keys, parse_strokes, show_keys
from ime.positions import POSITIONS
from ime.program import BACKSPACE, MODIFIERS, Press

PRESSES = st.builds(Press, st.sampled_from(sorted(POSITIONS)), st.sampled_from(MODIFIERS))


@given(st.lists(PRESSES | st.just(BACKSPACE)))
def test_what_is_shown_reads_back(strokes: list[Press]) -> None:
    assert parse_strokes(show_keys(strokes)) == tuple(strokes)


@pytest.mark.parametrize(
    ("text", "presses"),
    [
        ("aA", (Press("KeyA"), Press("KeyA", "shift"))),
        ("{{}{}}", (Press("BracketLeft", "shift"), Press("BracketRight", "shift"))),
        ("{AltGr+e}{AltGr+Shift+e}", (Press("KeyE", "altgr"), Press("KeyE", "shift+altgr"))),
        ("{shift+altgr+KeyE}", (Press("KeyE", "shift+altgr"),)),
        ("{AltGr++}", None),
        ("{AltGr+=}{AltGr+\\}", (Press("Equal", "altgr"), Press("Backslash", "altgr"))),
        ("< {Shift+Space}", (Press("Comma", "shift"), Press("Space"), Press("Space", "shift"))),
        ("{IntlBackslash}{Shift+IntlBackslash}", (Press("IntlBackslash"), Press("IntlBackslash", "shift"))),
        ("", ()),
        ("ê", None),
        ("{nothing}", None),
        ("{", (Press("BracketLeft", "shift"),)),  # alone it can mean nothing else
        ("{Shift+Shift+a}", None),
        ("a{Backspace}", None),
    ],
)
def test_keys_are_read_or_refused(text: str, presses: tuple[Press, ...] | None) -> None:
    if presses is not None:
        assert parse_keys(text) == presses
        return
    with pytest.raises(KeyboardError) as caught:
        parse_keys(text)
    assert caught.value.code in ("key_notation", "key_backspace")


def test_what_prints_on_a_us_keyboard_is_shown_as_it_prints() -> None:
    assert show_keys(parse_keys("Az <{{}~")) == "Az <{{}~"
    assert (
        show_keys([Press("KeyE", "altgr"), Press("Space", "altgr"), BACKSPACE])
        == "{AltGr+e}{AltGr+Space}{Backspace}"
    )
