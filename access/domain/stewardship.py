"""Who may manage communities and their protocols: administrators all, stewards those of their own
communities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from django.db.models import QuerySet

from access.models import Community, Protocol

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from access.models import User

    AnyUser: TypeAlias = User | AnonymousUser


def is_administrator(user: AnyUser) -> bool:
    """A superuser, or whoever holds `access.see_everything` (the administrators' role)."""
    return user.is_active and user.has_perm("access.see_everything")


def managed_communities(user: AnyUser) -> QuerySet[Community]:
    """The communities whose members and protocols the user decides about."""
    found: QuerySet[Community] = Community.objects.all()
    if is_administrator(user):
        return found
    if not user.is_active:
        return found.none()
    return found.filter(memberships__user=user.pk, memberships__steward=True).distinct()


def managed_protocols(user: AnyUser) -> QuerySet[Protocol]:
    """The protocols that the user may change: for a steward those of own communities, never one without."""
    if is_administrator(user):
        return Protocol.objects.all()
    return Protocol.objects.filter(community__in=managed_communities(user))


def may_manage(user: AnyUser, thing: Community | Protocol) -> bool:
    """Whether a community or protocol is among those that the user manages."""
    found = managed_communities(user) if isinstance(thing, Community) else managed_protocols(user)
    return found.filter(pk=thing.pk).exists()
