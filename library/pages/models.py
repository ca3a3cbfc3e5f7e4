"""The kinds of editorial pages. Each language of the interface has a tree of them, under its own first page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from library.pages import blocks
from library.pages.domain import reserved


class Body(StreamField):  # type: ignore[misc]
    """A stream of blocks. Blocks are no matter of the database: changing one makes no migration."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """The field without its blocks."""
        name, path, _args, _kwargs = super().deconstruct()
        return name, path, [[]], {"blank": True}


class PageForm(WagtailAdminPageForm):  # type: ignore[misc]
    """The form of a page: says at the address name when another part of the house stands there."""

    def clean(self) -> dict[str, Any]:
        """Refuse an address that is taken."""
        cleaned: dict[str, Any] = super().clean()
        slug = cleaned.get("slug", "")
        if slug and self.parent_page is not None and reserved.is_taken(slug, self.parent_page):
            self.add_error("slug", reserved.message(slug))
        return cleaned


class Editorial(Page):  # type: ignore[misc]
    """What all editorial pages have. They are for everybody, unless Wagtail's privacy closes one."""

    summary = models.CharField(
        _("in a sentence or two"),
        max_length=300,
        blank=True,
        help_text=_("Stands in lists, and in what search engines show."),
    )
    body = Body(blocks.body(), blank=True, verbose_name=_("content"))
    demonstration = models.BooleanField(_("demonstration"), default=False, help_text=_("The page says so."))

    base_form_class = PageForm
    private_page_options = ["login", "groups"]
    section = "pages"

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
    settings_panels = [*Page.settings_panels, FieldPanel("demonstration")]

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse an address that another part of the house has, however the page came to be."""
        super().clean()
        parent = self.get_parent() if self.path and self.depth else None
        if parent is not None and self.slug and reserved.is_taken(self.slug, parent):
            raise ValidationError({"slug": reserved.message(self.slug)})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What the template shows: with all that blocks refer to, as far as the visitor may see it."""
        # Wagtail asks the model; what pages show lies above the models.
        from library.pages.domain.placed import gather

        return {
            **super().get_context(request, *args, **kwargs),
            "section": self.section,
            "placed": gather([(self.body.stream_block, self.body)], self, request),
        }

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; the switch of languages leads to its translations."""
        from library.pages.domain.translations import addresses

        request.translated_paths = addresses(self, request)  # type: ignore[attr-defined]
        return super().serve(request, *args, **kwargs)  # type: ignore[no-any-return]


class Pictured(models.Model):
    """A page that a picture leads."""

    picture = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    picture_alt = models.CharField(
        _("what is to be seen"), max_length=300, blank=True, help_text=_("For those who cannot see it.")
    )
    picture_credit = models.CharField(_("who made it, licence"), max_length=200, blank=True)

    picture_panel = MultiFieldPanel(
        [FieldPanel("picture"), FieldPanel("picture_alt"), FieldPanel("picture_credit")],
        heading=_("The picture above all"),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        """A picture is described, and says whose it is."""
        super().clean()
        if self.picture_id is not None:
            missing = {
                name: ValidationError(_("Say this of the picture."))
                for name in ("picture_alt", "picture_credit")
                if not getattr(self, name)
            }
            if missing:
                raise ValidationError(missing)


class HomePage(Editorial):
    """The first page of a language: the look-up comes first, then what editors choose."""

    intro = RichTextField(_("introduction"), blank=True, features=blocks.FEATURES)

    section = "lookup"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "pages.StandardPage",
        "pages.ExhibitionIndexPage",
        "pages.NewsIndexPage",
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("first page")
        verbose_name_plural = _("first pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With the box to look up, words to begin with, and all languages."""
        from dictionary.interfaces.public.lookup import first_page

        return {**super().get_context(request, *args, **kwargs), **first_page(request)}


class StandardPage(Editorial):
    """A page of text: about the house, how to use it."""

    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    subpage_types = ["pages.StandardPage"]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")


class ExhibitionIndexPage(Editorial):
    """The list of exhibitions."""

    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.ExhibitionPage"]

    class Meta:
        verbose_name = _("list of exhibitions")
        verbose_name_plural = _("lists of exhibitions")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With the exhibitions below it, the newest first."""
        from library.pages.domain import lists

        number = request.GET.get("page", "")
        listed = lists.page(lists.below(self, ExhibitionPage), number)
        return {**super().get_context(request, *args, **kwargs), "listed": listed}


class ExhibitionPage(Pictured, Editorial):  # noqa: DJ008 (Page has it)
    """An exhibition: records, festivals, words, maps and recordings, placed in a text."""

    parent_page_types = ["pages.ExhibitionIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        Pictured.picture_panel,
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("exhibition")
        verbose_name_plural = _("exhibitions")


class NewsIndexPage(Editorial):
    """All news; `feed/` below it is the same for feed readers (Atom, RFC 4287)."""

    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.NewsPage"]

    class Meta:
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The page, the pages below it, and its feed."""
        if self.live and path_components == ["feed"]:
            return RouteResult(self, kwargs={"feed": True})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, *args: Any, feed: bool = False, **kwargs: Any) -> HttpResponse:
        """The page, or its feed."""
        from library.pages.interfaces.public.feed import atom

        return atom(self, request) if feed else super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With the news below it, the newest first."""
        from library.pages.domain import lists

        number = request.GET.get("page", "")
        listed = lists.page(lists.below(self, NewsPage), number)
        return {**super().get_context(request, *args, **kwargs), "listed": listed}


class NewsPage(Pictured, Editorial):  # noqa: DJ008 (Page has it)
    """One piece of news."""

    date = models.DateField(_("date"), default=timezone.localdate, db_index=True)

    parent_page_types = ["pages.NewsIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("summary"),
        Pictured.picture_panel,
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("piece of news")
        verbose_name_plural = _("news")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, which says of itself to machines what it is."""
        response = super().serve(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            from library.pages.domain.linked_data import article

            response.context_data["linked_data"] = article(self, request)
        return response
