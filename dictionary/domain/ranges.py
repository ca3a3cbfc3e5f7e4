"""What the entry form suggests for open lists: parts of speech, domains, kinds of relation, note and origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from lxml import etree

from dictionary.domain import naming
from dictionary.models import Lexicon

# What FieldWorks offers at first; a lexicon's own ranges come before them.
_POS: Final = (
    "Noun", "Verb", "Adjective", "Adverb", "Pronoun", "Numeral", "Classifier", "Preposition", "Conjunction",
    "Particle", "Interjection", "Proper Noun",
)  # fmt: skip
_RELATIONS: Final = ("synonym", "antonym", "compare", "part", "whole", "generic", "specific")
_NOTES: Final = (
    "",
    "grammar",
    "usage",
    "semantics",
    "phonology",
    "sociolinguistics",
    "anthropology",
    "bibliography",
)
_ETYMOLOGIES: Final = ("borrowed", "proto", "cognate")
# The nine top domains of SIL's Dictionary Development Process, version 4 (semdom.org).
_DOMAINS: Final = (
    "1 Universe, creation", "2 Person", "3 Language and thought", "4 Social behavior", "5 Daily life",
    "6 Work and occupation", "7 Physical actions", "8 States", "9 Grammar",
)  # fmt: skip
_RANGES: Final = {
    "pos": ("grammatical-info",),
    "domains": ("semantic-domain-ddp4", "semantic-domain"),
    "relations": ("lexical-relation",),
    "notes": ("note-type",),
    "etymologies": ("etymology",),
}

Option = dict[str, str]


def options(lexicon: Lexicon, reader: str) -> dict[str, list[Option]]:
    """The suggestions of each list as value and label, for a reader of a language of the interface."""
    own = _own(lexicon.header, reader)
    usual = {
        "pos": [(value, naming.grammar_name(value)) for value in _POS],
        "domains": [(value, value) for value in _DOMAINS],
        "relations": [(value, naming.relation_name(value)) for value in _RELATIONS],
        "notes": [(value, naming.note_name(value)) for value in _NOTES],
        "etymologies": [(value, naming.origin_name(value)) for value in _ETYMOLOGIES],
    }
    return {
        name: _unique([*own.get(name, ()), *(values if not own.get(name) else ())])
        for name, values in usual.items()
    }


def _unique(pairs: Iterable[tuple[str, str]]) -> list[Option]:
    return [{"value": value, "label": label} for value, label in dict(pairs).items()]


def _own(header: Mapping[str, Any], reader: str) -> dict[str, list[tuple[str, str]]]:
    """The ranges that a LIFT header holds itself; what cannot be read suggests nothing."""
    pieces = header.get("header", "")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=False)
    try:
        tree = etree.fromstring("".join(pieces), parser)
    except (etree.XMLSyntaxError, ValueError, TypeError):
        return {}
    found: dict[str, list[tuple[str, str]]] = {}
    for each in tree.iter("range"):
        names = [name for name, ids in _RANGES.items() if each.get("id") in ids]
        for name in names:
            found.setdefault(name, []).extend(_element(one, reader) for one in each.iter("range-element"))
    return found


def _element(element: etree._Element, reader: str) -> tuple[str, str]:
    value = element.get("id", "")
    labels = {form.get("lang"): form.findtext("text", "") for form in element.iterfind("label/form")}
    return value, labels.get(reader) or labels.get("en") or value
