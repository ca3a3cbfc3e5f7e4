"""Writing what a step gave into the rows: the last thing a step does, in one transaction with the job's checkpoint."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from media_pipeline.domain import changes, storage
from media_pipeline.domain.work import Result
from media_pipeline.models import Asset, Cue, Derivative, PageText, Step


def commit(step: Step, result: Result) -> None:
    """Make the rows say what the result says. Call it inside a transaction."""
    asset, folder = step.asset, storage.folder_of(step.key).relative_to(storage.root())
    step.derivatives.all().delete()
    Derivative.objects.bulk_create(
        Derivative(
            asset=asset,
            step=step,
            role=output.role,
            page=output.page,
            path=(folder / output.path).as_posix(),
            media_type=output.media_type,
            size=output.size,
            sha256=output.sha256,
            width=output.width,
            height=output.height,
            duration=output.duration,
            extra=dict(output.extra),
        )
        for output in result.outputs
    )
    if result.pages is not None:
        PageText.objects.filter(asset=asset).delete()
        PageText.objects.bulk_create(
            (
                PageText(
                    asset=asset,
                    page=read.page,
                    language=read.language,
                    width=read.width,
                    height=read.height,
                    lines=read.lines,
                    machine=read.machine,
                )
                for read in result.pages
            ),
            batch_size=100,
        )
    if result.cues is not None:
        Cue.objects.filter(asset=asset).delete()
        Cue.objects.bulk_create(
            (
                Cue(
                    asset=asset,
                    number=number,
                    start=cue.start,
                    end=cue.end,
                    text=cue.text,
                    language=cue.language,
                    machine=cue.machine,
                )
                for number, cue in enumerate(result.cues, 1)
            ),
            batch_size=500,
        )
    if result.facts:
        asset.facts = {**asset.facts, **result.facts}
        asset.kind = result.facts.get("kind", asset.kind)
        Asset.objects.filter(pk=asset.pk).update(facts=asset.facts, kind=asset.kind)
    step.state, step.detail = Step.State.DONE, ""
    step.message, step.message_params = result.message, result.message_params
    step.finished_at = timezone.now()
    step.save()
    if result.outputs or result.pages is not None or result.cues is not None:
        changes.tell(asset)


def forget(step: Step) -> None:
    """Remove what a step gave before, as it gives nothing now. Call it inside a transaction."""
    if step.derivatives.exists():
        step.derivatives.all().delete()
        changes.tell(step.asset)


def remove_unreferenced(keys: set[str]) -> None:
    """Remove the finished folders of keys that no step has any more, once the present transaction is committed."""

    def remove() -> None:
        kept = set(Step.objects.filter(key__in=keys).values_list("key", flat=True))
        for key in keys - kept - {""}:
            storage.remove(key)

    transaction.on_commit(remove)
