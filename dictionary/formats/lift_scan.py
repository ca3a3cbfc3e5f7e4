"""Cutting a LIFT file into its entries without reading it whole, and without losing a character.

lxml alone cannot say where an entry's source text begins and ends, and its line numbers stop at 65,535. So the text is
cut here, by the rules of XML (outside comments, CDATA sections and processing instructions, `<` always begins markup),
and lxml parses each piece, which proves it well-formed. All pieces joined are the file again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from lxml import etree

from dictionary.formats.errors import FileError
from dictionary.formats.limits import Limits
from dictionary.formats.xml import parse, secure_parser

_TAG_END: Final = r"""(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>"""
_START_TAG: Final = re.compile(r"<([^\s<>/!?\"'=]+)" + _TAG_END)
_NAME: Final = re.compile(r"<([^\s<>/!?\"'=]+)")
_SKIPPED: Final = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>"}


@dataclass(frozen=True)
class Piece:
    """A part of the file: `root` (all up to the start tag of <lift>), `header`, `entry` or `tail` (all after).

    `gap` is what stands before the element (white space, comments, elements not understood), `text` the element
    itself, `line` the one on which the element begins.
    """

    kind: Literal["root", "header", "entry", "tail"]
    gap: str
    text: str
    line: int


class _Window:
    """The part of the text that is in memory, how much of it is done with, and the line where that ends."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self.chunks = chunks
        self.text = ""
        self.start = 0
        self.line = 1
        self.ended = False

    def more(self) -> bool:
        """Append at least as much as there is (so that searching again stays linear); False at the end."""
        parts = [self.text]
        want = max(len(self.text) - self.start, 1)
        while want > 0 and not self.ended:
            chunk = next(self.chunks, None)
            if chunk is None:
                self.ended = True
            else:
                parts.append(chunk)
                want -= len(chunk)
        grown = len(parts) > 1
        self.text = "".join(parts)
        return grown

    def done(self, end: int) -> int:
        """The text before `end` is done with; gives the new position of `end`. Copies rarely."""
        self.line += self.text.count("\n", self.start, end)
        self.start = end
        if end * 2 > len(self.text):
            self.text = self.text[end:]
            self.start = 0
        return self.start

    def line_at(self, position: int) -> int:
        """The line of a position that is not done with."""
        return self.line + self.text.count("\n", self.start, position)


class _Scanner:
    def __init__(self, chunks: Iterator[str], limits: Limits, file: str) -> None:
        self.window = _Window(chunks)
        self.limits = limits
        self.file = file
        self.parser = secure_parser()
        # What ends an element of this name, or hides its end; compiled once for each name (nearly always `entry`).
        self.inside: dict[str, re.Pattern[str]] = {}

    def error(self, code: str, position: int, **params: object) -> FileError:
        return FileError(code, params, file=self.file, line=self.window.line_at(position))

    def find(self, needle: str, start: int, begun: int, name: str, limit: int) -> int:
        """The position after `needle`; an error if the file or the limit ends before."""
        while True:
            found = self.window.text.find(needle, start)
            if found >= 0:
                return found + len(needle)
            start = max(start, len(self.window.text) - len(needle))
            self.grow(begun, name, limit)

    def grow(self, begun: int, name: str, limit: int) -> None:
        window = self.window
        if len(window.text) - begun > limit:
            raise self.error("element-too-large", begun, element=name, limit=limit // 1024)
        if not window.more():
            last = max(len(window.text) - 1, 0)
            raise self.error("truncated", last, element=name, begun=window.line_at(begun))

    def markup(self, position: int) -> str:
        """The characters of markup at `<`, enough of them to know what it is."""
        while len(self.window.text) - position < 9 and self.window.more():
            pass
        return self.window.text[position : position + 9]

    def skip(self, position: int, limit: int) -> int:
        """The position after a comment, a processing instruction or a CDATA section here; -1 if there is none."""
        head = self.markup(position)
        for opening, closing in _SKIPPED.items():
            if head.startswith(opening):
                return self.find(closing, position + len(opening), position, opening[1:], limit)
        return -1

    def start_tag(self, position: int, begun: int, name: str, limit: int) -> re.Match[str]:
        while True:
            match = _START_TAG.match(self.window.text, position)
            if match:
                return match
            # Without `>` after it, or with `<` in it, the tag may only be unfinished, or it is broken.
            broken = self.window.text.find("<", position + 1)
            if broken >= 0:
                raise self.error("xml", position, detail=f"the tag <{name}> is not closed with >")
            self.grow(begun, name, limit)

    def element(self, position: int, limit: int) -> int:
        """The position after the element that begins here."""
        name = self.name(position)
        tag = self.start_tag(position, position, name, limit)
        if tag.group().endswith("/>"):
            return tag.end()
        pattern = self.inside.get(name)
        if pattern is None:
            quoted = re.escape(name)
            pattern = re.compile(rf"<(?:/{quoted}[\s>]|{quoted}[\s/>]|!--|\?|!\[CDATA\[)")
            self.inside[name] = pattern
        depth, here = 1, tag.end()
        while True:
            match = pattern.search(self.window.text, here)
            if match is None:
                here = max(here, len(self.window.text) - len(name) - 9)
                self.grow(position, name, limit)
                continue
            at = match.start()
            if match.group()[1] == "/":
                depth -= 1
                here = self.find(">", match.end() - 1, position, name, limit)
                if depth == 0:
                    return here
            elif match.group()[1] in "!?":
                here = self.skip(at, limit + at)
            else:
                nested = self.start_tag(at, position, name, limit)
                here = nested.end()
                depth += not nested.group().endswith("/>")

    def name(self, position: int) -> str:
        while True:
            match = _NAME.match(self.window.text, position)
            if match and match.end() < len(self.window.text):
                return match.group(1)
            if not match and len(self.window.text) > position + 1:
                raise self.error("xml", position, detail="a name is expected after <")
            self.grow(position, "…", 1024 + position)

    def next_markup(self, start: int, *, limit: int) -> int:
        """The position of the next `<`; -1 at the end of the file. Text before it must be white space."""
        while True:
            found = self.window.text.find("<", start)
            between = self.window.text[start : found if found >= 0 else len(self.window.text)]
            if between and not between.isspace():
                stray = between.strip()
                raise self.error("stray-text", start + between.find(stray[0]), text=stray[:40])
            if found >= 0:
                return found
            if len(self.window.text) - self.window.start > limit:
                raise self.error("element-too-large", start, element="lift", limit=limit // 1024)
            if not self.window.more():
                return -1

    def root(self) -> tuple[Piece, etree._Element, bool]:
        """The prolog with the start tag of <lift>, its element, and whether it is empty (`<lift/>`)."""
        position = 0
        while True:
            try:
                position = self.next_markup(position, limit=self.limits.entry)
            except FileError as error:
                if error.code != "stray-text":
                    raise
                raise self.not_lift("it does not begin with <", error.line) from None
            if position < 0:
                raise (
                    self.not_lift("it ends before <lift>", 0) if self.window.text.strip()
                    else FileError("empty", file=self.file)
                )  # fmt: skip
            if self.markup(position).upper() == "<!DOCTYPE":
                raise self.error("doctype", position)
            after = self.skip(position, self.limits.entry)
            if after < 0:
                break
            position = after
        name = self.name(position)
        if name != "lift":
            raise self.not_lift(f"its root is <{name}>", self.window.line_at(position))
        tag = self.start_tag(position, position, name, self.limits.entry)
        empty = tag.group().endswith("/>")
        prolog = self.window.text[:position]
        line = self.window.line_at(position)
        self.gap(
            re.sub(r"\A\ufeff?<\?xml\s[^>]*\?>", lambda found: "\n" * found.group().count("\n"), prolog), 1
        )
        source = tag.group() if empty else f"{tag.group()}</lift>"
        element = parse(source, self.parser, file=self.file, line=line)
        if element.tag != "lift":
            raise self.not_lift(f"its root is <{element.tag!s}>", line)
        self.window.done(tag.end())
        return Piece("root", prolog, tag.group(), line), element, empty

    def not_lift(self, detail: str, line: int) -> FileError:
        return FileError("not-format", {"format": "LIFT", "detail": detail}, file=self.file, line=line)

    def gap(self, text: str, line: int) -> None:
        """What stands between elements must be well-formed as well."""
        if text and not text.isspace():
            parse(f"<gap>{text}</gap>", self.parser, file=self.file, line=line)

    def pieces(self) -> Iterator[Piece]:
        """Header, entries and tail, in the order of the file; call it after `root`."""
        window = self.window
        position, headed = window.start, False
        while True:
            position = self.next_markup(position, limit=self.limits.entry)
            if position < 0:
                raise self.error("truncated", max(len(window.text) - 1, 0), element="lift", begun=1)
            head = self.markup(position)
            if head.startswith("</"):
                yield self.tail(position)
                return
            after = self.skip(position, self.limits.entry)
            if after >= 0 and not head.startswith("<![CDATA["):
                position = after
                continue
            if head.startswith("<!"):
                raise self.error("xml", position, detail="this markup does not belong here")
            name = self.name(position)
            end = self.element(position, self.limits.header if name == "header" else self.limits.entry)
            if name != "entry" and (name != "header" or headed):
                position = end
                continue
            headed = headed or name == "header"
            gap, line = window.text[window.start : position], window.line_at(position)
            self.gap(gap, window.line)
            piece = Piece("entry" if name == "entry" else "header", gap, window.text[position:end], line)
            position = window.done(end)
            yield piece

    def tail(self, position: int) -> Piece:
        """The end tag of <lift> and what follows it."""
        window = self.window
        end = self.find(">", position, position, "lift", self.limits.entry)
        if not re.fullmatch(r"</lift\s*>", window.text[position:end]):
            raise self.error("xml", position, detail=f"{window.text[position:end][:40]} closes nothing")
        self.gap(window.text[window.start : position], window.line)
        line, after = window.line_at(position), end
        while (after := self.next_markup(after, limit=self.limits.entry)) >= 0:
            here, after = after, self.skip(after, self.limits.entry)
            if after < 0 or window.text.startswith("<![", here):
                raise self.error("xml", here, detail="there is something after </lift>")
        self.gap(window.text[end:], window.line_at(end))
        return Piece("tail", window.text[window.start : position], window.text[position:], line)


def scan(
    chunks: Iterator[str], limits: Limits, file: str = ""
) -> tuple[Piece, etree._Element, Iterator[Piece]]:
    """The root piece, the (empty) element of <lift>, and an iterator over header, entries and tail.

    Raises FileError, at once or while iterating, when the file is no LIFT file or is broken.
    """
    scanner = _Scanner(chunks, limits, file)
    root, element, empty = scanner.root()
    if not empty:
        return root, element, scanner.pieces()
    for chunk in [scanner.window.text[scanner.window.start :], *scanner.window.chunks]:
        if chunk.strip():
            raise FileError("xml", {"detail": "there is something after <lift/>"}, file=file, line=root.line)
    return root, element, iter(())
