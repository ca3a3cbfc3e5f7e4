"""Addresses that are the same in every language: pictures of pages."""

from __future__ import annotations

from django.urls import path

from library.pages.interfaces.public import images

urlpatterns = [path("media/images/<str:name>", images.picture, name="page-picture")]
