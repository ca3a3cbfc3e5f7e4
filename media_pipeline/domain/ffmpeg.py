"""ffmpeg and ffprobe on originals: only the demuxer that the first bytes call for, and only files, no addresses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext_noop

from media_pipeline.domain import tools
from media_pipeline.domain.errors import StepFailed
from media_pipeline.domain.work import Work

_DEMUXERS: Final = {
    "audio/mpeg": "mp3", "audio/wav": "wav", "audio/ogg": "ogg", "audio/flac": "flac", "audio/mp4": "mov",
    "audio/webm": "matroska", "video/mp4": "mov", "video/webm": "matroska", "video/x-matroska": "matroska",
    "video/x-msvideo": "avi",
}  # fmt: skip
SHORT: Final = gettext_noop(
    "The file is incomplete: only %(read)s of %(whole)s seconds can be read. Store a whole copy of it."
)
_SLACK: Final = 1.0
_SHARE: Final = 0.97


def version() -> dict[str, str]:
    """Of ffmpeg; raises StepSkipped when it is not there."""
    return {"ffmpeg": tools.version("ffmpeg", "-version").partition(" Copyright")[0]}


def _input(work: Work) -> list[str]:
    demuxer = _DEMUXERS[work.asset.blob.media_type]
    return ["-protocol_whitelist", "file", "-f", demuxer, "-i", str(work.source)]


def probe(work: Work) -> dict[str, Any]:
    """What ffprobe says of container and streams."""
    command = [tools.find("ffprobe"), "-v", "error", "-of", "json", "-show_format", "-show_streams"]
    done = work.run([*command, *_input(work)], seconds=120)
    return dict(json.loads(done.out))


def convert(work: Work, arguments: Sequence[str], *, seek: float = 0.0, level: str = "error") -> tools.Done:
    """Read the original and write what `arguments` say, into the folder of the work; reports progress.

    Raises StepFailed when less can be read than the header promises.
    """
    whole = float(work.asset.facts.get("duration") or 0.0)
    at = 0.0

    def progress(line: str) -> float | None:
        nonlocal at
        name, _equals, value = line.partition("=")
        if name != "out_time_us" or not value.strip().isdigit():
            return None
        at = max(at, int(value) / 1e6)
        work.progress(int(at), int(whole))
        return at

    start = ["-ss", f"{seek:.3f}"] if seek else []
    done = work.run(
        [
            tools.find("ffmpeg"), "-nostdin", "-hide_banner", "-y", "-v", level, "-nostats", "-progress", "pipe:1",
            *start, *_input(work), *arguments,
        ],
        progress=progress,
    )  # fmt: skip
    if not seek and at < whole * _SHARE - _SLACK:
        raise StepFailed(SHORT, {"read": int(at), "whole": int(whole)}, done.detail)
    return done
