"""Addresses of the public pages of festivals."""

from __future__ import annotations

from django.urls import path

from library.festivals.interfaces.public import downloads, views

urlpatterns = [
    path("festivals/", views.all_festivals, name="festivals"),
    path("festivals/all.ics", downloads.all_dates, name="festivals-ics"),
    path("festivals/map/", views.festival_map, name="festival-map"),
    path("festivals/calendar/", views.calendar, name="festival-calendar"),
    path("festivals/calendar/<int:year>/<int:month>/", views.calendar, name="festival-month"),
    path("festivals/pictures/<uuid:uuid>", downloads.picture, name="festival-picture"),
    path("festivals/<slug:slug>/", views.festival_page, name="festival"),
    path("festivals/<slug:slug>/dates.ics", downloads.dates, name="festival-ics"),
]
