"""What can be wrong with files to take in: a code, a message, its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jobs.imports.types import Message


def _(msgid: str) -> str:
    """Marks a text for the catalogues; it is translated when it is shown."""
    return msgid


MESSAGES: Final[Mapping[str, str]] = {
    "symlink": _("This is a symbolic link; links are not followed. Put the file itself here."),
    "not-a-file": _("This is no ordinary file."),
    "unreadable": _("The file cannot be read: %(detail)s."),
    "empty-file": _("The file is empty."),
    "file-too-large": _("The file is larger than %(limit)s MB, which is the limit here (NHASAN_MEDIA_MAX_BYTES)."),
    "kind-of-file": _(
        "This kind of file is not taken. Scans: TIFF, JPEG, PNG, WebP, PDF. Recordings: WAV, FLAC, MP3, Ogg, M4A. "
        "Films: MP4, MOV, Matroska, WebM, AVI."
    ),
    "too-many-files": _("There are more than %(limit)s files here (NHASAN_IMPORT_MAX_FILES). Take them in by parts."),
    "changed": _("The file is not the one that was checked any more. Start again."),
    "no-row": _("No row of the table names this: %(names)s."),
    "missing": _("There is no such file or folder: “%(path)s”."),
    "no-files": _("There is no file that is taken in this folder: “%(path)s”."),
    "climbs": _("The path “%(path)s” leads out of the folder. Write it as seen from the folder."),
    "ambiguous": _("“%(path)s” may be several files. Begin the path with the name of its folder: %(choices)s."),
    "path-twice": _("“%(path)s” stands in the table twice."),
    "no-path": _("The row names no file."),
    "path-column-missing": _("No column holds the paths. Name one “path”. The table has: %(columns)s."),
    "column-unknown": _("The column “%(column)s” is not known. There are: %(known)s."),
    "embargo": _("“%(value)s” is no day; write it like 2031-12-31."),
    "protocol": _("There is no protocol “%(value)s” here. There are: %(known)s."),
    "protocol-forbidden": _("Only a steward may decide who sees this: leave protocol and embargo empty."),
    "duplicate": _("These bytes are in the library already: %(file)s, in “%(record)s” (%(ark)s)."),
    "duplicate-hidden": _("These bytes are in the library already, in a record that you may not see: %(file)s."),
    "other-files": _("From this path came a record with other files: “%(record)s” (%(ark)s)."),
}  # fmt: skip


class Problem(Exception):
    """Something is wrong with a file or row; `message` says what."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(MESSAGES[code] % params)
        self.message = Message(code, MESSAGES[code], params)
