"""The programs that packages are built with, and what is lost without each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_noop as _

from ime.targets import keyman_compiler, windows_dll, windows_setup


@dataclass(frozen=True)
class Missing:
    """A program that is not here: what is lost (an English msgid), and the command that brings it."""

    name: str
    loss: str
    remedy: str


def missing(folder: Path) -> Iterator[Missing]:
    """What is not on this machine; `folder` is where Keyman's compilers were installed."""
    keyman = _("no packages for Keyman (Android, iPhone, Windows, macOS, Linux)")
    if shutil.which("node") is None:
        yield Missing("Node.js", keyman, "apt install nodejs npm; bin/setup")
    elif keyman_compiler.missing(folder):
        yield Missing("Keyman's compiler (kmc)", keyman, "bin/setup")
    if windows_dll.missing():
        yield Missing(
            "MinGW-w64",
            _("no installers for Windows"),
            "apt install binutils-mingw-w64-x86-64 binutils-mingw-w64-i686; manage.py build_keyboards",
        )
    if windows_setup.missing():
        yield Missing("NSIS", _("no installers for Windows"), "apt install nsis; manage.py build_keyboards")
