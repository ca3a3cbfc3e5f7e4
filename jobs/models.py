"""Jobs, the workers that run them, and the runs and rows of imports."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """A piece of long work. Texts are English msgids with parameters, translated when they are shown.

    `token` is the fence: it grows each time a worker takes the job, and only the holder of the last one may
    write.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        RETRYING = "retrying", _("will be tried again")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=100)
    queue = models.CharField(_("queue"), max_length=40)
    title = models.CharField(_("title"), max_length=300, blank=True)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    unique_key = models.CharField(max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    token = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    run_after = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=200, blank=True)
    cancel_requested = models.BooleanField(default=False)
    checkpoint = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    message = models.TextField(blank=True)
    message_params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    error = models.TextField(blank=True)
    error_params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    error_detail = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["queue", "state", "run_after"], name="job_next"),
            models.Index(fields=["state", "finished_at"], name="job_finished"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "unique_key"],
                condition=Q(state="waiting") & ~Q(unique_key=""),
                name="one_waiting_job_per_key",
            ),
            models.UniqueConstraint(
                fields=["kind", "unique_key"],
                condition=Q(state="running") & ~Q(unique_key=""),
                name="one_running_job_per_key",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.kind


class Worker(models.Model):
    """A worker process and when it last gave a sign of life, so that the admin can say that none is there."""

    name = models.CharField(max_length=200, unique=True)
    queues = models.JSONField(default=list)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One file on its way in: checked, applied, perhaps undone."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        APPLYING = "applying", _("being applied")
        APPLIED = "applied", _("applied")
        FAILED = "failed", _("failed")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    importer = models.CharField(_("importer"), max_length=100)
    title = models.CharField(_("title"), max_length=300)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    file_name = models.CharField(_("file"), max_length=255)
    file_size = models.PositiveBigIntegerField(_("bytes"), default=0)
    file_sha256 = models.CharField(max_length=64, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    rows_total = models.PositiveBigIntegerField(default=0)
    advice = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    error_code = models.CharField(max_length=100, blank=True)
    error = models.TextField(blank=True)
    error_params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    error_where = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    def param(self, name: str, default: Any = None) -> Any:
        """One parameter of the importer."""
        return self.params.get(name, default)


class ImportRow(models.Model):
    """One row of the source: what would become of it, what became of it, and what was there before."""

    class Verdict(models.TextChoices):
        ADD = "add", _("new")
        CHANGE = "change", _("changed")
        SAME = "same", _("no change")
        CONFLICT = "conflict", _("conflict")
        REFUSED = "refused", _("refused")

    class Outcome(models.TextChoices):
        NONE = "", _("not yet")
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        SKIPPED = "skipped", _("left as it was")
        UNDONE = "undone", _("undone")
        KEPT = "kept", _("edited since, left alone")

    class Decision(models.TextChoices):
        NONE = "", _("undecided")
        OURS = "ours", _("keep ours")
        THEIRS = "theirs", _("take theirs")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    number = models.PositiveBigIntegerField()
    where = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=300, blank=True)
    label = models.CharField(max_length=300, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict)
    code = models.CharField(max_length=100, blank=True)
    message = models.TextField(blank=True)
    message_params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    changes = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    target = models.BigIntegerField(null=True, blank=True)
    version = models.CharField(max_length=100, blank=True)
    decision = models.CharField(max_length=10, choices=Decision, blank=True, default=Decision.NONE)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default=Outcome.NONE)
    before = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    after = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_row_per_number")]
        indexes = [
            models.Index(fields=["run", "key"], name="import_row_key"),
            models.Index(fields=["run", "verdict", "number"], name="import_row_verdict"),
            models.Index(fields=["run", "outcome", "number"], name="import_row_outcome"),
        ]

    def __str__(self) -> str:
        return self.label or self.key or str(self.number)
