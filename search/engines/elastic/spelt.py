"""The dictionary of an index on the server: which terms there are that begin like this.

All spellings with marks stand in one field, whatever they are spellings of, so that one request tells those of a
word: in forms and glosses, as a whole and as a beginning. Marks are then compared here, by the rule that all engines
share, and the server is asked for terms that it has, not for expressions that it would have to compile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import quote

from elasticsearch import Elasticsearch

from search.engines.terms import KEY_FIELDS, PREFIX, UNIT
from search.interface import EngineUnavailable

SPELT = "spelt"
"""The field of all spellings: terms `LETTER␟SCOPE␟MARKED␟DIGIT`, where the digit tells the field of other engines."""

MERGED = tuple(name for name in KEY_FIELDS if name.endswith(("_m", "_mp")))
PAGE = 10_000

Dictionary = Callable[[str, str], Sequence[str]]
"""(field, beginning) -> all terms of the field that begin so."""

_DIGITS = {name: f"{UNIT}{digit}" for digit, name in enumerate(MERGED)}
JSON = {"accept": "application/json", "content-type": "application/json"}


def merged(terms: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The terms of a document by field of this engine's index."""
    found = {name: list(several) for name, several in terms.items() if name not in _DIGITS}
    spelt = [term + _DIGITS[name] for name, several in terms.items() if name in _DIGITS for term in several]
    if spelt:
        found[SPELT] = spelt
    return found


def tagged(field: str, term: str) -> str:
    """The term of the one field for a term of one of the merged ones."""
    return term + _DIGITS[field]


def spellings(dictionary: Dictionary, field: str, start: str) -> list[str]:
    """The terms of one of the merged fields that begin like this."""
    digit = _DIGITS[field]
    letters = start.removesuffix(UNIT)
    # A look-up of something long wants both its letters and what begins with them: one request tells both.
    several = dictionary(SPELT, letters if len(letters) > PREFIX else start)
    return [term[: -len(digit)] for term in several if term.endswith(digit) and term.startswith(start)]


def remembering(read: Dictionary) -> Dictionary:
    """The dictionary, asked for each beginning once: for as long as one request takes."""
    known: dict[tuple[str, str], Sequence[str]] = {}

    def lookup(field: str, start: str) -> Sequence[str]:
        if (field, start) not in known:
            known[field, start] = read(field, start)
        return known[field, start]

    return lookup


def read(
    client: Elasticsearch, index: str, seconds: float, field: str, start: str, *, page: int = PAGE
) -> list[str]:
    """All terms of a field that begin like this, a page at a time. Raises EngineUnavailable when a shard does not tell
    its own within these seconds."""
    found: list[str] = []
    body: dict[str, object] = {
        "field": field,
        "string": start,
        "size": page,
        "timeout": f"{seconds * 1000:.0f}ms",
    }
    while True:
        answer = client.perform_request("POST", f"/{quote(index)}/_terms_enum", headers=JSON, body=body).body
        if not answer["complete"]:
            raise EngineUnavailable("Elasticsearch does not tell all of its dictionary.")
        found.extend(answer["terms"])
        if len(answer["terms"]) < page:
            return found
        body["search_after"] = found[-1]
