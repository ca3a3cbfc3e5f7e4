"""Addresses that are the same in every language: ARKs, as resolvers know them, and IIIF."""

from __future__ import annotations

from django.urls import path

from library.interfaces.public import iiif, records

urlpatterns = [
    path("ark:<str:naan>/<str:name>", records.resolve, name="ark"),
    path("ark:/<str:naan>/<str:name>", records.resolve, name="ark-old-style"),
    path("iiif/record/<str:naan>/<str:name>/manifest.json", iiif.manifest, name="iiif-manifest"),
    path("iiif/record/<str:naan>/<str:name>/canvas/<str:which>", iiif.canvas, name="iiif-canvas"),
    path("iiif/record/<str:naan>/<str:name>/canvas/<str:which>/<str:part>", iiif.canvas),
    path("iiif/record/<str:naan>/<str:name>/text/<int:number>.json", iiif.leaf_text, name="iiif-text"),
    path("iiif/record/<str:naan>/<str:name>/search", iiif.search, name="iiif-search"),
    path("iiif/collection.json", iiif.collections, name="iiif-collections"),
    path("iiif/collection/<slug:slug>.json", iiif.collection, name="iiif-collection"),
]
