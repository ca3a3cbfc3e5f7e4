"""Lexicons and their entries. The content of an entry is one JSON tree: see `dictionary.domain.content`."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from access.domain.viewer import viewer_of
from access.drafts import Drafted
from access.models import Protected
from dictionary.domain.content import upgrade, with_ids
from dictionary.domain.derived import columns
from dictionary.domain.problems import limits, message
from dictionary.domain.validation import is_draft_problem, validate


class Lexicon(Protected):
    """A dictionary or word list: one language described in some gloss languages, with its credits."""

    slug = models.SlugField(_("address name"), unique=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    language = models.CharField(
        _("language"), max_length=35, db_index=True, help_text=_("BCP 47 tag, such as vi.")
    )
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
        _("file header"),
        default=dict,
        editable=False,
        help_text=_("What the source file says of itself (LIFT header, ranges), kept for its export."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("lexicon")
        verbose_name_plural = _("lexicons")
        ordering = ["title"]
        permissions = [
            ("set_protocol", _("May decide who sees lexicons, entries and files")),
            ("import_lexicon", _("May import into lexicons")),
        ]

    def __str__(self) -> str:
        return self.title


class Entry(Drafted):
    """One entry of a lexicon. `content` is the whole of it; headword, gloss and sort key are derived from it.

    A revision holds the content. What belongs to the entry as a whole — who may see it, its lexicon and identity, the
    source fragment — is not part of revisions: publishing an old draft never opens what was closed since.
    """

    access_parents = ("lexicon",)
    of_the_whole = ("lexicon", "uuid", "identity", "protocol", "embargo_until", "source_order", "created_at")
    not_in_revisions = ("fragment", "fragment_hash", "sort_key")
    may_lack_headword = False
    # Imports write past Wagtail's index of references, so it would never be whole; search says what names an entry.
    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lexicon = models.ForeignKey(Lexicon, models.CASCADE, related_name="entries", verbose_name=_("lexicon"))
    identity = models.CharField(
        max_length=255,
        editable=False,
        help_text=_("LIFT guid, else LIFT id, else a UUIDv5 of lexicon and row key: unique in its lexicon."),
    )
    content = models.JSONField(_("content"), default=dict)
    headword = models.CharField(_("headword"), max_length=500, editable=False, db_index=True)
    sort_key = models.BinaryField(editable=False, default=b"")
    gloss = models.CharField(_("gloss"), max_length=500, blank=True, editable=False)
    fragment = models.TextField(blank=True, editable=False, help_text=_("The source fragment, verbatim."))
    fragment_hash = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text=_(
            "sha256 of the content the fragment was read into: equal means the fragment still holds."
        ),
    )
    source_order = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["lexicon_id", "sort_key", "id"]
        indexes = [models.Index(fields=["lexicon", "sort_key", "id"], name="entry_in_order")]
        constraints = [
            models.UniqueConstraint(fields=["lexicon", "identity"], name="one_identity_per_lexicon")
        ]

    def __str__(self) -> str:
        return self.headword or str(_("(no headword)"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with ids given to new nodes, an identity, and the derived columns brought up to date."""
        fields = kwargs.get("update_fields")
        if fields is None or "content" in fields:
            self.content = with_ids(upgrade(self.content))
            self.identity = self.identity or self.content.get("guid") or str(self.uuid)
            self.derive()
            if fields is not None:
                kwargs["update_fields"] = {*fields, "identity", "headword", "gloss", "sort_key", "updated_at"}
        super().save(*args, **kwargs)

    def prepare(self) -> None:
        """Give ids to new nodes, and bring the derived columns up to date."""
        self.content = with_ids(upgrade(self.content))
        self.derive()

    def derive(self) -> None:
        """Set the columns that are derived from the content."""
        found = columns(self.content, self.lexicon.orthography, self.lexicon.gloss_languages)
        self.headword, self.gloss, self.sort_key = found.headword, found.gloss, found.sort_key

    def clean(self) -> None:
        """Refuse content that is not well-formed; an unfinished draft may lack its headword."""
        super().clean()
        problems = validate(self.content, limits())
        if self.may_lack_headword:
            problems = [problem for problem in problems if not is_draft_problem(problem)]
        if problems:
            raise ValidationError({"content": [message(problem) for problem in problems]})

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """The template of the preview panel."""
        return "dictionary/admin/preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """What the public page would show of the entry as it stands in the form."""
        # Wagtail asks the model; the view of an entry lies above the models.
        from dictionary.domain.presentation import entry_view

        self.prepare()
        shown = entry_view(self, reader=get_language() or "vi", viewer=viewer_of(request))
        return {**super().get_preview_context(request, mode_name), "entry": shown, "section": ""}


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

    @property
    def name(self) -> str:
        """The last part of its address: the file name without folders."""
        return self.href.replace("\\", "/").rsplit("/", 1)[-1] or "file"


class EntryName(models.Model):
    """A name of a published entry besides its identity (LIFT id, id of a sense), or one of a word it is made of.

    Derived from the content, for looking up only: see `dictionary.domain.names`.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="names")
    lexicon = models.ForeignKey(Lexicon, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=255)
    is_component = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["lexicon", "name", "is_component"], name="entry_by_name")]

    def __str__(self) -> str:
        return self.name


class LexiconFile(models.Model):
    """A file that came with the lexicon as a whole (LIFT ranges, writing systems): kept for its export."""

    lexicon = models.ForeignKey(Lexicon, models.CASCADE, related_name="files", verbose_name=_("lexicon"))
    name = models.CharField(_("name in the archive"), max_length=500)
    blob = models.ForeignKey("media_pipeline.Blob", models.PROTECT, related_name="+", verbose_name=_("file"))

    class Meta:
        verbose_name = _("file of a lexicon")
        verbose_name_plural = _("files of lexicons")
        ordering = ["lexicon", "name"]
        constraints = [models.UniqueConstraint(fields=["lexicon", "name"], name="one_file_per_name")]

    def __str__(self) -> str:
        return self.name


# A model of this app with a file of its own; Django looks for models here.
from dictionary.reports import Report  # noqa: E402, F401
