"""The registry of keyboards: lookups, faults that stay faults, and hashes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ime.catalogue import keyboards, load_keyboards
from ime.errors import KeyboardError
from languages import registry
from tests.ime.kit import house, loaded, profile_in, written
from tests.ime.test_errors import NEEDED

GOOD = written(NEEDED, top='layout = "us"\ncase = true')
OTHER = GOOD.replace("qaa-one", "qaa-two").replace("default = true", "")


def put(folder: Path, name: str, text: str) -> None:
    (folder / "qaa" / "keyboards" / f"{name}.toml").write_text(text, encoding="utf-8")


def test_keyboards_are_found_by_id_orthography_and_language(tmp_path: Path) -> None:
    put(house(tmp_path), "qaa-one", GOOD)
    put(tmp_path, "qaa-two", OTHER)
    put(tmp_path, "qaa-bad", "format = 2")
    found = load_keyboards([profile_in(tmp_path)])
    assert [each.id for each in found.of_orthography("qaa-Latn")] == ["qaa-one", "qaa-two"]
    assert found.default("qaa-Latn") is found.keyboard("qaa-one")
    assert found.default("qaa-Cyrl") is None
    (fault,) = found.faults
    assert fault.file == "qaa/keyboards/qaa-bad.toml"
    with pytest.raises(KeyboardError, match="qaa-one"):
        found.keyboard("qaa-bad")


def test_a_keyboard_that_cannot_type_is_left_out(tmp_path: Path) -> None:
    put(house(tmp_path), "qaa-one", GOOD)
    put(tmp_path, "qaa-two", OTHER.replace('from = "dd"', 'from = "xd"').replace('"đ"', '"xx"'))
    found = load_keyboards([profile_in(tmp_path)])
    assert list(found.by_id) == ["qaa-one"]
    assert [fault.code for fault in found.faults] == ["exemplars"]


@pytest.mark.parametrize("text", [OTHER, OTHER.replace("[names]", "default = true\n[names]")])
def test_an_orthography_has_exactly_one_default(tmp_path: Path, text: str) -> None:
    put(house(tmp_path), "qaa-two", text)
    put(tmp_path, "qaa-one", GOOD if "default" in text else GOOD.replace("default = true", ""))
    assert [fault.code for fault in load_keyboards([profile_in(tmp_path)]).faults] == ["default"]


def test_the_hash_follows_what_is_read_and_the_profile_does_not_follow_keyboards(tmp_path: Path) -> None:
    house(tmp_path)
    before = profile_in(tmp_path).hash
    one = loaded(tmp_path, GOOD)
    again = loaded(tmp_path, GOOD)
    changed = loaded(tmp_path, GOOD.replace('version = "1.0"', 'version = "1.1"'))
    assert one.hash == again.hash != changed.hash
    assert profile_in(tmp_path).hash == before  # a new keyboard rebuilds no index


def test_the_house_ships_keyboards_without_faults() -> None:
    found = keyboards()
    assert found.faults == ()
    for keyboard in found.by_id.values():
        assert keyboard in found.of_language(keyboard.language)
        assert registry().orthography(keyboard.orthography).language == keyboard.language


def test_keyboards_of_ones_own_are_tried_when_they_are_read(tmp_path: Path) -> None:
    """In a process of its own, as NHASAN_PROFILES_DIR is read once; the second time the cache answers."""
    put(house(tmp_path), "qaa-one", GOOD)
    put(tmp_path, "qaa-two", OTHER.replace('"aw"', '"aa"'))
    environment = os.environ | {
        "NHASAN_PROFILES_DIR": str(tmp_path),
        "NHASAN_DATA_DIR": str(tmp_path / "data"),
    }
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "ime", "list"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "qaa-one\tqaa\tqaa-Latn\tcomposing\n" in done.stdout
        assert "qaa-two" not in done.stdout
        assert "qaa/keyboards/qaa-two.toml" in done.stderr and "means the same text" in done.stderr
    assert list((tmp_path / "data").rglob("*.bin"))


def test_a_spelling_without_keyboards_is_written_with_those_of_its_language_and_script() -> None:
    house = keyboards()
    without = [tag for tag in registry().orthographies if not house.of_orthography(tag.tag)]
    served = [tag for tag in without if house.for_orthography(tag.tag)]
    assert served
    for orthography in served:
        for keyboard in house.for_orthography(orthography.tag):
            assert keyboard.language == orthography.language
            assert registry().orthography(keyboard.orthography).script == orthography.script
