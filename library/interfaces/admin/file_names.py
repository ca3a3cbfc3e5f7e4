"""What “Files in work” calls a file of a record, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse

from access.domain.gate import visible
from access.domain.viewer import Viewer
from library.models import RecordFile
from media_pipeline.domain.naming import Name
from media_pipeline.models import Asset


def names(assets: Sequence[Asset], viewer: Viewer) -> Mapping[int, Name]:
    """Title of the record and name of the file, for those that the viewer may see. One query."""
    blobs = {asset.blob_id for asset in assets}
    found = visible(RecordFile.objects.filter(blob__in=blobs), viewer, drafts=True)
    rows = found.order_by("-pk").values_list("blob", "record", "record__title", "name", "pk")
    return {
        blob: Name(
            f"{title}: {name}" if title else name,
            reverse("library_admin:files", args=[record]),
            reverse("library_admin:correct", args=[pk]),
        )
        for blob, record, title, name, pk in rows
    }
