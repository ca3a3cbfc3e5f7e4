"""The page of recordings and films: what it says and offers, to whom, and at what cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from access.domain.viewer import anonymous
from library.domain.playing import place, player_view, spoken_in, transcript
from library.interfaces.public.playing import clock, seconds
from library.models import RecordFile
from media_pipeline.domain import derivatives
from media_pipeline.domain.corrections import Spoken
from media_pipeline.models import Asset, Derivative, Step
from tests.dictionary import samples
from tests.library import films

pytestmark = pytest.mark.django_db
WORDS = [samples.word(number) for number in range(3)]


@pytest.fixture
def film(tmp_path: Path) -> Iterator[RecordFile]:
    made = films.film(tmp_path, samples.writing().tag, 2, chapters=[{"start": 1.5, "title": "<b>An end</b>"}])
    films.write(made, WORDS, 500, speaker="A singer")
    yield made


def address(file: RecordFile) -> str:
    naan, _slash, name = file.record.ark.removeprefix("ark:").partition("/")
    return reverse("record-play", args=[naan, name, file.uuid])


def page(client: Client, file: RecordFile, **asked: str) -> html.HtmlElement:
    return html.fromstring(client.get(address(file), asked).content)


def links(found: html.HtmlElement, css: str) -> list[str]:
    return [each.get("href") for each in found.cssselect(css)]


def test_a_film_can_be_watched_heard_and_read_without_scripts(client: Client, film: RecordFile) -> None:
    found = page(client, film, t="0:01")
    sources = [each.get("src") for each in found.cssselect("video[controls] source")]
    assert sources == [
        reverse("record-file-hls", args=[film.uuid, "master.m3u8"]) + "#t=1",
        reverse("record-file-audio", args=[film.uuid, "opus"]) + "#t=1",
        reverse("record-file-audio", args=[film.uuid, "m4a"]) + "#t=1",
    ]
    for each in (*sources, found.cssselect("track")[0].get("src"), found.cssselect("video")[0].get("poster")):
        answer = client.get(each)
        assert answer.status_code == 200, each
        assert b"".join(answer)
    lines = found.cssselect(".transcript li")
    assert [line.cssselect(".linked")[0].text_content() for line in lines] == WORDS
    assert links(found, ".cue-time")[-3:] == [f"{address(film)}?t={t}" for t in ("0", "0.5", "1")]
    assert [line.get("aria-current") for line in lines] == [None, None, "true"]
    assert len(found.cssselect(".transcript a.word")) >= len(WORDS)
    assert "<b>An end</b>" in found.cssselect("[data-chapters]")[0].text_content()
    assert links(found, "[data-chapters] a") == [f"{address(film)}?t=1.5"]


def test_only_this_page_may_play_what_a_script_puts_together(client: Client, film: RecordFile) -> None:
    policy = client.get(address(film))["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["media-src"] == "'self' blob:"
    assert parts["script-src"] == parts["style-src"] == "'self'"
    assert "blob:" not in client.get(reverse("records"))["Content-Security-Policy"]


def test_a_search_marks_the_lines_that_have_the_words(client: Client, film: RecordFile) -> None:
    found = page(client, film, q=WORDS[1])
    (hit,) = found.cssselect(".hit-line")
    assert hit.cssselect("mark")[0].text_content() == WORDS[1]
    assert hit.get("data-start") == "500"
    assert "q=" in hit.cssselect(".cue-time")[0].get("href")
    assert client.get(address(film), {"q": "\u200e"}).status_code == 400


@pytest.mark.parametrize("wrong", ["uuid", "record", "ark"])
def test_what_is_not_there_is_not_found(client: Client, film: RecordFile, wrong: str, tmp_path: Path) -> None:
    naan, _slash, name = film.record.ark.removeprefix("ark:").partition("/")
    other = films.published("Another")
    given = {
        "uuid": [naan, name, other.uuid],
        "record": [*other.ark.removeprefix("ark:").split("/"), film.uuid],
        "ark": [naan, "nonsense", film.uuid],
    }[wrong]
    assert client.get(reverse("record-play", args=given)).status_code == 404


def test_a_closed_film_is_shown_by_no_address(client: Client, film: RecordFile) -> None:
    paths = [address(film), reverse("record-file-subtitles", args=[film.uuid])]
    RecordFile.objects.filter(pk=film.pk).update(embargo_until=timezone.localdate() + timedelta(days=1))
    assert [client.get(path).status_code for path in paths] == [404, 404]
    assert player_view(film.record, anonymous()) is None
    assert _tag(film) == ""


def _tag(film: RecordFile) -> str:
    request = RequestFactory().get("/")
    request.user = None
    template = Template("{% load player %}{% playable_files ark %}")
    return template.render(Context({"request": request, "ark": film.record.ark})).strip()


def test_the_page_of_a_record_leads_to_its_films(film: RecordFile) -> None:
    found = html.fromstring(_tag(film))
    assert address(film) in links(found, "a")
    assert found.cssselect("img")[0].get("src") == reverse("record-file-poster", args=[film.uuid])


def test_what_is_not_ready_is_said_and_the_rest_can_be_played(client: Client, film: RecordFile) -> None:
    asset = film.asset
    assert asset is not None
    Derivative.objects.filter(asset=asset, role="hls").delete()
    found = page(client, film)
    assert found.cssselect(".play-stage > .notice:last-child")[0].text_content().strip()
    assert [each.get("src").rpartition(".")[2] for each in found.cssselect("source")] == ["opus", "m4a"]
    Asset.objects.filter(pk=asset.pk).update(state=Asset.State.RUNNING)
    Step.objects.filter(asset=asset, name="film").update(state=Step.State.RUNNING)
    assert "7/8" in "/".join(
        filter(
            str.isdigit, page(client, film).cssselect(".play-stage > .notice:last-child")[0].text_content()
        )
    )
    Derivative.objects.filter(asset=asset).delete()
    found = page(client, film)
    assert not found.cssselect("video, audio, script[src*='player.js']")
    assert found.cssselect(".transcript li")  # it can be read all the same


def test_a_licence_decides_what_can_be_taken_along(client: Client, film: RecordFile) -> None:
    original = reverse("record-file-original", args=[film.uuid, film.name])
    assert original in links(page(client, film), ".play-about a")
    RecordFile.objects.filter(pk=film.pk).update(licence="All rights ours")
    found = page(client, film)
    assert not found.cssselect(".play-about [download]")
    assert "All rights ours" in found.cssselect(".play-about")[0].text_content()


def test_the_cost_does_not_grow_with_the_transcript_or_the_files(
    client: Client, film: RecordFile, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(20) as few:
        client.get(address(film))
    asset = film.asset
    assert asset is not None
    for number in range(3):
        RecordFile.objects.create(
            record=film.record, blob=film.blob, asset=asset, name=f"{number}.mp4", order=9
        )
    films.write(film, WORDS * 4, 150)
    with django_assert_max_num_queries(len(few)):
        found = page(client, film)
    assert len(found.cssselect(".play-parts li")) == 4
    assert derivatives.of(asset, "poster").exists()


def test_a_recording_is_heard_with_its_language(client: Client, tmp_path: Path) -> None:
    made = films.recording(tmp_path, samples.writing().tag, 1)
    view = player_view(made.record, anonymous())
    assert view is not None
    (shown,) = view.files
    assert (shown.film, shown.sound, shown.ready, shown.spoken) == (False, True, True, False)
    assert spoken_in(shown) == samples.writing().tag
    assert transcript(shown) == ()
    found = page(client, made)
    assert len(found.cssselect("audio[controls] source")) == 2
    assert not found.cssselect("#word-card, .transcript")


def test_another_spelling_of_the_ark_leads_to_the_page(client: Client, film: RecordFile) -> None:
    naan, _slash, name = film.record.ark.removeprefix("ark:").partition("/")
    other = reverse("record-play", args=[naan, f"{name[:4]}-{name[4:]}", film.uuid])
    for moment in ("", "?t=3%3A15&q=l%C3%BAa"):
        answer: HttpResponse = client.get(other + moment)
        assert (answer.status_code, answer["Location"]) == (301, address(film) + moment)


@given(st.integers(0, 99 * 3600))
def test_a_moment_is_read_as_it_is_written(moment: int) -> None:
    assert seconds(clock(moment)) == moment
    assert seconds(str(moment / 8)) == pytest.approx(moment / 8, abs=0.001)


@given(st.text())
def test_whatever_stands_in_an_address_is_a_moment(text: str) -> None:
    assert 0 <= seconds(text) < 10**8


@given(st.lists(st.integers(0, 100), min_size=1).map(sorted), st.integers(-5, 105))
def test_the_line_of_a_moment_is_the_last_that_began(starts: list[int], moment: int) -> None:
    cues = [Spoken(str(at), start * 1000, start * 1000 + 1, "x") for at, start in enumerate(starts)]
    found = place(cues, moment)
    before = [start for start in starts if start <= moment]
    assert (found is None) == (not before)
    assert found is None or found.start == max(before) * 1000
