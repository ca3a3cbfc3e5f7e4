"""What the entry form suggests for open lists: parts of speech, domains, kinds of relation, note and origin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from dictionary.domain import naming
from dictionary.domain.lift_ranges import Ranges, Value, ranges
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


class _List(NamedTuple):
    """A list of the form: what is usual in it, how its values are called, the LIFT ranges that hold it."""

    usual: tuple[str, ...]
    called: Callable[[str], str]
    ranges: tuple[str, ...]


_LISTS: Final[Mapping[str, _List]] = {
    "pos": _List(_POS, naming.grammar_name, ("grammatical-info",)),
    "domains": _List(_DOMAINS, str, ("semantic-domain-ddp4", "semantic-domain")),
    "relations": _List(_RELATIONS, naming.relation_name, ("lexical-relation",)),
    "notes": _List(_NOTES, naming.note_name, ("note-type",)),
    "etymologies": _List(_ETYMOLOGIES, naming.origin_name, ("etymology",)),
}
Option = dict[str, str]


def options(lexicon: Lexicon, reader: str) -> dict[str, list[Option]]:
    """The suggestions of each list as value and label, for a reader of a language of the interface.

    A lexicon that came with ranges of its own is offered those, any other what is usual.
    """
    own = ranges(lexicon)
    return {name: _unique(_own(own, name, reader) or _usual(name)) for name in _LISTS}


def _unique(pairs: Iterable[tuple[str, str]]) -> list[Option]:
    return [{"value": value, "label": label} for value, label in dict(pairs).items()]


def _usual(name: str) -> list[tuple[str, str]]:
    each = _LISTS[name]
    return [(value, each.called(value)) for value in each.usual]


def _own(own: Ranges, name: str, reader: str) -> list[tuple[str, str]]:
    each = _LISTS[name]
    return [
        (one.value, _label(one, each.called, reader))
        for range_id in each.ranges
        for one in own.get(range_id, ())
    ]


def _label(value: Value, called: Callable[[str], str], reader: str) -> str:
    """What the range calls its value in the reader's language, else what the site calls it, else the range again."""
    known = called(value.value)
    label = value.labels.get(reader) or (known if known != value.value else value.labels.get("en", known))
    # Domains are known by their numbers, which stand in the value but not in the label.
    numbered = (
        value.number and value.value.startswith(f"{value.number} ") and not label.startswith(value.number)
    )
    return f"{value.number} {label}" if numbered else label
