"""What every reader gives: entries as trees, each with its place in the file and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from dictionary.domain.content import Content
from dictionary.domain.validation import Limits as EntryLimits
from dictionary.domain.validation import Problem, is_draft_problem, validate
from dictionary.formats.errors import RowError
from dictionary.formats.tags import resolve


@dataclass(frozen=True)
class Item:
    """One entry of a file: its number (from 1) and line, its label, its tree, and its source where that is kept.

    `key` names the row where the tree has neither guid nor id. `draft`: it may be stored, but not published.
    """

    number: int
    line: int
    label: str
    content: Content | None
    key: str = ""
    fragment: str = ""
    draft: bool = False
    error: RowError | None = None

    def refused(self, error: RowError) -> Item:
        """The same item, not to be taken."""
        return replace(self, error=error)


_CODES: Final = {
    "tag": "tag",
    "characters": "characters",
    "too-deep": "too-deep",
    "too-long": "too-long",
    "too-large": "entry-too-large",
    "no-headword": "no-headword",
}


def row_error(problem: Problem, file: str, line: int) -> RowError:
    """A problem of the tree as an error of its row."""
    code = _CODES.get(problem.code, "content")
    params = dict(problem.params) if code != "content" else {"code": problem.code}
    return RowError(code, params, file=file, line=line, field=problem.path)


def checked(item: Item, file: str, limits: EntryLimits) -> Item:
    """The item with the first thing that is wrong with its tree; without a headword it is a draft.

    A tag that is not well-formed may be an alias that a profile knows: then the tree gets what it stands for.
    """
    problems = validate(item.content, limits)
    if item.content is not None and any(problem.code == "tag" for problem in problems):
        resolve(item.content)
        problems = validate(item.content, limits)
    serious = [problem for problem in problems if not is_draft_problem(problem)]
    if serious:
        return item.refused(row_error(serious[0], file, item.line))
    draft = bool(problems) or bool(item.content and item.content.get("deleted"))
    return item if draft == item.draft else replace(item, draft=draft)
