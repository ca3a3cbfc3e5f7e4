"""Films: HLS in several sizes (fMP4 segments, RFC 8216), and a poster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop

from media_pipeline.domain import ffmpeg
from media_pipeline.domain.graph import step
from media_pipeline.domain.work import Work
from media_pipeline.models import Asset

TALLEST: Final = 1080
SMALLEST: Final = 200
SEGMENT: Final = 4
POSTER: Final = 1280
_KINDS: Final = (Asset.Kind.VIDEO,)


def ladder(height: int) -> list[int]:
    """The heights a film is offered in: its own (1080 at most), two thirds and a third of it; even, none enlarged."""
    top = min(height, TALLEST)
    rungs = [top, round(top / 1.5), round(top / 3)]
    return [max(2, rung // 2 * 2) for at, rung in enumerate(rungs) if at == 0 or rung >= SMALLEST]


def _bits(height: int) -> int:
    """Kilobits a second that a rung may need at most: some 2,300 at 720 lines."""
    return max(150, round(height * height * 0.0045))


def _parameters(asset: Asset) -> Mapping[str, Any]:
    return {"segment": SEGMENT, "tallest": TALLEST}


@step("poster", gettext_noop("Take a picture out of the film"), needs=("probe", "scan"), kinds=_KINDS,
      versions=ffmpeg.version)  # fmt: skip
def poster(work: Work) -> None:
    """The picture most like its neighbours, a tenth into the film."""
    work.empty()
    facts = work.asset.facts
    scale = min(1.0, POSTER / max(facts["width"], facts["height"], 1))
    size = max(2, round(facts["width"] * scale)), max(2, round(facts["height"] * scale))
    ffmpeg.convert(
        work,
        [
            "-map",
            "0:v:0",
            "-vf",
            f"thumbnail=24,scale={size[0]}:{size[1]}",
            "-frames:v",
            "1",
            "-q:v",
            "3",
            "poster.jpg",
        ],
        seek=max(0.001, facts["duration"] / 10),
    )
    work.emit("poster", "poster.jpg", "image/jpeg", width=size[0], height=size[1])


@step("film", gettext_noop("Make the film for the player"), needs=("probe", "scan"), kinds=_KINDS,
      parameters=_parameters, versions=ffmpeg.version)  # fmt: skip
def film(work: Work) -> None:
    """A ladder of sizes with one sound track, which a weak connection can play alone."""
    work.empty()
    (work.folder / "hls").mkdir()
    facts = work.asset.facts
    heights, sound = ladder(facts["height"]), bool(facts.get("sound"))
    split = "".join(f"[s{at}]" for at in range(len(heights)))
    scaled = ";".join(f"[s{at}]scale=-2:{height}[v{at}]" for at, height in enumerate(heights))
    arguments = [
        "-filter_complex",
        f"[0:v:0]yadif=deint=interlaced,format=yuv420p,split={len(heights)}{split};{scaled}",
    ]
    variants = []
    for at, height in enumerate(heights):
        arguments += [
            "-map",
            f"[v{at}]",
            f"-maxrate:v:{at}",
            f"{_bits(height)}k",
            f"-bufsize:v:{at}",
            f"{2 * _bits(height)}k",
        ]
        variants.append(f"v:{at},agroup:sound" if sound else f"v:{at}")
    if sound:
        arguments += ["-map", "0:a:0", "-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "44100"]
        variants.append("a:0,agroup:sound,default:yes")
    ffmpeg.convert(
        work,
        [
            *arguments, "-map_metadata", "-1", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23",
            "-profile:v", "main",
            "-force_key_frames", f"expr:gte(t,n_forced*{SEGMENT})", "-sc_threshold", "0", "-threads", "2",
            "-f", "hls", "-hls_time", str(SEGMENT), "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4",
            "-hls_flags", "independent_segments", "-master_pl_name", "master.m3u8",
            "-var_stream_map", " ".join(variants), "-hls_segment_filename", "hls/%v/%05d.m4s", "hls/%v/index.m3u8",
        ],
    )  # fmt: skip
    work.emit(
        "hls", "hls", "application/vnd.apple.mpegurl", width=facts["width"], height=facts["height"],
        duration=facts["duration"], extra={"heights": heights, "master": "master.m3u8"},
    )  # fmt: skip
