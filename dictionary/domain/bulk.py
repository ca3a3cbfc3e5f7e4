"""Changes to a selection of entries: each keeps its revisions, all reach search in the same transaction."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from dictionary.domain import publish
from dictionary.domain.content import Content, new_id
from dictionary.domain.derived import is_domain
from dictionary.models import Entry

if TYPE_CHECKING:
    from access.models import User

DOMAIN: Final = "semantic-domain-ddp4"
CHANGED: Final = "dictionary.bulk_change"


def add_domain(entries: Sequence[Entry], domain: str, user: User | None = None) -> list[Entry]:
    """Add a semantic domain to every top sense of these entries. Gives those that were left, see `change`."""
    return change(entries, lambda content: with_domain(content, domain), user)


def set_licence(entries: Sequence[Entry], licence: str, user: User | None = None) -> list[Entry]:
    """Say under which licence these entries stand, in the source of each; see `change` for what it gives."""
    return change(entries, lambda content: with_licence(content, licence), user)


def change(
    entries: Sequence[Entry], edit: Callable[[Content], Content], user: User | None = None
) -> list[Entry]:
    """Apply an edit to the published content of each entry, and publish.

    An entry that is locked or has an open draft is left as it is and given back: publishing it would publish or lose
    somebody's unfinished work. A draft that was never published stays a draft.
    """
    left: list[Entry] = []
    by_lexicon: dict[tuple[int, bool], list[tuple[Entry, Content]]] = {}
    for entry in entries:
        if is_busy(entry):
            left.append(entry)
            continue
        edited = edit(copy.deepcopy(entry.content))
        if edited != entry.content:
            by_lexicon.setdefault((entry.lexicon_id, entry.live), []).append((entry, edited))
    for (_lexicon, live), edits in by_lexicon.items():
        changes = [
            publish.Change(entry.identity, content, entry.pk, entry.fragment, entry.source_order)
            for entry, content in edits
        ]
        publish.apply_many(
            edits[0][0].lexicon, changes, user=user, live=live, action=CHANGED, keep_fragments=True
        )
    return left


def is_busy(entry: Entry) -> bool:
    """Whether somebody is at work on an entry: it is locked, or what was published has an open draft."""
    return bool(entry.locked or (entry.live and entry.has_unpublished_changes))


def with_domain(content: Content, domain: str) -> Content:
    """The content with the domain on each top sense; in place."""
    for sense in content.get("senses", ()):
        traits = sense.get("traits", [])
        if not any(is_domain(trait) and trait.get("value") == domain for trait in traits):
            sense["traits"] = [*traits, {"name": DOMAIN, "value": domain}]
    return content


def with_licence(content: Content, licence: str) -> Content:
    """The content with the licence on each of its sources, or on a source of its own; in place."""
    sources = content.get("sources") or [{"id": new_id()}]
    content["sources"] = [{**source, "licence": licence} for source in sources]
    return content
