"""Packages for Keyman: what is in them, that they are the same each time, and what is said when there are none."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from ime.compiling import compiled
from ime.errors import BuildError
from ime.model import Keyboard
from ime.targets import TARGETS
from ime.targets.base import File, Package, Texts, zip_bytes
from ime.targets.keyman import keyboard_id, minimal_tag
from ime.targets.keyman_compiler import Job
from ime.targets.keyman_compiler import compiled as compile_jobs
from ime.targets.keyman_icon import icon
from languages import registry
from languages.fonts import font_file
from tests.ime.keyman_kit import KIT, packages
from tests.ime.kit import orthography_of, shipped

LATIN = next(keyboard for keyboard in shipped() if orthography_of(keyboard).script == "Latn")
OTHER = next(keyboard for keyboard in shipped() if orthography_of(keyboard).script != "Latn")


def built(keyboard: Keyboard) -> Package:
    return TARGETS["keyman"].build(keyboard, compiled(keyboard), KIT)


def packed(package: Package) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package.files[0].data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def latin() -> Package:
    return built(LATIN)


@pytest.fixture(scope="module")
def other() -> Package:
    return built(OTHER)


def test_the_same_keyboard_gives_the_same_bytes_alone_and_in_a_batch(latin: Package, other: Package) -> None:
    assert packages([OTHER, LATIN]) == [other, latin]
    with zipfile.ZipFile(io.BytesIO(latin.files[0].data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_first_file_is_what_people_install(latin: Package) -> None:
    assert latin.files[0].path == f"{keyboard_id(LATIN)}.kmp"
    said = json.loads(packed(latin)["kmp.json"])
    (keyboard,) = said["keyboards"]
    assert keyboard["id"] == keyboard_id(LATIN)
    assert keyboard["version"] == LATIN.version
    tags = [language["id"] for language in keyboard["languages"]]
    assert tags == list(dict.fromkeys(map(minimal_tag, (LATIN.orthography, *LATIN.locales))))
    assert {language["name"] for language in keyboard["languages"]} == {
        registry().profile(LATIN.language).names["vi"]
    }
    assert (
        said["system"]["fileVersion"] == "7.0"
    )  # Keyman of Debian 12 refuses what asks for more than it has


def test_a_package_holds_keyboards_for_computer_and_phone_with_pages_and_licence(latin: Package) -> None:
    inside = packed(latin)
    identity = keyboard_id(LATIN)
    assert {
        f"{identity}.kmx",
        f"{identity}.js",
        f"{identity}.kvk",
        "welcome.htm",
        "readme.htm",
        "LICENSE.md",
    } <= set(inside)
    for ending in ("kmx", "js", "kvk"):
        assert inside[f"{identity}.{ending}"] == latin.file(f".{ending}").data
    welcome = inside["welcome.htm"].decode()
    assert LATIN.why["vi"][:40] in welcome
    assert LATIN.author in inside["LICENSE.md"].decode()


def test_the_font_of_a_script_goes_along_and_latin_needs_none(latin: Package, other: Package) -> None:
    family = registry().orthography(OTHER.orthography).fonts[0]
    path = font_file(family)
    assert path is not None, f"{family} is not installed"
    assert packed(other)[path.name] == path.read_bytes()
    assert json.loads(packed(other)["kmp.json"])["keyboards"][0]["displayFont"] == path.name
    assert "Open Font License" in packed(other)["LICENSE.md"].decode()
    assert not [name for name in packed(latin) if name.endswith((".ttf", ".otf"))]


def test_a_font_that_may_not_be_passed_on_stays_out(tmp_path: Path) -> None:
    source = font_file(registry().orthography(OTHER.orthography).fonts[0])
    assert source is not None
    closed = tmp_path / "Closed-Regular.ttf"
    with TTFont(source) as font:
        names = font["name"]
        names.names = [record for record in names.names if record.nameID not in (13, 14)]
        names.setName("All rights reserved.", 13, 3, 1, 0x409)
        font.save(closed)
    kit = replace(KIT, fonts=lambda _family: closed)
    package = TARGETS["keyman"].build(OTHER, compiled(OTHER), kit)
    assert not [name for name in packed(package) if name.endswith(".ttf")]


def test_pages_name_the_house_and_escape_what_they_are_told() -> None:
    kit = replace(KIT, texts=Texts("A & <B>", "https://example.org/?a=1&b=2"))
    said = packed(TARGETS["keyman"].build(replace(LATIN, author="<i>x</i>"), compiled(LATIN), kit))
    welcome = said["welcome.htm"].decode()
    assert "A &amp; &lt;B&gt;" in welcome and 'href="https://example.org/?a=1&amp;b=2"' in welcome
    assert "<i>" not in welcome
    assert json.loads(said["kmp.json"])["info"]["website"]["description"] == "https://example.org/?a=1&b=2"


def test_the_keyboard_on_the_screen_has_the_letters_of_each_layer(other: Package) -> None:
    source = other.file(".kvks").data.decode()
    for modifiers, shift in (("", ""), ("shift", "S"), ("altgr", "RA"), ("shift+altgr", "SRA")):
        keys = OTHER.layers.get(modifiers, {})  # type: ignore[call-overload]
        assert (f'<layer shift="{shift}">' in source) == bool(keys)
        for key in keys.values():
            if key.output.isalpha():
                assert f">{key.label or key.output}</key>" in source


def test_touch_layers_lead_to_one_another_and_to_other_keyboards(latin: Package) -> None:
    said = json.loads(latin.file(".keyman-touch-layout").data)
    assert said["phone"] == said["tablet"]
    layers = {
        layer["id"]: [key for row in layer["row"] for key in row["key"]] for layer in said["phone"]["layer"]
    }
    for keys in layers.values():
        assert {key["nextlayer"] for key in keys if "nextlayer" in key} <= set(layers)
        assert {"K_LOPT", "K_BKSP", "K_SPACE", "K_ENTER"} <= {key["id"] for key in keys}


def test_languages_are_named_as_briefly_as_can_be() -> None:
    assert minimal_tag("km-Khmr") == "km"
    assert minimal_tag("km-Latn") == "km-Latn"
    assert minimal_tag("qaa-Latn-x-one") == "qaa-Latn-x-one"


def test_the_icon_has_both_sizes_and_the_colour_of_the_house() -> None:
    with Image.open(io.BytesIO(icon("abc"))) as picture:
        assert picture.info["sizes"] == {(16, 16), (32, 32)}
        assert picture.convert("RGB").getpixel((0, 0)) == (0x2C, 0x3A, 0x8C)
    assert icon("abc") != icon("abd")


def test_without_compilers_it_is_said_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"compilers are not installed in .*bin/setup") as caught:
        TARGETS["keyman"].build(LATIN, compiled(LATIN), replace(KIT, tools=tmp_path))
    assert caught.value.code == "no_compiler"


def test_without_node_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match="node is not installed"):
        built(LATIN)


def test_what_the_compiler_refuses_is_told_with_the_line() -> None:
    source = (
        b"store(&VERSION) '10.0'\nbegin Unicode > use(main)\ngroup(main) using keys\n+ [K_A] > any(nothing)\n"
    )
    with pytest.raises(BuildError, match=r"x\.kmn: .*line 4") as caught:
        list(compile_jobs(KIT.tools, [Job({"x.kmn": source}, "x.kmn")]))
    assert caught.value.code == "compiler_refused"


def test_a_zip_does_not_depend_on_the_order_of_its_files() -> None:
    files = [File("b/run", b"1", run=True), File("a", b"2"), File("mimetype", b"3")]
    assert zip_bytes(files) == zip_bytes(reversed(files))
    with zipfile.ZipFile(io.BytesIO(zip_bytes(files, stored=("mimetype",)))) as archive:
        assert archive.namelist() == ["mimetype", "a", "b/run"]
        assert archive.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        assert archive.getinfo("b/run").external_attr >> 16 & 0o111
