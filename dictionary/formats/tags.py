"""Language tags as files write them: some that BCP 47 does not allow are known here by another name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dictionary.domain.content import texts
from dictionary.domain.validation import is_tag
from languages import LanguageError, registry


def resolved(tag: str) -> str:
    """The tag as it is; for one that is not well-formed but an alias in a profile, the tag that it stands for.

    Raises LanguageError when it is neither.
    """
    known = registry().orthography(tag)
    return tag if is_tag(tag) else known.tag


def resolve(content: Mapping[str, Any]) -> None:
    """Put the tags that aliases stand for into a tree, in place; what is no alias stays, to be refused."""
    for _kind, _key, form in texts(content):
        if isinstance(form["lang"], str) and not is_tag(form["lang"]):
            try:
                form["lang"] = resolved(form["lang"])
            except LanguageError:
                continue
