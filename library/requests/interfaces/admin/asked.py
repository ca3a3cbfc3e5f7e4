"""What a person asks for on the page of a request, done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from access.interfaces.letters import LONGEST
from access.models import User
from library.requests.domain import acts, material, queue
from library.requests.models import Request

_WITHOUT_WORDS = ("take", "give", "resume")


def act(item: queue.Item, closable: Sequence[material.Material], user: User, asked: Mapping[str, str]) -> str:
    """Do what `asked["act"]` names, with the words of `asked["text"]`; says what is wrong, or nothing."""
    name, text = asked.get("act", ""), asked.get("text", "").strip()
    if name not in _WITHOUT_WORDS and not text:
        return _("Say in a few words what is answered or why; nothing was changed.")
    if len(text) > LONGEST:
        return _("Please keep it under 5,000 characters.")
    try:
        return _done(item, closable, user, asked, name, text)
    except acts.NotNowError:
        return _("Somebody has decided about this request meanwhile; nothing was changed.")
    except LookupError:
        return _("It has been deleted meanwhile; nothing was changed.")


def _done(
    item: queue.Item,
    closable: Sequence[material.Material],
    user: User,
    asked: Mapping[str, str],
    name: str,
    text: str,
) -> str:
    request = item.request
    things = {material.name_of(thing)[0]: thing for thing in closable}
    if name == "take":
        acts.give(request, user, user)
    elif name == "give":
        to = {str(each.pk): each for each in queue.colleagues(item)}.get(asked.get("to", ""))
        if to is None:
            return _("Choose somebody who handles this request.")
        acts.give(request, user, to)
    elif name in {"answer", "note"}:
        acts.say(request, user, text, shown=name == "answer")
    elif name in {Request.State.DONE, Request.State.REFUSED}:
        acts.decide(request, user, name, text)
    elif name == "resume":
        acts.resume(request, user)
    elif name == "close" and asked.get("what", "") in things:
        acts.close(request, user, things[asked["what"]], text)
    elif name == "open" and asked.get("what", "") in things:
        if not acts.reopen(request, user, things[asked["what"]], text):
            return _("This request lets go of it, but another one still keeps it closed.")
    else:
        return _("It has been deleted meanwhile; nothing was changed.")
    return ""
