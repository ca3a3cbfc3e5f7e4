"""Parsing pieces of XML from outside with nothing that reaches beyond them.

No entities of one's own, no DTD, no network, libxml2's own bounds on depth (256) and size kept (`huge_tree` off).
"""

from __future__ import annotations

from typing import Final

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
        code, params = said(error.code, (error.msg or "").split(", line ")[0].strip())
        raise FileError(code, params, file=file, line=line + max((error.lineno or 1) - 1, 0)) from None
    except ValueError as error:
        # A zero byte, another control character or a lone surrogate; or an encoding declaration inside.
        if "declaration" in str(error):
            raise FileError("xml", {"detail": str(error).rstrip(".")}, file=file, line=line) from None
        raise FileError("xml-character", file=file, line=line) from None


_CODES: Final = {
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: "xml-mismatch",
    **dict.fromkeys(
        (
            etree.ErrorTypes.ERR_TAG_NOT_FINISHED, etree.ErrorTypes.ERR_GT_REQUIRED,
            etree.ErrorTypes.ERR_LTSLASH_REQUIRED, etree.ErrorTypes.ERR_DOCUMENT_END,
            etree.ErrorTypes.ERR_COMMENT_NOT_FINISHED, etree.ErrorTypes.ERR_CDATA_NOT_FINISHED,
        ),
        "xml-unclosed",
    ),
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: "xml-entity",
    etree.ErrorTypes.WAR_UNDECLARED_ENTITY: "xml-entity",
    etree.ErrorTypes.ERR_NAME_REQUIRED: "xml-ampersand",
    etree.ErrorTypes.ERR_ENTITYREF_SEMICOL_MISSING: "xml-ampersand",
    etree.ErrorTypes.ERR_INVALID_CHAR: "xml-character",
    etree.ErrorTypes.ERR_INVALID_CHARREF: "xml-character",
    etree.ErrorTypes.ERR_INVALID_ENCODING: "xml-character",
    **dict.fromkeys(
        (
            etree.ErrorTypes.ERR_ATTRIBUTE_NOT_STARTED, etree.ErrorTypes.ERR_ATTRIBUTE_NOT_FINISHED,
            etree.ErrorTypes.ERR_ATTRIBUTE_WITHOUT_VALUE, etree.ErrorTypes.ERR_ATTRIBUTE_REDEFINED,
            etree.ErrorTypes.ERR_LT_IN_ATTRIBUTE, etree.ErrorTypes.ERR_SPACE_REQUIRED,
        ),
        "xml-attribute",
    ),
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: "xml-namespace",
}  # fmt: skip
_NAME_AFTER_AMPERSAND: Final = ("xmlParseEntityRef", "EntityRef")


def said(number: int, detail: str) -> tuple[str, dict[str, object]]:
    """The code of our own message for an error of libxml2, and its values; other errors keep libxml2's words."""
    code = {int(each): code for each, code in _CODES.items()}.get(number, "")
    if code == "xml-ampersand" and not detail.startswith(_NAME_AFTER_AMPERSAND):
        code = ""
    if code == "xml-mismatch":
        return code, {"tags": " / ".join(f"<{name}>" for name in _names(detail))}
    if code == "xml-entity":
        return code, {"name": detail.split("'")[1] if detail.count("'") > 1 else "?"}
    if "depth" in detail.lower():
        return "xml-deep", {}
    return (code, {}) if code else ("xml", {"detail": detail})


def _names(detail: str) -> list[str]:
    """The two names in "Opening and ending tag mismatch: a line 1 and b"."""
    first, _and, second = detail.partition(": ")[2].partition(" and ")
    return [first.split(" line ")[0][:50], second.split(" ")[0][:50]]
