"""What the entry form needs to know of a lexicon: how its languages are written, its lists, its files, its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dictionary.domain import naming
from dictionary.domain.content import texts, walk
from dictionary.domain.derived import orthography
from dictionary.domain.ranges import options
from dictionary.models import Entry, Lexicon
from languages import LanguageError, registry

_IPA = "ɐɑɒɓɔɕɖɗəɛɟɡɣɤɦɨɪɫɬɭɯɲŋɳɵʂʃʈʉʊʋʌʐʑʒʔʰʷʲːˀ˥˦˧˨˩"


def headword_tags(lexicon: Lexicon) -> list[str]:
    """The orthographies of the lexicon's language, its main one first."""
    main = orthography(lexicon.orthography)
    try:
        known = [each.tag for each in registry().profile(lexicon.language).orthographies]
    except LanguageError:
        known = []
    return list(dict.fromkeys([main.tag, *known]))


def form_data(lexicon: Lexicon, entry: Entry | None, content: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that the form's script is given, as JSON can hold it."""
    spelled = _spelled(content)
    tags = _as_spelled(headword_tags(lexicon), spelled)
    glosses = _as_spelled(lexicon.gloss_languages or ["vi"], spelled)
    ipa = _as_spelled([f"{lexicon.language}-fonipa"], spelled)
    return {
        "tags": tags,
        "glossTags": glosses,
        "ipaTags": ipa,
        "writings": {
            **{tag: writing(tag) for tag in (*ipa, *spelled)},
            **{tag: gloss_writing(tag) for tag in glosses},
            **{tag: writing(tag) for tag in tags},
        },
        "lists": options(lexicon, get_language() or "vi"),
        "files": _files(entry),
        "related": _related(lexicon, content),
        "urls": {
            "upload": reverse("dictionary_admin:upload"),
            "entries": reverse("dictionary_admin:entries", args=[lexicon.pk]),
        },
        "errors": {},
        "strings": strings(),
    }


def writing(tag: str) -> dict[str, Any]:
    """How a language is written: its name for the reader, direction, fonts, and letters to point at.

    The letters that every keyboard has are left out.
    """
    reader = get_language() or "vi"
    if tag.endswith("-fonipa"):
        return {"tag": tag, "name": _("IPA"), "direction": "ltr", "fonts": "", "letters": list(_IPA)}
    found = orthography(tag)
    letters = () if found.is_fallback else (*found.alphabet, *found.exemplars.marks)
    return {
        "tag": tag,
        "name": naming.writing_name(tag, reader),
        "direction": found.direction,
        "fonts": ", ".join(f'"{font}"' for font in found.fonts),
        "letters": [letter for letter in dict.fromkeys(letters) if not letter.isascii()],
    }


def gloss_writing(tag: str) -> dict[str, Any]:
    """How a language of glosses is written: named as a language, typed with one's own keyboard."""
    return {**writing(tag), "name": naming.language_name(tag, get_language() or "vi"), "letters": []}


def _spelled(content: Mapping[str, Any]) -> list[str]:
    """The language tags as this entry spells them, each once."""
    return list(dict.fromkeys(str(form["lang"]) for _kind, _key, form in texts(content)))


def _as_spelled(tags: Iterable[str], spelled: Iterable[str]) -> list[str]:
    """Tags, each as the entry spells it already (`khm` for `km-Khmr`, say), so that no field stands twice."""
    by_tag: dict[str, str] = {}
    for each in spelled:
        by_tag.setdefault(each if each.endswith("-fonipa") else orthography(each).tag, each)
    return [by_tag.get(tag if tag.endswith("-fonipa") else orthography(tag).tag, tag) for tag in tags]


def _files(entry: Entry | None) -> dict[str, dict[str, str]]:
    if entry is None or entry.pk is None:
        return {}
    return {
        each.href: {
            "url": reverse("entry-file-named", args=[each.uuid, each.name]),
            "type": each.blob.media_type,
            "edit": reverse("wagtailsnippets_dictionary_entryfile:edit", args=[each.pk]),
        }
        for each in entry.files.select_related("blob")
    }


def _related(lexicon: Lexicon, content: Mapping[str, Any]) -> dict[str, str]:
    """What the entries are called that this one refers to."""
    refs = {node["ref"] for _path, _kind, node in walk(content) if node.get("ref")}
    if not refs:
        return {}
    by_identity = {ref.rsplit("_", 1)[-1]: ref for ref in refs} | {ref: ref for ref in refs}
    found = lexicon.entries.filter(identity__in=by_identity).values_list("identity", "headword", "gloss")
    return {by_identity[identity]: label(headword, gloss) for identity, headword, gloss in found}


def label(headword: str, gloss: str) -> str:
    """How an entry is named in a list."""
    return f"{headword} — {gloss}" if gloss else headword


def strings() -> dict[str, str]:
    """What the form says, in the reader's language."""
    return {
        "headword": _("Headword"),
        "citation": _("Citation form"),
        "citationHelp": _("Only if the page should show another form than the headword."),
        "pronunciation": _("Pronunciation"),
        "pronunciations": _("Pronunciations"),
        "addPronunciation": _("Add a pronunciation"),
        "dialect": _("Dialect"),
        "senses": _("Senses"),
        "sense": _("Sense"),
        "addSense": _("Add a sense"),
        "addSubsense": _("Add a subsense"),
        "removeSense": _("Remove this sense with everything in it?"),
        "pos": _("Part of speech"),
        "gloss": _("Gloss"),
        "definition": _("Definition"),
        "example": _("Example"),
        "examples": _("Examples"),
        "addExample": _("Add an example"),
        "translation": _("Translation"),
        "exampleSource": _("Source of the example"),
        "domains": _("Semantic domains"),
        "addDomain": _("Add a domain"),
        "more": _("Pictures, relations and notes of this sense"),
        "pictures": _("Pictures"),
        "uploadPicture": _("Upload a picture"),
        "alternative": _("What the picture shows"),
        "uploadSound": _("Upload a recording"),
        "record": _("Record"),
        "stop": _("Stop and keep"),
        "noMicrophone": _("The microphone cannot be used. Allow it in the browser, or upload a file."),
        "uploading": _("Uploading…"),
        "uploadFailed": _("The file could not be sent. Check the connection and try again."),
        "fileMissing": _("The file itself is not here; only its name is known."),
        "label": _("Label"),
        "fileRights": _("Licence and access"),
        "relations": _("Relations"),
        "addRelation": _("Add a relation"),
        "relationType": _("Kind of relation"),
        "relatedEntry": _("Related entry"),
        "variants": _("Variants"),
        "addVariant": _("Add a variant"),
        "etymology": _("Etymology"),
        "addEtymology": _("Add an etymology"),
        "etymologyType": _("Kind of origin"),
        "sourceLanguage": _("Language of origin"),
        "sourceForm": _("Original form"),
        "notes": _("Notes"),
        "addNote": _("Add a note"),
        "noteType": _("Kind of note"),
        "sources": _("Sources"),
        "addSource": _("Add a source"),
        "sourceTitle": _("Title"),
        "sourceUrl": _("Address"),
        "sourceLicence": _("Licence"),
        "sourceCitation": _("Citation"),
        "addLanguage": _("Another language…"),
        "letters": _("Letters"),
        "up": _("Move up"),
        "down": _("Move down"),
        "indent": _("Make it a subsense"),
        "outdent": _("Move out one level"),
        "drag": _("Drag to another place"),
        "remove": _("Remove"),
    }
