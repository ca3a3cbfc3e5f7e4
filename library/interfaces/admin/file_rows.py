"""The files of a record as the admin lists them, with how far the work on each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from access.domain.gate import visible
from access.domain.viewer import Viewer
from library.domain import licences
from library.domain.closed import without_consent
from library.models import Record, RecordFile
from media_pipeline.models import Asset, Derivative, Step

_OVER = (Step.State.DONE, Step.State.FAILED, Step.State.SKIPPED)


@dataclass(frozen=True)
class Row:
    """A file, and the state of its work. `closed`: it lacks a consent that holds; `harmful`: malware was found."""

    file: RecordFile
    picture: str
    licence: licences.Licence | None
    done: int
    total: int
    running: tuple[Step, ...]
    failed: tuple[Step, ...]
    skipped: tuple[Step, ...]
    closed: bool

    @property
    def busy(self) -> bool:
        """Whether something is still to be done."""
        return self.file.asset is not None and self.file.asset.state in {
            Asset.State.WAITING,
            Asset.State.RUNNING,
        }

    @property
    def harmful(self) -> bool:
        """Whether malware was found in it."""
        return any(step.name == "scan" for step in self.failed)


def record_files(record: Record, viewer: Viewer) -> list[Row]:
    """The files of a record that the viewer may work on, in order. Four queries, however many."""
    found = visible(RecordFile.objects.filter(record=record), viewer, drafts=True)
    listed = list(
        found.select_related("blob", "asset", "consent", "protocol")
        .prefetch_related("asset__steps")
        .order_by("order", "pk")
    )
    over = set(found.filter(without_consent(viewer.today)).values_list("pk", flat=True))
    pictures = dict(
        Derivative.objects.filter(
            asset__in=[file.asset_id for file in listed if file.asset_id],
            role__in=["thumbnail", "poster"],
        )
        .exclude(page__gt=1)
        .values_list("asset", "role")
    )
    return [_row(file, pictures.get(file.asset_id or 0, ""), file.pk in over) for file in listed]


def busy(rows: Sequence[Row]) -> list[int]:
    """The primary keys of the files that are still worked on."""
    return [row.file.pk for row in rows if row.busy]


def _row(file: RecordFile, role: str, closed: bool) -> Row:
    steps = list(file.asset.steps.all()) if file.asset is not None else []
    picture = ""
    if role == "thumbnail":
        picture = reverse("record-file-thumbnail", args=[file.uuid, 1])
    elif role == "poster":
        picture = reverse("record-file-poster", args=[file.uuid])

    def of(state: str) -> tuple[Step, ...]:
        return tuple(step for step in steps if step.state == state)

    return Row(
        file=file,
        picture=picture,
        licence=licences.find(file.licence),
        done=sum(step.state in _OVER for step in steps),
        total=len(steps),
        running=of(Step.State.RUNNING),
        failed=of(Step.State.FAILED),
        skipped=of(Step.State.SKIPPED),
        closed=closed,
    )
