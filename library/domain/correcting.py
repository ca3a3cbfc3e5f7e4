"""Correcting what machines read and heard, as the editor does: a line or a cue at a time, and never over what
somebody else wrote meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from access.models import User
from library.domain.files import languages
from library.models import RecordFile
from media_pipeline.domain.corrections import (
    Line,
    Spoken,
    Word,
    Written,
    cues_beside,
    lines_beside,
    lines_corrected,
    rewrite,
)
from media_pipeline.domain.subtitles import LATEST, LONGEST_SPEAKER, LONGEST_TEXT, Timed
from media_pipeline.models import Asset, Correction, Derivative, PageText
from search.domain.analysis import orthography

UNSURE: Final = 0.7
"""Words of which the machine is less sure than this are marked."""
_SAME: Final = 0.5
Box = tuple[int, int, int, int]


class CorrectionRefusedError(ValueError):
    """What cannot be kept; the message is for the viewer. Nothing was changed."""


class ConflictError(Exception):
    """Somebody else changed the place meanwhile. `now` is what stands there; None: nothing any more."""

    def __init__(self, now: LinePlace | CuePlace | None) -> None:
        super().__init__("changed meanwhile")
        self.now = now


@dataclass(frozen=True)
class LinePlace:
    """A line of a page in the editor. `machine` is what was read there; `gone`: a person said that nothing is."""

    box: Box
    text: str
    machine: str
    words: tuple[Word, ...]
    correction: Correction | None

    @property
    def gone(self) -> bool:
        """Whether a person said that there is nothing to read."""
        return self.correction is not None and not self.correction.text

    @property
    def unsure(self) -> bool:
        """Whether the machine was, and no person has looked."""
        return self.correction is None and any(word.confidence < UNSURE for word in self.words)

    @property
    def place(self) -> str:
        """The place as an address has it."""
        return ",".join(map(str, self.box))

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text cut into words, True for those of which the machine is unsure."""
        if not self.unsure:
            return [(self.text, False)]
        found, at = [], 0
        for word in self.words:
            start = self.text.find(word.text, at)
            if start < 0:
                continue
            found += [(self.text[at:start], False), (word.text, word.confidence < UNSURE)]
            at = start + len(word.text)
        return [piece for piece in (*found, (self.text[at:], False)) if piece[0]]


@dataclass(frozen=True)
class PageLines:
    """A page in the editor: `language` tags its keyboard; `width` and `height` are pixels of the boxes."""

    number: int
    language: str
    width: int
    height: int
    machine: str
    lines: tuple[LinePlace, ...]


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


@dataclass(frozen=True)
class PageProgress:
    """How far the correction of a page is, in lines."""

    number: int
    lines: int
    corrected: int
    unsure: int


@dataclass(frozen=True)
class Progress:
    """How far the correction of a file is. `pages` is 0 for a recording; `touched` pages have corrections."""

    pages: int
    touched: int
    corrections: int

    @property
    def percent(self) -> int:
        """The share of pages with corrections."""
        return round(100 * self.touched / self.pages) if self.pages else 0


def asset_of(file: RecordFile) -> Asset:
    """The work on a file. Raises CorrectionRefusedError as long as there is none."""
    if file.asset is None:
        raise CorrectionRefusedError(_("Nobody has looked into this file yet; try again in a while."))
    return file.asset


def language_of(file: RecordFile) -> str:
    """The tag of the language of a file in which nothing was read or heard; "und" when nobody knows."""
    tags = file.asset.tags() if file.asset else ()
    return next(iter((*tags, *languages(file.record))), "und")


# --- pages -----------------------------------------------------------------------------------------------------------


def page_lines(file: RecordFile, number: int) -> PageLines:
    """A page for the editor, also one on which nothing was read. Three queries."""
    asset = asset_of(file)
    row = asset.page_texts.filter(page=number).first()
    tiles = Derivative.objects.filter(asset=asset, role="tile-set", page=number).first()
    corrections = list(_written(asset, page=number))
    width = (row.width if row else 0) or (tiles.width if tiles else 0) or 0
    height = (row.height if row else 0) or (tiles.height if tiles else 0) or 0
    places = _lines(row, corrections)
    if not width or not height:
        width = max((place.box[0] + place.box[2] for place in places), default=0)
        height = max((place.box[1] + place.box[3] for place in places), default=0)
    return PageLines(
        number, (row.language if row else "") or language_of(file), width, height,
        row.machine if row else "", tuple(places),
    )  # fmt: skip


def save_line(
    file: RecordFile, number: int, box: Box, text: str, seen: str, author: User | None
) -> LinePlace:
    """Put a text in the place of a line; an empty one says that there is nothing to read.

    `seen` is the text that the author saw there. Raises ConflictError when it is another by now, and
    CorrectionRefusedError; nothing is changed then.
    """
    with transaction.atomic():
        page = _locked_page(file, number)
        there = _line_at(page, box)
        text = _clean(text, page.language)
        if there is None:
            raise ConflictError(None)
        if there.text != seen and there.text != text:
            raise ConflictError(there)
        kept = [there.correction] if there.correction else []
        machine = there.machine or (there.correction.before if there.correction else "")
        asset = asset_of(file)
        rewrite(asset, kept, [Written(text, number, there.box, before=machine)], author)
        return _line_at(page_lines(file, number), there.box) or there


def add_line(file: RecordFile, number: int, box: Box, text: str, author: User | None) -> LinePlace:
    """Write a line where the machine saw none. Raises CorrectionRefusedError where there is one already."""
    with transaction.atomic():
        page = _locked_page(file, number)
        text = _clean(text, page.language)
        x, y, w, h = box
        if not text:
            raise CorrectionRefusedError(_("Write what stands there."))
        if w < 1 or h < 1 or x < 0 or y < 0 or x + w > page.width or y + h > page.height:
            raise CorrectionRefusedError(_("The place of the line lies outside of the page."))
        for line in page.lines:
            if is_near(line.box, box):
                raise CorrectionRefusedError(
                    _("There is a line already: “%(text)s”. Correct that one.")
                    % {"text": line.text or line.machine}
                )
        rewrite(asset_of(file), [], [Written(text, number, box)], author)
        return _line_at(page_lines(file, number), box) or page.lines[0]


def take_back(file: RecordFile, correction: int) -> Correction:
    """Let what the machine read or heard stand again. Raises ConflictError when the correction is another by now."""
    with transaction.atomic():
        asset = _locked(file)
        found = Correction.objects.select_related("author").filter(asset=asset, pk=correction).first()
        if found is None:
            raise ConflictError(None)
        rewrite(asset, [found], [], None)
        return found


def is_near(a: Box, b: Box) -> bool:
    """Whether two boxes have most of their place in common."""
    common = _common(a, b)
    return common >= _SAME * min(_area(a), _area(b))


def page_numbers(file: RecordFile) -> int:
    """How many pages a file has."""
    return int(file.asset.facts.get("pages", 0) or 0) if file.asset else 0


def pages_progress(file: RecordFile, numbers: Sequence[int]) -> list[PageProgress]:
    """How far some pages are. Two queries."""
    asset = asset_of(file)
    rows = {row.page: row for row in asset.page_texts.filter(page__in=numbers)}
    corrections: dict[int, list[Correction]] = {}
    for each in Correction.objects.filter(asset=asset, page__in=numbers).order_by("pk"):
        corrections.setdefault(each.page or 0, []).append(each)
    found = []
    for number in numbers:
        lines = _lines(rows.get(number), corrections.get(number, []))
        found.append(
            PageProgress(
                number,
                len(lines),
                sum(line.correction is not None for line in lines),
                sum(line.unsure for line in lines),
            )
        )
    return found


def progress(file: RecordFile) -> Progress:
    """How far the correction of a whole file is. One query, however long it is."""
    counted = Correction.objects.filter(asset=file.asset_id).aggregate(
        touched=Count("page", distinct=True), corrections=Count("pk")
    )
    return Progress(page_numbers(file), counted["touched"], counted["corrections"])


def first_unsure(file: RecordFile, after: int) -> int | None:
    """The next page, after this one, that nobody has touched; None without any. Two queries."""
    touched = set(
        Correction.objects.filter(asset=file.asset_id, page__isnull=False)
        .order_by()
        .values_list("page", flat=True)
        .distinct()
    )
    return next(
        (number for number in range(after + 1, page_numbers(file) + 1) if number not in touched), None
    )


# --- transcripts -----------------------------------------------------------------------------------------------------


def cue_places(file: RecordFile) -> list[CuePlace]:
    """The cues of a recording for the editor, those that were taken away as well, in the order of time."""
    asset = asset_of(file)
    return _cues(file, asset, list(_written(asset, page=None)))


def save_cue(file: RecordFile, at: tuple[int, int], seen: str, new: Timed, author: User | None) -> CuePlace:
    """Put a text, times and a speaker in the place of a cue; an empty text takes it away. See `save_line`."""
    with transaction.atomic():
        there = _cue_at(file, at, seen, new.text)
        text = _clean_cue(file, new, empty=True)
        return _replaced(file, [there], [text], author)


def add_cue(file: RecordFile, new: Timed, author: User | None) -> CuePlace:
    """Write a cue that nobody heard. Raises CorrectionRefusedError."""
    with transaction.atomic():
        _locked(file)
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
    """Make two cues of one, the second begins at `moment` (milliseconds). Gives the second. See `save_line`."""
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
    """Make one cue of this, which says `text` now, and the next. See `save_line`."""
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
        asset = _locked(file)
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


def _replaced(
    file: RecordFile, there: Sequence[CuePlace], new: Sequence[Written], author: User | None
) -> CuePlace:
    """Write cues in the place of others; what the machine heard under those, and nothing else, is covered by them."""
    asset = asset_of(file)
    heard = _heard(asset)
    under = {each.id for place in there for each in place.heard}
    alone = {each.id for each in _alone(heard, _written(asset, page=None))}
    before = "\n".join(each.text for place in there for each in place.heard)
    made = rewrite(
        asset,
        [place.correction for place in there if place.correction],
        [replace(each, before=before) for each in new],
        author,
    )
    now = {each.id for each in _alone(heard, _written(asset, page=None))}
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
    _locked(file)
    near = [cue for cue in cue_places(file) if _common_time(cue, at) >= _SAME]
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
    text = _normalised(text, language_of(file))
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


# --- both ------------------------------------------------------------------------------------------------------------


def _locked(file: RecordFile) -> Asset:
    """Nobody else corrects the file until the transaction is over."""
    return Asset.objects.select_for_update(of=("self",)).get(pk=asset_of(file).pk)


def _locked_page(file: RecordFile, number: int) -> PageLines:
    _locked(file)
    return page_lines(file, number)


def _written(asset: Asset, *, page: int | None) -> Iterable[Correction]:
    found = Correction.objects.filter(
        asset=asset, **({"page__isnull": True} if page is None else {"page": page})
    )
    return found.select_related("author").order_by("pk")


def _lines(row: PageText | None, corrections: Sequence[Correction]) -> list[LinePlace]:
    """The places of a page in the order in which they are read; those with nothing to read among them."""
    machine = [
        Line(identifier, text, x, y, w, h, tuple(Word(*word) for word in words))
        for identifier, text, x, y, w, h, words in (row.lines if row else ())
    ]
    # An empty correction has a place among the others, too, so it is given a text while they are put in order.
    shown = [each if each.text else _with_text(each) for each in corrections]
    beside = {
        (correction.pk if correction else None, among[0].id if among else ""): (correction, among)
        for correction, among in lines_beside(machine, corrections)
    }
    order = [line.id for line in lines_corrected(machine, shown)]
    by_id = {(among[0].id if among else f"c{correction.pk if correction else ''}"): (correction, among)
             for correction, among in beside.values()}  # fmt: skip
    places = []
    for identifier in order:
        correction, among = by_id[identifier]
        if correction is None:
            (line,) = among
            places.append(LinePlace((line.x, line.y, line.w, line.h), line.text, line.text, line.words, None))
            continue
        box = (correction.x, correction.y, correction.w, correction.h)
        read = "\n".join(line.text for line in among)
        if correction.text or read:
            words = tuple(word for line in among for word in line.words)
            places.append(LinePlace(box, correction.text, read, words, correction))
    return places


def _with_text(correction: Correction) -> Correction:
    filled = Correction(page=correction.page, x=correction.x, y=correction.y, w=correction.w, h=correction.h)
    filled.pk, filled.text = correction.pk, "-"
    return filled


def _line_at(page: PageLines, box: Box) -> LinePlace | None:
    """The line in this place, or the one that most of it is now."""

    def share(line: LinePlace) -> float:
        common = _common(line.box, box)
        union = _area(line.box) + _area(box) - common
        return common / union if union else float(line.box == box)

    best = max(page.lines, key=share, default=None)
    return best if best is not None and share(best) >= _SAME else None


def _area(box: Box) -> int:
    return box[2] * box[3]


def _common(a: Box, b: Box) -> int:
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0, width) * max(0, height)


def _clean(text: str, tag: str) -> str:
    text = _normalised(" ".join(text.split()), tag)
    if len(text) > LONGEST_TEXT:
        raise CorrectionRefusedError(_("That is too long for one line."))
    return text


def _normalised(text: str, tag: str) -> str:
    """As the search and the machine's reading have it: NFC, and the repairs of the orthography."""
    return orthography(tag).normalise(text)


def subtitles_limits() -> tuple[int, int]:
    """How many bytes, and how many cues, a subtitle file may have."""
    return settings.NHASAN_SUBTITLES_MAX_BYTES, settings.NHASAN_SUBTITLES_MAX_CUES
