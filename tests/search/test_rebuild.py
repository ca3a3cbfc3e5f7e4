"""A new index beside the old one: proven, then switched to; nobody waits and nothing is lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from access.domain.viewer import anonymous
from dictionary.models import Lexicon
from search.domain import engines, health, index_writer, rebuild
from search.domain.lookup import lookup
from search.engines.embedded import directories
from search.engines.embedded.engine import EmbeddedEngine
from search.models import LookupRow
from tests.search.house import entry, lexicon, publish_one

pytestmark = pytest.mark.django_db
TAG = "zxx-Latn"


@pytest.fixture
def words(index: EmbeddedEngine) -> Iterator[Lexicon]:
    made = lexicon("words", TAG)
    for at in range(12):
        publish_one(made, entry(TAG, f"kralo{chr(97 + at)}", vi="nghĩa"), str(at))
    index_writer.drain()
    yield made


def total(text: str) -> int:
    return lookup(text, viewer=anonymous()).total


def test_the_old_index_answers_until_the_new_one_is_there_and_changes_meanwhile_are_in_it(
    words: Lexicon,
) -> None:
    before = directories.current(engines.root())
    seen = []

    def meanwhile(done: int, of: int) -> None:
        seen.append((done, of, total("kralo"), directories.current(engines.root()) == before))
        publish_one(words, entry(TAG, "blemu"), "meanwhile")

    report = rebuild.rebuild(meanwhile)
    assert seen == [(12, 12, 12, True)]
    assert directories.current(engines.root()) != before
    assert directories.previous(engines.root()) == before
    assert report.documents == 13
    assert total("kralo") == 12
    assert total("blemu") == 1


def test_rolling_back_brings_the_old_index_and_what_changed_since(words: Lexicon) -> None:
    before = directories.current(engines.root())
    rebuild.rebuild()
    publish_one(words, entry(TAG, "blemu"), "since")
    index_writer.drain()
    out = StringIO()
    call_command("search_rebuild", "--rollback", stdout=out)
    assert before is not None
    assert before.name in out.getvalue()
    assert directories.current(engines.root()) == before
    index_writer.drain()
    assert total("blemu") == 1
    assert health.problems() == ()


def test_an_index_that_lacks_something_is_thrown_away(words: Lexicon) -> None:
    before = directories.current(engines.root())
    LookupRow.objects.all().delete()
    from search.domain import sources

    broken = sources.DocumentSource("broken", lambda pks: [], lambda: range(1, 9))
    sources.register(broken)
    try:
        with pytest.raises(rebuild.RebuildFailed) as failed:
            rebuild.rebuild()
        with pytest.raises(CommandError, match="thrown away"):
            call_command("search_rebuild", verbosity=0)
    finally:
        sources.forget("broken")
    assert failed.value.code == "count"
    assert directories.current(engines.root()) == before
    assert [path.name for path in engines.root().glob("index-*")] == [before.name if before else ""]
    assert total("kralo") == 12 or total("kralo") == 0


def test_rows_and_index_of_an_older_profile_are_noticed_and_made_anew(words: Lexicon) -> None:
    assert health.problems() == ()
    LookupRow.objects.filter(text="kraloa").update(profile_hash="old", letter=b"x")
    assert [problem.code for problem in health.problems()] == ["profiles"]
    report = rebuild.rebuild()
    assert report.mended == 1
    assert health.problems() == ()
    assert bytes(LookupRow.objects.get(text="kraloa").letter) == b"kraloa"


@pytest.mark.parametrize("damage", ["no pointer", "torn", "empty", "another version"])
def test_a_broken_index_degrades_and_is_named(words: Lexicon, index: EmbeddedEngine, damage: str) -> None:
    root = engines.root()
    folder = directories.current(root)
    assert folder is not None
    if damage == "no pointer":
        (root / directories.CURRENT).unlink()
    elif damage == "torn":
        for path in folder.glob("*.*"):
            if path.name != directories.MANIFEST:
                path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif damage == "empty":
        for path in folder.iterdir():
            path.unlink()
    else:
        told = json.loads((folder / directories.MANIFEST).read_text())
        (folder / directories.MANIFEST).write_text(json.dumps({**told, "version": -1}))
    engines._embedded.cache_clear()
    found = lookup("kralo", viewer=anonymous())
    assert found.degraded
    assert found.total == 12
    assert health.problems()
    publish_one(words, entry(TAG, "blemu"), "degraded")
    index_writer.drain()
    assert lookup("blemu", viewer=anonymous()).total == 1
    rebuild.rebuild()
    assert not lookup("blemu", viewer=anonymous()).degraded
    assert health.problems() == ()


def test_the_status_is_told_in_words_and_as_json(words: Lexicon) -> None:
    out = StringIO()
    call_command("search_status", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["documents"], told["published"], told["pending"], told["problems"]) == (12, 12, 0, [])
    (engines.root() / directories.CURRENT).unlink()
    engines.index().look_again()
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("search_status", stdout=out)
    assert "search_rebuild" in out.getvalue()


def test_only_one_process_or_thread_writes_at_a_time(words: Lexicon, tmp_path: Path) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with directories.locked(engines.root()):
            held.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    publish_one(words, entry(TAG, "blemu"), "waiting")
    assert not index_writer.step()
    assert total("blemu") == 0
    done.set()
    thread.join()
    assert index_writer.step()
    assert total("blemu") == 1
