"""What the commands that bring records in have in common: running a phase, and saying how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.core.management.base import CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _

from jobs.domain.context import Progress
from jobs.imports import runs
from jobs.models import ImportRun, Job

UNUSABLE: Final = 2
"""How a command ends that could not begin, or not go on."""


def phase(run: ImportRun, name: runs.Phase, on_progress: Callable[[Progress], None] | None = None) -> None:
    """Run a phase of an import to its end. Raises CommandError where it failed."""
    job = runs.run_phase_now(run, name, on_progress=on_progress)
    if run.error_code or job.state != Job.State.DONE:
        text = said(job.error, job.error_params)
        raise unusable(f"{run.error_where}: {text}" if run.error_where else text)


def summary(verdicts: Mapping[str, int], outcomes: Mapping[str, int], *, check_only: bool) -> str:
    """How many rows were (or would be) added, changed, left alone, of what `runs.counts` gives."""
    if check_only:
        done = [(_("would be added"), verdicts["add"]), (_("would be changed"), verdicts["change"])]
    else:
        done = [(_("added"), outcomes["added"]), (_("changed"), outcomes["changed"])]
    left = [
        (_("no change"), verdicts["same"]), (_("conflicts"), verdicts["conflict"]), (_("refused"), verdicts["refused"]),
    ]  # fmt: skip
    return ", ".join(f"{name}: {number}" for name, number in (*done, *left))


def said(msgid: str, params: Mapping[str, object]) -> str:
    """A message in the language of the command."""
    return _(msgid) % params if msgid else ""


def unusable(text: str) -> CommandError:
    """The error of a command that nothing can be done for."""
    return CommandError(text, returncode=UNUSABLE)


def busy(error: OperationalError) -> CommandError:
    """The error of a command that the database does not answer."""
    return unusable(
        _("The database is busy or cannot be reached (%(detail)s). Try again.") % {"detail": error}
    )
