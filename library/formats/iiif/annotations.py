"""Pages of annotations: the text of a leaf, and what a search found (Content Search API 2.0)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from library.formats.iiif.parts import GRANULARITY, PRESENTATION, SEARCH, Json, filled
from library.formats.iiif.values import Hit, LanguageMap, TextLine

AROUND: Final = 40
"""How many characters of text stand before and after a hit."""


def text_page(id_: str, canvas: str, label: LanguageMap, lines: Sequence[TextLine]) -> Json:
    """The lines of a leaf, each at its place."""
    return {
        "@context": [GRANULARITY, PRESENTATION],
        "id": id_,
        "type": "AnnotationPage",
        "label": dict(label),
        "items": [
            {
                "id": f"{id_}#{line.id}",
                "type": "Annotation",
                "motivation": "supplementing",
                "textGranularity": "line",
                "body": filled(
                    type="TextualBody", value=line.text, format="text/plain", language=line.language
                ),
                "target": canvas if line.box is None else f"{canvas}#{box(line.box)}",
            }
            for line in lines
        ],
    }


@dataclass(frozen=True)
class Asked:
    """A search: the address of the service, what was asked, which page of how long a list, what was not heeded."""

    service: str
    query: str
    page: int
    size: int
    ignored: tuple[str, ...] = ()

    def url(self, page: int | None = None) -> str:
        """The address of the results, or of one page of them."""
        more = {} if page is None else {"page": page}
        return f"{self.service}?{urlencode({'q': self.query, **more})}"


def found_page(asked: Asked, total: int, hits: Sequence[Hit]) -> Json:
    """What a search found: an annotation for each place, and for each mark the words before and after it."""
    last = max(1, -(-total // asked.size))
    page: Json = {
        "@context": SEARCH,
        "id": asked.url(asked.page),
        "type": "AnnotationPage",
        "partOf": {
            "id": asked.url(),
            "type": "AnnotationCollection",
            "total": total,
            "first": {"id": asked.url(1), "type": "AnnotationPage"},
            "last": {"id": asked.url(last), "type": "AnnotationPage"},
        },
        "startIndex": (asked.page - 1) * asked.size,
    }
    if asked.page < last:
        page["next"] = {"id": asked.url(asked.page + 1), "type": "AnnotationPage"}
    if asked.page > 1:
        page["prev"] = {"id": asked.url(asked.page - 1), "type": "AnnotationPage"}
    if asked.ignored:
        page["ignored"] = list(asked.ignored)
    page["items"] = [annotation for hit in hits for annotation in _annotations(hit)]
    quotes = [quote for hit in hits for quote in _quotes(hit)]
    if quotes:
        page["annotations"] = [{"id": f"{page['id']}#hits", "type": "AnnotationPage", "items": quotes}]
    return page


def box(given: tuple[int, int, int, int]) -> str:
    """A box as media fragments have it (W3C Media Fragments, "xywh")."""
    return "xywh=" + ",".join(str(number) for number in given)


def _annotations(hit: Hit) -> list[Json]:
    body = {"type": "TextualBody", "value": hit.text, "format": "text/plain"}
    return [
        {
            "id": hit.id if number == 0 else f"{hit.id}-{number}",
            "type": "Annotation",
            "motivation": "supplementing",
            "body": body,
            "target": target,
        }
        for number, target in enumerate(hit.targets)
    ]


def _quotes(hit: Hit) -> list[Json]:
    return [
        {
            "id": f"{hit.id}-at-{start}",
            "type": "Annotation",
            "motivation": "contextualizing",
            "target": {
                "type": "SpecificResource",
                "source": hit.id,
                "selector": [
                    filled(
                        type="TextQuoteSelector",
                        prefix=hit.text[max(0, start - AROUND) : start],
                        exact=hit.text[start:end],
                        suffix=hit.text[end : end + AROUND],
                    )
                ],
            },
        }
        for start, end in hit.marks
    ]
