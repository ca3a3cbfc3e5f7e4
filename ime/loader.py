"""From a TOML file to a frozen `Keyboard`. Every fault is a KeyboardFileError that names file, line and key.

What can be seen in the file alone is checked here; what takes typing to see (that the letters of the orthography can be
typed, that every transform can fire) is `ime.checking`.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ime.errors import KeyboardFileError, shown
from ime.model import DeadKey, Key, Keyboard, Transform
from ime.patterns import PatternError, SetPart, literal, parse_source, parse_target
from ime.positions import ISO_ONLY, POSITIONS, ROWS, SPACE
from ime.program import Modifiers, Press
from ime.schema import Lines, fragment_schema, keyboard_schema
from ime.touch import Ground, completed_touch
from ime.touch_file import TouchFile, labelled
from languages import LanguageError, LanguageProfile, Orthography, registry
from languages.profile import Source
from languages.schema import problems
from languages.text import nfc

ALGORITHM: Final = "1"  # part of every hash: raise it when the code makes something else of the same file
KEYBOARDS_FOLDER: Final = "keyboards"
LARGEST_FILE: Final = 200_000  # bytes; the largest honest file is a tenth of this
_REFERENCE: Final = re.compile(r"\{(=|[\w-]*)\}")
_CONTROL: Final = frozenset({"Cc", "Cs", "Cn"})
_BMP: Final = 0xFFFF


@dataclass(frozen=True)
class _Text:
    """A TOML file: what it is called in errors, its text, its data, and where its keys stand."""

    name: str
    text: str
    data: Mapping[str, Any]
    lines: Lines

    def error(self, code: str, key: str, problem: str, **params: object) -> KeyboardFileError:
        return KeyboardFileError(code, self.name, self.lines[key], key, problem, **params)


def load_keyboard(
    path: Path, shared: Sequence[Path] = (), profile: LanguageProfile | None = None
) -> Keyboard:
    """Read and check one keyboard.

    `shared` are folders like `profiles/_shared` whose `keyboards` hold fragments (a later folder counts first);
    `profile` is the language's, else the one that the registry has for the folder above the keyboard's.
    """
    folder = path.parent.parent
    name = f"{folder.name}/{path.parent.name}/{path.name}"
    file = _read(path, name, keyboard_schema())
    if file.data["id"] != path.stem:
        raise file.error("keyboard_id", "id", f"must be the file's name, {path.stem!r}", expected=path.stem)
    profile = profile or registry().profiles.get(folder.name)
    if profile is None:
        raise file.error("no_profile", "", f"there is no profile {folder.name!r}", profile=folder.name)
    orthography = _orthography(file, profile)
    parts = [
        file,
        *(_fragment(file, at, wanted, shared) for at, wanted in enumerate(_listed(file, "include"))),
    ]
    sets = _sets(parts)
    dead = _dead(file)
    layers = _layers(file, dead)
    _check_dead(file, dead, layers)
    transforms = tuple(_rules(parts, "transform", sets))
    backspaces = tuple(_rules(parts, "backspace", sets))
    _check_kind(file, dead, transforms or backspaces)
    cased = bool(file.data.get("case", False))
    return Keyboard(
        id=file.data["id"],
        orthography=orthography.tag,
        language=profile.code,
        kind=file.data["kind"],
        version=file.data["version"],
        author=file.data["author"],
        licence=file.data["licence"],
        reviewed=file.data.get("reviewed", False),
        default=file.data.get("default", False),
        names=_texts(file.data["names"]),
        why=_texts(file.data["why"]),
        locales=tuple(file.data.get("locales", ())),
        sources=_sources(parts, profile),
        layers=layers,
        dead=dead,
        sets=sets,
        transforms=transforms,
        backspaces=backspaces,
        cased=cased,
        touch=completed_touch(_touch(file), Ground(layers, dead, transforms, sets, orthography)),
        hash=_digest(parts, orthography),
        file=name,
    )


# --- files ----------------------------------------------------------------------------------------------------


def _read(path: Path, name: str, schema: Mapping[str, Any]) -> _Text:
    try:
        if path.stat().st_size > LARGEST_FILE:
            problem = f"is larger than {LARGEST_FILE} bytes"
            raise KeyboardFileError("keyboard_size", name, 0, "", problem, largest=LARGEST_FILE)
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise KeyboardFileError(
            "keyboard_unreadable", name, 0, "", f"cannot be read: {error.strerror}"
        ) from None
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte {error.start + 1})"
        raise KeyboardFileError("keyboard_encoding", name, 0, "", problem) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        raise KeyboardFileError("keyboard_toml", name, line, "", f"is not TOML: {error}") from None
    lines = Lines(text)
    for key, problem in problems(data, schema):
        raise KeyboardFileError("keyboard_structure", name, lines[key], key, problem)
    return _Text(name, text, data, lines)


def _fragment(file: _Text, at: int, name: str, shared: Sequence[Path]) -> _Text:
    for folder in reversed(shared):
        path = folder / KEYBOARDS_FOLDER / f"{name}.toml"
        if path.is_file():
            return _read(path, f"{folder.name}/{KEYBOARDS_FOLDER}/{path.name}", fragment_schema())
    raise file.error("no_fragment", f"include[{at}]", f"there is no shared fragment {name!r}", fragment=name)


def _digest(parts: Iterable[_Text], orthography: Orthography) -> str:
    hashed = hashlib.sha256(f"{ALGORITHM}\0{orthography.hash}".encode())
    for part in parts:
        hashed.update(f"\0{part.name}\0{part.text}".encode())
    return hashed.hexdigest()


# --- facts ----------------------------------------------------------------------------------------------------


def _texts(table: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({language: nfc(text) for language, text in table.items()})


def _listed(file: _Text, key: str) -> list[str]:
    listed: list[str] = file.data.get(key, [])
    return listed


def _orthography(file: _Text, profile: LanguageProfile) -> Orthography:
    tag = file.data["orthography"]
    for orthography in profile.orthographies:
        if tag.lower() in (orthography.tag.lower(), *(alias.lower() for alias in orthography.aliases)):
            return orthography
    known = ", ".join(orthography.tag for orthography in profile.orthographies)
    problem = f"{tag!r} is no orthography of {profile.code}; it has {known}"
    raise file.error("unknown_orthography", "orthography", problem, tag=tag, known=known)


def _sources(parts: Sequence[_Text], profile: LanguageProfile) -> tuple[Source, ...]:
    """The sources that the keyboard cites, and those of the fragments that it is made of."""
    known = dict(profile.sources)
    cited = list(parts[0].data["sources"])
    for at, part in enumerate(parts):
        for table in part.data.get("source", ()):
            known[table["id"]] = Source(**table)
            if at and table["id"] not in cited:
                cited.append(table["id"])
    for at, each in enumerate(cited):
        if each not in known:
            problem = f"{each!r} is no source of this file or of the profile"
            raise parts[0].error("unknown_source", f"sources[{at}]", problem, source=each)
    return tuple(known[each] for each in cited)


def _check_output(file: _Text, key: str, text: str) -> str:
    """The text, if it can be typed: NFC and without control characters."""
    if nfc(text) != text:
        problem = f"{shown(text)} is not NFC; write {shown(nfc(text))}"
        raise file.error("not_nfc", key, problem, text=text, nfc=nfc(text))
    for char in text:
        if unicodedata.category(char) in _CONTROL:
            raise file.error("control", key, f"U+{ord(char):04X} is no character of text", text=text)
    return text


# --- layers ---------------------------------------------------------------------------------------------------


def _layers(file: _Text, dead: Mapping[str, DeadKey]) -> Mapping[Modifiers, Mapping[str, Key]]:
    named = _named_keys(file, dead)
    ground = _ground() if file.data.get("layout") == "us" else {}
    layers: dict[Modifiers, dict[str, Key]] = {
        held: {code: Key(output, label=output) for code, output in keys.items()}
        for held, keys in ground.items()
    }
    seen: set[str] = set()
    for at, table in enumerate(_tables(file, "layer")):
        held: Modifiers = table["modifiers"]
        if held in seen:
            key = f"layer[{at}].modifiers"
            problem = f"two layers with {held or 'nothing'} held: two keys at each place"
            raise file.error("two_keys", key, problem, modifiers=held)
        seen.add(held)
        layer = layers.setdefault(held, {})
        for row, codes in enumerate(ROWS):
            key = f"layer[{at}].rows[{row}]"
            cells = table["rows"][row].split()
            places = codes if len(cells) == len(codes) else tuple(code for code in codes if code != ISO_ONLY)
            if len(cells) != len(places):
                lengths = " or ".join(str(n) for n in sorted({len(codes), len(places)}))
                problem = f"has {len(cells)} cells; this row has {lengths} keys"
                raise file.error("row_length", key, problem, cells=len(cells), keys=lengths)
            for code, cell in zip(places, cells, strict=True):
                _place(layer, code, _cell(file, key, cell, named), held, ground)
        space = table.get("space")
        if space is not None:
            _place(layer, SPACE, _space(file, f"layer[{at}].space", space, named), held, ground)
    for held in ("", "shift"):
        if held in layers:
            layers[held].setdefault(SPACE, _plain(" "))
    if not any(layers.get("", {})):
        raise file.error(
            "no_layer", "layer", 'there is no layer with modifiers "", and no layout to stand on'
        )
    return MappingProxyType({held: MappingProxyType(keys) for held, keys in layers.items()})


def _tables(file: _Text, key: str) -> list[dict[str, Any]]:
    tables: list[dict[str, Any]] = file.data.get(key, [])
    return tables


def _ground() -> dict[Modifiers, dict[str, str]]:
    return {
        "": {code: position.us for code, position in POSITIONS.items()},
        "shift": {code: position.us_shift for code, position in POSITIONS.items()},
    }


def _place(
    layer: dict[str, Key],
    code: str,
    key: Key | None,
    held: Modifiers,
    ground: Mapping[Modifiers, Mapping[str, str]],
) -> None:
    """Put a key at a place; none stands for what the layout gives there."""
    output = ground.get(held, {}).get(code, "") if key is None else ""
    made = Key(output, label=output) if key is None else key
    if made.output or made.dead:
        layer[code] = made
    else:
        layer.pop(code, None)


def _named_keys(file: _Text, dead: Mapping[str, DeadKey]) -> Mapping[str, Key]:
    named = {name: Key(dead=name, label=each.label) for name, each in dead.items()}
    for name, table in file.data.get("keys", {}).items():
        key = f"keys.{name}"
        if name in named:
            raise file.error("two_keys", key, f"{name!r} is a dead key already", name=name)
        output = _check_output(file, f"{key}.output", literal(table["output"]))
        named[name] = Key(output, label=table.get("label", "") or labelled(output))
    return named


def _cell(file: _Text, key: str, cell: str, named: Mapping[str, Key]) -> Key | None:
    """What a cell says: a key (with nothing: an empty one), or none for what the layout gives."""
    reference = _REFERENCE.fullmatch(cell)
    if reference is None:
        if len(cell) > 1 and ("{" in cell or "}" in cell):
            raise file.error("unknown_cell", key, f"{cell!r} is neither text nor a name in braces", cell=cell)
        output = _check_output(file, key, literal(cell))
        return Key(output, label=labelled(output))
    if reference[1] == "=":
        return None
    if not reference[1]:
        return Key()
    if reference[1] not in named:
        problem = f"{cell} names neither a dead key nor a key of this file"
        raise file.error("unknown_cell", key, problem, cell=cell)
    return named[reference[1]]


def _space(file: _Text, key: str, text: str, named: Mapping[str, Key]) -> Key | None:
    return (
        _cell(file, key, text, named)
        if _REFERENCE.fullmatch(text)
        else _plain(_check_output(file, key, text))
    )


def _plain(output: str) -> Key:
    return Key(output, label=labelled(output))


# --- dead keys ------------------------------------------------------------------------------------------------


def _dead(file: _Text) -> Mapping[str, DeadKey]:
    return MappingProxyType(
        {name: _dead_key(file, name, table) for name, table in file.data.get("dead", {}).items()}
    )


def _dead_key(file: _Text, name: str, table: Mapping[str, str]) -> DeadKey:
    key = f"dead.{name}"
    alone = _check_output(file, f"{key}.alone", literal(table["alone"]))
    if len(alone) != 1 or ord(alone) > _BMP:
        problem = f"must be one character of the basic plane, not {shown(alone)}"
        raise file.error("dead_alone", f"{key}.alone", problem, text=alone)
    cells = [literal(cell) for cell in table["map"].split()]
    if len(cells) % 2:
        raise file.error("dead_pairs", f"{key}.map", "must be pairs: what is pressed, what comes out")
    results: dict[str, str] = {}
    for pressed, result in zip(cells[::2], cells[1::2], strict=True):
        _check_output(file, f"{key}.map", result)
        if len(result) != 1 or ord(result) > _BMP:
            problem = f"{pressed} gives {shown(result)}; Windows holds one character of the basic plane there"
            raise file.error("dead_result", f"{key}.map", problem, pressed=pressed, result=result)
        if pressed in results:
            raise file.error("dead_twice", f"{key}.map", f"{pressed!r} stands twice", pressed=pressed)
        results[pressed] = result
    return DeadKey(name, table["label"], alone, MappingProxyType(results))


def _check_dead(
    file: _Text, dead: Mapping[str, DeadKey], layers: Mapping[Modifiers, Mapping[str, Key]]
) -> None:
    keys = [key for layer in layers.values() for key in layer.values()]
    given = {key.output for key in keys} | {each.alone for each in dead.values()}
    for name, each in dead.items():
        if not any(key.dead == name for key in keys):
            raise file.error("dead_unused", f"dead.{name}", "stands on no key", name=name)
        for pressed in each.results:
            if pressed not in given:
                problem = f"no key gives {shown(pressed)}"
                raise file.error("dead_unreachable", f"dead.{name}.map", problem, pressed=pressed)
            if pressed in (" ", "\u00a0", each.alone):
                problem = f"{shown(pressed)} after the dead key always gives {shown(each.alone)}"
                raise file.error("dead_fixed", f"dead.{name}.map", problem, pressed=pressed)


def _check_kind(file: _Text, dead: Mapping[str, DeadKey], rules: Sequence[Transform]) -> None:
    if dead and file.data["kind"] == "composing":
        key = f"dead.{next(iter(dead))}"
        raise file.error("dead_in_composing", key, "dead keys are for keyboards of kind direct")
    if rules and file.data["kind"] == "direct":
        raise file.error(
            "rules_in_direct", "kind", "transforms and backspace rules are for the kind composing"
        )


# --- sets and rules -------------------------------------------------------------------------------------------


def _sets(parts: Sequence[_Text]) -> Mapping[str, tuple[str, ...]]:
    """The sets of the fragments, then of the file itself: a later one of the same name takes an earlier one's place."""
    sets: dict[str, tuple[str, ...]] = {}
    for part in (*parts[1:], parts[0]):
        for name, written in part.data.get("sets", {}).items():
            elements = tuple(literal(cell) for cell in written.split())
            for element in elements:
                _check_output(part, f"sets.{name}", element)
            if not elements:
                raise part.error("set_empty", f"sets.{name}", "has no elements")
            sets[name] = elements
    return MappingProxyType(sets)


def _rules(parts: Sequence[_Text], kind: str, sets: Mapping[str, tuple[str, ...]]) -> Iterator[Transform]:
    for part in parts:
        for at, table in enumerate(_tables(part, kind)):
            key = f"{kind}[{at}]"
            rule = Transform(table.get("before", ""), table["from"], table["to"], part.name, part.lines[key])
            _check_rule(part, key, rule, sets)
            yield rule


def _check_rule(file: _Text, key: str, rule: Transform, sets: Mapping[str, tuple[str, ...]]) -> None:
    labels: dict[str, str] = {}
    for field, pattern in (("before", rule.before), ("from", rule.source)):
        for part in _parsed(file, f"{key}.{field}", pattern, to=False):
            if isinstance(part, SetPart):
                _known_set(file, f"{key}.{field}", part.name, sets)
                _check_distinct(file, f"{key}.{field}", part.name, sets)
                if part.label in labels:
                    problem = f"{{{part.label}}} stands twice; name one, as in {{other={part.name}}}"
                    raise file.error("label_twice", f"{key}.{field}", problem, label=part.label)
                labels[part.label] = part.name
    for part in _parsed(file, f"{key}.to", rule.to, to=True):
        if isinstance(part, SetPart):
            if part.label not in labels:
                problem = f"{{{part.label}}} does not stand in `before` or `from`"
                raise file.error("unknown_label", f"{key}.to", problem, label=part.label)
            if part.name:
                _known_set(file, f"{key}.to", part.name, sets)
                own, other = sets[labels[part.label]], sets[part.name]
                if len(own) != len(other):
                    problem = (
                        f"{labels[part.label]} has {len(own)} elements and {part.name} {len(other)}; "
                        "they must be as many"
                    )
                    raise file.error(
                        "set_lengths", f"{key}.to", problem, set=labels[part.label], other=part.name
                    )


def _parsed(file: _Text, key: str, pattern: str, *, to: bool) -> tuple[str | SetPart, ...]:
    try:
        return parse_target(pattern) if to else parse_source(pattern)
    except PatternError as error:
        raise file.error("pattern", key, str(error)) from None


def _known_set(file: _Text, key: str, name: str, sets: Mapping[str, tuple[str, ...]]) -> None:
    if name not in sets:
        known = ", ".join(sorted(sets)) or "none"
        raise file.error("unknown_set", key, f"there is no set {name!r}; there are: {known}", set=name)


def _check_distinct(file: _Text, key: str, name: str, sets: Mapping[str, tuple[str, ...]]) -> None:
    """What is matched has each element once; a set that is only written may lead several elements to one."""
    elements = sets[name]
    if len(set(elements)) < len(elements):
        twice = next(element for element in elements if elements.count(element) > 1)
        problem = f"{{{name}}} has {twice!r} twice, so it cannot be matched"
        raise file.error("set_twice", key, problem, set=name, element=twice)


# --- touch ----------------------------------------------------------------------------------------------------


def _touch(file: _Text) -> TouchFile:
    table = file.data.get("touch", {})
    rows: dict[str, tuple[tuple[str, ...], ...]] = {}
    for at, layer in enumerate(table.get("layer", ())):
        if layer["id"] in rows:
            problem = f"two layers {layer['id']!r}: two keys at each place"
            raise file.error("two_keys", f"touch.layer[{at}].id", problem, layer=layer["id"])
        rows[layer["id"]] = tuple(tuple(row.split()) for row in layer["rows"])
    try:
        return TouchFile.read(
            rows, file.data.get("keys", {}), table.get("longpress", {}), table.get("flick", {})
        )
    except LanguageError as error:
        key = str(error.params.get("key", "touch"))
        raise file.error(
            error.code, key, str(error), **{k: v for k, v in error.params.items() if k != "key"}
        ) from None


def presses(layers: Mapping[Modifiers, Mapping[str, Key]]) -> Iterator[tuple[Press, Key]]:
    """Every press that does something, with its key, in the order of layers and places."""
    for held, layer in layers.items():
        for code in POSITIONS:
            if code in layer:
                yield Press(code, held), layer[code]
