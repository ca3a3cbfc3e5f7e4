"""Building keyboards and publishing what came out: a new package only where bytes differ, old ones stay.

A rule that is easy to say decides what is due: a package whose sources (keyboard, emitter, words) changed since the
last attempt, whose last attempt failed, or whose file is gone. The job `ime.publish` builds what is due; workers start
it by themselves once a day and when they first start; a person may start it for one keyboard at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from access.models import User
from ime.catalogue import keyboards
from ime.compiling import compiled
from ime.domain import proving
from ime.domain.kit import kit
from ime.domain.problems import Problem, problem_of
from ime.domain.sources import source_hash
from ime.domain.storage import path_of, store
from ime.errors import KeyboardError
from ime.model import Keyboard
from ime.models import Build, Package
from ime.targets import TARGETS
from ime.targets.base import File, Kit, Target
from jobs.domain.context import JobContext
from jobs.domain.kinds import JobKind
from jobs.domain.queue import enqueue
from jobs.models import Job

PUBLISH: Final = "ime.publish"
_NO_WORDS: Final = "no_words"  # the code of that error
# Beside the first file of a package, people download what ends so: the spelling dictionary for Firefox.
_DOWNLOADED_TOO: Final = frozenset({".xpi"})
_FIRST = gettext_noop("First version.")
_NEW_VERSION = gettext_noop("The keyboard itself has changed.")
_NEW_WORDS = gettext_noop("New words, or newer tools; the keyboard is the same.")


@dataclass(frozen=True)
class Task:
    """A keyboard to build for a target."""

    keyboard: Keyboard
    target: Target

    @property
    def name(self) -> str:
        """Keyboard and target in one word."""
        return f"{self.keyboard.id}/{self.target.id}"


def tasks(only: Iterable[str] = (), targets: Iterable[str] = ()) -> tuple[Task, ...]:
    """Every keyboard with every target that can carry it; only these keyboards and targets, if any are named."""
    wanted, aims = frozenset(only), frozenset(targets)
    return tuple(
        Task(keyboard, target)
        for keyboard in keyboards().by_id.values()
        if not wanted or keyboard.id in wanted
        for target in TARGETS.values()
        if keyboard.kind in target.kinds and (not aims or target.id in aims)
    )


def due(every: Iterable[Task]) -> Iterator[Task]:
    """Those of these tasks whose sources changed since they were last tried, that failed, or whose file is gone."""
    tried = {(build.keyboard, build.target): build for build in Build.objects.select_related("package")}
    for task in every:
        build = tried.get((task.keyboard.id, task.target.id))
        if build is None or build.state == Build.State.FAILED or _outdated(build, task):
            yield task


def _outdated(build: Build, task: Task) -> bool:
    if build.package is not None and not path_of(build.package).exists():
        return True
    return build.source_hash != source_hash(task.keyboard, task.target)


def publish(task: Task, with_kit: Kit) -> Build:
    """Build one package, publish it if its bytes are new, and note how it went.

    The file is on the disk before the row that names it is committed. A failure keeps the last good package.
    """
    source = source_hash(task.keyboard, task.target)
    try:
        built = task.target.build(task.keyboard, compiled(task.keyboard), with_kit)
    except KeyboardError as error:
        state = Build.State.NOTHING if error.code == _NO_WORDS else Build.State.FAILED
        return _note(task, source, state, problem=problem_of(error))
    data = built.files[0].data
    digest = hashlib.sha256(data).hexdigest()
    more = [file for file in built.files[1:] if PurePosixPath(file.path).suffix in _DOWNLOADED_TOO]
    last = latest(task.keyboard.id, task.target.id)
    if last is not None and last.sha256 == digest and last.version == task.keyboard.version:
        if not path_of(last).exists():
            _store(last, data, more)
        return _note(task, source, Build.State.DONE, package=last)
    package = Package(
        keyboard=task.keyboard.id,
        target=task.target.id,
        orthography=task.keyboard.orthography,
        language=task.keyboard.language,
        version=task.keyboard.version,
        build=_next_build(task),
        filename=PurePosixPath(built.files[0].path).name,
        size=len(data),
        sha256=digest,
        more=[
            {"filename": file.path, "size": len(file.data), "sha256": hashlib.sha256(file.data).hexdigest()}
            for file in more
        ],
        source_hash=source,
        changes=_changes(task, last),
        published_at=timezone.now(),
    )
    _store(package, data, more)
    with transaction.atomic():
        package.save(force_insert=True)
        return _note(task, source, Build.State.DONE, package=package)


def _store(package: Package, data: bytes, more: Iterable[File]) -> None:
    for file in more:
        store(package, file.data, file.path)
    store(package, data)


def latest(keyboard: str, target: str) -> Package | None:
    """The package of a keyboard for a target that visitors get now."""
    published = Package.objects.filter(keyboard=keyboard, target=target, state=Package.State.PUBLISHED)
    return published.order_by("-pk").first()


def request(only: Iterable[str] = (), *, user: User | None = None, anew: bool = False) -> Job:
    """Have what is due be built in the background; `anew`: also what is not due."""
    wanted = sorted(only)
    key = ",".join(wanted) if len(wanted) < 3 else hashlib.sha256(" ".join(wanted).encode()).hexdigest()[:16]
    return enqueue(
        PUBLISH,
        {"keyboards": wanted, "anew": anew},
        user=user,
        unique_key=f"{'anew' if anew else 'due'}:{key}",
    )


def request_anew(only: Iterable[str] = (), *, user: User | None = None) -> Job:
    """Have keyboards be built in the background whether they are due or not."""
    return request(only, user=user, anew=True)


def run(context: JobContext) -> None:
    """The job: task after task; one that fails does not keep the others waiting."""
    every = tasks(context.params.get("keyboards", ()))
    done: set[str] = set(context.checkpoint.get("done", ()))
    anew = bool(context.params.get("anew"))
    todo = [task for task in (every if anew else due(every)) if task.name not in done]
    total, failed = len(done) + len(todo), int(context.checkpoint.get("failed", 0))
    with_kit = kit()
    for task in todo:
        context.stop_if_asked()
        context.progress(len(done), total, gettext_noop("Building %(name)s"), name=task.name)
        build = publish(task, with_kit)
        if build.state == Build.State.FAILED:
            context.stop_if_asked()  # who stops us may have stopped the compiler, too: it is no fault of the keyboard
            failed += 1
        done.add(task.name)
        context.save({"done": sorted(done), "failed": failed})
    proving.request_what_is_new()
    context.progress(
        total, total, gettext_noop("%(count)s packages looked at, %(failed)s could not be built."),
        count=total, failed=failed,
    )  # fmt: skip


def kinds() -> tuple[JobKind, ...]:
    """The job of publishing; it starts by itself every NHASAN_KEYBOARDS_EVERY hours (0: never)."""
    hours = settings.NHASAN_KEYBOARDS_EVERY
    title = gettext_noop("Build and publish keyboards")
    return (JobKind(PUBLISH, title, run, lease=300.0, every=hours * 3600.0 if hours else None),)


def _note(
    task: Task,
    source: str,
    state: Build.State,
    *,
    package: Package | None = None,
    problem: Problem | None = None,
) -> Build:
    values = {
        "source_hash": source,
        "state": state,
        "error": problem.message if problem else "",
        "error_params": problem.params if problem else {},
        "tried_at": timezone.now(),
    }
    if package is not None:
        values["package"] = package
    build, _ = Build.objects.update_or_create(
        keyboard=task.keyboard.id, target=task.target.id, defaults=values
    )
    return build


def _next_build(task: Task) -> int:
    same = Package.objects.filter(
        keyboard=task.keyboard.id, target=task.target.id, version=task.keyboard.version
    )
    return int(same.aggregate(last=Max("build"))["last"] or 0) + 1


def _changes(task: Task, last: Package | None) -> str:
    if last is None:
        return _FIRST
    return _NEW_VERSION if last.version != task.keyboard.version else _NEW_WORDS
