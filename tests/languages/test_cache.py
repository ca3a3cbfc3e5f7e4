"""Compiled collators are kept on disk, whole or not at all."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

from tests.languages.made_up import profile, write
from tests.shared_data import REPOSITORY

PROGRAM = """
import languages, sys
from pathlib import Path
languages.configure(cache_dir=Path(sys.argv[1]))
orthography = languages.load_registry([Path(sys.argv[2])]).orthographies[0]
print(orthography.sort_key("đabe").hex())
"""


def run(cache: Path, profiles: Path) -> str:
    command = [sys.executable, "-c", PROGRAM, str(cache), str(profiles)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout


def run_pair(pair: tuple[Path, Path]) -> str:
    return run(*pair)


def test_processes_share_a_cache_and_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    profiles = write(tmp_path / "profiles", profile(orthography__collation={"alphabet": True}))
    cache = tmp_path / "cache"
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        answers = pool.map(run_pair, [(cache, profiles)] * 4)
    assert len(set(answers)) == 1
    (kept,) = (cache / "collation").iterdir()
    whole = kept.read_bytes()
    for damage in (b"", whole[:40], whole[:-1], whole[:50] + b"\xff" * (len(whole) - 50)):
        kept.write_bytes(damage)
        assert run(cache, profiles) == answers[0]
        assert kept.read_bytes() == whole


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    profiles = write(tmp_path / "profiles", profile(orthography__collation={"alphabet": True}))
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert run(blocked, profiles)


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    environment = {**os.environ, "NHASAN_DATA_DIR": ""}
    program = "import languages; languages.registry().orthography('qaa').sort_key('a')"
    subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, env=environment, check=True)
    assert list(tmp_path.iterdir()) == []
