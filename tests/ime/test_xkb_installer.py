"""The installer of XKB packages: what it puts where, that libxkbcommon finds it there, and that nothing of it stays."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ime.compiling import compiled
from ime.model import Keyboard
from ime.notation import parse_keys
from ime.proof.xkbcommon import XkbTypist
from ime.targets.xkb import XKB, layout_name
from tests.ime.kit import shipped
from tests.ime.linux import KIT, hard, needs, run, tree, unpacked

SYSTEM = Path("/usr/share/X11/xkb")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "a home"
    home.mkdir()
    return home


@pytest.fixture
def keyboard(tmp_path: Path) -> Keyboard:
    return hard(tmp_path / "profiles")


@pytest.fixture
def package(keyboard: Keyboard, tmp_path: Path) -> Path:
    return unpacked(XKB.build(keyboard, compiled(keyboard), KIT), tmp_path / "package")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The package of another keyboard that needs Compose."""
    found = next(each for each in shipped() if each.kind == "direct" and each.dead)
    return unpacked(XKB.build(found, compiled(found), KIT), tmp_path / "other")


def test_what_is_installed_is_found_and_types(
    package: Path, keyboard: Keyboard, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = run(package / "install.sh", home=home)
    assert (ran.returncode, ran.stderr) == (0, "")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    typist = XkbTypist(tmp_path / "nothing", layout_name(keyboard), (home / ".XCompose").read_bytes())
    assert typist.type(parse_keys("`a{AltGr+x}[e")) == "å" + "ng̃" + "ə"
    listed = ElementTree.parse(home / ".config/xkb/rules/evdev.xml").findall(
        "layoutList/layout/configItem/name"
    )
    assert [each.text for each in listed] == [layout_name(keyboard)]


def test_nothing_stays_after_removal(package: Path, other: Path, home: Path) -> None:
    run(package / "install.sh", home=home)
    both = tree(home)
    run(other / "install.sh", home=home)
    assert set(tree(home)) > set(both)
    run(other / "uninstall.sh", home=home)
    assert tree(home) == both
    ran = run(package / "uninstall.sh", home=home)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert set(tree(home)) <= {".config"}


def test_installing_again_changes_nothing(package: Path, home: Path) -> None:
    run(package / "install.sh", home=home)
    once = tree(home)
    run(package / "install.sh", home=home)
    assert tree(home) == once


@pytest.mark.parametrize(
    "own", ['<Multi_key> <a> : "@"', 'include "%L"\n', '# mine\n<dead_acute> <q> : "q"\n']
)
def test_a_compose_file_that_was_there_keeps_its_lines(package: Path, home: Path, own: str) -> None:
    compose = home / ".XCompose"
    compose.write_text(own, encoding="utf-8")
    run(package / "install.sh", home=home)
    assert compose.read_text(encoding="utf-8").startswith(own)
    run(package / "uninstall.sh", home=home)
    assert compose.read_text(encoding="utf-8").rstrip("\n") == own.rstrip("\n")


def test_a_linked_compose_file_stays_a_link(package: Path, home: Path) -> None:
    kept = home / "dotfiles"
    kept.write_text('include "%L"\n', encoding="utf-8")
    (home / ".XCompose").symlink_to(kept)
    run(package / "install.sh", home=home)
    run(package / "install.sh", home=home)
    assert (home / ".XCompose").is_symlink()
    assert "nhasan" in kept.read_text(encoding="utf-8")


def test_a_compose_file_in_the_settings_folder_counts_first(package: Path, home: Path) -> None:
    (home / ".config").mkdir()
    first = home / ".config/XCompose"
    first.write_text('include "%L"\n', encoding="utf-8")
    run(package / "install.sh", home=home)
    assert "nhasan" in first.read_text(encoding="utf-8")
    run(package / "uninstall.sh", home=home)
    assert first.read_text(encoding="utf-8") == 'include "%L"\n'
    assert not (home / ".XCompose").exists()


def test_the_list_of_layouts_of_the_system_comes_back_byte_for_byte(
    package: Path, keyboard: Keyboard, home: Path, tmp_path: Path
) -> None:
    root = tmp_path / "xkb"
    (root / "symbols").mkdir(parents=True)
    (root / "rules").mkdir()
    listed = root / "rules/evdev.xml"
    listed.write_bytes((SYSTEM / "rules/evdev.xml").read_bytes())
    before = tree(root)
    ran = run(package / "install.sh", "--system", home=home, XKB_CONFIG_ROOT=str(root))
    assert (ran.returncode, ran.stderr) == (0, "")
    names = [each.text for each in ElementTree.parse(listed).findall("layoutList/layout/configItem/name")]
    assert names[-1] == layout_name(keyboard)
    assert (root / f"rules/evdev.xml.before-{layout_name(keyboard)}").read_bytes() == before[
        "rules/evdev.xml"
    ]
    assert "sh install.sh" in ran.stdout  # what each user has to do for Compose
    ran = run(package / "uninstall.sh", "--system", home=home, XKB_CONFIG_ROOT=str(root))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert tree(root) == before
    assert tree(home) == {}


def test_without_rights_nothing_is_touched_and_it_is_said(package: Path, home: Path, tmp_path: Path) -> None:
    ran = run(package / "install.sh", "--system", home=home, XKB_CONFIG_ROOT=str(tmp_path / "missing"))
    assert ran.returncode == 1
    assert "sudo" in ran.stdout
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("script", ["install.sh", "uninstall.sh"])
def test_an_unknown_option_is_refused(package: Path, home: Path, script: str) -> None:
    ran = run(package / script, "--everything", home=home)
    assert ran.returncode == 2
    assert "--system" in ran.stderr
    assert tree(home) == {}


def test_the_scripts_are_clean(package: Path) -> None:
    needs("shellcheck")
    scripts = sorted(path.name for path in package.glob("*.sh"))
    ran = subprocess.run(
        ["shellcheck", "-x", *scripts], cwd=package, capture_output=True, text=True, check=False
    )
    assert ran.stdout == ""
