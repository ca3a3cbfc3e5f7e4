"""Tools run within limits, are watched, and leave nothing behind."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from media_pipeline.domain import tools
from media_pipeline.domain.errors import StepFailed, StepSkipped


def shell(script: str, folder: Path, **options: object) -> tools.Done:
    return tools.run(["sh", "-c", script], folder=folder, name="tool", **options)  # type: ignore[arg-type]


def running(mark: str) -> list[str]:
    """The processes whose command line holds a mark."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def test_a_tool_that_makes_no_progress_is_stopped_with_all_that_it_started(
    tmp_path: Path, settings: Settings
) -> None:
    settings.NHASAN_TOOL_STALL_SECONDS = 1
    mark = f"31{os.getpid()}.5"
    with pytest.raises(StepFailed, match="no progress for 1 seconds"):
        shell(f"echo begun >&2; sleep {mark} & sleep {mark}", tmp_path)
    time.sleep(0.1)
    assert not running(mark)


def test_a_tool_that_works_but_stands_still_by_its_own_account_is_stopped(
    tmp_path: Path, settings: Settings
) -> None:
    settings.NHASAN_TOOL_STALL_SECONDS = 1
    with pytest.raises(StepFailed, match="no progress"):
        shell("while :; do echo at=5; done", tmp_path, progress=lambda line: float(line[3:]))


def test_a_tool_that_takes_too_long_is_stopped_and_its_last_lines_are_kept(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="longer than 1 seconds") as failed:
        shell("echo where I was >&2; while :; do :; done", tmp_path, seconds=1)
    assert "where I was" in failed.value.detail


def test_a_full_disk_is_said_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="no room left on the disk"):
        tools.run(["dd", "if=/dev/zero", "of=/dev/full", "bs=1k", "count=1"], folder=tmp_path)


def test_a_file_that_grows_too_large_ends_the_tool(tmp_path: Path, settings: Settings) -> None:
    settings.NHASAN_TOOL_FILE_BYTES = 4096
    with pytest.raises(StepFailed, match="grew beyond"):
        tools.run(["dd", "if=/dev/zero", "of=big", "bs=1k", "count=100"], folder=tmp_path)
    assert (tmp_path / "big").stat().st_size <= 4096


def test_whoever_asked_may_stop_a_tool(tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    begin = time.monotonic()

    def stop() -> None:
        if time.monotonic() - begin > 0.3:
            raise Enough

    with pytest.raises(Enough):
        shell("sleep 60", tmp_path, should_stop=stop)
    assert time.monotonic() - begin < 5


def test_a_tool_sees_nothing_of_the_settings_of_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NHASAN_SECRET_KEY", "hush")
    assert b"NHASAN" not in shell("env", tmp_path).out


def test_a_tool_that_is_not_there_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StepSkipped, match="apt install tesseract-ocr"):
        tools.find("tesseract")


def test_what_a_tool_writes_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    done = tools.run(["head", "-c", "60000000", "/dev/zero"], folder=tmp_path)
    assert len(done.out) == 32 << 20
