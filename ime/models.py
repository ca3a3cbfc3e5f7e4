"""What was built of the keyboards, published, downloaded and proved. Keyboards themselves are files, not rows."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Package(models.Model):
    """One published version of a keyboard for one target: a file that keeps its address and its bytes for ever.

    `version` is the keyboard's own version; `build` counts the packages of that version (other words, another
    compiler), from 1. `more` are further files that people download, each with filename, size and sha256.
    `changes` are an English msgid, translated when shown.
    """

    class State(models.TextChoices):
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    keyboard = models.CharField(_("keyboard"), max_length=100)
    target = models.CharField(_("target"), max_length=40)
    orthography = models.CharField(_("orthography"), max_length=60)
    language = models.CharField(_("language"), max_length=35)
    version = models.CharField(_("version"), max_length=40)
    build = models.PositiveIntegerField(_("build"))
    filename = models.CharField(_("file"), max_length=200)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    more = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    source_hash = models.CharField(max_length=64)
    changes = models.TextField(_("changes"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PUBLISHED)
    published_at = models.DateTimeField(_("published"))

    class Meta:
        verbose_name = _("keyboard package")
        verbose_name_plural = _("keyboard packages")
        ordering = ["keyboard", "target", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["keyboard", "target", "version", "build"], name="one_package_per_build"
            )
        ]
        permissions = [("publish_package", _("Can build, prove and publish keyboards"))]

    def __str__(self) -> str:
        return self.filename

    @property
    def release(self) -> str:
        """Version and build as one word, the way Debian writes them: "1.0-2"."""
        return f"{self.version}-{self.build}"


class Build(models.Model):
    """The last attempt to build a keyboard for a target. `source_hash` is that of what it was built from.

    A failure keeps its reason (an English msgid with parameters); the last good package stays. There is nothing to
    build where a language has no published words yet.
    """

    class State(models.TextChoices):
        DONE = "done", _("built")
        FAILED = "failed", _("failed")
        NOTHING = "nothing", _("nothing to build")

    keyboard = models.CharField(max_length=100)
    target = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State)
    source_hash = models.CharField(max_length=64)
    package = models.ForeignKey(Package, models.SET_NULL, null=True, related_name="+")
    error = models.TextField(blank=True)
    error_params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    tried_at = models.DateTimeField()

    class Meta:
        verbose_name = _("keyboard build")
        verbose_name_plural = _("keyboard builds")
        ordering = ["keyboard", "target"]
        constraints = [
            models.UniqueConstraint(fields=["keyboard", "target"], name="one_build_per_keyboard_and_target")
        ]

    def __str__(self) -> str:
        return f"{self.keyboard} {self.target}"


class DownloadCount(models.Model):
    """How often a package was fetched on a day. Nothing is kept of who fetched it."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="downloads")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("downloads of a day")
        verbose_name_plural = _("downloads by day")
        ordering = ["package", "day"]
        constraints = [
            models.UniqueConstraint(fields=["package", "day"], name="one_count_per_package_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.package_id} {self.day}"


class Proof(models.Model):
    """What came of typing through one engine. `package_sha256` says through which package.

    `state` is one of `ime.proof.run`: proved, failed, not_here (no such engine on that machine), text_check (no engine
    exists; only the files were looked at). `differing` are the first few strings that came out differently.
    """

    keyboard = models.CharField(max_length=100)
    target = models.CharField(max_length=40)
    engine = models.CharField(max_length=60)
    engine_version = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=20)
    strings = models.PositiveBigIntegerField(default=0)
    differing = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    why = models.TextField(blank=True)
    package_sha256 = models.CharField(max_length=64, blank=True)
    proved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("proof of a keyboard")
        verbose_name_plural = _("proofs of keyboards")
        ordering = ["keyboard", "target", "engine"]
        constraints = [
            models.UniqueConstraint(fields=["keyboard", "target", "engine"], name="one_proof_per_engine")
        ]

    def __str__(self) -> str:
        return f"{self.keyboard} {self.target} {self.engine}"
