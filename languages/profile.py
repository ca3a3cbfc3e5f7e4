"""A language profile: what `profile.toml` says of a language, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from languages.orthography import Orthography
from languages.transliteration import Scheme


@dataclass(frozen=True)
class Source:
    """Where facts of the profile come from."""

    id: str
    citation: str
    url: str = ""
    licence: str = ""
    note: str = ""


@dataclass(frozen=True)
class People:
    """A people that speaks the language: its two-digit number in the official list of 54, and its names there."""

    number: str
    names: Mapping[str, str]
    source: str


@dataclass(frozen=True, eq=False)
class LanguageProfile:
    """A language: names (vi, en, perhaps own), peoples, spellings (the first is the default), schemes, sources.

    `scheme_ends` are plain orthographies for tags that stand only at the end of a scheme (a romanisation).
    `is_fallback` says that the house knows nothing of the language beyond its tag. `hash` changes when any key computed
    from the profile could change.
    """

    code: str
    names: Mapping[str, str]
    aliases: tuple[str, ...]
    peoples: tuple[People, ...]
    orthographies: tuple[Orthography, ...]
    schemes: tuple[Scheme, ...]
    scheme_ends: tuple[Orthography, ...]
    sources: Mapping[str, Source]
    reviewed: bool
    is_fallback: bool
    hash: str
    folder: str = ""  # where it was read from; keyboards lie below it
