"""What visitors say about entries: mistakes that they report, without an account. Part of the models of this app."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Protected


class Report(Protected):
    """A mistake that somebody reported; an editor answers it and marks it done.

    Never shown in public; in the admin to whom the entry is shown.
    """

    access_parents = ("entry",)

    entry = models.ForeignKey(
        "dictionary.Entry", models.CASCADE, related_name="reports", verbose_name=_("entry")
    )
    message = models.TextField(_("what is wrong"))
    contact = models.CharField(_("name or address"), max_length=200, blank=True)
    done = models.BooleanField(_("done"), default=False, db_index=True)
    answer = models.TextField(_("what was done"), blank=True)
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        verbose_name = _("reported mistake")
        verbose_name_plural = _("reported mistakes")
        ordering = ["done", "-created_at"]

    def __str__(self) -> str:
        return f"{self.entry}: {self.message[:60]}"
