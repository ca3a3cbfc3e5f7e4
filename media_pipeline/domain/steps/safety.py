"""Whether a file carries malware, and whether its bytes are still those that were stored."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from media_pipeline.domain import blobs, tools
from media_pipeline.domain.errors import StepFailed, StepSkipped
from media_pipeline.domain.graph import step
from media_pipeline.domain.work import Work

FOUND: Final = gettext_noop(
    "The file carries malware (%(name)s). It is not worked on, and must not be handed out."
)
NO_SIGNATURES: Final = gettext_noop(
    "Not scanned for malware: there are no signatures in %(folder)s. Run freshclam, or set NHASAN_SCAN_SIGNATURES."
)
CHANGED: Final = gettext_noop(
    "The bytes are not those that were stored (or are gone): bring the file back from a backup."
)
CLEAN, INFECTED = 0, 1


@step("fixity", gettext_noop("Compare the checksum"), keep=False)
def fixity(work: Work) -> None:
    """Compare the bytes with the sha256 they were stored under."""
    if not blobs.verify(work.asset.blob):
        raise StepFailed(CHANGED)
    work.result.facts = {"verified_at": timezone.now().isoformat(timespec="seconds")}


@step("scan", gettext_noop("Scan for malware"), needs=("fixity",), keep=False, passable=True)
def scan(work: Work) -> None:
    """Ask ClamAV; without it, or without signatures, the step is left out and says so."""
    clamscan = tools.find("clamscan")
    signatures = Path(settings.NHASAN_SCAN_SIGNATURES)
    if not (signatures.is_file() or any(signatures.glob("*.*db*")) or any(signatures.glob("*.cld"))
            or any(signatures.glob("*.cvd"))):  # fmt: skip
        raise StepSkipped(NO_SIGNATURES, {"folder": str(signatures)})
    # Without these, larger files are passed over and called clean.
    limits = ["--max-filesize=2000M", "--max-scansize=2000M", "--max-scantime=0"]
    done = work.run(
        [clamscan, "--no-summary", "--stdout", f"--database={signatures}", *limits, str(work.source)],
        check=False,
    )
    if done.code == INFECTED:
        name = re.search(r": (\S+) FOUND", done.out.decode("utf-8", "replace"))
        raise StepFailed(FOUND, {"name": name[1] if name else "?"}, done.out.decode("utf-8", "replace"))
    if done.code != CLEAN:
        raise tools.failure(done, "clamscan", work.folder)
