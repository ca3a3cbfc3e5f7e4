"""Correcting the cues of a transcript: what is said, when, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from library.domain.correcting.places import (
    SAME,
    ConflictError,
    CorrectionRefusedError,
    asset_of,
    corrections_of,
    language_of,
    locked,
    normalised,
)
from library.models import RecordFile
from media_pipeline.domain.corrections import Spoken, Written, cues_beside, rewrite
from media_pipeline.domain.subtitles import LATEST, LONGEST_SPEAKER, LONGEST_TEXT, Timed
from media_pipeline.models import Asset, Correction


@dataclass(frozen=True)
class CuePlace:
    """A cue of a transcript in the editor. `machine` is what was heard there."""

    start: int
    end: int
    text: str
    speaker: str
    language: str
    machine: str
    correction: Correction | None
    heard: tuple[Spoken, ...]

    @property
    def gone(self) -> bool:
        """Whether a person said that nothing is said."""
        return self.correction is not None and not self.correction.text

    @property
    def place(self) -> str:
        """The place as an address has it."""
        return f"{self.start}-{self.end}"


def cue_places(file: RecordFile) -> list[CuePlace]:
    """The cues of a recording for the editor, those that were taken away as well, in the order of time."""
    asset = asset_of(file)
    return _cues(file, asset, list(corrections_of(asset, page=None)))


def save_cue(file: RecordFile, at: tuple[int, int], seen: str, new: Timed, author: User | None) -> CuePlace:
    """Put a text, times and a speaker in the place of a cue; an empty text takes it away. See `lines.save_line`."""
    with transaction.atomic():
        there = _cue_at(file, at, seen, new.text)
        text = _clean_cue(file, new, empty=True)
        return _replaced(file, [there], [text], author)


def add_cue(file: RecordFile, new: Timed, author: User | None) -> CuePlace:
    """Write a cue that nobody heard. Raises CorrectionRefusedError."""
    with transaction.atomic():
        locked(file)
        return _replaced(file, [], [_clean_cue(file, new)], author)


def split_cue(
    file: RecordFile,
    at: tuple[int, int],
    seen: str,
    moment: int,
    first: str,
    second: str,
    author: User | None,
) -> CuePlace:
    """Make two cues of one, the second begins at `moment` (milliseconds). Gives the second. See `lines.save_line`."""
    with transaction.atomic():
        there = _cue_at(file, at, seen, None)
        if not there.start < moment < there.end:
            raise CorrectionRefusedError(_("Split at a moment within the cue."))
        new = [
            _clean_cue(file, Timed(there.start, moment, first, there.speaker)),
            _clean_cue(file, Timed(moment, there.end, second, there.speaker)),
        ]
        return _replaced(file, [there], new, author)


def merge_cue(file: RecordFile, at: tuple[int, int], seen: str, text: str, author: User | None) -> CuePlace:
    """Make one cue of this, which says `text` now, and the next. See `lines.save_line`."""
    with transaction.atomic():
        there = _cue_at(file, at, seen, None)
        later = [
            cue
            for cue in cue_places(file)
            if not cue.gone and (cue.start, cue.end) > (there.start, there.end)
        ]
        if not later:
            raise CorrectionRefusedError(_("This is the last cue; there is none to join it with."))
        following = later[0]
        joined = Timed(
            there.start,
            max(there.end, following.end),
            f"{text} {following.text}".strip(),
            there.speaker or following.speaker,
        )
        return _replaced(file, [there, following], [_clean_cue(file, joined)], author)


def import_cues(file: RecordFile, cues: Sequence[Timed], author: User | None, *, over: bool = False) -> int:
    """Make the transcript of a recording what a subtitle file says; what the machine heard is set aside.

    Gives how many cues there are now. Raises CorrectionRefusedError where people wrote cues already, unless `over`
    says that these go. All or nothing.
    """
    with transaction.atomic():
        asset = locked(file)
        old = list(Correction.objects.filter(asset=asset, page=None))
        people = sum(bool(each.text) for each in old)
        if people and not over:
            raise CorrectionRefusedError(
                _(
                    "People wrote %(count)s cues here. Download them first; then say that the file takes their place."
                )
                % {"count": people}
            )
        new = [_clean_cue(file, cue) for cue in cues]
        last = max([cue.end for cue in asset.cues.all()] + [cue.end for cue in new])
        aside = [Written("", start=0, end=last)] if asset.cues.exists() else []
        rewrite(asset, old, [*aside, *new], author)
        return len(new)


def subtitles_limits() -> tuple[int, int]:
    """How many bytes, and how many cues, a subtitle file may have."""
    return settings.NHASAN_SUBTITLES_MAX_BYTES, settings.NHASAN_SUBTITLES_MAX_CUES


def _replaced(
    file: RecordFile, there: Sequence[CuePlace], new: Sequence[Written], author: User | None
) -> CuePlace:
    """Write cues in the place of others; what the machine heard under those, and nothing else, is covered by them."""
    asset = asset_of(file)
    heard = _heard(asset)
    under = {each.id for place in there for each in place.heard}
    alone = {each.id for each in _alone(heard, corrections_of(asset, page=None))}
    before = "\n".join(each.text for place in there for each in place.heard)
    made = rewrite(
        asset,
        [place.correction for place in there if place.correction],
        [replace(each, before=before) for each in new],
        author,
    )
    now = {each.id for each in _alone(heard, corrections_of(asset, page=None))}
    for each in heard:
        if each.id in alone - now - under:
            raise CorrectionRefusedError(
                _("These times cover the cue “%(text)s”. Join the two, or choose other times.")
                % {"text": each.text}
            )
    shown_again = [each for each in heard if each.id in under & now]
    if shown_again:
        aside = [Written("", start=each.start, end=each.end, before=each.text) for each in shown_again]
        rewrite(asset, [], aside, author)
    last = made[-1]
    places = cue_places(file)
    return next(place for place in places if place.correction and place.correction.pk == last.pk)


def _alone(heard: Sequence[Spoken], corrections: Iterable[Correction]) -> list[Spoken]:
    return [
        cue for correction, among in cues_beside(heard, corrections) if correction is None for cue in among
    ]


def _heard(asset: Asset) -> list[Spoken]:
    return [
        Spoken(f"u{row.number}", row.start, row.end, row.text, row.speaker, row.language)
        for row in asset.cues.order_by("number")
    ]


def _cues(file: RecordFile, asset: Asset, corrections: Sequence[Correction]) -> list[CuePlace]:
    spoken_in = language_of(file)
    places = []
    for correction, among in cues_beside(_heard(asset), corrections):
        first = among[0] if among else None
        machine = "\n".join(each.text for each in among)
        said = correction or first
        assert said is not None
        places.append(
            CuePlace(
                said.start, said.end, said.text, said.speaker or (first.speaker if first else ""),
                (first.language if first else "") or spoken_in, machine, correction, tuple(among),
            )
        )  # fmt: skip
    # A mark that something is set aside, and under which the machine hears nothing now, says nothing to anybody.
    return sorted(
        (place for place in places if not place.gone or place.machine), key=lambda cue: (cue.start, cue.end)
    )


def _cue_at(file: RecordFile, at: tuple[int, int], seen: str, text: str | None) -> CuePlace:
    """The cue at this place, if it still says what was seen; else ConflictError."""
    locked(file)
    near = [cue for cue in cue_places(file) if _common_time(cue, at) >= SAME]
    # People may speak at the same time: the one that says what was seen is meant.
    near.sort(key=lambda cue: (cue.text == seen, _common_time(cue, at)))
    if not near:
        raise ConflictError(None)
    found = near[-1]
    if found.text not in {seen, text} or (found.start, found.end) != at:
        raise ConflictError(found)
    return found


def _clean_cue(file: RecordFile, cue: Timed, *, empty: bool = False) -> Written:
    text = "\n".join(filter(None, (" ".join(line.split()) for line in cue.text.splitlines())))
    text = normalised(text, language_of(file))
    speaker = " ".join(cue.speaker.split())
    if not text and not empty:
        raise CorrectionRefusedError(_("Write what is said there."))
    if len(text) > LONGEST_TEXT or len(speaker) > LONGEST_SPEAKER:
        raise CorrectionRefusedError(_("That is too long for one cue; split it."))
    if not 0 <= cue.start < cue.end:
        raise CorrectionRefusedError(_("A cue ends after it begins."))
    if cue.end > min(LATEST, _length(file)):
        raise CorrectionRefusedError(_("The recording is not that long."))
    return Written(text, start=cue.start, end=cue.end, speaker=speaker)


def _length(file: RecordFile) -> int:
    """Milliseconds; the last moment of a recording is often not the one that its head says."""
    seconds = float(asset_of(file).facts.get("duration") or 0)
    return round(seconds * 1000) + 1000 if seconds else LATEST


def _common_time(cue: CuePlace, at: tuple[int, int]) -> float:
    union = max(cue.end, at[1]) - min(cue.start, at[0])
    return max(0, min(cue.end, at[1]) - max(cue.start, at[0])) / union if union else 1.0
