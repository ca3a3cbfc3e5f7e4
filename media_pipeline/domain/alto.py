"""Reading ALTO (the XML of the Library of Congress for text on pages) into lines of words with boxes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import etree


def lines(path: Path, scale: float, normalise: Callable[[str], str]) -> list[list[Any]]:
    """The lines of one page: [id, text, x, y, w, h, [[word, x, y, w, h, confidence], …]]; boxes times `scale`.

    Words are joined by a blank only where ALTO has a space (SP), as not every script writes one. A word broken at the
    end of a line stays broken. Raises etree.XMLSyntaxError.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    found: list[list[Any]] = []
    for line in etree.parse(str(path), parser).getroot().iter("{*}TextLine"):
        words, text = [], ""
        for child in line:
            name = etree.QName(child).localname
            if name == "SP":
                text += " "
            elif name == "String":
                word = normalise(child.get("CONTENT", ""))
                if word.strip():
                    text += word
                    words.append([word, *_box(child, scale), round(float(child.get("WC", 0)), 2)])
        if words:
            found.append([f"l{len(found) + 1}", text.strip(), *_box(line, scale), words])
    return found


def _box(element: etree._Element, scale: float) -> list[int]:
    return [round(float(element.get(name, 0)) * scale) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
