"""Reading pages by machine: Tesseract, with the models of the languages that the caller names."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext_noop
from lxml import etree

from languages import registry
from media_pipeline.domain import alto, tools
from media_pipeline.domain.errors import StepFailed, StepSkipped
from media_pipeline.domain.graph import step
from media_pipeline.domain.machines import tesseract_model
from media_pipeline.domain.steps import text_layer
from media_pipeline.domain.steps.pictures import draw
from media_pipeline.domain.work import Page, ReadPage, Work
from media_pipeline.models import Asset

LONGEST: Final = 10_000
NO_LANGUAGE: Final = gettext_noop("Not read by machine: nobody said which language the text is in.")
NO_MODEL: Final = gettext_noop("Not read by machine: there is no model for %(languages)s.")
NOT_INSTALLED: Final = gettext_noop(
    "Not read by machine: the model %(model)s is not installed here. Install it with: "
    "apt install tesseract-ocr-%(package)s"
)
PARTLY: Final = gettext_noop("Read with %(models)s; there is no model for %(languages)s.")
ALL_THERE: Final = gettext_noop("The PDF carries its text: nothing had to be read by machine.")
BROKEN_PAGE: Final = gettext_noop("Tesseract gave no readable result for page %(page)s.")
# What Tesseract opens by itself, without loss.
_DIRECTLY: Final = frozenset({"image/png", "image/jpeg"})


def _versions() -> Mapping[str, str]:
    return {"tesseract": tools.version("tesseract")}


def _parameters(asset: Asset) -> Mapping[str, Any]:
    installed = set(installed_models())
    return {
        "languages": asset.tags(),
        "models": [m for m in map(tesseract_model, asset.tags()) if m in installed],
    }


def installed_models() -> tuple[str, ...]:
    """The names of Tesseract's models on this machine; raises StepSkipped without Tesseract."""
    path = tools.find("tesseract")
    return _installed(path, Path(path).stat().st_mtime_ns, *_folders())


def _folders() -> tuple[int, ...]:
    places = Path("/usr/share/tesseract-ocr").glob("*/tessdata")
    return tuple(place.stat().st_mtime_ns for place in places)


@lru_cache(maxsize=8)
def _installed(path: str, *changed: int) -> tuple[str, ...]:
    done = subprocess.run([path, "--list-langs"], capture_output=True, text=True, timeout=60, check=False)
    return tuple(filter(None, done.stdout.split("\n")[1:]))


def models_for(tags: Sequence[str]) -> tuple[list[str], list[str]]:
    """The installed models for these tags, in order, and the tags without one. Raises StepSkipped if there are none."""
    if not tags:
        raise StepSkipped(NO_LANGUAGE)
    installed = set(installed_models())
    wanted = {tag: tesseract_model(tag) for tag in tags}
    models = list(dict.fromkeys(model for model in wanted.values() if model in installed))
    without = [tag for tag, model in wanted.items() if model not in installed]
    if not models:
        missing = next((model for model in wanted.values() if model), "")
        if missing and any(model == missing for model in wanted.values()):
            raise StepSkipped(NOT_INSTALLED, {"model": missing, "package": missing.replace("_", "-")})
        raise StepSkipped(NO_MODEL, {"languages": ", ".join(tags)})
    return models, without


@step(
    "ocr",
    gettext_noop("Read the text"),
    needs=("probe", "scan", "pages", "layer"),
    kinds=(Asset.Kind.IMAGE, Asset.Kind.PDF),
    parameters=_parameters,
    versions=_versions,
)
def ocr(work: Work) -> None:
    """Every page as ALTO, and its lines for the search. Goes on with the page that a broken-off attempt was at."""
    pages, carried = work.pages(), _carried(work)
    work.result.pages = carried
    there = {page.page for page in carried}
    if pages and len(there) == len(pages):
        work.say(ALL_THERE)
        return
    models, without = models_for(work.asset.tags())
    language = next(tag for tag in work.asset.tags() if tag not in without)
    normalise = registry().orthography(language).normalise
    machine = f"{tools.version('tesseract')} ({'+'.join(models)})"
    folder = work.folder / "alto"
    folder.mkdir(exist_ok=True)
    for page in pages:
        if page.number in there:
            continue
        target = folder / f"{page.number:05}.xml"
        scale = min(1.0, LONGEST / max(page.width, page.height))
        if not target.exists():
            _read(work, page, target, models)
        work.result.pages.append(_lines(page, target, 1 / scale, normalise, language, machine))
        work.emit("alto", f"alto/{target.name}", "application/xml", page=page.number)
        work.progress(page.number, len(pages))
    if without:
        work.say(PARTLY, models="+".join(models), languages=", ".join(without))


def _carried(work: Work) -> list[ReadPage]:
    """The pages whose words the PDF carries: nothing is read there."""
    pages = {page.number: page for page in work.pages()}
    written = [each for each in work.derivatives("alto") if each.extra.get("layer")]
    language = next(iter(work.asset.tags()), "")
    return [
        ReadPage(
            page.number, language, page.width, page.height,
            alto.lines(work.derived / each.path, 1.0, str), text_layer.MACHINE,
        )
        for each in written
        if (page := pages.get(each.page or 0)) is not None
    ]  # fmt: skip


def _read(work: Work, page: Page, target: Path, models: Sequence[str]) -> None:
    source = page.path
    facts = work.asset.facts
    plain = work.asset.kind != Asset.Kind.PDF and (
        facts["media_type"] not in _DIRECTLY
        or facts.get("orientation", 1) != 1
        or max(page.width, page.height) > LONGEST
    )
    if plain:
        source = work.folder / "plain.png"
        source.unlink(missing_ok=True)
        draw(work, "plain", [(page, source)], {"size": LONGEST})
    # ALTO names the file that was read; where it lies here is nobody's concern.
    name = work.folder / f"page-{page.number:05}"
    name.unlink(missing_ok=True)
    name.symlink_to(source)
    base = target.with_name("reading")
    models_named = "+".join(models)
    command = [
        tools.find("tesseract"),
        name.name,
        str(base),
        "-l",
        models_named,
        "-c",
        "tessedit_create_alto=1",
    ]
    # One thread each: many workers read many pages. Only here: CTranslate2 hears nothing at all under this limit.
    work.run(command, environment={"OMP_THREAD_LIMIT": "1"})
    base.with_suffix(".xml").rename(target)


def _lines(
    page: Page, path: Path, scale: float, normalise: Callable[[str], str], language: str, machine: str
) -> ReadPage:
    try:
        lines = alto.lines(path, scale, normalise)
    except etree.XMLSyntaxError as error:
        # Tesseract ends well although its result did not fit on the disk.
        if tools.full(path.parent):
            raise StepFailed(tools.FULL, detail=str(error)) from error
        raise StepFailed(BROKEN_PAGE, {"page": page.number}, str(error)) from error
    return ReadPage(page.number, language, page.width, page.height, lines, machine)
