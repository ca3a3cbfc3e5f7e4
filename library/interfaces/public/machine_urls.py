"""Addresses that are the same in every language: ARKs, as resolvers know them."""

from __future__ import annotations

from django.urls import path

from library.interfaces.public import records

urlpatterns = [
    path("ark:<str:naan>/<str:name>", records.resolve, name="ark"),
    path("ark:/<str:naan>/<str:name>", records.resolve, name="ark-old-style"),
]
