"""Recordings (and the sound of films): loudness, waveform, copies for listening."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext_noop

from media_pipeline.domain import ffmpeg
from media_pipeline.domain.errors import StepSkipped
from media_pipeline.domain.graph import step
from media_pipeline.domain.work import Work
from media_pipeline.models import Asset

SILENT_FILM: Final = gettext_noop("The film has no sound.")
PEAKS_RATE: Final = 8000
PEAKS_MOST: Final = 20_000
"""How many pairs of least and greatest values a waveform has at most."""
TARGET: Final = -18.0
"""LUFS that copies for listening are brought to; the original stays as it is."""
HIGHEST: Final = -1.0
"""dBFS that no peak of a copy goes beyond."""
QUIETEST: Final = -69.0
_KINDS: Final = (Asset.Kind.AUDIO, Asset.Kind.VIDEO)
_NUMBER: Final = r"(-?\d+(?:\.\d+)?|-?inf|nan)"


def _sound(work: Work) -> None:
    if not work.asset.facts.get("sound"):
        raise StepSkipped(SILENT_FILM)


@step("peaks", gettext_noop("Measure the loudness, draw the waveform"), needs=("probe", "scan"), kinds=_KINDS,
      versions=ffmpeg.version)  # fmt: skip
def peaks(work: Work) -> None:
    """Loudness by EBU R 128, and the waveform in the JSON format of audiowaveform (version 2, eight bits)."""
    _sound(work)
    work.empty()
    done = ffmpeg.convert(
        work,
        [
            "-map", "0:a:0", "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-",
            "-map", "0:a:0", "-ac", "1", "-ar", str(PEAKS_RATE), "-f", "s16le", "sound.raw",
        ],
        level="info",
    )  # fmt: skip
    summary = done.detail[done.detail.rfind("Summary:") :]
    loudness, peak = (
        re.search(rf"\b{name}:\s+{_NUMBER} {unit}", summary)
        for name, unit in (("I", "LUFS"), ("Peak", "dBFS"))
    )
    # Silence is said to be -70 LUFS, its peak -inf.
    lufs = float(loudness[1]) if loudness else QUIETEST
    work.result.facts = {
        "loudness": max(lufs, -70.0),
        "peak": max(float(peak[1]), -120.0) if peak else 0.0,
    }
    samples = (work.folder / "sound.raw").stat().st_size // 2
    step_ = max(64, -(-samples // PEAKS_MOST))
    work.program("peaks", "sound.raw", "peaks.json", str(PEAKS_RATE), str(step_))
    work.emit("peaks", "peaks.json", "application/json", duration=samples / PEAKS_RATE)


@step(
    "audio",
    gettext_noop("Make copies for listening"),
    needs=("peaks",),
    kinds=_KINDS,
    versions=ffmpeg.version,
)
def audio(work: Work) -> None:
    """Opus for small downloads, AAC for what cannot play it; made equally loud, without clipping."""
    work.empty()
    facts = work.asset.facts
    gain = 0.0
    if facts["loudness"] > QUIETEST:
        gain = min(TARGET - facts["loudness"], HIGHEST - facts["peak"])
    channels = min(2, facts["channels"])
    louder = ["-map", "0:a:0", "-map_metadata", "-1", "-ac", str(channels), "-af", f"volume={gain:.2f}dB"]
    # Without it Ogg has a number drawn by lot, and the same recording never gives the same bytes again.
    louder += ["-fflags", "+bitexact"]
    ffmpeg.convert(
        work,
        [
            *louder, "-c:a", "libopus", "-b:a", f"{32 * channels}k", "-f", "ogg", "sound.opus",
            *louder, "-c:a", "aac", "-b:a", f"{64 * channels}k", "-ar", "44100", "-movflags", "+faststart",
            "-f", "mp4", "sound.m4a",
        ],
    )  # fmt: skip
    for role, path, media_type in (
        ("audio-opus", "sound.opus", "audio/ogg; codecs=opus"),
        ("audio-aac", "sound.m4a", "audio/mp4"),
    ):
        work.emit(role, path, media_type, duration=facts["duration"], extra={"gain": round(gain, 2)})
