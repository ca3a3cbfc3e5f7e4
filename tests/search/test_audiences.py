"""The list of audiences that is kept for a moment: it never lets too much through."""

from __future__ import annotations

import pytest

from access.domain.viewer import anonymous
from access.models import Protocol
from search.domain.audiences import ids_of, permitted_keys

pytestmark = pytest.mark.django_db


def test_a_rule_that_is_tightened_holds_at_once_although_the_list_is_kept() -> None:
    protocol = Protocol.objects.create(slug="open", name="open", level=Protocol.Level.PUBLIC)
    audience = f"0:{protocol.pk}"
    ids_of([audience])
    assert audience in permitted_keys(anonymous())
    Protocol.objects.filter(pk=protocol.pk).update(level=Protocol.Level.RESTRICTED)
    assert audience not in permitted_keys(anonymous())
