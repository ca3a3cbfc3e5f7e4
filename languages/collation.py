"""Sort order: ICU collators, compiled once and kept on disk, and total sort keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import icu

from languages.cache import cached
from languages.text import APOSTROPHES, latin_base, nfc, nfd


def collator_of_locale(locale: str) -> icu.Collator:
    """ICU's own collator of a locale. Thread-safe once made."""
    return icu.Collator.createInstance(icu.Locale(locale))


def collator_of_rules(rules: str) -> icu.Collator:
    """A collator from tailoring rules; raises icu.ICUError with ICU's reason if they are wrong."""

    def compile_it() -> bytes:
        return bytes(icu.RuleBasedCollator(rules).cloneBinary())

    binary = cached("collation", rules, icu.ICU_VERSION, compile_it)
    return icu.RuleBasedCollator(binary, icu.Collator.createInstance(icu.Locale.getRoot()))


def alphabet_rules(alphabet: Sequence[str]) -> str:
    """Tailoring that makes every letter of an alphabet a letter of its own, in the alphabet's order.

    A letter that stands in root order (a, b, c …) is left there. Any other one comes right after its base letter (ƀ and
    bh after b) or, where the alphabet has gone past that, after the letter before it; its capital forms follow it.
    """
    root = icu.Collator.createInstance(icu.Locale.getRoot())
    root.setStrength(icu.Collator.PRIMARY)
    rules = []
    highest, before = "", ""
    for letter in alphabet:
        base = latin_base(next((char for char in nfd(letter) if char not in APOSTROPHES), letter))
        on_its_way = base.isalpha() and (not highest or root.compare(base, highest) > 0)
        if on_its_way:
            highest = before = base
        if letter != base or not on_its_way:
            capitals = [form for form in _capitals(letter) if form != letter]
            rules.append(
                f"&{_quoted(before)} < {_quoted(letter)}" + "".join(f" <<< {_quoted(c)}" for c in capitals)
            )
        before = letter
    return "\n".join(rules)


def _capitals(letter: str) -> list[str]:
    """The capital forms of a letter: as a title (Ng) and whole (NG)."""
    # A digraph with an apostrophe in front has its capital on the letter after it.
    for at, char in enumerate(letter):
        if char.upper() != char:
            title = letter[:at] + char.upper() + letter[at + 1 :]
            break
    else:
        title = letter
    return list(dict.fromkeys([nfc(title), nfc(letter.upper())]))


def _quoted(text: str) -> str:
    """A string for tailoring rules; everything but letters is quoted."""
    return "".join(
        char if char.isalnum() or icu.Char.charType(char) in (6, 7, 8) else f"\\{char}" for char in text
    )


def sort_keys(collator: icu.Collator) -> Callable[[str], bytes]:
    """A function of normalised text: keys compare as the collator does, equal ones are told apart by the text."""

    def sort_key(text: str) -> bytes:
        return bytes(collator.getSortKey(text)) + text.encode("utf-8")

    return sort_key
