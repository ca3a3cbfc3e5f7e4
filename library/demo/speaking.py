"""Sentences spoken by espeak-ng, one after the other, with the moments at which each begins and ends."""

from __future__ import annotations

import shutil
import subprocess
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TOOL: Final = "espeak-ng"
SECONDS: Final = 60
_SPEED: Final = 140
_PAUSE: Final = 550
_BEFORE: Final = 400


@dataclass(frozen=True)
class Said:
    """A sentence and when it is said, in milliseconds."""

    start: int
    end: int
    text: str


def can_speak() -> bool:
    """Whether espeak-ng is here."""
    return shutil.which(TOOL) is not None


def speak(voice: str, sentences: Sequence[str], out: Path) -> tuple[list[Said], int]:
    """Write a WAV file; gives the sentences with their times, and the length of the whole in milliseconds.

    Raises CalledProcessError, TimeoutExpired.
    """
    said: list[Said] = []
    piece = out.with_suffix(".piece.wav")
    with wave.open(str(out), "wb") as whole:
        written, rate = 0, 0
        for text in sentences:
            subprocess.run(
                [TOOL, "-v", voice, "-s", str(_SPEED), "-w", str(piece), "--", text],
                check=True, capture_output=True, timeout=SECONDS,
            )  # fmt: skip
            with wave.open(str(piece), "rb") as spoken:
                if not rate:
                    rate = spoken.getframerate()
                    whole.setparams(spoken.getparams())
                    written += _silence(whole, rate, _BEFORE)
                frames = spoken.readframes(spoken.getnframes())
            start = written * 1000 // rate
            whole.writeframes(frames)
            written += len(frames) // 2
            said.append(Said(start, written * 1000 // rate, text))
            written += _silence(whole, rate, _PAUSE)
    piece.unlink(missing_ok=True)
    return said, written * 1000 // rate


def _silence(whole: wave.Wave_write, rate: int, milliseconds: int) -> int:
    frames = rate * milliseconds // 1000
    whole.writeframes(bytes(2 * frames))
    return frames
