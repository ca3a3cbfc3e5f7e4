"""Lists of pages: those below another, the newest of a language."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from django.core.paginator import Page as Part
from django.core.paginator import Paginator
from django.db.models import F, Prefetch, QuerySet
from wagtail.images import get_image_model
from wagtail.models import Page

from library.pages.domain.pictures import with_renditions
from library.pages.domain.public import public

P = TypeVar("P", bound=Page)
PER_PAGE: Final = 20


def below(parent: Page, model: type[P]) -> QuerySet[P]:
    """The pages of a kind below a page that everybody may see, the newest first."""
    return newest(model, model.objects.child_of(parent))


def newest(model: type[P], pages: QuerySet[P]) -> QuerySet[P]:
    """Pages that everybody may see, the newest first, with their pictures at hand."""
    names = {field.name for field in model._meta.get_fields()}
    first = "date" if "date" in names else "first_published_at"
    found = public(pages).order_by(F(first).desc(nulls_last=True), "-pk")
    pictures = with_renditions(get_image_model().objects.all())
    return found.prefetch_related(Prefetch("picture", queryset=pictures))


def page(pages: QuerySet[Any], number: str) -> Part[Any]:
    """One part of a list; a number that is none gives the first or the last."""
    return Paginator(pages, PER_PAGE).get_page(number or 1)
