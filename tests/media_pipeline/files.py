"""Files to be worked on, made by real tools, and working on them."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

from PIL import Image, ImageDraw

from jobs.domain.run import run_now
from jobs.models import Job
from media_pipeline.domain import assets, blobs
from media_pipeline.models import Asset, Step


def worked_on(data: bytes, *languages: str, data_type: str = "") -> Asset:
    """The asset of these bytes after all that can be done with it."""
    stream = io.BytesIO(data)
    blob = blobs.store(stream, data_type=data_type) if data_type else blobs.store_original(stream)
    return finished(assets.ensure(blob, languages))


def finished(asset: Asset) -> Asset:
    """The asset after its job ran."""
    for job in Job.objects.filter(
        kind="media.asset", state=Job.State.WAITING, unique_key=f"asset-{asset.pk}"
    ):
        run_now(job)
    asset.refresh_from_db()
    return asset


def states(asset: Asset) -> dict[str, str]:
    """The state of every step, by name."""
    return {row.name: row.state for row in asset.steps.all()}


def step(asset: Asset, name: str) -> Step:
    """A step of an asset."""
    return asset.steps.get(name=name)


def said(asset: Asset, name: str) -> str:
    """What a step says, in English."""
    row = step(asset, name)
    return row.message % row.message_params if row.message_params else row.message


def picture(kind: str = "PNG", size: tuple[int, int] = (700, 300), **options: object) -> bytes:
    """A picture with something on it."""
    made = Image.new("RGB", size, "white")
    ImageDraw.Draw(made).ellipse([10, 10, size[0] - 10, size[1] - 10], fill="navy")
    stream = io.BytesIO()
    made.save(stream, kind, **options)
    return stream.getvalue()


def ffmpeg(path: Path, *arguments: str) -> bytes:
    """What ffmpeg makes of its own test pictures and tones."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments, str(path)]
    subprocess.run(command, check=True)
    return path.read_bytes()


def film(folder: Path, seconds: int = 3, size: str = "320x240", *more: str) -> bytes:
    """A short film with a tone."""
    pictures = ["-f", "lavfi", "-i", f"testsrc2=duration={seconds}:size={size}:rate=10"]
    tone = ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"]
    return ffmpeg(folder / "film.mp4", *pictures, *tone, "-shortest", "-preset", "ultrafast", *more)


def tone(folder: Path, seconds: int = 2, name: str = "tone.wav") -> bytes:
    """A tone."""
    return ffmpeg(folder / name, "-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}")
