"""A broken profile is refused with an error that names file and key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from languages import LanguageError, ProfileError, load_registry
from languages.checking import check
from tests.languages.made_up import PROFILE, load, profile, toml, write

SCHEME = {"source": "qaa-Latn", "target": "qaa-Cyrl", "rules": ["rules.txt"], "names": {"vi": "t", "en": "t"}}
REPAIR = {"why": "test"}
FILE = "qaa/profile.toml"


def broken(
    what: str, data: Any, key: str, code: str, files: dict[str, str] | None = None, file: str = FILE
) -> object:
    return pytest.param(data, key, code, files, file, id=what)


def repair(**parts: Any) -> dict[str, Any]:
    return profile(orthography__repair=[{**REPAIR, **parts}])


def folding(**parts: Any) -> dict[str, Any]:
    return profile(orthography__folding=parts)


BROKEN = [
    broken("no TOML", "format = ", "", "toml_syntax"),
    broken("not UTF-8", "format = '\udcff'", "", "not_utf8"),
    broken("empty", "", "format", "profile_structure"),
    broken("another format", profile(format=2), "format", "profile_structure"),
    broken("no names", profile(names=None), "names", "profile_structure"),
    broken("no English name", profile(names={"vi": "t"}), "names.en", "profile_structure"),
    broken("a slip of the pen", profile(alias=["x"]), "alias", "profile_structure"),
    broken(
        "a slip inside", profile(orthography__colation={}), "orthography[0].colation", "profile_structure"
    ),
    broken("a list for a text", profile(names=["t"]), "names", "profile_structure"),
    broken(
        "a text for a list",
        profile(orthography__alphabet="abc"),
        "orthography[0].alphabet",
        "profile_structure",
    ),
    broken(
        "a letter twice",
        profile(orthography__alphabet=["a", "a"]),
        "orthography[0].alphabet[1]",
        "profile_structure",
    ),
    broken(
        "an empty letter",
        profile(orthography__alphabet=["a", ""]),
        "orthography[0].alphabet[1]",
        "profile_structure",
    ),
    broken("no orthography", profile(orthography=[]), "orthography", "profile_structure"),
    broken("code of another folder", profile(code="qab"), "code", "profile_code"),
    broken("malformed tag", profile(orthography__tag="qaa-Latn-x"), "orthography[0].tag", "profile_tag"),
    broken(
        "tag not canonical", profile(orthography__tag="qaa-latn"), "orthography[0].tag", "tag_not_canonical"
    ),
    broken("tag without script", profile(orthography__tag="qaa"), "orthography[0].tag", "tag_without_script"),
    broken(
        "another language's tag",
        profile(orthography__tag="qab-Latn"),
        "orthography[0].tag",
        "tag_of_other_language",
    ),
    broken(
        "capital in the alphabet",
        profile(orthography__alphabet=["A"]),
        "orthography[0].alphabet[0]",
        "alphabet_case",
    ),
    broken(
        "index letter unknown", profile(orthography__index=["z"]), "orthography[0].index[0]", "index_letter"
    ),
    broken(
        "sample without source",
        profile(orthography__sample="a"),
        "orthography[0].sample",
        "sample_without_source",
    ),
    broken(
        "unknown source",
        profile(orthography__sources=["them"]),
        "orthography[0].sources[0]",
        "unknown_source",
    ),
    broken("source twice", profile(source=PROFILE["source"] * 2), "source[1].id", "duplicate_source"),
    broken(
        "reviewed by nobody",
        profile(orthography__reviewed=True, orthography__sources=None),
        "orthography[0].reviewed",
        "review_without_source",
    ),
    broken(
        "people off the list",
        profile(people=[{"number": "55", "vi": "t", "en": "t", "source": "us"}]),
        "people[0].number",
        "profile_structure",
    ),
    broken(
        "repair of two kinds",
        repair(replace=[["a", "b"]], rules="r.txt"),
        "orthography[0].repair[0]",
        "profile_structure",
    ),
    broken("repair of no kind", repair(), "orthography[0].repair[0]", "profile_structure"),
    broken(
        "repair of nothing",
        repair(replace=[["", "b"]]),
        "orthography[0].repair[0].replace[0]",
        "empty_repair",
    ),
    broken(
        "repair that grows",
        repair(replace=[["a", "aa"]]),
        "orthography[0].repair[0].replace[0]",
        "cyclic_repair",
    ),
    broken("bad regex", repair(pattern="(", **{"with": ""}), "orthography[0].repair[0].pattern", "regex"),
    broken("bad template", repair(pattern="a", **{"with": "\\1"}), "orthography[0].repair[0].with", "regex"),
    broken("class with a group", repair(reorder=["(a)", "b"]), "orthography[0].repair[0].reorder", "regex"),
    broken("class of nothing", repair(reorder=["a*", "b"]), "orthography[0].repair[0].reorder[0]", "regex"),
    broken("repair file missing", repair(rules="r.txt"), "orthography[0].repair[0].rules", "missing_file"),
    broken(
        "file outside the folder",
        repair(rules="../r.txt"),
        "orthography[0].repair[0].rules",
        "profile_structure",
    ),
    broken(
        "repair file that rescans",
        repair(rules="r.txt"),
        "orthography[0].repair[0].rules",
        "rescanning_rule",
        {"r.txt": "a > | aa ;"},
        "qaa/r.txt",
    ),
    broken(
        "tone of two characters",
        folding(tones=["ab"]),
        "orthography[0].folding.tones[0]",
        "not_one_character",
    ),
    broken("bad tone letters", folding(tone_letters="["), "orthography[0].folding.tone_letters", "regex"),
    broken(
        "mark of two characters",
        folding(vary=[["ab", "c"]]),
        "orthography[0].folding.vary[0]",
        "not_one_character",
    ),
    broken(
        "capital in letters", folding(letters={"Đ": "d"}), "orthography[0].folding.letters.Đ", "letters_case"
    ),
    broken(
        "unknown collation",
        profile(orthography__collation={"locale": "qaa"}),
        "orthography[0].collation.locale",
        "collation_locale",
    ),
    broken(
        "two collations",
        profile(orthography__collation={"locale": "vi", "alphabet": True}),
        "orthography[0].collation",
        "profile_structure",
    ),
    broken(
        "collation file missing",
        profile(orthography__collation={"file": "c.txt"}),
        "orthography[0].collation.file",
        "missing_file",
    ),
    broken(
        "sound rule of one part",
        profile(orthography__sound={"rules": [["a"]]}),
        "orthography[0].sound.rules[0]",
        "profile_structure",
    ),
    broken(
        "sound rule of nothing",
        profile(orthography__sound={"rules": [["^", "a"]]}),
        "orthography[0].sound.rules[0]",
        "sound_rule",
    ),
    broken(
        "sound table missing",
        profile(orthography__sound={"include": ["none"]}),
        "orthography[0].sound.include[0]",
        "missing_file",
    ),
    broken(
        "malformed via", profile(orthography__sound={"via": "q"}), "orthography[0].sound.via", "profile_tag"
    ),
    broken("scheme file missing", profile(scheme=[SCHEME]), "scheme[0].rules[0]", "missing_file"),
    broken(
        "scheme of others",
        profile(scheme=[{**SCHEME, "source": "qab-Latn"}]),
        "scheme[0]",
        "scheme_ends",
    ),
    broken(
        "scheme twice", profile(scheme=[SCHEME] * 2), "scheme[1]", "duplicate_scheme", {"rules.txt": "a > b;"}
    ),
    broken(
        "shadowed rule",
        profile(scheme=[SCHEME]),
        "scheme[0].rules[0]",
        "transliteration_rules",
        {"rules.txt": "a > b ;\nab > c ;"},
        "qaa/rules.txt",
    ),
    broken(
        "rule shadowed on the way back",
        profile(scheme=[{**SCHEME, "reversible": True}]),
        "scheme[0].rules[0]",
        "transliteration_rules",
        {"rules.txt": "a <> b ;\nc <> ba ;"},
        "qaa/rules.txt",
    ),
    broken(
        "rule without end",
        profile(scheme=[SCHEME]),
        "scheme[0].rules[0]",
        "rescanning_rule",
        {"rules.txt": "a > | aa ;"},
        "qaa/rules.txt",
    ),
]


@pytest.mark.parametrize(("data", "key", "code", "files", "file"), BROKEN)
def test_a_broken_profile_names_file_and_key(
    tmp_path: Path, data: Any, key: str, code: str, files: dict[str, str] | None, file: str
) -> None:
    with pytest.raises(ProfileError) as refusal:
        load(tmp_path, data, files)
    error = refusal.value
    assert (error.file, error.key, error.code) == (file, key, code), error
    assert str(error).startswith(f"{file}: {key}" if key else file)
    assert error.params["file"] == file
    assert "Traceback" not in str(error)


def test_a_collation_that_icu_refuses_is_found_by_check(tmp_path: Path) -> None:
    made = load(tmp_path, profile(orthography__collation={"rules": "&a < b <<"}))
    errors = [finding for finding in check(made) if finding.level == "error"]
    assert len(errors) == 1
    assert "orthography[0].collation.rules" in str(errors[0])


def test_repairs_that_do_not_settle_are_found_by_check(tmp_path: Path) -> None:
    turning = [{"why": "t", "pattern": "^(.)(.+)$", "with": "\\2\\1"}]
    made = load(tmp_path, profile(orthography__repair=turning, orthography__alphabet=["a", "b", "abe"]))
    assert any("do not settle" in str(finding) for finding in check(made) if finding.level == "error")


def test_a_repair_that_grows_is_stopped(tmp_path: Path) -> None:
    growing = [{"why": "t", "pattern": "a", "with": "baaaa"}]
    made = load(tmp_path, profile(orthography__repair=growing))
    with pytest.raises(LanguageError) as refusal:
        made.orthographies[0].normalise("a" * 100)
    assert refusal.value.code == "repair_grows"
    assert any(finding.level == "error" for finding in check(made))


def test_a_code_or_tag_claimed_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, profile(aliases=["qac"]))
    other = profile(code="qab", aliases=["qac"], orthography__tag="qab-Latn")
    write(tmp_path, other, code="qab")
    with pytest.raises(ProfileError) as refusal:
        load_registry([tmp_path])
    assert (refusal.value.code, refusal.value.file, refusal.value.key) == (
        "claimed_twice",
        "qab/profile.toml",
        "aliases[0]",
    )


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="no such place"):
        load_registry([tmp_path / "no such place"])


def test_toml_of_the_made_up_profile_reads_back(tmp_path: Path) -> None:
    made = load(tmp_path, toml(PROFILE))
    assert made.orthographies[0].alphabet == ("a", "b", "ch", "đ", "e")
