"""Pages for tests."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from library.pages.domain import tree
from library.pages.models import (
    ExhibitionIndexPage,
    ExhibitionPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    StandardPage,
)


def home(code: str = "vi") -> HomePage:
    """The first page of a language."""
    return next(each for each in tree.homes() if each.locale.language_code == code)


def below(parent: Page, model: type[Page], slug: str, *blocks: tuple[str, Any], **values: Any) -> Any:
    """A published page with blocks, as (type, raw value)."""
    page = model(
        title=values.pop("title", slug.title()),
        slug=slug,
        locale=parent.locale,
        body=[{"type": kind, "value": value} for kind, value in blocks],
        **values,
    )
    parent.add_child(instance=page)
    page.save_revision().publish()
    return model.objects.get(pk=page.pk)


def standard(slug: str = "a-page", *blocks: tuple[str, Any], code: str = "vi", **values: Any) -> StandardPage:
    """A page of text."""
    return below(home(code), StandardPage, slug, *blocks, **values)  # type: ignore[no-any-return]


def exhibition(
    slug: str = "shown", *blocks: tuple[str, Any], code: str = "vi", **values: Any
) -> ExhibitionPage:
    """An exhibition, in a list of them."""
    index = ExhibitionIndexPage.objects.child_of(home(code)).first()
    index = index or below(home(code), ExhibitionIndexPage, "exhibitions")
    return below(index, ExhibitionPage, slug, *blocks, **values)  # type: ignore[no-any-return]


def news(slug: str = "told", *blocks: tuple[str, Any], code: str = "vi", **values: Any) -> NewsPage:
    """A piece of news, in a list of it."""
    index = NewsIndexPage.objects.child_of(home(code)).first()
    index = index or below(home(code), NewsIndexPage, "news")
    return below(index, NewsPage, slug, *blocks, **values)  # type: ignore[no-any-return]
