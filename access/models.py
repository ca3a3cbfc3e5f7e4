"""Who may see what: users, communities and the protocols they put on what is theirs."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person with an account. Roles are Wagtail groups; communities come by `Membership`."""


class Community(models.Model):
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

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    community = models.ForeignKey(Community, models.CASCADE, related_name="memberships")
    steward = models.BooleanField(_("steward"), default=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "community"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.user} · {self.community}"


class Protocol(models.Model):
    """A rule of access that a community sets. Objects point at it; the index holds its id, never its level."""

    class Level(models.TextChoices):
        PUBLIC = "public", _("public")
        COMMUNITY = "community", _("members of the community")
        RESTRICTED = "restricted", _("stewards only")

    slug = models.SlugField(_("address name"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    community = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, related_name="protocols", verbose_name=_("community")
    )
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.PUBLIC)
    embargo_until = models.DateField(_("closed until"), null=True, blank=True)

    class Meta:
        verbose_name = _("access protocol")
        verbose_name_plural = _("access protocols")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class Protected(models.Model):
    """Base of everything that `access` guards.

    What is visible is decided by the object's own protocol and embargo AND those of every object named in
    `access_parents` (foreign-key names), so that an entry is never more open than its lexicon.
    """

    protocol = models.ForeignKey(
        Protocol, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("access protocol"),
        help_text=_("Empty: as open as what this belongs to."),
    )
    embargo_until = models.DateField(_("closed until"), null=True, blank=True)

    access_parents: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True
