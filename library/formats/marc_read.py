"""A MARC 21 record as the content of a record here, by the table of rules. What no rule reads stays in the original."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from library.domain.content import VERSION, Content, Node
from library.formats import marc_dates
from library.formats.errors import Note
from library.formats.marc import Field, Record, link, partner
from library.formats.marc_rules import ISO, Rule, marc_code, script_of, table, tag_of, with_script

_ABBREVIATED: Final = re.compile(
    r"\(?(?:[^\W\d_]|.*\..*|al|ca|cm|co|corp|dept|dr|ed|etc|inc|jr|ltd|mm|no|pp|pt|rev|sr|st|tr|vol)", re.I
)
_DIVISION: Final = " -- "


@dataclass(frozen=True)
class Said:
    """One thing that a field says: the node, the rule by which it was read, and the field's place in the record."""

    node: Node
    rule: Rule
    index: int


@dataclass(frozen=True)
class Held:
    """A copy, by field 852."""

    institution: str
    location: str = ""
    call_number: str = ""
    item_id: str = ""
    note: str = ""


@dataclass(frozen=True)
class Described:
    """What a MARC record says: content without ids, kind, copies, its own name, and what was noticed."""

    content: Content
    kind: str
    holdings: tuple[Held, ...]
    key: str
    notes: tuple[Note, ...] = field(default=())


def described(record: Record) -> Described:
    """Everything that is taken from a record."""
    notes: list[Note] = []
    fields: dict[str, list[Node]] = {}
    for each in said(record):
        fields.setdefault(each.rule.property, []).append(dict(each.node))
    for name, found in (("date", dates(record)), ("language", languages(record))):
        if found:
            fields[name] = found
    written = marc_dates.statement(record)[1]
    if written and not any("edtf" in node for node in fields.get("date", ())):
        notes.append(Note("date-unread", {"text": written[:80]}))
    for one in record.tagged("880"):
        tag, number, _script = link(one)
        if tag and number != "00" and partner(record, one) is None:
            notes.append(Note("link-broken", {"tag": tag, "number": number}, "880"))
    kind = table().kinds.get(record.leader[6:7], "book")
    content = {"v": VERSION, "fields": fields}
    return Described(content, kind, tuple(holdings(record)), key(record), tuple(notes))


def key(record: Record) -> str:
    """What the record is called where it comes from: 003 and 001, or 001 alone, or nothing."""
    number = record.control("001").strip()
    source = record.control("003").strip()
    return f"{source}:{number}" if source and number else number


def said(record: Record) -> Iterator[Said]:
    """What the fields say, in their order; original script right after what it belongs to."""
    spoken = [node["tag"] for node in languages(record)]
    language = spoken[0] if len(spoken) == 1 else tag_of(record.control("008").ljust(38)[35:38])
    catalogued = next((tag_of(one.first("b")) for one in record.tagged("040")), "")
    places = {id(one): index for index, one in enumerate(record.fields)}
    done: set[int] = set()
    for one in (*(each for each in record.fields if each.tag != "880"), *record.tagged("880")):
        for each in (one, partner(record, one) if one.tag != "880" else None):
            if each is None or places[id(each)] in done:
                continue
            index = places[id(each)]
            done.add(index)
            for rule in table().rule(each):
                node = _node(record, each, rule, language, catalogued)
                if node:
                    yield Said(node, rule, index)


def _node(record: Record, one: Field, rule: Rule, language: str, catalogued: str) -> Node | None:
    text = value_of(one, rule)
    if not text:
        return None
    node: Node = {"value": text}
    other = partner(record, one)
    if one.tag == "880":
        script = table().scripts.get(link(one)[2], "") or script_of(text)
        lang = with_script(language, script_of(text) or script)
    elif other is not None and other.tag == "880":
        lang = with_script(language, script_of(text))
    else:
        lang = language if rule.language == "record" else catalogued
    if lang and not rule.scheme and rule.property != "identifier":
        node["lang"] = lang
    role = role_of(one) if rule.roles else ""
    if role:
        node["role"] = role
    scheme = rule.scheme or (one.first("2") if rule.property == "identifier" else "")
    if scheme:
        node["scheme"] = scheme
    return node


def value_of(one: Field, rule: Rule) -> str:
    """The value of a field by a rule, without the punctuation that only separates."""
    parts: list[str] = []
    for code, value in one.subfields:
        text = value.strip()
        if code not in rule.codes or not text:
            continue
        if parts:
            if code in rule.divisions:
                parts[-1] = trimmed(parts[-1], rule.trim)
                parts.append(_DIVISION)
            else:
                parts.append(rule.join)
        parts.append(text)
    return trimmed("".join(parts), rule.trim)


def trimmed(text: str, marks: str) -> str:
    """Without separating marks at the end; the full stop of an initial or of an abbreviation stays."""
    text = text.strip()
    while text and text[-1] in marks:
        last = text[:-1].split()[-1:]
        if text[-1] == "." and (text.endswith("..") or (last and _ABBREVIATED.fullmatch(last[0]))):
            break
        text = text[:-1].rstrip()
    return text


def role_of(one: Field) -> str:
    """The relator code: $4, else what $e means; nothing if neither is known."""
    code = one.first("4").strip().rpartition("/")[2]
    if code:
        return code[:3]
    return table().roles.get(one.first("e").strip(" .,").lower(), "")


def dates(record: Record) -> list[Node]:
    """The date, with what is written for people as its note."""
    date, note = marc_dates.edtf(record)
    if not date:
        return [{"value": note}] if note else []
    return [{"edtf": date, "note": note} if note else {"edtf": date}]


def languages(record: Record) -> list[Node]:
    """Languages of the thing: 041 $a (in MARC or ISO 639-3 codes), else 008. A group gives way to its member."""
    exact: list[str] = []
    marc: list[str] = []
    for one in record.tagged("041"):
        source = one.first("2").strip().lower()
        if source not in ("", ISO):
            continue
        for value in one.all("a"):
            value = value.strip()
            # Old records write several codes in one subfield.
            pieces = [value[at : at + 3] for at in range(0, len(value), 3)] if len(value) % 3 == 0 else []
            (exact if source else marc).extend(tag for tag in map(tag_of, pieces) if tag)
    coded = tag_of(record.control("008").ljust(38)[35:38])
    if coded and coded not in marc:
        marc.insert(0, coded)
    groups = {tag_of(marc_code(tag)) or marc_code(tag) for tag in exact}
    found = [tag for tag in marc if tag in exact or tag not in groups]
    return [{"tag": tag} for tag in dict.fromkeys([*found, *exact])]


def holdings(record: Record) -> Iterator[Held]:
    """The copies: 852 $a institution, $b $c location, $h $i $j call number, $p item, $z note."""
    for one in record.tagged("852"):
        call = " ".join(value.strip() for value in one.all("hij"))
        place = " ".join(value.strip() for value in one.all("bc"))
        held = Held(one.first("a").strip(), place, call, one.first("p").strip(), one.first("z").strip())
        if any((held.institution, held.location, held.call_number, held.item_id)):
            yield held
