"""Which machine reads or hears a language: what is declared, and nothing guessed; engines that are not as set up."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from languages import registry
from media_pipeline.domain import speech
from media_pipeline.domain.errors import StepFailed, StepSkipped
from media_pipeline.domain.machines import speech_code, tesseract_model
from media_pipeline.domain.steps.reading import installed_models, models_for


def test_every_declared_model_is_what_is_asked_for_and_no_other_spelling_of_the_house_has_one() -> None:
    declared = {each.tag: each.machines for each in registry().orthographies if each.machines}
    assert len(declared) >= 5
    for orthography in registry().orthographies:
        assert tesseract_model(orthography.tag) == declared.get(orthography.tag, {}).get("tesseract", "")
        assert speech_code(orthography.tag) == declared.get(orthography.tag, {}).get("whisper", "")


@pytest.mark.parametrize(
    ("tag", "model", "code"),
    [("en", "eng", "en"), ("fr-Latn", "fra", "fr"), ("en-Cyrl", "", ""), ("not a tag", "", "")],
)
def test_a_language_without_a_profile_is_asked_for_by_its_code_in_its_usual_script(
    tag: str, model: str, code: str
) -> None:
    assert (tesseract_model(tag), speech_code(tag)) == (model, code)


def weights(settings: Settings, folder: Path, digest: str = "") -> None:
    (folder / "model.bin").write_bytes(b"weights")
    settings.NHASAN_SPEECH_MODEL = str(folder)
    settings.NHASAN_SPEECH_MODEL_SHA256 = digest or hashlib.sha256(b"weights").hexdigest()


def test_weights_with_another_checksum_are_not_used(settings: Settings, tmp_path: Path) -> None:
    weights(settings, tmp_path, "0" * 64)
    with pytest.raises(StepFailed, match="not the one whose checksum"):
        speech.engine()


def test_weights_that_are_not_there_and_engines_that_nobody_knows_are_said(
    settings: Settings, tmp_path: Path
) -> None:
    weights(settings, tmp_path)
    settings.NHASAN_SPEECH_ENGINE = "oracle"
    with pytest.raises(StepFailed, match=r"no speech engine oracle; there are faster-whisper"):
        speech.engine()
    settings.NHASAN_SPEECH_ENGINE = "faster-whisper"
    settings.NHASAN_SPEECH_MODEL = str(tmp_path / "elsewhere")
    with pytest.raises(StepFailed, match="elsewhere"):
        speech.engine()


def test_without_a_model_nothing_is_heard_and_nothing_fails(settings: Settings) -> None:
    settings.NHASAN_SPEECH_MODEL = ""
    with pytest.raises(StepSkipped, match="no speech model is set up"):
        speech.engine()


def test_what_has_no_model_is_left_out_and_never_read_with_a_model_without_a_name() -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("Tesseract is not installed")
    tags = [each.tag for each in registry().orthographies if not tesseract_model(each.tag)]
    assert tags
    assert all(installed_models())
    with pytest.raises(StepSkipped):
        models_for(tags)
