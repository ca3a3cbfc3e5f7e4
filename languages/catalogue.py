"""All profiles, found by code or tag, with a plain fallback for languages that have none."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from languages import tags
from languages.configuration import SHIPPED_PROFILES, configuration
from languages.errors import LanguageError, ProfileError
from languages.loader import ALGORITHM, PROFILE_FILE, SHARED_FOLDER, load_profile
from languages.orthography import Orthography, scripts_of
from languages.plain import plain_orthography
from languages.profile import LanguageProfile


@dataclass(frozen=True, eq=False)
class Registry:
    """Every profile, by canonical code. Immutable; made by `registry()` or, from other folders, `load_registry`.

    `problems` says what is wrong with profiles that were left out.
    """

    profiles: Mapping[str, LanguageProfile]
    orthographies: tuple[Orthography, ...]
    problems: tuple[ProfileError, ...]
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

    Raises ProfileError when one that ships is wrong; a wrong one of NHASAN_PROFILES_DIR is left out and stands in
    `problems`.
    """
    global _registry
    if _registry is None:
        with _lock:
            if _registry is None:
                _registry = load_registry((SHIPPED_PROFILES,), configuration().profiles_dirs)
    return _registry


def load_registry(folders: Iterable[Path], tolerated: Iterable[Path] = ()) -> Registry:
    """A registry over folders of profiles; a code in a later folder replaces that of an earlier one.

    Raises ProfileError for what is wrong in `folders`. What is wrong in the `tolerated` ones, which come after
    them, is left out, and a profile that it would have replaced stays; `Registry.problems` says why.
    """
    folders, extra_folders, problems = tuple(folders), [], list[ProfileError]()
    for folder in folders:
        if not folder.is_dir():
            raise _missing(folder)
    for folder in tolerated:
        if folder.is_dir():
            extra_folders.append(folder)
        else:
            problems.append(_missing(folder))
    shared = tuple(folder / SHARED_FOLDER for folder in (*folders, *extra_folders))
    made: list[Registry] = []

    def resolve(tag: str) -> Orthography:
        return made[-1].orthography(tag)

    places, extra_places = _places(folders), _places(extra_folders)
    extra: dict[str, LanguageProfile] = {}
    for code, place in extra_places.items():
        try:
            extra[code] = load_profile(place, resolve, shared)
        except ProfileError as problem:
            problems.append(problem)
    own: dict[str, LanguageProfile] = {}
    while True:
        for code in places.keys() - extra.keys() - own.keys():
            own[code] = load_profile(places[code], resolve, shared)
        base = [own[code] for code in sorted(places) if code not in extra]
        _index_codes(base)
        _index_tags(base)
        profiles = sorted((*base, *extra.values()), key=lambda profile: profile.code)
        broken = _clash(base, extra)
        if broken is None:
            made.append(_assembled(profiles, problems))
            broken = next(filter(None, map(_stalled, extra.values())), None)
        if broken is None:
            return made[-1]
        problems.append(broken)
        del extra[broken.file.partition("/")[0]]


def _missing(folder: Path) -> ProfileError:
    return ProfileError("missing_folder", str(folder), "", "is no folder of profiles")


def _places(folders: Iterable[Path]) -> dict[str, Path]:
    """The folder of each code, in the order of the codes."""
    found = {
        path.parent.name: path.parent
        for folder in folders
        for path in folder.glob(f"*/{PROFILE_FILE}")
        if not path.parent.name.startswith("_")
    }
    return dict(sorted(found.items()))


def _assembled(profiles: Sequence[LanguageProfile], problems: Iterable[ProfileError]) -> Registry:
    return Registry(
        profiles=MappingProxyType({profile.code: profile for profile in profiles}),
        orthographies=tuple(one for profile in profiles for one in profile.orthographies),
        problems=tuple(problems),
        _codes=_index_codes(profiles),
        _tags=_index_tags(profiles),
    )


def _clash(base: Sequence[LanguageProfile], extra: Mapping[str, LanguageProfile]) -> ProfileError | None:
    """The first of the further profiles that claims a code or a tag of another."""
    taken = list(base)
    for profile in extra.values():
        taken.append(profile)
        try:
            _index_codes(taken)
            _index_tags(taken)
        except ProfileError as error:
            return error
    return None


def _stalled(profile: LanguageProfile) -> ProfileError | None:
    """What goes wrong with the parts of a profile that are compiled on first use."""
    for at, orthography in enumerate(profile.orthographies):
        try:
            orthography.keys(orthography.sample or "a")
            orthography.sort_key("a")
            orthography.tokens("a")
            for scheme in orthography.transliterations:
                orthography.transliterate("a", scheme.target)
        except LanguageError as error:
            file = f"{profile.code}/{PROFILE_FILE}"
            if isinstance(error, ProfileError) and error.file.startswith(f"{profile.code}/"):
                return error
            return ProfileError(error.code, file, f"orthography[{at}]", str(error))
    return None


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
