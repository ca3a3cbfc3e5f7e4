"""Search's own tables: the slim look-up rows, their further keys, who may see them, and the outbox."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Audience(models.Model):
    """One combination of protocols and embargo that some document stands under (`Document.audience`)."""

    key = models.CharField(max_length=500, unique=True)

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")

    def __str__(self) -> str:
        return self.key


class LookupRow(models.Model):
    """One form of one published object: what alphabet pages, read-your-writes and the degraded mode read.

    Keys are bytes (UTF-8): equality and ranges are then by code point on every database, whatever its
    collation. `place` is `Document.order` less 2**63, because databases have no unsigned 64-bit numbers; it
    also names the document. `first_letter` and `sort_key` are filled for written forms and glosses (reversal
    pages).
    """

    type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    place = models.BigIntegerField(db_index=True)
    version = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    group = models.CharField(max_length=8)  # the field of its letter key: letter, derived or gloss
    scope = models.CharField(max_length=60)
    orthography = models.CharField(max_length=60)
    language = models.CharField(max_length=35)
    parent = models.CharField(max_length=100)
    locator = models.CharField(max_length=200, default="")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    first_letter = models.CharField(max_length=30, default="")
    sort_key = models.BinaryField(default=b"")
    exact = models.BinaryField()
    case = models.BinaryField()
    tone = models.BinaryField()
    letter = models.BinaryField()
    marked = models.TextField()
    profile_hash = models.CharField(max_length=16)

    class Meta:
        verbose_name = _("look-up row")
        verbose_name_plural = _("look-up rows")
        indexes = [
            models.Index(fields=["type", "object_id"], name="row_object"),
            models.Index(fields=["letter"], name="row_letter"),
            models.Index(fields=["exact"], name="row_exact"),
            models.Index(fields=["case"], name="row_case"),
            models.Index(fields=["tone"], name="row_tone"),
            models.Index(
                fields=["orthography", "kind", "first_letter", "sort_key", "place"], name="row_alphabet"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class LookupKey(models.Model):
    """A further key of a document, matched exactly: how a written form sounds, or a word inside a gloss."""

    place = models.BigIntegerField(db_index=True)
    field = models.CharField(max_length=8)  # sound or word
    scope = models.CharField(max_length=60)
    key = models.BinaryField()
    marked = models.TextField(default="")

    class Meta:
        verbose_name = _("further key")
        verbose_name_plural = _("further keys")
        indexes = [models.Index(fields=["field", "key"], name="key_value")]

    def __str__(self) -> str:
        return bytes(self.key).decode()


class OutboxRow(models.Model):
    """An object changed; the index does not know it yet. Written in the transaction that changed the object.

    `applied_at` is set after the index was committed. Applied rows stay for a day, so that a rebuild that
    began before they were applied can replay them.
    """

    class Operation(models.TextChoices):
        CHANGED = "changed", _("changed")
        DELETED = "deleted", _("deleted")

    type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    operation = models.CharField(max_length=8, choices=Operation)
    applied_at = models.DateTimeField(null=True, blank=True)
    noted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("change for the index")
        verbose_name_plural = _("changes for the index")
        indexes = [
            models.Index(fields=["id"], name="outbox_pending", condition=models.Q(applied_at=None)),
            models.Index(fields=["applied_at"], name="outbox_applied"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.type} {self.object_id}"
