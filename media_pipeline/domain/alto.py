"""ALTO (the XML of the Library of Congress for text on pages): read into lines of words with boxes, and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from lxml import etree

_NAMESPACE: Final = "http://www.loc.gov/standards/alto/ns-v4#"
_PLACES: Final = ("HPOS", "VPOS", "WIDTH", "HEIGHT")


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


def written(lines: Sequence[Sequence[Any]], width: int, height: int) -> bytes:
    """ALTO 4 of one page of this size in pixels, from lines as `lines` gives them; blanks as in their text."""
    root = etree.Element(f"{{{_NAMESPACE}}}alto", nsmap={None: _NAMESPACE})
    _add(_add(root, "Description"), "MeasurementUnit").text = "pixel"
    page = _add(_add(root, "Layout"), "Page", ID="page", PHYSICAL_IMG_NR=1, WIDTH=width, HEIGHT=height)
    whole = {"HPOS": 0, "VPOS": 0, "WIDTH": width, "HEIGHT": height}
    block = _add(_add(page, "PrintSpace", **whole), "TextBlock", ID="block", **whole)
    for identifier, whole_text, *box, words in lines:
        line = _add(block, "TextLine", ID=identifier, **dict(zip(_PLACES, box, strict=True)))
        at = 0
        for number, (text, *place, confidence) in enumerate(words):
            found = whole_text.find(text, at)
            # Not every script has blanks between words.
            if number and found != at:
                _add(line, "SP")
            at = at if found < 0 else found + len(text)
            _add(line, "String", CONTENT=text, WC=confidence, **dict(zip(_PLACES, place, strict=True)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _add(parent: etree._Element, name: str, **attributes: str | float) -> etree._Element:
    written = {key: str(value) for key, value in attributes.items()}
    return etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", attrib=written)


def _box(element: etree._Element, scale: float) -> list[int]:
    return [round(float(element.get(name, 0)) * scale) for name in _PLACES]
