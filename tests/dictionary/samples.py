"""Lexicons and entries for tests, spelled with letters of the profiles: no language is named, no word invented."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from access.domain.roles import Role, group_of
from access.models import User
from dictionary.domain import publish
from dictionary.domain.content import Content, Sense, entry, form, sense
from dictionary.models import Entry, Lexicon
from languages import Orthography, registry

GLOSSES = [code for code, _name in settings.LANGUAGES]


def writing() -> Orthography:
    """An orthography with a profile from which another script is derived."""
    return next(each for each in registry().orthographies if each.transliterations and len(each.alphabet) > 5)


def word(number: int = 0, length: int = 2) -> str:
    """Letters of that orthography, other ones for each number."""
    letters = writing().alphabet
    return "".join(letters[(number + step * 3) % len(letters)] for step in range(length))


def lexicon(slug: str = "sample", **values: Any) -> Lexicon:
    """A lexicon of the language of `writing`."""
    spelled = writing()
    given = {
        "title": slug.title(), "language": spelled.language, "orthography": spelled.tag, "gloss_languages": GLOSSES,
    }  # fmt: skip
    return Lexicon.objects.create(slug=slug, **{**given, **values})


def gloss_sense(text: str, **rest: Any) -> Sense:
    """A sense with a gloss in the first gloss language."""
    return sense([form(GLOSSES[0], text)], **rest)


def content(number: int = 0, *glosses: str, **rest: Any) -> Content:
    """Content of an entry: a word and senses with these glosses."""
    senses = [gloss_sense(text) for text in glosses or (f"meaning {number}",)]
    return entry([form(writing().tag, word(number))], senses, **rest)


def published(within: Lexicon, number: int = 0, *glosses: str, **rest: Any) -> Entry:
    """A published entry."""
    made = Entry(lexicon=within, content=content(number, *glosses, **rest))
    publish.publish(made)
    return made


def person(name: str, *roles: Role, **values: Any) -> User:
    """A user with these roles, whom only a test lets in."""
    user = User.objects.create(username=name, **values)
    user.groups.add(*(group_of(role) for role in roles))
    return user
