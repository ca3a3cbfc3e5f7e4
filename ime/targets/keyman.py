"""Keyman (https://keyman.com): one package for Windows, macOS, Linux, Android, iPhone and the web."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import icu

from ime.model import Keyboard, Kind
from ime.program import Program
from ime.targets import keyman_fonts, keyman_kmn, keyman_osk, keyman_pages, keyman_touch
from ime.targets.base import BOTH, File, Kit, Package
from ime.targets.keyman_compiler import Job, compiled
from ime.targets.keyman_icon import icon
from ime.targets.keyman_package import Said, keyboard_source, without_times
from languages import Orthography, registry

_ENGINE: Final = "10.0"  # the oldest that will do; engines before 17 pass over the flicks of touch layouts
_BOM: Final = b"\xef\xbb\xbf"  # tells the compiler that the source is UTF-8


class _Keyman:
    """The package that Keyman installs (.kmp), and what is in it."""

    id = "keyman"
    title = "Keyman"
    kinds: frozenset[Kind] = BOTH

    def build(self, keyboard: Keyboard, program: Program, kit: Kit) -> Package:
        """The .kmp, its source and its parts; BuildError if the compilers are missing or refuse."""
        job = job_of(keyboard, program, kit)
        (made,) = compiled(kit.tools, [job])
        return package_of(keyboard, job, made)


KEYMAN: Final = _Keyman()


def keyboard_id(keyboard: Keyboard) -> str:
    """The id among all keyboards for Keyman: letters, digits and _ alone."""
    return f"nhasan_{keyboard.id.replace('-', '_')}"


def keyboard_name(keyboard: Keyboard, orthography: Orthography) -> str:
    """The name in menus: the language and the keyboard."""
    language = registry().profile(orthography.language).names
    return " ".join(names.get("vi") or names["en"] for names in (language, keyboard.names))


def job_of(keyboard: Keyboard, program: Program, kit: Kit) -> Job:
    """The sources of a keyboard, ready to be compiled; several jobs may go to the compilers together."""
    identity = keyboard_id(keyboard)
    orthography = registry().orthography(keyboard.orthography)
    name = keyboard_name(keyboard, orthography)
    font = keyman_fonts.of_script(orthography, kit)
    family, font_file = (font.family, font.file) if font else ("", "")
    header = {
        "VERSION": _ENGINE,
        "NAME": name,
        "COPYRIGHT": f"© {keyboard.author}",
        "KEYBOARDVERSION": keyboard.version,
        "TARGETS": "any",
        "BITMAP": f"{identity}.ico",
        "VISUALKEYBOARD": f"{identity}.kvks",
        "LAYOUTFILE": f"{identity}.keyman-touch-layout",
    }
    source = keyman_kmn.source(
        program, header, keyman_touch.own_keys(keyboard, program), comment=(f"{name} {keyboard.version}", "")
    )
    files = {
        f"{identity}.kmn": _BOM + source.encode(),
        f"{identity}.kvks": keyman_osk.layout(keyboard, identity, family),
        f"{identity}.keyman-touch-layout": keyman_touch.layout(keyboard, program, family),
        f"{identity}.ico": icon(keyboard.language),
        "welcome.htm": keyman_pages.welcome(keyboard, name, kit.texts, font_file),
        "readme.htm": keyman_pages.readme(keyboard, name, kit.texts),
        "LICENSE.md": keyman_pages.licence(keyboard, family, font.licence if font else ""),
        **({font.file: font.data} if font else {}),
    }
    packed = [
        f"{identity}.kmx",
        f"{identity}.js",
        f"{identity}.kvk",
        "welcome.htm",
        "readme.htm",
        "LICENSE.md",
    ]
    said = Said(
        id=identity,
        name=name,
        version=keyboard.version,
        author=keyboard.author,
        copyright=f"© {keyboard.author}",
        address=kit.texts.address,
        description=keyboard.why.get("vi") or keyboard.why.get("en", ""),
        languages=_languages(keyboard, orthography),
        files=[*packed, *([font_file] if font else [])],
        readme="readme.htm",
        welcome="welcome.htm",
        licence="LICENSE.md",
        font=font_file,
    )
    return Job(
        {**files, f"{identity}.kps": keyboard_source(said)}, f"{identity}.kmn", package=f"{identity}.kps"
    )


def package_of(keyboard: Keyboard, job: Job, made: Mapping[str, bytes]) -> Package:
    """The package of a keyboard from its job and what the compilers made of it."""
    identity = keyboard_id(keyboard)
    files = [File(f"{identity}.kmp", without_times(made[f"{identity}.kmp"]))]
    files += [File(name, data) for name, data in sorted(made.items()) if not name.endswith(".kmp")]
    files += [File(f"source/{name}", data) for name, data in sorted(job.files.items())]
    return Package(identity, tuple(files))


def _languages(keyboard: Keyboard, orthography: Orthography) -> dict[str, str]:
    """The tags that Keyman offers the keyboard for, with their names; the keyboard's own first."""
    name = registry().profile(orthography.language).names
    shown = name.get("vi") or name["en"]
    return dict.fromkeys(map(minimal_tag, (orthography.tag, *keyboard.locales)), shown)


def minimal_tag(tag: str) -> str:
    """A tag without what goes without saying (UTS #35, likely subtags): Keyman looks languages up by it."""
    locale = icu.Locale.forLanguageTag(tag)
    locale.minimizeSubtags()
    return str(locale.toLanguageTag())
