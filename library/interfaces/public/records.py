"""Public pages of records: the list with its facets, one record, collections, peoples."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from access.domain.gate import may_see, visible
from access.domain.viewer import Viewer, anonymous, viewer_of
from dictionary.domain import naming
from dictionary.interfaces.public.reader import reader
from languages import registry
from library.domain import ark as arks
from library.domain import browse, collections, shelves
from library.domain.citation import cite
from library.domain.metadata import dublin_core
from library.domain.presentation import items, record_view
from library.festivals.domain import gathering
from library.interfaces.linked_data import ON_PAGE, linked_data
from library.interfaces.public import citing
from library.interfaces.public.asked import asked as asked_for
from library.interfaces.public.files_of_record import files_view
from library.models import Collection, People, Place, Record, RecordTerm
from search.domain.guard import QueryError

_NAMES = ("kind", "collection", *browse.TERMS)
_PARTS = 200


@require_safe
def record_list(request: HttpRequest) -> HttpResponse:
    """`/records/?q=…&kind=…&people=…&language=…&place=…&decade=…&collection=…&after=…`."""
    return _list(request, "library/records.html", {}, {})


@require_safe
def record_page(request: HttpRequest, naan: str, name: str) -> HttpResponse:
    """`/records/ark:NAAN/NAME/`: everything that is said of it. An ARK written otherwise leads to the right address."""
    given = f"ark:{naan}/{name}"
    kept = arks.normalised(given)
    if kept is None or not arks.is_sound(kept):
        raise Http404
    if kept != given:
        return redirect(record_address(kept), permanent=True)
    found = visible(Record.objects.filter(ark=kept), viewer_of(request)).select_related("collection").first()
    if found is None:
        raise Http404
    shown = record_view(found, reader=reader())
    work = citing.described(found)
    open_to_all = may_see(found, anonymous())
    context = {
        "section": "records",
        "record": shown,
        "citation": cite(work, timezone.localdate()),
        "open_to_all": open_to_all,
        "linked_data": linked_data(found, work, anonymous(), limit=ON_PAGE) if open_to_all else None,
        "formats": citing.formats(found, viewer_of(request)),
        "files": files_view(found, viewer_of(request)),
        "festivals": gathering.of_record(found, viewer_of(request)),
        "read_url": reverse("record-read", args=[naan, name]),
        "ask_url": reverse("record-request", args=[naan, name]),
        "meta": dublin_core(shown) if open_to_all else (),
    }
    return render(request, "library/record.html", context)


@require_safe
def resolve(request: HttpRequest, naan: str, name: str) -> HttpResponse:
    """`/ark:NAAN/NAME`: on to the page of the record."""
    kept = arks.normalised(f"ark:{naan}/{name}")
    if kept is None or not visible(Record.objects.filter(ark=kept), viewer_of(request)).exists():
        raise Http404
    return redirect(record_address(kept))


@require_safe
def collection_list(request: HttpRequest) -> HttpResponse:
    """`/collections/`: the collections at the top, led by their covers."""
    found = shelves.shelves(viewer_of(request))
    return render(request, "library/collections.html", {"section": "records", "shelves": found})


@require_safe
def collection_page(request: HttpRequest, slug: str) -> HttpResponse:
    """`/collections/SLUG/`: what it is, what lies in it, and its records."""
    viewer = viewer_of(request)
    collection = get_object_or_404(visible(Collection.objects.all(), viewer), slug=slug)
    context = {
        "collection": collection,
        "path": shelves.path(collection, viewer),
        "shelves": shelves.shelves(viewer, collection),
        "cover": shelves.covers_of([collection], collections.tree(Collection), viewer).get(collection.pk),
    }
    return _list(request, "library/collection.html", {"collection": slug}, context)


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """`/peoples/`: the official list, with the number of records from or about each."""
    seen = visible(Record.objects.all(), viewer_of(request)).order_by().values("pk")
    terms = RecordTerm.objects.filter(name="people", record__in=seen).values_list("value")
    numbers = dict(terms.annotate(n=Count("pk")))
    peoples = [(one, numbers.get(one.number, 0)) for one in People.objects.all()]
    return render(request, "library/peoples.html", {"section": "records", "peoples": peoples})


@require_safe
def people_page(request: HttpRequest, slug: str) -> HttpResponse:
    """`/peoples/SLUG/`: names, languages, the festivals that come next, records."""
    people = get_object_or_404(People, slug=slug)
    held = gathering.of_people(people, viewer_of(request))
    speaks = reader()
    spoken = [
        (profile.code, naming.language_name(profile.code, speaks))
        for profile in registry().profiles.values()
        if any(one.number == people.number for one in profile.peoples)
    ]
    context = {"people": people, "languages": spoken, "festivals": held}
    return _list(request, "library/people.html", {"people": people.number}, context)


@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    """`/places/`: the places of which there is anything to see."""
    context = {"section": "records", "places": gathering.places(viewer_of(request))}
    return render(request, "library/places.html", context)


@require_safe
def place_page(request: HttpRequest, slug: str) -> HttpResponse:
    """`/places/SLUG/`: what it belongs to and became part of, its festivals, its records."""
    place: Place = get_object_or_404(Place.objects.select_related("parent"), slug=slug)
    context = {
        "place": place,
        "successors": list(place.successors.all()),
        "predecessors": list(place.predecessors.all()),
        "parts": list(place.parts.all()[:_PARTS]),
        "festivals": gathering.of_place(place, viewer_of(request)),
    }
    return _list(request, "library/place.html", {"place": str(place.pk)}, context)


def record_address(ark: str) -> str:
    """The path of the page of a record."""
    naan, _slash, name = ark.removeprefix("ark:").partition("/")
    return reverse("record", args=[naan, name])


def _list(
    request: HttpRequest, template: str, fixed: Mapping[str, str], context: Mapping[str, object]
) -> HttpResponse:
    viewer, speaks = viewer_of(request), reader()
    asked = {name: value for name in _NAMES if name not in fixed and (value := asked_for(request, name))}
    labels = {name: label_of(name, value, viewer, speaks) for name, value in asked.items()}
    # What is not there, or not for this viewer, narrows to nothing and is not named.
    unknown = [name for name, label in labels.items() if label is None]
    chosen = {**asked, **fixed}
    query = request.GET.get("q", "").strip()
    after = request.GET.get("after", "")
    status, problem = 200, ""
    page = browse.Page((), 0, {}, chosen=chosen)
    if not unknown:
        try:
            if query:
                page = browse.search(query, viewer, chosen, reader=speaks, after=after)
            else:
                page = browse.page(viewer, chosen, reader=speaks, after=after)
        except QueryError as error:
            status, problem = 400, str(error)
    kept = {"q": query} if query else {}
    return render(
        request,
        template,
        {
            "section": "records",
            **context,
            "query": query,
            "page": page,
            "items": items(page.records, speaks),
            "problem": problem,
            "chosen": [
                (heading(name), label or asked[name], without(asked, name, kept))
                for name, label in labels.items()
            ],
            "facets": [
                (
                    heading(name),
                    [(each, f"?{urlencode({**kept, **asked, name: each.value})}") for each in choices],
                )
                for name, choices in page.facets.items()
                if name not in fixed
            ],
            "hidden": asked,
            "further": f"?{urlencode({**kept, **asked, 'after': page.after})}" if page.after else "",
        },
        status=status,
    )


def without(asked: Mapping[str, str], name: str, kept: Mapping[str, str]) -> str:
    """The address of the same list without one of the choices."""
    rest = {**kept, **{key: value for key, value in asked.items() if key != name}}
    return f"?{urlencode(rest)}"


def label_of(name: str, value: str, viewer: Viewer, speaks: str) -> str | None:
    """What a chosen value is called; None if it is not there, or not for this viewer."""
    return browse.labels(name, [value], viewer, speaks).get(value)


def heading(name: str) -> str:
    """What a facet is called."""
    return {
        "kind": _("Kind"), "people": _("People"), "language": _("Language"), "place": _("Place"),
        "decade": _("Date"), "collection": _("Collection"), "concept": _("Subject"), "agent": _("By or with"),
    }[name]  # fmt: skip
