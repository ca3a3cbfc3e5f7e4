"""The text that a PDF carries, through pdfium: `text_layer.py FILE FOLDER SIZES`.

SIZES is a JSON file [[page, width, height], …]: the pixels of the picture of each page. Writes FOLDER/<page>.json
with {"state", "lines": [[[word, x, y, w, h], …], …]} and a line `page N` after each; a page that is
there is left alone. States: "empty" (no text), "unreadable" (characters without a meaning in Unicode), "scanned" (a
picture covers the page, so somebody's machine read it), "written".
"""

from __future__ import annotations

import ctypes
import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw

MOST_UNREADABLE = 0.02
"""What share of the characters may lack a meaning."""
COVERS = 0.8
"""What share of the page a picture covers that is a scan of it."""
_MOST_CHARACTERS = 200_000
_BROKEN_WORD = "\x02"  # what pdfium gives for a hyphen at the end of a line
_NO_MEANING = frozenset({"Cc", "Cn", "Co", "Cs"})


def main() -> None:
    """Do what the arguments say; what pdfium refuses ends as one line on stderr and exit code 1."""
    path, folder, sizes = sys.argv[1:]
    try:
        document = pypdfium2.PdfDocument(path)
        for number, width, height in json.loads(Path(sizes).read_text(encoding="utf-8")):
            target = Path(folder) / f"{number:05}.json"
            if not target.exists():
                page = document[number - 1]
                part = target.with_suffix(".part")
                part.write_text(json.dumps(read(page, width, height), ensure_ascii=False), encoding="utf-8")
                part.rename(target)
                page.close()
            print(f"page {number}", flush=True)
    except pypdfium2.PdfiumError as error:
        sys.exit(str(error))


def read(page: pypdfium2.PdfPage, width: int, height: int) -> dict[str, Any]:
    """The state of a page's text and its lines, boxes in pixels of a picture of the page of this size."""
    text = page.get_textpage()
    count = min(text.count_chars(), _MOST_CHARACTERS)
    characters = [chr(raw.FPDFText_GetUnicode(text, at)) for at in range(count)]
    lines: list[list[list[Any]]] = [[]]
    word: list[Any] | None = None
    unreadable = seen = 0
    for at, character in enumerate(characters):
        if character in "\r\n":
            lines.append([])
            word = None
            continue
        if character.isspace():
            word = None
            continue
        seen += 1
        if character == _BROKEN_WORD:
            character = "-"
        if raw.FPDFText_HasUnicodeMapError(text, at) == 1 or unicodedata.category(character) in _NO_MEANING:
            unreadable += 1
            continue
        box = _pixels(page, text.get_charbox(at, loose=True), width, height)
        if word is None:
            word = [character, *box]
            lines[-1].append(word)
        else:
            word[0] += character
            word[1:5] = _around(word[1:5], box)
    found = [[_as_box(word) for word in line] for line in lines if line]
    text.close()
    return {"state": _state(page, seen, unreadable), "lines": found}


def _state(page: pypdfium2.PdfPage, seen: int, unreadable: int) -> str:
    if not seen:
        return "empty"
    if unreadable > seen * MOST_UNREADABLE:
        return "unreadable"
    width, height = page.get_size()
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) >= COVERS * width * height:
            return "scanned"
    return "written"


def _pixels(
    page: pypdfium2.PdfPage, box: tuple[float, float, float, float], width: int, height: int
) -> list[int]:
    """Left, top, right, bottom in pixels; pdfium knows the page's rotation and cut."""
    left, bottom, right, top = box
    x, y = ctypes.c_int(), ctypes.c_int()
    found = []
    for across, up in ((left, top), (right, bottom)):
        raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, across, up, x, y)
        found.append((min(max(x.value, 0), width), min(max(y.value, 0), height)))
    (x1, y1), (x2, y2) = found
    return [min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)]


def _around(one: list[int], other: list[int]) -> list[int]:
    return [min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])]


def _as_box(word: list[Any]) -> list[Any]:
    text, left, top, right, bottom = word
    return [text, left, top, max(1, right - left), max(1, bottom - top)]


if __name__ == "__main__":
    main()
