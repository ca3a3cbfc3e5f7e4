"""What this app adds to Wagtail's admin: the page “Files in work”, in the menu of reports."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from media_pipeline.interfaces import urls
from media_pipeline.interfaces.files_pages import SEE


@hooks.register("register_admin_urls")
def addresses() -> list[URLResolver]:
    """The pages below /admin/files/."""
    return [path("files/", include(urls))]


class FilesItem(MenuItem):
    """Shown to who may look at files in work."""

    def is_shown(self, request: HttpRequest) -> bool:
        """See the class."""
        return bool(request.user.has_perm(SEE))


@hooks.register("register_reports_menu_item")
def files_item() -> Any:
    """Files in work."""
    return FilesItem(
        _("Files in work"), reverse_lazy("media_pipeline:files"), name="files", icon_name="media", order=55
    )


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """What the form of a group may grant."""
    return Permission.objects.filter(
        content_type__app_label="media_pipeline", codename__in=["view_asset", "change_asset"]
    )
