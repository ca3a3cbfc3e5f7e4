"""The card of a word: a small page of its own, or a piece of one that a script shows beside the word."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from access.domain.viewer import viewer_of
from dictionary.domain.card import Card, card
from dictionary.domain.documents import language_code
from dictionary.interfaces.public.reader import reader
from search.domain.guard import QueryError

_MOST_LANGUAGES = 10
_LONGEST_TAG = 60


@require_safe
def word_card(request: HttpRequest) -> HttpResponse:
    """`/words/card/?text=…&language=…&language=…`; `fragment=1` gives the card without the page around it.

    400 with the reason for what is no word; a word that is not there is no mistake.
    """
    text = request.GET.get("text", "").strip()
    languages = [tag for tag in request.GET.getlist("language") if 0 < len(tag) <= _LONGEST_TAG][
        :_MOST_LANGUAGES
    ]
    found: Card | None = None
    problem = ""
    try:
        found = card(text, viewer=viewer_of(request), reader=reader(), languages=languages)
    except QueryError as error:
        problem = str(error)
    only = language_code(languages[0]) if len(languages) == 1 else ""
    context = {"section": "lookup", "text": text, "card": found, "problem": problem, "language": only}
    template = "dictionary/_card.html" if request.GET.get("fragment") else "dictionary/card.html"
    return render(request, template, context, status=200 if found else 400)
