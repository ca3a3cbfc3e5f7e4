"""Communities, viewers and protected objects for the tests of access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser

from access.domain import roles
from access.models import Community, Membership, Protocol, User
from dictionary.models import Entry, Lexicon

TODAY = date(2026, 5, 17)
PAST, FUTURE = date(2026, 5, 16), date(2026, 5, 18)
EMBARGOES = (None, PAST, TODAY, FUTURE)


@dataclass(frozen=True)
class House:
    """Two communities and everybody who might look."""

    ours: Community
    theirs: Community
    people: dict[str, User | AnonymousUser]


def build_house() -> House:
    """Two communities; members, stewards, an administrator by role, a superuser, one who left, and the
    public.
    """
    ours = Community.objects.create(slug="ours", name="Ours")
    theirs = Community.objects.create(slug="theirs", name="Theirs")
    people: dict[str, User | AnonymousUser] = {"public": AnonymousUser()}
    for name in ("nobody", "member", "steward", "outsider", "foreign steward", "administrator"):
        people[name] = User.objects.create_user(name.replace(" ", "-"))
    people["superuser"] = User.objects.create_superuser("superuser")
    people["left"] = User.objects.create_superuser("left", is_active=False)
    for name, community, steward in (
        ("member", ours, False),
        ("steward", ours, True),
        ("outsider", theirs, False),
        ("foreign steward", theirs, True),
        ("left", ours, True),
    ):
        Membership.objects.create(user=people[name], community=community, steward=steward)
    people["administrator"].groups.add(roles.group_of(roles.ADMINISTRATOR))
    return House(ours, theirs, people)


def build_protocols(community: Community) -> list[Protocol]:
    """A protocol of every level, with and without the community, under every embargo; and one of unknown
    level.
    """
    wanted = [
        (level, owner, embargo)
        for level in (*Protocol.Level.values, "unheard-of")
        for owner in (community, None)
        for embargo in (None, PAST, FUTURE)
    ]
    return [
        Protocol.objects.create(
            slug=f"p{number}", name=f"P{number}", level=level, community=owner, embargo_until=embargo
        )
        for number, (level, owner, embargo) in enumerate(wanted)
    ]


def lexicon(name: str, protocol: Protocol | None = None, embargo: date | None = None) -> Lexicon:
    """A lexicon, not saved; its language says that it is none."""
    return Lexicon(
        slug=name, title=name, language="und", orthography="und", protocol=protocol, embargo_until=embargo
    )


def entry(
    name: str,
    parent: Lexicon,
    protocol: Protocol | None = None,
    embargo: date | None = None,
    live: bool = True,
) -> Entry:
    """An entry, not saved."""
    return Entry(
        identity=name, headword=name, lexicon=parent, protocol=protocol, embargo_until=embargo, live=live
    )
