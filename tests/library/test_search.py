"""Records in the real index: their running text, facets, and what is closed."""

from __future__ import annotations

import pytest

from access.models import Protocol
from library.models import Agent
from search.domain import index_writer
from search.domain.rebuild import rebuild
from tests.library import samples

pytestmark = pytest.mark.django_db


def test_records_are_found_by_any_of_their_words_without_marks_and_narrowed(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    agent = Agent.objects.create(name_vi="Nguyễn Văn Một")
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    text = {"description": [samples.value("Kể chuyện dệt vải bên bếp lửa")], "creator": [{"agent": agent.pk}]}
    samples.published("Sách thứ nhất", fields={**text, "people": [{"people": "06"}]})
    samples.published("Phim thứ hai", kind="film", fields=text)
    samples.published("Bí mật", fields=text, protocol=closed)
    rebuild()
    index_writer.drain()

    def page(query):
        answer = client.get(f"/records/?{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    for query in ("q=det+vai", "q=D%E1%BB%87t", "q=nguyen+mot"):
        found = page(query)
        assert "Sách thứ nhất" in found and "Phim thứ hai" in found and "Bí mật" not in found, query
    narrowed = page("q=det+vai&kind=film")
    assert "Phim thứ hai" in narrowed and "Sách thứ nhất" not in narrowed
    assert "Sách thứ nhất" in page("q=det+vai&people=06") and "Phim thứ hai" not in page(
        "q=det+vai&people=06"
    )
    assert "Sách thứ nhất" not in page("q=khongcotunay")
