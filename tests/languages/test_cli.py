"""`python -m languages` as a linguist runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from languages import registry
from languages.legacy import tables
from tests.languages.legacy_encoders import iconv, viscii
from tests.languages.made_up import profile, write
from tests.languages.texts import real_words
from tests.shared_data import REPOSITORY

RULES = "a <> а;\nb <> б;\nch <> ч;\nđ <> д;\ne <> е;\n"
SCHEME = {
    "source": "qaa-Latn",
    "target": "qaa-Cyrl",
    "rules": ["rules.txt"],
    "reversible": True,
    "sources": ["us"],
    "names": {"vi": "Thử", "en": "Trial scheme"},
}


def run(
    *arguments: str, given: bytes = b"", profiles: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "NHASAN_PROFILES_DIR": str(profiles or "")}
    command = [sys.executable, "-m", "languages", *arguments]
    return subprocess.run(
        command, cwd=REPOSITORY, input=given, capture_output=True, env=environment, check=False
    )


@pytest.fixture(scope="module")
def profiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("profiles")
    data = profile(scheme=[SCHEME], orthography__collation={"alphabet": True}, aliases=["qab"])
    return write(folder, data, {"rules.txt": RULES})


def test_check_passes_what_is_shipped_and_says_what_is_wrong(profiles: Path, tmp_path: Path) -> None:
    good = run("check", profiles=profiles)
    assert good.returncode == 0, good.stdout.decode()
    for code in (*registry().profiles, "qaa"):
        assert f"{code}: good\n".encode() in good.stdout
    assert b"note: " not in run("check", "--quiet", profiles=profiles).stdout
    broken = write(tmp_path / "broken", profile(orthography__collation={"rules": "&a <"}))
    bad = run("check", "qaa", profiles=broken)
    assert bad.returncode == 1
    assert "qaa/profile.toml: orthography[0].collation.rules" in bad.stdout.decode()
    worse = run("check", profiles=write(tmp_path / "worse", "format = "))
    assert worse.returncode == 1
    assert b"error: qaa/profile.toml: is not TOML" in worse.stdout
    assert all(f"{code}: good\n".encode() in worse.stdout for code in registry().profiles)
    assert run("check", registry().orthographies[0].language, profiles=tmp_path / "worse").returncode == 0
    elsewhere = run("schemes", profiles=tmp_path / "worse")
    assert elsewhere.returncode == 0
    assert elsewhere.stderr.startswith(b"left out: qaa/profile.toml: is not TOML")
    assert b"Traceback" not in worse.stderr + bad.stderr


def test_show_prints_letters_and_sources(profiles: Path) -> None:
    shown = run("show", "qab", profiles=profiles).stdout.decode()
    assert "alphabet: a b ch đ e" in shown
    assert "[us] Made up for a test" in shown
    unknown = run("show", "qad", profiles=profiles)
    assert unknown.returncode == 1
    assert "no profile" in unknown.stderr.decode()


def test_schemes_lists_both_directions(profiles: Path) -> None:
    lines = run("schemes", profiles=profiles).stdout.decode().splitlines()
    assert "qaa-Latn\tqaa-Cyrl\tTrial scheme\treversible\tMade up for a test" in lines
    assert "qaa-Cyrl\tqaa-Latn\tTrial scheme\treversible\tMade up for a test" in lines
    assert all(len(line.split("\t")) == 5 for line in lines)


def test_transliterate_text_and_lines(profiles: Path) -> None:
    there = run("transliterate", "--from", "qaa", "--to", "qaa-Cyrl", "đache", profiles=profiles)
    assert there.stdout.decode() == "дачe\n".replace("e", "е")
    lines = run(
        "transliterate",
        "--from",
        "qaa",
        "--to",
        "qaa-Cyrl",
        given=b"ab\n\n\r\nche",
        profiles=profiles,
    )
    assert lines.stdout.decode() == "аб\n\n\nче\n"
    missing = run("transliterate", "--from", "qaa", "--to", "qaa-Arab", given=b"a\n" * 3, profiles=profiles)
    assert (missing.returncode, missing.stdout, missing.stderr.count(b"\n")) == (1, b"", 1)


def test_a_line_in_is_a_line_out_even_when_it_is_broken(profiles: Path) -> None:
    given = b"Ab\n\xff\xfe\n\n" + "\u2028x\x00y\n".encode() + b"\xed\xa0\x80\nlast"
    done = run("fold", "--orthography", "qaa", "--tier", "letter", given=given, profiles=profiles)
    assert done.returncode == 1
    assert done.stdout.decode().split("\n") == ["ab", "", "", "x\ufffdy", "", "last", ""]
    assert re.findall(r"line (\d+): not UTF-8", done.stderr.decode()) == ["2", "5"]


def test_fold_prints_every_tier(profiles: Path) -> None:
    def fold(tier: str) -> str:
        return run("fold", "--orthography", "qaa", "--tier", tier, "Đá", profiles=profiles).stdout.decode()

    assert [fold(tier) for tier in ("exact", "case", "tone", "letter")] == ["Đá\n", "đá\n", "đá\n", "da\n"]
    assert fold("marked") == "d\U000f0335a\U000f0301\n"
    assert fold("sound") == "da\n"
    assert run("fold", "--orthography", "qaa", "--tier", "none", "a").returncode == 2


def test_sort_orders_lines(profiles: Path) -> None:
    given = "đa\nchb\ncb\nb\nea\n".encode()
    done = run("sort", "--orthography", "qaa", given=given, profiles=profiles)
    assert done.stdout.decode().split() == ["b", "cb", "chb", "đa", "ea"]


@pytest.mark.parametrize(
    "arguments", [["fold", "--orthography", "no tag", "--tier", "case", "a"], ["show", "--", "_"]]
)
def test_a_malformed_tag_is_one_message(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    assert "not a well-formed language tag" in done.stderr.decode()


def test_the_filter_answers_while_lines_still_come(profiles: Path) -> None:
    command = [sys.executable, "-m", "languages", "fold", "--orthography", "qaa", "--tier", "case"]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as filtering:
        assert filtering.stdin is not None
        assert filtering.stdout is not None
        for word in ("Ab", "Che"):
            filtering.stdin.write(f"{word}\n".encode())
            filtering.stdin.flush()
            assert filtering.stdout.readline().decode() == f"{word.lower()}\n"
        filtering.stdin.close()


def test_a_reader_that_stops_is_no_disaster() -> None:
    command = (
        f"yes a | head -100000 | {sys.executable} -m languages fold --orthography qaa --tier case | head -1"
    )
    done = subprocess.run(["sh", "-c", command], cwd=REPOSITORY, capture_output=True, check=False)
    assert done.stdout == b"a\n"
    assert b"Traceback" not in done.stderr


def test_the_command_line_gives_what_the_library_gives() -> None:
    orthography = registry().orthographies[0]
    words = real_words(orthography)[:50]
    given = "".join(f"{word}\n" for word in words).encode()
    done = run("fold", "--orthography", orthography.tag, "--tier", "letter", given=given)
    assert done.stdout.decode().splitlines() == [orthography.fold(word, "letter") for word in words]


def test_legacy_guesses_converts_line_by_line_and_says_what_it_did() -> None:
    text = "Tất cả mọi người sinh ra\nđều được tự do và bình đẳng\n"
    for data in (text.encode().decode("latin-1").encode(), viscii(text).encode(), iconv(text, "VISCII")):
        answer = run("legacy", given=data)
        assert (answer.returncode, answer.stdout.decode()) == (0, text)
        assert b" % sure" in answer.stderr
    as_it_is = run("legacy", given=text.encode())
    assert (as_it_is.returncode, as_it_is.stdout.decode()) == (0, text)
    assert b"nothing is converted" in as_it_is.stderr


def test_legacy_from_a_named_encoding_is_a_filter_that_tells_what_is_unknown() -> None:
    assert run("legacy", "--from", "vni", "Vieät").stdout.decode() == "Việt\n"
    answer = run("legacy", "--from", "vni", given="Vieät\n\nÐ¸\n".encode())
    assert (answer.returncode, answer.stdout.decode()) == (1, "Việt\n\nÐ¸\n")
    assert "line 3: 1 character(s) not in vni: '\\xd0' at 1" in answer.stderr.decode()
    unknown = run("legacy", "--from", "nothing", "a")
    assert unknown.returncode == 1
    assert "There is no legacy encoding “nothing”" in unknown.stderr.decode()
    listed = run("legacy", "--list").stdout.decode().splitlines()
    assert {line.partition("\t")[0] for line in listed} == set(tables())
    assert all(line.count("\t") == 3 for line in listed)


def test_a_wrong_table_beside_a_profile_of_ones_own_is_reported_and_stops_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, profile())
    (folder / "qaa" / "legacy").mkdir()
    (folder / "qaa" / "legacy" / "old.toml").write_text("format = 2\n", encoding="utf-8")
    (folder / "qaa" / "legacy" / "words.toml").write_text("format = 3\n", encoding="utf-8")
    said = run("check", "qaa", profiles=folder)
    assert said.returncode == 1
    assert "qaa/legacy/old.toml: format" in said.stdout.decode()
    assert "qaa/legacy/words.toml: format" in said.stdout.decode()
    assert run("legacy", "--from", "vni", "Vieät", profiles=folder).stdout.decode() == "Việt\n"
