"""Lexicons that are made by an import: what the file and the person say of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from dictionary.domain.content import senses
from dictionary.formats.cldf_file import CldfFile
from dictionary.formats.errors import FileError
from dictionary.formats.items import Item
from dictionary.formats.tags import resolved
from dictionary.imports.source import Wish, code_of
from dictionary.models import Lexicon
from languages import LanguageError

_SAMPLE: Final = 2000
# BCP 47: several languages in one thing.
SEVERAL: Final = "mul"
_CREATIVE_COMMONS: Final = re.compile(r"https?://creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)")


@dataclass(frozen=True)
class Facts:
    """What a look at the file tells of the lexicon that it would make."""

    language: str = ""
    orthography: str = ""
    gloss_languages: tuple[str, ...] = ()
    about: dict[str, str] = field(default_factory=dict)


def facts(wish: Wish, path: Path, name: str) -> Facts:
    """Language, main orthography and gloss languages, from the first entries. Raises FileError."""
    written: Counter[str] = Counter()
    glossed: Counter[str] = Counter()
    with wish.open(path, name) as file:
        for item in islice(_readable(file.items()), _SAMPLE):
            assert item.content is not None
            written.update(form["lang"] for form in item.content.get("forms", []))
            for sense in senses(item.content):
                texts = (*sense.get("glosses", ()), *sense.get("definition", ()))
                glossed.update(form["lang"] for form in texts)
        about = file.about() if isinstance(file, CldfFile) else {}
    codes = Counter[str]()
    for tag, number in written.items():
        codes[code_of(tag)] += number
    several = len(codes) > 1 and wish.format == "cldf" and not wish.only
    language = wish.language or (SEVERAL if several else _most(codes))
    orthography = wish.orthography or _most(_spelled(written))
    return Facts(language, orthography or language, tuple(tag for tag, _n in glossed.most_common(5)), about)


def _readable(items: Iterator[Item]) -> Iterator[Item]:
    return (item for item in items if item.content is not None and not item.error)


def _spelled(written: Counter[str]) -> Counter[str]:
    """The orthographies that are not phonetic notation, if there are any."""
    spelled = Counter({tag: number for tag, number in written.items() if "fonipa" not in tag.lower()})
    return spelled or written


def _most(counted: Counter[str]) -> str:
    return counted.most_common(1)[0][0] if counted else ""


def well_formed(tag: str, field_name: str) -> str:
    """The tag, or what it is an alias of. Raises FileError when it is no language tag."""
    try:
        return resolved(tag)
    except LanguageError:
        raise FileError("tag", {"tag": tag[:100]}, field=field_name) from None


def new_lexicon(slug: str, found: Facts, *, title: str = "", licence: str = "") -> Lexicon:
    """A lexicon that is not saved yet, from what the person and the file say of it."""
    about = {**found.about, "licence": licence or spdx(found.about.get("licence", ""))}
    fields = {name: _cut(name, text) for name, text in about.items() if name != "title"}
    return Lexicon(
        slug=slug,
        title=_cut("title", title or found.about.get("title", "") or slug),
        language=found.language or "und",
        orthography=found.orthography or found.language or "und",
        gloss_languages=list(found.gloss_languages),
        **fields,
    )


_ABOUT: Final = (
    "slug", "title_vi", "title_en", "description_vi", "description_en", "language", "orthography", "gloss_languages",
    "authors", "licence", "citation", "source_url", "year",
)  # fmt: skip


def described(lexicon: Lexicon) -> dict[str, Any]:
    """A lexicon that is not saved, as a run of an import keeps it until its first rows are written."""
    return {"uuid": str(lexicon.uuid), **{name: getattr(lexicon, name) for name in _ABOUT}}


def lexicon_of(wish: Wish) -> Lexicon:
    """The lexicon that a run is for; one that it will make is not saved yet. Raises Lexicon.DoesNotExist."""
    if wish.new is None:
        return Lexicon.objects.get(pk=wish.lexicon)
    named = UUID(wish.new["uuid"])
    return Lexicon.objects.filter(uuid=named).first() or Lexicon(**{**wish.new, "uuid": named})


def saved_lexicon_of(wish: Wish) -> Lexicon:
    """The same, saved now if it was not. Raises FileError when another one has taken its address name since."""
    lexicon = lexicon_of(wish)
    if lexicon.pk is None:
        if Lexicon.objects.filter(slug=lexicon.slug).exists():
            raise FileError("slug-taken", {"slug": lexicon.slug})
        lexicon.save(force_insert=True)
    return lexicon


def spdx(licence: str) -> str:
    """The SPDX identifier of a Creative Commons address; any other text as it is."""
    found = _CREATIVE_COMMONS.match(licence)
    return f"CC-{found.group(1).upper()}-{found.group(2)}" if found else licence


def _cut(name: str, text: str) -> str:
    longest = Lexicon._meta.get_field(name).max_length  # type: ignore[union-attr]
    return text[:longest] if longest else text
