"""The one gate: `visible` for querysets, `may_see` for an object; a test holds both to agree.

An object is seen through its own protocol, embargo and draft state AND those of every parent named in
`access_parents`, recursively. A parent that is optional and empty adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet

from access.domain.viewer import Viewer
from access.models import Protected

M = TypeVar("M", bound=models.Model)


def visible(queryset: QuerySet[M], viewer: Viewer, *, drafts: bool = False) -> QuerySet[M]:
    """What of a queryset the viewer may see. Parents are joined, never fetched one by one.

    `drafts` lets through what is not published as well: for the admin, whose permissions say who edits.
    Raises TypeError for a model that is not `Protected`, or whose `access_parents` are not foreign keys to
    such.
    """
    allowed, embargo_over, stewarded, any_protocol, live = Q(), Q(), Q(), Q(), Q()
    for path, has_live in _chain(queryset.model):
        protocol = f"{path}protocol"
        none = Q(**{f"{protocol}__isnull": True})
        allowed &= none | Q(**{f"{protocol}__in": viewer.allowed})
        stewarded &= none | Q(**{f"{protocol}__in": viewer.stewarded})
        any_protocol |= ~none
        embargo = f"{path}embargo_until"
        embargo_over &= Q(**{f"{embargo}__isnull": True}) | Q(**{f"{embargo}__lte": viewer.today})
        if has_live and not drafts:
            is_live = Q(**{f"{path}live": True})
            live &= is_live | Q(**{f"{path[:-2]}__isnull": True}) if path else is_live
    condition = allowed & live
    if not viewer.sees_embargoed:
        condition &= embargo_over | (stewarded & any_protocol) if viewer.stewarded else embargo_over
    return queryset.filter(condition)


def may_see(obj: models.Model, viewer: Viewer, *, drafts: bool = False) -> bool:
    """Whether the viewer may see a stored object; agrees with `visible`, and raises TypeError as it does."""
    if obj.pk is None:
        return False
    protocols: set[int] = set()
    embargo: date | None = None
    for one in _and_parents(obj):
        if not drafts and getattr(one, "live", True) is not True:
            return False
        if one.protocol_id is not None:
            protocols.add(one.protocol_id)
        if one.embargo_until is not None and (embargo is None or one.embargo_until > embargo):
            embargo = one.embargo_until
    return viewer.permits(protocols, embargo)


def protocols_of(obj: models.Model) -> tuple[frozenset[int], date | None]:
    """The protocol ids and the latest embargo that an object stands under, parents included: what an index
    keeps.
    """
    chain = list(_and_parents(obj))
    embargoes = [one.embargo_until for one in chain if one.embargo_until is not None]
    ids = frozenset(one.protocol_id for one in chain if one.protocol_id is not None)
    return ids, max(embargoes, default=None)


def _and_parents(obj: models.Model) -> Iterator[Protected]:
    """The object and all its parents, near to far. `select_related` the parents to spare queries."""
    _chain(type(obj))
    if not isinstance(obj, Protected):
        raise TypeError(f"{obj!r} is not protected.")
    yield obj
    for name in obj.access_parents:
        parent = getattr(obj, name)
        if parent is not None:
            yield from _and_parents(parent)


@cache
def _chain(model: type[models.Model]) -> tuple[tuple[str, bool], ...]:
    """The look-up path of the model and each of its parents ("", "entry__", "entry__lexicon__"), and who has
    `live`.
    """
    return tuple(_walk(model, "", ()))


def _walk(
    model: type[models.Model], path: str, above: tuple[type[models.Model], ...]
) -> Iterator[tuple[str, bool]]:
    if not issubclass(model, Protected):
        raise TypeError(
            f"{model._meta.label} is not built on access.models.Protected: nothing says who may see it."
        )
    if model in above:
        raise TypeError(f"{model._meta.label}.access_parents lead back to itself.")
    yield path, _has_field(model, "live")
    for name in model.access_parents:
        field = model._meta.get_field(name)
        if not isinstance(field, models.ForeignKey):
            raise TypeError(f"{model._meta.label}.access_parents names {name}, which is not a foreign key.")
        yield from _walk(field.related_model, f"{path}{name}__", (*above, model))


def _has_field(model: type[models.Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
