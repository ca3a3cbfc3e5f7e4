"""The demo house: the starter lexicons, and a login for each role to look at the site with everybody's eyes."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from access.domain.roles import ADMINISTRATOR, ROLES, Role, group_of
from access.models import User
from dictionary.models import Lexicon
from library.demo import making as collection
from library.festivals.domain import demo as festivals
from library.pages.domain import demo as pages

LOGINS_FILE = "demo_logins.json"


class NotLocal(Exception):
    """Demo logins are for one's own machine; this site runs in production mode."""


@dataclass(frozen=True)
class Login:
    """A demo user: the name (which is the role's), and the password, known to this machine alone."""

    name: str
    password: str


def logins() -> tuple[Login, ...]:
    """The demo logins, made when missing; a password is chosen at random once and kept in the data folder.

    A user of that name who is there already keeps password and groups. Raises NotLocal in production mode.
    """
    if not settings.LOCAL:
        raise NotLocal("Demo logins are made in local mode only.")
    path = settings.DATA_DIR / LOGINS_FILE
    passwords: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [role.key for role in ROLES if role.key not in passwords]
    if missing:
        passwords |= {key: secrets.token_hex(5) for key in missing}
        path.touch(mode=0o600)
        path.write_text(json.dumps(passwords, indent=1))
    with transaction.atomic():
        for role in ROLES:
            _user(role, passwords[role.key])
    return tuple(Login(role.key, passwords[role.key]) for role in ROLES)


def lexicons() -> tuple[dict[str, Any], ...]:
    """What dictionary/starter/starter.toml says of each starter lexicon."""
    return tuple(collection.starter())


def load_lexicons(say: Callable[[str], None]) -> None:
    """Bring the starter lexicons in by the same import that everybody uses; again is no harm (nothing changes)."""
    for lexicon in lexicons():
        say(f"{lexicon['slug']}: {lexicon['title']['en']}")
        Lexicon.objects.get_or_create(slug=lexicon["slug"], defaults=_fields(lexicon))
        # Rows that somebody edited since are left as they are; the command ends the process with 1 then.
        with suppress(SystemExit):
            call_command(
                "import_lexicon", str(collection.STARTER / lexicon["file"]), format="csv", lexicon=lexicon["slug"],
                language=lexicon["language"], orthography=lexicon["orthography"], verbosity=0,
            )  # fmt: skip


def load_festivals(say: Callable[[str], None]) -> None:
    """Bring the festivals of the demo house in, with what is made of them; those that are there stay as they are."""
    collection.welcome(festivals.load(say))


def load_pages(say: Callable[[str], None]) -> None:
    """Bring the editorial pages of the demo house in, last: they name words and festivals."""
    pages.load(say)


def request_collection() -> bool:
    """Have the workers make what the demonstration collection lacks; says whether there was anything to do."""
    return collection.request()


def state() -> str:
    """A hash of the files that the demo house is made of."""
    digest = hashlib.sha256()
    for path in [*sorted(collection.STARTER.iterdir()), festivals.FILE, pages.FILE]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _fields(lexicon: dict[str, Any]) -> dict[str, Any]:
    copied = ("language", "orthography", "licence", "authors", "citation", "source_url", "year")
    return {
        "title": lexicon["title"]["vi"],
        "description": lexicon["description"]["vi"],
        "gloss_languages": ["vi", "en"],
        "under_review": True,
        **{name: lexicon[name] for name in copied},
    }


def _user(role: Role, password: str) -> None:
    user, created = User.objects.get_or_create(
        username=role.key,
        defaults={"email": f"{role.key}@demo.invalid", "is_superuser": role == ADMINISTRATOR},
    )
    if created:
        user.set_password(password)
        user.save(update_fields=["password"])
        user.groups.add(group_of(role))
