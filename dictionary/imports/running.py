"""An import from the command line: the lexicon found or made, the file checked and applied, what came of it counted."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db.models import Max

from access.models import User
from dictionary.formats.errors import FileError
from dictionary.formats.mapping import load
from dictionary.imports.importer import NAME
from dictionary.imports.lexicons import described, facts, new_lexicon, well_formed
from dictionary.imports.source import Wish
from dictionary.models import Lexicon
from jobs.domain.context import Progress
from jobs.imports import runs
from jobs.models import ImportRow, ImportRun, Job

_MAPPING_BYTES = 2**20


@dataclass(frozen=True)
class Asked:
    """What a person asks of an import: see `manage.py import_lexicon --help`."""

    format: str
    slug: str
    language: str = ""
    orthography: str = ""
    mapping: Path | None = None
    title: str = ""
    licence: str = ""
    legacy: Mapping[str, str] = field(default_factory=dict)


class Failed(Exception):
    """The import stopped for a reason that lies here, not in the file; the message is in the reader's language."""


def lexicon_for(asked: Asked, path: Path, name: str) -> tuple[Lexicon, Wish]:
    """The lexicon and the wish of the run; a new lexicon is saved with the first rows. Raises FileError."""
    language, spelling = (
        well_formed(tag, option) if tag else ""
        for tag, option in ((asked.language, "--language"), (asked.orthography, "--orthography"))
    )
    mapping = None
    if asked.mapping:
        mapping = load(_text(asked.mapping), str(asked.mapping))
    lexicon = Lexicon.objects.filter(slug=asked.slug).first()
    table = asked.format in ("csv", "xlsx")
    wish = Wish(
        lexicon=lexicon.pk if lexicon else 0,
        format=asked.format,
        orthography=spelling or (lexicon.orthography if lexicon and table else ""),
        language=language or (lexicon.language if lexicon and table else ""),
        only=language if asked.format == "cldf" else "",
        mapping=mapping,
        first=_last_order(lexicon) if lexicon and asked.format != "lift" else 0,
        legacy=asked.legacy,
    )
    if lexicon:
        return lexicon, wish
    lexicon = new_lexicon(asked.slug, facts(wish, path, name), title=asked.title, licence=asked.licence)
    lexicon.full_clean(exclude=["gloss_languages", "header"])
    return lexicon, replace(wish, new=described(lexicon))


def _last_order(lexicon: Lexicon) -> int:
    return lexicon.entries.aggregate(last=Max("source_order"))["last"] or 0


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()[:_MAPPING_BYTES]
        return data.decode("utf-8-sig")
    except OSError as error:
        raise FileError("unreadable", {"detail": error.strerror or str(error)}, file=str(path)) from None
    except UnicodeDecodeError:
        raise FileError("encoding-broken", {"encoding": "UTF-8"}, file=str(path)) from None


def create(wish: Wish, path: Path, name: str, *, title: str, user: User | None = None) -> ImportRun:
    """The run of an import, its file stored. Raises ImportRefused."""
    with path.open("rb") as stream:
        return runs.create(NAME, stream, file_name=name, params=wish.as_params(), user=user, title=title)


def phase(run: ImportRun, name: str, say: Callable[[Progress], None] | None = None) -> None:
    """Check or apply, in this process. Raises FileError if the file cannot be used, Failed for any other reason."""
    job = runs.run_phase_now(run, name, on_progress=say)  # type: ignore[arg-type]
    if run.error_code:
        raise Broken(run)
    if job.state != Job.State.DONE:
        raise Failed(_said(job.error, job.error_params))


class Broken(Exception):
    """The file cannot be used; the message is in the reader's language."""

    def __init__(self, run: ImportRun) -> None:
        said = _said(run.error, run.error_params)
        super().__init__(f"{run.error_where}: {said}" if run.error_where else said)


def _said(msgid: str, params: Mapping[str, object]) -> str:
    from django.utils.translation import gettext

    return gettext(msgid) % params if msgid else ""


def warnings(run: ImportRun) -> list[str]:
    """What the check has to say of parts of the file, each with a piece of it before and after, and what to do."""
    said = []
    for one in run.advice:
        text = _said(one["message"], one["message_params"])
        if one["before"]:
            text += f" {one['before']} → {one['after']}"
        if not one["chosen"]:
            text += f" (--legacy {shlex.quote(one['key'])}={one['value']})"
        said.append(text)
    return said


@dataclass(frozen=True)
class Told:
    """A row that was refused or is a conflict: where it is, its label, and why."""

    where: str
    label: str
    why: str


def told(run: ImportRun, verdict: str, most: int) -> list[Told]:
    """The first rows of a verdict, for a report."""
    rows = ImportRow.objects.filter(run=run, verdict=verdict).order_by("number")[:most]
    return [Told(row.where, row.label, _said(row.message, row.message_params)) for row in rows]
