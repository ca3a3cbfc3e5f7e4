"""What requests are about: found by kind and UUID, closed to readers and opened again, gone.

To close is to put an embargo without an end on the thing itself, which every outlet asks the gate about. It holds
whatever is published or drafted meanwhile, because an embargo is part of no revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, TypeAlias
from uuid import UUID

from django.db import transaction

from access.domain.gate import protocols_of
from library.domain import files
from library.domain.protocols import set_embargo
from library.festivals.domain import protocols as festival_protocols
from library.festivals.models import Festival
from library.models import Record, RecordFile
from library.requests.models import About, Hold, Request

Material: TypeAlias = Record | RecordFile | Festival
Name: TypeAlias = tuple[str, UUID]

CLOSED: Final = date.max
"""The embargo of what is closed until somebody decides."""
_BATCH: Final = 500
_MODELS: Final[Mapping[str, type[Material]]] = {
    About.RECORD.value: Record,
    About.FILE.value: RecordFile,
    About.FESTIVAL.value: Festival,
}


def name_of(thing: Material) -> Name:
    """What a thing is called by in requests."""
    return _kind(thing), thing.uuid


def find(names: Iterable[Name]) -> Mapping[Name, Material]:
    """What there is of these names, with what the gate asks of each. Four queries for 500."""
    wanted: dict[str, list[UUID]] = {}
    for about, target in dict.fromkeys(names):
        wanted.setdefault(about, []).append(target)
    found: dict[Name, Material] = {}
    for about, targets in wanted.items():
        for start in range(0, len(targets), _BATCH):
            for thing in _of_kind(about, targets[start : start + _BATCH]):
                found[about, thing.uuid] = thing
    _as_if_open(found)
    return found


def is_closed(thing: Material) -> bool:
    """Whether a thing is closed without an end now, whatever its object in memory says."""
    return _MODELS[name_of(thing)[0]]._default_manager.filter(pk=thing.pk, embargo_until=CLOSED).exists()


def current(about: str, target: UUID) -> Material | None:
    """A thing as it stands now, closed or not; None when it is gone."""
    return next(iter(_of_kind(about, [target])), None)


def _of_kind(about: str, targets: list[UUID]) -> Iterable[Material]:
    if about == About.FILE:
        return RecordFile.objects.filter(uuid__in=targets).select_related("record__collection")
    if about == About.RECORD:
        return Record.objects.filter(uuid__in=targets).select_related("collection")
    return Festival.objects.filter(uuid__in=targets)


def _as_if_open(found: Mapping[Name, Material]) -> None:
    """Set on the objects in memory the embargoes that they had before requests closed them."""
    things: list[Material] = list(found.values())
    things += [thing.record for thing in things if isinstance(thing, RecordFile)]
    holds = Hold.objects.filter(target__in={thing.uuid for thing in things})
    before = {(hold.about, hold.target): hold.before for hold in holds}
    for thing in things:
        if thing.embargo_until == CLOSED and name_of(thing) in before:
            thing.embargo_until = before[name_of(thing)]


def close(request: Request, name: Name) -> bool:
    """Close a thing to readers at once; says whether this request did not keep it closed already.

    Raises LookupError when the thing is gone.
    """
    with transaction.atomic():
        thing = _locked(name)
        holds = Hold.objects.filter(about=name[0], target=name[1])
        other = holds.first()
        before = other.before if other is not None else thing.embargo_until
        open_now = thing.embargo_until != CLOSED
        if open_now:
            # Somebody else has decided about it since the other request closed it.
            before = thing.embargo_until
            holds.update(before=before)
            _set(thing, CLOSED)
        _hold, made = holds.get_or_create(
            request=request, about=name[0], target=name[1], defaults={"before": before}
        )
    return made or open_now


def reopen(request: Request, name: Name) -> bool:
    """Let go of a thing; says whether no other request keeps it closed.

    It is then as open as it was before. Where somebody gave it another embargo meanwhile, that one stays. A thing that
    is gone is let go of, too.
    """
    with transaction.atomic():
        hold = Hold.objects.filter(request=request, about=name[0], target=name[1]).first()
        if hold is None:
            return True
        hold.delete()
        if Hold.objects.filter(about=name[0], target=name[1]).exists():
            return False
        try:
            thing = _locked(name)
        except LookupError:
            return True
        if thing.embargo_until == CLOSED:
            _set(thing, hold.before)
    return True


def goes(thing: Material) -> None:
    """A thing is about to be deleted: its requests keep under which protocols it stood."""
    about, target = name_of(thing)
    requests = Request.objects.filter(about=about, target=target)
    if requests.exists():
        requests.update(protocols=sorted(protocols_of(thing)[0]))


def _locked(name: Name) -> Material:
    about, target = name
    found = _MODELS[about]._default_manager.select_for_update(of=("self",)).filter(uuid=target).first()
    if found is None:
        raise LookupError(f"There is no {about} {target}.")
    return found


def _set(thing: Material, embargo: date | None) -> None:
    if isinstance(thing, RecordFile):
        RecordFile.objects.filter(pk=thing.pk).update(embargo_until=embargo)
        files.changed([thing.record_id])
    elif isinstance(thing, Record):
        set_embargo([thing], embargo)
    else:
        festival_protocols.set_protocol(thing, thing.protocol, embargo)


def _kind(thing: Material) -> str:
    if isinstance(thing, RecordFile):
        return About.FILE.value
    return About.RECORD.value if isinstance(thing, Record) else About.FESTIVAL.value
