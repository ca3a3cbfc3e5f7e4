"""A short film by ffmpeg: the camera goes over drawings while somebody speaks."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from library.demo.drawing import drawing
from library.demo.speaking import Said, speak

TOOL: Final = "ffmpeg"
SECONDS: Final = 300
WIDTH: Final = 854
HEIGHT: Final = 480
_RATE: Final = 25
_FADE: Final = 0.5


@dataclass(frozen=True)
class Film:
    """What is said in a film, and its chapters."""

    said: tuple[Said, ...]
    chapters: tuple[dict[str, object], ...]


def can_film() -> bool:
    """Whether ffmpeg is here."""
    return shutil.which(TOOL) is not None


def film(voice: str, scenes: Sequence[Mapping[str, Any]], folder: Path, out: Path) -> Film:
    """Write an MP4 file; `folder` is for what it is made of. Raises CalledProcessError, TimeoutExpired."""
    said: list[Said] = []
    chapters: list[dict[str, object]] = []
    pictures: list[str] = []
    sounds: list[str] = []
    filters: list[str] = []
    begin = 0
    for at, scene in enumerate(scenes):
        sound, picture = folder / f"{at}.wav", folder / f"{at}.png"
        spoken, length = speak(voice, scene["sentences"], sound)
        length += 700
        said += [Said(begin + each.start, begin + each.end, each.text) for each in spoken]
        chapters.append({"start": begin / 1000, "title": scene["title"]})
        whole = drawing(scene["drawing"])
        whole.resize(max(WIDTH * 1.3 / whole.width, HEIGHT * 1.3 / whole.height)).pngsave(
            str(picture), compression=1
        )
        seconds = length / 1000
        pictures += ["-loop", "1", "-framerate", str(_RATE), "-t", f"{seconds:.3f}", "-i", str(picture)]
        sounds += ["-i", str(sound)]
        x, y = (_path(scene["from"][axis], scene["to"][axis], seconds) for axis in (0, 1))
        filters.append(
            f"[{at}:v]crop={WIDTH}:{HEIGHT}:x='(iw-ow)*{x}':y='(ih-oh)*{y}',format=yuv420p,"
            f"fade=in:d={_FADE},fade=out:st={seconds - _FADE:.3f}:d={_FADE}[v{at}];"
            f"[{len(scenes) + at}:a]apad=whole_dur={seconds:.3f}[a{at}]"
        )
        begin += length
    joined = "".join(f"[v{at}][a{at}]" for at in range(len(scenes)))
    chain = ";".join(filters) + f";{joined}concat=n={len(scenes)}:v=1:a=1[v][a]"
    subprocess.run(
        [
            TOOL, "-nostdin", "-v", "error", "-y", *pictures, *sounds, "-filter_complex", chain, "-map", "[v]",
            "-map", "[a]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "22", "-r", str(_RATE), "-c:a", "aac",
            "-b:a", "96k", "-movflags", "+faststart", str(out),
        ],
        check=True, capture_output=True, timeout=SECONDS,
    )  # fmt: skip
    return Film(tuple(said), tuple(chapters))


def _path(begin: float, end: float, seconds: float) -> str:
    """From one place to another, slowly at both ends."""
    eased = f"(0.5-0.5*cos(PI*min(t/{seconds:.3f}\\,1)))"
    return f"({begin}+({end}-{begin})*{eased})"
