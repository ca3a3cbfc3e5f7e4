"""A furnished house gives the same pages, API answers and command outputs whichever engine it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from access.domain.viewer import anonymous
from languages import registry
from search.domain import engines, index_writer
from search.domain import words as running_text
from search.domain.lookup import lookup
from search.domain.rebuild import rebuild
from search.domain.suggest import suggest
from search.models import OutboxRow
from tests.search.agreement import Agreed
from tests.search.failing import again
from tests.search.house import TABLES, FurnishedTestCase, words

QUALITY = Path(__file__).parent / "quality"
FACETS = ("language", "parent", "type")
ALL = "database", "elasticsearch", "tantivy"
BOTH = "elasticsearch", "tantivy"


def queries() -> list[str]:
    """What people type, by hand, in all languages that have samples; the beginnings; and what nobody has.

    Every third of them.
    """
    whole = [row["query"] for path in sorted(QUALITY.glob("*.csv")) for row in words(path)]
    meant = [words(path)[7][name] for path in TABLES for name in ("gloss_vi", "gloss_en")]
    typed = [*whole, *(text[:2] for text in whole), "qqqqq", "k", *meant]
    return [text for text in dict.fromkeys(typed) if text.strip()][::3]


@pytest.mark.elasticsearch
class HouseTests(FurnishedTestCase):
    @pytest.fixture(autouse=True)
    def _server(self, elasticsearch_url: str, agreed: Agreed) -> Iterator[None]:
        self.prefix, self.url, self.agreed = f"t{uuid4().hex[:12]}", elasticsearch_url, agreed
        yield
        with self.elsewhere():
            index_writer.close()
            life = engines.life()
            again(lambda: life.discard(life.current()))

    def elsewhere(self) -> AbstractContextManager[Any]:
        """The site with Elasticsearch as its engine."""
        return self.settings(
            SEARCH_NODES=[self.url], NHASAN_SEARCH_PREFIX=self.prefix, NHASAN_SEARCH_TIMEOUT_MS=20_000
        )

    def both(self, question: Callable[[], Any], case: str) -> Any:
        """The answer of the embedded engine, and of Elasticsearch: the same."""
        embedded = question()
        with self.elsewhere():
            assert question() == embedded, case
        self.agreed.count(BOTH)
        return embedded

    def test_look_ups_suggestions_running_text_pages_and_commands_are_the_same(self) -> None:
        # Both are made anew, and write each document once: scores depend on what was replaced and not yet merged.
        OutboxRow.objects.all().delete()
        rebuild()
        with self.elsewhere():
            rebuild()
        viewer = anonymous()
        for text in queries():
            found = self.both(lambda: lookup(text, viewer=viewer, limit=7, facets=FACETS), text)  # noqa: B023
            assert not found.degraded
            if not found.suggestions:
                stored = lookup(text, viewer=viewer, limit=7, facets=FACETS, fresh=True)
                assert stored == found
                self.agreed.count(ALL)
            if found.cursor:
                self.both(lambda: lookup(text, viewer=viewer, cursor=found.cursor), text)  # noqa: B023
            self.both(lambda: suggest(text, viewer=viewer), text)  # noqa: B023
            self.both(lambda: self.meanings(text), text)  # noqa: B023
        for text in queries()[::9]:
            for address in ("/", "/api/v1/lookup", "/api/v1/suggest"):
                self.both(lambda: self.page(address, text), f"{address} {text}")  # noqa: B023
        self.both(self.quality, "search_quality")

    def meanings(self, text: str) -> object:
        """Running text, with where its words stand in a text that has them."""
        found = running_text.search(text, viewer=anonymous(), fields=["meaning", "example"], limit=9)
        marked = running_text.highlights(f"{text} – {text}", registry().owners(text)[0].tag, text)
        hits = [hit._replace(score=round(hit.score, 4)) for hit in found.hits]
        return hits, found.total, found.cursor, found.degraded, marked

    def page(self, address: str, text: str) -> bytes:
        """What a visitor gets."""
        answer = self.client.get(address, {"q": text})
        assert answer.status_code == 200
        return bytes(answer.content)

    def quality(self) -> str:
        """What the command prints that scores look-ups."""
        out = StringIO()
        call_command("search_quality", "--json", stdout=out)
        return out.getvalue()
