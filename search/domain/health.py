"""How the search is: is there an index, is it in step, was it made with these profiles?"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from search.domain import engines, outbox
from search.domain.analysis import profile_hash
from search.domain.sources import sources
from search.engines.embedded import directories
from search.engines.embedded.schema import VERSION
from search.interface import EngineUnavailable
from search.models import LookupRow

BEHIND = 5_000
"""With more changes waiting than this, something is wrong with the writer."""


@dataclass(frozen=True)
class Problem:
    """Something that is wrong, in the reader's language, and the command that mends it."""

    code: str
    message: str
    command: str


@dataclass(frozen=True)
class Health:
    """The state of the search. `ready`: an index answers (in step or not); without one the database does."""

    ready: bool
    documents: int
    published: int
    pending: int
    folder: str = ""
    made_at: str = ""
    previous: str = ""
    problems: tuple[Problem, ...] = field(default=())


def health() -> Health:
    """The state of the search now; counts the published objects and the look-up rows' orthographies."""
    root = engines.root()
    folder, before = directories.current(root), directories.previous(root)
    manifest = directories.manifest_of(folder) if folder is not None else None
    published = sum(1 for source in sources() for _pk in source.all_pks())
    pending = outbox.pending()
    found: list[Problem] = []
    documents, ready = 0, False
    try:
        documents = engines.index().count()
        ready = True
    except EngineUnavailable:
        found.append(_problem("no_index" if manifest is None else "unreadable"))
    if manifest is not None and ready:
        if manifest.profiles != engines.profiles_hash() or _rows_are_stale():
            found.append(_problem("profiles"))
        if manifest.version != VERSION or set(engines.text_fields()) - set(manifest.text_fields):
            found.append(_problem("schema"))
        if abs(documents - published) > pending:
            found.append(_problem("out_of_step", index=documents, database=published))
    if pending > BEHIND:
        found.append(_problem("behind", pending=pending))
    return Health(
        ready=ready,
        documents=documents,
        published=published,
        pending=pending,
        folder=folder.name if folder is not None else "",
        made_at=manifest.made_at if manifest is not None else "",
        previous=before.name if before is not None else "",
        problems=tuple(found),
    )


def problems() -> tuple[Problem, ...]:
    """What is wrong with the search, nothing when all is well."""
    return health().problems


def _rows_are_stale() -> bool:
    """Whether look-up rows were made by a profile that has changed since."""
    made_by = LookupRow.objects.order_by().values_list("orthography", "profile_hash").distinct()
    return any(profile_hash(tag) != kept for tag, kept in made_by)


def _problem(code: str, **params: int) -> Problem:
    messages = {
        "no_index": _("There is no search index yet: the database answers, without slips and running text."),
        "unreadable": _("The search index cannot be read by this version: the database answers."),
        "profiles": _("Language profiles changed since the search index was made: some words are not found."),
        "schema": _("The search index lacks fields that this version of the site fills."),
        "out_of_step": _("The index holds %(index)s documents, the database %(database)s."),
        "behind": _("%(pending)s changes wait for the search index: is the worker running?"),
    }
    command = "manage.py worker --queue index" if code == "behind" else "manage.py search_rebuild"
    return Problem(code, messages[code] % params, command)
