"""Lexicons and their entries. The content of an entry is one JSON tree: see `dictionary.domain.content`."""

from __future__ import annotations

import uuid

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from access.models import Protected


class Lexicon(Protected):
    """A dictionary or word list: one language described in some gloss languages, with its credits."""

    slug = models.SlugField(_("address name"), unique=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    language = models.CharField(_("language"), max_length=35, db_index=True, help_text=_("BCP 47 tag, such as vi."))
    orthography = models.CharField(
        _("main orthography"), max_length=60, help_text=_("BCP 47 tag with script, such as vi-Latn.")
    )
    gloss_languages = models.JSONField(_("gloss languages"), default=list)
    authors = models.CharField(_("authors"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True, help_text=_("SPDX identifier."))
    citation = models.TextField(_("citation"), blank=True)
    source_url = models.URLField(_("source address"), blank=True)
    year = models.CharField(_("year"), max_length=20, blank=True)
    under_review = models.BooleanField(_("under review"), default=False)
    header = models.JSONField(
        _("file header"), default=dict, editable=False,
        help_text=_("What the source file says of itself (LIFT header, ranges), kept for its export."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("lexicon")
        verbose_name_plural = _("lexicons")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Entry(
    PreviewableMixin, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, Protected, models.Model
):
    """One entry of a lexicon. `content` is the whole of it; the other columns are derived from it."""

    access_parents = ("lexicon",)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lexicon = models.ForeignKey(Lexicon, models.CASCADE, related_name="entries", verbose_name=_("lexicon"))
    identity = models.CharField(
        max_length=255, editable=False,
        help_text=_("LIFT guid, else LIFT id, else a UUIDv5 of lexicon and row key: unique in its lexicon."),
    )
    content = models.JSONField(_("content"), default=dict)
    headword = models.CharField(_("headword"), max_length=500, editable=False, db_index=True)
    sort_key = models.BinaryField(editable=False, default=b"", db_index=True)
    gloss = models.CharField(_("gloss"), max_length=500, blank=True, editable=False)
    fragment = models.TextField(blank=True, editable=False, help_text=_("The source fragment, verbatim."))
    fragment_hash = models.CharField(
        max_length=64, blank=True, editable=False,
        help_text=_("sha256 of the content the fragment was read into: equal means the fragment still holds."),
    )
    source_order = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState", content_type_field="base_content_type", object_id_field="object_id",
        related_query_name="entry", for_concrete_model=False,
    )
    _revisions = GenericRelation(
        "wagtailcore.Revision", content_type_field="base_content_type", object_id_field="object_id",
        related_query_name="entry", for_concrete_model=False,
    )

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["lexicon", "sort_key", "id"]
        constraints = [models.UniqueConstraint(fields=["lexicon", "identity"], name="one_identity_per_lexicon")]

    def __str__(self) -> str:
        return self.headword

    @property
    def revisions(self):  # type: ignore[no-untyped-def]
        """The revisions of this entry (Wagtail asks for the property by this name)."""
        return self._revisions


class EntryFile(Protected):
    """A recording or picture that an entry names. The bytes are shared; the gate is on this reference."""

    access_parents = ("entry",)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="files", verbose_name=_("entry"))
    href = models.CharField(_("name in the entry"), max_length=500)
    blob = models.ForeignKey("media_pipeline.Blob", models.PROTECT, related_name="+", verbose_name=_("file"))
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file of an entry")
        verbose_name_plural = _("files of entries")
        constraints = [models.UniqueConstraint(fields=["entry", "href"], name="one_file_per_href")]

    def __str__(self) -> str:
        return self.href
