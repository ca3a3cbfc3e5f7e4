"""Names and addresses of those who asked are kept no longer than they are needed."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from library.requests.models import Act, Request


def forget_contacts() -> int:
    """Delete the contacts of requests that were decided long enough ago, which is noted with each; gives how many."""
    before = timezone.now() - timedelta(days=settings.NHASAN_REQUESTS_KEEP_DAYS)
    with transaction.atomic():
        over = Request.objects.filter(closed_at__lt=before).exclude(contact="").select_for_update()
        pks = list(over.order_by("pk").values_list("pk", flat=True))
        Request.objects.filter(pk__in=pks).update(contact="")
        Act.objects.bulk_create(Act(request_id=pk, kind=Act.Kind.FORGOTTEN) for pk in pks)
    return len(pks)
