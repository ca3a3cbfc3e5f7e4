"""What blocks of pages refer to: by key alone, so that reading a page asks the database nothing for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Model
from django.forms import Widget
from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.coreutils import resolve_model_string

MODELS: Final = {
    "record": "library.Record",
    "collection": "library.Collection",
    "people": "library.People",
    "place": "library.Place",
    "file": "library.RecordFile",
    "festival": "festivals.Festival",
    "entry": "dictionary.Entry",
    "image": "wagtailimages.Image",
}


class ReferenceBlock(blocks.ChooserBlock):  # type: ignore[misc]
    """A thing of the house, chosen by an editor. Its value is the key of the thing, also when that is gone."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(**kwargs)

    @cached_property
    def target_model(self) -> type[Model]:
        """The model of the things."""
        return resolve_model_string(MODELS[self.kind])  # type: ignore[no-any-return]

    @cached_property
    def widget(self) -> Widget:
        """The chooser. Choosers lie above this, and are asked for when a form is made."""
        from library.pages.interfaces.choosers import widget

        return widget(self.kind)

    def to_python(self, value: Any) -> int | None:
        """The key as it is kept."""
        return value if isinstance(value, int) else None

    def bulk_to_python(self, values: list[Any]) -> list[int | None]:
        """The keys as they are kept."""
        return [self.to_python(value) for value in values]

    def get_prep_value(self, value: int | None) -> int | None:
        """The key."""
        return value

    def value_from_form(self, value: Any) -> int | None:
        """The key of what a form names."""
        if isinstance(value, Model):
            value = value.pk
        text = str(value)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    def extract_references(self, value: int | None) -> Iterator[tuple[type[Model], str, str, str]]:
        """What Wagtail's index of references keeps."""
        if value is not None:
            yield self.target_model, str(value), "", ""

    class Meta:
        icon = "link"


class LexiconsBlock(blocks.StaticBlock):  # type: ignore[misc]
    """All lexicons that the visitor may see."""


class NewestBlock(blocks.StructBlock):  # type: ignore[misc]
    """What the house itself knows to show: the next festivals, the newest exhibitions … so many of them."""

    def __init__(self, newest: str, **kwargs: Any) -> None:
        self.newest = newest
        super().__init__(**kwargs)


def references(block: blocks.Block, value: Any) -> Iterator[tuple[str, Any]]:
    """All that a value of a block refers to, as (kind, key): texts with links are of kind "text"."""
    if isinstance(block, LexiconsBlock):
        yield "lexicons", True
    elif value is None:
        return
    elif isinstance(block, ReferenceBlock):
        yield block.kind, value
    elif isinstance(block, blocks.RichTextBlock):
        yield "text", value.source
    elif isinstance(block, blocks.BaseStreamBlock):
        for child in value:
            yield from references(child.block, child.value)
    elif isinstance(block, blocks.ListBlock):
        for each in value:
            yield from references(block.child_block, each)
    elif isinstance(block, blocks.BaseStructBlock):
        if isinstance(block, NewestBlock):
            yield block.newest, value["number"]
        for name, child in block.child_blocks.items():
            yield from references(child, value.get(name))
