"""How the search is: is there an index, is it in step, was it made with these profiles?"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from search.domain import engines, outbox
from search.domain.analysis import profile_hash
from search.domain.sources import sources
from search.engines.life import Manifest
from search.engines.terms import VERSION
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
    published = sum(1 for source in sources() for _pk in source.all_pks())
    pending = outbox.pending()
    found: list[Problem] = []
    documents, ready, name, before = 0, False, "", ""
    manifest: Manifest | None = None
    life = engines.life()
    try:
        name, before = life.current(), life.previous()
        manifest = life.manifest(name) if name else None
    except EngineUnavailable as error:
        found.append(_problem("no_server", reason=str(error)))
    else:
        try:
            documents = engines.index().count()
            ready = True
        except EngineUnavailable as error:
            if manifest is None:
                found.append(_problem("no_index"))
            elif manifest.version == VERSION and engines.server() is not None:
                found.append(_problem("broken", reason=str(error)))
            else:
                found.append(_problem("unreadable"))
    if manifest is not None and ready:
        if manifest.profiles != engines.profiles_hash() or _rows_are_stale():
            found.append(_problem("profiles"))
        if not life.fits(manifest, engines.text_fields()):
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
        folder=name,
        made_at=manifest.made_at if manifest is not None else "",
        previous=before,
        problems=tuple(found),
    )


def problems() -> tuple[Problem, ...]:
    """What is wrong with the search, nothing when all is well."""
    return health().problems


def _rows_are_stale() -> bool:
    """Whether look-up rows were made by a profile that has changed since."""
    made_by = LookupRow.objects.order_by().values_list("orthography", "profile_hash").distinct()
    return any(profile_hash(tag) != kept for tag, kept in made_by)


def _problem(code: str, **params: object) -> Problem:
    messages = {
        "no_index": _("There is no search index yet: the database answers, without slips and running text."),
        "no_server": _(
            "The search server does not do its work (%(reason)s): the database answers meanwhile."
        ),
        "broken": _("The search index cannot be read (%(reason)s): the database answers."),
        "unreadable": _("The search index cannot be read by this version: the database answers."),
        "profiles": _("Language profiles changed since the search index was made: some words are not found."),
        "schema": _("The search index lacks fields that this version of the site fills."),
        "out_of_step": _("The index holds %(index)s documents, the database %(database)s."),
        "behind": _("%(pending)s changes wait for the search index: is the worker running?"),
    }
    command = _COMMANDS.get(code, "manage.py search_rebuild")
    return Problem(code, messages[code] % params, command)


_COMMANDS = {"behind": "manage.py worker --queue index", "no_server": "manage.py search_status"}
