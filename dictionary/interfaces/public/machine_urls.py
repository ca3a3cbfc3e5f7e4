"""Addresses for machines, the same in every language: robots.txt and the site maps."""

from __future__ import annotations

from django.urls import path

from dictionary.interfaces.public import site

urlpatterns = [
    path("robots.txt", site.robots, name="robots"),
    path("sitemap.xml", site.sitemap_index, name="sitemap"),
    path("sitemap-pages.xml", site.sitemap_pages, name="sitemap-pages"),
    path("sitemap-entries-<int:number>.xml", site.sitemap_entries, name="sitemap-entries"),
    path("sitemap-<slug:name>-<int:number>.xml", site.sitemap_of, name="sitemap-of"),
]
