"""The first page: look a word up. Without a query it shows where one can begin."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.domain.viewer import Viewer, viewer_of
from dictionary.domain import browse, naming
from dictionary.domain.derived import orthography
from dictionary.domain.lookup import Lookup, look_up
from dictionary.interfaces.public.reader import lexicons, reader
from dictionary.models import Lexicon
from search.domain.guard import QueryError

_LIMIT = 20
_WALL = 16
_WALL_SECONDS = 600


@dataclass(frozen=True)
class Choice:
    """A language that has words here."""

    code: str
    name: str


@require_safe
def lookup_page(request: HttpRequest) -> HttpResponse:
    """`/?q=…&language=…&cursor=…`: results; without a query examples and all languages."""
    query = request.GET.get("q", "").strip()
    if not query:
        return render(request, "dictionary/home.html", first_page(request))
    viewer, speaks = viewer_of(request), reader()
    shown = list(lexicons(viewer))
    choices = languages(shown, speaks)
    wanted = request.GET.get("language", "")
    chosen = next((choice for choice in choices if choice.code == wanted), None)
    context: dict[str, object] = {"section": "lookup", "query": query, "languages": choices, "chosen": chosen}
    answer: Lookup | None = None
    try:
        answer = look_up(
            query,
            viewer=viewer,
            reader=speaks,
            language=chosen.code if chosen else "",
            limit=_LIMIT,
            cursor=request.GET.get("cursor", ""),
        )
    except QueryError as error:
        context["problem"] = str(error)
    context["answer"] = answer
    context["groups"] = answer.groups(speaks) if answer else ()
    context["differing"] = answer.groups(speaks, contradicting=True) if answer else ()
    return render(request, "dictionary/results.html", context, status=200 if answer else 400)


def first_page(request: HttpRequest) -> dict[str, object]:
    """What a page shows that begins with the look-up: the languages, and words to begin with."""
    viewer, speaks = viewer_of(request), reader()
    shown = list(lexicons(viewer))
    return {
        "section": "lookup",
        "query": "",
        "languages": languages(shown, speaks),
        "examples": _examples(shown, viewer, speaks),
    }


def languages(shown: list[Lexicon], speaks: str) -> list[Choice]:
    """The languages of some lexicons, each once, by name."""
    codes = {orthography(lexicon.orthography).language for lexicon in shown}
    choices = [Choice(code, naming.language_name(code, speaks)) for code in codes]
    sort_key = orthography(speaks).sort_key
    return sorted(choices, key=lambda choice: sort_key(choice.name))


def _examples(shown: list[Lexicon], viewer: Viewer, speaks: str) -> tuple[browse.Item, ...]:
    """Words to try, a few of each of the first lexicons; which, is kept for some minutes, for each kind of viewer."""
    if not shown:
        return ()
    today = timezone.localdate()
    audience = f"{sorted(viewer.allowed)} {viewer.sees_embargoed} {[lexicon.pk for lexicon in shown]}"
    key = f"examples:{today}:{hashlib.sha256(audience.encode()).hexdigest()[:32]}"
    kept: list[int] | None = cache.get(key)
    if kept is None:
        first = {orthography(lexicon.orthography).language: lexicon for lexicon in reversed(shown)}
        some = list(first.values())[:_WALL]
        each = max(_WALL // len(some), 1)
        kept = browse.examples(some, viewer=viewer, each=each, day=today.toordinal())
        cache.set(key, kept, _WALL_SECONDS)
    return browse.items(kept, viewer=viewer, reader=speaks)
