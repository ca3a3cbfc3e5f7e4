"""What may be asked: cleans the text of a query or refuses it with a code that can be translated."""

from __future__ import annotations

import re
from typing import Any

import icu
from django.conf import settings
from django.utils.translation import gettext as _

from languages.text import character_class

# Controls, lone surrogates, unassigned and private code points, bidirectional controls: nothing that is written.
_UNWRITTEN = re.compile(
    "[" + character_class("[[[:Cc:][:Cs:][:Cn:][:Co:][:Bidi_Control:]]-[\\t\\n\\u000B\\f\\r\\u0085]]") + "]+"
)
# More marks on one letter than any script stacks: a run of hundreds is no word, and slow to compare.
_PILED = re.compile("([" + character_class("[:M:]") + "]{8})[" + character_class("[:M:]") + "]+")
_SPACES = re.compile(r"\s+")
_LETTER_OR_MORE = icu.UnicodeSet("[[:L:][:M:][:N:][:S:][:P:]]")
_LETTER_OR_MORE.freeze()


class QueryError(ValueError):
    """A text that cannot be looked up. `code` is empty, too_long, bad_cursor or bad_limit; `params`
    explain."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        """What is wrong and what to do, in the viewer's language."""
        return _messages()[self.code] % self.params


def clean(text: str) -> str:
    """The text without what nobody writes, white space collapsed. Raises QueryError: empty, too_long."""
    longest = int(settings.NHASAN_SEARCH_QUERY_LENGTH)
    if len(text) > 16 * longest:
        raise QueryError("too_long", limit=longest)
    found = text if text.isascii() and text.isprintable() else _UNWRITTEN.sub("", text)
    found = _SPACES.sub(" ", _PILED.sub(r"\1", found)).strip()
    if not found or not any(char in _LETTER_OR_MORE for char in found):
        raise QueryError("empty")
    if len(found) > longest:
        raise QueryError("too_long", limit=longest)
    return found


def bounded(limit: int) -> int:
    """The number of hits to give; raises QueryError bad_limit below one or above the setting."""
    most = int(settings.NHASAN_SEARCH_PAGE)
    if not 1 <= limit <= most:
        raise QueryError("bad_limit", limit=most)
    return limit


def _messages() -> dict[str, str]:
    return {
        "empty": _("Type a word to look up: there is no letter in what you typed."),
        "too_long": _("Look up a word or a phrase of at most %(limit)s characters."),
        "bad_cursor": _("This page of results is no longer there. Start the search again."),
        "bad_limit": _("A page of results can have 1 to %(limit)s entries."),
    }
