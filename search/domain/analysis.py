"""From texts and orthographies to keys and forms: the one analyser, for documents and queries alike."""

from __future__ import annotations

from functools import lru_cache

import icu

from languages import LanguageError, Orthography, Registry, registry
from search.documents import WRITTEN, Form, FormKind, Keys

PLAIN = "*"
"""The scope of the plain folding: texts whose script no profile owns in that orthography."""

LONGEST_KEY = 200  # code points of a text that keys are made of; a longer one is found by its beginning

_GROUPS: dict[FormKind, str] = {
    "headword": "letter",
    "variant": "letter",
    "derived": "derived",
    "gloss": "gloss",
}


def orthography(tag: str) -> Orthography:
    """The orthography of a tag; the plain fallback for a tag that is not well-formed, since data may hold
    such."""
    return _orthography(registry(), tag)


@lru_cache(maxsize=4096)
def _orthography(catalogue: Registry, tag: str) -> Orthography:
    try:
        return catalogue.orthography(tag)
    except LanguageError:
        return catalogue.orthography("und")


def plain() -> Orthography:
    """The orthography of no language: what a text is folded by that no profile owns."""
    return registry().orthography("und")


def form(kind: FormKind, tag: str, text: str) -> Form:
    """A form with its keys. Glosses of several words get the keys of their words, too.

    Only written forms are found on the strict tiers and by sound; the others have no keys there.
    """
    if kind in WRITTEN:
        return Form(kind, tag, text, keys(tag, text))
    if kind == "gloss" and len(text) <= LONGEST_KEY:
        return _gloss(orthography(tag), tag, text)
    return _loose(kind, orthography(tag), tag, text)


@lru_cache(maxsize=8192)
def _gloss(declared: Orthography, tag: str, text: str) -> Form:
    """Entries share their glosses: each is folded once."""
    return _loose("gloss", declared, tag, text)


def _loose(kind: FormKind, declared: Orthography, tag: str, text: str) -> Form:
    cut = text[:LONGEST_KEY]
    writing = _folding(declared, cut)
    letter, marked = writing.loose_keys(cut)
    found = _words(writing, cut) if kind == "gloss" else _NO_WORDS
    return Form(kind, tag, text, Keys("", "", "", letter, marked, _NO_SOUND, scope_of(writing), found))


def keys(tag: str, text: str, *, words: bool = False) -> Keys:
    """The keys of a text in an orthography; `words` adds those of the words in it (see `Keys.words`)."""
    cut = text[:LONGEST_KEY]
    writing = _folding(orthography(tag), cut)
    scope = scope_of(writing)
    return Keys(*writing.keys(cut), scope, _words(writing, cut) if words else frozenset())


def scope_of(writing: Orthography) -> str:
    """Whose folding made a key: the tag of an orthography with a profile, else `PLAIN`."""
    return PLAIN if writing.is_fallback else writing.tag


def _folding(writing: Orthography, text: str) -> Orthography:
    """The orthography whose folding a query in the script of this text is put through, too.

    That is the text's own orthography, unless the text is in another script altogether: a Latin abbreviation
    among Khmer words is looked for as Latin.
    """
    if writing.is_fallback or (writing.script == "Latn" and text.isascii()):
        return writing
    others = False
    for script in map(_script, text):
        if script in _ANY_SCRIPT:
            continue
        if script == writing.script:
            return writing
        others = True
    return plain() if others else writing


_ANY_SCRIPT = frozenset({"Zyyy", "Zinh", "Zzzz"})


@lru_cache(maxsize=8192)
def _script(char: str) -> str:
    return str(icu.Script.getScript(char).getShortName())


_NO_SOUND: frozenset[str] = frozenset()
_NO_WORDS: frozenset[tuple[str, str]] = frozenset()


def words(tag: str, text: str) -> tuple[str, ...]:
    """The tokens of running text, folded to the letter tier: what `Document.fields` holds."""
    writing = orthography(tag)
    return tuple([_word(writing, word)[0] for word in writing.words(text)])


def marked_words(tag: str, text: str) -> tuple[str, ...]:
    """The marked key of every token of running text, in order; without its marks each is what `words` gives."""
    writing = orthography(tag)
    return tuple([_word(writing, word)[1] for word in writing.words(text)])


def group_of(kind: FormKind) -> str:
    """The field that holds the letter key of a form of this kind."""
    return _GROUPS[kind]


def place_in_alphabet(form: Form) -> tuple[str, bytes]:
    """First letter and sort key of a form; empty for a derived one, which stands in no alphabet."""
    if form.kind not in WRITTEN and form.kind != "gloss":
        return "", b""
    place = _place_of_gloss if form.kind == "gloss" and len(form.text) <= LONGEST_KEY else _place
    return place(orthography(form.orthography), form.text)


def _place(writing: Orthography, text: str) -> tuple[str, bytes]:
    return writing.first_letter(text), writing.sort_key(text)


_place_of_gloss = lru_cache(maxsize=8192)(_place)


def profile_hash(tag: str) -> str:
    """The hash of what an orthography's profile declares, short: rows with another one must be made anew."""
    return orthography(tag).hash[:16]


def _words(writing: Orthography, text: str) -> frozenset[tuple[str, str]]:
    found = writing.words(text)
    if len(found) < 2:
        return frozenset()
    return frozenset([pair for pair in [_word(writing, word) for word in found] if pair[0]])


@lru_cache(maxsize=20_000)
def _word(writing: Orthography, text: str) -> tuple[str, str]:
    """Letter tier and marked key. Meanings say the same words over and over: they are folded once."""
    return writing.loose_keys(text)
