"""Documents of Word (ECMA-376): text that stands in an old font comes into Unicode, the rest stays byte for byte.

The font of a run is found as Word finds it: the run's own, that of its style, of the paragraph's style, of the styles
those are based on, of the document's defaults (ECMA-376 part 1, 17.7.2). Fonts of themes are Unicode always.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final

from lxml import etree

from dictionary.formats.archive import Archive, is_zip
from dictionary.formats.errors import FileError
from dictionary.formats.limits import Limits
from languages.legacy import LegacyTable, convert
from languages.legacy.loading import table_of_font

MOST_PARTS: Final = 5000
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_FONT_ATTRIBUTES: Final = ("hAnsi", "ascii", "cs", "eastAsia")
_BOUND: Final = 50  # styles that are based on one another, at most
_STYLES: Final = "word/styles.xml"


def convert_document(before: Path, after: Path, limits: Limits, file: str) -> None:
    """Write the document with its text in Unicode. Raises FileError: no document, harmful, or without old fonts."""
    if not is_zip(before):
        raise FileError("not-format", {"format": "DOCX", "detail": "it is no document of Word 2007 or later"})
    with Archive(before, limits, file) as archive:
        if "word/document.xml" not in archive.members:
            raise FileError("not-format", {"format": "DOCX", "detail": "it is an archive of something else"})
        styles = Styles(_parsed(archive, _STYLES)) if _STYLES in archive.members else Styles(None)
        changed = {}
        found = False
        for name in archive.ending_with(".xml"):
            if not name.startswith("word/") or name.count("/") > 1:
                continue
            root = _parsed(archive, name)
            has_old_text = _in_unicode(root, styles)
            found = found or has_old_text
            if _other_fonts(root) or has_old_text:
                changed[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        if not found:
            raise FileError("no-old-fonts")
        with zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as out:
            for name in archive.members:
                if name in changed:
                    out.writestr(name, changed[name])
                    continue
                with archive.open(name) as source, out.open(name, "w") as target:
                    while data := source.read(1 << 18):
                        target.write(data)


class Styles:
    """The fonts that the styles of a document give."""

    def __init__(self, root: etree._Element | None) -> None:
        self._fonts: dict[str, str] = {}
        self._bases: dict[str, str] = {}
        self._default = ""
        self._normal = ""
        if root is None:
            return
        for style in root.iterfind(f"{_W}style"):
            key = style.get(f"{_W}styleId", "")
            self._fonts[key] = _own_font(style)
            based = style.find(f"{_W}basedOn")
            self._bases[key] = based.get(f"{_W}val", "") if based is not None else ""
            if style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in ("1", "true", "on"):
                self._normal = key
        defaults = root.find(f"{_W}docDefaults/{_W}rPrDefault")
        self._default = _own_font(defaults) if defaults is not None else ""

    def font(self, run: etree._Element, paragraph: etree._Element) -> str:
        """The font of a run; "" if none is named."""
        styles = (_style(run, "rPr", "rStyle"), _style(paragraph, "pPr", "pStyle") or self._normal)
        return _own_font(run) or next(filter(None, map(self._of_style, styles)), "") or self._default

    def _of_style(self, key: str) -> str:
        for _step in range(_BOUND):
            font = self._fonts.get(key, "")
            if font or not key:
                return font
            key = self._bases.get(key, "")
        return ""


def _own_font(holder: etree._Element) -> str:
    fonts = holder.find(f"{_W}rPr/{_W}rFonts")
    if fonts is None:
        return ""
    return next((font for name in _FONT_ATTRIBUTES[:2] if (font := fonts.get(_W + name))), "")


def _style(holder: etree._Element, properties: str, name: str) -> str:
    found = holder.find(f"{_W}{properties}/{_W}{name}")
    return found.get(f"{_W}val", "") if found is not None else ""


@lru_cache(maxsize=512)
def _table(font: str) -> LegacyTable | None:
    return table_of_font(font) if font else None


def _parsed(archive: Archive, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(archive.read(name), parser)
    except etree.XMLSyntaxError as error:
        raise FileError("xml", {"detail": str(error)[:120]}, file=name) from None
    if root.getroottree().docinfo.doctype:
        raise FileError("doctype", file=name)
    return root


def _in_unicode(root: etree._Element, styles: Styles) -> bool:
    """Convert the texts of a part; whether there were any in old fonts."""
    found = False
    for table, texts in _groups(root, styles):
        found = True
        _join(texts, table)
        for text in texts:
            if text.text:
                text.text = convert(text.text, table.name).text
                text.set(_SPACE, "preserve")
    return found


def _groups(root: etree._Element, styles: Styles) -> Iterator[tuple[LegacyTable, list[etree._Element]]]:
    """Texts that follow one another in a paragraph and are in the same encoding."""

    def place(run: etree._Element) -> tuple[etree._Element | None, LegacyTable | None]:
        paragraph = next(run.iterancestors(f"{_W}p"), None)
        return paragraph, _table(styles.font(run, paragraph)) if paragraph is not None else None

    for (_paragraph, table), runs in groupby(root.iter(f"{_W}r"), key=place):
        if table is not None:
            texts = [text for run in runs for text in run.iterchildren(f"{_W}t", f"{_W}delText") if text.text]
            if texts:
                yield table, texts


def _join(texts: list[etree._Element], table: LegacyTable) -> None:
    """Bring what is one letter into one text, where a run ends in its midst."""
    for before, after in pairwise(texts):
        while before.text and after.text and table.joins(before.text, after.text):
            before.text, after.text = before.text + after.text[0], after.text[1:]


def _other_fonts(root: etree._Element) -> bool:
    """Name fonts of Unicode where old ones were named; whether the part is another one now."""
    changed = False
    for fonts in root.iter(f"{_W}rFonts"):
        attributes: Mapping[str, str] = {name: fonts.get(_W + name, "") for name in _FONT_ATTRIBUTES}
        for name, font in attributes.items():
            table = _table(font)
            if table is not None:
                fonts.set(_W + name, table.unicode_font)
                changed = True
    return changed
