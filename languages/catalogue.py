"""All profiles, found by code or tag, with a plain fallback for languages that have none."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from languages import tags
from languages.configuration import SHIPPED_PROFILES, configuration
from languages.errors import ProfileError
from languages.loader import ALGORITHM, PROFILE_FILE, SHARED_FOLDER, load_profile
from languages.orthography import Orthography, scripts_of
from languages.plain import plain_orthography
from languages.profile import LanguageProfile


@dataclass(frozen=True, eq=False)
class Registry:
    """Every profile, by canonical code. Immutable; made by `registry()` or, from other folders, `load_registry`."""

    profiles: Mapping[str, LanguageProfile]
    orthographies: tuple[Orthography, ...]
    _codes: Mapping[str, str] = field(repr=False)  # code or alias, lower case → code
    _tags: Mapping[str, Orthography] = field(repr=False)  # tag or alias, lower case → orthography

    def profile(self, code: str) -> LanguageProfile:
        """The profile of a code, an alias or a tag; a plain fallback if there is none.

        Raises LanguageError for what is not a well-formed tag.
        """
        exact = self._tags.get(code.lower())
        if exact is not None and exact.language in self.profiles:
            return self.profiles[exact.language]
        tag = tags.parse(code)
        known = self._codes.get(tag.language)
        return self.profiles[known] if known is not None else _fallback_profile(tag.language)

    def orthography(self, tag: str) -> Orthography:
        """The orthography of a tag or an alias; a language's code alone means its first one.

        A region is passed over (qaa-Latn-VN is qaa-Latn). A spelling or language without a profile gets the plain
        fallback. Raises LanguageError for what is not a well-formed tag.
        """
        found = self._tags.get(tag.lower())
        if found is not None:
            return found
        parsed = tags.parse(tag)
        code = self._codes.get(parsed.language)
        if code is None:
            return _fallback_orthography(str(parsed))
        own = tags.Tag(code, parsed.script, "", parsed.variants, parsed.extensions, parsed.private)
        if own == tags.Tag(code):
            return self.profiles[code].orthographies[0]
        return self._tags.get(str(own).lower()) or _fallback_orthography(str(own))

    def owners(self, text: str) -> tuple[Orthography, ...]:
        """The orthographies in whose script some of the text is written; all of them if it has no script."""
        scripts = scripts_of(text)
        if not scripts:
            return self.orthographies
        return tuple(orthography for orthography in self.orthographies if orthography.script in scripts)


_lock = threading.Lock()
_registry: Registry | None = None


def registry() -> Registry:
    """The profiles that ship with the house and those of NHASAN_PROFILES_DIR, read on first use.

    Raises ProfileError when one of them is wrong.
    """
    global _registry
    if _registry is None:
        with _lock:
            if _registry is None:
                _registry = load_registry((SHIPPED_PROFILES, *configuration().profiles_dirs))
    return _registry


def load_registry(folders: Iterable[Path]) -> Registry:
    """A registry over folders of profiles; a code in a later folder replaces that of an earlier one."""
    folders = tuple(folders)
    for folder in folders:
        if not folder.is_dir():
            raise ProfileError("missing_folder", str(folder), "", "is no folder of profiles")
    places = {
        path.parent.name: path.parent
        for folder in folders
        for path in sorted(folder.glob(f"*/{PROFILE_FILE}"))
        if not path.parent.name.startswith("_")
    }
    shared = tuple(folder / SHARED_FOLDER for folder in folders)
    made: list[Registry] = []

    def resolve(tag: str) -> Orthography:
        return made[0].orthography(tag)

    profiles = {code: load_profile(places[code], resolve, shared) for code in sorted(places)}
    made.append(
        Registry(
            profiles=MappingProxyType(profiles),
            orthographies=tuple(one for profile in profiles.values() for one in profile.orthographies),
            _codes=_index_codes(profiles.values()),
            _tags=_index_tags(profiles.values()),
        )
    )
    return made[0]


def _index_codes(profiles: Iterable[LanguageProfile]) -> Mapping[str, str]:
    codes: dict[str, str] = {}
    for profile in profiles:
        for at, code in enumerate((profile.code, *profile.aliases)):
            key = "code" if at == 0 else f"aliases[{at - 1}]"
            if codes.setdefault(code.lower(), profile.code) != profile.code:
                raise _claimed_twice(profile, key, code, codes[code.lower()])
    return MappingProxyType(codes)


def _index_tags(profiles: Iterable[LanguageProfile]) -> Mapping[str, Orthography]:
    index: dict[str, Orthography] = {}
    for profile in profiles:
        for at, orthography in enumerate(profile.orthographies):
            for tag in (orthography.tag, *orthography.aliases):
                other = index.setdefault(tag.lower(), orthography)
                if other is not orthography:
                    raise _claimed_twice(profile, f"orthography[{at}]", tag, other.tag)
    for profile in profiles:
        for bare in profile.scheme_ends:
            index.setdefault(bare.tag.lower(), bare)
    return MappingProxyType(index)


def _claimed_twice(profile: LanguageProfile, key: str, claimed: str, holder: str) -> ProfileError:
    file = f"{Path(profile.folder).name}/{PROFILE_FILE}"
    return ProfileError("claimed_twice", file, key, f"{claimed!r} means {holder} already")


# --- languages without a profile ------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _fallback_profile(language: str) -> LanguageProfile:
    return LanguageProfile(
        code=language,
        names=MappingProxyType({"vi": language, "en": language}),
        aliases=(),
        peoples=(),
        orthographies=(_fallback_orthography(language),),
        schemes=(),
        scheme_ends=(),
        sources=MappingProxyType({}),
        reviewed=False,
        is_fallback=True,
        hash=f"plain-{ALGORITHM}",
    )


@lru_cache(maxsize=256)
def _fallback_orthography(tag: str) -> Orthography:
    def resolve(other: str) -> Orthography:
        return registry().orthography(other)

    return plain_orthography(tag, resolve, version=ALGORITHM)
