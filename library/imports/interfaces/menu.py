"""The place of imports in the menu of the library."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from library.imports.interfaces.uploads import PERMISSION


class ImportItem(MenuItem):
    """Leads to the upload, for those who may import."""

    def __init__(self, **kwargs: Any) -> None:
        address = reverse_lazy("library_imports:upload")
        super().__init__(_("Import records"), address, icon_name="upload", name="import-records", **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the person may import."""
        return request.user.has_perm(PERMISSION)
