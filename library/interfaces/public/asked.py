"""What the address of a list asks for."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest

LONGEST: Final = 60
"""How many characters a value that lists are narrowed to may have."""
# PostgreSQL cannot be asked for NUL, and no value has any of the others.
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")


def asked(request: HttpRequest, name: str) -> str:
    """The value of a parameter as it may be asked of the database: cut, without control characters; "" for none."""
    return _CONTROLS.sub("�", request.GET.get(name, "").strip())[:LONGEST]
