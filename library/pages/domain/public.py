"""Which pages everybody may see: published, and under no restriction of Wagtail's."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import Page, PageViewRestriction

P = TypeVar("P", bound=Page)


def public(pages: QuerySet[P]) -> QuerySet[P]:
    """Those of the pages that everybody may see, in the same query (Wagtail's `public()` asks a second one)."""
    above = PageViewRestriction.objects.annotate(
        below=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    )
    return pages.filter(~Exists(above.filter(below__startswith=F("page__path"))), live=True)
