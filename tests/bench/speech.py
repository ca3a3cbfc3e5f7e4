"""Prove a speech engine that is installed, on a real recording through all of the pipeline:

    python -m tests.bench.speech MODEL [ENGINE]

MODEL is a folder (faster-whisper) or a file (openai-whisper). Prints the transcript and the seconds it took.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path


def main(model: Path, engine: str) -> None:
    """Run it on a data folder of its own."""
    weights = model / "model.bin" if model.is_dir() else model
    with tempfile.TemporaryDirectory() as folder, weights.open("rb") as stream:
        os.environ |= {
            "NHASAN_MODE": "local",
            "NHASAN_DATA_DIR": folder,
            "NHASAN_DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "NHASAN_SPEECH_ENGINE": engine,
            "NHASAN_SPEECH_MODEL": str(model),
            "NHASAN_SPEECH_MODEL_SHA256": hashlib.file_digest(stream, "sha256").hexdigest(),
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        hear()


def hear() -> None:
    """Work on the recording, and show what became of it."""
    from media_pipeline.domain import assets, blobs, texts
    from tests.media_pipeline.files import finished, said, states
    from tests.shared_data import shared

    with shared("audio-whisper/jfk.flac").open("rb") as stream:
        blob = blobs.store_original(stream)
    begin = time.monotonic()
    asset = finished(assets.ensure(blob, ["en"]))
    print(states(asset), said(asset, "speech"), f"{time.monotonic() - begin:.1f} s")
    print(asset.steps.get(name="speech").detail)
    print(texts.subtitles(asset))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else "faster-whisper")
