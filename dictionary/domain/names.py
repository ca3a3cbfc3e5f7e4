"""What entries are called by relations: ids of senses and LIFT ids lead to entries, components to what is made of them.

An entry's identity stands in its own column; all other names of published entries are rows of `EntryName`, written
with the entry, so that a page finds what it is related to by an index, in a constant number of queries.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from dictionary.domain.content import senses
from dictionary.models import Entry, EntryName
from jobs.domain.quick_rows import insert_like

# FieldWorks writes a reference as the headword, an underscore and the guid.
_GUID: Final = re.compile(r"(?:.*_)?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\Z", re.DOTALL)
_LONGEST: Final = 255
# How FieldWorks says of which words a complex form is made; a variant says it in the same way, with this trait.
_COMPONENT: Final = "_component-lexeme"
_VARIANT: Final = "variant-type"


def canonical(ref: str) -> str:
    """The name that a reference means: the guid that it ends in, else all of it (a hash of it, if it is very long)."""
    guid = _GUID.match(ref)
    if guid:
        return guid[1].lower()
    return ref if len(ref) <= _LONGEST else str(uuid.uuid5(uuid.NAMESPACE_OID, ref))


def spellings(ref: str) -> tuple[str, ...]:
    """The identities that an entry may have which is referred to like this."""
    guid = _GUID.match(ref)
    return tuple(dict.fromkeys((ref, guid[1], guid[1].lower()))) if guid else (ref,)


def names(entry: Entry) -> set[str]:
    """All names by which relations may call an entry or one of its senses."""
    content = entry.content
    given = (entry.identity, content.get("guid"), content.get("lift_id"), *_sense_ids(content))
    return {canonical(name) for name in given if name}


def write(entries: Sequence[Entry], *, new: bool = False) -> None:
    """Write the names of published entries anew; `new` says that none of them has any yet."""
    if not new:
        remove([entry.pk for entry in entries])
    rows = [row for entry in entries for row in _rows(entry)]
    insert_like(EntryName(), ("entry", "lexicon", "name", "is_component"), rows)


def remove(pks: Sequence[int]) -> None:
    """Forget the names of entries."""
    EntryName.objects.filter(entry__in=pks).delete()


def _rows(entry: Entry) -> Iterator[tuple[int, int, str, bool]]:
    for name in sorted(names(entry) - {entry.identity}):
        yield entry.pk, entry.lexicon_id, name, False
    for name in sorted({canonical(ref) for ref in _components(entry.content)}):
        yield entry.pk, entry.lexicon_id, name, True


def _sense_ids(content: Mapping[str, Any]) -> Iterator[str]:
    return (str(sense["lift_id"]) for sense in senses(content) if sense.get("lift_id"))


def _components(content: Mapping[str, Any]) -> Iterator[str]:
    nodes: Iterable[Mapping[str, Any]] = (content, *senses(content))
    for node in nodes:
        for relation in node.get("relations", ()):
            is_variant = any(trait.get("name") == _VARIANT for trait in relation.get("traits", ()))
            if relation.get("type") == _COMPONENT and relation.get("ref") and not is_variant:
                yield relation["ref"]
