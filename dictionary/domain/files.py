"""The recordings and pictures of entries: references to blobs, guarded like the entry itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from access.domain.gate import may_see
from access.domain.viewer import Viewer
from dictionary.models import Entry, EntryFile
from media_pipeline.domain.blobs import EXTENSIONS
from media_pipeline.models import Blob

_UNSAFE: Final = re.compile(r"[^\w.-]+")


def href_for(blob: Blob, name: str) -> str:
    """The name under which an entry refers to an uploaded file: what it was called, made safe and unambiguous."""
    stem = PurePosixPath(unicodedata.normalize("NFC", name.replace("\\", "/"))).stem
    safe = _UNSAFE.sub("-", stem).strip("-.")[:60] or "file"
    return f"{safe}-{blob.sha256[:8]}{EXTENSIONS[blob.media_type]}"


def attach(entry: Entry, href: str, blob: Blob, licence: str = "") -> EntryFile:
    """Let an entry's `href` mean these bytes. Other bytes get another reference, so that no address changes meaning."""
    present = EntryFile.objects.filter(entry=entry, href=href).first()
    if present is not None:
        if present.blob_id == blob.pk:
            return present
        licence = licence or present.licence
        protocol, embargo = present.protocol_id, present.embargo_until
        present.delete()
        return EntryFile.objects.create(
            entry=entry, href=href, blob=blob, licence=licence, protocol_id=protocol, embargo_until=embargo
        )
    return EntryFile.objects.create(entry=entry, href=href, blob=blob, licence=licence)


def attach_all(entry: Entry, blobs: Mapping[str, Blob]) -> None:
    """Attach several files at once."""
    for href, blob in blobs.items():
        attach(entry, href, blob)


def may_open(file: EntryFile, viewer: Viewer, *, edits: bool) -> bool:
    """Whether a viewer may have the bytes; somebody who edits entries also those of unpublished ones."""
    return may_see(file, viewer, drafts=edits)
