"""The demonstration collection: made by the program, by the workers, each record once; legible, and marked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import wave
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client

from jobs.domain import queue
from jobs.domain.run import run_now
from jobs.models import Job
from languages import registry
from library.demo import making, paper, printing, speaking
from library.domain import publish
from library.domain.kinds import kinds
from library.festivals.domain.demo import FILE as FESTIVALS
from library.models import Record, RecordFile
from library.record_files import validate_chapters
from library.vocabularies import People
from media_pipeline.domain import texts
from tests.jobs.workers import wait_until
from tests.media_pipeline.files import states, worked_on
from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.django_db
RECIPES = {recipe["slug"]: recipe for recipe in making.data()["record"]}


def made(slug: str, folder: Path) -> Record:
    """One record of the collection, made."""
    record = making.make(RECIPES[slug], folder)
    assert record is not None
    return record


def test_there_is_something_of_every_kind_and_what_it_names_is_there() -> None:
    assert {recipe["kind"] for recipe in RECIPES.values()} == set(kinds())
    assert len(RECIPES) == len(making.data()["record"])
    numbers = {number for recipe in RECIPES.values() for number in recipe.get("peoples", ())}
    assert People.objects.filter(number__in=numbers).count() == len(numbers)
    told = FESTIVALS.read_text(encoding="utf-8")
    assert all(
        f'slug = "{slug}"' in told for recipe in RECIPES.values() for slug in recipe.get("festivals", ())
    )


def test_a_page_is_marked_as_a_demonstration_and_its_lines_stand_where_they_are_printed(
    client: Client, tmp_path: Path
) -> None:
    slug = next(slug for slug, recipe in RECIPES.items() if recipe["make"] == "primer")
    record = made(slug, tmp_path)
    lexicon = next(each for each in making.starter() if each["slug"] == RECIPES[slug]["lexicon"])
    orthography = registry().orthography(lexicon["orthography"])
    assert record.live
    assert record.content["fields"]["license"][0]["value"] == lexicon["licence"]
    letters, words = record.files.all()
    assert (letters.licence, letters.caption) == (lexicon["licence"], "")
    assert words.asset is not None
    page = texts.page(words.asset, 1)
    assert page is not None
    known = (making.STARTER / lexicon["file"]).read_text(encoding="utf-8")
    assert len(page.lines) > 10
    for line in page.lines:
        assert f",{line.text.split()[0]}," in known, "no word is invented"
        assert orthography.words(line.text)
        assert 0 < line.x < line.x + line.w < printing.WIDTH + 60
    answer = client.get(f"/records/{record.ark}/", HTTP_ACCEPT_LANGUAGE="en", follow=True)
    assert making.data()["demonstration"]["vi"] in answer.content.decode()
    assert 'class="notice"' in answer.content.decode()


def test_the_same_page_is_made_every_time_and_another_seed_makes_another() -> None:
    page = printing.pages([[printing.Heading("A"), printing.Paragraph("b c d")]])[0].image
    first, again, other = (paper.aged(page, paper.Age(seed, 0.5)).write_to_memory() for seed in (3, 3, 4))
    assert first == again != other


def test_a_vietnamese_page_is_read_with_few_errors(tmp_path: Path) -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("Tesseract is not installed")
    recipe = next(recipe for recipe in RECIPES.values() if recipe["make"] == "book")
    chapter = recipe["chapter"][0]
    files = making.MAKERS["book"]({**recipe, "chapter": [chapter]}, tmp_path)
    asset = worked_on(files[0].path.read_bytes(), *recipe["languages"])
    assert states(asset)["ocr"] == "done"
    page = texts.page(asset, 1)
    assert page is not None
    truth = " ".join(f"{chapter['heading']} {chapter['text']}".split())
    rate = distance(truth, " ".join(page.text.split())) / len(truth)
    print(f"character error rate of a page of the demonstration: {rate:.2%}")
    assert rate < 0.03


def distance(one: str, other: str) -> int:
    """How many characters must be put in, taken out or exchanged."""
    row = list(range(len(other) + 1))
    for at, a in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, b in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (a != b))
    return row[-1]


def test_speech_comes_with_a_transcript_that_fits_it(tmp_path: Path) -> None:
    if not speaking.can_speak():
        pytest.skip("espeak-ng is not installed")
    slug = next(slug for slug, recipe in RECIPES.items() if recipe["make"] == "speech")
    record = made(slug, tmp_path)
    asset = record.files.get().asset
    assert asset is not None
    cues = texts.cues(asset)
    assert [cue.text for cue in cues] == RECIPES[slug]["sentences"]
    with wave.open(str(tmp_path / f"{slug}.wav")) as sound:
        length = sound.getnframes() * 1000 // sound.getframerate()
    assert all(cue.start < cue.end for cue in cues)
    assert all(one.end <= other.start for one, other in pairwise(cues))
    assert cues[-1].end <= length < cues[-1].end + 1000


def test_a_film_has_scenes_speech_and_chapters(tmp_path: Path) -> None:
    if not (speaking.can_speak() and shutil.which("ffmpeg")):
        pytest.skip("espeak-ng or ffmpeg is not installed")
    slug = next(slug for slug, recipe in RECIPES.items() if recipe["make"] == "film")
    recipe = RECIPES[slug]
    [film] = making.MAKERS["film"]({**recipe, "scene": recipe["scene"][:1]}, tmp_path)
    validate_chapters(list(film.chapters))
    assert [chapter["title"] for chapter in film.chapters] == [recipe["scene"][0]["title"]]
    assert [said.text for said in film.said] == recipe["scene"][0]["sentences"]
    assert film.path.read_bytes()[4:8] == b"ftyp"


def test_without_the_tools_the_rest_is_made_and_the_job_says_what_was_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep = next(slug for slug, recipe in RECIPES.items() if recipe.get("drawing") == "moon")
    for slug in RECIPES:
        if slug != keep and RECIPES[slug]["make"] not in ("speech", "film"):
            making.remember(slug)
    monkeypatch.setenv("PATH", "/nowhere")
    assert making.request()
    job = run_now(Job.objects.get(kind=making.KIND.name))
    assert job.state == Job.State.DONE
    assert job.message_params["tools"] == "espeak-ng"
    assert [record.content["extra"] for record in Record.objects.all()] == [{"demonstration": True}]
    assert not making.request(), "nothing can be made without the tools"


def test_a_record_that_was_deleted_does_not_come_back(tmp_path: Path) -> None:
    slug = next(slug for slug, recipe in RECIPES.items() if recipe.get("drawing") == "moon")
    record = made(slug, tmp_path)
    assert making.make(RECIPES[slug], tmp_path) is None, "it is there already"
    publish.delete([record.pk])
    assert slug not in making.missing()
    assert making.make(RECIPES[slug], tmp_path) is None


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_midst_another_worker_goes_on_and_nothing_comes_twice() -> None:
    few = [slug for slug, recipe in RECIPES.items() if recipe["make"] == "picture"]
    for slug in set(RECIPES) - set(few):
        making.remember(slug)
    queue.enqueue(making.KIND.name, unique_key="demo")
    command = [sys.executable, "-m", "django", "worker", "--queue", "default"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.jobs.settings"}
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as victim:
        wait_until(lambda: Record.objects.exists(), "the first record is made")
        victim.kill()
    job = Job.objects.get(kind=making.KIND.name)
    assert job.state == Job.State.RUNNING, "it had finished before it was killed"
    Job.objects.filter(pk=job.pk).update(lease_until=job.created_at)  # spare the test the wait
    assert run_now(job).state == Job.State.DONE
    assert (Record.objects.count(), RecordFile.objects.count()) == (len(few), len(few))
    assert making.missing() == []
