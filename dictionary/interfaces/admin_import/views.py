"""Exports for who edits."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from access.domain.viewer import viewer_of
from dictionary.domain.exporting import KINDS, export, suffix_of
from dictionary.interfaces.admin_import.uploads import lexicons_of


@require_safe
@permission_required("dictionary.view_lexicon", raise_exception=True)
def exports(request: HttpRequest) -> HttpResponse:
    """Every lexicon with the formats it can be had in."""
    context = {"lexicons": lexicons_of(request), "formats": sorted(KINDS)}
    return render(request, "dictionary/admin_import/exports.html", context)


@require_safe
@permission_required("dictionary.view_lexicon", raise_exception=True)
def download(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """A lexicon as a file, with what the person may see; drafts too for who edits entries."""
    if kind not in KINDS:
        raise Http404
    lexicon = get_object_or_404(lexicons_of(request), slug=slug)
    viewer = viewer_of(request)
    drafts = request.user.has_perm("dictionary.change_entry")
    suffix = suffix_of(lexicon, kind, viewer)
    with TemporaryDirectory(prefix="nhasan-") as folder:
        path = Path(folder) / f"export{suffix}"
        export(lexicon, kind, path, viewer, drafts=drafts)
        # The file stays readable after its folder is gone, until the answer is sent.
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{lexicon.slug}{suffix}")
