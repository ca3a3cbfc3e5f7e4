"""Files by content, and what becomes of them: steps, derivatives, pages of text, cues, corrections."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Blob(models.Model):
    """Bytes under DATA_DIR/media/blobs/<first two>/<sha256>. Never served by its hash: a reference is gated."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("bytes"))
    media_type = models.CharField(_("media type"), max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)
    verified_at = models.DateTimeField(null=True, editable=False, db_index=True)
    damaged_since = models.DateTimeField(null=True, editable=False, db_index=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return f"{self.media_type} {self.sha256[:12]}"


class Asset(models.Model):
    """A file that is worked on, in the languages that whoever refers to it says (tags with blanks between)."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("picture")
        PDF = "pdf", "PDF"
        AUDIO = "audio", _("recording")
        VIDEO = "video", _("film")
        DOCUMENT = "document", _("document")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    blob = models.ForeignKey(Blob, models.PROTECT, related_name="assets", verbose_name=_("file"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    languages = models.CharField(_("languages"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file in work")
        verbose_name_plural = _("files in work")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["blob", "languages"], name="one_asset_per_languages")]
        indexes = [models.Index(fields=["state", "id"], name="asset_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.blob_id}"

    def tags(self) -> tuple[str, ...]:
        """The tags of the languages."""
        return tuple(self.languages.split())


class Step(models.Model):
    """One step of the work on an asset. `key` hashes what it is made of: input, parameters, versions of tools."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        SKIPPED = "skipped", _("left out")

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="steps")
    name = models.CharField(_("step"), max_length=40)
    key = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempt = models.PositiveIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    versions = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    message_params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    detail = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["asset", "id"]
        constraints = [models.UniqueConstraint(fields=["asset", "name"], name="one_step_per_name")]

    def __str__(self) -> str:
        return self.name


class Derivative(models.Model):
    """What a step made: a file or a folder below DATA_DIR/media/derived. `size` in bytes, `duration` in seconds."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="derivatives")
    step = models.ForeignKey(Step, models.CASCADE, related_name="derivatives")
    role = models.CharField(max_length=20)
    page = models.PositiveIntegerField(null=True, blank=True)
    path = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    duration = models.FloatField(null=True, blank=True)
    extra = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("derivative")
        verbose_name_plural = _("derivatives")
        ordering = ["asset", "role", "page"]
        indexes = [models.Index(fields=["asset", "role", "page"], name="derivative_role")]

    def __str__(self) -> str:
        return f"{self.role} {self.page or ''}".strip()


class PageText(models.Model):
    """What a machine read on a page (from 1). `lines`: [id, text, x, y, w, h, [[word, x, y, w, h, confidence], …]]."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="page_texts")
    page = models.PositiveIntegerField()
    language = models.CharField(max_length=60, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    lines = models.JSONField(default=list)
    machine = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("text of a page")
        verbose_name_plural = _("texts of pages")
        ordering = ["asset", "page"]
        constraints = [models.UniqueConstraint(fields=["asset", "page"], name="one_text_per_page")]

    def __str__(self) -> str:
        return str(self.page)


class Cue(models.Model):
    """A piece of a transcript: `start` and `end` in milliseconds."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="cues")
    number = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    speaker = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=60, blank=True)
    machine = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("cue")
        verbose_name_plural = _("cues")
        ordering = ["asset", "number"]
        constraints = [models.UniqueConstraint(fields=["asset", "number"], name="one_cue_per_number")]

    def __str__(self) -> str:
        return self.text[:50]


class Correction(models.Model):
    """What a person wrote in the place of a line or a cue.

    It holds on to the place, not to the row: `page` and the box of a line, or the times of a cue (`page` is null).
    So it stays when the machine reads anew. An empty text means that there is nothing to read there.
    """

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="corrections")
    page = models.PositiveIntegerField(null=True, blank=True)
    x = models.IntegerField(default=0)
    y = models.IntegerField(default=0)
    w = models.IntegerField(default=0)
    h = models.IntegerField(default=0)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    before = models.TextField(blank=True)
    text = models.TextField(blank=True)
    speaker = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["asset", "page", "id"]

    def __str__(self) -> str:
        return self.text[:50]
