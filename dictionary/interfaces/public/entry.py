"""The page of an entry."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.domain.gate import visible
from access.domain.viewer import Viewer, viewer_of
from dictionary.domain import browse
from dictionary.domain.citation import cite
from dictionary.domain.derived import orthography
from dictionary.domain.presentation import EntryView, entry_view, slug
from dictionary.interfaces.public.reader import reader
from dictionary.models import Entry
from dictionary.templatetags.words import licence_url


@require_safe
def entry_page(request: HttpRequest, uuid: UUID, slug: str) -> HttpResponse:
    """`/entries/UUID/HEADWORD`; another last part leads to the right one."""
    viewer, speaks = viewer_of(request), reader()
    entry = find(uuid, viewer)
    shown = entry_view(entry, reader=speaks, viewer=viewer)
    if slug != shown.slug:
        return redirect("entry", uuid=uuid, slug=shown.slug, permanent=True)
    main = orthography(entry.lexicon.orthography)
    before, after = browse.neighbours(entry, viewer=viewer, reader=speaks)
    url = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + request.path
    context = {
        "section": "",
        "entry": shown,
        "letter": main.first_letter(entry.headword),
        "alphabet": main.tag,
        "before": before,
        "after": after,
        "citation": cite(shown, url, timezone.localdate()),
        "linked_data": linked_data(shown, url),
        "open_to_all": entry.protocol_id is None and entry.lexicon.protocol_id is None,
    }
    return render(request, "dictionary/entry.html", context)


@require_safe
def short_address(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """`/entries/UUID/`: on to the address with the headword, for who may see it."""
    entry = find(uuid, viewer_of(request))
    return redirect("entry", uuid=uuid, slug=slug(entry.headword))


def find(uuid: UUID, viewer: Viewer) -> Entry:
    """The entry with its lexicon, if the viewer may see it; Http404 otherwise, the same for missing and closed ones."""
    found = (
        visible(Entry.objects.filter(uuid=uuid), viewer).select_related("lexicon").defer("fragment").first()
    )
    if found is None:
        raise Http404
    return found


def linked_data(entry: EntryView, url: str) -> dict[str, object]:
    """The entry as a schema.org DefinedTerm."""
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    terms: dict[str, object] = {
        "@type": "DefinedTermSet",
        "name": entry.lexicon.title,
        "url": base + reverse("lexicon", args=[entry.lexicon.slug]),
    }
    licence = licence_url(entry.lexicon.licence)
    if licence:
        terms["license"] = licence
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "url": url,
        "name": {"@value": entry.headword.text, "@language": entry.headword.lang},
        "inDefinedTermSet": terms,
    }
    if entry.summary:
        data["description"] = entry.summary
    others = [{"@value": word.text, "@language": word.lang} for word in (*entry.words, *entry.derived)]
    if others:
        data["alternateName"] = others
    return data
