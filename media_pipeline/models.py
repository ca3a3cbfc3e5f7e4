"""Files by content: the same bytes are stored once, whoever refers to them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Blob(models.Model):
    """Bytes under DATA_DIR/media/blobs/<first two>/<sha256>. Never served by its hash: a reference is gated."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("bytes"))
    media_type = models.CharField(_("media type"), max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return f"{self.media_type} {self.sha256[:12]}"
