"""What has drafts, revisions and a workflow, and stands under protocols: the base of such models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    WorkflowMixin,
)

from access.models import Protected

if TYPE_CHECKING:
    from access.models import User


class Drafted(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, Protected, models.Model
):  # type: ignore[misc]
    """A model whose revisions hold its content, and nothing of what belongs to the object as a whole.

    `of_the_whole` names what publishing an old revision must not bring back: who may see the object, its identity and
    parents. So an old draft never opens what was closed since. `not_in_revisions` names what is derived or too much.
    """

    of_the_whole: ClassVar[tuple[str, ...]]
    not_in_revisions: ClassVar[tuple[str, ...]] = ()

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="%(class)s",
        for_concrete_model=False,
    )
    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="%(class)s",
        for_concrete_model=False,
    )

    class Meta:
        abstract = True

    @property
    def revisions(self) -> models.QuerySet[Revision]:
        """The revisions of this object (Wagtail asks for the property by this name)."""
        return self._revisions  # type: ignore[return-value]

    def prepare(self) -> None:
        """Bring the content and what is derived from it up to date: a revision is about to be kept."""

    def serializable_data(self) -> dict[str, Any]:
        """What a revision holds."""
        data = super().serializable_data()
        return {key: value for key, value in data.items() if key not in self.not_in_revisions}

    def with_content_json(self, content: Mapping[str, Any]) -> Self:
        """This object as a revision has it; what belongs to the whole stays as it is now."""
        kept = {key: value for key, value in content.items() if key not in self.of_the_whole}
        found: Self = super().with_content_json(kept)
        for name in (*self.of_the_whole, *self.not_in_revisions):
            column = self._meta.get_field(name).attname  # type: ignore[union-attr]
            setattr(found, column, getattr(self, column))
            if name in self._state.fields_cache:
                setattr(found, name, getattr(self, name))
        return found

    @transaction.atomic
    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Keep a revision; before the first one of what is published, keep what was published as a revision too."""
        if self.latest_revision_id is None and self.pk:
            stored = type(self)._default_manager.filter(pk=self.pk)
            published = stored.filter(live=True).select_related(*self.access_parents).first()
            if published is not None:
                first = super(Drafted, published).save_revision(changed=False, clean=False)
                stored.update(live_revision=first)
                self.live_revision = first
        self.prepare()
        return super().save_revision(*args, **kwargs)

    @transaction.atomic
    def publish(self, *args: Any, **kwargs: Any) -> None:
        """Publish a revision; whoever listens to `published` (search) writes in the same transaction."""
        super().publish(*args, **kwargs)

    @transaction.atomic
    def unpublish(self, *args: Any, **kwargs: Any) -> None:
        """Take the object off the site; whoever listens to `unpublished` writes in the same transaction."""
        super().unpublish(*args, **kwargs)

    def publish_as_it_is(self, user: User | None = None) -> Revision:
        """Keep the present state as a revision and publish it; the object may be new.

        Raises ValidationError; nothing is written then.
        """
        with transaction.atomic():
            if self.pk is None:
                self.live = False
                self.save()
            revision = self.save_revision(user=user, log_action=True)
            revision.publish(user=user, skip_permission_checks=True)
        self.refresh_from_db()
        return revision
