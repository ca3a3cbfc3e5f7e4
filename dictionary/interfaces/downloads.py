"""The published entries of a lexicon as a file, for everyone who may see them: /lexicons/<slug>/download/<format>."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from access.domain.gate import visible
from access.domain.viewer import Viewer, viewer_of
from dictionary.domain.exporting import KINDS, entries_of, export, suffix_of
from dictionary.models import EntryFile, Lexicon

_KEPT: Final = 12  # files of one lexicon; the oldest are removed


@require_safe
def download(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """The file, made when what it holds has changed; what the person may not see is not in it."""
    viewer = viewer_of(request)
    lexicon = get_object_or_404(visible(Lexicon.objects.all(), viewer), slug=slug)
    if kind not in KINDS:
        raise Http404
    suffix = suffix_of(lexicon, kind, viewer)
    folder = Path(settings.DATA_DIR) / "exports" / lexicon.slug
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_state(lexicon, kind, viewer)}{suffix}"
    if path.exists():
        path.touch()
    else:
        export(lexicon, kind, path, viewer)
        _tidy(folder)
    response = FileResponse(path.open("rb"), as_attachment=True, filename=f"{lexicon.slug}{suffix}")
    response["Cache-Control"] = "private, no-cache"
    return response


def _state(lexicon: Lexicon, kind: str, viewer: Viewer) -> str:
    """A hash of exactly what the file would hold: which entries and files, each as it is now."""
    state = hashlib.sha256(f"{kind}\n{lexicon.updated_at.timestamp()}\n".encode())
    for pk, updated in entries_of(lexicon, viewer).values_list("pk", "updated_at").iterator(chunk_size=5000):
        state.update(f"{pk} {updated.timestamp()}\n".encode())
    files = visible(EntryFile.objects.filter(entry__lexicon=lexicon), viewer)
    for file, blob in files.order_by("pk").values_list("pk", "blob").iterator(chunk_size=5000):
        state.update(f"file {file} {blob}\n".encode())
    for name, blob in lexicon.files.values_list("name", "blob"):
        state.update(f"with {name} {blob}\n".encode())
    return state.hexdigest()[:32]


def _tidy(folder: Path) -> None:
    """Remove all but the files that were asked for last; another process may do the same."""
    found = sorted(os.scandir(folder), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in found[_KEPT:]:
        Path(old.path).unlink(missing_ok=True)
