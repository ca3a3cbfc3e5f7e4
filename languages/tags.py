"""Language tags: well-formedness and canonical form after RFC 5646 (BCP 47), sections 2.1 and 2.1.1.

No registry is consulted: a well-formed tag that nobody registered is fine here, as the languages of this house use
private-use subtags for spellings that have no variant of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from languages.errors import LanguageError

_TAG = re.compile(
    r"""
    (?P<language>[a-z]{2,3}(?P<extlang>(?:-[a-z]{3}(?![a-z0-9])){0,3})|[a-z]{4}|[a-z]{5,8})
    (?:-(?P<script>[a-z]{4}))?
    (?:-(?P<region>[a-z]{2}|[0-9]{3}))?
    (?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)
    (?P<extensions>(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*)
    (?:-(?P<private>x(?:-[a-z0-9]{1,8})+))?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_PRIVATE = re.compile(r"x(?:-[a-z0-9]{1,8})+", re.IGNORECASE | re.ASCII)
# The irregular tags of RFC 5646 that the grammar does not produce; the regular ones it does.
_IRREGULAR = frozenset(
    [
        "en-gb-oed",
        "i-ami",
        "i-bnn",
        "i-default",
        "i-enochian",
        "i-hak",
        "i-klingon",
        "i-lux",
        "i-mingo",
        "i-navajo",
        "i-pwn",
        "i-tao",
        "i-tay",
        "i-tsu",
        "sgn-be-fr",
        "sgn-be-nl",
        "sgn-ch-de",
    ]
)
_LONGEST = 255  # far beyond any real tag; keeps hostile input cheap


@dataclass(frozen=True)
class Tag:
    """A well-formed tag, taken apart; `str()` is its canonical spelling. Parts that are absent are empty."""

    language: str
    script: str = ""
    region: str = ""
    variants: tuple[str, ...] = ()
    extensions: str = ""
    private: str = ""

    def __str__(self) -> str:
        parts = (self.language, self.script, self.region, *self.variants, self.extensions, self.private)
        return "-".join(part for part in parts if part)


@lru_cache(maxsize=4096)
def parse(text: str) -> Tag:
    """The parts of a tag in canonical case (`qaa-latn` → `qaa-Latn`); raises LanguageError if it is malformed.

    The language part of a tag with extended language subtags keeps them (`zh-yue`); a grandfathered or an entirely
    private tag (`x-house`) is all language.
    """
    lowered = text.lower()
    if lowered in _IRREGULAR or (_PRIVATE.fullmatch(text) and len(text) <= _LONGEST):
        return Tag(lowered)
    match = _TAG.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise _malformed(text)
    variants = tuple(part for part in match["variants"].lower().split("-") if part)
    singletons = re.findall(r"-([0-9a-wy-z])(?=-)", match["extensions"].lower())
    if len(set(variants)) < len(variants) or len(set(singletons)) < len(singletons):
        raise _malformed(text)  # section 2.2.5 and 2.2.6: no variant and no singleton twice
    return Tag(
        language=match["language"].lower(),
        script=(match["script"] or "").title(),
        region=(match["region"] or "").upper(),
        variants=variants,
        extensions=match["extensions"].lower().lstrip("-"),
        private=(match["private"] or "").lower(),
    )


def _malformed(text: str) -> LanguageError:
    shown = text if len(text) <= 40 else text[:40] + "…"
    shown = shown.encode("utf-8", "replace").decode("utf-8")
    return LanguageError("malformed_tag", f"“{shown}” is not a well-formed language tag.", tag=shown)
