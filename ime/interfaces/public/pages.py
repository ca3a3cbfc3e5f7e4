"""Pages of keyboards: all languages, one keyboard, its card for the printer, the typing pad."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import condition, require_safe

from ime.compiling import compiled
from ime.domain import card, presentation, shelf
from ime.domain.letters import combinations, letters
from ime.domain.practice import practice
from ime.drawing import physical
from ime.errors import KeyboardError
from ime.interfaces.public.data import entries
from ime.interfaces.public.reader import reader
from ime.model import Keyboard
from languages import LanguageError, registry


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/keyboards/`: the languages that have keyboards."""
    context = {"section": "keyboards", "languages": presentation.language_rows(reader())}
    return render(request, "ime/index.html", context)


@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """`/keyboards/CODE/`: the default keyboard of a language, with the way to its others."""
    found = _of_language(code)
    if found[0].language != code:
        return redirect("keyboard-language", code=found[0].language, permanent=True)
    return _page(request, found[0], found)


@require_safe
def keyboard(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """`/keyboards/CODE/KEYBOARD/`: one keyboard."""
    return _page(request, _keyboard(code, name), _of_language(code))


def _etag(request: HttpRequest, code: str, name: str) -> str | None:
    found = shelf.keyboard(name)
    return f'"{card.VERSION}-{found.hash}-{reader()}"' if found else None


@require_safe
@condition(etag_func=_etag)
def card_file(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """`/keyboards/CODE/KEYBOARD/card.pdf`: the layout on one sheet of paper."""
    found = _keyboard(code, name)
    address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("keyboard", args=[code, name])
    response = HttpResponse(card.card(found, reader(), address), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.id}-{reader()}.pdf"'
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def typing_pad(request: HttpRequest) -> HttpResponse:
    """`/keyboards/typing-pad/`: a large field to type in, for who may install nothing."""
    listed = entries(reader())
    wanted = request.GET.get("keyboard", "")
    chosen = next((each["id"] for each in listed if each["id"] == wanted), "")
    context = {"section": "keyboards", "keyboards": listed, "chosen": chosen}
    return render(request, "ime/typing_pad.html", context)


def _page(request: HttpRequest, found: Keyboard, others: tuple[Keyboard, ...]) -> HttpResponse:
    speaks = reader()
    try:
        compiled(found)
    except KeyboardError as error:  # of a profile of the site's own; the doctor names it, too
        raise Http404 from error
    orthography = registry().orthography(found.orthography)
    form: physical.Form = physical.own_form(found)
    asked = request.GET.get("form", "")
    if asked in ("ansi", "iso"):
        form = "iso" if asked == "iso" else "ansi"
    name = shelf.name(found, speaks)
    language = presentation.language_name(found.language, speaks)
    platforms, beside, proofs = presentation.offers(found)
    now = [offer.package for platform in platforms for offer in platform.offers]
    context = {
        "section": "keyboards",
        "keyboard": found,
        "name": name,
        "language": language,
        "writing": shelf.writing(found, speaks),
        "orthography": orthography,
        "others": [(each, shelf.name(each, speaks), shelf.writing(each, speaks)) for each in others],
        "several_writings": len({each.orthography for each in others}) > 1,
        "why": found.why.get(speaks) or found.why.get("en", ""),
        "form": form,
        "practice": practice(found),
        "layers": presentation.physical_layers(found, form, f"{language}: {name}"),
        "touch": presentation.touch_layers(found, f"{language}: {name}"),
        "long_presses": presentation.long_presses(found),
        "letters": letters(found),
        "combinations": combinations(found),
        "platforms": platforms,
        "beside": beside,
        "former": presentation.former(found, [*now, *(offer.package for offer in beside)]),
        "proofs": proofs,
        "fonts": presentation.font_families(found),
    }
    return render(request, "ime/keyboard.html", context)


def _of_language(code: str) -> tuple[Keyboard, ...]:
    try:
        found = shelf.of_language(registry().profile(code).code)
    except LanguageError as error:
        raise Http404 from error
    if not found:
        raise Http404
    return found


def _keyboard(code: str, name: str) -> Keyboard:
    found = shelf.keyboard(name)
    if found is None or found.language != code:
        raise Http404
    return found
