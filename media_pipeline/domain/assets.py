"""Assets: files that are worked on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from jobs.domain import queue
from jobs.domain.words import say
from media_pipeline.domain import graph, runner
from media_pipeline.models import Asset, Blob, Step


@dataclass(frozen=True)
class StepStatus:
    """A step that did not go well: its name, its state, and why, in the reader's language."""

    name: str
    state: str
    message: str


@dataclass(frozen=True)
class Status:
    """How far an asset is. `done` counts steps that are over, whatever became of them."""

    done: int
    total: int
    running: bool
    problems: tuple[StepStatus, ...]

    @property
    def failed(self) -> tuple[StepStatus, ...]:
        """The steps that failed."""
        return tuple(each for each in self.problems if each.state == Step.State.FAILED)


def kind_of(media_type: str) -> str:
    """The kind of asset that a media type makes; what probing finds may correct it."""
    if media_type == "application/pdf":
        return Asset.Kind.PDF
    first = media_type.partition("/")[0]
    return {"image": Asset.Kind.IMAGE, "audio": Asset.Kind.AUDIO, "video": Asset.Kind.VIDEO}.get(
        first, Asset.Kind.DOCUMENT
    )


def ensure(blob: Blob, languages: Sequence[str] = ()) -> Asset:
    """The asset of a file in these languages (tags, the most important first); new ones are put to work."""
    tags = " ".join(dict.fromkeys(tag for tag in languages if tag))
    with transaction.atomic():
        asset, made = Asset.objects.get_or_create(
            blob=blob, languages=tags, defaults={"kind": kind_of(blob.media_type)}
        )
        if made:
            start(asset)
    return asset


def start(asset: Asset) -> None:
    """Have every step looked at again: what is whole and up to date stays, the rest is done (once more)."""
    with transaction.atomic():
        Asset.objects.filter(pk=asset.pk).update(state=Asset.State.WAITING)
        for spec in graph.plan(asset.kind):
            row, made = Step.objects.get_or_create(asset=asset, name=spec.name)
            if not made and row.state in {Step.State.FAILED, Step.State.SKIPPED}:
                Step.objects.filter(pk=row.pk).update(state=Step.State.WAITING, attempt=0)
        queue.enqueue(runner.KIND.name, {"asset": asset.pk}, unique_key=f"asset-{asset.pk}")


def status(asset: Asset) -> Status:
    """How far the work on an asset is, and what went wrong."""
    rows = list(asset.steps.all())
    over = {Step.State.DONE, Step.State.FAILED, Step.State.SKIPPED}
    return Status(
        done=sum(row.state in over for row in rows),
        total=len(rows),
        running=asset.state in {Asset.State.WAITING, Asset.State.RUNNING},
        problems=tuple(
            StepStatus(row.name, row.state, say(row.message, row.message_params))
            for row in rows
            if row.state in {Step.State.FAILED, Step.State.SKIPPED}
        ),
    )


def harmful(blob: Blob) -> bool:
    """Whether the scan of these bytes found something: they must not be handed out."""
    return Step.objects.filter(asset__blob=blob, name="scan", state=Step.State.FAILED).exists()


def is_harmful(blob: str) -> Exists:
    """The same as a condition on rows that refer to bytes by the field `blob`."""
    found = Step.objects.filter(asset__blob=OuterRef(blob), name="scan", state=Step.State.FAILED)
    return Exists(found)
