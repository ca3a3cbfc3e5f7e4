"""Writing a lexicon to a file: what one viewer may see of it, in one format, whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.db.models import Case, IntegerField, QuerySet, Value, When

from access.domain.gate import visible
from access.domain.viewer import Viewer
from dictionary.domain.naming import language_name
from dictionary.formats import cldf_write, csv_write
from dictionary.formats.lift_export import Written, lift_text
from dictionary.models import Entry, EntryFile, Lexicon
from media_pipeline.domain import blobs

_BATCH = 500


@dataclass(frozen=True)
class Outcome:
    """What an export came to: the ending of the file's name and how many entries it holds."""

    suffix: str
    entries: int


def entries_of(lexicon: Lexicon, viewer: Viewer, *, drafts: bool = False) -> QuerySet[Entry]:
    """The entries that the viewer may see, in the order of the file they came from; entries made here come last.

    `drafts`: also those that are not published (deleted ones of a LIFT file, say), for whoever edits them.
    """
    made_here = Case(When(source_order=0, then=Value(1)), default=Value(0), output_field=IntegerField())
    found = visible(Entry.objects.filter(lexicon=lexicon), viewer, drafts=drafts)
    return found.order_by(made_here, "source_order", "pk")


def export(
    lexicon: Lexicon, kind: str, out: Path, viewer: Viewer, *, drafts: bool = False, media: bool = True
) -> Outcome:
    """Write the lexicon to a file, replacing what is there when all is written.

    `kind` is "lift" (a zip with everything if `out` ends in .zip or there are recordings, pictures or ranges to
    carry and `media` is set and `out` does not end in .lift), "csv", "xlsx" or "cldf" (a zip). Raises OSError.
    """
    entries = entries_of(lexicon, viewer, drafts=drafts)
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}-")
    temporary = Path(name)
    try:
        os.close(handle)
        if kind == "lift":
            carry = media and out.suffix.lower() != ".lift"
            outcome = _lift(lexicon, entries, viewer, temporary, media=carry, drafts=drafts)
        else:
            outcome = WRITERS[kind](lexicon, entries, temporary)
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.chmod(0o644)
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)
    return outcome


def suffix_of(lexicon: Lexicon, kind: str, viewer: Viewer) -> str:
    """How the name of an export should end."""
    if kind == "lift":
        return ".zip" if _has_companions(lexicon, viewer) else ".lift"
    return {"csv": ".csv", "xlsx": ".xlsx", "cldf": ".zip"}[kind]


def _written(entries: QuerySet[Entry], *, fragments: bool) -> Iterator[Written]:
    names = ["content", "identity", *(["fragment", "fragment_hash"] if fragments else [])]
    for row in entries.values_list(*names).iterator(chunk_size=_BATCH):
        yield Written(*row)


class _Counted:
    """Entries that are counted as they pass."""

    def __init__(self, entries: Iterator[Written]) -> None:
        self.entries = entries
        self.count = 0

    def __iter__(self) -> Iterator[Written]:
        for entry in self.entries:
            self.count += 1
            yield entry


def _write_lift(out: TextIO, lexicon: Lexicon, entries: QuerySet[Entry]) -> int:
    header = {key: value for key, value in lexicon.header.items() if key != "replaced"}
    counted = _Counted(_written(entries, fragments=True))
    for piece in lift_text(header, counted):
        out.write(piece)
    return counted.count


def _lift(
    lexicon: Lexicon, entries: QuerySet[Entry], viewer: Viewer, out: Path, *, media: bool, drafts: bool
) -> Outcome:
    if not (media and _has_companions(lexicon, viewer)):
        with out.open("w", encoding="utf-8", newline="") as stream:
            return Outcome(".lift", _write_lift(stream, lexicon, entries))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        companions = list(lexicon.files.select_related("blob"))
        with _member(archive, f"{_folder(companions)}{lexicon.slug}.lift") as stream:
            count = _write_lift(stream, lexicon, entries)
        for companion in companions:
            archive.write(blobs.path(companion.blob), companion.name)
        base, taken = _folder(companions), set(archive.namelist())
        files = visible(EntryFile.objects.filter(entry__in=entries.order_by()), viewer, drafts=drafts)
        for file in files.select_related("blob").order_by("pk").iterator(chunk_size=_BATCH):
            name = base + _place(file)
            if name not in taken:
                taken.add(name)
                archive.write(blobs.path(file.blob), name, compress_type=zipfile.ZIP_STORED)
    return Outcome(".zip", count)


def _has_companions(lexicon: Lexicon, viewer: Viewer) -> bool:
    files = EntryFile.objects.filter(entry__lexicon=lexicon)
    return lexicon.files.exists() or visible(files, viewer, drafts=True).exists()


def _folder(companions: Sequence[object]) -> str:
    """The folder of the archive in which the ranges stood: the LIFT file belongs beside them."""
    names = [companion.name for companion in companions if companion.name.endswith(".lift-ranges")]  # type: ignore[attr-defined]
    return f"{names[0].rpartition('/')[0]}/" if names and "/" in names[0] else ""


def _place(file: EntryFile) -> str:
    """Where FieldWorks looks for a file of an entry."""
    name = file.href.replace("\\", "/").removeprefix("file://").lstrip("/")
    safe = "/".join(part for part in name.split("/") if part not in ("", ".", "..") and ":" not in part)
    folder = "audio" if file.blob.media_type.startswith("audio/") else "pictures"
    return safe if safe.startswith(f"{folder}/") else f"{folder}/{safe or file.pk}"


def _csv(lexicon: Lexicon, entries: QuerySet[Entry], out: Path) -> Outcome:
    names = csv_write.columns(_written(entries, fragments=False))
    counted = _Counted(_written(entries, fragments=False))
    # With a byte order mark, which spreadsheet programs need to see that it is UTF-8.
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(names)
        table.writerows(csv_write.rows(counted, names))
    return Outcome(".csv", counted.count)


def _xlsx(lexicon: Lexicon, entries: QuerySet[Entry], out: Path) -> Outcome:
    import openpyxl  # slow to import, and few exports are workbooks

    names = csv_write.columns(_written(entries, fragments=False))
    counted = _Counted(_written(entries, fragments=False))
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Lexicon")
    sheet.append(names)
    for row in csv_write.rows(counted, names):
        # A text that begins with = is a text, not a formula.
        sheet.append([_text_cell(sheet, cell) for cell in row])
    book.save(out)
    return Outcome(".xlsx", counted.count)


def _text_cell(sheet: object, text: str) -> object:
    from openpyxl.cell import WriteOnlyCell

    if not text.startswith("="):
        return text
    cell = WriteOnlyCell(sheet, value=text)  # type: ignore[arg-type]
    cell.data_type = "s"
    return cell


def _cldf(lexicon: Lexicon, entries: QuerySet[Entry], out: Path) -> Outcome:
    counted = _Counted(_written(entries, fragments=False))
    languages = {lexicon.language: language_name(lexicon.language, "en")}
    made = cldf_write.WordList(gloss_languages=["en", *lexicon.gloss_languages], names=languages)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        forms = _table(archive, "forms.csv", cldf_write.FORMS, made.forms(counted))
        _table(archive, "languages.csv", cldf_write.LANGUAGES, iter(made.languages.values()))
        _table(archive, "parameters.csv", cldf_write.PARAMETERS, iter(made.parameters.values()))
        archive.writestr("sources.bib", made.bib())
        described = cldf_write.metadata(
            lexicon.title, licence=lexicon.licence, citation=lexicon.citation, address=lexicon.source_url,
            counts={"forms": forms, "languages": len(made.languages), "parameters": len(made.parameters)},
        )  # fmt: skip
        archive.writestr("Wordlist-metadata.json", described)
    return Outcome(".zip", counted.count)


def _table(archive: zipfile.ZipFile, name: str, columns: Sequence[str], rows: Iterator[list[str]]) -> int:
    count = 0
    with _member(archive, name) as stream:
        table = csv.writer(stream)
        table.writerow(columns)
        for row in rows:
            table.writerow(row)
            count += 1
    return count


def _member(archive: zipfile.ZipFile, name: str) -> TextIO:
    return io.TextIOWrapper(archive.open(name, "w", force_zip64=True), encoding="utf-8", newline="")


WRITERS: dict[str, Callable[[Lexicon, QuerySet[Entry], Path], Outcome]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "cldf": _cldf,
}
KINDS = ("lift", *WRITERS)
