"""What is missing or wrong with a site, found out by looking at it: one examination a subject.

Examinations give Django's check messages, translated; nothing wrong gives none. An app that is not named here may
register a check of its own with the tag "doctor" (and `deploy=True`, so that only the doctor runs it).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import icu
from django.conf import settings
from django.core.checks import CheckMessage, Error, run_checks
from django.core.checks import Warning as Caution
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrOrPromise

from config import startup
from config.checks import profiles, unsafe
from jobs.domain.kinds import QUEUES
from jobs.domain.worker import served_queues
from jobs.models import Job
from search.domain.health import health

TAG = "doctor"
MEGABYTE = 1 << 20
SCARCE, TOO_LITTLE = 1024 * MEGABYTE, 100 * MEGABYTE
OLDEST_ICU = (70,)
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Finding:
    """A subject that was looked at, and what is wrong with it."""

    subject: str
    problems: tuple[CheckMessage, ...]

    @property
    def serious(self) -> bool:
        """Whether the site cannot do its work because of this."""
        return any(problem.is_serious() for problem in self.problems)


def settings_are_safe() -> Iterator[CheckMessage]:
    """What `config.checks` refuses in production."""
    yield from unsafe()


def database() -> Iterator[CheckMessage]:
    """The database answers, and has all tables."""
    try:
        missing = startup.pending_migrations()
    except DatabaseError as error:
        yield Error(
            _("The database does not answer: %s") % str(error).strip(),
            hint=_("Look at NHASAN_DATABASE_URL, and whether the database server runs."),
            id="nhasan.D001",
        )
        return
    if missing:
        yield Error(
            ngettext(
                "%d step of the database is missing.", "%d steps of the database are missing.", len(missing)
            )
            % len(missing),
            hint="manage.py migrate",
            id="nhasan.D002",
        )


def data_folder() -> Iterator[CheckMessage]:
    """The data folder can be written to, has room, and no restore was broken off in it."""
    folder = Path(settings.DATA_DIR)
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"probe")
    except OSError as error:
        yield Error(
            _("The data folder %(folder)s cannot be written to: %(error)s")
            % {"folder": folder, "error": error},
            hint=_("It must belong to the user that runs the site."),
            id="nhasan.D003",
        )
    free = shutil.disk_usage(folder).free
    if free < SCARCE:
        kind = Error if free < TOO_LITTLE else Caution
        yield kind(
            _("There is little room left on the disk of the data folder: %d MB.") % (free // MEGABYTE),
            id="nhasan.D004",
        )
    for left in sorted(folder.glob("restore-*")):
        yield Error(
            _("A restore was broken off: %s is left from it.") % left,
            hint=_("Run manage.py restore again, then remove that folder."),
            id="nhasan.D005",
        )


def static_files() -> Iterator[CheckMessage]:
    """Style sheets, scripts and fonts are collected."""
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield Error(
            _("Style sheets and scripts are not collected."),
            hint="manage.py build_fonts; manage.py collectstatic",
            id="nhasan.D006",
        )
    if not (Path(settings.DATA_DIR) / "fonts" / "fonts.css").exists():
        yield Caution(
            _("The web fonts are not made: some scripts will show as empty boxes."),
            hint="apt install fonts-noto-core; manage.py build_fonts; manage.py collectstatic",
            id="nhasan.D007",
        )
    if not Path(settings.VENDORED).is_dir():
        yield Caution(
            _(
                "The scripts for deep zoom, films and maps are not installed: pages show pictures and lists instead."
            ),
            hint="apt install npm; bin/setup",
            id="nhasan.D012",
        )


def messages() -> Iterator[CheckMessage]:
    """The translations of the interface are compiled."""
    if not any(Path(settings.BASE_DIR).glob("*/locale/*/LC_MESSAGES/django.mo")):
        yield Caution(
            _("The interface shows in English only: its translations are not compiled."),
            hint="apt install gettext; bin/setup",
            id="nhasan.D008",
        )


def unicode_library() -> Iterator[CheckMessage]:
    """ICU knows the scripts and rules that the profiles need."""
    version = tuple(int(part) for part in icu.ICU_VERSION.split("."))
    if version < OLDEST_ICU:
        yield Error(
            _("ICU %s is too old for the language profiles.") % icu.ICU_VERSION,
            hint="bin/setup",
            id="nhasan.D009",
        )


def workers() -> Iterator[CheckMessage]:
    """Each queue has a worker, and no job failed lately."""
    served = served_queues()
    for queue in QUEUES:
        if queue in served:
            continue
        yield Caution(
            _("No worker serves the queue “%s”: its jobs wait.") % queue,
            hint=f"manage.py worker --queue {queue}",
            id="nhasan.D010",
        )
    failed = Job.objects.filter(state=Job.State.FAILED, finished_at__gte=timezone.now() - LATELY).count()
    if failed:
        yield Caution(
            ngettext("%d job failed in the last week.", "%d jobs failed in the last week.", failed) % failed,
            hint=_("The page “Jobs” in the admin says why."),
            id="nhasan.D011",
        )


def search_index() -> Iterator[CheckMessage]:
    """The index is there, made with the profiles of today, and has caught up."""
    for problem in health().problems:
        yield Caution(problem.message, hint=problem.command, id=f"nhasan.search.{problem.code}")


def other_apps() -> Iterator[CheckMessage]:
    """What apps registered by themselves."""
    yield from run_checks(tags=[TAG], include_deployment_checks=True)


Examination = tuple[StrOrPromise, Callable[[], Iterator[CheckMessage]]]
ALWAYS: tuple[Examination, ...] = (
    (gettext_lazy("settings"), settings_are_safe),
    (gettext_lazy("data folder"), data_folder),
    (gettext_lazy("style sheets, scripts and fonts"), static_files),
    (gettext_lazy("translations"), messages),
    (gettext_lazy("Unicode library"), unicode_library),
    (gettext_lazy("language profiles"), profiles),
    (gettext_lazy("database"), database),
)
# What can be looked at only where the database is in order.
WITH_DATABASE: tuple[Examination, ...] = (
    (gettext_lazy("workers and jobs"), workers),
    (gettext_lazy("search index"), search_index),
    (gettext_lazy("other"), other_apps),
)


def examine() -> tuple[Finding, ...]:
    """Look at everything that can be looked at; a subject with nothing wrong has no problems."""
    findings = [_finding(*examination) for examination in ALWAYS]
    if not findings[-1].serious:
        findings += [_finding(*examination) for examination in WITH_DATABASE]
    return tuple(findings)


def _finding(subject: StrOrPromise, examination: Callable[[], Iterator[CheckMessage]]) -> Finding:
    return Finding(str(subject), tuple(examination()))
