"""PDF files through pdfium: `document.py header FILE`, or `document.py draw FILE FOLDER DPI LONGEST`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pypdfium2

POINTS = 72
QUALITY = 88


def main() -> None:
    """Do what the arguments say; what pdfium refuses ends as one line on stderr and exit code 1."""
    action, path, *rest = sys.argv[1:]
    try:
        document = pypdfium2.PdfDocument(path)
        if action == "header":
            print(json.dumps({"pages": len(document), "version": document.get_version()}))
        else:
            draw(document, Path(rest[0]), int(rest[1]), int(rest[2]))
    except pypdfium2.PdfiumError as error:
        sys.exit(str(error))


def draw(document: pypdfium2.PdfDocument, folder: Path, dpi: int, longest: int) -> None:
    """Every page as a JPEG, none with a side of more than `longest` pixels; a page that is there is left alone.

    Writes a line `page N WIDTH HEIGHT DPI` after each.
    """
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(dpi / POINTS, longest / max(width, height, 1.0))
        pixels = max(1, round(width * scale)), max(1, round(height * scale))
        target = folder / f"{number:05}.jpg"
        if not target.exists():
            bitmap = page.render(scale=scale)
            picture = bitmap.to_pil()
            pixels = picture.size
            part = target.with_suffix(".part")
            picture.convert("RGB").save(part, "JPEG", quality=QUALITY, dpi=(scale * POINTS, scale * POINTS))
            part.rename(target)
            bitmap.close()
        else:
            from PIL import Image

            with Image.open(target) as drawn:
                pixels = drawn.size
        page.close()
        print(f"page {number} {pixels[0]} {pixels[1]} {round(scale * POINTS)}", flush=True)


if __name__ == "__main__":
    main()
