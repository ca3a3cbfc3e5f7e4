"""What tiles, HLS and OCR cost through the pipeline, beside the tools' own command lines, in one run:

    python -m tests.bench.media [FOLDER]

Prints seconds of processor time (all processes together) of both, their ratio, and the most memory that the tiles of a
scan of 100 megapixels took. Needs ffmpeg, tesseract, and vips (apt: libvips-tools) where tiles are to be compared.
"""

from __future__ import annotations

import io
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROUNDS = 3


def main() -> None:
    """Run it on a data folder of its own."""
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder:
        os.environ |= {
            "NHASAN_MODE": "local",
            "NHASAN_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        os.environ["NHASAN_DATABASE_URL"] = ""
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(Path(folder))


def used() -> float:
    """The processor seconds of all children that ended, and of this process."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF))
    return sum(each.ru_utime + each.ru_stime for each in both)


def cost(do: Callable[[], object]) -> float:
    """The least processor time of some rounds."""
    found = []
    for _round in range(ROUNDS):
        begin = used()
        do()
        found.append(used() - begin)
    return min(found)


def measure(folder: Path) -> None:
    """Make the files, and measure."""
    from PIL import Image

    from media_pipeline.domain import blobs, storage
    from media_pipeline.domain.assets import ensure, start
    from media_pipeline.models import Asset, Step
    from tests.media_pipeline.files import film, finished
    from tests.shared_data import shared

    def through(asset: Asset, *names: str) -> float:
        """The cost of steps of an asset, done anew; less that of the job without them."""

        def again(*gone: str) -> Callable[[], object]:
            def do() -> None:
                for step in Step.objects.filter(asset=asset, name__in=gone):
                    storage.remove(step.key)
                start(asset)
                finished(asset)

            return do

        return cost(again(*names)) - cost(again())

    def show(what: str, ours: float, theirs: float, target: float) -> None:
        print(
            f"{what:6} ours {ours:7.2f} s   tool {theirs:7.2f} s   ratio {ours / theirs:5.2f}   target {target}",
            flush=True,
        )

    def quiet(*command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    scan = folder / "scan.jpg"
    Image.effect_noise((1000, 1000), 60).resize((10_000, 10_000)).convert("RGB").save(scan, quality=90)
    asset = finished(ensure(blobs.store_original(io.BytesIO(scan.read_bytes()))))
    ours = through(asset, "tiles")
    if shutil.which("vips"):
        out = folder / "out"

        def vips() -> None:
            shutil.rmtree(out, ignore_errors=True)
            quiet("vips", "dzsave", f"{scan}[access=sequential]", str(out), "--layout", "iiif3", "--tile-size", "512",
                  "--suffix", ".jpg[Q=85,strip]")  # fmt: skip

        show("tiles", ours, cost(vips), 1.15)
    else:
        print(f"tiles  ours {ours:7.2f} s   (vips is not installed)")
    tasks = folder / "tasks.json"
    tasks.write_text(f'[{{"source": "{scan}", "index": 0, "target": "{folder}/t", "tile": 512}}]')
    program = [sys.executable, "-m", "media_pipeline.programs.picture", "tiles", str(tasks)]
    took = subprocess.run(
        ["/usr/bin/env", sys.executable, "-c", _MEMORY, *program], check=True, capture_output=True, text=True
    )
    print(
        f"memory {int(took.stdout.split()[-1]) / 1024:7.0f} MB at most for the tiles of 100 megapixels   target 200"
    )

    page = shared("images-ocr/linn.png")
    asset = finished(ensure(blobs.store_original(io.BytesIO(page.read_bytes())), ["en"]))
    os.environ["OMP_THREAD_LIMIT"] = "1"
    theirs = cost(
        lambda: quiet(
            "tesseract", str(page), str(folder / "read"), "-l", "eng", "-c", "tessedit_create_alto=1"
        )
    )
    show("ocr", through(asset, "ocr"), theirs, 1.10)

    made = film(folder, 20, "1280x720")
    asset = finished(ensure(blobs.store_original(io.BytesIO(made))))
    hls = folder / "hls"

    def ffmpeg() -> None:
        hls.mkdir(exist_ok=True)
        rungs = [part for n in range(3) for part in ("-map", f"[v{n}]")]
        split = "[0:v:0]format=yuv420p,split=3[a][b][c];[a]scale=-2:720[v0];[b]scale=-2:480[v1];[c]scale=-2:240[v2]"
        quiet(
            "ffmpeg", "-nostdin", "-y", "-i", str(folder / "film.mp4"), "-filter_complex", split, *rungs,
            "-map", "0:a:0",
            "-c:a", "aac", "-b:a", "96k", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-threads", "2",
            "-force_key_frames", "expr:gte(t,n_forced*4)", "-sc_threshold", "0", "-f", "hls", "-hls_time", "4",
            "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4", "-var_stream_map",
            "v:0,agroup:s v:1,agroup:s v:2,agroup:s a:0,agroup:s", "-hls_segment_filename", f"{hls}/%v/%05d.m4s",
            f"{hls}/%v/index.m3u8",
        )  # fmt: skip

    show("hls", through(asset, "film"), cost(ffmpeg), 1.05)


_MEMORY = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)

if __name__ == "__main__":
    main()
