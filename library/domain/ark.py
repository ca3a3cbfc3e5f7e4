"""Names that last: ARK identifiers with a check character (NOID: betanumeric digits, NCDA).

`ark:NAAN/n1…`: the shoulder `n1` is this program's, then seven random betanumeric characters, then one that finds any
single wrong character and any two that changed places (https://metacpan.org/dist/Noid/view/noid, NOID CHECK DIGIT
ALGORITHM). Draft RFC: https://datatracker.ietf.org/doc/draft-kunze-ark/.
"""

from __future__ import annotations

import re
import secrets
from typing import Final

DIGITS: Final = "0123456789bcdfghjkmnpqrstvwxz"
SHOULDER: Final = "n1"
_LENGTH: Final = 7
NAAN: Final = re.compile(r"[0-9bcdfghjkmnpqrstvwxz]{5,9}\Z")
_ARK: Final = re.compile(
    r"(?:https?://[^/]+/)?ark:/?([0-9bcdfghjkmnpqrstvwxz]{5,9})/([0-9a-z-]+)\Z", re.IGNORECASE
)


def mint(naan: str) -> str:
    """A new name under a name assigning authority number; that nobody has it yet is for the caller to see."""
    blade = SHOULDER + "".join(secrets.choice(DIGITS) for _ in range(_LENGTH))
    return f"ark:{naan}/{blade}{check_character(f'{naan}/{blade}')}"


def check_character(name: str) -> str:
    """The check character of `NAAN/blade`: each character's value times its place (from 1), modulo 29."""
    total = sum(place * max(DIGITS.find(character), 0) for place, character in enumerate(name, 1))
    return DIGITS[total % len(DIGITS)]


def normalised(text: str) -> str | None:
    """The ARK as it is kept (`ark:NAAN/name`), however it was written; None if it is none."""
    found = _ARK.match(text.strip())
    return f"ark:{found[1].lower()}/{found[2].lower().replace('-', '')}" if found else None


def is_sound(ark: str) -> bool:
    """Whether the last character of a kept ARK is the check character of what stands before it."""
    name = ark.removeprefix("ark:")
    return len(name) > 2 and check_character(name[:-1]) == name[-1]
