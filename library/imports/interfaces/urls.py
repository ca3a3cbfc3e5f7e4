"""Addresses under /admin/library/files/."""

from __future__ import annotations

from library.imports.interfaces.uploads import RecordsUpload

app_name = "library_imports"

urlpatterns = RecordsUpload().urls()
