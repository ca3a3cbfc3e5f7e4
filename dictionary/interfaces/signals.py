"""The net under the domain functions: whatever Wagtail or the ORM does to entries and lexicons reaches search."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.signals import published, unpublished

from dictionary.domain import lexicons, publish
from dictionary.models import Entry, Lexicon


def connect() -> None:
    """Listen; called once when the app is ready."""
    published.connect(_published, sender=Entry, dispatch_uid="dictionary.published")
    unpublished.connect(_unpublished, sender=Entry, dispatch_uid="dictionary.unpublished")
    post_delete.connect(_entry_deleted, sender=Entry, dispatch_uid="dictionary.entry_deleted")
    pre_delete.connect(_lexicon_goes, sender=Lexicon, dispatch_uid="dictionary.lexicon_goes")
    pre_save.connect(_lexicon_changes, sender=Lexicon, dispatch_uid="dictionary.lexicon_changes")
    post_save.connect(_lexicon_changed, sender=Lexicon, dispatch_uid="dictionary.lexicon_changed")


def _published(instance: Entry, **kwargs: Any) -> None:
    publish.reindex([instance.pk])


def _unpublished(instance: Entry, **kwargs: Any) -> None:
    publish.forget([instance.pk])


def _entry_deleted(instance: Entry, origin: Any = None, **kwargs: Any) -> None:
    # With its lexicon, all entries were forgotten at once before.
    if not publish.are_deletions_handled() and not _is_of_lexicons(origin):
        publish.forget([instance.pk])


def _lexicon_goes(instance: Lexicon, **kwargs: Any) -> None:
    publish.forget(list(instance.entries.values_list("pk", flat=True)))


def _is_of_lexicons(origin: Any) -> bool:
    """Whether a deletion began with a lexicon or a queryset of lexicons."""
    return isinstance(origin, Lexicon) or getattr(origin, "model", None) is Lexicon


def _lexicon_changes(instance: Lexicon, **kwargs: Any) -> None:
    known = Lexicon.objects.filter(pk=instance.pk).values(*lexicons.WATCHED).first()
    now = {name: getattr(instance, name) for name in lexicons.WATCHED}
    instance._needs_refresh = known is not None and known != now  # type: ignore[attr-defined]


def _lexicon_changed(instance: Lexicon, **kwargs: Any) -> None:
    if getattr(instance, "_needs_refresh", False):
        with transaction.atomic():
            lexicons.changed(instance)
