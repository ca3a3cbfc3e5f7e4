"""What records refer to: peoples, places, agents, concepts. Their labels are given in each interface language."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from library.domain.edtf import EdtfError, span
from library.domain.folding import key


def validate_edtf(value: str) -> None:
    """A date of EDTF."""
    try:
        span(value)
    except EdtfError as error:
        raise ValidationError(
            _("“%(value)s” is no EDTF date. Write 1998, 1998-07, 1998~ (about), 199X or 1998/2001."),
            params={"value": value},
        ) from error


def validate_names(value: object) -> None:
    """A list of texts."""
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        raise ValidationError(_("Other names are a list of texts."))


class Named(models.Model):
    """A row with labels in the languages of the interface; `folded` is what it is found by while somebody types."""

    label_field = "name"
    others_field = "other_names"

    folded = models.CharField(max_length=1000, editable=False, default="", db_index=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the names to be found by."""
        labels = [getattr(self, f"{self.label_field}_{code}", None) for code, _name in settings.LANGUAGES]
        self.folded = key((*labels, *getattr(self, self.others_field)))
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        super().save(*args, **kwargs)


class People(Named):
    """One of the peoples of the official list. Records name it by its number."""

    number = models.CharField(_("number"), max_length=2, unique=True)
    slug = models.SlugField(_("address name"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    other_names: models.JSONField[list[str], list[str]] = models.JSONField(
        _("other names"), default=list, blank=True, validators=[validate_names]
    )
    description = models.TextField(_("description"), blank=True)
    source = models.TextField(_("source"), blank=True)
    reviewed = models.BooleanField(_("reviewed"), default=False)

    class Meta:
        verbose_name = _("people")
        verbose_name_plural = _("peoples")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name


class Place(Named):
    """A place, with its code in an official list and the time for which it was called so."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("country")
        MUNICIPALITY = "municipality", _("city under the central government")
        PROVINCE = "province", _("province")
        DISTRICT = "district", _("district")
        COMMUNE = "commune", _("commune or ward")
        VILLAGE = "village", _("village")
        OTHER = "other", _("other")

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address name"), unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PROVINCE)
    code = models.CharField(_("code"), max_length=20, blank=True)
    code_system = models.CharField(
        _("list of codes"), max_length=20, blank=True, help_text=_("VN-2004: until 2025; VN-2025: since.")
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    successors: models.ManyToManyField[Place, Place] = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="predecessors", verbose_name=_("became part of")
    )
    other_names: models.JSONField[list[str], list[str]] = models.JSONField(
        _("other names"), default=list, blank=True, validators=[validate_names]
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    geojson: models.JSONField[dict[str, object] | None, dict[str, object] | None] = models.JSONField(
        _("outline (GeoJSON)"), null=True, blank=True
    )
    source = models.TextField(_("source"), blank=True)
    reviewed = models.BooleanField(_("reviewed"), default=False)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name", models.F("valid_from").desc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["code_system", "code"], condition=~models.Q(code=""), name="one_place_per_code"
            )
        ]

    def __str__(self) -> str:
        if self.valid_to is None:
            return self.name
        return _("%(name)s (until %(year)s)") % {"name": self.name, "year": self.valid_to.year}

    def clean(self) -> None:
        """Coordinates lie on the globe; an end is not before its beginning; nothing is part of itself."""
        problems: dict[str, str] = {}
        if self.latitude is not None and not -90 <= self.latitude <= 90:
            problems["latitude"] = str(_("A latitude lies between -90 and 90."))
        if self.longitude is not None and not -180 <= self.longitude <= 180:
            problems["longitude"] = str(_("A longitude lies between -180 and 180."))
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            problems["valid_to"] = str(_("The end lies before the beginning."))
        if self.pk and self.parent_id == self.pk:
            problems["parent"] = str(_("A place is no part of itself."))
        if problems:
            raise ValidationError(problems)


class Agent(Named):
    """A person, family or organisation that made, owned or is in something."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")
        FAMILY = "family", _("family")

    name = models.CharField(_("name"), max_length=300, db_index=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    other_names: models.JSONField[list[str], list[str]] = models.JSONField(
        _("other names"), default=list, blank=True, validators=[validate_names]
    )
    dates = models.CharField(
        _("dates"), max_length=100, blank=True, validators=[validate_edtf], help_text=_("EDTF: 1920/1998")
    )
    viaf = models.CharField("VIAF", max_length=30, blank=True)
    wikidata = models.CharField("Wikidata", max_length=20, blank=True)
    isni = models.CharField("ISNI", max_length=20, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Concept(Named):
    """What something is about: a term of a scheme, with broader terms above it (SKOS)."""

    label_field = "label"
    others_field = "alt_labels"

    label = models.CharField(_("label"), max_length=200)
    scheme = models.CharField(
        _("scheme"), max_length=60, blank=True, help_text=_("Such as lcsh; empty: our own.")
    )
    alt_labels: models.JSONField[list[str], list[str]] = models.JSONField(
        _("other labels"), default=list, blank=True, validators=[validate_names]
    )
    broader = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="narrower",
        verbose_name=_("broader term"),
    )
    exact_match = models.URLField(_("the same elsewhere"), blank=True)
    note = models.TextField(_("scope note"), blank=True)

    # A term under itself would be a circle: how many steps are followed before that is said.
    deepest: ClassVar[int] = 50

    class Meta:
        verbose_name = _("concept")
        verbose_name_plural = _("concepts")
        ordering = ["label", "pk"]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """No term stands under itself."""
        above, steps = self.broader, 0
        while above is not None:
            steps += 1
            if above.pk == self.pk or steps > self.deepest:
                raise ValidationError({"broader": _("This term would stand under itself.")})
            above = above.broader
