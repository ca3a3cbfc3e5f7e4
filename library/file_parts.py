"""The pages and cues of the files of records as search knows them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FilePart(models.Model):
    """The text of one page or cue of one file, with people's corrections, and the keys of its words.

    Derived from what `media_pipeline` read and heard, and written in the same transaction. Each file has parts of its
    own, also where two share their bytes, because who may see them may differ. `number` is the page, or the place of a
    cue among all; `start` and `end` are milliseconds. `text` has a line for each line of a page, one for a cue; `keys`
    for each line the marked keys of its words with blanks between, made by the profile whose hash is `profile`;
    `places` for each line of a page its id and where its words stand (`library.domain.boxes`), in a picture of `width`
    by `height`.
    `stamp` says what the text was made of, `version` when it last changed (microseconds).

    The primary key names the document: search takes 2**32 of them and refuses, and logs, what comes after.
    """

    class Kind(models.TextChoices):
        PAGE = "page", _("page")
        CUE = "cue", _("cue")

    file = models.ForeignKey("library.RecordFile", models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=4, choices=Kind)
    number = models.PositiveIntegerField()
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)
    keys = models.TextField(blank=True)
    places = models.TextField(blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    profile = models.CharField(max_length=16, blank=True)
    stamp = models.CharField(max_length=32)
    version = models.BigIntegerField()

    class Meta:
        verbose_name = _("page or cue")
        verbose_name_plural = _("pages and cues")
        ordering = ["file", "kind", "number"]
        constraints = [models.UniqueConstraint(fields=["file", "kind", "number"], name="one_part_per_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
