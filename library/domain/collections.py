"""The tree of collections: what lies in what, who sees what of it, and how it is changed.

A collection that lies in another is never more open than that one. The gate reads one row of a collection and does not
climb, so the rule is kept when collections are saved (`settle`): what closes a collection closes all that lies in it at
once; what opens it opens nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

DEEPEST: Final = 6
"""So many collections may lie in each other."""


@dataclass(frozen=True)
class Tree:
    """All collections by their primary keys: what each lies in, and its name in addresses."""

    parents: Mapping[int, int | None]
    slugs: Mapping[int, str]

    def above(self, pk: int) -> tuple[int, ...]:
        """What a collection lies in, the nearest first."""
        found: list[int] = []
        parent = self.parents.get(pk)
        while parent is not None and parent not in found and parent != pk:
            found.append(parent)
            parent = self.parents.get(parent)
        return tuple(found)

    def below(self, pk: int) -> tuple[int, ...]:
        """All that lies in a collection, at any depth."""
        return tuple(each for each in self.parents if pk in self.above(each))

    def path_slugs(self, pk: int) -> tuple[str, ...]:
        """The names of a collection and of all that it lies in."""
        return tuple(self.slugs[each] for each in (pk, *self.above(pk)))

    def within(self, slug: str) -> tuple[int, ...]:
        """The collection of a name with all that lies in it; nothing where there is none."""
        return tuple(
            each for pk, found in self.slugs.items() if found == slug for each in (pk, *self.below(pk))
        )

    def summed(self, numbers: Mapping[int | None, int]) -> dict[int, int]:
        """Numbers of collections, each with those of all that lies in it."""
        found = {pk: numbers.get(pk, 0) for pk in self.parents}
        for pk, number in numbers.items():
            if pk is not None:
                for above in self.above(pk):
                    found[above] += number
        return found


def tree(model: type[models.Model]) -> Tree:
    """The tree as it is now. One query; there are hundreds of collections, not millions."""
    rows = list(model._default_manager.order_by("pk").values_list("pk", "parent", "slug"))
    return Tree({pk: parent for pk, parent, _slug in rows}, {pk: slug for pk, _parent, slug in rows})


def lock(model: type[models.Model]) -> None:
    """Let nobody else change the tree until this transaction is over: of two people, the second waits."""
    list(model._default_manager.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def check(collection: Any) -> None:
    """Raise ValidationError when a collection would lie in itself, or be more open than what it lies in."""
    model = type(collection)
    now = tree(model)
    below = now.below(collection.pk) if collection.pk else ()
    if collection.parent_id is not None:
        path = (collection.parent_id, *now.above(collection.parent_id))
        if collection.pk is not None and collection.pk in path:
            raise ValidationError({"parent": _("A collection cannot lie in itself.")})
        depth = max((len(now.above(each)) - len(now.above(collection.pk)) for each in below), default=0)
        if len(path) + 1 + depth > DEEPEST:
            raise ValidationError(
                {"parent": _("No more than %(most)s collections lie in each other.") % {"most": DEEPEST}}
            )
        parent = model._default_manager.get(pk=collection.parent_id)
        if _contradicts(parent, collection.protocol_id):
            raise ValidationError(
                {
                    "parent": _(
                        "“%(title)s” stands under another access protocol. What lies in it stands under the same one."
                    )
                    % {"title": parent}
                }
            )
    protocol, embargo = inherited(collection)
    before = model._default_manager.filter(pk=collection.pk).values_list("protocol", flat=True).first()
    if protocol is None and embargo is None:
        return
    for each in model._default_manager.filter(pk__in=below):
        # What stood under the protocol of the collection goes with it.
        if each.protocol_id not in {protocol, before, None}:
            raise ValidationError(
                _(
                    "“%(title)s”, which lies in this collection, stands under an access protocol of its own. Take it "
                    "out first, or put both under the same."
                )
                % {"title": each}
            )


def inherited(collection: Any) -> tuple[int | None, date | None]:
    """The protocol and the embargo that a collection gets: its own, or else, or later, those of what it lies in."""
    protocol, embargo = collection.protocol_id, collection.embargo_until
    if collection.parent_id is not None:
        parent = type(collection)._default_manager.get(pk=collection.parent_id)
        protocol = protocol or parent.protocol_id
        embargo = _later(embargo, parent.embargo_until)
    return protocol, embargo


def settle(collection: Any) -> list[int]:
    """Close what lies in a collection that was saved as that one is closed. Gives all that lies in it."""
    model = type(collection)
    below = list(tree(model).below(collection.pk))
    for each in model._default_manager.filter(pk__in=below):
        protocol = collection.protocol_id or each.protocol_id
        embargo = _later(each.embargo_until, collection.embargo_until)
        if (protocol, embargo) != (each.protocol_id, each.embargo_until):
            model._default_manager.filter(pk=each.pk).update(protocol=protocol, embargo_until=embargo)
    return below


def _contradicts(parent: Any, protocol: int | None) -> bool:
    """Whether what has a protocol of its own could be seen by somebody who may not see what it lies in.

    An embargo is lifted for the stewards of a protocol; so what is under embargo without a protocol holds none either.
    """
    if protocol is None or protocol == parent.protocol_id:
        return False
    return parent.protocol_id is not None or parent.embargo_until is not None


def _later(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)
