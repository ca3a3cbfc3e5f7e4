"""The files of records, and the consent of those who are shown or heard in them."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Protected


def validate_chapters(value: object) -> None:
    """Chapters are a list of {"start": seconds, "title": text}, in the order of time."""
    if not isinstance(value, list) or len(value) > 500:
        raise ValidationError(_("Chapters are a list of times and titles."), code="chapters")
    before = -1.0
    for each in value:
        start = each.get("start") if isinstance(each, dict) else None
        title = each.get("title") if isinstance(each, dict) else None
        if not isinstance(start, int | float) or isinstance(start, bool) or not str(title or "").strip():
            raise ValidationError(_("A chapter has a time in seconds and a title."), code="chapters")
        if start <= before:
            raise ValidationError(_("Chapters stand in the order of time."), code="chapters")
        before = start


class Consent(models.Model):
    """What the people who are shown or heard agreed to, with the paper that says so. Never shown to the public."""

    class Kind(models.TextChoices):
        WRITTEN = "written", _("in writing")
        SPOKEN = "spoken", _("spoken, and recorded")
        COMMUNITY = "community", _("given by the community")

    record = models.ForeignKey(
        "library.Record", models.CASCADE, related_name="consents", verbose_name=_("record")
    )
    who = models.CharField(_("who agreed"), max_length=300)
    kind = models.CharField(_("how"), max_length=12, choices=Kind, default=Kind.WRITTEN)
    scope = models.TextField(_("to what"), blank=True)
    given_on = models.DateField(_("given on"), null=True, blank=True)
    until = models.DateField(
        _("holds until"), null=True, blank=True, help_text=_("Afterwards the files are closed to readers.")
    )
    withdrawn_on = models.DateField(
        _("withdrawn on"),
        null=True,
        blank=True,
        help_text=_("From this day the files are closed to readers."),
    )
    document = models.ForeignKey(
        "media_pipeline.Blob",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )
    document_name = models.CharField(max_length=255, blank=True, editable=False)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["record", "pk"]

    def __str__(self) -> str:
        return self.who


class RecordFile(Protected):
    """A scan, recording or film of a record. The bytes are shared; the gate is on this reference.

    `asset` is the work on the bytes in the languages of the record; `chapters` of a recording or film are
    [{"start": seconds, "title": text}].
    """

    access_parents = ("record",)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = models.ForeignKey(
        "library.Record", models.CASCADE, related_name="files", verbose_name=_("record")
    )
    blob = models.ForeignKey("media_pipeline.Blob", models.PROTECT, related_name="+", verbose_name=_("file"))
    asset = models.ForeignKey(
        "media_pipeline.Asset",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    consent = models.ForeignKey(
        Consent, models.RESTRICT, null=True, blank=True, related_name="files", verbose_name=_("consent")
    )
    name = models.CharField(_("file name"), max_length=255)
    order = models.PositiveIntegerField(_("place in the record"), default=0)
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    chapters: models.JSONField[list[dict[str, object]], list[dict[str, object]]] = models.JSONField(
        _("chapters"), default=list, blank=True, validators=[validate_chapters]
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file of a record")
        verbose_name_plural = _("files of records")
        ordering = ["record", "order", "pk"]
        permissions = [("correct_text", _("May correct the text of scans and transcripts"))]

    def __str__(self) -> str:
        return self.name
