"""Records for tests. No language is named: tags come from the profiles and the interface."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from access.domain.roles import Role, group_of
from access.models import User
from library.domain import publish
from library.models import Collection, Record

READER = settings.LANGUAGE_CODE


def value(text: str, lang: str = READER) -> dict[str, Any]:
    """A text in a language."""
    return {"value": text, "lang": lang}


def content(title: str = "A title", **fields: Any) -> dict[str, Any]:
    """Content with a title and other properties."""
    return {"v": 1, "fields": {"title": [value(title)], **fields}}


def collection(slug: str = "sample", **values: Any) -> Collection:
    """A collection."""
    return Collection.objects.create(slug=slug, **{"title": slug.title(), **values})


def draft(title: str = "A title", kind: str = "book", **rest: Any) -> Record:
    """A record that is not published; `fields` are further properties."""
    fields = rest.pop("fields", {})
    return Record.objects.create(kind=kind, content=content(title, **fields), live=False, **rest)


def published(title: str = "A title", kind: str = "book", **rest: Any) -> Record:
    """A published record."""
    fields = rest.pop("fields", {})
    record = Record(kind=kind, content=content(title, **fields), **rest)
    publish.publish(record)
    return record


def person(name: str, *roles: Role, **values: Any) -> User:
    """A user with these roles, whom only a test lets in."""
    user = User.objects.create(username=name, **values)
    user.groups.add(*(group_of(role) for role in roles))
    return user
