"""What targets may use in this house: its words, fonts, compilers, and a folder to keep things in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from ime.domain import fonts, words
from ime.model import Keyboard
from ime.supplies import Supplies
from ime.targets.base import Kit, Texts
from languages import registry
from languages.configuration import configuration


def kit() -> Kit:
    """The kit that packages for visitors are built with: only words that anyone may see."""
    return Kit(
        tools=Path(settings.KEYBOARD_TOOLS),
        texts=_texts(),
        words=words.words,
        fonts=fonts.font_file,
        cache=_cache(),
    )


def supplies(keyboards: Iterable[Keyboard], *, headwords: bool = False) -> Supplies:
    """The same for other processes, as far as these keyboards need it; everything is read now."""
    tags = sorted({keyboard.orthography for keyboard in keyboards})
    families = {family for tag in tags for family in registry().orthography(tag).fonts}
    found = {family: fonts.font_file(family) for family in sorted(families)}
    return Supplies(
        tools=Path(settings.KEYBOARD_TOOLS),
        cache=_cache(),
        texts=_texts(),
        words={tag: words.words(tag) for tag in tags},
        headwords={tag: tuple(dict.fromkeys(words.headwords(tag))) for tag in tags} if headwords else {},
        fonts={family: path for family, path in found.items() if path is not None},
        languages_cache=configuration().cache_dir,
        profiles_dirs=configuration().profiles_dirs,
    )


def _texts() -> Texts:
    return Texts(address=settings.WAGTAILADMIN_BASE_URL.rstrip("/"))


def _cache() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "keyboards"
