"""The text that a PDF carries is taken as it stands, in every script; pages without usable text are read."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from languages import Orthography, registry
from media_pipeline.domain import alto, texts
from media_pipeline.domain.machines import tesseract_model
from media_pipeline.models import Asset
from tests.languages.legacy_encoders import as_windows_1252, iconv
from tests.media_pipeline.files import said, states, step, worked_on
from tests.shared_data import shared

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def _unread() -> Orthography:
    """A spelling that no machine reads, in a script of its own."""
    return next(
        each
        for each in registry().orthographies
        if each.script not in {"Latn", "Zyyy"} and not tesseract_model(each.tag)
    )


@pytest.fixture
def printed(tmp_path: Path) -> Callable[..., bytes]:
    """Lines of text on pages, printed to a PDF by a browser, with the fonts of a spelling."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("There is no chromium.")
        pytest.skip("There is no chromium here (Debian: apt install chromium).")

    def printing(orthography: Orthography, *pages: list[str]) -> bytes:
        families = ", ".join(f"'{family}'" for family in (*orthography.fonts, "Noto Sans"))
        style = f"@page {{ size: 400px 300px; margin: 20px }} p {{ font: 20px/40px {families}; margin: 0 }}"
        style += " section { break-after: page; height: 200px }"
        body = "".join(f"<section>{''.join(f'<p>{line}</p>' for line in lines)}</section>" for lines in pages)
        (tmp_path / "page.html").write_text(
            f"<meta charset=utf-8><style>{style}</style>{body}", encoding="utf-8"
        )
        made = tmp_path / "page.pdf"
        command = [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
            f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={made}", (tmp_path / "page.html").as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return made.read_bytes()

    return printing


Printing = Callable[..., bytes]


def test_words_in_a_script_that_no_machine_reads_are_found_where_they_stand(printed: Printing) -> None:
    orthography = _unread()
    letters = [each for each in orthography.alphabet if len(each) == 1][:12]
    lines = [" ".join(letters[at : at + 4]) for at in range(0, 12, 4)]
    asset = worked_on(printed(orthography, lines), orthography.tag)
    assert states(asset)["layer"] == states(asset)["ocr"] == Asset.State.DONE
    assert said(asset, "ocr") == "The PDF carries its text: nothing had to be read by machine."
    (page,) = texts.pages(asset)
    assert [line.text for line in page.lines] == lines
    assert page.machine == "PDF" and page.language == orthography.tag
    first = page.lines[0]
    assert first.x == pytest.approx(page.width * 28 / 400, abs=page.width * 0.01)
    assert first.y < page.height * 48 / 300 < first.y + first.h
    assert [word.x for word in first.words] == sorted(word.x for word in first.words)


def test_pages_without_text_are_read_and_those_with_text_are_not(printed: Printing) -> None:
    orthography = registry().orthography("en")
    asset = worked_on(printed(orthography, ["Plain words here"], []), "en")
    first, second = texts.pages(asset)
    assert (first.number, first.machine) == (1, "PDF")
    assert "eng" in second.machine


def test_what_another_machine_read_on_a_scan_stands_only_where_ours_cannot_read(tmp_path: Path) -> None:
    scan = shared("images-ocr/baiona.png")
    subprocess.run(
        ["tesseract", str(scan), str(tmp_path / "scan"), "-l", "eng", "pdf"], check=True, capture_output=True
    )
    data = (tmp_path / "scan.pdf").read_bytes()
    read = worked_on(data, "en")
    assert "eng" in next(texts.pages(read)).machine
    taken = worked_on(data, _unread().tag)
    assert next(texts.pages(taken)).machine == "PDF"
    assert states(taken)["ocr"] == "skipped"


def test_text_from_before_unicode_is_not_taken_for_text(printed: Printing) -> None:
    orthography = registry().orthography(settings.LANGUAGE_CODE)
    line = as_windows_1252(iconv("Tất cả mọi người sinh ra đều được tự do và bình đẳng", "TCVN"))
    asset = worked_on(printed(orthography, [line]), orthography.tag)
    assert "from before Unicode" in said(asset, "layer")
    assert all(page.machine != "PDF" for page in texts.pages(asset))


def test_alto_is_written_as_it_is_read(tmp_path: Path) -> None:
    lines = [["l1", "one two", 10, 20, 90, 15, [["one", 10, 20, 40, 15, 1.0], ["two", 60, 20, 40, 15, 0.5]]]]
    path = tmp_path / "page.xml"
    path.write_bytes(alto.written(lines, 400, 300))
    assert alto.lines(path, 1.0, str) == lines


def test_a_page_that_pdfium_cannot_open_is_said() -> None:
    asset = worked_on(shared("images-ocr/c02-22.pdf").read_bytes()[:9000], "en")
    assert step(asset, "layer").state in {"failed", "skipped"}
    assert asset.state == Asset.State.FAILED
