"""How the import of a dictionary begins: see `jobs.interfaces.upload_pages`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from dictionary.formats.errors import FileError
from dictionary.formats.mapping import ColumnMapping, fit, from_json
from dictionary.formats.opening import format_of
from dictionary.formats.table_file import TableFile
from dictionary.imports import running
from dictionary.imports.importer import NAME
from dictionary.imports.lexicons import lexicon_of
from dictionary.imports.settings import limits
from dictionary.imports.source import Wish, refusal
from dictionary.interfaces.admin_import.forms import LexiconUploadForm, targets
from dictionary.models import Lexicon
from jobs.imports import runs
from jobs.interfaces.upload_forms import Choices, UploadForm
from jobs.interfaces.upload_pages import SHOWN_ROWS, Columns, UploadPages
from jobs.models import ImportRun
from languages.legacy.fields import EVERYWHERE


def lexicons_of(request: HttpRequest) -> QuerySet[Lexicon]:
    """The lexicons that the person may see."""
    return visible(Lexicon.objects.order_by("title"), viewer_of(request), drafts=True)


class LexiconUpload(UploadPages):
    """A dictionary into a lexicon that is there, or a new one."""

    importer = NAME
    permission = "dictionary.import_lexicon"
    namespace = "dictionary_import"
    title = _("Import a dictionary")

    def form(self, request: HttpRequest, encodings: Choices) -> UploadForm:
        """With the lexicons that the person may see."""
        return LexiconUploadForm(
            request.POST or None, request.FILES or None, encodings=encodings,
            lexicons=lexicons_of(request), may_add=request.user.has_perm("dictionary.add_lexicon"),
        )  # fmt: skip

    def begin(self, request: HttpRequest, form: UploadForm, file: Path) -> ImportRun:
        """The run, with its lexicon; neither is kept when the file cannot be used."""
        data = form.cleaned_data
        name = form.upload.name or "file"
        try:
            chosen: Lexicon | None = data["lexicon"]
            asked = running.Asked(
                format=data["format"] or format_of(file, name), slug=chosen.slug if chosen else data["slug"],
                language=data["language"], orthography=data["orthography"], title=data.get("title", ""),
                legacy={EVERYWHERE: data["legacy"]} if data["legacy"] else {},
            )  # fmt: skip
            with transaction.atomic():
                lexicon, wish = running.lexicon_for(asked, file, name)
                return running.create(wish, file, name, title=f"{lexicon.title}: {name}", user=request.user)  # type: ignore[arg-type]
        except FileError as error:
            raise refusal(error) from None

    def has_columns(self, run: ImportRun) -> bool:
        """CSV and XLSX have."""
        return run.params["format"] in ("csv", "xlsx")

    def columns(self, request: HttpRequest, run: ImportRun) -> Columns | None:
        """The columns, and into which lexicon."""
        wish = Wish.of(run.params)
        lexicon = lexicon_of(wish) if wish.new else lexicons_of(request).filter(pk=wish.lexicon).first()
        if lexicon is None or (lexicon.pk and not lexicons_of(request).filter(pk=lexicon.pk).exists()):
            return None
        file = TableFile(
            runs.source_of(run).path, limits(), run.file_name, kind=wish.format,  # type: ignore[arg-type]
            orthography=wish.orthography, language=wish.language, legacy=wish.legacy,
        )  # fmt: skip
        try:
            with file.table() as table:
                rows = [
                    [row.cells.get(name, "")[:80] for name in table.columns]
                    for row in islice(table.rows, SHOWN_ROWS)
                ]
                known = (wish.mapping or file.guess(table)).columns
                guessed = {name: known.get(name, "") for name in table.columns}
        except FileError as error:
            raise refusal(error) from None
        into = gettext("Into the lexicon “%(title)s”.") % {"title": lexicon.title}
        return Columns(guessed, rows, targets(lexicon), into)

    def wrong(self, column: str, target: str) -> str:
        """What is wrong with a target."""
        try:
            from_json({"columns": {"x": target}}, "")
        except FileError as error:
            return str(error.params["detail"])
        return ""

    def mapped(self, run: ImportRun, mapping: Mapping[str, str], columns: Sequence[str]) -> object:
        """The mapping, if it fits the columns."""
        made = ColumnMapping(dict(mapping))
        try:
            fit(made, columns, run.file_name)
        except FileError as error:
            raise refusal(error) from None
        return made.as_json()
