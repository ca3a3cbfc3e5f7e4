"""Dates of MARC 21 (008/06-14, and what is written in 260 and 264 $c) as EDTF, and the other way round."""

from __future__ import annotations

import re
from typing import Final

from library.domain.edtf import EdtfError, span
from library.formats.marc import Field, Record

_YEAR: Final = re.compile(r"(?<!\d)(?:[12]\d{3}|[12]\d\d[-–?]|[12]\d--)(?!\d)")
_SPAN: Final = re.compile(r"(?<!\d)([12]\d{3})\s*[-–]\s*<?\s*([12]\d{3})(?!\d)")
_DASHES: Final = re.compile(r"[-–?]")


def statement(record: Record) -> tuple[int, str]:
    """Where the date is written for people (the index of the field) and as what; (-1, "") if nowhere."""
    for index, one in enumerate(record.fields):
        if one.tag in ("260", "264") and (one.tag == "260" or one.indicators[1] in "013"):
            text = " ".join(one.all("c")).strip()
            if text:
                return index, text
    return -1, ""


def edtf(record: Record) -> tuple[str, str]:
    """The date in EDTF ("" if it is not understood), and as it is written ("" if that says no more)."""
    _index, text = statement(record)
    note = text.rstrip(" .,;")
    coded = _coded(record.control("008").ljust(15)[6:15])
    date = coded or written(note)
    if "X" in coded and re.fullmatch(coded.replace("X", r"\d"), written(note)):
        date = written(note)  # what stands in words is more exact
    if re.fullmatch(r"\d{4}", date) and f"{date}?" in note:
        date += "?"
    elif re.fullmatch(r"\d{4}", date) and re.search(rf"\b(ca\.?|circa|khoảng)\s*\[?{date}", note):
        date += "~"
    return (date, "" if note in (date, f"[{date}]") else note) if _valid(date) else ("", note)


def _coded(data: str) -> str:
    kind, first, second = data[0], _digits(data[1:5]), _digits(data[5:9])
    if kind in "sprt" and first:
        return first
    if kind == "e" and first.isdigit():
        month, day = data[5:7], data[7:9]
        full = f"{first}-{month}-{day}" if day.isdigit() else f"{first}-{month}"
        return full if month.isdigit() and _valid(full) else first
    if kind == "q" and first and second:
        low, high = first.replace("X", "0"), second.replace("X", "9")
        return f"[{low}..{high}]" if low < high else f"{first}?"
    if kind in "cu" and first:
        return f"{first}/.."
    if kind in "dikm" and first:
        if data[5:9] == "9999":
            return f"{first}/.."
        return f"{first}/{second}" if second and second != first else first
    return ""


def _digits(text: str) -> str:
    """Four digits with X for the unknown ones at the end, or nothing."""
    text = text.replace("u", "X")
    return text if re.fullmatch(r"\d{1,4}X{0,3}", text) and len(text) == 4 else ""


def written(text: str) -> str:
    """The date in a statement for people such as `c2000`, `[1959?]`, `18--`, `1998-2001`; nothing if there is none."""
    both = _SPAN.search(text)
    if both and both[1] < both[2]:
        return f"{both[1]}/{both[2]}"
    found = _YEAR.search(text)
    if not found:
        return ""
    year = _DASHES.sub("X", found[0])
    return f"{year}?" if text[found.end() : found.end() + 1] == "?" else year


def _valid(date: str) -> bool:
    try:
        span(date)
    except EdtfError:
        return False
    return True


def coded(date: str) -> str:
    """What 008/06-14 says of a date in EDTF: nine characters."""
    plain = date.rstrip("?~%")
    year = r"\d{1,4}X{0,3}"
    one = re.fullmatch(rf"({year})", plain)
    if one and len(plain) == 4:
        return f"s{_u(plain)}    "
    full = re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", plain)
    if full and int(full[2]) <= 12:
        return f"e{full[1]}{full[2]}{full[3] or '  '}"
    either = re.fullmatch(r"\[(\d{4})\.\.(\d{4})\]", plain)
    if either:
        return f"q{either[1]}{either[2]}"
    first, _slash, last = date.partition("/")
    ends = [re.match(r"[0-9X]{4}", part) for part in (first, last)]
    if ends[0] and last == "..":
        return f"m{_u(ends[0][0])}9999"
    if ends[0] and ends[1]:
        return f"m{_u(ends[0][0])}{_u(ends[1][0])}"
    try:
        around = span(date)
    except EdtfError:
        return "nuuuuuuuu"
    if around.earliest and around.latest and around.earliest.year > 0 and around.latest.year < 10_000:
        return f"q{around.earliest.year:04d}{around.latest.year:04d}"
    return "nuuuuuuuu"


def _u(year: str) -> str:
    return year.replace("X", "u")


def put(control: Field | None, nine: str) -> Field:
    """The 008 with another date."""
    data = (control.data if control else "").ljust(40, "|" if control else " ")
    return Field("008", data=data[:6] + nine + data[15:])
