"""docs/keyboards.md: its examples load and are good, and it names every error that checking gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ime.checking import faults
from ime.compiling import compiled
from ime.notation import parse_strokes
from ime.typing import type_keys
from tests.ime.kit import loaded, profile_in
from tests.shared_data import REPOSITORY

PAGE = (REPOSITORY / "docs" / "keyboards.md").read_text(encoding="utf-8")
EXAMPLES = {
    re.search(r'^id = "(.+)"', text, re.M)[1]: text for text in re.findall(r"```toml\n(.*?)```", PAGE, re.S)
}  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        (
            "qaa-telex",
            {
                "aa": "â",
                "AA": "Â",
                "aaa": "aa",
                "eee": "ee",
                "dd": "đ",
                "aw": "ă",
                "ng'": "ng\u200d",
                "{AltGr+n}": "ŋ",
            }
            | {"ng'{Backspace}": "n", "bg'": "bg'"},
        ),
        ("qaa-direct", {"[a": "â", "]A": "Ă", "[x": "^x", "[ ": "^", "{AltGr+d}": "đ", "{AltGr+[}": "["}),
    ],
)
def test_an_example_can_be_copied(tmp_path: Path, name: str, typed: dict[str, str]) -> None:
    keyboard = loaded(tmp_path, EXAMPLES[name], name)
    assert faults(keyboard, profile_in(tmp_path).orthographies[0]) == ()
    program = compiled(keyboard)
    assert {keys: type_keys(program, parse_strokes(keys)) for keys in typed} == typed


def test_every_error_of_checking_is_explained() -> None:
    source = "".join(
        (REPOSITORY / "ime" / name).read_text(encoding="utf-8") for name in ("checking.py", "compiling.py")
    )
    codes = set(
        re.findall(
            r'"(exemplars\w*|shadowed|unreachable)"|_error\(\s*"(\w+)"|^\s+"(no_trigger)"', source, re.M
        )
    )
    assert {code for found in codes for code in found if code} >= {
        "exemplars",
        "ambiguous",
        "idle",
        "no_trigger",
    }
    for found in codes:
        for code in filter(None, found):
            assert f"`{code}`" in PAGE, code
