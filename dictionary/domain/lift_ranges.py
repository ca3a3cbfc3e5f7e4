"""The ranges of a LIFT lexicon: the values that its open lists may take, from its header or the file beside it.

LIFT 0.13, section “ranges”: a header may hold the range elements itself, or name a `.lift-ranges` file that does.
Both come from outside: they are read piece by piece, without entities and network, up to bounds, and kept by what
they say, so that a form is not slower for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import IO, Final, NamedTuple

from lxml import etree

from dictionary.models import Lexicon
from media_pipeline.domain import blobs

_SUFFIX: Final = ".lift-ranges"
# The largest list that FieldWorks brings, the semantic domains, has some 1,800 values.
_MOST_VALUES: Final = 5_000
_LONGEST: Final = 300
_LARGEST_FILE: Final = 50_000_000


class Value(NamedTuple):
    """One value of a range: what an entry holds, and what people call it, by language."""

    value: str
    labels: Mapping[str, str]
    number: str = ""


Ranges = Mapping[str, tuple[Value, ...]]


def ranges(lexicon: Lexicon) -> Ranges:
    """The values of each range by its id; what cannot be read gives none. One query, none without a LIFT header."""
    if not lexicon.header:
        return {}
    found: dict[str, dict[str, Value]] = {}
    files = lexicon.files.filter(name__endswith=_SUFFIX).select_related("blob")
    for source in (_of_header(lexicon), *(_of_file(str(blobs.path(file.blob))) for file in files)):
        for name, values in source.items():
            found.setdefault(name, {}).update((each.value, each) for each in values)
    return {name: tuple(values.values()) for name, values in found.items()}


def _of_header(lexicon: Lexicon) -> Ranges:
    pieces = lexicon.header.get("header", ())
    if not isinstance(pieces, list | tuple) or not all(isinstance(piece, str) for piece in pieces):
        return {}
    text = "".join(pieces).strip()
    return _of_text(text) if "<range-element" in text else {}


@lru_cache(maxsize=32)
def _of_text(text: str) -> Ranges:
    return _read(BytesIO(text.encode()))


@lru_cache(maxsize=32)
def _of_file(path: str) -> Ranges:
    """The ranges of a kept file; its name is the hash of its bytes, so that it says the same for ever."""
    try:
        if Path(path).stat().st_size > _LARGEST_FILE:
            return {}
        with Path(path).open("rb") as stream:
            return _read(stream)
    except OSError:
        return {}


def _read(stream: IO[bytes]) -> Ranges:
    found: dict[str, list[Value]] = {}
    try:
        for name, element in _elements(stream):
            values = found.setdefault(name, [])
            value = element.get("id", "").strip()
            if 0 < len(value) <= _LONGEST and len(values) < _MOST_VALUES:
                number = _texts(element, "abbrev").get("en", "")
                values.append(Value(value, MappingProxyType(_texts(element, "label")), number))
    except (etree.XMLSyntaxError, ValueError):
        return {}
    return MappingProxyType({name: tuple(values) for name, values in found.items()})


def _elements(stream: IO[bytes]) -> Iterator[tuple[str, etree._Element]]:
    """Each range element with the id of its range; it is emptied afterwards."""
    name = ""
    parsing = etree.iterparse(
        stream, events=("start", "end"), tag=("range", "range-element"), resolve_entities=False,
        no_network=True, load_dtd=False, huge_tree=False,
    )  # fmt: skip
    for event, element in parsing:
        if event == "start" and element.tag == "range":
            name = element.get("id", "")
        elif event == "end":
            if element.tag == "range-element":
                yield name, element
            element.clear()


def _texts(element: etree._Element, key: str) -> dict[str, str]:
    forms = element.iterfind(f"{key}/form")
    found = {form.get("lang", ""): form.findtext("text", "").strip() for form in forms}
    return {lang: text[:_LONGEST] for lang, text in found.items() if text}
