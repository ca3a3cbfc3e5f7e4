"""Kinds of job and an importer for the tests. Their work is rows of `Community`, so that the database can be asked.

In a worker process `tests.jobs` is an installed app; in the test process `register_all` is called by the conftest.
"""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction

from access.models import Community, Membership
from jobs.domain import kinds
from jobs.domain.context import JobContext, JobError
from jobs.domain.kinds import JobKind
from jobs.imports import types
from jobs.imports.types import (
    Applied,
    Checked,
    ImportRefused,
    Message,
    Phase,
    Restore,
    Source,
    SourceRow,
    Work,
)

LEASE = 1.0


def grow(context: JobContext) -> None:
    """Make communities n0, n1, …, each in a transaction with its checkpoint; `slow` seconds for each."""
    total, slow = context.params["total"], context.params.get("slow", 0)
    for number in range(context.checkpoint.get("next", 0), total):
        context.stop_if_asked()
        with transaction.atomic():
            Community.objects.create(slug=f"n{number}", name=f"{context.job.token}")
            context.save({"next": number + 1})
        context.progress(number + 1, total, "%(count)s made", count=number + 1)
        time.sleep(slow)


def break_down(context: JobContext) -> None:
    """Fail, in plain words or not."""
    if context.params.get("plain"):
        raise JobError("The %(thing)s is broken.", params={"thing": "pot"}, detail="clay", again=False)
    raise RuntimeError("a secret of the machine")


def halt(context: JobContext) -> None:
    """Die like a process that ran out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


class Lines:
    """Imports lines "slug<TAB>name" into communities. One that has members is a conflict ("somebody works on it").

    A line without a tab is refused; a line "!" breaks the file off.
    """

    name = "probe.lines"
    title = "Lines"
    chunk = 5

    def count(self, source: Source) -> int:
        return source.path.read_text().count("\n")

    def read(self, source: Source) -> Iterator[SourceRow]:
        with source.path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                text = line.rstrip("\n")
                where = f"line {number}"
                if text == "!":
                    raise ImportRefused(Message("broken", "The file breaks off."), where)
                slug, tab, name = text.partition("\t")
                refusal = None if tab else Message("no-tab", "No tab in “%(text)s”.", {"text": text})
                time.sleep(source.params.get("slow", 0))
                yield SourceRow(number, where, slug, name or slug, (slug, name), refusal)

    def check(self, source: Source, rows: Sequence[SourceRow], *, lock: bool) -> Sequence[Checked]:
        found = Community.objects.filter(slug__in=[row.key for row in rows])
        there = {one.slug: one for one in (found.select_for_update() if lock else found)}
        busy = set(
            Membership.objects.filter(community__in=there.values()).values_list("community_id", flat=True)
        )
        return [self._verdict(row, there.get(row.key), busy) for row in rows]

    def _verdict(self, row: SourceRow, there: Community | None, busy: set[int]) -> Checked:
        name = row.data[1]
        if there is None:
            return Checked("add")
        if there.name == name:
            return Checked("same", there.pk, version(there))
        changes = (f"name: {there.name} → {name}",)
        if there.pk in busy:
            message = Message("busy", "Somebody works on it.")
            return Checked("conflict", there.pk, version(there), message, changes)
        return Checked("change", there.pk, version(there), changes=changes)

    def apply(self, source: Source, work: Sequence[Work]) -> Sequence[Applied]:
        there = Community.objects.in_bulk([one.checked.target for one in work if one.checked.target])
        results = []
        for one in work:
            slug, name = one.row.data
            community = there.get(one.checked.target) or Community(slug=slug)
            before = {"name": community.name} if community.pk else None
            community.name = name
            community.save()
            results.append(Applied(community.pk, before, version(community)))
        time.sleep(source.params.get("slow_apply", 0))
        return results

    def versions(self, source: Source, targets: Sequence[int], *, lock: bool) -> Mapping[int, str]:
        return {one.pk: version(one) for one in Community.objects.filter(pk__in=targets)}

    def restore(self, source: Source, rows: Sequence[Restore]) -> None:
        for row in rows:
            if row.before is None:
                Community.objects.get(pk=row.target).delete()
            else:
                community = Community.objects.get(pk=row.target)
                community.name = row.before["name"]
                community.save()

    def finished(self, source: Source, phase: Phase) -> None:
        return None


def version(community: Community) -> str:
    return hashlib.sha256(f"{community.slug}\t{community.name}".encode()).hexdigest()


KINDS = (
    JobKind("probe.grow", "Grow communities", grow, lease=LEASE, retry_delay=0.1),
    JobKind("probe.break", "Break", break_down, lease=LEASE, retry_delay=60.0),
    JobKind("probe.halt", "Halt", halt, lease=LEASE, max_attempts=2),
    JobKind("probe.index", "Grow in the index", grow, queue="index", lease=LEASE, retry_delay=0.1),
)
LINES = Lines()


def register_all() -> None:
    for kind in KINDS:
        kinds.register(kind)
    types.register(LINES)
