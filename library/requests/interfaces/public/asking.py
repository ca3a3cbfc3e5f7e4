"""Asking to take material away, to protect somebody in it, or to put it right: the form, and what became of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from access.domain.gate import may_see, visible
from access.domain.viewer import Viewer, viewer_of
from access.interfaces.letters import LONGEST, LetterForm
from library.domain import ark as arks
from library.domain.files import seen
from library.domain.leaves import leaves
from library.festivals.interfaces.public.views import find
from library.interfaces.public.playing import clock, seconds
from library.interfaces.public.records import record_address
from library.models import Record, RecordFile
from library.requests.domain import acts, material
from library.requests.models import Act, Request


class RequestForm(LetterForm[Request]):
    """What is asked, in their words, and who asks if they like."""

    said = "text"

    class Meta:
        model = Request
        fields = ("kind", "text", "contact")
        labels = {
            "kind": _("What do you ask for?"),
            "text": _("What is it about, and why? In your own words, in any language"),
            "contact": _("Your name and how we reach you, if you like (never published)"),
        }
        help_texts = {
            "contact": _(
                "Without it you can still follow your request by a private link. It is deleted some time after "
                "the decision."
            ),
        }
        widgets = {
            "kind": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST}),
            "contact": forms.TextInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = Request.Kind.choices


@require_http_methods(["GET", "HEAD", "POST"])
def about_record(request: HttpRequest, naan: str, name: str) -> HttpResponse:
    """`/records/ark:NAAN/NAME/request/?page=…` or `?file=UUID&t=…`: about a record, a page or a file of it.

    Http404 alike for what is not there and what is closed to the viewer.
    """
    given = f"ark:{naan}/{name}"
    kept = arks.normalised(given)
    viewer = viewer_of(request)
    record = visible(Record.objects.filter(ark=kept or ""), viewer).select_related("collection").first()
    if record is None:
        raise Http404
    if kept != given:
        naan, _slash, name = record.ark.removeprefix("ark:").partition("/")
        return redirect(reverse("record-request", args=[naan, name]), permanent=True)
    thing, locator, back = _part(request, record, viewer)
    return _ask(request, thing, record.title, locator, back)


@require_http_methods(["GET", "HEAD", "POST"])
def about_festival(request: HttpRequest, slug: str) -> HttpResponse:
    """`/festivals/NAME/request/`."""
    festival = find(slug, viewer_of(request))
    return _ask(request, festival, festival.name, "", reverse("festival", args=[slug]))


def _part(
    request: HttpRequest, record: Record, viewer: Viewer
) -> tuple[Record | RecordFile, str, str]:  # what, where in it, the address that it is seen at
    page, file = request.GET.get("page", ""), request.GET.get("file", "")
    naan, _slash, name = record.ark.removeprefix("ark:").partition("/")
    if page.isascii() and page.isdigit():
        leaf = next((leaf for leaf in leaves(record, viewer) if leaf.number == int(page[:9])), None)
        if leaf is None:
            raise Http404
        back = reverse("record-read", args=[naan, name])
        return leaf.file, f"page={leaf.number}", f"{back}?{urlencode({'page': leaf.number})}"
    if file:
        found = seen(viewer).filter(record=record, uuid=_uuid(file)).first()
        if found is None:
            raise Http404
        moment = seconds(request.GET.get("t", ""))
        return found, f"t={moment:g}" if moment else "", record_address(record.ark)
    return record, "", record_address(record.ark)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _ask(request: HttpRequest, thing: material.Material, title: str, locator: str, back: str) -> HttpResponse:
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.is_from_a_robot:
            messages.success(request, _("Thank you. Your request was kept; somebody will look at it."))
            return redirect(back)
        asked = form.instance
        asked.about, asked.target = material.name_of(thing)
        asked.title, asked.locator = title[:500], locator
        asked.language = get_language() or ""
        return redirect("request-state", word=acts.receive(asked))
    context = {
        "section": "records",
        "form": form,
        "title": title,
        "part": thing if isinstance(thing, RecordFile) else None,
        "place": place(locator),
        "back": back,
    }
    return render(request, "requests/ask.html", context, status=400 if form.errors else 200)


def place(locator: str) -> tuple[str, str]:
    """A place in the material as people say it: ("page", "12"), ("t", "3:15")."""
    name, _sign, value = locator.partition("=")
    return name, clock(float(value)) if name == "t" else value


@never_cache
@require_safe
def state(request: HttpRequest, word: str) -> HttpResponse:
    """`/requests/WORD/`: what became of a request, for who holds its private link."""
    found = acts.of_link(word)
    if found is None:
        raise Http404
    thing = material.current(found.about, found.target)
    context = {
        "section": "records",
        "asked": found,
        "kind": found.get_kind_display(),
        "title": found.title if thing is not None and may_see(thing, viewer_of(request)) else "",
        "place": place(found.locator),
        "answers": found.acts.filter(kind__in=Act.SHOWN),
        "link": request.build_absolute_uri(request.path),
    }
    return render(request, "requests/state.html", context)
