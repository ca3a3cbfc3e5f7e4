"""Entries that may be the same: finding them, looking at two side by side, making one of them."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from dictionary.domain import duplicates, merge
from dictionary.domain.content import Content
from dictionary.domain.diff import diff
from dictionary.interfaces.admin.comparison import differences_html
from dictionary.models import Entry, Lexicon

_REFUSED = {
    "same": gettext_lazy("An entry cannot be merged with itself."),
    "other-lexicon": gettext_lazy("The entries are in different lexicons."),
    "busy": gettext_lazy(
        "One of the entries is locked, has an open draft or is not published. Finish that first, then merge."
    ),
}


@require_GET
def candidates(request: HttpRequest) -> HttpResponse:
    """The groups of entries of a lexicon whose headwords look alike."""
    _require_reviewer(request)
    lexicons = visible(Lexicon.objects.order_by("title"), viewer_of(request))
    chosen = request.GET.get("lexicon", "")
    lexicon = lexicons.filter(pk=chosen).first() if chosen.isdigit() else lexicons.first()
    groups: list[list[Entry]] = []
    if lexicon is not None:
        found = duplicates.candidates(lexicon)
        wanted = [pk for group in found for pk in group]
        entries = visible(Entry.objects.filter(pk__in=wanted), viewer_of(request)).defer("content").in_bulk()
        seen = [[entries[pk] for pk in group if pk in entries] for group in found]
        groups = [group for group in seen if len(group) > 1]
    context = {
        "lexicons": lexicons,
        "lexicon": lexicon,
        "groups": groups,
        "page_title": _("Possible duplicates"),
        "header_icon": "copy",
    }
    return TemplateResponse(request, "dictionary/admin/duplicates.html", context)


@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest) -> HttpResponse:
    """Two entries side by side; sent with a winner, they are merged."""
    _require_reviewer(request)
    one, other = _pair(request)
    back = reverse("dictionary_admin:duplicates") + f"?lexicon={one.lexicon_id}"
    if request.method == "POST":
        winner, loser = (other, one) if request.POST.get("winner") == str(other.pk) else (one, other)
        return _merge(request, winner, loser, back)
    context = {
        "sides": [_side(one, other), _side(other, one)],
        "back": back,
        "page_title": _("Merge two entries"),
        "header_icon": "copy",
    }
    return TemplateResponse(request, "dictionary/admin/merge.html", context)


def _merge(request: HttpRequest, winner: Entry, loser: Entry, back: str) -> HttpResponse:
    try:
        done = duplicates.merge_entries(winner, loser, request.user)  # type: ignore[arg-type]
    except duplicates.MergeRefusedError as error:
        messages.error(request, str(_REFUSED[error.code]))
        return redirect(back)
    said = ngettext(
        "Merged into “%(winner)s”. %(number)s relation was pointed at it.",
        "Merged into “%(winner)s”. %(number)s relations were pointed at it.",
        done.repointed,
    ) % {"winner": done.winner, "number": done.repointed}
    messages.success(request, said)
    if done.left:
        names = ", ".join(map(str, done.left))
        messages.warning(
            request,
            _("Somebody is at work on these; point their relations by hand: %(names)s") % {"names": names},
        )
    return redirect(done.winner.snippet_viewset.get_url_name("edit"), quote(done.winner.pk))


def _side(entry: Entry, other: Entry) -> dict[str, Any]:
    """An entry, and what it would gain from the other if it won."""
    united: Content = merge.merge(entry.content, other.content)
    return {
        "entry": entry,
        "other": other,
        "gains": differences_html(diff(entry.content, united)),
        "edit_url": reverse(entry.snippet_viewset.get_url_name("edit"), args=[quote(entry.pk)]),
    }


def _pair(request: HttpRequest) -> tuple[Entry, Entry]:
    pks = [pk for pk in request.GET.getlist("entry") if pk.isdigit()]
    found = visible(Entry.objects.filter(pk__in=pks).select_related("lexicon"), viewer_of(request)).in_bulk()
    chosen = [found[int(pk)] for pk in dict.fromkeys(pks) if int(pk) in found]
    if len(chosen) != 2:
        raise Http404
    return chosen[0], chosen[1]


def _require_reviewer(request: HttpRequest) -> None:
    if not request.user.has_perm("dictionary.publish_entry"):
        raise PermissionDenied
