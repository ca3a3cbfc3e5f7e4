"""The two trees of pages that every site has from the start, and who may work on them."""

from __future__ import annotations

from typing import Final

from django.apps import apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from access.domain import roles
from library.pages.models import HomePage

WORKFLOW: Final = "Duyệt trang (review of pages)"
TASK: Final = "Thủ thư xem trang (review of pages by a librarian)"
_PAGE: Final = ("add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page")
_IMAGE: Final = ("add_image", "change_image", "choose_image")


@transaction.atomic
def plant() -> None:
    """Make a first page in each language in the place of Wagtail's own, once: a site that has one is left alone."""
    if HomePage.objects.exists():
        return
    root = Page.get_first_root_node()
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if root is None or site is None:
        return
    locales = [Locale.objects.get_or_create(language_code=code)[0] for code, _name in settings.LANGUAGES]
    welcome = site.root_page
    homes: list[HomePage] = []
    for locale in locales:
        home = HomePage(title=settings.WAGTAIL_SITE_NAME, slug=f"home-{locale.language_code}", locale=locale)
        if homes:
            home.translation_key = homes[0].translation_key
        root.add_child(instance=home)
        homes.append(home)
    site.root_page = homes[0]
    site.save()
    if welcome.specific_class is Page and not welcome.get_children().exists():
        welcome.delete()
    for home in homes:
        _grant(home)
    _review(homes)


def homes() -> list[HomePage]:
    """The first pages, that of the site's own language first."""
    found = HomePage.objects.filter(depth=2).select_related("locale")
    order = [code for code, _name in settings.LANGUAGES]
    return sorted(found, key=lambda home: order.index(home.locale.language_code))


def _grant(home: HomePage) -> None:
    """Librarians and administrators write and publish below a first page, with pictures."""
    # The permissions of Wagtail's apps may not be there yet: `migrate` makes them app by app.
    for label in ("wagtailcore", "wagtailimages"):
        create_permissions(apps.get_app_config(label), verbosity=0)
    every = Collection.get_first_root_node()
    for role in (roles.LIBRARIAN, roles.ADMINISTRATOR):
        group = roles.group_of(role)
        for permission in Permission.objects.filter(
            content_type__app_label="wagtailcore", codename__in=_PAGE
        ):
            GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
        for permission in Permission.objects.filter(
            content_type__app_label="wagtailimages", codename__in=_IMAGE
        ):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=every, permission=permission
            )


def _review(homes: list[HomePage]) -> None:
    """What somebody without the right to publish submits goes to librarians."""
    workflow, made = Workflow.objects.get_or_create(name=WORKFLOW)
    if made:
        task = GroupApprovalTask.objects.create(name=TASK)
        task.groups.add(roles.group_of(roles.LIBRARIAN))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for home in homes:
        WorkflowPage.objects.get_or_create(page=home, defaults={"workflow": workflow})
