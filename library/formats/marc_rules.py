"""The table of what MARC 21 fields mean here (marc_mapping.toml), and codes of languages and scripts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import icu

from library.formats.marc import Field, base_tag

_FILE: Final = Path(__file__).with_name("marc_mapping.toml")
ISO: Final = "iso639-3"


@dataclass(frozen=True)
class New:
    """Where something new is written; beyond `most` of them, in the field `otherwise`, or in no field of this rule."""

    tag: str
    indicators: str
    code: str
    most: int = 0
    otherwise: str = ""


@dataclass(frozen=True)
class Rule:
    """What one group of fields means: see the head of the table."""

    property: str
    tags: frozenset[str]
    codes: str
    join: str = " "
    trim: str = ""
    unless: str = ""
    second: str = ""
    divisions: str = ""
    language: str = ""
    scheme: str = ""
    roles: bool = False
    whole: bool = True
    new: New | None = None

    def matches(self, one: Field) -> bool:
        """Whether the field (or an 880 that stands for such a field) is one of this rule."""
        if base_tag(one) not in self.tags or one.first(self.unless or "\0"):
            return False
        return not self.second or one.indicators[1:2] == self.second


@dataclass(frozen=True)
class Table:
    """The whole table."""

    rules: tuple[Rule, ...]
    kinds: Mapping[str, str]
    leaders: Mapping[str, str]
    roles: Mapping[str, str]
    scripts: Mapping[str, str]
    bibliographic: Mapping[str, str]
    groups: Mapping[str, str]

    def rule(self, one: Field) -> list[Rule]:
        """The rules that read a field: none, or one for each property that stands in it."""
        return [rule for rule in self.rules if rule.matches(one)]


@cache
def table() -> Table:
    """The table, read once."""
    data: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    rules = []
    for each in data.pop("rule"):
        new = each.pop("new", None)
        rules.append(Rule(**{**each, "tags": frozenset(each["tags"])}, new=New(**new) if new else None))
    return Table(tuple(rules), **data)


def tag_of(code: str) -> str:
    """The BCP 47 tag of a MARC or ISO 639-3 language code; nothing for what names none (`zxx`, `und`, …)."""
    code = code.strip().lower()
    if len(code) != 3 or not code.isalpha() or not code.isascii() or code in ("und", "zxx", "mul"):
        return ""
    code = table().bibliographic.get(code, code)
    return icu.Locale(code).getLanguage() or code


def marc_code(tag: str) -> str:
    """The MARC code of a language: its own, its group's, or nothing."""
    language = tag.partition("-")[0].lower()
    code = table().groups.get(language) or (
        icu.Locale(language).getISO3Language() if len(language) == 2 else language
    )
    other = {ours: theirs for theirs, ours in table().bibliographic.items()}
    return other.get(code, code)


def is_own_code(tag: str) -> bool:
    """Whether MARC has a code for the language itself: ISO 639-2 knows it, and not only as one of a group."""
    language = tag.partition("-")[0].lower()
    if language in table().groups:
        return False
    return len(language) == 2 or bool(icu.Locale(language).getISO3Language())


def iso_code(tag: str) -> str:
    """The ISO 639-3 code of a language."""
    language = tag.partition("-")[0].lower()
    return icu.Locale(language).getISO3Language() if len(language) == 2 else language


def script_of(text: str) -> str:
    """The script (ISO 15924) of most letters of a text; nothing for a text without letters."""
    counts: dict[str, int] = {}
    for character in text:
        if character.isalpha():
            name = icu.Script.getScript(character).getShortName()
            if name not in ("Zyyy", "Zinh"):
                counts[name] = counts.get(name, 0) + 1
    return max(counts, key=counts.__getitem__) if counts else ""


@cache
def usual_script(language: str) -> str:
    """The script a language is commonly written in, as CLDR has it; nothing where it does not say."""
    locale = icu.Locale(language)
    return str(locale.addLikelySubtags().getScript()) if language else ""


def with_script(language: str, script: str) -> str:
    """The tag of a language, with its script where that is not the usual one."""
    if not script or not language or usual_script(language) == script:
        return language or (f"und-{script}" if script else "")
    return f"{language}-{script}"
