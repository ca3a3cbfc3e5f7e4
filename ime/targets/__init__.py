"""The platforms that keyboards are built for, one module each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ime.targets.base import Target
from ime.targets.hunspell import HUNSPELL
from ime.targets.keyman import KEYMAN
from ime.targets.ldml import LDML
from ime.targets.m17n import M17N
from ime.targets.macos import MACOS
from ime.targets.model import MODEL
from ime.targets.web import WEB
from ime.targets.windows import WINDOWS
from ime.targets.xkb import XKB

# A line each, in the order in which people see them.
_ALL: Final[tuple[Target, ...]] = (KEYMAN, MODEL, WINDOWS, MACOS, XKB, M17N, WEB, LDML, HUNSPELL)
TARGETS: Final[Mapping[str, Target]] = MappingProxyType({target.id: target for target in _ALL})
