"""What is done about requests. Every act is kept: what, by whom, when, why; a lock keeps two people from each other."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from access.models import User
from library.models import RecordFile
from library.requests.domain import material
from library.requests.domain.due import due
from library.requests.models import Act, Request

CLOSED = "requests.close"
OPENED = "requests.reopen"


class NotNowError(Exception):
    """The act does not fit the state that the request is in by now; nothing was changed."""


def receive(request: Request) -> str:
    """Keep a new request, with the day it is due; gives the word of its private link, which is kept nowhere."""
    word = secrets.token_urlsafe(24)
    request.digest = _digest(word)
    request.due = due(request.kind, timezone.localdate(request.created_at))
    request.save()
    return word


def of_link(word: str) -> Request | None:
    """The request of a private link."""
    return Request.objects.filter(digest=_digest(word)).first()


def give(request: Request, user: User, to: User | None) -> None:
    """Give an open request to somebody (None: to nobody) and take it into work."""
    with transaction.atomic():
        found = _open(request)
        found.assignee = to
        found.state = Request.State.WORK
        found.save(update_fields=["assignee", "state"])
        kind = Act.Kind.TAKEN if to == user else Act.Kind.GIVEN
        _note(found, user, kind, "" if to in (None, user) else str(to))


def say(request: Request, user: User, text: str, *, shown: bool) -> None:
    """Answer whoever asked, or (`shown` false) note something for colleagues."""
    with transaction.atomic():
        _note(request, user, Act.Kind.ANSWERED if shown else Act.Kind.NOTED, text)
        if shown:
            fresh = Request.objects.filter(pk=request.pk, state=Request.State.NEW)
            fresh.update(state=Request.State.WORK, assignee=user)


def decide(request: Request, user: User, state: str, text: str) -> None:
    """Close the request as done or refused, with the reason that whoever asked reads. What is closed stays so."""
    with transaction.atomic():
        found = _open(request)
        found.state = state
        found.closed_at = timezone.now()
        found.assignee = found.assignee or user
        found.save(update_fields=["state", "closed_at", "assignee"])
        _note(found, user, Act.Kind(state), text)


def resume(request: Request, user: User) -> None:
    """Take up again what was decided."""
    with transaction.atomic():
        found = Request.objects.select_for_update().get(pk=request.pk)
        if found.is_open:
            raise NotNowError
        found.state, found.closed_at, found.assignee = Request.State.WORK, None, user
        found.save(update_fields=["state", "closed_at", "assignee"])
        _note(found, user, Act.Kind.RESUMED, "")


def close(request: Request, user: User, thing: material.Material, reason: str) -> None:
    """Close a thing to readers at once, until somebody opens it again."""
    with transaction.atomic():
        if material.close(request, material.name_of(thing)):
            _note(request, user, Act.Kind.CLOSED, f"{_of_whole(thing)}: {reason}")
            _tell_history(CLOSED, request, user, thing, reason)


def reopen(request: Request, user: User, thing: material.Material, reason: str) -> bool:
    """Let go of a thing; says whether no other request keeps it closed."""
    with transaction.atomic():
        free = material.reopen(request, material.name_of(thing))
        _note(request, user, Act.Kind.OPENED, f"{_of_whole(thing)}: {reason}")
        _tell_history(OPENED, request, user, thing, reason)
    return free


def _of_whole(thing: material.Material) -> str:
    return f"{thing.record} / {thing}" if isinstance(thing, RecordFile) else str(thing)


def _tell_history(action: str, request: Request, user: User, thing: material.Material, reason: str) -> None:
    whole = thing.record if isinstance(thing, RecordFile) else thing
    log(whole, action, user=user, data={"request": request.number, "reason": reason})


def _open(request: Request) -> Request:
    found = Request.objects.select_for_update().get(pk=request.pk)
    if not found.is_open:
        raise NotNowError
    return found


def _note(request: Request, user: User, kind: str, text: str) -> None:
    name = user.get_full_name() or user.get_username()
    Act.objects.create(request=request, kind=kind, text=text, user=user, user_name=name)


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
