"""What the doctor asks of keyboards: files that cannot be read, compilers that are missing, builds that failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as Caution
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ime.catalogue import keyboards
from ime.compiling import compiled
from ime.domain import tools
from ime.errors import KeyboardError
from ime.models import Build


@register("doctor", deploy=True)
def keyboards_are_well(app_configs: Iterable[Any] | None, **options: Any) -> list[CheckMessage]:
    """Everything that keeps somebody from their keyboard."""
    return [*_faults(), *_tools(), *_builds()]


def _faults() -> Iterator[CheckMessage]:
    faults: list[KeyboardError] = list(keyboards().faults)
    for keyboard in keyboards().by_id.values():
        try:
            compiled(keyboard)
        except KeyboardError as error:
            faults.append(error)
    for fault in faults:
        yield Caution(
            _("A keyboard is left out: %s") % fault, hint="python -m ime check", id="nhasan.keyboards.file"
        )


def _tools() -> Iterator[CheckMessage]:
    for missing in tools.missing(Path(settings.KEYBOARD_TOOLS)):
        yield Caution(
            _("%(tool)s is missing: %(loss)s.") % {"tool": missing.name, "loss": _(missing.loss)},
            hint=missing.remedy,
            id="nhasan.keyboards.tool",
        )


def _builds() -> Iterator[CheckMessage]:
    failed = Build.objects.filter(state=Build.State.FAILED).aggregate(number=Count("pk"))["number"]
    if failed:
        yield Caution(
            ngettext(
                "%d keyboard package could not be built.", "%d keyboard packages could not be built.", failed
            )
            % failed,
            hint=_("The page “Keyboards” in the admin says why."),
            id="nhasan.keyboards.build",
        )
