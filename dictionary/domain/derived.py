"""What is computed from an entry's content: headword, gloss, sort key, and the forms it is found by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from dictionary.domain.content import Multitext, senses
from languages import LanguageError
from search.documents import Form, FormKind
from search.domain.analysis import form as search_form
from search.domain.analysis import orthography as orthography
from search.domain.analysis import words

COLUMN: Final = 500
# A sort key of a very long headword is cut: PostgreSQL indexes at most 2,700 bytes.
SORT_KEY: Final = 1000
# A gloss lists words; each can be looked up by itself.
_WORDS_OF_GLOSS: Final = re.compile(r"\s*[;,/、。]\s*")


class Columns(NamedTuple):
    """The columns of an entry that are derived from its content."""

    headword: str
    gloss: str
    sort_key: bytes


class Writing(NamedTuple):
    """A form of the headword: in which orthography, the text, and whether it was written or derived."""

    orthography: str
    text: str
    derived: bool
    kind: FormKind


def columns(content: Mapping[str, Any], main: str, gloss_languages: Sequence[str]) -> Columns:
    """Headword in the main orthography (else in any), glosses of the senses in the first gloss language."""
    written = headword(content, main)
    return Columns(
        written[:COLUMN],
        gloss_line(content, gloss_languages)[:COLUMN],
        orthography(main).sort_key(written[:COLUMN])[:SORT_KEY],
    )


def headword(content: Mapping[str, Any], main: str) -> str:
    """What stands large: the citation form, else the lexical unit, in the main orthography if it is there."""
    multitexts = [content.get("citation", ()), content.get("forms", ())]
    wanted = orthography(main).tag
    for forms in multitexts:
        for form in forms:
            if form.get("text") and orthography(form["lang"]).tag == wanted:
                return str(form["text"]).strip()
    variants = (variant.get("forms", ()) for variant in content.get("variants", ()))
    for forms in (*multitexts, *variants):
        for form in forms:
            if form.get("text", "").strip():
                return str(form["text"]).strip()
    return ""


def gloss_line(content: Mapping[str, Any], languages: Sequence[str]) -> str:
    """The glosses of all senses in one language, semicolons between: the first language that has any."""
    found: dict[str, list[str]] = {}
    for sense in senses(content):
        for form in sense.get("glosses") or sense.get("definition") or ():
            if form.get("text"):
                found.setdefault(form["lang"], []).append(form["text"].strip())
    for lang in (*languages, *found):
        if found.get(lang):
            return "; ".join(dict.fromkeys(found[lang]))
    return ""


def writings(content: Mapping[str, Any]) -> list[Writing]:
    """The headword in every writing: those of the source first, then what the schemes derive from them."""
    written: dict[tuple[str, str], Writing] = {}
    for kind, forms in _written(content):
        for form in forms:
            text = form.get("text", "").strip()
            tag = orthography(form["lang"]).tag if text else ""
            if text:
                written.setdefault((tag, text), Writing(tag, text, False, kind))
    derived: dict[tuple[str, str], Writing] = {}
    for tag, text in list(written):
        for target, other in _transliterations(tag, text):
            if (target, other) not in written:
                derived.setdefault((target, other), Writing(target, other, True, "derived"))
    return [*written.values(), *derived.values()]


def _written(content: Mapping[str, Any]) -> Iterator[tuple[FormKind, Multitext]]:
    yield "headword", content.get("citation", [])
    yield "headword", content.get("forms", [])
    for variant in content.get("variants", ()):
        yield "variant", variant.get("forms", [])


def _transliterations(tag: str, text: str) -> Iterator[tuple[str, str]]:
    source = orthography(tag)
    for scheme in source.transliterations:
        try:
            other = source.transliterate(text, scheme.target).strip()
        except LanguageError:
            continue
        if other:
            yield scheme.target, other


def glosses(content: Mapping[str, Any], languages: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """(language, text) of every word that the glosses list, each once; only of these languages, if any."""
    seen: set[tuple[str, str]] = set()
    for sense in senses(content):
        forms = [*sense.get("glosses", ()), *_short(sense.get("definition", ()))]
        for reversal in sense.get("reversals", ()):
            forms.extend(reversal.get("forms", ()))
        for form in forms:
            lang, text = form["lang"], form.get("text", "").strip()
            if languages and lang not in languages:
                continue
            for part in _WORDS_OF_GLOSS.split(text):
                if part and (lang, part) not in seen:
                    seen.add((lang, part))
                    yield lang, part


def words_of_gloss(text: str) -> list[str]:
    """What a gloss lists, each by itself: "to be, to exist" gives two."""
    return _WORDS_OF_GLOSS.split(text)


def _short(definition: Iterable[Any]) -> list[Any]:
    """Definitions that are short enough to stand for a gloss."""
    return [form for form in definition if len(form.get("text", "")) <= 60]


def forms(content: Mapping[str, Any]) -> tuple[Form, ...]:
    """All the forms an entry is found by, with their keys."""
    found = [search_form(writing.kind, writing.orthography, writing.text) for writing in writings(content)]
    found.extend(search_form("gloss", orthography(lang).tag, text) for lang, text in glosses(content))
    return tuple(found)


def rank(content: Mapping[str, Any], written: str, *, under_review: bool) -> int:
    """The rank in `Document.order`, smaller first: short words, then reviewed ones, then rich entries."""
    richness = sum(
        (
            bool(gloss_line(content, ())),
            any(sense.get("examples") for sense in senses(content)),
            any(spoken.get("media") for spoken in content.get("pronunciations", ())),
            len(content.get("senses", ())) > 1,
            bool(content.get("pronunciations")),
        )
    )
    homonym = content.get("order", "")
    number = min(int(homonym), 4095) if homonym.isascii() and homonym.isdigit() and len(homonym) < 6 else 0
    return min(len(written), 255) << 16 | under_review << 15 | (7 - richness) << 12 | number


def is_domain(trait: Mapping[str, Any]) -> bool:
    """Whether a trait names a semantic domain (FieldWorks: `semantic-domain-ddp4`)."""
    return str(trait.get("name", "")).startswith("semantic-domain")


def domains(sense: Mapping[str, Any]) -> list[str]:
    """The semantic domains of a sense, as its source writes them."""
    return [
        str(trait["value"]) for trait in sense.get("traits", ()) if is_domain(trait) and trait.get("value")
    ]


def running_text(content: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The tokens of meanings and of examples, folded to the letter tier: what is searched as running text."""
    meaning: list[str] = []
    example: list[str] = []
    for sense in senses(content):
        for form in (*sense.get("glosses", ()), *sense.get("definition", ())):
            meaning.extend(_tokens(form))
        for each in sense.get("examples", ()):
            translated = (form for part in each.get("translations", ()) for form in part.get("forms", ()))
            for form in (*each.get("forms", ()), *translated):
                example.extend(_tokens(form))
    found = {"meaning": tuple(meaning), "example": tuple(example)}
    return {name: tokens for name, tokens in found.items() if tokens}


def _tokens(form: Mapping[str, Any]) -> tuple[str, ...]:
    text = form.get("text", "")
    return words(form["lang"], text) if text else ()
