"""The recordings and pictures that come with a LIFT archive, and the files of the lexicon as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dictionary.domain.content import hrefs
from dictionary.domain.files import attach
from dictionary.formats.lift_file import LiftFile
from dictionary.formats.opening import LexiconFile
from dictionary.models import Entry, EntryFile, Lexicon
from dictionary.models import LexiconFile as Companion
from jobs.imports.types import Message
from media_pipeline.domain import blobs
from media_pipeline.models import Blob

_HEAD: Final = 4096


def _(msgid: str) -> str:
    """Marks a text for the catalogues; it is translated when it is shown."""
    return msgid


_NOT_TAKEN: Final = _(
    "“%(name)s” is no recording or picture of a kind that is taken here; the entry is imported without."
)


def warning(file: LexiconFile, content: Mapping[str, Any]) -> Message | None:
    """What to tell about the files of an entry: the first that is in the archive and cannot be taken."""
    if not isinstance(file, LiftFile) or file.archive is None:
        return None
    for href in hrefs(content):
        member = file.media(href)
        if member:
            with file.archive.open(member) as stream:
                try:
                    blobs.sniff(stream.read(_HEAD))
                except blobs.FileRefusedError:
                    return Message("media-not-taken", _NOT_TAKEN, {"name": href[:200]})
    return None


def attach_all(file: LexiconFile, contents: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Keep the files that entries (id, content) name and the archive has; those that cannot be taken are left out."""
    if not isinstance(file, LiftFile) or file.archive is None:
        return
    for pk, content in contents:
        for href in hrefs(content):
            member = file.media(href)
            if not member:
                continue
            with file.archive.open(member) as stream:
                try:
                    blob = blobs.store(stream)
                except blobs.FileRefusedError:
                    continue
            attach(Entry(pk=pk), href, blob)


def attached(pks: Iterable[int]) -> dict[int, dict[str, int]]:
    """The files of entries: entry → name → blob."""
    found: dict[int, dict[str, int]] = {}
    for entry, href, blob in EntryFile.objects.filter(entry__in=list(pks)).values_list(
        "entry", "href", "blob"
    ):
        found.setdefault(entry, {})[href] = blob
    return found


def put_back(before: Mapping[int, Mapping[str, int]]) -> None:
    """Let entries have the files they had."""
    now = attached(before)
    for pk, files in before.items():
        for href, blob in now.get(pk, {}).items():
            if href not in files:
                EntryFile.objects.filter(entry=pk, href=href).delete()
            elif files[href] != blob:
                attach(Entry(pk=pk), href, Blob.objects.get(pk=files[href]))


def keep_companions(file: LexiconFile, lexicon: Lexicon) -> dict[str, int | None]:
    """Keep ranges and writing systems for the export; gives what stood under their names before (None: nothing)."""
    if not isinstance(file, LiftFile) or file.archive is None:
        return {}
    before: dict[str, int | None] = dict.fromkeys(file.companions())
    before.update(
        Companion.objects.filter(lexicon=lexicon, name__in=list(before)).values_list("name", "blob")
    )
    for name in before:
        with file.archive.open(name) as stream:
            try:
                blob = blobs.store(stream, data_type="application/xml")
            except blobs.FileRefusedError:
                continue
        Companion.objects.update_or_create(lexicon=lexicon, name=name, defaults={"blob": blob})
    return before


def put_companions_back(lexicon: Lexicon, before: Mapping[str, int | None]) -> None:
    """Undo `keep_companions`."""
    for name, blob in before.items():
        if blob is None:
            Companion.objects.filter(lexicon=lexicon, name=name).delete()
        else:
            Companion.objects.filter(lexicon=lexicon, name=name).update(blob=blob)
