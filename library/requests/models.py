"""Requests from the public about records, files and festivals; what was done about each; what is closed meanwhile."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class About(models.TextChoices):
    """What kind of material a request is about. With its UUID it names the material, also when that is gone."""

    RECORD = "record", _("record")
    FILE = "file", _("file of a record")
    FESTIVAL = "festival", _("festival")


class Request(models.Model):
    """What somebody asked. Never shown in public, but to whom the private link was given."""

    class Kind(models.TextChoices):
        RIGHTS = "rights", _("Take this away: it is mine, or I hold the rights")
        CULTURE = "culture", _("Take this away: our community does not show it (sacred, secret, mourning …)")
        PRIVACY = (
            "privacy",
            _("I, or somebody close to me, is shown, heard or named here and does not want that"),
        )
        CORRECTION = "correction", _("Put something right: what is said of it is wrong")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        NEW = "new", _("new")
        WORK = "work", _("in work")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    OPEN: ClassVar[tuple[str, ...]] = (State.NEW, State.WORK)

    about = models.CharField(_("about"), max_length=10, choices=About)
    target = models.UUIDField(editable=False, db_index=True)
    title = models.CharField(_("title"), max_length=500, help_text=_("As it was when the request came."))
    locator = models.CharField(max_length=40, blank=True, editable=False)
    protocols: models.JSONField[list[int] | None, list[int] | None] = models.JSONField(
        null=True, default=None, editable=False
    )
    kind = models.CharField(_("what is asked"), max_length=12, choices=Kind)
    text = models.TextField(_("in their words"))
    contact = models.CharField(_("name or address"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=20)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW, db_index=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who works on it"),
    )
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    due = models.DateField(_("due"))
    closed_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("request from the public")
        verbose_name_plural = _("requests from the public")
        ordering = ["due", "pk"]
        default_permissions = ()
        permissions = [
            ("answer_request", _("Answers requests about whatever they may see")),
            ("answer_community_request", _("Answers requests about what is their communities' own")),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    @property
    def number(self) -> str:
        """What people call it by."""
        return f"{timezone.localtime(self.created_at).year}-{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a decision."""
        return self.state in self.OPEN

    @property
    def is_overdue(self) -> bool:
        """Whether it should have been decided by now."""
        return self.is_open and self.due < timezone.localdate()

    @property
    def place(self) -> tuple[str, str]:
        """Where in the material: ("page", "12"), ("t", "195.2"), or nothing."""
        name, _sign, value = self.locator.partition("=")
        return name, value


class Act(models.Model):
    """What somebody did about a request: written once, never changed."""

    class Kind(models.TextChoices):
        TAKEN = "taken", _("took it over")
        GIVEN = "given", _("gave it to somebody")
        ANSWERED = "answered", _("answered")
        NOTED = "noted", _("noted for colleagues")
        CLOSED = "closed", _("closed the material to readers")
        OPENED = "opened", _("opened the material again")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        RESUMED = "resumed", _("took it up again")
        FORGOTTEN = "forgotten", _("name and address deleted")

    SHOWN: ClassVar[tuple[str, ...]] = (Kind.ANSWERED, Kind.DONE, Kind.REFUSED)
    """What whoever asked reads."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="acts")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    user_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"


class Hold(models.Model):
    """A request keeps something closed to readers. `before` is the embargo that it had before the first one did."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="holds")
    about = models.CharField(max_length=10, choices=About)
    target = models.UUIDField()
    before = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["request", "about", "target"], name="one_hold")]
        indexes = [models.Index(fields=["about", "target"], name="holds_of_target")]

    def __str__(self) -> str:
        return f"{self.about} {self.target}"
