"""Installs packages with the real installer of Keyman for Linux: `python -m tests.keyman_installer [KEYBOARD …]`.

By hand, not among the tests: on Debian the installer (packages keyman, dbus-x11, python3-dbus, procps) brings some
hundred others, and needs some ten seconds a package. Each package goes into an empty home, is listed there with its
name and version, has the files that were built, and goes away without a trace.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ime.catalogue import keyboards
from ime.compiling import compiled
from ime.model import Keyboard
from ime.targets.base import Kit
from ime.targets.keyman import KEYMAN, keyboard_id
from languages.fonts import font_file

_SECONDS = 180


def called(home: Path, *command: str) -> str:
    """What a command of Keyman says in a session of its own; an error if it fails."""
    folders = {name: str(home / folder) for name, folder in FOLDERS.items()}
    environment = {**os.environ, **folders, "HOME": str(home), "KEYMAN_NOSENTRY": "1", "USER": "root"}
    run = subprocess.run(
        ["dbus-run-session", "--", *command],
        env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False,
    )  # fmt: skip
    if run.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{run.stdout}{run.stderr}")
    return run.stdout


FOLDERS = {"XDG_DATA_HOME": ".local/share", "XDG_CONFIG_HOME": ".config", "XDG_CACHE_HOME": ".cache"}


def installs(keyboard: Keyboard, kit: Kit) -> None:
    """Install, look, remove; an error says what is wrong."""
    package = KEYMAN.build(keyboard, compiled(keyboard), kit)
    identity = keyboard_id(keyboard)
    # What the installer woke up (ibus, dconf) may write there for a moment longer.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        for name in FOLDERS.values():
            (home / name).mkdir(parents=True)
        path = home / package.files[0].path
        path.write_bytes(package.files[0].data)
        called(home, "km-package-install", "-f", str(path))
        listed = called(home, "km-package-list-installed", "--user")
        if f"version: {keyboard.version}, id: {identity}" not in listed:
            raise SystemExit(f"{identity} is not listed:\n{listed}")
        place = home / ".local/share/keyman" / identity
        for ending in (".kmx", ".js", ".kvk"):
            if (place / f"{identity}{ending}").read_bytes() != package.file(ending).data:
                raise SystemExit(f"{place}: the {ending} is another")
        called(home, "km-package-uninstall", identity)
        if place.exists():
            raise SystemExit(f"{place} is left behind")
    print(f"{keyboard.id}: installed, listed, removed", flush=True)


def main(names: Sequence[str]) -> None:
    """Install the keyboards named, or one of each kind."""
    found = list(keyboards().by_id.values())
    kinds = [next(each for each in found if each.kind == kind) for kind in ("composing", "direct")]
    wanted = [keyboards().keyboard(name) for name in names] or kinds
    tools = Path(os.environ.get("NHASAN_KEYBOARD_TOOLS", ".venv/keyman"))
    for keyboard in wanted:
        installs(keyboard, Kit(tools=tools, fonts=font_file))


if __name__ == "__main__":
    main(sys.argv[1:])
