"""Names for people to read: of languages, scripts, parts of speech, kinds of note and relation.

A reader is the code of the language that the site speaks to somebody ("vi", "en"). Languages are named by their
profiles; languages of glosses without a profile by Django's list; anything else by its own tag.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dictionary.domain.derived import orthography
from languages import LanguageError, Scheme, registry

# LIFT leaves the values free; these are the ones that FieldWorks and MDF use (grammatical-info).
_GRAMMAR: Mapping[str, str] = {
    "n": _("noun"), "noun": _("noun"),
    "v": _("verb"), "verb": _("verb"),
    "vt": _("transitive verb"), "transitive verb": _("transitive verb"),
    "vi": _("intransitive verb"), "intransitive verb": _("intransitive verb"),
    "adj": _("adjective"), "adjective": _("adjective"),
    "adv": _("adverb"), "adverb": _("adverb"),
    "pron": _("pronoun"), "pro": _("pronoun"), "pronoun": _("pronoun"), "pro-form": _("pronoun"),
    "num": _("numeral"), "numeral": _("numeral"),
    "clf": _("classifier"), "class": _("classifier"), "classifier": _("classifier"),
    "prep": _("preposition"), "preposition": _("preposition"), "adposition": _("adposition"),
    "conj": _("conjunction"), "conjunction": _("conjunction"), "connective": _("conjunction"),
    "coordinating connective": _("conjunction"), "subordinating connective": _("conjunction"),
    "interj": _("interjection"), "intj": _("interjection"), "interjection": _("interjection"),
    "part": _("particle"), "prt": _("particle"), "particle": _("particle"),
    "det": _("determiner"), "determiner": _("determiner"), "art": _("article"), "article": _("article"),
    "name": _("proper noun"), "proper noun": _("proper noun"), "nprop": _("proper noun"), "pn": _("proper noun"),
    "phr": _("phrase"), "phrase": _("phrase"), "idiom": _("idiom"), "prov": _("proverb"), "proverb": _("proverb"),
    "prefix": _("prefix"), "suffix": _("suffix"), "infix": _("infix"), "affix": _("affix"),
    "onom": _("onomatopoeia"), "ideophone": _("ideophone"), "q": _("question word"),
}  # fmt: skip

_NOTES: Mapping[str, str] = {
    "": _("Note"), "general": _("Note"), "grammar": _("Grammar"), "usage": _("Usage"),
    "semantics": _("Meaning"), "phonology": _("Sounds"), "sociolinguistics": _("Society"),
    "anthropology": _("Culture"), "discourse": _("In speech"), "encyclopedic": _("Background"),
    "restrictions": _("Restrictions"), "bibliography": _("Literature"), "source": _("Source"),
    "comment": _("Note"), "literal-meaning": _("Literally"), "scientific-name": _("Scientific name"),
}  # fmt: skip

_RELATIONS: Mapping[str, str] = {
    "synonym": _("Synonym"), "synonyms": _("Synonym"), "syn": _("Synonym"),
    "antonym": _("Antonym"), "antonyms": _("Antonym"), "ant": _("Antonym"),
    "part": _("Part"), "whole": _("Whole"), "generic": _("More general"), "specific": _("More specific"),
    "compare": _("Compare"), "cf": _("Compare"), "see": _("See"), "confer": _("Compare"),
    "_component-lexeme": _("Made of"), "baseform": _("Base form"), "main": _("Main entry"),
    "minorentry": _("Minor entry"), "subentry": _("Under"), "variant": _("Variant"),
}  # fmt: skip

_ORIGINS: Mapping[str, str] = {
    "proto": _("from an older form"), "borrowed": _("borrowed"), "loan": _("borrowed"), "inherited": _("inherited"),
    "cognate": _("related"),
}  # fmt: skip


def language_name(tag: str, reader: str) -> str:
    """What the reader calls a language, given any tag of it; the tag itself when nobody knows a name."""
    try:
        profile = registry().profile(tag)
    except LanguageError:
        return tag
    name = None if profile.is_fallback else profile.names.get(reader) or profile.names.get("en")
    if name:
        return name
    for code in (tag, tag.split("-")[0]):
        known = LANG_INFO.get(code.lower())
        if known and "name" in known:
            return gettext(known["name"])
    return tag


def writing_name(tag: str, reader: str) -> str:
    """What the reader calls an orthography; the name of its language when it has none of its own."""
    found = orthography(tag)
    if found.is_fallback:
        return language_name(tag, reader)
    return found.names.get(reader) or found.names.get("en") or tag


def scheme_name(scheme: Scheme, reader: str) -> str:
    """What the reader calls a transliteration scheme."""
    return scheme.names.get(reader) or scheme.names.get("en") or f"{scheme.source} → {scheme.target}"


def grammar_name(value: str) -> str:
    """A part of speech in the reader's language; as the source has it when it is not a usual one."""
    return _known(_GRAMMAR, value)


def note_name(value: str) -> str:
    """The heading of a note of this type."""
    return _known(_NOTES, value)


def relation_name(value: str) -> str:
    """The heading of a relation of this type."""
    return _known(_RELATIONS, value)


def origin_name(value: str) -> str:
    """How a form came about, from the type of an etymology."""
    return _known(_ORIGINS, value)


def _known(table: Mapping[str, str], value: str) -> str:
    known = table.get(value.strip().rstrip(".").lower())
    return gettext(known) if known else value
