"""Packages that Keyman installs (.kmp): what the package source (.kps) says, and the zip without its times.

https://help.keyman.com/developer/current-version/reference/file-types/kps
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from ime.targets.base import File, zip_bytes


@dataclass(frozen=True)
class Said:
    """What a package says about itself. `languages` are tags with their names; `fonts` names of files."""

    id: str
    name: str
    version: str
    author: str
    copyright: str
    address: str
    description: str
    languages: Mapping[str, str]
    files: Sequence[str]
    readme: str = ""
    welcome: str = ""
    licence: str = ""
    font: str = ""


def keyboard_source(said: Said) -> bytes:
    """The .kps of a keyboard."""
    fonts = (
        f"      <OSKFont>{escape(said.font)}</OSKFont>\n      <DisplayFont>{escape(said.font)}</DisplayFont>\n"
        if said.font
        else ""
    )
    content = (
        f"  <Keyboards>\n    <Keyboard>\n      <Name>{escape(said.name)}</Name>\n      <ID>{said.id}</ID>\n"
        f"      <Version>{said.version}</Version>\n{fonts}{_languages(said)}    </Keyboard>\n  </Keyboards>\n"
    )
    return _source(said, content, "<FollowKeyboardVersion/>")


def model_source(said: Said) -> bytes:
    """The .kps of a word list."""
    content = (
        f"  <LexicalModels>\n    <LexicalModel>\n      <Name>{escape(said.name)}</Name>\n"
        f"      <ID>{said.id}</ID>\n{_languages(said)}    </LexicalModel>\n  </LexicalModels>\n"
    )
    return _source(said, content, "")


def without_times(package: bytes) -> bytes:
    """The same zip, sorted and without times: equal files give equal bytes."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return zip_bytes(File(name, archive.read(name)) for name in archive.namelist())


def _languages(said: Said) -> str:
    rows = "".join(
        f"        <Language ID={quoteattr(tag)}>{escape(name)}</Language>\n"
        for tag, name in said.languages.items()
    )
    return f"      <Languages>\n{rows}      </Languages>\n"


def _source(said: Said, content: str, options: str) -> bytes:
    files = "".join(
        f"    <File>\n      <Name>{escape(name)}</Name>\n      <Description>{escape(name)}</Description>\n"
        f"      <CopyLocation>0</CopyLocation>\n      <FileType>.{escape(name.rpartition('.')[2])}</FileType>\n"
        "    </File>\n"
        for name in said.files
    )
    website = f"    <WebSite URL={quoteattr(said.address)}>{escape(said.address)}</WebSite>\n"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<Package>\n'
        "  <System>\n    <KeymanDeveloperVersion>17.0.332.0</KeymanDeveloperVersion>\n"
        "    <FileVersion>7.0</FileVersion>\n  </System>\n"
        f"  <Options>\n    <ReadMeFile>{said.readme}</ReadMeFile>\n    <WelcomeFile>{said.welcome}</WelcomeFile>\n"
        f"    <LicenseFile>{said.licence}</LicenseFile>\n    {options}\n  </Options>\n"
        f"  <Info>\n    <Name URL=''>{escape(said.name)}</Name>\n"
        f"    <Copyright URL=''>{escape(said.copyright)}</Copyright>\n"
        f"    <Author URL=''>{escape(said.author)}</Author>\n"
        f"    <Version URL=''>{said.version}</Version>\n{website if said.address else ''}"
        f"    <Description URL=''>{escape(said.description)}</Description>\n  </Info>\n"
        f"  <Files>\n{files}  </Files>\n{content}</Package>\n"
    ).encode()
