"""Which model of a machine reads or hears a language: what its profile declares, and nothing guessed.

A language that the house has no profile of is asked for by its ISO code, in the script that it is commonly written in.
"""

from __future__ import annotations

from collections.abc import Callable

import icu

from languages import LanguageError, registry


def tesseract_model(tag: str) -> str:
    """The name of Tesseract's model for a tag, which may not be installed; "" when there is none."""
    return _declared(tag, "tesseract", lambda locale: str(locale.getISO3Language()))


def speech_code(tag: str) -> str:
    """The code by which Whisper knows the language of a tag, which a model may not know; "" when there is none."""
    return _declared(tag, "whisper", lambda locale: str(locale.getLanguage()))


def _declared(tag: str, machine: str, by_code: Callable[[icu.Locale], str]) -> str:
    try:
        orthography = registry().orthography(tag)
    except LanguageError:
        return ""
    if not orthography.is_fallback:
        return orthography.machines.get(machine, "")
    if not registry().profile(orthography.language).is_fallback:
        return ""
    locale = icu.Locale(orthography.tag)
    likely = icu.Locale(locale.getLanguage())
    likely.addLikelySubtags()
    if locale.getScript() not in {"", likely.getScript()}:
        return ""
    return by_code(locale)
