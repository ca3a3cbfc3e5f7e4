"""Reading the tables of legacy encodings: those of everyone, and those that lie with the profile of a language.

A table is a TOML file in `languages/legacy/tables`, or in the folder `legacy` of a profile. See docs/legacy-text.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from languages.catalogue import registry
from languages.configuration import SHIPPED_PROFILES
from languages.errors import LanguageError, ProfileError
from languages.legacy.table import LegacyTable, Rule
from languages.profile import Source
from languages.text import nfc

FOLDER: Final = Path(__file__).with_name("tables")
# What a profile's folder is called that holds such files, and the one file in it that is no table.
PROFILE_FOLDER: Final = "legacy"
WORDS_FILE: Final = "words.toml"

_KEYS: Final[Mapping[str, type]] = {
    "format": int, "name": str, "names": dict, "source": list, "fonts": list, "codes": dict, "typed": dict,
    "codec": str, "base": str, "upper": bool, "capitals": str, "either_case": bool, "escape": str, "unicode_font": str,
    "detect": bool, "reviewed": bool, "orthography": str, "rule": list,
}  # fmt: skip


def tables() -> Mapping[str, LegacyTable]:
    """Every table by its name. Raises ProfileError for one of the house's own that is wrong."""
    return _loaded()[0]


def problems() -> tuple[ProfileError, ...]:
    """What is wrong with tables that lie with the profiles of NHASAN_PROFILES_DIR and were left out."""
    return _loaded()[1]


@lru_cache(maxsize=1)
def _loaded() -> tuple[Mapping[str, LegacyTable], tuple[ProfileError, ...]]:
    found: dict[str, LegacyTable] = {}
    wrong: list[ProfileError] = []
    for path, where in _files():
        try:
            table = load_table(path, where, found)
            if table.name in found:
                raise ProfileError("claimed_twice", where, "name", f"{table.name!r} is another table already")
            found[table.name] = table
        except ProfileError as problem:
            if is_own(path):
                raise
            wrong.append(problem)
    return MappingProxyType(found), tuple(wrong)


def is_own(path: Path) -> bool:
    """Whether a file came with the house; what is wrong with others must not stop everything."""
    return path.is_relative_to(FOLDER) or path.is_relative_to(SHIPPED_PROFILES)


def table_named(name: str) -> LegacyTable:
    """The table of a name; raises LanguageError, which says what names there are."""
    found = tables().get(name)
    if found is None:
        known = " ".join(tables())
        raise LanguageError(
            "no_legacy", f"There is no legacy encoding “{name}”. There are: {known}.", name=name, known=known
        )
    return found


def table_of_font(font: str) -> LegacyTable | None:
    """The table by which text in a font of this name is written; None for a font of Unicode."""
    return next((table for table in tables().values() if table.has_font(font)), None)


def _files() -> Iterator[tuple[Path, str]]:
    for path in sorted(FOLDER.glob("*.toml"), key=lambda path: path.stem):
        yield path, f"{FOLDER.name}/{path.name}"
    for profile in registry().profiles.values():
        for path in sorted((Path(profile.folder) / PROFILE_FOLDER).glob("*.toml")):
            if path.name != WORDS_FILE:
                yield path, f"{profile.code}/{PROFILE_FOLDER}/{path.name}"


def read(path: Path, where: str, keys: Mapping[str, type]) -> dict[str, Any]:
    """A TOML file with these keys and no others. Raises ProfileError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ProfileError("toml", where, "", str(error)) from None
    for key, value in data.items():
        if key not in keys:
            raise ProfileError("schema", where, key, "is not a key of the format")
        if not isinstance(value, keys[key]):
            raise ProfileError("schema", where, key, f"must be of the type {keys[key].__name__}")
    if data.get("format") != 1:
        raise ProfileError("schema", where, "format", "must be 1")
    if not data.get("source"):
        raise ProfileError("schema", where, "source", "is missing: say where the facts come from")
    return data


def sources(data: Mapping[str, Any], where: str) -> tuple[Source, ...]:
    """The sources that a file names. Raises ProfileError for one without a citation."""
    made = []
    for number, one in enumerate(data["source"]):
        try:
            made.append(Source(id=str(number + 1), **one))
        except TypeError:
            raise ProfileError(
                "schema", where, f"source[{number}]", "has citation, url, licence, note"
            ) from None
    return tuple(made)


def load_table(path: Path, where: str, known: Mapping[str, LegacyTable]) -> LegacyTable:
    """The table of a file; `known` are those that it may be based on. Raises ProfileError."""
    data = read(path, where, _KEYS)
    for key in ("name", "names"):
        if not data.get(key):
            raise ProfileError("schema", where, key, "is missing")
    orthography = data.get("orthography", "")
    base = data.get("base", "")
    if base and base not in known:
        raise ProfileError("reference", where, "base", f"there is no table {base!r} before this one")
    return LegacyTable(
        name=data["name"],
        names=MappingProxyType(data["names"]),
        sources=sources(data, where),
        fonts=tuple(_pattern(font, where, "fonts", re.I) for font in data.get("fonts", ())),
        codes=MappingProxyType(known[base].codes if base else _codes(data, where)),
        orthography=orthography,
        rules=tuple(_rule(rule, where, number) for number, rule in enumerate(data.get("rule", ()))),
        normalise=registry().orthography(orthography).normalise if orthography else nfc,
        unwraps=data.get("codec") == "utf-8",
        upper=data.get("upper", False),
        capitals_in_font=data.get("capitals") == "font",
        escape=data.get("escape", ""),
        unicode_font=data.get("unicode_font", "Times New Roman"),
        detectable=data.get("detect", True),
        reviewed=data.get("reviewed", True),
    )


def _codes(data: Mapping[str, Any], where: str) -> dict[str, str]:
    """What each sequence of codes stands for, the codes as characters of their numbers."""
    made: dict[str, str] = {}
    for written, text in data.get("codes", {}).items():
        try:
            made[bytes.fromhex(written).decode("latin-1")] = text
        except ValueError:
            raise ProfileError("schema", where, f"codes.{written}", "is not hexadecimal") from None
    for typed, text in data.get("typed", {}).items():
        if not typed.isascii():
            raise ProfileError("schema", where, f"typed.{typed}", "has characters outside ASCII")
        made[typed] = text
    codec = data.get("codec", "")
    if codec and codec != "utf-8":
        for code in range(0x80, 0x100):
            text = bytes([code]).decode(codec, "ignore")
            if text:
                made[chr(code)] = text
    for key, text in made.items():
        if not key or not text or not isinstance(text, str):
            raise ProfileError("schema", where, f"codes.{key}", "is empty")
    if data.get("either_case"):
        for key, text in list(made.items()):
            if len(key) == 2 and key.isupper():
                made.setdefault(key[0] + key[1].lower(), text)
    if not made and codec != "utf-8":
        raise ProfileError("schema", where, "codes", "is missing")
    return made


def _rule(rule: object, where: str, number: int) -> Rule:
    key = f"rule[{number}]"
    if not isinstance(rule, dict) or set(rule) != {"why", "pattern", "with"}:
        raise ProfileError("schema", where, key, "has why, pattern and with")
    pattern = _pattern(rule["pattern"], where, key)
    try:
        pattern.sub(rule["with"], "")
    except re.error as error:
        raise ProfileError("regex", where, f"{key}.with", str(error)) from None
    return Rule(pattern, rule["with"])


def _pattern(text: object, where: str, key: str, flags: int = 0) -> re.Pattern[str]:
    try:
        return re.compile(str(text), flags)
    except re.error as error:
        raise ProfileError("regex", where, key, str(error)) from None
