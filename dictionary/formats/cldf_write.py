"""A CLDF word list (Wordlist module, https://cldf.clld.org) from entries: tables, sources and metadata.

One form for each meaning of an entry; the meaning is the parameter. `Entry_Guid` joins the forms of one entry.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from dictionary.formats.lift_export import Written

_TERMS: Final = "http://cldf.clld.org/v1.0/terms.rdf#"
FORMS: Final = (
    "ID", "Language_ID", "Parameter_ID", "Form", "Comment", "Source", "Entry_Guid", "Orthography", "Part_Of_Speech",
    "IPA",
)  # fmt: skip
LANGUAGES: Final = ("ID", "Name", "Glottocode", "ISO639P3code", "Latitude", "Longitude", "Macroarea")
PARAMETERS: Final = ("ID", "Name", "Gloss_Language")


@dataclass
class WordList:
    """The other tables, as they grow while the forms are written."""

    gloss_languages: Sequence[str]
    names: Mapping[str, str]
    languages: dict[str, list[str]] = field(default_factory=dict)
    parameters: dict[str, list[str]] = field(default_factory=dict)
    sources: dict[str, dict[str, str]] = field(default_factory=dict)

    def forms(self, entries: Iterable[Written]) -> Iterator[list[str]]:
        """The rows of the form table, without the first one; the other tables are complete when it is done."""
        for entry in entries:
            content = entry.content
            guid = content.get("guid") or content.get("lift_id") or entry.identity
            meanings = list(dict.fromkeys(self._meanings(content))) or [("", "", "")]
            source = self._source(content)
            ipa = _first(content.get("pronunciations", ()))
            comment = _first(note for note in content.get("notes", ()) if not note.get("type"))
            for at, form in enumerate(content.get("forms", ())):
                language = self._language(form["lang"])
                for number, (lang, meaning, pos) in enumerate(meanings):
                    name = f"{_safe(guid)}-{at + 1}-{number + 1}"
                    yield [
                        name, language, self._parameter(lang, meaning), form["text"], comment, source, guid,
                        form["lang"], pos, ipa,
                    ]  # fmt: skip

    def _meanings(self, content: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        for sense in content.get("senses", ()):
            texts = [*sense.get("glosses", ()), *sense.get("definition", ())]
            known = {form["lang"]: form["text"] for form in reversed(texts) if form.get("text", "").strip()}
            if known:
                lang = next((lang for lang in self.gloss_languages if lang in known), next(iter(known)))
                yield lang, known[lang], sense.get("pos", {}).get("value", "")

    def _language(self, tag: str) -> str:
        code = tag.partition("-")[0]
        name = _safe(code)
        if name not in self.languages:
            self.languages[name] = [
                name,
                self.names.get(code, code),
                "",
                code if len(code) == 3 else "",
                "",
                "",
                "",
            ]
        return name

    def _parameter(self, lang: str, meaning: str) -> str:
        name = _id(meaning or "unglossed", f"{lang}|{meaning}")
        self.parameters.setdefault(name, [name, meaning or "(no gloss)", lang])
        return name

    def _source(self, content: Mapping[str, Any]) -> str:
        for source in content.get("sources", ()):
            text = source.get("title") or source.get("citation") or source.get("url")
            if text:
                key = _id(text, text)
                self.sources.setdefault(key, source)
                return key
        return ""

    def bib(self) -> str:
        """The sources as BibTeX."""
        entries = []
        for key, source in sorted(self.sources.items()):
            said = {
                "title": source.get("title", ""), "howpublished": source.get("citation", ""),
                "url": source.get("url", ""), "copyright": source.get("licence", ""),
            }  # fmt: skip
            lines = [f"    {name} = {{{_braced(text)}}}" for name, text in said.items() if text]
            entries.append(f"@misc{{{key},\n" + ",\n".join(lines) + "\n}\n")
        return "\n".join(entries)


def metadata(title: str, *, licence: str, citation: str, address: str, counts: Mapping[str, int]) -> str:
    """The metadata file (CSVW, JSON). `counts`: rows of each table."""
    described: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "vi"}],
        "dc:conformsTo": f"{_TERMS}Wordlist",
        "dc:title": title,
        "dc:license": licence or None,
        "dc:bibliographicCitation": citation or None,
        "dc:identifier": address or None,
        "dc:source": "sources.bib",
        "dialect": {"commentPrefix": None},
        "tables": [
            _table("forms.csv", "FormTable", counts["forms"], [
                _column("ID", "id", required=True), _column("Language_ID", "languageReference", required=True),
                _column("Parameter_ID", "parameterReference", required=True), _column("Form", "form", required=True),
                _column("Comment", "comment"), _column("Source", "source", separator=";"), _column("Entry_Guid"),
                _column("Orthography"), _column("Part_Of_Speech", "partOfSpeech"), _column("IPA"),
            ], keys=[("Language_ID", "languages.csv"), ("Parameter_ID", "parameters.csv")]),
            _table("languages.csv", "LanguageTable", counts["languages"], [
                _column("ID", "id", required=True), _column("Name", "name"), _column("Glottocode", "glottocode"),
                _column("ISO639P3code", "iso639P3code"), _column("Latitude", "latitude", datatype="decimal"),
                _column("Longitude", "longitude", datatype="decimal"), _column("Macroarea", "macroarea"),
            ]),
            _table("parameters.csv", "ParameterTable", counts["parameters"], [
                _column("ID", "id", required=True), _column("Name", "name"), _column("Gloss_Language"),
            ]),
        ],
    }  # fmt: skip
    said = {key: value for key, value in described.items() if value is not None}
    return json.dumps(said, indent=2, ensure_ascii=False)


def _table(
    url: str, term: str, extent: int, described: list[dict[str, Any]], keys: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:
    schema: dict[str, Any] = {"columns": described, "primaryKey": ["ID"]}
    if keys:
        schema["foreignKeys"] = [
            {"columnReference": [column], "reference": {"resource": table, "columnReference": ["ID"]}}
            for column, table in keys
        ]
    return {"url": url, "dc:conformsTo": f"{_TERMS}{term}", "dc:extent": extent, "tableSchema": schema}


def _column(name: str, term: str = "", *, datatype: str = "string", **rest: Any) -> dict[str, Any]:
    described: dict[str, Any] = {"name": name, "datatype": datatype, **rest}
    if term:
        described["propertyUrl"] = f"{_TERMS}{term}"
    return described


def _first(nodes: Iterable[Mapping[str, Any]]) -> str:
    return next((str(form["text"]) for node in nodes for form in node.get("forms", ())), "")


def _safe(text: str) -> str:
    """An id as CLDF wants it: letters, digits, hyphen and underscore."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    cleaned = re.sub(r"[^A-Za-z0-9_-]+", "_", plain).strip("_")
    return cleaned if cleaned == text else f"{cleaned[:40]}_{_hash(text)}".lstrip("_")


def _id(shown: str, whole: str) -> str:
    plain = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode()
    return f"{re.sub(r'[^A-Za-z0-9]+', '_', plain).strip('_')[:30]}_{_hash(whole)}".lstrip("_").lower()


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]


def _braced(text: str) -> str:
    return re.sub(r"[{}\\]", "", text)
