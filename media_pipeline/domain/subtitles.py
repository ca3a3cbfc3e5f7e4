"""Subtitles that people bring along: WebVTT and SubRip (SRT), read strictly, with the line of what is wrong."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

LATEST: Final = 100 * 3_600_000
"""No recording is longer (milliseconds)."""
LONGEST_TEXT: Final = 2000
"""Characters of one cue."""
LONGEST_SPEAKER: Final = 200
_ARROW: Final = "-->"
_VTT_TIME: Final = re.compile(r"(?:(\d{2,3}):)?([0-5]\d):([0-5]\d)\.(\d{3})\Z", re.ASCII)
_SRT_TIME: Final = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)[,.](\d{3})\Z", re.ASCII)
_VTT_TAG: Final = re.compile(r"</?(?:c|i|b|u|ruby|rt|v|lang)(?:[.\s][^<>]*)?>|<[\d:.]+>|</>", re.ASCII)
_SRT_TAG: Final = re.compile(r"</?(?:i|b|u|font)(?:\s[^<>]*)?>|\{\\an[1-9]\}", re.ASCII | re.I)
_VOICE: Final = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+([^<>]*)>")
_BLOCKS: Final = ("NOTE", "STYLE", "REGION")


@dataclass(frozen=True)
class Timed:
    """A cue of such a file: milliseconds, plain text without tags, and who speaks, if the file says so."""

    start: int
    end: int
    text: str
    speaker: str = ""


class SubtitlesError(ValueError):
    """A file that cannot be taken; the message is for the viewer and names the line."""


def read(data: bytes, largest: int, most: int) -> list[Timed]:
    """The cues of a WebVTT or SRT file, in the order of time. What it is, its first line says.

    `largest` is how many bytes, `most` how many cues it may have. Raises SubtitlesError.
    """
    if len(data) > largest:
        raise SubtitlesError(
            _("The file has %(size)s bytes; at most %(most)s are taken.")
            % {"size": len(data), "most": largest}
        )
    lines = _decoded(data).split("\n")
    if lines[0] == "WEBVTT" or lines[0].startswith(("WEBVTT ", "WEBVTT\t")):
        cues = list(_vtt(lines, most))
    elif any(_ARROW in line for line in lines):
        cues = list(_srt(lines, most))
    else:
        raise SubtitlesError(
            _("This is neither WebVTT (its first line is WEBVTT) nor SubRip (SRT): no times were found.")
        )
    if not cues:
        raise SubtitlesError(_("There are no cues in the file."))
    return cues


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SubtitlesError(_("The file is in UTF-16; save it as UTF-8."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _wrong(line, _("this is not UTF-8; save the file as UTF-8")) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for at, char in enumerate(text):
        if unicodedata.category(char) == "Cc" and char not in "\n\t":
            raise _wrong(text.count("\n", 0, at) + 1, _("there is a control character"))
    return unicodedata.normalize("NFC", text)


def _blocks(lines: Sequence[str], first: int) -> Iterator[tuple[int, list[str]]]:
    """Lines between empty lines, with the number of the first (from 1)."""
    block: list[str] = []
    for number, line in enumerate([*lines[first:], ""], first + 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _vtt(lines: Sequence[str], most: int) -> Iterator[Timed]:
    """WebVTT (W3C) §4.1. Settings of cues are read over, as is what styles them."""
    if len(lines) > 1 and lines[1].strip():
        raise _wrong(2, _("after the first line an empty line is needed"))
    seen, before = 0, 0
    for number, block in _blocks(lines, 1):
        head = block[0].split()[0]
        if _ARROW not in block[0] and (
            head == "NOTE" or (head in _BLOCKS and block[0].strip() == head and not seen)
        ):
            continue
        at = 0 if _ARROW in block[0] else 1
        cue = _cue(block, number, at, _VTT_TIME)
        if cue.start < before:
            raise _wrong(number + at, _("a cue begins before the one above it"))
        text, speaker = _vtt_text(block[at + 1 :], number + at + 1)
        before, seen = cue.start, seen + 1
        yield _sound(cue, text, speaker, number + at, seen, most)


def _srt(lines: Sequence[str], most: int) -> Iterator[Timed]:
    """SubRip: a number, the times, the text. Nobody keeps to the order of time there: it is put right."""
    found: list[Timed] = []
    for number, block in _blocks(lines, 0):
        at = 0 if _ARROW in block[0] else 1
        if at and not block[0].strip().isdecimal():
            raise _wrong(number, _("a number or two times are needed here"))
        cue = _cue(block, number, at, _SRT_TIME)
        text = "\n".join(_SRT_TAG.sub("", line) for line in block[at + 1 :])
        found.append(_sound(cue, text, "", number + at, len(found) + 1, most))
    yield from sorted(found, key=lambda cue: (cue.start, cue.end))


def _cue(block: Sequence[str], number: int, at: int, times: re.Pattern[str]) -> Timed:
    """The times of a cue that begins on line `number` and has them `at` lines below."""
    if at >= len(block) or _ARROW not in block[at]:
        raise _wrong(number + min(at, len(block) - 1), _("two times with --> between are needed here"))
    first, _arrow, rest = block[at].partition(_ARROW)
    words = rest.split()
    if times is _SRT_TIME and len(words) > 1 and not all(":" in word for word in words[1:]):
        raise _wrong(number + at, _("there is something after the times"))
    found = [times.match(each.strip()) for each in (first, words[0] if words else "")]
    if found[0] is None or found[1] is None:
        example = "00:01:02.500 --> 00:01:04.000" if times is _VTT_TIME else "00:01:02,500 --> 00:01:04,000"
        raise _wrong(number + at, _("times are written as %(example)s") % {"example": example})
    start, end = (_milliseconds(each) for each in found if each)
    if end <= start:
        raise _wrong(number + at, _("the cue ends before it begins"))
    if end > LATEST:
        raise _wrong(number + at, _("nothing is that long"))
    for below, line in enumerate(block[at + 1 :], at + 1):
        if _ARROW in line:
            raise _wrong(number + below, _("an empty line is missing before these times"))
    return Timed(start, end, "")


def _milliseconds(found: re.Match[str]) -> int:
    hours, minutes, seconds, milli = (int(part or 0) for part in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milli


def _vtt_text(lines: Sequence[str], number: int) -> tuple[str, str]:
    """The text without tags, and the speaker: WebVTT §4.2.2."""
    speakers = {html.unescape(name).strip() for line in lines for name in _VOICE.findall(line)}
    if len(speakers) > 1:
        raise _wrong(number, _("two people speak in one cue; give each a cue of their own"))
    for below, line in enumerate(lines):
        left = _VTT_TAG.sub("", line)
        if "<" in left:
            raise _wrong(number + below, _("a < that begins no tag is written &lt;"))
    text = "\n".join(html.unescape(_VTT_TAG.sub("", line)) for line in lines)
    return text, next(iter(speakers), "")


def _sound(cue: Timed, text: str, speaker: str, line: int, count: int, most: int) -> Timed:
    text = "\n".join(" ".join(each.split()) for each in text.split("\n") if each.strip())
    if not text:
        raise _wrong(line, _("the cue has no text"))
    if len(text) > LONGEST_TEXT or len(speaker) > LONGEST_SPEAKER:
        raise _wrong(line, _("the cue is too long"))
    if count > most:
        raise _wrong(line, _("there are more than %(most)s cues") % {"most": most})
    return Timed(cue.start, cue.end, text, " ".join(speaker.split()))


def _wrong(line: int, what: str) -> SubtitlesError:
    return SubtitlesError(_("Line %(line)s: %(what)s.") % {"line": line, "what": what})
