"""What follows from a change of a lexicon: its entries are derived and indexed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction

from dictionary.domain import publish
from dictionary.models import Entry, Lexicon
from jobs.domain.kinds import JobKind
from jobs.domain.queue import enqueue

if TYPE_CHECKING:
    from jobs.domain.context import JobContext

# A change of one of these shows in search or in the derived columns of every entry.
WATCHED: Final = (
    "slug", "language", "orthography", "gloss_languages", "under_review", "protocol_id", "embargo_until",
)  # fmt: skip
# So many entries are brought up to date at once; more are left to a job.
AT_ONCE: Final = 500
REFRESH: Final = "dictionary.refresh"
_COLUMNS: Final = ("headword", "gloss", "sort_key")


def changed(lexicon: Lexicon) -> None:
    """Bring the entries of a lexicon up to date after one of `WATCHED` changed: now, or by a job if they are many."""
    if lexicon.entries.count() <= AT_ONCE:
        with transaction.atomic():
            refresh(lexicon, list(lexicon.entries.order_by("pk").values_list("pk", flat=True)))
    else:
        enqueue(REFRESH, {"lexicon": lexicon.pk}, title=str(lexicon), unique_key=str(lexicon.pk))


def refresh(lexicon: Lexicon, pks: list[int]) -> None:
    """Derive these entries' columns anew and write what search knows of them. Revisions stay as they are."""
    entries = list(Entry.objects.filter(pk__in=pks).only("content", "lexicon", *_COLUMNS))
    for entry in entries:
        entry.lexicon = lexicon
        entry.derive()
    with transaction.atomic():
        Entry.objects.bulk_update(entries, _COLUMNS, batch_size=100)
        publish.reindex(pks)


def run_refresh(context: JobContext) -> None:
    """The job of `REFRESH`: in chunks, resumable by the last id done."""
    lexicon = Lexicon.objects.get(pk=context.params["lexicon"])
    total, done = lexicon.entries.count(), int(context.checkpoint.get("done", 0))
    after = int(context.checkpoint.get("after", 0))
    while True:
        pks = list(lexicon.entries.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        if not pks or context.should_stop():
            return
        with transaction.atomic():
            refresh(lexicon, pks)
            after, done = pks[-1], done + len(pks)
            context.save({"after": after, "done": done})
        context.progress(done, total)


def kind() -> JobKind:
    """The kind of job that refreshes a lexicon."""
    return JobKind(name=REFRESH, title="Bring the entries of a lexicon up to date", run=run_refresh)
