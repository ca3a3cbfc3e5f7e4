"""Try layout, installer and uninstaller in Wine. By hand, it takes half a minute: python -m tests.ime.windows_in_wine

Needs Debian's wine64, wine and gcc-mingw-w64-x86-64-win32. A C program (windows_loader.c) loads the 64-bit DLL and says
what is in it, through structures that a compiler lays out; then the installer runs twice and the uninstaller once, and
nothing may be left.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ime.compiling import compiled
from ime.targets.windows import WINDOWS
from ime.targets.windows_tables import Tables, tables
from tests.ime.kit import shipped
from tests.ime.linux import KIT

_LAYOUTS = r"HKLM\SYSTEM\CurrentControlSet\Control\Keyboard Layouts"


def main() -> int:
    """Try the direct keyboards that are named, or the first with dead keys and several characters on a key."""
    direct = [each for each in shipped() if each.kind == "direct"]
    chosen = [each for each in direct if each.id in sys.argv[1:]] or [
        next(
            each
            for each in direct
            if each.dead and any(len(text) > 1 for text in compiled(each).keys.values())
        )
    ]
    with tempfile.TemporaryDirectory(prefix="wine-") as folder:
        at = Path(folder)
        environment = {
            **os.environ,
            "WINEPREFIX": str(at / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
        }
        loader = str(at / "loader.exe")
        source = Path(__file__).with_name("windows_loader.c")
        _run(["x86_64-w64-mingw32-gcc", "-municode", "-O1", "-Wall", "-o", loader, str(source)], environment)
        for keyboard in chosen:
            program = compiled(keyboard)
            package = WINDOWS.build(keyboard, program, KIT)
            for name in (f"{keyboard.id}.exe", "x64/" + package.file(".dll").path.rpartition("/")[2]):
                (at / name.rpartition("/")[2]).write_bytes(package.file(name).data)
            dll = package.file(".dll").path.rpartition("/")[2]
            said = _run(["wine", loader, f"Z:{at / dll}"], environment)
            _compare(said, tables(program))
            _install(at, keyboard.id, dll, environment)
            print(f"{keyboard.id}: loaded, {len(said.splitlines())} facts; installed twice and removed")
        _run(["wineserver", "-k"], environment)
    return 0


def _compare(said: str, layout: Tables) -> None:
    """What the C program read has to be what the tables say."""
    found = set(said.splitlines())
    for row in layout.rows:
        units = [
            "f001" if cell.dead else "f000" if not cell.units
            else f"{cell.units[0]:04x}" if len(cell.units) == 1 else "f002"
            for cell in row.cells
        ]  # fmt: skip
        line = f"key {row.virtual_key:02x} {row.caps} {' '.join(units)}"
        assert line in found, line
    for dead in layout.dead:
        for before, after in dead.results:
            line = f"dead {dead.unit << 16 | before:08x} {after:04x} 0"
            assert line in found, line
    for key, column, units in layout.ligatures():
        line = f"ligature {key:02x} {column} {' '.join(f'{unit:04x}' for unit in units)}"
        assert any(each.startswith(line) for each in found), line


def _install(at: Path, keyboard: str, dll: str, environment: dict[str, str]) -> None:
    windows = at / "prefix" / "drive_c" / "windows"
    places = [windows / "system32" / dll, windows / "syswow64" / dll]
    removal = at / "prefix" / "drive_c" / "Program Files" / "Nha San Keyboards" / keyboard
    for _ in range(2):
        _run(["wine", str(at / f"{keyboard}.exe"), "/S"], environment)
        entered = _run(["wine", "reg", "query", _LAYOUTS, "/s"], environment)
        assert entered.count(dll) == 1 and all(place.exists() for place in places), entered
    # An uninstaller copies itself away and runs there; with _?= it stays, so that it can be waited for.
    stay = rf"_?=C:\Program Files\Nha San Keyboards\{keyboard}"
    _run(["wine", str(removal / "uninstall.exe"), "/S", stay], environment)
    left = _run(["wine", "reg", "query", _LAYOUTS, "/s"], environment)
    assert dll not in left and not any(place.exists() for place in places), left


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
    said = done.stdout.decode("utf-8", "replace")
    assert done.returncode in (0, 1), (command, done.returncode, said, done.stderr)
    return said


if __name__ == "__main__":
    sys.exit(main())
