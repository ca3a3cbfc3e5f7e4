"""What the site says of itself: to people (about) and to machines (robots.txt, site maps)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from access.domain.gate import visible
from access.domain.viewer import anonymous, viewer_of
from dictionary.domain import sitemaps
from dictionary.domain.derived import orthography
from dictionary.domain.presentation import slug
from dictionary.interfaces.public.reader import lexicons
from dictionary.models import Entry
from ime.domain import shelf

_NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """`/about/`: what this house is, whose the words are, and all lexicons with their credits."""
    context = {"section": "about", "lexicons": lexicons(viewer_of(request))}
    return render(request, "dictionary/about.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read; searches and forms need no robot."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /api/",
        "Disallow: /*?q=",
        "Disallow: /entries/*/report/",
        "Disallow: /en/entries/*/report/",
        "Disallow: /*/request/",
        "Disallow: /*requests/",
        "Disallow: /words/",
        "Disallow: /en/words/",
        f"Sitemap: {_base()}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The site maps: of pages, of every span of entry numbers that has any, and what other apps have."""
    spans = (
        visible(Entry.objects.all(), anonymous()).order_by().values_list(F("pk") / sitemaps.SPAN, flat=True)
    )
    names = [reverse("sitemap-pages")]
    names += [reverse("sitemap-entries", args=[number]) for number in sorted(spans.distinct())]
    names += [
        reverse("sitemap-of", args=[each.name, n]) for each in sitemaps.registered() for n in each.spans()
    ]
    body = "".join(f"<sitemap><loc>{escape(_base() + name)}</loc></sitemap>\n" for name in names)
    return _xml(f"<sitemapindex {_NAMESPACES}>\n{body}</sitemapindex>\n")


@require_safe
def sitemap_pages(request: HttpRequest) -> HttpResponse:
    """Pages of languages and lexicons that anyone may see."""
    shown = list(lexicons(anonymous()))
    codes = sorted({orthography(lexicon.orthography).language for lexicon in shown})
    paths = [reverse("lookup"), reverse("languages"), reverse("about")]
    paths += [reverse("language", args=[code]) for code in codes]
    paths += [reverse("keyboards"), reverse("typing-pad")]
    paths += [reverse("keyboard", args=[found.language, found.id]) for found in shelf.every()]
    paths += [reverse("lexicon", args=[lexicon.slug]) for lexicon in shown]
    return _urlset((path, "") for path in paths)


@require_safe
def sitemap_entries(request: HttpRequest, number: int) -> HttpResponse:
    """The entries of one span that anyone may see."""
    span = Entry.objects.filter(pk__gte=number * sitemaps.SPAN, pk__lt=(number + 1) * sitemaps.SPAN)
    rows = visible(span, anonymous()).order_by("pk").values_list("uuid", "headword", "updated_at")
    if number > 0 and not rows.exists():
        raise Http404
    return _urlset(
        (reverse("entry", args=[uuid, slug(headword)]), updated.date().isoformat())
        for uuid, headword, updated in rows.iterator(chunk_size=2000)
    )


@require_safe
def sitemap_of(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The pages of one kind and span that another app registered."""
    found = sitemaps.find(name)
    pages = [] if found is None else list(found.pages(number))
    if not pages:
        raise Http404
    return _urlset(pages)


def _urlset(pages: Iterable[tuple[str | Mapping[str, str], str]]) -> HttpResponse:
    """Every page in each language of the interface (or in those it names), with links between them."""
    roots = {code: _base() + _root(code) for code, _name in settings.LANGUAGES}
    parts = []
    for path, changed in pages:
        if isinstance(path, str):
            below = path.removeprefix(_root(settings.LANGUAGE_CODE))
            urls = {code: escape(root + below) for code, root in roots.items()}
        else:
            urls = {code: escape(_base() + path[code]) for code in roots if code in path}
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{url}"/>' for code, url in urls.items()
        )
        stamp = f"<lastmod>{changed}</lastmod>" if changed else ""
        parts += [f"<url><loc>{url}</loc>{stamp}{links}</url>\n" for url in urls.values()]
    return _xml(f"<urlset {_NAMESPACES}>\n{''.join(parts)}</urlset>\n")


def _root(code: str) -> str:
    """Under which address the pages of a language of the interface stand."""
    with override(code):
        return reverse("lookup")


def _xml(body: str) -> HttpResponse:
    return HttpResponse(
        '<?xml version="1.0" encoding="UTF-8"?>\n' + body, content_type="application/xml; charset=utf-8"
    )


def _base() -> str:
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")
