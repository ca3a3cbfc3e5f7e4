"""Profiles are found by code, alias and tag; what has none gets the plain fallback."""

from __future__ import annotations

import csv
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from languages import LanguageError, ProfileError, load_registry, registry
from tests.languages.made_up import profile, write
from tests.shared_data import REPOSITORY, shared


def test_every_tag_of_the_gold_words_is_known_or_plainly_a_fallback() -> None:
    for path in shared("gold-words").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for tag in {row["orthography"] for row in csv.DictReader(file)}:
                found = registry().orthography(tag)
                assert found.is_fallback or found in registry().orthographies


@pytest.mark.parametrize("code", list(registry().profiles))
def test_a_profile_is_found_by_every_name_it_gives(code: str) -> None:
    made = registry().profiles[code]
    for name in (code, code.upper(), f"{code}-VN", *made.aliases):
        assert registry().profile(name) is made
    for orthography in made.orthographies:
        for tag in (orthography.tag, orthography.tag.upper(), *orthography.aliases):
            assert registry().orthography(tag) is orthography
            assert registry().profile(tag) is made
    assert registry().orthography(code) is made.orthographies[0]
    assert not made.is_fallback


def test_aliases_and_regions_lead_to_one_orthography(tmp_path: Path) -> None:
    data = profile(aliases=["qab"], orthography__aliases=["qac-Latn-x-anoverlongsubtag"])
    made = load_registry([write(tmp_path, data)])
    expected = made.orthographies[0]
    for tag in ("qaa", "qab", "qab-latn", "QAA-Latn-VN", "qaa-VN", "qac-Latn-x-anoverlongsubtag"):
        assert made.orthography(tag) is expected, tag
    for tag in ("qaa-Cyrl", "qab-Latn-x-other", "qad", "qad-Latn"):
        assert made.orthography(tag).is_fallback, tag
    assert made.orthography("qab-Latn-x-other").language == "qaa"
    assert made.profile("qac-Latn-x-anoverlongsubtag").code == "qaa"


def test_a_language_without_a_profile_works_and_says_so() -> None:
    made = registry().profile("qad")
    assert made.is_fallback
    assert not made.reviewed
    plain = registry().orthography("qad-Latn-x-trial")
    assert (plain.tag, plain.language, plain.script, plain.is_fallback) == (
        "qad-Latn-x-trial",
        "qad",
        "Latn",
        True,
    )
    assert plain.keys("Đặng").letter == "dang"
    assert plain.normalise("e\u0301") == "é"
    assert sorted(["z", "á", "b"], key=plain.sort_key) == ["á", "b", "z"]
    assert [token.text for token in plain.tokens("ka, ka")] == ["ka", "ka"]
    assert plain.first_letter("Đặng") == "đ"
    with pytest.raises(LanguageError) as refusal:
        plain.transliterate("ka", "qad-Cyrl")
    assert refusal.value.code == "no_scheme"


def test_a_malformed_tag_is_refused_everywhere() -> None:
    for ask in (registry().profile, registry().orthography):
        with pytest.raises(LanguageError) as refusal:
            ask("no such tag")
        assert refusal.value.code == "malformed_tag"


def test_owners_are_told_by_script() -> None:
    for orthography in registry().orthographies:
        own = "".join(orthography.alphabet[:3])
        if own:
            assert orthography in registry().owners(own)
            assert all(owner.script == orthography.script for owner in registry().owners(own))
    assert registry().owners("123 …") == registry().orthographies
    assert registry().owners("\ud800") == registry().orthographies


def test_scripts_that_need_no_blanks_between_words_say_so() -> None:
    running = {
        tag: registry().orthography(tag).runs_on
        for tag in ("km", "lo", "blt", "khb", "vi", "blt-Latn", "und")
    }
    assert [tag for tag, on in running.items() if on] == ["km", "lo", "blt", "khb"]


def test_everything_is_frozen() -> None:
    made = next(iter(registry().profiles.values()))
    with pytest.raises(FrozenInstanceError):
        made.code = "other"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        made.orthographies[0].tag = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        made.names["vi"] = "other"  # type: ignore[index]
    with pytest.raises(TypeError):
        registry().profiles["other"] = made  # type: ignore[index]


def test_threads_that_ask_first_get_the_same_registry() -> None:
    program = (
        "from concurrent.futures import ThreadPoolExecutor; from languages import registry\n"
        "with ThreadPoolExecutor(8) as pool: made = list(pool.map(lambda _: registry(), range(8)))\n"
        "print(len(set(map(id, made))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout == "1\n"


def test_nothing_is_read_at_import() -> None:
    program = "import languages; from languages import catalogue; print(catalogue._registry)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout == "None\n"


def test_the_hash_changes_with_what_keys_are_made_of(tmp_path: Path) -> None:
    def made(name: str, text: str, **changes: object) -> str:
        data = profile(orthography__collation={"file": "c.txt"}, **changes)
        return load_registry([write(tmp_path / name, data, {"c.txt": text})]).profiles["qaa"].hash

    same = made("one", "&a < b")
    assert made("two", "&a < b") == same
    assert made("three", "&a < c") != same
    assert made("four", "&a < b", aliases=["qab"]) != same


def test_a_folder_of_ones_own_adds_and_replaces(tmp_path: Path) -> None:
    write(tmp_path / "one", profile())
    write(tmp_path / "two", profile(names={"vi": "t", "en": "Other"}))
    write(tmp_path / "two", profile(code="qab", orthography__tag="qab-Latn"), code="qab")
    made = load_registry([tmp_path / "one", tmp_path / "two"])
    assert list(made.profiles) == ["qaa", "qab"]
    assert made.profiles["qaa"].names["en"] == "Other"


def test_many_threads_share_one_orthography_that_was_never_used(tmp_path: Path) -> None:
    made = load_registry([write(tmp_path, profile(orthography__collation={"alphabet": True}))]).orthographies[
        0
    ]
    words = ["bache", "Đabe", "chab", "ab", "đe"] * 50
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(made.sort_key, words))
    assert [word for _, word in sorted(zip(keys, words, strict=True))][::50] == [
        "ab",
        "bache",
        "chab",
        "Đabe",
        "đe",
    ]


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        ("format = ", ("qaa/profile.toml", "")),
        (profile(orthography__alphabet="abc"), ("qaa/profile.toml", "orthography[0].alphabet")),
        (
            profile(orthography__collation={"rules": "&a <"}),
            ("qaa/profile.toml", "orthography[0].collation.rules"),
        ),
        (profile(aliases=["qab"]), ("qaa/profile.toml", "aliases[0]")),
    ],
    ids=["syntax", "structure", "rules compiled on first use", "claims a code of another"],
)
def test_a_broken_profile_of_ones_own_leaves_the_others(
    tmp_path: Path, broken: object, where: tuple[str, str]
) -> None:
    shipped = write(tmp_path / "shipped", profile(code="qab", orthography__tag="qab-Latn"), code="qab")
    own = write(tmp_path / "own", broken)  # type: ignore[arg-type]
    write(own, profile(code="qac", orthography__tag="qac-Latn"), code="qac")
    made = load_registry([shipped], [own, tmp_path / "nowhere"])
    assert list(made.profiles) == ["qab", "qac"]
    assert made.orthography("qaa-Latn").is_fallback
    problems = {(problem.file, problem.key) for problem in made.problems}
    assert problems == {where, (str(tmp_path / "nowhere"), "")}


def test_a_broken_profile_of_ones_own_does_not_replace_a_shipped_one(tmp_path: Path) -> None:
    shipped = write(tmp_path / "shipped", profile())
    own = write(tmp_path / "own", profile(code="qab"))
    made = load_registry([shipped], [own])
    assert not made.profile("qaa").is_fallback
    assert [problem.code for problem in made.problems] == ["profile_code"]
    replaced = load_registry([shipped], [write(tmp_path / "other", profile(aliases=["qad"]))])
    assert replaced.profile("qad").code == "qaa"
    assert replaced.problems == ()


def test_a_broken_profile_that_ships_stops_everything(tmp_path: Path) -> None:
    with pytest.raises(ProfileError):
        load_registry([write(tmp_path, "format = ")])
