"""Proving keyboards: every letter, every published headword and a fuzz, typed through what was built, in real engines.

The typing is done by `ime.proof.run`, in two processes that have no database; what they report is kept as rows, which
the public page shows as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from access.models import User
from ime.catalogue import keyboards
from ime.domain.kit import supplies
from ime.models import Package, Proof
from ime.proof import ENGINES
from ime.proof.run import FAILED, Row
from ime.proving import prove_keyboard
from jobs.domain.context import JobContext
from jobs.domain.kinds import JobKind
from jobs.domain.queue import enqueue
from jobs.models import Job

PROVE: Final = "ime.prove"
PROCESSES: Final = 2
APART: Final = (
    20.0  # seconds between keyboards that are proved unasked: other work of the queue comes in between
)
FUZZ: Final = 300  # random strings for each keyboard and engine, beside letters and words


def prove(
    only: Iterable[str] = (), *, engines: Sequence[str] = (), most_words: int | None = None, fuzz: int = FUZZ
) -> Iterator[list[Row]]:
    """Prove some keyboards (all, if none is named), and give what came of each as soon as it is there.

    `most_words`: no more headwords than these, the first ones. Rows of the engines that were asked are replaced.
    """
    wanted = list(only) or list(keyboards().by_id)
    found = [keyboards().by_id[name] for name in wanted]
    given = supplies(found, headwords=True)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        running = [
            pool.submit(prove_keyboard, keyboard.id, tuple(engines), most_words, fuzz, given)
            for keyboard in found
        ]
        try:
            for future in as_completed(running):
                lines = future.result()
                keep(lines)
                yield lines
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@transaction.atomic
def keep(lines: Iterable[Row]) -> None:
    """Keep what engines said, in the place of what they said before."""
    now = timezone.now()
    for line in lines:
        Proof.objects.update_or_create(
            keyboard=line.keyboard,
            target=line.target,
            engine=line.engine,
            defaults={
                "engine_version": line.version,
                "state": line.state,
                "strings": line.strings,
                "differing": [str(each) for each in line.differing],
                "why": line.why,
                "package_sha256": line.package_sha256,
                "proved_at": now,
            },
        )


def request(only: Iterable[str] = (), *, user: User | None = None) -> Job:
    """Have keyboards be proved in the background."""
    wanted = sorted(only)
    key = wanted[0] if len(wanted) == 1 else hashlib.sha256(" ".join(wanted).encode()).hexdigest()[:16]
    return enqueue(PROVE, {"keyboards": wanted}, user=user, unique_key=key)


def request_what_is_new() -> list[str]:
    """Have every keyboard be proved whose published packages no engine has typed through yet; their ids.

    A job for each, some time apart: an import that comes meanwhile waits for one keyboard, not for all.
    """
    typed = {engine.target for engine in ENGINES}
    published = {
        (package.keyboard, package.target): package.sha256
        for package in Package.objects.filter(target__in=typed)
        .order_by("pk")
        .only("keyboard", "target", "sha256")
    }
    seen = set(Proof.objects.values_list("keyboard", "target", "package_sha256"))
    waiting = {
        keyboard
        for (keyboard, target), sha256 in published.items()
        if keyboard in keyboards().by_id and (keyboard, target, sha256) not in seen
    }
    for number, keyboard in enumerate(sorted(waiting)):
        enqueue(
            PROVE,
            {"keyboards": [keyboard]},
            title=gettext("Prove %(keyboard)s") % {"keyboard": keyboard},
            unique_key=keyboard,
            delay=APART * number,
        )
    return sorted(waiting)


def run(context: JobContext) -> None:
    """The job: keyboard after keyboard, as many at a time as there are processes."""
    wanted = list(context.params.get("keyboards", ())) or list(keyboards().by_id)
    done: list[str] = list(context.checkpoint.get("done", ()))
    failed = int(context.checkpoint.get("failed", 0))
    todo = [name for name in wanted if name not in done]
    context.progress(len(done), len(wanted), gettext_noop("Typing through every engine"))
    for lines in prove(todo) if todo else ():
        failed += sum(line.state == FAILED for line in lines)
        done.append(lines[0].keyboard)
        context.save({"done": done, "failed": failed})
        context.progress(len(done), len(wanted))
        context.stop_if_asked()
    context.progress(
        len(done),
        len(wanted),
        gettext_noop("%(count)s keyboards proved; %(failed)s engines typed something else."),
        count=len(done),
        failed=failed,
    )


def kinds() -> tuple[JobKind, ...]:
    """The job of proving; publishing starts it for what is new, and a person at any time."""
    return (JobKind(PROVE, gettext_noop("Prove keyboards"), run, lease=600.0),)
