"""From a folder to a frozen `LanguageProfile`. Every fault is a ProfileError that names file and key."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import icu

from languages import tags
from languages.collation import alphabet_rules, collator_of_locale, collator_of_rules, sort_keys
from languages.errors import LanguageError, ProfileError
from languages.folding import FoldingRules, spelled
from languages.normalising import Repair, Replacement, Rewriting, normaliser, reordering
from languages.orthography import Exemplars, Machinery, Orthography
from languages.plain import plain_orthography
from languages.profile import LanguageProfile, People, Source
from languages.rule_lint import rescanning_rules
from languages.schema import problems, profile_schema
from languages.sound import Respelling, SoundRule, respelling
from languages.text import case_folded, nfc
from languages.transliteration import Converter, Scheme, compiled, converter
from languages.words import Segmenter

ALGORITHM = "1"  # part of every hash: raise it when the code computes other keys from the same profile
PROFILE_FILE = "profile.toml"
SHARED_FOLDER = "_shared"
LARGEST_FILE = 1_000_000  # bytes; the largest honest rule file is a twentieth of this
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")

Resolve = Callable[[str], Orthography]


@dataclass
class _Reading:
    """One profile being read: where, and the text of every file it stands on (for the hash)."""

    folder: Path
    shared: tuple[Path, ...]
    resolve: Resolve
    read: dict[str, str]

    @property
    def file(self) -> str:
        return f"{self.folder.name}/{PROFILE_FILE}"

    def error(self, code: str, key: str, problem: str) -> ProfileError:
        return ProfileError(code, self.file, key, problem)

    def text(self, name: str, key: str) -> str:
        """A file beside the profile."""
        if name not in self.read:
            self.read[name] = _read_text(self.folder / name, f"{self.folder.name}/{name}", self, key)
        return self.read[name]


def load_profile(folder: Path, resolve: Resolve, shared: Sequence[Path] = ()) -> LanguageProfile:
    """Read and check one profile. `resolve` finds orthographies of other tags later; `shared` are folders of tables."""
    reading = _Reading(folder, tuple(shared), resolve, {})
    data = _toml(reading.text(PROFILE_FILE, ""), reading.file)
    for key, problem in problems(data, profile_schema()):
        raise reading.error("profile_structure", key, problem)
    if data["code"] != folder.name:
        raise reading.error("profile_code", "code", f"must be the folder's name, {folder.name!r}")
    sources = _sources(reading, data)
    _check_reviews(reading, data)
    schemes, converters = _schemes(reading, data, sources)
    parts = [
        _orthography_parts(reading, data, f"orthography[{at}]", table)
        for at, table in enumerate(data["orthography"])
    ]
    digest = _digest(reading)
    orthographies = tuple(
        _orthography(reading, data, table, part, schemes, converters, sources, digest)
        for table, part in zip(data["orthography"], parts, strict=True)
    )
    ends = dict.fromkeys(end for scheme in schemes for end in (scheme.source, scheme.target))
    return LanguageProfile(
        code=data["code"],
        names=_names(data["names"]),
        aliases=tuple(data.get("aliases", ())),
        peoples=tuple(
            People(people["number"], _names({"vi": people["vi"], "en": people["en"]}), people["source"])
            for people in data.get("people", ())
        ),
        orthographies=orthographies,
        schemes=schemes,
        scheme_ends=tuple(
            plain_orthography(
                end,
                resolve,
                version=digest,
                schemes=tuple(scheme for scheme in schemes if scheme.source == end),
                converters=_leading_from(end, converters),
            )
            for end in ends
            if end not in {orthography.tag for orthography in orthographies}
        ),
        sources=sources,
        reviewed=data.get("reviewed", False),
        is_fallback=False,
        hash=digest,
        folder=str(folder),
    )


# --- files ----------------------------------------------------------------------------------------------------


def _read_text(path: Path, name: str, reading: _Reading, key: str) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ProfileError("file_too_large", name, "", f"is larger than {LARGEST_FILE} bytes")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ProfileError("not_utf8", name, "", f"is not UTF-8 (byte {error.start})") from None
    except FileNotFoundError:
        raise reading.error("missing_file", key, f"the file {name} does not exist") from None
    except OSError as error:
        raise reading.error(
            "unreadable_file", key, f"the file {name} cannot be read: {error.strerror}"
        ) from None


def _toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError("toml_syntax", name, "", f"is not TOML: {error}") from None


def _digest(reading: _Reading) -> str:
    """The hash of everything that keys are computed from."""
    hashed = hashlib.sha256(f"{ALGORITHM}\0{icu.ICU_VERSION}".encode())
    for name in sorted(reading.read):
        hashed.update(f"\0{name}\0{reading.read[name]}".encode())
    return hashed.hexdigest()


# --- facts ----------------------------------------------------------------------------------------------------


def _names(table: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({language: nfc(name) for language, name in table.items()})


def _tag(reading: _Reading, text: str, key: str) -> str:
    try:
        return str(tags.parse(text))
    except LanguageError as error:
        raise reading.error("profile_tag", key, str(error)) from None


def _sources(reading: _Reading, data: Mapping[str, Any]) -> Mapping[str, Source]:
    sources: dict[str, Source] = {}
    for at, table in enumerate(data.get("source", ())):
        if table["id"] in sources:
            raise reading.error("duplicate_source", f"source[{at}].id", f"{table['id']!r} stands twice")
        sources[table["id"]] = Source(**table)
    for key, cited in _citations(data):
        if cited not in sources:
            raise reading.error("unknown_source", key, f"there is no [[source]] with the id {cited!r}")
    return MappingProxyType(sources)


def _citations(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every place that names a source: (key, id)."""
    found = [(f"people[{at}].source", people["source"]) for at, people in enumerate(data.get("people", ()))]
    for kind in ("orthography", "scheme"):
        for at, table in enumerate(data.get(kind, ())):
            found += [
                (f"{kind}[{at}].sources[{n}]", cited) for n, cited in enumerate(table.get("sources", ()))
            ]
            if "sample_source" in table:
                found.append((f"{kind}[{at}].sample_source", table["sample_source"]))
            found += [
                (f"{kind}[{at}].machines.sources[{n}]", cited)
                for n, cited in enumerate(table.get("machines", {}).get("sources", ()))
            ]
            if "source" in table.get("collation", {}):
                found.append((f"{kind}[{at}].collation.source", table["collation"]["source"]))
    return found


def _check_reviews(reading: _Reading, data: Mapping[str, Any]) -> None:
    """What claims to be reviewed cites something."""
    for kind in ("orthography", "scheme"):
        for at, table in enumerate(data.get(kind, ())):
            if table.get("reviewed") and not table.get("sources"):
                raise reading.error(
                    "review_without_source", f"{kind}[{at}].reviewed", "needs `sources` that bear it out"
                )
    if data.get("reviewed") and not data.get("source"):
        raise reading.error("review_without_source", "reviewed", "needs a [[source]] that bears it out")


# --- orthographies --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Parts:
    tag: tags.Tag
    aliases: tuple[str, ...]
    alphabet: tuple[str, ...]
    repairs: Callable[[], Sequence[Repair]]
    folding: FoldingRules
    sort_key: Callable[[], Callable[[str], bytes]]
    respelling: Callable[[], Respelling]
    sound_via: str


def _orthography_parts(
    reading: _Reading, data: Mapping[str, Any], key: str, table: Mapping[str, Any]
) -> _Parts:
    canonical = _tag(reading, table["tag"], f"{key}.tag")
    tag = tags.parse(canonical)
    if canonical != table["tag"]:
        raise reading.error("tag_not_canonical", f"{key}.tag", f"must be written {canonical!r}")
    if not tag.script:
        raise reading.error("tag_without_script", f"{key}.tag", "must name its script, as in qaa-Latn")
    if tag.language != data["code"]:
        raise reading.error("tag_of_other_language", f"{key}.tag", f"must begin with {data['code']!r}")
    if ("sample" in table) != ("sample_source" in table):
        raise reading.error(
            "sample_without_source", f"{key}.sample", "`sample` and `sample_source` go together"
        )
    alphabet = tuple(nfc(letter) for letter in table["alphabet"])
    for at, letter in enumerate(alphabet):
        if case_folded(letter) != letter:
            raise reading.error("alphabet_case", f"{key}.alphabet[{at}]", f"{letter!r} must be in lower case")
    for at, letter in enumerate(table.get("index", ())):
        if nfc(letter) not in alphabet:
            raise reading.error("index_letter", f"{key}.index[{at}]", f"{letter!r} is not in the alphabet")
    sound = table.get("sound", {})
    return _Parts(
        tag=tag,
        aliases=tuple(table.get("aliases", ())),
        alphabet=alphabet,
        repairs=_repairs(reading, key, table.get("repair", ())),
        folding=_folding(reading, f"{key}.folding", table.get("folding", {})),
        sort_key=_collation(reading, f"{key}.collation", table.get("collation", {}), alphabet),
        respelling=partial(respelling, _sound_tables(reading, f"{key}.sound", sound)),
        sound_via=_tag(reading, sound["via"], f"{key}.sound.via") if "via" in sound else "",
    )


def _orthography(
    reading: _Reading,
    data: Mapping[str, Any],
    table: Mapping[str, Any],
    parts: _Parts,
    schemes: Sequence[Scheme],
    converters: Mapping[tuple[str, str], Callable[[], Converter]],
    sources: Mapping[str, Source],
    digest: str,
) -> Orthography:
    tag = str(parts.tag)
    exemplars = table.get("exemplars", {})
    listed = {
        name: tuple(nfc(item) for item in exemplars.get(name, ())) for name in ("main", "auxiliary", "marks")
    }
    segmentation = table.get("segmentation", {})
    return Orthography(
        tag=tag,
        language=data["code"],
        script=parts.tag.script,
        direction=table.get("direction", "ltr"),
        names=_names(table["names"]),
        aliases=parts.aliases,
        alphabet=parts.alphabet,
        index=tuple(nfc(letter) for letter in table.get("index", parts.alphabet)),
        index_skip=table.get("index_skip", ""),
        exemplars=Exemplars(
            main=listed["main"] or parts.alphabet,
            auxiliary=listed["auxiliary"],
            marks=listed["marks"],
            base=exemplars.get("base", ""),
        ),
        fonts=tuple(table.get("fonts", ())),
        sample=nfc(table.get("sample", "")),
        reviewed=table.get("reviewed", False),
        sources=tuple(sources[cited].citation for cited in table.get("sources", ())),
        is_fallback=False,
        transliterations=tuple(scheme for scheme in schemes if scheme.source == tag),
        hash=digest,
        machines=MappingProxyType(
            {name: model for name, model in table.get("machines", {}).items() if name != "sources"}
        ),
        machinery=Machinery(
            normalise=lambda: normaliser(parts.repairs()),
            folding=parts.folding,
            sort_key=parts.sort_key,
            respelling=parts.respelling,
            sound_via=parts.sound_via,
            segmenter=Segmenter(segmentation.get("locale", "root"), segmentation.get("joiners", "")),
            converters=_leading_from(tag, converters),
            resolve=reading.resolve,
        ),
    )


def _repairs(
    reading: _Reading, key: str, tables: Sequence[Mapping[str, Any]]
) -> Callable[[], Sequence[Repair]]:
    """The repairs, made on first use; whatever can be wrong with them is found now."""
    makers: list[Callable[[], Repair]] = []
    for at, table in enumerate(tables):
        where = f"{key}.repair[{at}]"
        if "replace" in table:
            pairs = tuple((nfc(written), nfc(repaired)) for written, repaired in table["replace"])
            for n, (written, repaired) in enumerate(pairs):
                if not written:
                    raise reading.error("empty_repair", f"{where}.replace[{n}]", "replaces nothing")
                if written in repaired:
                    raise reading.error(
                        "cyclic_repair", f"{where}.replace[{n}]", "its result holds what it replaces"
                    )
            makers.append(partial(Replacement, pairs))
        elif "pattern" in table:
            pattern = _regex(reading, f"{where}.pattern", table["pattern"])
            # `re` reads \u escapes in patterns, but not in templates.
            template = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), table["with"])
            try:
                pattern.sub(template, "")
            except (re.error, IndexError) as error:
                raise reading.error("regex", f"{where}.with", str(error)) from None
            makers.append(partial(Rewriting, pattern, template))
        elif "rules" in table:
            rules = _linted_rules(reading, table["rules"], f"{where}.rules", backwards=False)
            makers.append(partial(converter, [rules]))
        else:
            options = {"decomposed": table.get("form") == "NFD", "unique": table.get("unique", False)}
            for n, fragment in enumerate(table["reorder"]):
                if _regex(reading, f"{where}.reorder[{n}]", fragment).match(""):
                    raise reading.error("regex", f"{where}.reorder[{n}]", "must not match nothing")
            try:
                makers.append(partial(lambda made: made, reordering(table["reorder"], **options)))
            except re.error as error:
                raise reading.error("regex", f"{where}.reorder", str(error)) from None
    return lambda: [make() for make in makers]


def _regex(reading: _Reading, key: str, expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except re.error as error:
        raise reading.error("regex", key, f"is not a regular expression: {error}") from None


def _folding(reading: _Reading, key: str, table: Mapping[str, Any]) -> FoldingRules:
    for name in ("tones", "marks"):
        for at, char in enumerate(table.get(name, ())):
            if len(char) != 1:
                raise reading.error(
                    "not_one_character", f"{key}.{name}[{at}]", f"{char!r} must be one code point"
                )
    for at, pair in enumerate(table.get("vary", ())):
        if any(len(char) != 1 for char in pair):
            raise reading.error("not_one_character", f"{key}.vary[{at}]", "must be two single code points")
    letters = {}
    for written, value in table.get("letters", {}).items():
        if case_folded(written) != nfc(written):
            raise reading.error("letters_case", f"{key}.letters.{written}", "must be case-folded")
        letters[nfc(written)] = tuple(spelled(value))
    tone_letters = table.get("tone_letters")
    return FoldingRules(
        tones=frozenset(table.get("tones", ())),
        tone_letters=_regex(reading, f"{key}.tone_letters", tone_letters) if tone_letters else None,
        tone_home=frozenset(table.get("tone_home", "")),
        marks=frozenset(table.get("marks", ())),
        vary=MappingProxyType(dict(table.get("vary", ()))),
        letters=MappingProxyType(letters),
    )


def _collation(
    reading: _Reading, key: str, table: Mapping[str, Any], alphabet: Sequence[str]
) -> Callable[[], Callable[[str], bytes]]:
    """The collation, compiled on first use; `check` compiles it too."""
    if "locale" in table or not table:
        locale = table.get("locale", "root")
        if locale != "root" and locale not in icu.Collator.getAvailableLocales():
            raise reading.error("collation_locale", f"{key}.locale", f"ICU has no collation for {locale!r}")
        return lambda: sort_keys(collator_of_locale(locale))
    if "file" in table:
        name, rules = "file", reading.text(table["file"], f"{key}.file")
    elif "rules" in table:
        name, rules = "rules", table["rules"]
    else:
        name, rules = "alphabet", alphabet_rules(alphabet)

    def make() -> Callable[[str], bytes]:
        try:
            return sort_keys(collator_of_rules(rules))
        except icu.ICUError as error:
            raise reading.error(
                "collation_rules", f"{key}.{name}", f"ICU refuses the tailoring: {error}"
            ) from None

    return make


def _sound_tables(reading: _Reading, key: str, table: Mapping[str, Any]) -> list[tuple[SoundRule, ...]]:
    tables = [_sound_rules(reading.file, f"{key}.rules", table.get("rules", ()))]
    for at, name in enumerate(table.get("include", ())):
        file = f"sound-{name}.toml"
        places = [folder / file for folder in reading.shared if (folder / file).is_file()]
        if not places:
            raise reading.error("missing_file", f"{key}.include[{at}]", f"there is no {SHARED_FOLDER}/{file}")
        shown = f"{SHARED_FOLDER}/{file}"
        text = _read_text(places[-1], shown, reading, f"{key}.include[{at}]")
        reading.read[shown] = text
        tables.append(_sound_rules(shown, "rules", _toml(text, shown).get("rules", ())))
    return tables


def _sound_rules(file: str, key: str, rules: object) -> tuple[SoundRule, ...]:
    if not isinstance(rules, list | tuple):
        raise ProfileError("sound_rule", file, key, "must be a list")
    for at, rule in enumerate(rules):
        well_formed = isinstance(rule, list) and len(rule) > 1 and all(isinstance(part, str) for part in rule)
        if not well_formed or not rule[0].strip("^$"):
            raise ProfileError("sound_rule", file, f"{key}[{at}]", "must be a list: written, skeleton, …")
    return tuple((nfc(rule[0]), *rule[1:]) for rule in rules)


# --- transliterations -----------------------------------------------------------------------------------------


def _schemes(
    reading: _Reading, data: Mapping[str, Any], sources: Mapping[str, Source]
) -> tuple[tuple[Scheme, ...], Mapping[tuple[str, str], Callable[[], Converter]]]:
    schemes: list[Scheme] = []
    converters: dict[tuple[str, str], Callable[[], Converter]] = {}
    own = {table["tag"] for table in data["orthography"]}
    for at, table in enumerate(data.get("scheme", ())):
        key = f"scheme[{at}]"
        source, target = (_tag(reading, table[end], f"{key}.{end}") for end in ("source", "target"))
        if source not in own and target not in own:
            raise reading.error("scheme_ends", key, "neither end is an orthography of this profile")
        ways = [(source, target, table["rules"], "rules", False)]
        if "reverse" in table:
            ways.append((target, source, table["reverse"], "reverse", False))
        elif table.get("reversible"):
            ways.append((target, source, table["rules"], "rules", True))
        for start, end, files, name, backwards in ways:
            if (start, end) in converters:
                raise reading.error("duplicate_scheme", key, f"a scheme from {start} to {end} stands already")
            rule_sets = [
                _linted_rules(reading, file, f"{key}.{name}[{n}]", backwards=backwards)
                for n, file in enumerate(files)
            ]
            converters[start, end] = partial(converter, rule_sets, backwards=backwards)
            schemes.append(
                Scheme(
                    source=start,
                    target=end,
                    name=table["names"]["en"],
                    reversible=table.get("reversible", False),
                    citation="; ".join(sources[cited].citation for cited in table.get("sources", ())),
                    reviewed=table.get("reviewed", False),
                    names=MappingProxyType(dict(table["names"])),
                )
            )
    return tuple(schemes), MappingProxyType(converters)


def _leading_from(
    tag: str, converters: Mapping[tuple[str, str], Callable[[], Converter]]
) -> Mapping[str, Callable[[], Converter]]:
    return MappingProxyType({target: make for (source, target), make in converters.items() if source == tag})


def _linted_rules(reading: _Reading, name: str, key: str, *, backwards: bool) -> str:
    """The text of a rule file that compiles in the direction asked and cannot rescan without end."""
    rules = reading.text(name, key)
    file = f"{reading.folder.name}/{name}"
    way = "backwards" if backwards else "forwards"
    try:
        made = compiled(rules, backwards=backwards)
    except icu.ICUError as error:
        raise ProfileError(
            "transliteration_rules", file, key, f"ICU refuses the rules {way}: {_icu_says(error)}"
        ) from None
    for rule in rescanning_rules(str(made.toRules(False))):
        raise ProfileError(
            "rescanning_rule", file, key, f"this rule can match what it wrote, without end ({way}): {rule}"
        )
    return rules


def _icu_says(error: icu.ICUError) -> str:
    """ICU's reason, with the text around the fault where ICU gives it."""
    said = error.args[-1]
    if not isinstance(said, tuple):
        return str(said)
    reason, *_, before, after = said
    return f"{reason}, near {(before.rstrip(chr(0)) + ' … ' + after.rstrip(chr(0))).strip()!r}"
