"""What the correction of lines and of cues has in common: never over what somebody else wrote meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from library.domain.files import languages
from library.models import RecordFile
from media_pipeline.domain.corrections import rewrite
from media_pipeline.models import Asset, Correction
from search.domain.analysis import orthography

SAME: Final = 0.5
"""Places with at least this share in common are the same."""


class Place(Protocol):
    """A line or a cue in the editor."""

    @property
    def text(self) -> str:
        """What stands there."""

    @property
    def place(self) -> str:
        """The place as an address has it."""

    @property
    def correction(self) -> Correction | None:
        """What a person wrote there."""


class CorrectionRefusedError(ValueError):
    """What cannot be kept; the message is for the viewer. Nothing was changed."""


class ConflictError(Exception):
    """Somebody else changed the place meanwhile. `now` is what stands there; None: nothing any more."""

    def __init__(self, now: Place | None) -> None:
        super().__init__("changed meanwhile")
        self.now = now


def asset_of(file: RecordFile) -> Asset:
    """The work on a file. Raises CorrectionRefusedError as long as there is none."""
    if file.asset is None:
        raise CorrectionRefusedError(_("Nobody has looked into this file yet; try again in a while."))
    return file.asset


def language_of(file: RecordFile) -> str:
    """The tag of the language of a file in which nothing was read or heard; "und" when nobody knows."""
    tags = file.asset.tags() if file.asset else ()
    return next(iter((*tags, *languages(file.record))), "und")


def take_back(file: RecordFile, correction: int) -> Correction:
    """Let what the machine read or heard stand again. Raises ConflictError when the correction is another by now."""
    with transaction.atomic():
        asset = locked(file)
        found = Correction.objects.select_related("author").filter(asset=asset, pk=correction).first()
        if found is None:
            raise ConflictError(None)
        rewrite(asset, [found], [], None)
        return found


def locked(file: RecordFile) -> Asset:
    """Nobody else corrects the file until the transaction is over."""
    return Asset.objects.select_for_update(of=("self",)).get(pk=asset_of(file).pk)


def corrections_of(asset: Asset, *, page: int | None) -> Iterable[Correction]:
    """The corrections of a page; None: those of the transcript."""
    found = Correction.objects.filter(
        asset=asset, **({"page__isnull": True} if page is None else {"page": page})
    )
    return found.select_related("author").order_by("pk")


def normalised(text: str, tag: str) -> str:
    """As the search and the machine's reading have it: NFC, and the repairs of the orthography."""
    return orthography(tag).normalise(text)
