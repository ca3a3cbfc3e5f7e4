"""The page: before and after, how sure that is, what is unknown, another choice, download. Works without scripts."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.legacy import docx
from config.legacy.forms import LegacyForm
from dictionary.formats.errors import FileError
from dictionary.formats.limits import Limits
from languages.legacy import Converted, Guess, convert, detect, readable, tables

# A longer text is answered as a file: nobody reads it in a page.
_IN_PAGE = 100_000
_SHOWN = 4000
_TEXT_FILES = (".txt", ".csv", ".tsv", ".text", "")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Piece:
    """A part of the text before; `unknown` if the encoding has nothing for it."""

    text: str
    unknown: bool


@require_http_methods(["GET", "POST"])
def legacy_text(request: HttpRequest) -> HttpResponseBase:
    """The form, and under it what came of the text; a file of Word, and a long text, come back as files."""
    form = LegacyForm(request.POST, request.FILES) if request.method == "POST" else LegacyForm()
    context: dict[str, object] = {"form": form, "limit": settings.NHASAN_LEGACY_MAX_BYTES}
    if request.method == "POST" and form.is_valid():
        try:
            answer = _answer(request, form, context)
        except FileError as error:
            form.add_error("file", error.message)
        else:
            if answer is not None:
                return answer
    status = 422 if form.errors else 200
    return render(request, "site/legacy_text.html", context, status=status)


def _answer(request: HttpRequest, form: LegacyForm, context: dict[str, object]) -> HttpResponseBase | None:
    """A file to save; None when the page itself is the answer, from what stands in `context` then."""
    file: UploadedFile | None = form.cleaned_data["file"]
    suffix = PurePosixPath(file.name or "").suffix.lower() if file else ""
    if file and suffix == ".docx":
        return _document(file)
    if file and suffix not in _TEXT_FILES:
        form.add_error("file", _("Only .txt, .csv and .docx can be read. Save the file as one of these."))
        return None
    text = _decoded(file.read()) if file else form.cleaned_data["text"].replace("\r\n", "\n")
    guesses = detect(text)
    name = form.cleaned_data["encoding"] or (guesses[0].name if guesses else "")
    if not name:
        context["nothing"] = True
        context["shown"] = _shown(form, text, "")
        return None
    converted = convert(text, name)
    if "download" in request.POST or len(text) > _IN_PAGE:
        stem = PurePosixPath(file.name or "").stem if file else "text"
        return _saved(f"{stem}-unicode{suffix or '.txt'}", converted.text)
    context["shown"] = _shown(form, readable(text), name)
    context |= _came_of(readable(text), converted, guesses, guessed=not form.cleaned_data["encoding"])
    return None


def _decoded(data: bytes) -> str | bytes:
    """The text of a file where its bytes are some kind of Unicode; else the bytes."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data


def _shown(form: LegacyForm, text: str | bytes, name: str) -> LegacyForm:
    """The form as it is shown again: a text from a file stands in the field, so that one can choose anew."""
    return LegacyForm(initial={"text": readable(text), "encoding": form.cleaned_data["encoding"] or name})


def _came_of(before: str, made: Converted, guesses: Iterable[Guess], *, guessed: bool) -> dict[str, object]:
    names = dict(LegacyForm().fields["encoding"].choices)  # type: ignore[attr-defined]
    ranked = [(guess.name, names[guess.name], int(guess.confidence * 100)) for guess in guesses]
    return {
        "converted": made,
        "name": names[made.name],
        "guessed": guessed,
        "reviewed": tables()[made.name].reviewed,
        "sure": next((percent for name, _label, percent in ranked if name == made.name), None),
        "others": [each for each in ranked if each[0] != made.name],
        "quality": round(made.confidence * 100),
        "before": _marked(before, made),
        "cut": len(before) > _SHOWN,
    }


def _marked(before: str, made: Converted) -> list[Piece]:
    """The beginning of the text before, in pieces, with what is unknown apart."""
    pieces: list[Piece] = []
    start = 0
    for at, char in made.unknown:
        if at >= _SHOWN:
            break
        if at > start:
            pieces.append(Piece(before[start:at], unknown=False))
        pieces.append(Piece(char, unknown=True))
        start = at + 1
    if start < _SHOWN:
        pieces.append(Piece(before[start:_SHOWN], unknown=False))
    return pieces


def _saved(name: str, text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = _attached(name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _attached(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


def _document(file: UploadedFile) -> FileResponse:
    """The same document with the text of its old fonts in Unicode. Raises FileError."""
    limits = Limits(file=settings.NHASAN_LEGACY_MAX_UNPACKED, archive_files=docx.MOST_PARTS)
    with TemporaryDirectory(prefix="nhasan-") as folder:
        before, after = Path(folder) / "before.docx", Path(folder) / "after.docx"
        with before.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        docx.convert_document(before, after, limits, file.name or "")
        # The file stays readable after its folder is gone, until the answer is sent.
        name = f"{PurePosixPath(file.name or 'text').stem}-unicode.docx"
        return FileResponse(after.open("rb"), as_attachment=True, filename=name)
