"""Opening a file from outside in whatever format it is, and packing folders so that they are one file."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

from dictionary.formats.archive import Archive, is_zip
from dictionary.formats.cldf_file import CldfFile, Wanted
from dictionary.formats.errors import FileError
from dictionary.formats.items import Item
from dictionary.formats.lift_file import LiftFile
from dictionary.formats.limits import Limits
from dictionary.formats.mapping import ColumnMapping
from dictionary.formats.table_file import TableFile

FORMATS: Final = ("lift", "cldf", "csv", "xlsx")
# What stands beside a LIFT file and belongs to it.
_LIFT_FOLDERS: Final = ("audio", "pictures", "others", "WritingSystems")


class LexiconFile(Protocol):
    """What every reader of a format offers. `partial`: an item says only a part of its entry."""

    @property
    def format(self) -> str:
        """The name of the format."""

    @property
    def partial(self) -> bool:
        """Whether an item says only a part of its entry."""

    @property
    def file(self) -> str:
        """What messages call the file."""

    def count(self) -> int:
        """How many entries or rows there are."""

    def items(self) -> Iterator[Item]:
        """The entries, in the order of the file."""

    def header(self) -> dict[str, Any]:
        """What the file says of itself and its export needs again."""


@contextmanager
def opened(
    kind: str,
    path: Path,
    limits: Limits,
    *,
    name: str = "",
    mapping: ColumnMapping | None = None,
    orthography: str = "",
    language: str = "",
    wanted: Wanted | None = None,
    legacy: Mapping[str, str] | None = None,
) -> Iterator[LexiconFile]:
    """The file in its format, open as long as the context. Raises FileError if it is not what it should be.

    `legacy`: columns of a table that are in an encoding from before Unicode (see `dictionary.formats.legacy`).
    """
    name = name or path.name
    try:
        if path.stat().st_size == 0:
            raise FileError("empty", file=name)
        if kind == "lift":
            with LiftFile(path, limits, name) as lift:
                yield lift
        elif kind == "cldf" and is_zip(path):
            with CldfFile(
                path, limits, name, orthography=orthography, language=language, wanted=wanted
            ) as data_set:
                yield data_set
        elif kind in ("cldf", "csv", "xlsx"):
            with TableFile(
                path, limits, name, kind="xlsx" if kind == "xlsx" else "csv", mapping=mapping,
                orthography=orthography, language=language, legacy=legacy,
            ) as table:  # fmt: skip
                yield table
        else:
            raise FileError("format-unknown", file=name)
    except OSError as error:
        raise FileError("unreadable", {"detail": error.strerror or str(error)}, file=name) from None


def format_of(path: Path, name: str = "") -> str:
    """The format that a file's name and first bytes tell; raises FileError if they do not."""
    name = (name or path.name).lower()
    if is_zip(path):
        if name.endswith(".xlsx"):
            return "xlsx"
        with Archive(path, Limits()) as archive:
            if archive.ending_with(".lift"):
                return "lift"
            if archive.ending_with("metadata.json", "forms.csv"):
                return "cldf"
            if "[Content_Types].xml" in archive.members:
                return "xlsx"
    elif name.endswith((".lift", ".xml")):
        return "lift"
    elif name.endswith((".csv", ".tsv", ".txt", ".tab")):
        return "csv"
    raise FileError("format-unknown", file=name)


@contextmanager
def one_file(path: Path, kind: str) -> Iterator[Path]:
    """The path itself if it is one file by itself; a folder, or a file with others that belong to it, as an archive.

    LIFT: the ranges, sound, pictures and writing systems beside the file. CLDF: the folder of the metadata file.
    Raises FileError if there is nothing at the path.
    """
    if not path.exists():
        raise FileError("not-found", file=str(path))
    members = _belonging(path, kind)
    if not members:
        yield path
        return
    with TemporaryDirectory(prefix="nhasan-") as folder:
        packed = Path(folder) / f"{path.stem or path.name}.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, member in members.items():
                archive.write(member, name)
        yield packed


def _belonging(path: Path, kind: str) -> dict[str, Path]:
    """Name in the archive → file; empty for a file that stands alone."""
    if path.is_file() and is_zip(path):
        return {}
    if kind == "cldf":
        if path.is_file() and path.name.endswith("metadata.json"):
            path = path.parent
        if path.is_dir():
            return {
                one.name: one for one in sorted(path.iterdir()) if one.suffix in (".csv", ".json", ".bib")
            }
        return {}
    if path.is_dir():
        found = sorted(path.glob("*.lift")) if kind == "lift" else []
        if len(found) != 1:
            names = ", ".join(one.name for one in found[:5])
            code = "archive-several" if found else "archive-none"
            raise FileError(code, {"names": names, "format": kind.upper()}, file=str(path))
        path = found[0]
    if kind != "lift":
        return {}
    beside = {one.name: one for one in path.parent.glob("*.lift-ranges") if one.stem == path.stem}
    for name in _LIFT_FOLDERS:
        folder = path.parent / name
        if folder.is_dir():
            for one in sorted(folder.rglob("*")):
                if one.is_file() and not one.is_symlink():
                    beside[one.relative_to(path.parent).as_posix()] = one
    return {path.name: path, **beside} if beside else {}
