"""Who may see what: users, communities and the protocols they put on what is theirs."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel


class User(AbstractUser):
    """A person with an account. Roles are Wagtail groups; communities come by `Membership`."""


class Community(ClusterableModel):  # type: ignore[misc]
    """A people, village, clan or institution that decides about its own materials."""

    slug = models.SlugField(_("address name"), unique=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user belongs to a community; a steward also decides about its protocols."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    community = ParentalKey(
        Community, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("community")
    )
    steward = models.BooleanField(
        _("steward"), default=False, help_text=_("Decides about the community's protocols and members.")
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "community"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.user} · {self.community}"


def validate_labels(value: object) -> None:
    """Labels are a list of known codes of Local Contexts, each once."""
    from access.domain.labels import LABELS

    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise ValidationError(_("Labels must be a list of codes."), code="labels")
    unknown = [code for code in value if code not in LABELS]
    if unknown:
        raise ValidationError(
            _("Not a Local Contexts label: %(codes)s."), code="labels", params={"codes": ", ".join(unknown)}
        )
    if len(set(value)) != len(value):
        raise ValidationError(_("The same label is given twice."), code="labels")


class Protocol(models.Model):
    """A rule of access that a community sets. Objects point at it; the index holds its id, not its level."""

    class Level(models.TextChoices):
        PUBLIC = "public", _("public")
        COMMUNITY = "community", _("members of the community")
        RESTRICTED = "restricted", _("stewards only")

    slug = models.SlugField(_("address name"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="protocols",
        verbose_name=_("community"),
        help_text=_("Without a community, only a public protocol is seen by anyone but administrators."),
    )
    level = models.CharField(_("who may see it"), max_length=12, choices=Level, default=Level.PUBLIC)
    embargo_until = models.DateField(
        _("closed until"), null=True, blank=True, help_text=_("Open from this day on. Empty: open at once.")
    )
    labels: models.JSONField[list[str], list[str]] = models.JSONField(
        _("Local Contexts labels"),
        default=list,
        blank=True,
        validators=[validate_labels],
        help_text=_("What the community asks of whoever uses the material; shown beside it."),
    )

    class Meta:
        verbose_name = _("access protocol")
        verbose_name_plural = _("access protocols")
        ordering = ["slug"]
        permissions = [("see_everything", _("May see everything, whatever its protocol"))]

    def __str__(self) -> str:
        return self.name


class Protected(models.Model):
    """Base of everything that `access` guards.

    What is visible is decided by the object's own protocol and embargo AND those of every object named in
    `access_parents` (foreign-key names), so that an entry is never more open than its lexicon.
    """

    protocol = models.ForeignKey(
        Protocol,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("access protocol"),
        help_text=_("Empty: as open as what this belongs to."),
    )
    embargo_until = models.DateField(_("closed until"), null=True, blank=True)

    access_parents: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True


class RoleGroup(models.Model):
    """Which group stands for which role, so that a group may be renamed; and what it was granted already."""

    key = models.CharField(max_length=40, unique=True)
    group = models.OneToOneField("auth.Group", models.CASCADE, related_name="role")
    granted = models.JSONField(default=list)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    def __str__(self) -> str:
        return self.key
