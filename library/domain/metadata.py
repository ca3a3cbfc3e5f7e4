"""A record for machines that read its page: schema.org, and Dublin Core in `meta` elements (DCMI, "DC-HTML")."""

from __future__ import annotations

from library.domain.presentation import RecordView

_SCHEMA_ORG = {
    "creator": "creator", "contributor": "contributor", "publisher": "publisher", "description": "description",
    "subject": "about", "coverage": "spatialCoverage", "language": "inLanguage", "license": "license",
}  # fmt: skip


def linked_data(record: RecordView, url: str) -> dict[str, object]:
    """The record as schema.org has it; types that are no CreativeWork say only what all things may say."""
    named: object = record.title.text
    if record.title.lang:
        named = {"@value": record.title.text, "@language": record.title.lang}
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": record.kind.schema_org,
        "@id": record.ark,
        "url": url,
        "name": named,
        "identifier": [record.ark, *record.all("identifier")],
    }
    if record.alternatives:
        data["alternateName"] = [value.text for value in record.alternatives]
    plain = record.kind.schema_org not in ("Event", "Product")
    for name, term in _SCHEMA_ORG.items():
        found = record.all(name)
        if found and (plain or term == "description"):
            data[term] = found[0] if len(found) == 1 else list(found)
    if record.edtf() and plain:
        data["dateCreated"] = record.edtf()[0]
    return data


def dublin_core(record: RecordView) -> list[tuple[str, str, str]]:
    """(name, content, language) of each `meta` element."""
    found = [("DCTERMS.identifier", record.ark, ""), ("DCTERMS.title", record.title.text, record.title.lang)]
    found += [("DCTERMS.alternative", value.text, value.lang) for value in record.alternatives]
    for field in record.fields:
        if field.property != "people":
            found += [(f"DCTERMS.{field.property}", value.text, value.lang) for value in field.values]
    return found
