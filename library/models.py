"""Records, collections, holdings. The content of a record is one JSON tree: `library.domain.content`."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from access.drafts import Drafted
from access.models import Protected
from library.domain import ark, collections
from library.domain.content import empty, upgrade, with_ids
from library.domain.derived import columns
from library.domain.kinds import kind_of, kinds
from library.domain.problems import limits, message
from library.domain.validation import is_draft_problem, validate
from library.file_parts import FilePart
from library.record_files import Consent, RecordFile
from library.vocabularies import Agent, Concept, People, Place

__all__ = [
    "Agent",
    "Collection",
    "Concept",
    "Consent",
    "FilePart",
    "Holding",
    "People",
    "Place",
    "Record",
    "RecordFile",
    "RecordTerm",
]


def _kinds() -> list[tuple[str, str]]:
    return [(kind.id, kind.name(get_language() or "vi")) for kind in kinds().values()]


class Collection(Protected):
    """Records that belong together, under one rule of access."""

    slug = models.SlugField(_("address name"), unique=True)
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("lies in"),
        help_text=_("What lies in a collection is never more open than that one."),
    )
    cover = models.ForeignKey(
        RecordFile,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture that leads it"),
        help_text=_(
            "A file of its records. Without one, and for whom it is closed, the first that has a picture."
        ),
    )
    order = models.PositiveIntegerField(_("place in the list"), default=100)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["order", "title", "pk"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """No collection lies in itself, or is more open than what it lies in."""
        super().clean()
        collections.check(self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, as closed as what it lies in, and close what lies in it. Raises ValidationError for a circle."""
        with transaction.atomic():
            collections.lock(type(self))
            collections.check(self)
            self.protocol_id, self.embargo_until = collections.inherited(self)
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "protocol", "embargo_until"}
            super().save(*args, **kwargs)
            collections.settle(self)


class Record(Drafted):
    """One thing that is catalogued. `content` is all that is said of it; title, dates and so on are derived.

    A revision holds the content. What belongs to the record as a whole — its identity, kind, collection, who may see
    it — is not part of revisions: publishing an old draft never opens what was closed since.
    """

    access_parents = ("collection",)
    of_the_whole = (
        "uuid", "ark", "kind", "collection", "protocol", "embargo_until", "created_at",
    )  # fmt: skip
    not_in_revisions = ("title_folded", "title_sort", "identifiers")
    may_lack_title = False
    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ark = models.CharField(max_length=60, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=30, db_index=True)
    collection = models.ForeignKey(
        Collection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=_("collection"),
    )
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("content"), default=empty)
    title = models.CharField(_("title"), max_length=500, editable=False, db_index=True)
    title_lang = models.CharField(max_length=60, blank=True, editable=False)
    title_folded = models.CharField(max_length=500, blank=True, editable=False, db_index=True)
    title_sort = models.BinaryField(editable=False, default=b"")
    identifiers = models.CharField(max_length=500, blank=True, editable=False, db_index=True)
    date_earliest = models.DateField(null=True, editable=False)
    date_latest = models.DateField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["title_sort", "id"], name="record_in_order"),
            models.Index(fields=["collection", "kind"], name="record_of_collection"),
        ]
        permissions = [("set_record_protocol", _("May decide who sees records, collections and their files"))]

    def __str__(self) -> str:
        return self.title or str(_("(no title)"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with an ARK, ids for new nodes, and the derived columns brought up to date."""
        fields = kwargs.get("update_fields")
        if fields is None or "content" in fields:
            self.prepare()
            if not self.ark:
                self.ark = ark.mint(settings.NHASAN_ARK_NAAN)
            if fields is not None:
                kwargs["update_fields"] = {*fields, *DERIVED, "updated_at"}
        super().save(*args, **kwargs)

    @property
    def kind_name(self) -> str:
        """What its kind is called."""
        return kind_of(self.kind).name(get_language() or "vi")

    def prepare(self) -> None:
        """Give ids to new nodes, and bring the derived columns up to date."""
        self.content = with_ids(upgrade(self.content))
        self.derive()

    def derive(self) -> None:
        """Set the columns that are derived from the content."""
        for name, value in columns(self.content)._asdict().items():
            setattr(self, name, value)

    def clean(self) -> None:
        """Refuse content that is not well-formed; an unfinished draft may lack its title."""
        super().clean()
        if self.kind not in kinds():
            raise ValidationError({"kind": _("There is no such kind of record.")})
        problems = validate(self.content, limits())
        if self.may_lack_title:
            problems = [problem for problem in problems if not is_draft_problem(problem)]
        if problems:
            raise ValidationError({"content": [message(problem) for problem in problems]})

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """The template of the preview panel."""
        return "library/admin/preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """What the public page would show of the record as it stands in the form."""
        # Wagtail asks the model; the view of a record lies above the models.
        from library.domain.presentation import record_view

        self.prepare()
        shown = record_view(self, reader=get_language() or "vi")
        return {**super().get_preview_context(request, mode_name), "record": shown, "section": "records"}


DERIVED = (
    "title",
    "title_lang",
    "title_folded",
    "title_sort",
    "identifiers",
    "date_earliest",
    "date_latest",
    "ark",
)


class RecordTerm(models.Model):
    """What a published record is narrowed by (people, language, place, decade, concept, agent): derived, for lists."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="terms")
    name = models.CharField(max_length=20)
    value = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "name", "value"], name="one_term")]
        indexes = [models.Index(fields=["name", "value", "record"], name="records_by_term")]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class Holding(models.Model):
    """A copy of what a record describes: where it lies."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="holdings", verbose_name=_("record"))
    institution = models.CharField(_("institution"), max_length=200)
    location = models.CharField(_("location"), max_length=200, blank=True)
    call_number = models.CharField(_("call number"), max_length=100, blank=True)
    item_id = models.CharField(_("item number"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("holding")
        verbose_name_plural = _("holdings")
        ordering = ["record", "institution", "pk"]

    def __str__(self) -> str:
        return f"{self.institution} {self.call_number}".strip()
