"""Building a new index beside the current one, and switching to it once it is proven: nobody waits, nothing
is lost.

1. note the time; 2. write every published object into a new folder, mending look-up rows that an older
profile made; 3. replay what the outbox saw since; 4. stop the writer for a moment, replay the rest, check
counts and canaries, switch. Where the writer cannot be stopped (a server, other machines) what it wrote to the old
index meanwhile is replayed once more after the switch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from search.batches import batches
from search.documents import WRITTEN, Document
from search.domain import analysis, engines, index_writer, rows
from search.domain.sources import DocumentSource, sources
from search.engines.embedded.schema import HEADS
from search.engines.life import IndexEngine, Life, Writer
from search.interface import All, EngineUnavailable, Term, Tier
from search.models import LookupKey, LookupRow, OutboxRow

CHUNK = 1_000
SMALL = 50_000  # look-up rows below which no prefix is long enough for heads
CANARIES = 25
MARGIN = timedelta(minutes=1)  # clocks of two machines may differ

Progress = Callable[[int, int], None]


class RebuildFailed(Exception):
    """The new index does not hold what it should; the current one stays. `code`: count,
    canary, no_server, no_previous; `params`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"The new index was thrown away ({code}): {params}")
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Report:
    """What a rebuild did."""

    folder: str
    documents: int
    replayed: int
    mended: int  # objects whose look-up rows were made anew


def rebuild(progress: Progress = lambda done, total: None) -> Report:
    """Build a new index and switch to it. Raises RebuildFailed; the current index is untouched then."""
    life = engines.life()
    started = timezone.now() - MARGIN
    try:
        name = life.create(engines.text_fields(), engines.profiles_hash(), heads())
    except EngineUnavailable as error:
        raise RebuildFailed("no_server", reason=str(error)) from error
    try:
        total = sum(1 for source in sources() for _pk in source.all_pks())
        canaries: list[Document] = []
        with life.writer(name, bulk=True) as writer:
            mended = _fill(writer, total, canaries, progress)
            seen = _replay(writer, started, set())
        with life.locked():
            with life.writer(name) as writer:
                seen = _replay(writer, started, seen)
            count = _verified(life.reader(name), canaries)
            life.switch(name)
        if not life.exclusive:
            with life.writer(name) as writer:
                seen = _replay(writer, started, seen)
    except EngineUnavailable as error:
        _forget(life, name)
        raise RebuildFailed("no_server", reason=str(error)) from error
    except BaseException:
        _forget(life, name)
        raise
    engines.index().look_again()
    _tell_the_planner()
    return Report(name, count, len(seen), mended)


def roll_back() -> str:
    """Go back to the previous index, and note every object that changed since it was made, so that it catches
    up.

    Gives the index's name; raises RebuildFailed: no_previous when there is none, no_server.
    """
    life = engines.life()
    try:
        with life.locked():
            name = life.roll_back()
            if not name:
                raise RebuildFailed("no_previous")
            made_at = _made_at(life, name)
            OutboxRow.objects.filter(applied_at__gte=made_at).update(applied_at=None)
    except EngineUnavailable as error:
        raise RebuildFailed("no_server", reason=str(error)) from error
    engines.index().look_again()
    return name


def _forget(life: Life, name: str) -> None:
    """Throw a new index away, unless it is current already."""
    with suppress(EngineUnavailable):
        if life.current() != name:
            life.discard(name)


def _tell_the_planner() -> None:
    """Have the database look at how much there is in search's tables now: after a large import it may still plan
    for empty ones."""
    with connection.cursor() as cursor:
        for model in (LookupRow, LookupKey):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def heads() -> tuple[int, ...]:
    """The orders below which one in 512, in 64 and in 8 look-up rows stands; none for a small house."""
    every = LookupRow.objects.order_by("place").values_list("place", flat=True)
    number = every.count()
    if number < SMALL:
        return ()
    return tuple(rows.order_from(every[number // share]) for share in HEADS)


def _fill(writer: Writer, total: int, canaries: list[Document], progress: Progress) -> int:
    mended = 0

    def documents() -> Iterator[Document]:
        nonlocal mended
        done = 0
        every = max(total // CANARIES, 1)
        for source in sources():
            for pks in batches(source.all_pks(), CHUNK):
                found = list(source.documents(pks))
                mended += _mend(source, found)
                canaries.extend(one for at, one in enumerate(found, start=done) if at % every == 0)
                yield from found
                done += len(pks)
                progress(done, total)

    writer.fill(documents(), total)
    return mended


def _mend(source: DocumentSource, documents: list[Document]) -> int:
    """Make the rows of those documents anew whose rows are missing, or were made by another profile."""
    hashes: dict[int, set[tuple[str, str]]] = {}
    mine = LookupRow.objects.filter(type=source.type, object_id__in=[one.pk for one in documents])
    for pk, tag, made_by in mine.values_list("object_id", "orthography", "profile_hash").distinct():
        hashes.setdefault(pk, set()).add((tag, made_by))
    stale = [
        one.pk
        for one in documents
        if one.forms
        and (
            one.pk not in hashes
            or any(made_by != analysis.profile_hash(tag) for tag, made_by in hashes[one.pk])
        )
    ]
    if stale:
        with transaction.atomic():  # read again inside: somebody may have published in the meantime
            rows.replace(source.documents(stale))
    return len(stale)


def _replay(writer: Writer, since: datetime, seen: set[int]) -> set[int]:
    """Apply what was noted since and not yet seen; gives all that is seen now."""
    noted = OutboxRow.objects.filter(Q(applied_at=None) | Q(applied_at__gte=since))
    while True:
        fresh = [
            row for row in noted.order_by("id").values_list("id", "type", "object_id") if row[0] not in seen
        ]
        if not fresh:
            return seen
        for batch in batches(fresh, index_writer.BATCH):
            index_writer.apply(writer, ((kind, pk) for _id, kind, pk in batch))
        seen = seen | {row[0] for row in fresh}


def _verified(engine: IndexEngine, canaries: list[Document]) -> int:
    """The number of documents, once it agrees with the database and every canary sings."""
    count = engine.count()
    published = sum(1 for source in sources() for _pk in source.all_pks())
    late = OutboxRow.objects.filter(applied_at=None).count()
    if abs(count - published) > late:
        raise RebuildFailed("count", index=count, database=published)
    for document in canaries:
        if not _sings(engine, document):
            raise RebuildFailed("canary", type=document.type, pk=document.pk)
    return count


def _sings(engine: IndexEngine, document: Document) -> bool:
    """Whether a document is found by its first written form, or was changed meanwhile."""
    source = next(source for source in sources() if source.type == document.type)
    for now in source.documents([document.pk]):
        form = next((form for form in now.forms if form.kind in WRITTEN and form.keys.exact), None)
        if form is None or now.version != document.version:
            return True
        query = Term("exact", form.keys.exact)
        found = _everything(engine, Tier("exact", query))
        return (document.type, document.pk) in found
    return True


def _everything(engine: IndexEngine, tier: Tier) -> Iterator[tuple[str, int]]:
    cursor = ""
    while True:
        page = engine.lookup([tier], All(), limit=1000, cursor=cursor)
        yield from ((hit.type, hit.pk) for hit in page.hits)
        cursor = page.cursor
        if not cursor:
            return


def _made_at(life: Life, name: str) -> datetime:
    manifest = life.manifest(name)
    made_at = datetime.fromisoformat(manifest.made_at) if manifest is not None and manifest.made_at else None
    return (made_at or timezone.now() - index_writer.KEEP) - MARGIN
