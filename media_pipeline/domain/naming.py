"""What people call a file: this app knows bytes alone, so those above say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from access.domain.viewer import Viewer
from media_pipeline.models import Asset


@dataclass(frozen=True)
class Name:
    """A title to show, and the addresses (in the admin) of what the file belongs to, and of correcting its text."""

    title: str
    url: str = ""
    correct: str = ""


Naming = Callable[[Sequence[Asset], Viewer], Mapping[int, Name]]
_namings: list[Naming] = []


def register(naming: Naming) -> None:
    """Have `naming` asked for names by the primary keys of blobs; it names only what the viewer may see."""
    if naming not in _namings:
        _namings.append(naming)


def unregister(naming: Naming) -> None:
    """Ask it no more."""
    _namings.remove(naming)


def names(assets: Sequence[Asset], viewer: Viewer) -> dict[int, Name]:
    """Names by the primary key of the blob, for those that somebody knows."""
    found: dict[int, Name] = {}
    for naming in _namings:
        found = {**naming(assets, viewer), **found}
    return found
