"""Entries as rows of a table that the import understands again without a mapping.

One row for each sense (or one for an entry without any); rows of one entry follow one another and share its guid.
A table cannot hold all of an entry: what it leaves out, an import of it leaves as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from dictionary.formats.lift_export import Written
from dictionary.formats.rows import DOMAIN, OWN, SOURCE_ID

_FIXED_HEAD: Final = ("guid", "lift_id", "orthography", "form")
_FIXED_TAIL: Final = (
    "ipa", "pos", "domain", "note", "quality", "source_id", "source_title", "source_url", "source_licence",
    "source_citation", "audio", "picture",
)  # fmt: skip


def columns(entries: Iterable[Written]) -> tuple[str, ...]:
    """The columns that these entries need: the fixed ones, and one for each language of further forms and meanings."""
    forms: dict[str, None] = {}
    glosses: dict[str, None] = {}
    own: dict[str, None] = {}
    definitions: dict[str, None] = {}
    examples: dict[str, None] = {}
    translations: dict[str, None] = {}
    for entry in entries:
        forms.update(dict.fromkeys(form["lang"] for form in _others(entry.content.get("forms", []))))
        for sense in entry.content.get("senses", ()):
            for form in sense.get("glosses", ()):
                (own if _own(form) else glosses)[form["lang"]] = None
            definitions.update(dict.fromkeys(form["lang"] for form in sense.get("definition", ())))
            for example in sense.get("examples", [])[:1]:
                examples.update(dict.fromkeys(form["lang"] for form in example.get("forms", ())))
                for translation in example.get("translations", [])[:1]:
                    translations.update(dict.fromkeys(form["lang"] for form in translation.get("forms", ())))
    return (
        *_FIXED_HEAD,
        *(f"headword:{tag}" for tag in sorted(forms)),
        *(f"gloss:{tag}" for tag in sorted(glosses)),
        *(f"own-gloss:{tag}" for tag in sorted(own)),
        *(f"definition:{tag}" for tag in sorted(definitions)),
        *(f"example:{tag}" for tag in sorted(examples)),
        *(f"example-translation:{tag}" for tag in sorted(translations)),
        *_FIXED_TAIL,
    )


def rows(entries: Iterable[Written], names: Sequence[str]) -> Iterator[list[str]]:
    """The rows of the entries, without the first one that names the columns."""
    for entry in entries:
        head = _head(entry)
        meanings: Sequence[Mapping[str, Any]] = entry.content.get("senses") or ({},)
        for sense in meanings:
            cells = {**head, **_sense(sense)}
            yield [cells.get(name, "") for name in names]
            head = {key: value for key, value in head.items() if key in _FIXED_HEAD}


def _head(entry: Written) -> dict[str, str]:
    content = entry.content
    forms = content.get("forms", [])
    named = bool(content.get("guid") or content.get("lift_id"))
    cells = {
        "guid": content.get("guid", "") if named else entry.identity,
        "lift_id": content.get("lift_id", ""),
        "orthography": forms[0]["lang"] if forms else "",
        "form": forms[0]["text"] if forms else "",
    }
    for form in _others(forms):
        cells.setdefault(f"headword:{form['lang']}", form["text"])
    for spoken in content.get("pronunciations", [])[:1]:
        cells["ipa"] = _first(spoken.get("forms", ()))
        cells["audio"] = next((each.get("href", "") for each in spoken.get("media", ())), "")
    for note in content.get("notes", ()):
        if not note.get("type"):
            cells.setdefault("note", _first(note.get("forms", ())))
    for trait in content.get("traits", ()):
        name = {"quality": "quality", SOURCE_ID: "source_id"}.get(trait.get("name", ""))
        if name:
            cells.setdefault(name, trait.get("value", ""))
    for source in content.get("sources", [])[:1]:
        for key in ("title", "url", "licence", "citation"):
            cells[f"source_{key}"] = source.get(key, "")
    return cells


def _sense(sense: Mapping[str, Any]) -> dict[str, str]:
    cells: dict[str, str] = {"pos": sense.get("pos", {}).get("value", "")}
    for form in sense.get("glosses", ()):
        cells.setdefault(f"{'own-gloss' if _own(form) else 'gloss'}:{form['lang']}", form["text"])
    for form in sense.get("definition", ()):
        cells.setdefault(f"definition:{form['lang']}", form["text"])
    for trait in sense.get("traits", ()):
        if trait.get("name") == DOMAIN:
            cells.setdefault("domain", trait.get("value", ""))
    for example in sense.get("examples", [])[:1]:
        for form in example.get("forms", ()):
            cells.setdefault(f"example:{form['lang']}", form["text"])
        for translation in example.get("translations", [])[:1]:
            for form in translation.get("forms", ()):
                cells.setdefault(f"example-translation:{form['lang']}", form["text"])
    for picture in sense.get("illustrations", [])[:1]:
        cells["picture"] = picture.get("href", "")
    return cells


def _others(forms: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The forms after the first that are in another orthography: a table has one place for each."""
    return [form for form in forms[1:] if form["lang"] != forms[0]["lang"]]


def _first(forms: Iterable[Mapping[str, Any]]) -> str:
    return next((form["text"] for form in forms), "")


def _own(form: Mapping[str, Any]) -> bool:
    return OWN in form.get("annotations", ())
