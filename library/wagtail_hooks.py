"""What the library adds to Wagtail's admin: menu, addresses, bulk actions."""

from __future__ import annotations

from django.urls import URLResolver, include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from dictionary.interfaces.admin import oversight
from library.interfaces.admin import bulk
from library.interfaces.admin import urls as admin_urls
from library.interfaces.admin.viewsets import LibraryGroup
from library.models import Collection, Record, RecordFile

register_snippet(LibraryGroup)
oversight.guard(Collection, Record, RecordFile)

for action in bulk.ACTIONS:
    # After Wagtail's own, so that deleting records is ours.
    hooks.register("register_bulk_action", order=10)(action)


@hooks.register("register_admin_urls")
def _urls() -> list[URLResolver]:
    return [path("library/", include(admin_urls))]
