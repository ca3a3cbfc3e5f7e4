"""`search_status` says what is out of step, in words and JSON, and mends it, whichever engine there is."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from search.domain import engines
from search.models import OutboxRow
from tests.search.house import entry, lexicon, publish_one

pytestmark = pytest.mark.django_db
TAG = "zxx-Latn"


def told(*options: str, fails: bool = False) -> dict[str, Any]:
    output = StringIO()
    if fails:
        with pytest.raises(SystemExit):
            call_command("search_status", "--json", *options, stdout=output)
    else:
        call_command("search_status", "--json", *options, stdout=output)
    return dict(json.loads(output.getvalue()))


def check(engine: str) -> None:
    made = lexicon("words", TAG)
    for at in range(3):
        publish_one(made, entry(TAG, f"kra{at}"), str(at))
    found = told(fails=False)
    assert found["engine"] == engine
    assert found["version"]
    assert (found["pending"], found["published"], found["documents"]) == (3, 3, 0)
    assert 0 <= found["oldest"] < 60
    OutboxRow.objects.all().delete()  # changes that came by another way
    found = told("--full", fails=True)
    assert found["differences"] == 3
    assert found["share"] == 1
    found = told("--repair")
    assert (found["repaired"], found["differences"], found["documents"], found["pending"]) == (3, 0, 3, 0)
    output = StringIO()
    call_command("search_status", "--sample", stdout=output)
    assert "3 of 3 published" in output.getvalue()
    assert "looked at 10% of the database" in output.getvalue()


def test_the_embedded_engine_is_looked_at_and_mended(index: object) -> None:
    check("tantivy")


@pytest.mark.elasticsearch
def test_elasticsearch_is_looked_at_and_mended(elastic_site: object) -> None:
    check("elasticsearch")


def test_a_server_that_does_not_answer_is_named_without_its_password(settings: Any) -> None:
    settings.SEARCH_NODES = ["http://somebody:secret-word@127.0.0.1:1"]
    output = StringIO()
    with pytest.raises(SystemExit):
        call_command("search_status", stdout=output)
    assert "does not answer" in output.getvalue()
    assert "secret-word" not in output.getvalue()
    assert engines.index().name == "elasticsearch"
