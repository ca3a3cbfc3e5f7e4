"""The graph of steps, declared: what each needs, for which kinds of file, what its result depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from media_pipeline.models import Asset

if TYPE_CHECKING:
    from media_pipeline.domain.work import Work

ALL_KINDS: Final = frozenset(Asset.Kind.values)
_ALGORITHM: Final = "1"


def _nothing(asset: Asset) -> Mapping[str, Any]:
    return {}


def _no_versions() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class StepSpec:
    """A step of the graph.

    `needs` names steps that come before it; those that do not apply to the kind of file are passed over. `run` does
    the work; it raises StepFailed or StepSkipped. `parameters` and `versions` decide, with the bytes of the file, the
    key of the result: the same key, the same result. `versions` may raise StepSkipped (the tool is missing).
    A step that does not `keep` leaves facts alone, and is done anew each time it is asked for. Where a step is
    `passable`, those after it go on when it was left out.
    """

    name: str
    title: str
    run: Callable[[Work], None]
    needs: tuple[str, ...] = ()
    kinds: frozenset[str] = ALL_KINDS
    parameters: Callable[[Asset], Mapping[str, Any]] = _nothing
    versions: Callable[[], Mapping[str, str]] = _no_versions
    keep: bool = True
    passable: bool = False


_steps: dict[str, StepSpec] = {}


def step(
    name: str,
    title: str,
    *,
    needs: Sequence[str] = (),
    kinds: Sequence[str] = tuple(ALL_KINDS),
    parameters: Callable[[Asset], Mapping[str, Any]] = _nothing,
    versions: Callable[[], Mapping[str, str]] = _no_versions,
    keep: bool = True,
    passable: bool = False,
) -> Callable[[Callable[[Work], None]], Callable[[Work], None]]:
    """Declare a step; those it needs must be declared before it, so the order of declaration is an order of work."""
    unknown = sorted(set(needs) - set(_steps))
    if unknown or name in _steps:
        raise ValueError(f"The step {name} stands twice, or needs what was not declared: {unknown}")

    def declare(run: Callable[[Work], None]) -> Callable[[Work], None]:
        _steps[name] = StepSpec(
            name, title, run, tuple(needs), frozenset(kinds), parameters, versions, keep, passable
        )
        return run

    return declare


def steps() -> tuple[StepSpec, ...]:
    """All steps, in an order in which each comes after those that it needs."""
    return tuple(_steps.values())


def named(name: str) -> StepSpec | None:
    """The step of this name, if there is one (any more)."""
    return _steps.get(name)


def plan(kind: str) -> tuple[StepSpec, ...]:
    """The steps for a kind of file, in order."""
    return tuple(spec for spec in _steps.values() if kind in spec.kinds)


def key_of(
    spec: StepSpec, asset: Asset, sha256: str, versions: Mapping[str, str], before: Sequence[str]
) -> str:
    """The key of a result: a hash of the step, the bytes, its parameters, the versions of tools, the keys before it."""
    made_of = [
        _ALGORITHM, spec.name, sha256, dict(spec.parameters(asset)), dict(versions), sorted(before)
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()
