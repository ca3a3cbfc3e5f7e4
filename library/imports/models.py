"""What records were imported from."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Original(models.Model):
    """The source of a record: the bytes of its MARC record, and what was read from them.

    `said` is the content as it was read, without ids: what a person changed since shows against it, and an export
    writes only that into the original.
    """

    record = models.OneToOneField("library.Record", models.CASCADE, related_name="original")
    key = models.CharField(_("name where it comes from"), max_length=300, db_index=True)
    format = models.CharField(_("format"), max_length=10)
    data = models.BinaryField(_("record as it came"))
    said: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("original of a record")
        verbose_name_plural = _("originals of records")
        permissions = [("import_records", _("May import records"))]

    def __str__(self) -> str:
        return self.key
