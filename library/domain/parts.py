"""Keeping the pages and cues of files in step with what is read, heard and corrected.

Only what changed is read again: a stamp on each part says what it was made of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from library.domain import boxes
from library.domain.closed import closed, without_consent
from library.models import FilePart, RecordFile
from media_pipeline.domain import texts
from media_pipeline.models import Correction, Cue, PageText
from search.batches import batches
from search.domain import outbox
from search.domain.analysis import marked_words, profile_hash

PAGE: Final = FilePart.Kind.PAGE.value
CUE: Final = FilePart.Kind.CUE.value
NO_KEY: Final = "-"
"""Stands for a word of which folding leaves nothing, so that words and keys stay side by side."""
_FILES: Final = 200
_READ: Final = 50
_NOTED: Final = 2000
_SAID: Final = ("start", "end", "language", "text", "places", "width", "height")
_WRITTEN: Final = (*_SAID, "keys", "profile", "stamp", "version")


class _Text(NamedTuple):
    """What a part says, as `_SAID` has it."""

    start: int
    end: int
    language: str
    text: str
    places: str = ""
    width: int = 0
    height: int = 0


class _Kept(NamedTuple):
    """What is known of a part without reading its text."""

    pk: int
    stamp: str
    language: str
    profile: str


Numbers = Mapping[int, Mapping[int, str]]
"""The stamps that the parts of files should have, by file and number."""


def update(files: QuerySet[RecordFile]) -> int:
    """Make the parts of these files say what is read and heard now, and note for search which came, went or changed.

    Gives how many did. A closed file has no parts. Runs in a transaction; memory is bounded by one transcript.
    """
    changed = 0
    with transaction.atomic():
        for some in batches(files.order_by("pk").select_related("asset"), _FILES):
            pks = [file.pk for file in some]
            shut = RecordFile.objects.filter(closed(timezone.localdate()), pk__in=pks)
            shut_pks = set(shut.values_list("pk", flat=True))
            open_ = [file for file in some if file.pk not in shut_pks and file.asset is not None]
            changed += _pages(pks, open_) + _cues(pks, open_)
    return changed


def out_of_step() -> QuerySet[RecordFile]:
    """Files that have parts although they are closed, text but no parts, or parts made by another profile.

    That is what nobody tells of: a consent that ended yesterday, a profile that was edited.
    """
    parts = FilePart.objects.filter(file=OuterRef("pk"))
    read = Exists(PageText.objects.filter(asset=OuterRef("asset")))
    heard = Exists(Cue.objects.filter(asset=OuterRef("asset")))
    old = Q(pk__in=[])
    for tag in FilePart.objects.order_by().values_list("language", flat=True).distinct():
        old |= Q(language=tag) & ~Q(profile=profile_hash(tag))
    shut = RecordFile.objects.filter(closed(timezone.localdate())).values("pk")
    wrong = (Q(pk__in=shut) & Exists(parts)) | (~Q(pk__in=shut) & (read | heard) & ~Exists(parts))
    return RecordFile.objects.filter(wrong | Exists(parts.filter(old)))


def closed_but_indexed() -> list[int]:
    """Files that a consent has closed and the index may still know: to be left out of every answer.

    There are few: `out_of_step` has them out within the hour.
    """
    shut = RecordFile.objects.filter(without_consent(timezone.localdate()))
    return list(
        shut.filter(Exists(FilePart.objects.filter(file=OuterRef("pk")))).values_list("pk", flat=True)
    )


def note(parts: QuerySet[FilePart], say: Callable[[str, Iterable[int]], None]) -> None:
    """Tell the outbox of parts, some thousand at a time. Inside a transaction."""
    for kind in (PAGE, CUE):
        pks = parts.filter(kind=kind).order_by("pk").values_list("pk", flat=True)
        for some in batches(pks.iterator(chunk_size=_NOTED), _NOTED):
            say(kind, some)


def keys_of(part: FilePart) -> str:
    """The keys of a part, made anew where the profile of its language has changed since."""
    return part.keys if part.profile == profile_hash(part.language) else keys(part.language, part.text)


def keys(tag: str, text: str) -> str:
    """For each line of a text the marked keys of its words, with blanks between."""
    lines = text.split("\n") if text else []
    return "\n".join(" ".join(key or NO_KEY for key in marked_words(tag, line)) for line in lines)


def _pages(pks: Sequence[int], open_: Sequence[RecordFile]) -> int:
    assets = {file.asset_id for file in open_}
    made_of: dict[int, dict[int, list[int]]] = {}
    read = PageText.objects.filter(asset__in=assets).order_by().values_list("asset", "page", "pk")
    corrected = Correction.objects.filter(asset__in=assets, page__isnull=False).order_by("pk")
    for asset, number, pk in (*read, *corrected.values_list("asset", "page", "pk")):
        made_of.setdefault(asset, {}).setdefault(number or 0, []).append(pk)
    wanted = {
        file.pk: {n: _stamp(file.asset_id, *of) for n, of in made_of.get(file.asset_id or 0, {}).items()}
        for file in open_
    }
    kept = _kept(pks, PAGE)
    changed = _remove(kept, wanted)
    asset_of = {file.pk: file.asset_id or 0 for file in open_}
    for some in batches(_stale(kept, wanted), _READ):
        pages = texts.chosen({(asset_of[file], number) for file, number in some})
        found = {}
        for file, number in some:
            page = pages.get((asset_of[file], number))
            found[file, number] = _page(page) if page else _Text(0, 0, "", "")
        changed += _write(PAGE, found, wanted)
    return changed


def _cues(pks: Sequence[int], open_: Sequence[RecordFile]) -> int:
    assets = {file.asset_id for file in open_}
    made_of: dict[int, list[int]] = {}
    heard = Cue.objects.filter(asset__in=assets).order_by().values_list("asset")
    corrected = Correction.objects.filter(asset__in=assets, page=None).order_by("pk")
    for asset, *of in (*heard.annotate(last=Max("pk"), n=Count("pk")), *corrected.values_list("asset", "pk")):
        made_of.setdefault(asset, []).extend(of)
    kept, wanted, changed = _kept(pks, CUE), {}, 0
    for file in open_:
        if file.asset is None or file.asset.pk not in made_of:
            continue
        stamp = _stamp(file.asset.pk, *made_of[file.asset.pk])
        wanted[file.pk] = dict.fromkeys(kept.get(file.pk, ()), stamp)
        if wanted[file.pk] and not any(_stale(kept, {file.pk: wanted[file.pk]})):
            continue
        spoken = dict(enumerate(texts.cues(file.asset), 1))
        wanted[file.pk] = dict.fromkeys(spoken, stamp)
        found = {
            (file.pk, number): _Text(cue.start, cue.end, cue.language, cue.text.replace("\n", " "))
            for number, cue in spoken.items()
        }
        changed += _write(CUE, found, wanted)
    return changed + _remove(kept, wanted)


def _page(page: texts.Page) -> _Text:
    lines = "\n".join(line.text.replace("\n", " ") for line in page.lines)
    places = "\n".join(map(boxes.written, page.lines))
    return _Text(0, 0, page.language, lines, places, page.width, page.height)


def _stamp(*of: int | None) -> str:
    return hashlib.md5(" ".join(map(str, of)).encode(), usedforsecurity=False).hexdigest()


def _kept(pks: Collection[int], kind: str) -> dict[int, dict[int, _Kept]]:
    found: dict[int, dict[int, _Kept]] = {}
    rows = FilePart.objects.filter(file__in=pks, kind=kind).order_by()
    for file, number, pk, stamp, language, profile in rows.values_list(
        "file", "number", "pk", "stamp", "language", "profile"
    ):
        found.setdefault(file, {})[number] = _Kept(pk, stamp, language, profile)
    return found


def _stale(kept: Mapping[int, Mapping[int, _Kept]], wanted: Numbers) -> list[tuple[int, int]]:
    """The parts that are not there yet or made of something else than now, by file and number."""
    return [
        (file, number)
        for file, stamps in wanted.items()
        for number, stamp in stamps.items()
        if (known := kept.get(file, {}).get(number)) is None
        or known.stamp != stamp
        or known.profile != profile_hash(known.language)
    ]


def _remove(kept: Mapping[int, Mapping[int, _Kept]], wanted: Numbers) -> int:
    gone = [
        known.pk
        for file, numbers in kept.items()
        for number, known in numbers.items()
        if number not in wanted.get(file, {})
    ]
    for some in batches(gone, _NOTED):
        parts = FilePart.objects.filter(pk__in=some)
        note(parts, outbox.deleted)
        parts.delete()
    return len(gone)


def _write(kind: str, found: Mapping[tuple[int, int], _Text], wanted: Numbers) -> int:
    """Make or change parts; gives how many have another text than before."""
    version = int(timezone.now().timestamp() * 1_000_000)
    files, numbers = {file for file, _number in found}, {number for _file, number in found}
    rows = FilePart.objects.filter(kind=kind, file__in=files, number__in=numbers)
    there = {(row.file_id, row.number): row for row in rows}
    new: list[FilePart] = []
    other: list[FilePart] = []
    restamped: list[FilePart] = []
    for (file, number), text in found.items():
        stamp, profile = wanted[file][number], profile_hash(text.language)
        row = there.get((file, number))
        if (
            row is not None
            and _Text(*(getattr(row, name) for name in _SAID)) == text
            and row.profile == profile
        ):
            row.stamp = stamp
            restamped.append(row)
            continue
        (new if row is None else other).append(row := row or FilePart(file_id=file, kind=kind, number=number))
        for name, value in zip(_SAID, text, strict=True):
            setattr(row, name, value)
        row.keys, row.profile, row.stamp = keys(text.language, text.text), profile, stamp
        row.version = max(version, (row.version or 0) + 1)
    made = FilePart.objects.bulk_create(new, batch_size=_READ)
    FilePart.objects.bulk_update(other, _WRITTEN, batch_size=_READ)
    FilePart.objects.bulk_update(restamped, ["stamp"], batch_size=_FILES)
    outbox.changed(kind, [row.pk for row in (*made, *other)])
    return len(new) + len(other)
