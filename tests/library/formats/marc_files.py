"""The real MARC files of the tests, and records made for them."""

from __future__ import annotations

import io
from pathlib import Path

from hypothesis import strategies as st

from library.formats import iso2709, marcxml
from library.formats.limits import Limits
from library.formats.marc import Field, Read, Record
from tests.shared_data import SHARED

FOLDER = "marc-traject"
NAMES = sorted(path.name for path in (SHARED / FOLDER).glob("*") if path.suffix in (".marc", ".mrc")) or [
    "test_data.utf8.mrc"
]
LEADER = "00000nam a2200000 a 4500"


def read_iso(path: Path) -> list[Read]:
    """All records of a file in ISO 2709."""
    with path.open("rb") as stream:
        return list(iso2709.read(stream, Limits(), path.name))


def iso(data: bytes, limits: Limits | None = None) -> list[Read]:
    """All records of bytes in ISO 2709."""
    return list(iso2709.read(io.BytesIO(data), limits or Limits(), "made.mrc"))


def xml(data: bytes, limits: Limits | None = None) -> list[Read]:
    """All records of bytes in MARCXML."""
    return list(marcxml.read(io.BytesIO(data), limits or Limits(), "made.xml"))


def made(*fields: Field, leader: str = LEADER) -> Record:
    """A record of these fields."""
    return Record(leader, fields)


texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=30)
fields = st.one_of(
    st.builds(lambda n, text: Field(f"00{n}", data=text), st.integers(1, 9), texts),
    st.builds(
        lambda tag, indicators, subfields: Field(f"{tag}", indicators, tuple(subfields)),
        st.integers(10, 999).map("{:03d}".format),
        st.text("0123456789 ", min_size=2, max_size=2),
        st.lists(st.tuples(st.sampled_from("abcdtxz069"), texts), max_size=4),
    ),
)
records = st.lists(fields, min_size=1, max_size=8).map(lambda found: made(*found))
