"""The blocks that pages are made of."""

from __future__ import annotations

from typing import Any, Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from dictionary.domain import naming
from languages import registry
from library.pages.domain.references import LexiconsBlock, NewestBlock, ReferenceBlock

FEATURES: Final = ["bold", "italic", "ol", "ul", "link"]


def writings() -> list[tuple[str, str]]:
    """The orthographies that a quotation may be in, by name."""
    reader = get_language() or "vi"
    tags = {orthography.tag for orthography in registry().orthographies} | {"vi", "en"}
    return sorted(
        ((tag, naming.writing_name(tag, reader)) for tag in tags), key=lambda pair: pair[1].casefold()
    )


def _alt() -> blocks.Block:
    return blocks.CharBlock(
        label=_("What is to be seen"), max_length=300, help_text=_("For those who cannot see it.")
    )


def _caption() -> blocks.Block:
    return blocks.CharBlock(label=_("Caption"), max_length=300, required=False)


def _number(label: Any, default: int, *, least: int, most: int) -> blocks.Block:
    limits = [MinValueValidator(least), MaxValueValidator(most)]
    return blocks.IntegerBlock(label=label, default=default, validators=limits)


class HeadingBlock(blocks.StructBlock):  # type: ignore[misc]
    """A heading inside a page."""

    text = blocks.CharBlock(label=_("Text"), max_length=200)
    level = blocks.ChoiceBlock(
        label=_("Level"), choices=[("2", _("section")), ("3", _("part of a section"))], default="2"
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "pages/blocks/heading.html"


class QuoteBlock(blocks.StructBlock):  # type: ignore[misc]
    """A quotation, in its own language and script."""

    text = blocks.TextBlock(label=_("Text"), max_length=2000)
    language = blocks.ChoiceBlock(label=_("Language and script"), choices=writings, default="vi")
    translation = blocks.TextBlock(
        label=_("Translation"), max_length=2000, required=False, help_text=_("In the language of the page.")
    )
    who = blocks.CharBlock(label=_("Who said or wrote it, where"), max_length=300, required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "pages/blocks/quote.html"


class PictureBlock(blocks.StructBlock):  # type: ignore[misc]
    """A picture that was uploaded for pages."""

    image = ReferenceBlock("image", label=_("Picture"))
    alt = _alt()
    caption = _caption()
    credit = blocks.CharBlock(label=_("Who made it, licence"), max_length=200)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "pages/blocks/picture.html"


class RecordPictureBlock(blocks.StructBlock):  # type: ignore[misc]
    """A page of a file of a record, as a picture."""

    file = ReferenceBlock("file", label=_("File of a record"))
    page = _number(_("Page"), 1, least=1, most=100_000)
    alt = _alt()
    caption = _caption()

    class Meta:
        icon = "doc-full"
        label = _("Page of a record, as a picture")
        template = "pages/blocks/record_picture.html"


class PlayerBlock(blocks.StructBlock):  # type: ignore[misc]
    """A recording or film, from some moment on."""

    file = ReferenceBlock("file", label=_("Recording or film"))
    start = _number(_("From second"), 0, least=0, most=1_000_000)
    caption = _caption()

    class Meta:
        icon = "media"
        label = _("Recording or film")
        template = "pages/blocks/player.html"


class DownloadBlock(blocks.StructBlock):  # type: ignore[misc]
    """A file of a record to take along."""

    file = ReferenceBlock("file", label=_("File of a record"))
    text = blocks.CharBlock(label=_("What it is"), max_length=200)

    class Meta:
        icon = "download"
        label = _("File to download")
        template = "pages/blocks/download.html"


def several(kind: str, icon: str, label: Any, item: Any) -> blocks.StructBlock:
    """Things of one kind, under a title that may be empty."""
    return blocks.StructBlock(
        [
            ("title", blocks.CharBlock(label=_("Title"), max_length=200, required=False)),
            ("items", blocks.ListBlock(ReferenceBlock(kind, label=item), label=label, min_num=1, max_num=60)),
        ],
        icon=icon,
        label=label,
        template=f"pages/blocks/{kind}.html",
    )


class MapBlock(blocks.StructBlock):  # type: ignore[misc]
    """Places and festivals on a map; without scripts, a list of them."""

    title = blocks.CharBlock(label=_("Title"), max_length=200)
    places = blocks.ListBlock(
        ReferenceBlock("place", label=_("Place")), label=_("Places"), default=[], max_num=200
    )
    festivals = blocks.ListBlock(
        ReferenceBlock("festival", label=_("Festival")), label=_("Festivals"), default=[], max_num=200
    )

    class Meta:
        icon = "site"
        label = _("Map")
        template = "pages/blocks/map.html"


def newest(kind: str, icon: str, label: Any) -> NewestBlock:
    """So many of what comes next, or came last."""
    return NewestBlock(
        kind,
        local_blocks=[
            ("title", blocks.CharBlock(label=_("Title"), max_length=200)),
            ("number", _number(_("How many"), 3, least=1, most=12)),
        ],
        icon=icon,
        label=label,
        template=f"pages/blocks/{kind}.html",
    )


_TEXT, _THINGS, _HOUSE = _("Text and pictures"), _("Things of the house"), _("Of itself")


def body() -> list[tuple[str, blocks.Block]]:
    """The blocks that every page may hold."""
    return [
        ("heading", HeadingBlock(group=_TEXT)),
        (
            "text",
            blocks.RichTextBlock(
                features=FEATURES, label=_("Text"), icon="pilcrow", group=_TEXT, template="pages/blocks/text.html"
            ),
        ),
        ("quote", QuoteBlock(group=_TEXT)),
        ("picture", PictureBlock(group=_TEXT)),
        ("record_picture", RecordPictureBlock(group=_TEXT)),
        *((kind, _grouped(several(kind, icon, label, one), _THINGS)) for kind, icon, label, one in _SEVERAL),
        ("map", MapBlock(group=_THINGS)),
        ("player", PlayerBlock(group=_THINGS)),
        ("download", DownloadBlock(group=_THINGS)),
        *((kind, _grouped(newest(kind, icon, label), _HOUSE)) for kind, icon, label in _NEWEST),
        (
            "lexicons",
            LexiconsBlock(
                label=_("All lexicons with their credits"), icon="list-ul", group=_HOUSE,
                template="pages/blocks/lexicons.html",
            ),
        ),
    ]  # fmt: skip


def _grouped(block: blocks.Block, group: Any) -> blocks.Block:
    block.meta.group = group
    return block


_SEVERAL = (
    ("record", "doc-full", _("Records"), _("Record")),
    ("festival", "calendar-alt", _("Festivals"), _("Festival")),
    ("entry", "openquote", _("Words"), _("Word")),
    ("collection", "folder-open-inverse", _("Collections"), _("Collection")),
    ("people", "group", _("Peoples"), _("People")),
)
_NEWEST = (
    ("coming", "calendar-check", _("Festivals coming up")),
    ("exhibitions", "view", _("Newest exhibitions")),
    ("news", "comment", _("Newest news")),
)
