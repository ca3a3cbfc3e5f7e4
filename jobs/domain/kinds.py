"""Kinds of job. The app that knows the work registers its kinds in `AppConfig.ready`; `jobs` knows none of
them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.domain.context import JobContext
    from jobs.models import Job

QUEUES = ("index", "default", "media")


class UnknownKind(LookupError):
    """A job names a kind that no installed app has registered."""


@dataclass(frozen=True)
class JobKind:
    """What a worker needs to know to run jobs of this kind.

    `name` is "<app>.<verb>"; `title` an English msgid in plain words, shown in the admin. `run` does the
    work: it must resume from `context.checkpoint`, and commit work and checkpoint together (see
    `JobContext.save`). A job is given to another worker when no sign of life came for `lease` seconds. After
    an error it is tried again, `retry_delay` seconds later, then twice that, …, `max_attempts` times in all.
    `failed`, if given, is called in the transaction that gives the job up or cancels it. `every` (seconds):
    the workers of the queue start it by themselves.
    """

    name: str
    title: str
    run: Callable[[JobContext], None]
    queue: str = "default"
    max_attempts: int = 3
    lease: float = 60.0
    retry_delay: float = 5.0
    failed: Callable[[Job], None] | None = None
    every: float | None = None

    def __post_init__(self) -> None:
        if self.lease <= 0 or self.max_attempts < 1 or self.retry_delay < 0:
            raise ValueError(f"{self.name}: lease, max_attempts and retry_delay must be positive.")


_kinds: dict[str, JobKind] = {}
_steps: dict[str, list[Callable[[], bool]]] = {}


def register(kind: JobKind) -> None:
    """Make a kind known; registering the same name again with another kind is an error."""
    if _kinds.setdefault(kind.name, kind) != kind:
        raise ValueError(f"Another kind of job is already called {kind.name}.")


def kind_named(name: str) -> JobKind:
    """The kind of this name; raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(f"No installed app knows jobs of the kind {name}.") from None


def kinds() -> tuple[JobKind, ...]:
    """All registered kinds, by name."""
    return tuple(_kinds[name] for name in sorted(_kinds))


def queues() -> tuple[str, ...]:
    """The queues that workers must serve: the two of the house and any other that a kind names."""
    return tuple(dict.fromkeys((*QUEUES, *(kind.queue for kind in kinds()))))


def register_step(queue: str, step: Callable[[], bool]) -> None:
    """Have the workers of a queue call `step` whenever no job is due: work that never ends, in small pieces.

    It says whether it did anything, and does little at a time (a second at most). What it raises is logged,
    and it is called again later.
    """
    _steps.setdefault(queue, [])
    if step not in _steps[queue]:
        _steps[queue].append(step)


def steps(queues: Sequence[str]) -> tuple[Callable[[], bool], ...]:
    """The steps that the workers of these queues take between jobs."""
    return tuple(step for name in queues for step in _steps.get(name, ()))
