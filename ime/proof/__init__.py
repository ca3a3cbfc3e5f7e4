"""The proof that what the targets built types the same text as the reference: one module for each engine."""

from __future__ import annotations

from typing import Final

from ime.proof.base import Engine
from ime.proof.keyman_core import KEYMAN_CORE
from ime.proof.keyman_js import KEYMAN_JS
from ime.proof.ldml_core import LDML_CORE
from ime.proof.libm17n import LIBM17N
from ime.proof.macos_states import MACOS_STATES
from ime.proof.web_chromium import WEB_CHROMIUM
from ime.proof.web_node import WEB_NODE
from ime.proof.windows_tables import WINDOWS_TABLES
from ime.proof.xkbcommon import XKBCOMMON

# A line each: real engines first, then what is read back from the files.
ENGINES: Final[tuple[Engine, ...]] = (
    KEYMAN_CORE,
    KEYMAN_JS,
    XKBCOMMON,
    LIBM17N,
    LDML_CORE,
    WEB_NODE,
    WEB_CHROMIUM,
    WINDOWS_TABLES,
    MACOS_STATES,
)
