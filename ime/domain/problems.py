"""Errors of keyboards in words that people read: an English msgid with parameters, translated when it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from ime.errors import KeyboardError
from jobs.domain.words import say

# By the code of the error; what is not here is shown as the English message says it.
_MESSAGES: Final[Mapping[str, str]] = {
    "no_node": _("Node.js is not installed on this machine (Debian: apt install nodejs)."),
    "no_compiler": _("A compiler is not installed on this machine: %(message)s"),
    "compiler_slow": _("The compiler took too long: %(message)s"),
    "compiler_failed": _("The compiler stopped: %(message)s"),
    "compiler_refused": _("The compiler refuses this keyboard: %(message)s"),
    "no_font": _("A font is not installed on this machine: %(message)s"),
    "no_words": _("There are no published words of this language yet."),
}
_AS_IT_IS: Final = "%(message)s"


@dataclass(frozen=True)
class Problem:
    """A message as it is stored."""

    message: str
    params: Mapping[str, Any]

    def __str__(self) -> str:
        return say(self.message, self.params)


def problem_of(error: KeyboardError) -> Problem:
    """What went wrong, as far as it has words of our own; else its English message."""
    params = {key: str(value) for key, value in error.params.items()}
    return Problem(_MESSAGES.get(error.code, _AS_IT_IS), {**params, "message": str(error)})
