"""A disk that fills while files are worked on, tried on a real small one; where one may mount (root, or a namespace):

    unshare --user --map-root-user --mount python -m tests.bench.full_disk

Prints what became of the steps, of an upload that does not fit, and of the next, small file; then makes room and tries
again. Ends with 1 unless each of them says so in plain words, nothing half written stays, and all is done at last.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SMALL, LARGE = "900k", "40m"


def main() -> int:
    """Run it on a data folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "NHASAN_MODE": "local",
            "NHASAN_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "NHASAN_LOG_LEVEL": "ERROR",
        }
        os.environ["NHASAN_DATABASE_URL"] = ""
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        media = Path(folder) / "media"
        media.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "none", str(media)], check=True)
        try:
            return 0 if fill(media) else 1
        finally:
            subprocess.run(["umount", str(media)], check=True)


def fill(media: Path) -> bool:
    """Fill the disk, make room; whether all went as it should."""
    from django.utils.translation import override

    from media_pipeline.domain import assets, blobs, storage, tools
    from tests.media_pipeline.files import finished, picture, said, states
    from tests.shared_data import shared

    scan = shared("images-ocr/linn.png").read_bytes()
    large = finished(assets.ensure(blobs.store_original(io.BytesIO(scan)), ["en"]))
    failed = {name: said(large, name) for name, state in states(large).items() if state == "failed"}
    print("steps that failed:", failed)
    with override("en"):
        try:
            blobs.store_original(io.BytesIO(b"\xff\xd8\xff" + os.urandom(3_000_000)))
            refused = ""
        except blobs.FileRefusedError as error:
            refused = str(error)
    print("an upload that does not fit:", refused)
    left = [*media.rglob("incoming-*"), *(storage.root() / storage.WORK).glob("*")]
    small = finished(assets.ensure(blobs.store_original(io.BytesIO(picture(size=(60, 60))))))
    print("half written files:", left, "– the next file:", small.state)
    subprocess.run(["mount", "-o", f"remount,size={LARGE}", str(media)], check=True)
    assets.start(large)
    finished(large)
    print("after room was made:", large.state)
    told = bool(failed) and {*failed.values(), refused} == {tools.FULL}
    return told and not left and small.state == large.state == "done"


if __name__ == "__main__":
    sys.exit(main())
