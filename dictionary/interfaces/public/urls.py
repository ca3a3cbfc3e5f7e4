"""Addresses of the public pages. Included by the project under / (Vietnamese) and /en/."""

from __future__ import annotations

from django.urls import path

from dictionary.interfaces import downloads
from dictionary.interfaces.public import card, entry, languages, lookup, report, site

urlpatterns = [
    path("", lookup.lookup_page, name="lookup"),
    path("about/", site.about, name="about"),
    path("entries/<uuid:uuid>/", entry.short_address, name="entry-short"),
    path("entries/<uuid:uuid>/report/", report.report, name="report"),
    path("entries/<uuid:uuid>/<str:slug>", entry.entry_page, name="entry"),
    path("languages/", languages.all_languages, name="languages"),
    path("languages/<str:code>/", languages.language_page, name="language"),
    path("languages/<str:code>/alphabet/<str:tag>/", languages.alphabet, name="alphabet"),
    path("languages/<str:code>/alphabet/<str:tag>/<str:letter>/", languages.alphabet, name="alphabet-letter"),
    path("languages/<str:code>/reversal/<str:gloss>/", languages.reversal, name="reversal"),
    path(
        "languages/<str:code>/reversal/<str:gloss>/<str:letter>/", languages.reversal, name="reversal-letter"
    ),
    path("words/card/", card.word_card, name="word-card"),
    path("lexicons/<slug:slug>/", languages.lexicon_page, name="lexicon"),
    path("lexicons/<slug:slug>/download/<slug:kind>", downloads.download, name="lexicon-download"),
]
