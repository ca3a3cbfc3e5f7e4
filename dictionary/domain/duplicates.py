"""Entries that may be one and the same, and making one of two."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from dictionary.domain import publish
from dictionary.domain.bulk import is_busy
from dictionary.domain.content import Content
from dictionary.domain.documents import TYPE
from dictionary.domain.merge import merge, repoint
from dictionary.models import Entry, EntryFile, Lexicon
from search.models import LookupRow

if TYPE_CHECKING:
    from access.models import User

MERGED: Final = "dictionary.merge"
NOTE: Final = "merged-into"
# So many entries of one group are shown: nobody compares more at once.
GROUP: Final = 30


class MergeRefusedError(ValueError):
    """These entries cannot be merged; `code` says why: same, other-lexicon, busy."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Merged:
    """What a merge did: the winner, how many relations were pointed at it, and entries that must be seen to."""

    winner: Entry
    repointed: int
    left: tuple[Entry, ...]


def candidates(lexicon: Lexicon, limit: int = 100) -> list[list[int]]:
    """Groups of published entries whose headwords have the same letter key, the largest groups first."""
    rows = LookupRow.objects.filter(type=TYPE, parent=lexicon.slug, kind="headword")
    shared = (
        rows.values("scope", "letter")
        .annotate(number=Count("object_id", distinct=True))
        .filter(number__gt=1)
        .order_by("-number", "letter")[:limit]
    )
    keys = [(row["scope"], bytes(row["letter"])) for row in shared]
    found: dict[tuple[str, bytes], list[int]] = {key: [] for key in keys}
    members = rows.filter(letter__in={letter for _scope, letter in keys}).order_by("object_id")
    for scope, letter, pk in members.values_list("scope", "letter", "object_id"):
        group = found.get((scope, bytes(letter)))
        if group is not None and pk not in group:
            group.append(pk)
    groups = [group for group in found.values() if len(group) > 1]
    return [list(group[:GROUP]) for group in dict.fromkeys(map(tuple, groups))]


@transaction.atomic
def merge_entries(winner: Entry, loser: Entry, user: User | None = None) -> Merged:
    """Put all that the loser has into the winner, point relations at the winner, take the loser off the site.

    The loser stays as a draft that says where it went; every change is a revision, so that all of it can be undone.
    Relations in entries that somebody is at work on are left and named. Raises `MergeRefusedError`.
    """
    check(winner, loser)
    lexicon = winner.lexicon
    _move_files(winner, loser)
    united = merge(winner.content, loser.content)
    names = {name: ref(winner) for name in _names(loser)}
    united = repoint(united, names) or united
    changes = [_change(winner, united), _change(loser, _marked(loser.content, winner))]
    others, left = _pointing(lexicon, names, {winner.pk, loser.pk})
    changes.extend(_change(entry, content) for entry, content in others)
    publish.apply_many(lexicon, changes, user=user, action=MERGED, keep_fragments=True)
    loser.refresh_from_db()
    publish.unpublish(loser, user)
    winner.refresh_from_db()
    return Merged(winner, len(others), tuple(left))


def check(winner: Entry, loser: Entry) -> None:
    """Raise `MergeRefusedError` for entries that cannot be merged."""
    if winner.pk == loser.pk:
        raise MergeRefusedError("same")
    if winner.lexicon_id != loser.lexicon_id:
        raise MergeRefusedError("other-lexicon")
    if is_busy(winner) or is_busy(loser) or not winner.live or not loser.live:
        raise MergeRefusedError("busy")


def ref(entry: Entry) -> str:
    """By which name relations point at an entry: its LIFT id, else its identity."""
    return str(entry.content.get("lift_id") or entry.identity)


def _names(entry: Entry) -> set[str]:
    given = {entry.identity, entry.content.get("lift_id"), entry.content.get("guid")}
    return {name for name in given if name}


def _change(entry: Entry, content: Content) -> publish.Change:
    return publish.Change(entry.identity, content, entry.pk, entry.fragment, entry.source_order)


def _marked(content: Content, winner: Entry) -> Content:
    marked: Content = copy.deepcopy(content)
    note = {"name": NOTE, "value": ref(winner), "when": timezone.now().isoformat(timespec="seconds")}
    marked["annotations"] = [*marked.get("annotations", []), note]
    return marked


def _pointing(
    lexicon: Lexicon, names: Mapping[str, str], without: set[int]
) -> tuple[list[tuple[Entry, Content]], list[Entry]]:
    """The entries that name one of these, with the content that names the winner; and those that are busy."""
    pattern = re.compile("|".join(re.escape(name) for name in names))
    changed: list[tuple[Entry, Content]] = []
    left: list[Entry] = []
    for entry in lexicon.entries.exclude(pk__in=without).filter(live=True).iterator(chunk_size=500):
        if not pattern.search(_refs(entry.content)):
            continue
        content = repoint(entry.content, names)
        if content is None:
            continue
        if is_busy(entry):
            left.append(entry)
        else:
            changed.append((entry, content))
    return changed, left


def _refs(node: Any) -> str:
    """All references in a tree, in one text: cheap to search."""
    if isinstance(node, dict):
        own = node.get("ref", "")
        return "\n".join((own, *(_refs(each) for each in node.values() if isinstance(each, (dict, list)))))
    if isinstance(node, list):
        return "\n".join(map(_refs, node))
    return ""


def _move_files(winner: Entry, loser: Entry) -> None:
    """Let the winner have the loser's files too; the loser keeps its own, for the case that all is undone."""
    present = set(winner.files.values_list("href", flat=True))
    files: Sequence[EntryFile] = [each for each in loser.files.all() if each.href not in present]
    EntryFile.objects.bulk_create(
        EntryFile(
            entry=winner,
            href=each.href,
            blob_id=each.blob_id,
            licence=each.licence,
            protocol_id=each.protocol_id,
            embargo_until=each.embargo_until,
        )
        for each in files
    )
