"""Template tags for words: a text with its language and direction, addresses of entries and licences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlencode
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from dictionary.domain import reasons
from dictionary.domain.derived import orthography
from dictionary.domain.linked import Piece, linked
from dictionary.domain.lookup import Found
from dictionary.domain.presentation import Segment, Text, Word
from dictionary.interfaces.addresses import entry_address

register = template.Library()


class _Addressed(Protocol):
    """Whatever stands for an entry."""

    @property
    def id(self) -> UUID: ...

    @property
    def slug(self) -> str: ...


_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)\Z")
# What could end a script element; JSON may spell any character so.
_JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def word(shown: Word, css: str = "") -> SafeString:
    """A word in its own script: `<span lang dir data-script class="word">`."""
    return format_html(
        '<span class="word{}" lang="{}" dir="{}" data-script="{}">{}</span>',
        f" {css}" if css else "", shown.lang, shown.direction, shown.script, shown.text,
    )  # fmt: skip


@register.simple_tag
def text(shown: Text, css: str = "") -> SafeString:
    """A text in its language; stretches in another language or with an address are marked as such."""
    classes = " ".join(
        name
        for name in ("word" if shown.native else "", "ipa" if "fonipa" in shown.lang.lower() else "", css)
        if name
    )
    return format_html(
        '<span{} lang="{}" dir="{}" data-script="{}">{}</span>',
        format_html(' class="{}"', classes) if classes else "", shown.lang, shown.direction, shown.script,
        format_html_join("", "{}", ((_segment(each),) for each in shown.segments)) if shown.segments else shown.text,
    )  # fmt: skip


def _segment(shown: Segment) -> SafeString:
    inner = format_html("{}", shown.text)
    if shown.lang:
        inner = format_html('<span lang="{}" dir="{}">{}</span>', shown.lang, shown.direction, inner)
    if shown.href:
        inner = format_html('<a href="{}" rel="external nofollow">{}</a>', shown.href, inner)
    return inner


@register.simple_tag
def linked_text(shown: str, tag: str, css: str = "", marks: Sequence[tuple[int, int]] = ()) -> SafeString:
    """Running text in the orthography of a tag, every word of it a link to look it up.

    `marks` are stretches (from, to; code points) that a search found: the pieces that they touch are marked. A page
    that has such text includes `dictionary/_word_card.html`, and words.css in its head.
    """
    writing, lookup = orthography(tag), reverse("lookup")
    language = "" if writing.language == "und" else writing.language
    return format_html(
        '<span class="linked{}" lang="{}" dir="{}" data-script="{}">{}</span>',
        f" {css}" if css else "", tag or "und", writing.direction, writing.script,
        mark_safe("".join(_pieces(linked(shown, tag), lookup, language, marks))),  # noqa: S308 (each is escaped)
    )  # fmt: skip


def _pieces(
    pieces: Iterable[Piece], lookup: str, language: str, marks: Sequence[tuple[int, int]]
) -> Iterator[SafeString]:
    end = 0
    for piece in pieces:
        start, end = end, end + len(piece.text)
        marked = any(first < end and start < last for first, last in marks)
        yield _piece(piece, lookup, language, marked)


@lru_cache(maxsize=8192)
def _piece(piece: Piece, lookup: str, language: str, marked: bool) -> SafeString:
    """One piece as HTML. A transcript of an hour has ten thousand, mostly the same ones."""
    inner = format_html("<mark>{}</mark>" if marked else "{}", piece.text)
    if not piece.word:
        return inner
    asked = {"q": piece.text, "language": language} if language else {"q": piece.text}
    return format_html('<a class="word" href="{}?{}">{}</a>', lookup, urlencode(asked), inner)


@register.simple_tag
def entry_url(item: _Addressed) -> str:
    """The address of an entry, given anything that has its id and slug."""
    return entry_address(item.id, item.slug)


@register.simple_tag
def why(hit: Found) -> str:
    """Why a hit was found, in words."""
    return reasons.reason(hit)


@register.filter
def licence_url(spdx: str) -> str:
    """Where a licence can be read: Creative Commons' own page, else SPDX's; empty for what is no identifier."""
    commons = _CREATIVE_COMMONS.match(spdx)
    if commons:
        return f"https://creativecommons.org/licenses/{commons[1].lower()}/{commons[2]}/"
    if spdx == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    return (
        f"https://spdx.org/licenses/{spdx}.html" if re.fullmatch(r"[A-Za-z0-9.+-]+-[0-9.]+\w*", spdx) else ""
    )


@register.filter
def json_ld(data: object) -> SafeString:
    """Linked data as a script element that no browser runs."""
    text = json.dumps(data, ensure_ascii=False).translate(_JSON_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 (escaped above)
