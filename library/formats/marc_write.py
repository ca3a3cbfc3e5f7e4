"""Content as a MARC 21 record: over the record it was imported as, or as a new one.

What the content still says as the record said it keeps its field, byte for byte; what changed is written into its
field, beside the subfields that nothing here is known of; what is new goes where the table says, in the order of tags.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from library.domain.content import Node
from library.formats import marc_dates
from library.formats.marc import LINK, Field, Record, Subfield, base_tag, partner
from library.formats.marc_read import Held, Said, dates, holdings, languages, said
from library.formats.marc_rules import (
    ISO,
    Rule,
    is_own_code,
    iso_code,
    marc_code,
    script_of,
    table,
    usual_script,
)

# Subfields that only say something about the others: a field with nothing else is empty.
_ABOUT: Final = "0124568\0"
Slot = Field | None


def empty(kind: str) -> Record:
    """A record that says nothing yet but its kind."""
    letters = table().leaders.get(kind, "am")
    control = Field("008", data="      " + "nuuuuuuuu" + "xx " + "|" * 17 + "und" + " d")
    return Record(f"00000n{letters} a2200000 u 4500", (control,))


def written(content: Mapping[str, Any], base: Record, copies: Sequence[Held] = ()) -> Record:
    """The record `base` so that it says what `content` says. References must have been given a `value` (see labels).

    A record that says all of it already is returned as it is.
    """
    work = _Work(base)
    fields: Mapping[str, Sequence[Node]] = content.get("fields", {})
    present = list(said(base))
    for name in dict.fromkeys(rule.property for rule in table().rules):
        old = [one for one in present if one.rule.property == name]
        new = [node for node in fields.get(name, ()) if str(node.get("value", "")).strip()]
        work.property(name, old, new)
    work.date(fields.get("date", ()))
    work.languages([node["tag"] for node in fields.get("language", ()) if node.get("tag")])
    work.copies(copies)
    return work.record()


def _same(node: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two nodes say the same, as far as MARC can say it."""
    return _text(node) == _text(other) and node.get("role", "") == other.get("role", "")


def _text(node: Mapping[str, Any]) -> str:
    return " ".join(str(node.get("value", "")).split())


class _Work:
    """The fields of a record while they are changed: each in its slot, None where it was taken out."""

    def __init__(self, base: Record) -> None:
        self.base = base
        self.slots: list[Slot] = list(base.fields)
        self.added: list[Field] = []

    def record(self) -> Record:
        """The result; the same object when nothing changed."""
        if not self.added and all(a is b for a, b in zip(self.slots, self.base.fields, strict=True)):
            return self.base
        fields = [one for one in self.slots if one is not None]
        for one in self.added:
            same = max((index + 1 for index, each in enumerate(fields) if each.tag == one.tag), default=0)
            later = (index for index, each in enumerate(fields) if each.tag > one.tag)
            fields.insert(same or (next(later, len(fields)) if one.tag != "880" else len(fields)), one)
        return replace(self.base, fields=tuple(fields))

    # --- properties

    def property(self, name: str, old: Sequence[Said], new: Sequence[Node]) -> None:
        """Make the fields of a property say the new nodes."""
        left = list(new)
        gone: list[Said] = []
        for one in old:
            twin = next((node for node in left if _same(one.node, node)), None)
            if twin is None:
                gone.append(one)
            else:
                left = [node for node in left if node is not twin]
        for one in list(gone):
            script = script_of(one.node["value"])
            heir = next((node for node in left if script_of(str(node["value"])) == script), None)
            if heir is not None:
                left = [node for node in left if node is not heir]
                gone.remove(one)
                self._patch(one, heir)
        for one in gone:
            self._remove(one)
        kept = len(old) - len(gone)
        for node in left:
            self._add(name, node, kept)
            kept += 1

    def _patch(self, one: Said, node: Node) -> None:
        present = self.slots[one.index]
        assert present is not None
        rule = one.rule
        subfields = present.subfields
        if _text(one.node) != _text(node):
            subfields = _with_value(subfields, rule, str(node["value"]).strip(), one.node["value"])
        role = str(node.get("role", ""))
        if rule.roles and role != one.node.get("role", ""):
            subfields = tuple(each for each in subfields if each[0] not in ("e", "4"))
            subfields += (("4", role),) if role else ()
        self.slots[one.index] = Field(present.tag, present.indicators, subfields, gap=present.gap)

    def _remove(self, one: Said) -> None:
        present = self.slots[one.index]
        assert present is not None
        rest = tuple(each for each in present.subfields if each[0] not in one.rule.codes)
        if one.rule.whole or not any(code not in _ABOUT for code, _value in rest):
            self.slots[one.index] = None
            self._unlink(self.base.fields[one.index])
        else:
            self.slots[one.index] = Field(present.tag, present.indicators, rest, gap=present.gap)

    def _unlink(self, gone: Field) -> None:
        """The field that was linked to one that is gone: a main field loses its link, an 880 says it has none (00)."""
        other = partner(self.base, gone)
        index = next((at for at, each in enumerate(self.base.fields) if each is other), -1)
        present = self.slots[index] if index >= 0 else None
        if present is None:
            return
        if present.tag == "880":
            link = f"{base_tag(present)}-00" + present.first(LINK)[6:]
            subfields = tuple((code, link if code == LINK else value) for code, value in present.subfields)
        else:
            subfields = tuple(each for each in present.subfields if each[0] != LINK)
        self.slots[index] = replace(present, subfields=subfields, raw=b"")

    def _add(self, name: str, node: Node, before: int) -> None:
        rule = _rule_for(name, node)
        if rule is None or rule.new is None:
            return
        new = rule.new
        value = str(node["value"]).strip()
        tag = new.tag
        if new.most and before >= new.most:
            main = self._unpaired(rule, node)
            if main is not None:
                self._pair(main, rule, value)
                return
            # A second title is a variant one, a second creator an added entry.
            tag = new.otherwise or "246"
        indicators = new.indicators
        if tag == "246":
            indicators = "3 "
        if tag == "245" and value[-1] not in ".?!":
            value += "."  # as ISBD has it; reading takes it off again
        subfields: tuple[Subfield, ...] = ((new.code, value),)
        if rule.roles and node.get("role"):
            subfields += (("4", str(node["role"])[:3]),)
        scheme = str(node.get("scheme", ""))
        if new.tag == "024" and scheme:
            indicators, subfields = "7 ", (*subfields, ("2", scheme))
        self.added.append(Field(tag, indicators, subfields))

    def _unpaired(self, rule: Rule, node: Node) -> int | None:
        """The first field of the rule without a pair, when the node is the same in another script."""
        script = script_of(str(node["value"]))
        language = str(node.get("lang", "")).partition("-")[0]
        for index, one in enumerate((*self.slots, *self.added)):
            if one is None or one.tag == "880" or not rule.matches(one) or one.first(LINK):
                continue
            text = " ".join(one.all(rule.codes))
            foreign = script and script != "Latn" and usual_script(language) in (script, "")
            return index if foreign and script_of(text) != script else None
        return None

    def _pair(self, index: int, rule: Rule, value: str) -> None:
        added = index - len(self.slots)
        main = self.slots[index] if added < 0 else self.added[added]
        assert main is not None
        assert rule.new is not None
        numbers = [one.first(LINK)[4:6] for one in (*self.slots, *self.added) if one is not None]
        number = max((int(each) for each in numbers if each.isdigit()), default=0) + 1
        codes: dict[str, str] = {}
        for code, name in table().scripts.items():
            codes.setdefault(name, code)
        code = codes.get(script_of(value), "")
        link = f"{main.tag}-{number:02d}" + (f"/{code}" if code else "")
        rest = tuple(each for each in main.subfields if each[0] != LINK)
        linked = Field(main.tag, main.indicators, ((LINK, f"880-{number:02d}"), *rest), gap=main.gap)
        if added < 0:
            self.slots[index] = linked
        else:
            self.added[added] = linked
        self.added.append(Field("880", main.indicators, ((LINK, link), (rule.new.code, value))))

    # --- what is read from several places at once

    def date(self, nodes: Sequence[Node]) -> None:
        """008/06-14, and the statement in 260 or 264 $c."""
        present = dates(self.base)
        first = next((node for node in nodes if node.get("edtf") or node.get("value")), None)
        old = present[0] if present else None
        if _dated(first) == _dated(old):
            return
        date, note = _dated(first)
        self._control(marc_dates.put(self._present("008"), marc_dates.coded(date) if date else "nuuuuuuuu"))
        index, text = marc_dates.statement(self.base)
        shown = note or date
        if index >= 0:
            field = self.slots[index]
            if field is not None and shown != text:
                rest = tuple(each for each in field.subfields if each[0] != "c")
                subfields = (*rest, ("c", shown)) if shown else rest
                self.slots[index] = Field(field.tag, field.indicators, subfields, gap=field.gap)
        elif shown:
            self._into_imprint(("c", shown))

    def _into_imprint(self, subfield: Subfield) -> None:
        """Into the 264 that is being added, else one of its own."""
        for index, one in enumerate(self.added):
            if one.tag == "264":
                self.added[index] = replace(one, subfields=(*one.subfields, subfield))
                return
        self.added.append(Field("264", " 1", (subfield,)))

    def languages(self, tags: Sequence[str]) -> None:
        """008/35-37 and 041: MARC codes, and ISO 639-3 codes for languages that MARC has none of their own for."""
        # MARC knows languages only, no scripts and orthographies.
        tags = list(dict.fromkeys(tag.partition("-")[0] for tag in tags))
        if [node["tag"] for node in languages(self.base)] == tags:
            return
        codes = list(dict.fromkeys(marc_code(tag) for tag in tags if _marc_knows(tag)))
        exact = list(dict.fromkeys(iso_code(tag) for tag in tags if not is_own_code(tag)))
        control = self._present("008")
        data = (control.data if control else "").ljust(40)
        first = codes[0] if codes else "und"
        if data[35:38] != first:
            self._control(Field("008", data=data[:35] + first + data[38:]))
        for index, one in enumerate(self.slots):
            if one is not None and one.tag == "041" and one.first("2").strip() in ("", ISO):
                rest = tuple(each for each in one.subfields if each[0] not in "a2")
                self.slots[index] = Field("041", one.indicators, rest, gap=one.gap) if rest else None
        if len(codes) > 1 or exact:
            main = tuple(("a", code) for code in codes)
            if main:
                self.added.append(Field("041", "  ", main))
        if exact:
            self.added.append(Field("041", " 7", (*(("a", code) for code in exact), ("2", ISO))))

    def copies(self, copies: Sequence[Held]) -> None:
        """852, one for each copy; those that are as they were stay as they are."""
        left = list(copies)
        for index, one in enumerate(self.base.fields):
            held = next(holdings(Record(self.base.leader, (one,))), None) if one.tag == "852" else None
            if held is None:
                continue
            if held in left:
                left.remove(held)
            else:
                self.slots[index] = None
        for held in left:
            pairs = zip(
                "abhpz",
                (held.institution, held.location, held.call_number, held.item_id, held.note),
                strict=True,
            )
            self.added.append(Field("852", "  ", tuple((code, text) for code, text in pairs if text)))

    def _present(self, tag: str) -> Field | None:
        return next((one for one in self.slots if one is not None and one.tag == tag), None)

    def _control(self, one: Field) -> None:
        for index, each in enumerate(self.slots):
            if each is not None and each.tag == one.tag:
                self.slots[index] = replace(one, gap=each.gap)
                return
        self.added.append(one)


def _with_value(subfields: Sequence[Subfield], rule: Rule, value: str, before: str) -> tuple[Subfield, ...]:
    """The subfields with another value: it stands where the old one began; what separated it from the rest stays."""
    places = [at for at, each in enumerate(subfields) if each[0] in rule.codes]
    whole = "".join(subfields[places[-1]][1].split()[-1:])
    mark = whole[-1:] if whole[-1:] in rule.trim and not before.endswith(whole[-1:]) else ""
    if mark and places[-1] + 1 < len(subfields):
        value += f" {mark}" if mark in "/:;=" else mark
    result: list[Subfield] = []
    for at, each in enumerate(subfields):
        if at == places[0]:
            result.append((each[0], value))
        elif at not in places:
            result.append(each)
    return tuple(result)


def _dated(node: Mapping[str, Any] | None) -> tuple[str, str]:
    if node is None:
        return "", ""
    return str(node.get("edtf", "")), str(node.get("note") or node.get("value") or "")


def _marc_knows(tag: str) -> bool:
    language = tag.partition("-")[0].lower()
    return is_own_code(tag) or language in table().groups


def _rule_for(name: str, node: Node) -> Rule | None:
    """The rule that writes a property; of several the one of the node's scheme."""
    able = [rule for rule in table().rules if rule.property == name and rule.new is not None]
    scheme = node.get("scheme", "")
    return next(
        (rule for rule in able if rule.scheme == scheme), next((r for r in able if not r.scheme), None)
    )
