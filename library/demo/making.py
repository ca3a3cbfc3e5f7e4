"""Making the demonstration collection: files first, then record, files and transcript in one transaction.

What was made is remembered in the log of the site, which outlasts what it tells of: a record that somebody deleted does
not come back, and after kill -9 the next worker goes on with what is not there yet.
"""

from __future__ import annotations

import csv
import hashlib
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pyvips
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop
from PIL import Image
from wagtail.models import ModelLogEntry

import dictionary
from jobs.domain import queue
from jobs.domain.context import JobContext
from jobs.domain.kinds import JobKind
from languages import registry
from library.demo import filming, of_festivals, paper, printing, speaking
from library.demo.drawing import drawing, plate
from library.demo.paper import Age
from library.demo.speaking import Said
from library.domain import files as record_files
from library.domain import publish
from library.festivals.domain.demo import FILE as FESTIVALS
from library.models import Collection, Record
from library.vocabularies import Place
from media_pipeline.domain import blobs, corrections

FILE: Final = Path(__file__).resolve().parent / "collection.toml"
STARTER: Final = Path(dictionary.__file__).resolve().parent / "starter"
ACTION: Final = "library.demo"
LICENCE: Final = "CC0-1.0"
MADE: Final = gettext_noop("%(made)s of %(all)s made.")
LEFT_OUT: Final = gettext_noop("%(made)s of %(all)s made. Left out, for want of %(tools)s: %(names)s.")
_WORDS: Final = 14
_COLUMNS: Final = 6


@dataclass(frozen=True)
class Line:
    """A line that is known to stand on a page."""

    box: tuple[int, int, int, int]
    text: str


@dataclass(frozen=True)
class Made:
    """A file that was made: its name, where it lies, and what is known of it."""

    name: str
    path: Path
    lines: tuple[Line, ...] = ()
    said: tuple[Said, ...] = ()
    chapters: tuple[dict[str, object], ...] = ()


@cache
def data() -> dict[str, Any]:
    """What library/demo/collection.toml says."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def starter() -> list[dict[str, Any]]:
    """What dictionary/starter/starter.toml says of each starter lexicon."""
    return list(tomllib.loads((STARTER / "starter.toml").read_text(encoding="utf-8"))["lexicons"])


def missing() -> list[str]:
    """The records that were never made, in order."""
    made = set(ModelLogEntry.objects.filter(action=ACTION).values_list("label", flat=True))
    return [recipe["slug"] for recipe in data()["record"] if recipe["slug"] not in made]


def request() -> bool:
    """Have the workers make what is missing; says whether there is anything."""
    lacking = set(missing())
    if not any(recipe["slug"] in lacking and _wanting(recipe) == "" for recipe in data()["record"]):
        return False
    queue.enqueue(KIND.name, unique_key="demo")
    return True


def run(context: JobContext) -> None:
    """The job: one record after the other."""
    wanted = set(missing())
    recipes = [recipe for recipe in data()["record"] if recipe["slug"] in wanted]
    left: dict[str, str] = {}
    made = 0
    for recipe in recipes:
        context.stop_if_asked()
        tool = _wanting(recipe)
        if tool:
            left[recipe["slug"]] = tool
            continue
        with tempfile.TemporaryDirectory() as folder:
            make(recipe, Path(folder), context.beat)
        made += 1
        context.progress(made, len(recipes), MADE, made=made, all=len(recipes))
    if left:
        tools, names = ", ".join(sorted(set(left.values()))), ", ".join(left)
        context.progress(made, len(recipes), LEFT_OUT, made=made, all=len(recipes), tools=tools, names=names)


KIND: Final = JobKind("library.demo", gettext_noop("Make the demonstration collection"), run, lease=120)


def _wanting(recipe: Mapping[str, Any]) -> str:
    """The tool without which this cannot be made; "" when all is there."""
    if recipe["make"] in ("speech", "film") and not speaking.can_speak():
        return speaking.TOOL
    if recipe["make"] == "film" and not filming.can_film():
        return filming.TOOL
    if recipe["make"] in ("book", "primer", "festivals") or recipe.get("labels"):
        if not printing.can_set():
            return "libfribidi0"
        try:
            for family in (printing.TEXT, *_families(recipe)):
                printing.font(family, 40)
        except printing.MissingFont:
            return "fonts-noto-core"
    return ""


def make(recipe: Mapping[str, Any], folder: Path, beat: Callable[[], None] = lambda: None) -> Record | None:
    """Make one record with its files; None when another worker was quicker. Raises CalledProcessError, OSError."""
    files = MAKERS[recipe["make"]](recipe, folder)
    stored = []
    for file in files:
        with file.path.open("rb") as stream:
            stored.append(blobs.store_original(stream))
        beat()
    with transaction.atomic():
        collection = _collection()
        Collection.objects.select_for_update().get(pk=collection.pk)
        if recipe["slug"] not in missing():
            return None
        content = _content(recipe)
        record = Record(kind=recipe["kind"], collection=collection, content=content)
        publish.publish(record)
        licence = content["fields"]["license"][0]["value"]
        for file, blob in zip(files, stored, strict=True):
            attached = record_files.attach(record, blob, file.name, licence=licence)
            if file.chapters:
                attached.chapters = list(file.chapters)
                attached.save(update_fields=["chapters"])
            assert attached.asset is not None
            for line in file.lines:
                corrections.correct_line(attached.asset, 1, line.box, line.text, None)
            for said in file.said:
                corrections.correct_cue(attached.asset, said.start, said.end, said.text, None)
        remember(recipe["slug"], record)
        of_festivals.tie(record, recipe.get("of_festivals", ()))
    return record


def remember(slug: str, record: Record | None = None) -> None:
    """Note that this was made, once and for ever."""
    ModelLogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(Record, for_concrete_model=False), label=slug, action=ACTION,
        object_id=str(record.pk) if record else "0", timestamp=timezone.now(), content_changed=True, deleted=False,
    )  # fmt: skip


def welcome(slugs: Sequence[str]) -> None:
    """Festivals of the demonstration came in: what is made of them already is put under them."""
    rows = ModelLogEntry.objects.filter(action=ACTION).values_list("label", "object_id")
    made = {label: int(pk) for label, pk in rows if pk != "0"}
    for slug in slugs:
        of_festivals.tie_festival(slug, data()["record"], made)


def _collection() -> Collection:
    said = data()["collection"]
    return Collection.objects.get_or_create(
        slug=said["slug"], defaults={"title": said["title"], "description": said["description"], "order": 900}
    )[0]


# --- what is said of a record -------------------------------------------------------------------------------------


def _content(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a record, marked as a demonstration."""
    text = lambda values: [{"value": values[tag], "lang": tag} for tag in ("vi", "en") if tag in values]  # noqa: E731
    lexicon = _lexicon(recipe)
    fields: dict[str, Any] = {
        "title": text(recipe["title"]),
        "creator": [{"value": "Nhà Sàn"}],
        "description": text(recipe.get("description") or _description(lexicon)),
        "language": [{"tag": tag} for tag in _languages(recipe)],
        "people": [{"people": number} for number in recipe.get("peoples", ())],
        "provenance": text(data()["demonstration"]),
        "license": [{"value": lexicon["licence"] if lexicon else LICENCE}],
    }
    if lexicon:
        fields["source"] = [{"value": lexicon["citation"]}, {"value": lexicon["source_url"]}]
        fields["rights"] = [{"value": lexicon["authors"]}]
    if "relation" in recipe:
        fields["relation"] = [{"value": recipe["relation"], "lang": "vi"}]
    places = Place.objects.filter(slug__in=recipe.get("places", ())).values_list("pk", flat=True)
    fields["coverage"] = [{"place": pk} for pk in places]
    kept = {name: nodes for name, nodes in fields.items() if nodes}
    return {"v": 1, "fields": kept, "extra": {"demonstration": True}}


def _lexicon(recipe: Mapping[str, Any]) -> dict[str, Any] | None:
    if "lexicon" not in recipe:
        return None
    return next(each for each in starter() if each["slug"] == recipe["lexicon"])


def _description(lexicon: Mapping[str, Any] | None) -> dict[str, str]:
    assert lexicon is not None
    return {
        "vi": f"Bảng chữ cái và một số từ. {lexicon['description']['vi']}",
        "en": f"The letters, and some words. {lexicon['description']['en']}",
    }


def _languages(recipe: Mapping[str, Any]) -> list[str]:
    lexicon = _lexicon(recipe)
    return [lexicon["orthography"]] if lexicon else list(recipe.get("languages", ()))


def _families(recipe: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_family(tag) for tag in _languages(recipe)) if "lexicon" in recipe else ()


def _family(tag: str) -> str:
    """The font of an orthography; Latin letters are set in the font of the text."""
    orthography = registry().orthography(tag)
    fonts = orthography.fonts
    return fonts[0] if fonts and orthography.script != "Latn" else printing.TEXT


# --- the files ----------------------------------------------------------------------------------------------------


def _age(recipe: Mapping[str, Any], number: int) -> Age:
    """How page `number` is worn: always the same."""
    digest = hashlib.sha256(f"{recipe['seed']}/{number}".encode()).digest()
    return Age(recipe["seed"] + number, (digest[0] / 255 - 0.5) * 1.4, 0.45 + digest[1] / 255 * 0.4)


def _scans(
    recipe: Mapping[str, Any], folder: Path, chapters: Sequence[Sequence[printing.Block]]
) -> list[Made]:
    made = []
    for number, page in enumerate(printing.pages(chapters), 1):
        age, path = _age(recipe, number), folder / f"{recipe['slug']}-{number}.jpg"
        paper.save(paper.aged(page.image, age), path)
        lines = tuple(
            Line(paper.moved(line.box, printing.WIDTH, printing.HEIGHT, age), line.text)
            for line in page.lines
        )
        made.append(Made(path.name, path, lines))
    return made


def _book(recipe: Mapping[str, Any], folder: Path) -> list[Made]:
    return _scans(recipe, folder, [_chapter(each["heading"], each["text"]) for each in recipe["chapter"]])


def _chapter(heading: str, *texts: str) -> list[printing.Block]:
    blocks: list[printing.Block] = [printing.Heading(heading)]
    for text in texts:
        blocks.append(printing.Rule())
        blocks += [printing.Paragraph(" ".join(part.split())) for part in text.strip().split("\n\n")]
    return blocks


def _primer(recipe: Mapping[str, Any], folder: Path) -> list[Made]:
    """Letters from the profile of the language, words from its starter lexicon."""
    lexicon = _lexicon(recipe)
    assert lexicon is not None
    orthography = registry().orthography(lexicon["orthography"])
    family = _family(orthography.tag)
    with (STARTER / lexicon["file"]).open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["orthography"] == orthography.tag]
    found = [
        (
            row["form"],
            (row["gloss_vi"] or row["gloss_vi_own"]).partition(";")[0],
            (row["gloss_en"] or row["gloss_en_own"]).partition(";")[0],
        )
        for row in rows
    ]
    short = [row for row in found if row[1] and len(row[0]) <= 12 and " " not in row[0]]
    words = sorted(
        short[:: max(1, len(short) // _WORDS)][:_WORDS], key=lambda row: orthography.sort_key(row[0])
    )
    letters = tuple(str(letter) for letter in orthography.alphabet)
    head, tail = recipe["title"]["vi"].split(": ")
    return _scans(
        recipe,
        folder,
        [
            [printing.Heading(head), printing.Heading(tail, 52, bold=False), printing.Rule(),
             printing.Letters(letters, family, _COLUMNS)],
            [printing.Heading("Từ", 60), printing.Rule(), printing.Words(tuple(words), family)],
        ],
    )  # fmt: skip


def _festivals(recipe: Mapping[str, Any], folder: Path) -> list[Made]:
    """A scanned notebook in one PDF: each festival in Vietnamese and in English."""
    told = {each["slug"]: each for each in tomllib.loads(FESTIVALS.read_text(encoding="utf-8"))["festival"]}
    chapters = [
        _chapter(
            told[slug]["vi"], told[slug]["story_vi"], f"{told[slug]['en']}. {told[slug]['story_en'].strip()}"
        )
        for slug in recipe["festivals"]
    ]
    pictures = []
    for made in _scans(recipe, folder, chapters):
        pictures.append(Image.open(BytesIO(made.path.read_bytes())))
    path = folder / f"{recipe['slug']}.pdf"
    pictures[0].save(path, "PDF", save_all=True, append_images=pictures[1:], resolution=300.0, quality=84)
    return [Made(path.name, path)]


def _picture(recipe: Mapping[str, Any], folder: Path) -> list[Made]:
    path = folder / f"{recipe['slug']}.jpg"
    image: pyvips.Image
    if recipe.get("labels"):
        image = paper.aged(plate(recipe["drawing"], recipe["heading"], recipe["labels"]), _age(recipe, 1))
    else:
        image = drawing(recipe["drawing"])
    paper.save(image, path)
    return [Made(path.name, path)]


def _speech(recipe: Mapping[str, Any], folder: Path) -> list[Made]:
    path = folder / f"{recipe['slug']}.wav"
    said, _length = speaking.speak(recipe["voice"], recipe["sentences"], path)
    return [Made(path.name, path, said=tuple(said))]


def _film(recipe: Mapping[str, Any], folder: Path) -> list[Made]:
    path = folder / f"{recipe['slug']}.mp4"
    made = filming.film(recipe["voice"], recipe["scene"], folder, path)
    return [Made(path.name, path, said=made.said, chapters=made.chapters)]


MAKERS: Final[Mapping[str, Callable[[Mapping[str, Any], Path], list[Made]]]] = {
    "book": _book, "primer": _primer, "festivals": _festivals, "picture": _picture, "speech": _speech, "film": _film,
}  # fmt: skip
