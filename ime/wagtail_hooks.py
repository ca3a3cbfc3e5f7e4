"""What keyboards add to Wagtail's admin: their page in the menu of reports, and a permission."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from ime.interfaces import admin_urls


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def addresses() -> list[URLResolver]:
    """The page below /admin/keyboards/."""
    return [path("keyboards/", include(admin_urls))]


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]
def fonts() -> SafeString:
    """The fonts of the scripts, for the drawn keyboard."""
    return format_html('<link rel="stylesheet" href="{}">', static("fonts/fonts.css"))


@hooks.register("insert_global_admin_js")  # type: ignore[untyped-decorator]
def scripts() -> SafeString:
    """The keyboards beside text boxes."""
    return render_to_string("ime/_scripts.html")


class KeyboardsItem(MenuItem):
    """A menu item for those who may see what was built."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the person may see the page."""
        return request.user.has_perm("ime.view_package")


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]
def item() -> MenuItem:
    """Keyboards."""
    return KeyboardsItem(
        _("Keyboards"), reverse_lazy("ime_admin:keyboards"), name="keyboards", icon_name="keyboard", order=80
    )


@hooks.register("register_permissions")  # type: ignore[untyped-decorator]
def permissions() -> QuerySet[Permission]:
    """What the form of a group may grant."""
    return Permission.objects.filter(
        content_type__app_label="ime", codename__in=["view_package", "publish_package"]
    )
