"""Which keyboards a command is about."""

from __future__ import annotations

from django.core.management.base import CommandError

from ime.domain import shelf
from languages import LanguageError, registry


def chosen(code: str) -> tuple[str, ...]:
    """The ids of the keyboards of a language, or the one keyboard of this id; empty for all.

    Raises CommandError for what is neither.
    """
    if not code:
        return ()
    if shelf.keyboard(code) is not None:
        return (code,)
    try:
        found = shelf.of_language(registry().profile(code).code)
    except LanguageError:
        found = ()
    if not found:
        known = ", ".join(shelf.languages())
        raise CommandError(f"“{code}” is no keyboard and no language with keyboards; there are: {known}")
    return tuple(keyboard.id for keyboard in found)
