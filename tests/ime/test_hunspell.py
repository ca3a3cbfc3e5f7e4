"""Spelling packages, through the real Hunspell: words are right in every encoding, a forgotten mark is suggested."""

from __future__ import annotations

import csv
import ctypes
import io
import json
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ime.compiling import compiled
from ime.errors import BuildError
from ime.model import Keyboard
from ime.proof import hunspell
from ime.targets.base import Package
from ime.targets.hunspell import HUNSPELL, locales
from ime.targets.writing import unspaced
from languages import registry
from languages.text import nfc, nfd
from tests.ime.kit import orthography_of, shipped
from tests.ime.linux import KIT, needs
from tests.shared_data import shared

DEFAULTS = [keyboard for keyboard in shipped() if keyboard.default]
ENOUGH = 50  # words that make a list


@cache
def gold() -> dict[str, Counter[str]]:
    """The words of the gold lists by orthography."""
    found: dict[str, Counter[str]] = {}
    for path in sorted(shared("gold-words").glob("*.csv")):
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            orthography = registry().orthography(row["orthography"])
            found.setdefault(orthography.tag, Counter()).update(
                token.text for token in orthography.tokens(orthography.normalise(row["form"]))
            )
    return found


def packed(keyboard: Keyboard, words: Iterable[tuple[str, int]]) -> Package:
    kit = replace(KIT, words=lambda tag: list(words) if tag == keyboard.orthography else [])
    return HUNSPELL.build(keyboard, compiled(keyboard), kit)


def words_of(package: Package) -> list[str]:
    """The words of the .dic file."""
    count, *lines = package.file(".dic").data.decode().splitlines()
    assert int(count) == len(lines)
    return [line.replace("\\/", "\0").partition("/")[0].replace("\0", "/") for line in lines]


def without_a_mark(word: str) -> Iterable[str]:
    """The word with each of its marks forgotten in turn."""
    spelled = nfd(word)
    for at, char in enumerate(spelled):
        if unicodedata.combining(char):
            yield nfc(spelled[:at] + spelled[at + 1 :])


def test_every_word_is_right_and_a_forgotten_mark_brings_it_back() -> None:
    needs("hunspell")
    tried, forgot = 0, 0
    for keyboard in DEFAULTS:
        listed = gold().get(keyboard.orthography, Counter())
        if len(listed) < ENOUGH:
            continue
        package = packed(keyboard, listed.items())
        words = words_of(package)
        assert hunspell.refused(package, words) == []
        assert hunspell.refused(package, [nfd(word) for word in words]) == []
        known = {word.casefold() for word in words}
        forgotten: dict[str, set[str]] = {}
        for word in words:
            for mistake in without_a_mark(word):
                if mistake.casefold() not in known:
                    forgotten.setdefault(mistake, set()).add(word)
        suggested = hunspell.suggestions(package, forgotten)
        assert set(suggested) == set(forgotten)
        missed = [mistake for mistake, meant in forgotten.items() if meant.isdisjoint(suggested[mistake])]
        assert missed == [], keyboard.orthography
        tried += 1
        forgot += len(forgotten)
    assert tried >= 10 and forgot >= 2_000


def test_letters_that_the_orthography_repairs_are_wrong_and_suggested() -> None:
    needs("hunspell")
    tried = 0
    for keyboard in DEFAULTS:
        words = gold().get(keyboard.orthography)
        if not words or unspaced(orthography_of(keyboard)):
            continue
        package = packed(keyboard, words.items())
        lines = package.file(".aff").data.decode().splitlines()
        pairs = [line.split()[1:] for line in lines if line.startswith("REP ") and len(line.split()) == 3]
        known = words_of(package)
        for wrong, right in pairs:
            word = next((each for each in known if right in each and wrong not in each), None)
            if word is None:
                continue
            mistake = word.replace(right, wrong)
            assert word in hunspell.suggestions(package, [mistake]).get(mistake, [word])
            tried += 1
            break
    assert tried >= 3


def test_capitals_inside_a_word_are_kept_and_names_are_not_right_in_lower_case() -> None:
    needs("hunspell")
    package = packed(DEFAULTS[0], [("ban", 3), ("Ban", 1), ("Nam", 1), ("anA", 1)])
    assert words_of(package) == ["Nam", "anA", "ban"]
    asked = ["ban", "Ban", "BAN", "Nam", "nam", "anA", "ana", "ANA"]
    assert hunspell.refused(package, asked) == ["nam", "ana", "ANA"]


def test_the_libreoffice_extension_holds_the_dictionary_and_says_for_which_locales() -> None:
    keyboard = DEFAULTS[0]
    package = packed(keyboard, [("ban", 1)])
    with zipfile.ZipFile(io.BytesIO(package.file(".oxt").data)) as archive:
        for name in ("META-INF/manifest.xml", "description.xml", "dictionaries.xcu"):
            ElementTree.fromstring(archive.read(name))
        said = archive.read("dictionaries.xcu").decode()
        for ending in (".aff", ".dic"):
            assert f"%origin%/{keyboard.orthography}{ending}" in said
            assert archive.read(f"{keyboard.orthography}{ending}") == package.file(ending).data
        assert locales(orthography_of(keyboard))[0] in said


def test_the_firefox_dictionary_holds_it_as_well() -> None:
    package = packed(DEFAULTS[0], [("ban", 1)])
    with zipfile.ZipFile(io.BytesIO(package.file(".xpi").data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        ((_, path),) = manifest["dictionaries"].items()
        assert archive.read(path) == package.file(".dic").data
        assert archive.read(path.replace(".dic", ".aff")) == package.file(".aff").data
        assert "@" in manifest["browser_specific_settings"]["gecko"]["id"]


def test_a_script_without_spaces_says_so_and_breaks_at_zero_width_spaces(tmp_path: Path) -> None:
    needs("hunspell")
    keyboard = next(
        each for each in DEFAULTS if unspaced(orthography_of(each)) and gold().get(each.orthography)
    )
    package = packed(keyboard, gold()[keyboard.orthography].items())
    assert "U+200B" in package.file("README.txt").data.decode()
    for file in package.files:
        (tmp_path / file.path).write_bytes(file.data)
    # The program cuts there by itself; what applications call does not.
    library = ctypes.CDLL("libhunspell-1.7.so.0")
    library.Hunspell_create.restype = ctypes.c_void_p
    paths = [str(tmp_path / f"{keyboard.orthography}{ending}").encode() for ending in (".aff", ".dic")]
    speller = ctypes.c_void_p(library.Hunspell_create(*paths))
    first, second = words_of(package)[:2]
    assert library.Hunspell_spell(speller, f"{first}\u200b{second}".encode())
    assert not library.Hunspell_spell(speller, f"{first}\u200b{second[:-1]}{first[0]}".encode())
    library.Hunspell_destroy(speller)


def test_without_words_there_is_no_package() -> None:
    with pytest.raises(BuildError, match=f"no words of {DEFAULTS[0].orthography}"):
        packed(DEFAULTS[0], [("123", 4), ("…", 1)])
