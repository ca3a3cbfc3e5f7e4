"""A keyboard layout for Windows: DLLs with the tables, an installer that can be undone, and the source as .klc.

Only direct keyboards can be said in it. See docs/keyboards-windows.md.
"""

from __future__ import annotations

import hashlib
from typing import Final

import icu

from ime.errors import BuildError
from ime.model import Keyboard, Kind
from ime.program import Press, Program
from ime.targets.base import DIRECT, File, Kit, Package, zip_bytes
from ime.targets.scripts import script_of
from ime.targets.windows_dll import MACHINES, dll, source
from ime.targets.windows_klc import About, klc
from ime.targets.windows_setup import setup
from ime.targets.windows_tables import lacking, tables
from ime.targets.writing import full_name
from languages import registry

# Windows numbers some languages and no others. Layouts of the others stand under the one that people here have anyway.
_HERE: Final = 0x042A
_MOST_KEYBOARDS: Final = (
    6  # hexadecimal digits of a DLL's name, which has the eight characters of old file names
)


class _Windows:
    """`<keyboard>-windows.zip`: two installers, the DLLs, the source, and how."""

    id = "windows"
    title = "Windows"
    kinds: frozenset[Kind] = DIRECT

    def build(self, keyboard: Keyboard, program: Program, kit: Kit) -> Package:
        """The package; BuildError for a keyboard that rewrites what was typed, for outputs that Windows cannot take,
        and where MinGW-w64 or NSIS is missing."""  # fmt: skip
        if program.composing:
            raise BuildError(
                "windows_composing",
                f"{keyboard.id} rewrites what was typed; a layout of Windows cannot. There is Keyman for it.",
                keyboard=keyboard.id,
            )
        layout = tables(program)
        sources = {machine.id: source(layout, machine) for machine in MACHINES.values()}
        name = dll_name(keyboard, "".join(sources.values()))
        dlls = {
            f"{machine.id}/{name}.dll": dll(f"{name}.dll", sources[machine.id], machine)
            for machine in MACHINES.values()
        }
        locale = windows_locale(keyboard.orthography)
        about = About(
            name=name,
            title=full_name(keyboard, "vi"),
            author=keyboard.author,
            version=keyboard.version,
            tag=keyboard.orthography,
            locale=locale,
            language=registry().profile(keyboard.language).names["vi"],
        )
        values = {
            "ID": keyboard.id,
            "TITLE": about.title,
            "NAME_VI": full_name(keyboard, "vi"),
            "NAME_EN": full_name(keyboard, "en"),
            "VERSION": keyboard.version,
            "HOUSE": kit.texts.house,
            "ADDRESS": kit.texts.address,
            "DLL": f"{name}.dll",
            "LOCALE": f"{locale:04x}",
            "TAG": keyboard.orthography,
        }
        files = [
            File(f"{keyboard.id}.exe", setup("x64", dlls, values), run=True),
            File(f"{keyboard.id}-32bit.exe", setup("x86", dlls, values), run=True),
            File("README.txt", _for_notepad(script_of("windows-readme.txt", values))),
            File(f"{keyboard.id}.klc", klc(layout, about)),
            *(File(f"dll/{path}", data) for path, data in dlls.items()),
        ]
        folder = f"{keyboard.id}-windows"
        inside = [File(f"{folder}/{each.path}", each.data, each.run) for each in files]
        return Package(folder, (File(f"{folder}.zip", zip_bytes(inside)), *files))

    def lacking(self, program: Program) -> frozenset[Press]:
        """Dead keys with a result for a key that gives several units, which no table of Windows can hold."""
        return lacking(program)


WINDOWS: Final = _Windows()


def dll_name(keyboard: Keyboard, content: str) -> str:
    """What the DLL is called, from what is in it: another version gets another name, so none is overwritten in use."""
    digest = hashlib.sha256(f"{keyboard.id}\0{content}".encode()).hexdigest()
    return f"ns{digest[:_MOST_KEYBOARDS]}"


def windows_locale(tag: str) -> int:
    """The number of the language under which Windows lists a layout: the tag's own, if it has one."""
    locale = icu.Locale(tag)
    locale.addLikelySubtags()
    number = int(icu.Locale(locale.getLanguage(), locale.getCountry()).getLCID())
    return number if number >= 0x400 else _HERE


def _for_notepad(text: bytes) -> bytes:
    """With the line ends and the byte order mark by which old versions of Notepad know UTF-8."""
    return b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")
