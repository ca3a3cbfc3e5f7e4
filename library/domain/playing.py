"""The recordings and films of a record as a player shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import prefetch_related_objects

from access.domain.viewer import Viewer
from library.domain.files import languages, seen
from library.domain.serving import may_keep_original
from library.models import Record, RecordFile
from media_pipeline.domain import assets, texts
from media_pipeline.domain.corrections import Spoken
from media_pipeline.models import Asset, Correction, Cue, Derivative

_PLAYED: Final = (Asset.Kind.AUDIO, Asset.Kind.VIDEO)
_SHOWN: Final = ("hls", "poster", "audio-opus", "audio-aac", "peaks")


@dataclass(frozen=True)
class Chapter:
    """A part of a recording: it begins at `start` (seconds) and has a title."""

    start: float
    title: str


@dataclass(frozen=True)
class Playable:
    """A recording or film. `master` names the playlist of the film below its HLS folder; "" where there is none.

    `seconds` is 0 and `width` and `height` are those of 4:3 until the file was looked into. `in_work`: some steps are
    not over, `done` of `total` are. `keep`: any reader may take the original along.
    """

    file: RecordFile
    film: bool
    seconds: float
    width: int
    height: int
    master: str
    poster: bool
    opus: bool
    m4a: bool
    peaks: bool
    spoken: bool
    chapters: tuple[Chapter, ...]
    in_work: bool
    done: int
    total: int
    keep: bool

    @property
    def id(self) -> UUID:
        """What its addresses are made of."""
        return self.file.uuid

    @property
    def sound(self) -> bool:
        """Whether it can be listened to by itself."""
        return self.opus or self.m4a

    @property
    def ready(self) -> bool:
        """Whether there is anything to play."""
        return bool(self.master) or self.sound

    @property
    def name(self) -> str:
        """Its caption, or else the name of the file."""
        return self.file.caption or self.file.name


@dataclass(frozen=True)
class PlayerView:
    """The recordings and films of a record that a viewer may have, in their order."""

    record: Record
    files: tuple[Playable, ...]

    def find(self, uuid: UUID) -> Playable | None:
        """One of them by its id."""
        return next((each for each in self.files if each.id == uuid), None)


def player_view(record: Record, viewer: Viewer) -> PlayerView | None:
    """What of a record can be played for this viewer; None if there is nothing. At most five queries."""
    files = [file for file in seen(viewer).filter(record=record) if file.asset and file.asset.kind in _PLAYED]
    if not files:
        return None
    works = [file.asset for file in files if file.asset]
    made: dict[int, dict[str, Derivative]] = {}
    for row in Derivative.objects.filter(asset__in=works, role__in=_SHOWN):
        made.setdefault(row.asset_id, {})[row.role] = row
    spoken = {
        *Cue.objects.filter(asset__in=works).order_by().values_list("asset", flat=True).distinct(),
        *Correction.objects.filter(asset__in=works, page=None)
        .exclude(text="")
        .order_by()
        .values_list("asset", flat=True)
        .distinct(),
    }
    prefetch_related_objects(works, "steps")
    shown = (
        _playable(file, file.asset, made.get(file.asset.pk, {}), file.asset.pk in spoken)
        for file in files
        if file.asset
    )
    return PlayerView(record, tuple(shown))


def playable(file: RecordFile) -> Playable | None:
    """How a file is played, for whom the gate was asked already; None for what is no recording. Three queries."""
    if file.asset is None or file.asset.kind not in _PLAYED:
        return None
    rows = Derivative.objects.filter(asset=file.asset, role__in=_SHOWN)
    return _playable(file, file.asset, {row.role: row for row in rows}, file.asset.cues.exists())


def transcript(playable: Playable) -> Sequence[Spoken]:
    """What is said in it, in the order of time, with people's corrections. Two queries."""
    return texts.cues(playable.file.asset) if playable.file.asset and playable.spoken else ()


def spoken_in(playable: Playable) -> str:
    """The tag of the language that a transcript is in when a cue does not say; "und" when nobody knows."""
    tags = playable.file.asset.tags() if playable.file.asset else ()
    return next(iter((*tags, *languages(playable.file.record))), "und")


def place(cues: Iterable[Spoken], seconds: float) -> Spoken | None:
    """The cue that is said at a moment, or the last one before it."""
    before = [cue for cue in cues if cue.start <= seconds * 1000]
    return before[-1] if before else None


def _playable(file: RecordFile, asset: Asset, made: Mapping[str, Derivative], spoken: bool) -> Playable:
    facts = asset.facts
    film = made.get("hls")
    status = assets.status(asset)
    return Playable(
        file=file,
        film=asset.kind == Asset.Kind.VIDEO,
        seconds=float(facts.get("duration") or 0),
        width=int(facts.get("width") or 4),
        height=int(facts.get("height") or 3),
        master=str(film.extra.get("master", "master.m3u8")) if film else "",
        poster="poster" in made,
        opus="audio-opus" in made,
        m4a="audio-aac" in made,
        peaks="peaks" in made,
        spoken=spoken,
        chapters=tuple(
            Chapter(float(str(each["start"])), str(each["title"]).strip()) for each in file.chapters
        ),
        in_work=status.running,
        done=status.done,
        total=status.total,
        keep=may_keep_original(file, edits=False),
    )
