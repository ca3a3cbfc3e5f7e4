"""WebVTT, as browsers show it beside a film."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class TimedText(Protocol):
    """Anything with a text between two moments (milliseconds)."""

    @property
    def start(self) -> int:
        """When it begins."""

    @property
    def end(self) -> int:
        """When it ends."""

    @property
    def text(self) -> str:
        """What is said."""


def written(cues: Iterable[TimedText]) -> str:
    """The file. What would end a cue or begin a tag is escaped (WebVTT §4.2); a speaker becomes a voice tag."""
    parts = ["WEBVTT"]
    for number, cue in enumerate(cues, 1):
        speaker = _plain(getattr(cue, "speaker", ""))
        voice = f"<v {speaker}>" if speaker else ""
        parts.append(f"{number}\n{_time(cue.start)} --> {_time(cue.end)}\n{voice}{_plain(cue.text)}")
    return "\n\n".join(parts) + "\n"


def _plain(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "\n".join(line for line in text.splitlines() if line.strip())


def _time(milliseconds: int) -> str:
    seconds, milli = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milli:03}"
