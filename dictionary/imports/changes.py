"""What would change in an entry, in short texts for the report of an import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dictionary.domain.diff import Difference, diff

_MOST: Final = 10
_SIGNS: Final = {"added": "+", "removed": "−", "moved": "↕", "changed": ""}


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """The first differences, each as "where: old → new"."""
    return tuple(_said(each) for each in diff(old, new)[:_MOST])


def _said(each: Difference) -> str:
    where = " ".join(f"{place.kind} {place.number}" for place in each.where)
    name = " ".join(part for part in (where, each.key if each.change == "changed" else "", each.lang) if part)
    if each.change == "changed":
        old = "".join(piece.text for piece in each.pieces if piece.operation != "added")
        new = "".join(piece.text for piece in each.pieces if piece.operation != "removed")
        return f"{name}: {old} → {new}"
    return f"{_SIGNS[each.change]} {name}: {'; '.join(each.texts)}".rstrip(": ")
