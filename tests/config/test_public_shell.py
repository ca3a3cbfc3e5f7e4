"""What the project puts around every page: policy, rates, web fonts, addresses."""

import gzip
import re
import shutil

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from config import csp, fonts
from config.rates import Counter
from languages import registry
from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.django_db
STYLESHEET = REPOSITORY / "config" / "static" / "site" / "site.css"


# --- the policy --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/", "/en/", "/nothing", "/nothing/", "/api/v1/languages", "/languages/"]
)
def test_public_pages_run_and_load_nothing_but_their_own_files(client, address):
    policy = client.get(address)["Content-Security-Policy"]
    for directive in ("default-src", "script-src", "style-src", "connect-src", "form-action"):
        assert re.search(rf"{directive} 'self'(;|$)", policy), directive
    assert "unsafe" not in policy and "object-src 'none'" in policy


def test_only_the_admin_and_the_generated_page_of_the_api_have_a_looser_policy(client):
    assert "'unsafe-inline'" in client.get("/admin/login/")["Content-Security-Policy"]
    assert csp.policy_for("/api/v1/docs") != csp.PUBLIC
    assert "script-src 'self';" in client.get("/api/v1/docs")["Content-Security-Policy"] + ";"


# --- rates -------------------------------------------------------------------------------------------------------


def test_an_address_that_asks_too_often_waits_until_the_next_window_and_no_other_does():
    now = [1000.0]
    counter = Counter(lambda: now[0])
    assert [counter.wait(("api", "a"), 2, 60) for _ in range(3)] == [0, 0, 20]
    assert counter.wait(("api", "b"), 2, 60) == 0
    assert counter.wait(("report", "a"), 2, 60) == 0
    now[0] += 20
    assert counter.wait(("api", "a"), 2, 60) == 0


def test_the_api_says_in_a_problem_when_to_come_back(client, settings):
    settings.NHASAN_API_RATE = 2
    answers = [client.get("/api/v1/languages", REMOTE_ADDR="192.0.2.7") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[2]["Content-Type"].startswith("application/problem+json")
    assert answers[2].json()["code"] == "rate" and int(answers[2]["Retry-After"]) > 0
    assert client.get("/api/v1/languages", REMOTE_ADDR="192.0.2.8").status_code == 200


def test_pages_and_the_description_of_the_api_are_not_counted(client, settings):
    settings.NHASAN_API_RATE = 1
    for _ in range(3):
        assert client.get("/", REMOTE_ADDR="192.0.2.9").status_code == 200
        assert client.get("/api/v1/docs", REMOTE_ADDR="192.0.2.9").status_code == 200


def test_reports_are_counted_and_refused_with_a_page(client, settings):
    settings.NHASAN_REPORT_RATE = 1
    address = "/en/entries/00000000-0000-0000-0000-000000000000/report/"
    answers = [client.post(address, {}, REMOTE_ADDR="192.0.2.10") for _ in range(2)]
    assert [each.status_code for each in answers] == [404, 429]
    assert "<html" in answers[1].content.decode()


def test_zero_means_no_limit(client, settings):
    settings.NHASAN_API_RATE = 0
    assert {client.get("/api/v1/languages", REMOTE_ADDR="192.0.2.11").status_code for _ in range(3)} == {200}


# --- web fonts ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fonts")
    report = fonts.build(registry().orthographies, settings.FONT_FOLDERS, folder)
    if not report.built:
        pytest.skip("This machine has none of the fonts that the profiles declare (Debian: fonts-noto-core).")
    return folder, report


def covered(folder):
    found = set()
    for path in folder.glob("*.woff2"):
        with TTFont(path) as font:
            found |= set(font.getBestCmap())
    return found


def test_the_web_fonts_cover_every_exemplar_whose_script_was_built(built):
    folder, report = built
    scripts = {made.script for made in report.built}
    has = covered(folder)
    for orthography in registry().orthographies:
        if orthography.fonts and orthography.script in scripts:
            exemplars = orthography.exemplars
            needed = {
                ord(char) for part in (exemplars.main, exemplars.marks) for text in part for char in text
            }
            assert needed <= has, (orthography.tag, [hex(each) for each in sorted(needed - has)])


def test_each_web_font_is_small_and_no_character_is_in_two(built):
    folder, report = built
    assert all(made.size < 30_000 for made in report.built), report.built
    ranges = re.findall(r"unicode-range:([^}]+)}", (folder / fonts.STYLESHEET).read_text())
    characters = [code for each in ranges for code in _codes(each)]
    assert len(ranges) == len(report.built)
    assert len(characters) == len(set(characters))


def _codes(ranges):
    for part in ranges.split(","):
        first, _, last = part.removeprefix("U+").partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def test_a_second_run_makes_nothing_anew_and_a_stale_font_goes(built):
    folder, _report = built
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    (folder / "Old-0123456789ab.woff2").write_bytes(b"old")
    again = fonts.build(registry().orthographies, settings.FONT_FOLDERS, folder)
    assert not any(made.fresh for made in again.built)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_without_fonts_the_stylesheet_is_empty_and_every_family_is_named(tmp_path):
    report = fonts.build(registry().orthographies, [tmp_path / "none"], tmp_path / "out")
    assert not report.built and report.missing
    assert (tmp_path / "out" / fonts.STYLESHEET).read_text() == ""


def test_a_family_is_found_by_the_name_inside_the_font(built, tmp_path):
    _folder, _report = built
    source = next(path for folder in settings.FONT_FOLDERS for path in folder.rglob("NotoSerif-Regular.ttf"))
    shutil.copy(source, tmp_path / "Renamed-Regular.ttf")
    found = fonts.build(registry().orthographies, [tmp_path], tmp_path / "out")
    assert {made.family for made in found.built} == {"Noto Serif"}


@given(st.sets(st.integers(0, 0x1FFFF), max_size=60))
def test_ranges_name_exactly_the_characters(codes):
    assert set(_codes(",".join(fonts.ranges(codes)))) == codes if codes else not list(fonts.ranges(codes))


# --- looks -------------------------------------------------------------------------------------------------------


def colours(block):
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(char * 2 for char in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    ("ink", "paper"), ("quiet", "paper"), ("indigo", "paper"), ("indigo-deep", "paper"), ("ink", "raised"),
    ("quiet", "raised"), ("indigo", "raised"), ("on-indigo", "indigo"), ("on-indigo", "indigo-deep"), ("ink", "wash"),
    ("quiet", "wash"), ("indigo", "wash"), ("warn", "warn-wash"),
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground_by_four_and_a_half(scheme):
    text = STYLESHEET.read_text()
    light, dark = re.search(r":root {(.*?)}.*?:root {(.*?)}", text, re.S).groups()
    palette = colours(light) | (colours(dark) if scheme == "dark" else {})
    for one, other in PAIRS:
        assert contrast(palette[one], palette[other]) >= 4.5, (one, other)


def test_the_stylesheet_names_no_language_and_is_small():
    text = STYLESHEET.read_text()
    assert len(gzip.compress(text.encode())) < 15_000
    assert not re.search(r":lang\(|\[lang[|~^*$]?=", text)


# --- addresses ---------------------------------------------------------------------------------------------------


def test_the_address_of_a_page_keeps_the_query_for_people_and_drops_it_for_robots(client):
    said = client.get("/en/?q=ka&language=vi").content.decode()
    assert f'<link rel="canonical" href="{settings.BASE_URL}/en/">' in said
    assert 'href="/?q=ka&amp;language=vi"' in said


@pytest.mark.parametrize(
    "template", ["400.html", "403.html", "404.html", "429.html", "500.html", "403_csrf.html"]
)
def test_error_pages_need_no_database_and_no_context(template, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert "<h1>" in render_to_string(template)
        assert "<h1>" in render_to_string(template, request=RequestFactory().get("/x"))
