"""What `jobs` adds to Wagtail's admin: the pages of jobs and imports, in the menu of reports."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from jobs.interfaces import urls


@hooks.register("register_admin_urls")
def addresses() -> list[URLResolver]:
    """The pages below /admin/jobs/."""
    return [path("jobs/", include(urls))]


@hooks.register("register_reports_menu_item")
def jobs_item() -> MenuItem:
    """Jobs: everybody sees at least their own."""
    return MenuItem(_("Jobs"), reverse_lazy("jobs:jobs"), name="jobs", icon_name="tasks", order=50)


@hooks.register("register_reports_menu_item")
def imports_item() -> MenuItem:
    """Imports."""
    return MenuItem(_("Imports"), reverse_lazy("jobs:imports"), name="imports", icon_name="upload", order=60)


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """What the form of a group may grant."""
    return Permission.objects.filter(
        content_type__app_label="jobs",
        codename__in=["view_job", "change_job", "view_importrun", "add_importrun", "change_importrun"],
    )
