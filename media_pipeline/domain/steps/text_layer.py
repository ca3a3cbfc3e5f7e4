"""The text that a PDF carries itself: nothing need be read by machine where the words are there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext_noop

from languages import registry
from languages.legacy import likely
from media_pipeline.domain import alto
from media_pipeline.domain.graph import step
from media_pipeline.domain.steps.pictures import pdfium
from media_pipeline.domain.work import ReadPage, Work
from media_pipeline.models import Asset

WRITTEN: Final = "written"
SCANNED: Final = "scanned"
MACHINE: Final = "PDF"
LEGACY: Final = gettext_noop(
    "The text of the PDF is in %(encoding)s, from before Unicode: the pages are read by machine."
)
_SAMPLE: Final = 20_000


@step(
    "layer",
    gettext_noop("Take the text out of the PDF"),
    needs=("probe", "scan", "pages"),
    kinds=(Asset.Kind.PDF,),
    parameters=lambda asset: {"languages": asset.tags()[:1]},
    versions=pdfium,
)
def layer(work: Work) -> None:
    """Pages whose words stand in the file, as ALTO and lines.

    Where a picture covers the page, the words are what another machine read: they stand only as long as ours has not
    read the page. Text whose characters have no meaning, or are of an encoding from before Unicode, is left alone.
    """
    folder = work.folder / "layer"
    folder.mkdir(exist_ok=True)
    pages = work.pages()
    sizes = work.folder / "sizes.json"
    sizes.write_text(json.dumps([[page.number, page.width, page.height] for page in pages]), encoding="utf-8")
    done = 0

    def told(line: str) -> None:
        nonlocal done
        done += 1
        work.progress(done, len(pages))

    work.program("text_layer", str(work.source), "layer", sizes.name, tool="pdfium", on_line=told)
    language = next(iter(work.asset.tags()), "")
    normalise = registry().orthography(language or "und").normalise
    found = {
        page.number: json.loads((folder / f"{page.number:05}.json").read_text("utf-8")) for page in pages
    }
    usable = {
        number: [_line(at, words, normalise) for at, words in enumerate(each["lines"], 1)]
        for number, each in found.items()
        if each["state"] in {WRITTEN, SCANNED}
    }
    sample = "\n".join(str(line[1]) for lines in usable.values() for line in lines)[:_SAMPLE]
    if guess := likely(sample):
        work.say(LEGACY, encoding=guess.name)
        usable = {}
    work.result.pages = []
    for page in pages:
        lines = usable.get(page.number)
        if not lines:
            continue
        state = found[page.number]["state"]
        work.result.pages.append(ReadPage(page.number, language, page.width, page.height, lines, MACHINE))
        path = work.folder / f"layer/{page.number:05}.xml"
        path.write_bytes(alto.written(lines, page.width, page.height))
        role = "alto" if state == WRITTEN else "alto-layer"
        work.emit(role, f"layer/{path.name}", "application/xml", page=page.number, extra={"layer": state})


def _line(number: int, words: list[list[Any]], normalise: Callable[[str], str]) -> list[Any]:
    """A line as `PageText` holds it; its box goes around its words."""
    boxed = [[normalise(text), x, y, w, h, 1.0] for text, x, y, w, h in words]
    left, top = min(x for _t, x, _y, _w, _h in words), min(y for _t, _x, y, _w, _h in words)
    right, bottom = max(x + w for _t, x, _y, w, _h in words), max(y + h for _t, _x, y, _w, h in words)
    text = " ".join(str(word[0]) for word in boxed)
    return [f"l{number}", text, left, top, right - left, bottom - top, boxed]
