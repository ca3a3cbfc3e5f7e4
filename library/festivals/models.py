"""Festivals, their declared dates and their pictures."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from access.domain.viewer import viewer_of
from access.drafts import Drafted
from access.models import Protected
from library.domain import ark, licences
from library.festivals.calendar import CalendarError, Rule, rule_of
from library.festivals.problems import problem
from library.vocabularies import People, Place, validate_names

RESERVED: Final = frozenset({"all", "calendar", "map", "pictures"})
"""Parts of addresses that no festival may be called by."""


def _declared() -> dict[str, Any]:
    return Rule("declared").as_json()


def validate_rule(value: object) -> None:
    """A rule of the calendar."""
    try:
        rule_of(value)
    except CalendarError as error:
        raise ValidationError(problem(error)) from error


class Festival(Drafted, ClusterableModel):  # type: ignore[misc]
    """A festival: whose it is, where, its story, and the rule of its calendar.

    A revision holds all of it with its declared dates. Who may see it and its identity belong to the festival as a
    whole: publishing an old draft never opens what was closed since.
    """

    of_the_whole = ("uuid", "ark", "slug", "protocol", "embargo_until", "created_at")
    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ark = models.CharField(max_length=60, unique=True, editable=False)
    slug = models.SlugField(
        _("address name"),
        unique=True,
        help_text=_("Stands in the address of the page; it does not change any more."),
    )
    name = models.CharField(_("name"), max_length=200)
    own_names: models.JSONField[list[str], list[str]] = models.JSONField(
        _("names in the people's own languages"), default=list, blank=True, validators=[validate_names]
    )
    summary = models.CharField(_("in one sentence"), max_length=300, blank=True)
    story = models.TextField(_("story"), blank=True, help_text=_("An empty line begins a new paragraph."))
    peoples = ParentalManyToManyField(People, blank=True, related_name="festivals", verbose_name=_("peoples"))
    places = ParentalManyToManyField(Place, blank=True, related_name="festivals", verbose_name=_("places"))
    rule: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        _("when it is held"), default=_declared, validators=[validate_rule]
    )
    sources = models.TextField(
        _("sources"), blank=True, help_text=_("One on each line; an address becomes a link.")
    )
    demonstration = models.BooleanField(_("demonstration"), default=False, help_text=_("Pages say so."))
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("festival")
        verbose_name_plural = _("festivals")
        ordering = ["name", "pk"]
        permissions = [("set_festival_protocol", _("May decide who sees festivals and their pictures"))]

    def __str__(self) -> str:
        return self.name or self.slug

    def clean(self) -> None:
        """Refuse an address name that stands for another page."""
        super().clean()
        if self.slug in RESERVED:
            raise ValidationError(
                {"slug": _("Another page stands under this address name. Choose another one.")}
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with an ARK."""
        if not self.ark:
            self.ark = ark.mint(settings.NHASAN_ARK_NAAN)
        super().save(*args, **kwargs)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """The template of the preview panel."""
        return "festivals/festival.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """What the public page would show of the festival as it stands in the form."""
        # Wagtail asks the model; the view of a festival lies above the models.
        from library.festivals.domain.presentation import festival_view

        shown = festival_view(self, reader=get_language() or "vi", viewer=viewer_of(request))
        return {**super().get_preview_context(request, mode_name), "festival": shown, "section": "festivals"}


class Occurrence(models.Model):
    """The days of a festival in one year, as somebody declared them. They stand in the place of what the rule gives."""

    festival = ParentalKey(
        Festival, on_delete=models.CASCADE, related_name="occurrences", verbose_name=_("festival")
    )
    year = models.PositiveIntegerField(
        _("year"),
        help_text=_("For a festival with a rule: the year of its calendar whose dates these replace."),
    )
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    declared_by = models.CharField(_("declared by"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("declared date")
        verbose_name_plural = _("declared dates")
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["festival", "year"], name="one_occurrence_a_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.start} – {self.end}"

    def clean(self) -> None:
        """The end is not before the beginning; the days lie in the year or the one after it."""
        super().clean()
        if self.start and self.end and self.end < self.start:
            raise ValidationError({"end": _("The last day lies before the first one.")})
        if self.start and self.year and not 0 <= self.start.year - self.year <= 1:
            raise ValidationError({"year": _("The first day does not lie in this year.")})


class FestivalRecord(Orderable):  # type: ignore[misc]
    """A record that belongs to a festival: a film of it, photographs, a book. Who may see it the record says itself."""

    festival = ParentalKey(
        Festival, on_delete=models.CASCADE, related_name="record_links", verbose_name=_("festival")
    )
    record = models.ForeignKey(
        "library.Record", models.CASCADE, related_name="festival_links", verbose_name=_("record")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("record of a festival")
        verbose_name_plural = _("records of festivals")
        constraints = [models.UniqueConstraint(fields=["festival", "record"], name="once_in_a_festival")]

    def __str__(self) -> str:
        return str(self.record)


class Picture(Protected):
    """A picture of a festival. The bytes are shared; the gate is on this reference. The first one leads the page."""

    access_parents = ("festival",)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    festival = models.ForeignKey(
        Festival, models.CASCADE, related_name="pictures", verbose_name=_("festival")
    )
    blob = models.ForeignKey("media_pipeline.Blob", models.PROTECT, related_name="+", verbose_name=_("file"))
    caption = models.CharField(_("caption"), max_length=300)
    credit = models.CharField(_("who made it"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    order = models.PositiveIntegerField(_("place in the gallery"), default=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("picture of a festival")
        verbose_name_plural = _("pictures of festivals")
        ordering = ["festival", "order", "pk"]

    def __str__(self) -> str:
        return self.caption

    @property
    def licence_name(self) -> str:
        """The short name of its licence, or what was written in its stead."""
        known = licences.find(self.licence)
        return known.code if known else self.licence
