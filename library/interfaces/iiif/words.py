"""Texts as language maps: of the interface, and of records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from django.conf import settings
from django.utils.translation import gettext, override

from library.domain.presentation import FieldView, Value
from library.formats.iiif.values import LanguageMap

NONE = "none"
CODES = tuple(code for code, _name in settings.LANGUAGES)


def said(message: str, **params: object) -> LanguageMap:
    """A message of the interface in each of its languages. `message` must be marked with gettext_noop."""
    return {code: [text % params if params else text] for code, text in _translated(message)}


# Changing the language costs more than the rest of a canvas, and every page of a book says the same.
@cache
def _translated(message: str) -> tuple[tuple[str, str], ...]:
    found = []
    for code in CODES:
        with override(code):
            found.append((code, gettext(message)))
    return tuple(found)


def same(*texts: str) -> LanguageMap:
    """Texts of no language."""
    return {NONE: list(texts)}


def each(texts: dict[str, str]) -> LanguageMap:
    """One text in several languages; what is alike in all is of none. Empty ones are left out."""
    filled = {code: text for code, text in texts.items() if text}
    if len(filled) == len(texts) and len(set(filled.values())) == 1:
        return same(next(iter(filled.values())))
    return {code: [text] for code, text in filled.items()}


def texts_of(values: Iterable[Value]) -> LanguageMap:
    """Texts, each under its own tag: they say the same in several languages."""
    found: dict[str, list[str]] = {}
    for value in values:
        found.setdefault(value.lang or NONE, []).append(value.text)
    return found


def metadata(fields: Sequence[Sequence[FieldView]]) -> tuple[tuple[LanguageMap, LanguageMap], ...]:
    """Labels and values; `fields` are the same ones for a reader of each language, in the order of CODES.

    A viewer shows of a language map what its reader understands, and hides the rest. So values of one field stand
    together only where they are given in the same languages.
    """
    found = []
    for views in zip(*fields, strict=True):
        label = each({code: view.label for code, view in zip(CODES, views, strict=True)})
        groups: dict[tuple[str, ...], dict[str, list[str]]] = {}
        for values in zip(*(view.values for view in views), strict=True):
            one = _value(values)
            group = groups.setdefault(tuple(one), {code: [] for code in one})
            for code, texts in one.items():
                group[code] += texts
        found += [(label, group) for group in groups.values()]
    return tuple(found)


def _value(values: Sequence[Value]) -> LanguageMap:
    first = values[0]
    if first.lang:
        return {first.lang: [_shown(first)]}
    return each({code: _shown(value) for code, value in zip(CODES, values, strict=True)})


def _shown(value: Value) -> str:
    return f"{value.text} ({value.role})" if value.role else value.text
