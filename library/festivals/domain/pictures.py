"""What librarians do with the pictures of a festival. All of it holds at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import IO, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from library.domain import ordering
from library.domain.files import safe_name
from library.festivals.models import Festival, Picture
from media_pipeline.domain import blobs
from media_pipeline.domain.blobs import FileRefusedError
from media_pipeline.models import Blob

_LONGEST: Final = 300


def upload(festival: Festival, stream: IO[bytes], name: str) -> Picture:
    """Keep a picture as the last one of a festival; its caption is the name of the file until somebody writes one.

    Raises FileRefusedError (in the viewer's language) for what is no picture, what the festival has already, and when
    there is no room; nothing is changed then.
    """
    blob = kept(stream)
    with transaction.atomic():
        Festival.objects.select_for_update(of=("self",)).get(pk=festival.pk)
        pictures = Picture.objects.filter(festival=festival)
        present = pictures.filter(blob=blob).first()
        if present is not None:
            raise FileRefusedError(
                _("The festival has this picture already, as “%(name)s”.") % {"name": present.caption}
            )
        last = pictures.aggregate(last=Max("order"))["last"]
        caption = PurePath(safe_name(name)).stem[:_LONGEST]
        return Picture.objects.create(
            festival=festival,
            blob=blob,
            order=0 if last is None else last + 1,
            **{f"caption_{settings.LANGUAGE_CODE}": caption},
        )


def kept(stream: IO[bytes]) -> Blob:
    """The bytes of a picture, kept. Raises FileRefusedError as `upload` does."""
    try:
        blob = blobs.store(stream)
    except OSError as error:
        raise FileRefusedError(
            _("The file could not be kept: %(reason)s. Make room on the disk, then add it again.")
            % {"reason": error.strerror or error}
        ) from error
    if not blob.media_type.startswith("image/"):
        raise FileRefusedError(_("This is no picture. PNG, JPEG, GIF or WebP are taken."))
    return blob


def put_in_order(festival: Festival, wanted: Sequence[int]) -> None:
    """Give the pictures of a festival this order, by primary key; the first one leads its page."""
    with transaction.atomic():
        Festival.objects.select_for_update(of=("self",)).get(pk=festival.pk)
        ordering.put_in_order(Picture.objects.filter(festival=festival), wanted)


def move(picture: Picture, by: int) -> None:
    """Move a picture up (-1) or down (1) by one among those of its festival."""
    with transaction.atomic():
        Festival.objects.select_for_update(of=("self",)).get(pk=picture.festival_id)
        pictures = Picture.objects.filter(festival=picture.festival_id)
        ordering.put_in_order(pictures, ordering.moved(pictures, picture.pk, by))
