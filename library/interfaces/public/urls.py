"""Addresses of the public pages. Included by the project under / (Vietnamese) and /en/."""

from __future__ import annotations

from django.urls import path

from library.interfaces.public import citing, playing, reading, records, searching

urlpatterns = [
    path("records/", records.record_list, name="records"),
    path("records/ark:<str:naan>/<str:name>/", records.record_page, name="record"),
    path("records/ark:<str:naan>/<str:name>/read/", reading.read, name="record-read"),
    path("records/ark:<str:naan>/<str:name>/play/<uuid:uuid>/", playing.play, name="record-play"),
    path("records/ark:<str:naan>/<str:name>/cite.<str:form>", citing.cited, name="record-cite"),
    path("search/", searching.search_page, name="search"),
    path("collections/", records.collection_list, name="collections"),
    path("collections/<slug:slug>/", records.collection_page, name="collection"),
    path("places/", records.place_list, name="places"),
    path("places/<slug:slug>/", records.place_page, name="place"),
    path("peoples/", records.people_list, name="peoples"),
    path("peoples/<slug:slug>/", records.people_page, name="people"),
]
