"""What festivals add to Wagtail's admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from dictionary.interfaces.admin import oversight
from library.festivals.interfaces.admin import pictures
from library.festivals.interfaces.admin.views import dates
from library.festivals.interfaces.admin.viewsets import FestivalGroup
from library.festivals.models import Festival, Picture

register_snippet(FestivalGroup)
oversight.guard(Festival, Picture)


@hooks.register("register_admin_urls")
def _urls() -> list[URLPattern]:
    of_festival = "festivals/<int:pk>/pictures/"
    return [
        path("festivals/dates/", dates, name="festival-admin-dates"),
        path(of_festival, pictures.picture_list, name="festival-admin-pictures"),
        path(f"{of_festival}upload/", pictures.upload, name="festival-admin-pictures-upload"),
        path(f"{of_festival}order/", pictures.order, name="festival-admin-pictures-order"),
    ]
