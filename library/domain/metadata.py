"""A record for machines that read its page: Dublin Core in `meta` elements (DCMI, "DC-HTML")."""

from __future__ import annotations

from library.domain.presentation import RecordView


def dublin_core(record: RecordView) -> list[tuple[str, str, str]]:
    """(name, content, language) of each `meta` element."""
    found = [("DCTERMS.identifier", record.ark, ""), ("DCTERMS.title", record.title.text, record.title.lang)]
    found += [("DCTERMS.alternative", value.text, value.lang) for value in record.alternatives]
    for field in record.fields:
        if field.property != "people":
            found += [(f"DCTERMS.{field.property}", value.text, value.lang) for value in field.values]
    return found
