"""The page that turns text from before Unicode into Unicode, as a visitor without scripts uses it."""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import translation
from lxml import etree

from tests.languages.legacy_encoders import iconv, tcvn3, vni

pytestmark = pytest.mark.django_db
# From the Universal Declaration of Human Rights.
TEXT = "Mọi người đều có quyền được thừa nhận tư cách là con người trước pháp luật ở khắp mọi nơi."
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def ask(client: Client, **fields: Any) -> Any:
    return client.post(reverse("legacy-text"), fields)


def file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def after(answer: Any) -> str:
    found = re.search(r'<textarea id="legacy-output"[^>]*>\n(.*?)</textarea>', answer.content.decode(), re.S)
    return html.unescape(found[1]) if found else ""


def test_the_page_stands_in_both_languages_of_the_interface(client: Client) -> None:
    assert reverse("legacy-text") == "/legacy-text/"
    with translation.override("en"):
        assert reverse("legacy-text") == "/en/legacy-text/"
    vietnamese, english = (client.get(f"{prefix}/legacy-text/").content.decode() for prefix in ("", "/en"))
    assert "Old text to Unicode" in english
    assert "Old text to Unicode" not in vietnamese
    assert 'href="/legacy-text/"' in client.get("/about/").content.decode()


def test_pasted_text_is_guessed_and_shown_before_and_after(client: Client) -> None:
    answer = ask(client, text=vni(TEXT))
    assert after(answer) == TEXT
    shown = html.unescape(answer.content.decode())
    assert "99" in shown or "100" in shown
    assert vni(TEXT)[:40] in shown
    assert '<option value="vni" selected>' in shown


def test_another_encoding_may_be_chosen_and_what_it_lacks_is_marked(client: Client) -> None:
    answer = ask(client, text="nhµ ÿ <b>", encoding="tcvn3")
    assert after(answer) == "nhà ÿ <b>"
    assert "<mark>ÿ</mark>" in answer.content.decode()
    assert "<b>" not in answer.content.decode().partition("<main")[2].partition("</main>")[0]


def test_a_table_that_nobody_reviewed_is_called_so(client: Client) -> None:
    answer = ask(client, text="éf¶ExqñaMkMeNIt", encoding="limon")
    assert after(answer) == "ថ្ងៃខែឆ្នាំកំណើត"
    assert 'class="notice"' in answer.content.decode()
    assert 'class="notice"' not in ask(client, text=vni(TEXT)).content.decode()


def test_unicode_is_left_alone_and_nothing_is_an_error(client: Client) -> None:
    same = ask(client, text=TEXT)
    assert after(same) == ""
    assert 'role="status"' in same.content.decode()
    for fields in ({}, {"text": ""}, {"text": "a", "encoding": "nothing"}):
        answer = ask(client, **fields)
        assert answer.status_code == 422
        assert 'class="error"' in answer.content.decode()


@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_a_file_in_bytes_of_its_own_is_shown_and_can_be_chosen_anew(client: Client, name: str) -> None:
    answer = ask(client, file=file(name, iconv(TEXT, "VISCII")))
    assert after(answer) == TEXT
    given = re.search(r'name="text"[^>]*>\n(.*?)</textarea>', answer.content.decode(), re.S)
    assert given is not None
    again = ask(client, text=html.unescape(given[1]), encoding="viscii")
    assert after(again) == TEXT


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_files_in_every_unicode_are_read(client: Client, encoding: str) -> None:
    assert after(ask(client, file=file("a.txt", tcvn3(TEXT[1:]).encode(encoding)))) == TEXT[1:]


def test_the_result_can_be_saved_and_a_long_text_always_is(client: Client) -> None:
    for fields in (
        {"text": vni(TEXT), "download": "1"},
        {"file": file("báo cáo.txt", vni(TEXT).encode()), "download": "1"},
        {"text": vni(f"{TEXT}\n") * 1500},
    ):
        answer = ask(client, **fields)
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer.content.decode().startswith(TEXT)


def test_files_that_are_too_large_or_of_another_kind_are_refused(client: Client) -> None:
    with override_settings(NHASAN_LEGACY_MAX_BYTES=10):
        assert ask(client, file=file("a.txt", b"x" * 11)).status_code == 422
    for name, data in (("a.pdf", b"%PDF"), ("a.docx", b"no zip"), ("a.docx", packed({"x": b""}))):
        answer = ask(client, file=file(name, data))
        assert answer.status_code == 422, name
        assert 'class="error"' in answer.content.decode()


def test_one_address_cannot_ask_without_end(client: Client) -> None:
    with override_settings(NHASAN_LEGACY_RATE=2):
        codes = [ask(client, text="a").status_code for _number in range(3)]
    assert codes == [200, 200, 429]


# --- documents of Word ------------------------------------------------------------------------------------------------


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def run(text: str, font: str = "", style: str = "") -> str:
    properties = f'<w:rStyle w:val="{style}"/>' if style else ""
    properties += f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>' if font else ""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{html.escape(text)}</w:t></w:r>'


def document(*paragraphs: str, styles: str = "", prolog: str = "") -> bytes:
    body = "".join(f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs)
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "word/document.xml": f"{prolog}<w:document {W}><w:body>{body}</w:body></w:document>".encode(),
        "word/media/image1.png": b"\x89PNG of its own",
    }
    if styles:
        parts["word/styles.xml"] = f"<w:styles {W}>{styles}</w:styles>".encode()
    return packed(parts)


def converted(client: Client, data: bytes) -> tuple[list[str], set[str], zipfile.ZipFile]:
    """Texts of the paragraphs, fonts that are named, and the document."""
    answer = ask(client, file=file("a.docx", data))
    assert answer.status_code == 200, answer.content.decode()
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    root = etree.fromstring(archive.read("word/document.xml"))
    space = root.nsmap["w"]
    texts = ["".join(p.itertext(f"{{{space}}}t")) for p in root.iter(f"{{{space}}}p")]
    fonts = {value for one in root.iter(f"{{{space}}}rFonts") for value in one.attrib.values()}
    return texts, fonts, archive


def test_of_a_document_only_text_in_old_fonts_is_converted(client: Client) -> None:
    texts, fonts, archive = converted(
        client,
        document(
            run(tcvn3("quyền tự do"), ".VnTime")
            + run(" déjà vu ", "Arial")
            + run(vni("bình đẳng"), "VNI-Times"),
            run(tcvn3("điều một"), ".VnTimeH"),
            run("éf¶Ex", "Limon S1"),
        ),
    )
    assert texts == ["quyền tự do déjà vu bình đẳng", "ĐIỀU MỘT", "ថ្ងៃខែ"]
    assert fonts == {"Times New Roman", "Arial", "Khmer OS"}
    assert archive.read("word/media/image1.png") == b"\x89PNG of its own"


def test_a_letter_that_is_torn_between_two_runs_is_one_again(client: Client) -> None:
    texts, _fonts, _archive = converted(
        client, document(run("Vie", "VNI-Times") + run("ät Na", "VNI-Times") + run("m", "VNI-Times"))
    )
    assert texts == ["Việt Nam"]


def test_fonts_are_found_through_styles(client: Client) -> None:
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:rPr><w:rFonts w:ascii="VNI-Times"/></w:rPr>'
        '</w:style><w:style w:type="paragraph" w:styleId="Sub"><w:basedOn w:val="N"/></w:style>'
        '<w:style w:type="character" w:styleId="Abc"><w:rPr><w:rFonts w:hAnsi=".VnArial"/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Round"><w:basedOn w:val="Round"/></w:style>'
    )
    texts, _fonts, archive = converted(
        client,
        document(
            run("Vieät"),
            '<w:pPr><w:pStyle w:val="Sub"/></w:pPr>' + run("Vieät") + run("ViÖt", style="Abc"),
            '<w:pPr><w:pStyle w:val="Round"/></w:pPr>' + run("naïve"),
            styles=styles,
        ),
    )
    assert texts == ["Việt", "ViệtViệt", "naïve"]
    assert b"VNI" not in archive.read("word/styles.xml")
    assert b".Vn" not in archive.read("word/styles.xml")


@pytest.mark.parametrize(
    "data",
    [
        document(run("plain", "Arial")),
        document(run("a", ".VnTime"), prolog='<!DOCTYPE d [<!ENTITY a "b">]>'),
        packed({"word/document.xml": b"<broken"}),
        packed({"word/document.xml": b"<a>" + b" " * 60_000_000 + b"</a>"}),
        packed({"../word/document.xml": b"<a/>"}),
    ],
    ids=["no old font", "entities", "broken", "bomb", "outside"],
)
def test_documents_that_cannot_or_must_not_be_read_are_refused(client: Client, data: bytes) -> None:
    answer = ask(client, file=file("a.docx", data))
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
