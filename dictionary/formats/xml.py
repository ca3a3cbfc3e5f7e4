"""Parsing pieces of XML from outside with nothing that reaches beyond them.

No entities of one's own, no DTD, no network, libxml2's own bounds on depth (256) and size kept (`huge_tree` off).
"""

from __future__ import annotations

from lxml import etree

from dictionary.formats.errors import FileError


def secure_parser() -> etree.XMLParser:
    """A parser for one thread that resolves nothing and keeps comments and processing instructions."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=False, remove_pis=False, strip_cdata=True, recover=False,
    )  # fmt: skip


def parse(text: str, parser: etree.XMLParser, *, file: str, line: int) -> etree._Element:
    """The element of a piece of XML that begins on this line of the file. Raises FileError with the line."""
    try:
        return etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        detail = (error.msg or "").split(", line ")[0].strip()
        raise FileError(
            "xml", {"detail": detail}, file=file, line=line + max((error.lineno or 1) - 1, 0)
        ) from None
    except ValueError as error:  # a zero byte, or an encoding declaration inside
        raise FileError("xml", {"detail": str(error).rstrip(".")}, file=file, line=line) from None
