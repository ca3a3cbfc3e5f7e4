"""A moment of a recording as people write it."""

from __future__ import annotations


def said(seconds: int, *, minutes: int = 1) -> str:
    """3:15, or 1:02:03 from an hour on. Below an hour, the minutes have at least so many digits: 03:15."""
    whole, rest = divmod(seconds, 60)
    hours, whole = divmod(whole, 60)
    return f"{hours}:{whole:02}:{rest:02}" if hours else f"{whole:0{minutes}}:{rest:02}"
