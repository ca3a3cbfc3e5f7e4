"""Legacy text: every table against another implementation, and how well encodings are told apart on real text."""

from __future__ import annotations

import re
import time
import unicodedata
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages import LanguageError, ProfileError, registry
from languages.legacy import SURE, Survey, convert, detect, likely, tables
from languages.legacy.fields import converted
from languages.legacy.loading import load_table, table_of_font
from languages.legacy.words import load_words, models
from tests.languages.legacy_encoders import ENCODERS, as_windows_1252, iconv, utf_8
from tests.languages.texts import all_words
from tests.shared_data import shared

NATIONAL = "ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
SMALL = NATIONAL + "abcdeghiklmnopqrstuvxy"
EIGHT_BIT = ("tcvn3", "vni", "viscii", "windows-1258", "utf-8")
# Small letters of VPS in the order of `VPS_LETTERS`, from xvnkb's vps.h, written in MacRoman there.
VPS_LETTERS = "áàảãạâấầẩẫậăắằẳẵặéèẻẽẹêếềểễệóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựíìỉĩịýỳỷỹỵđ"
VPS_CODES = "·‡‰„Â‚√¿ƒ≈∆Ê°¢£§•ÈË»ÎÀÍâäãÕåÛÚ’ıÜÙ”“∞á∂÷ß©™´Æ˙˘˚¤¯‹Ÿÿ∫ªøÌÏÃÔŒöˇõœú«"


@cache
def paragraphs(code: str) -> tuple[str, ...]:
    """The Universal Declaration of Human Rights, in NFC."""
    tree = ElementTree.parse(shared("udhr") / f"udhr_{code}.xml")
    found = (element.text for element in tree.iter() if element.tag.endswith("}para"))
    return tuple(unicodedata.normalize("NFC", text) for text in found if text)


def lines() -> list[str]:
    parts = (part.strip() for text in paragraphs("vie") for part in re.split("[,.;:]", text))
    return [part for part in parts if len(part.split()) > 3]


# --- the tables ---------------------------------------------------------------------------------------------------


def test_every_table_says_where_it_comes_from_and_what_it_is_called() -> None:
    assert {"tcvn3", "vni", "viscii"} <= set(tables())
    for name, table in tables().items():
        assert re.fullmatch(r"[a-z0-9-]+", name)
        assert set(table.names) == {"vi", "en"}
        assert all(source.citation for source in table.sources)


@pytest.mark.parametrize(("name", "charset"), [("viscii", "VISCII"), ("tcvn3", "TCVN5712-1")])
def test_single_codes_are_what_the_c_library_says(name: str, charset: str) -> None:
    codes = {text: key for key, text in tables()[name].codes.items()}
    assert {*NATIONAL, *"ĂÂĐÊÔƠƯ"} <= set(codes)
    for text, key in codes.items():
        assert iconv(text, charset) == key.encode("latin-1"), text
    if name == "viscii":
        assert set(codes) == {*NATIONAL, *NATIONAL.upper()}


def test_vps_is_what_another_program_has() -> None:
    assert len(VPS_LETTERS) == len(VPS_CODES) == 67
    codes = as_windows_1252(b"\xdb".join(part.encode("mac_roman") for part in VPS_CODES.split("¤")))
    assert convert(codes, "vps").text == VPS_LETTERS
    assert len(set(tables()["vps"].codes.values())) == len(tables()["vps"].codes) == 134


def test_windows_1258_is_pythons_own() -> None:
    for code in range(0x80, 0x100):
        letter = bytes([code]).decode("cp1258", "ignore")
        if letter and not unicodedata.combining(letter):
            assert convert(bytes([code]), "windows-1258").text == letter


@pytest.mark.parametrize("name", ENCODERS)
@given(text=st.text(alphabet=SMALL + " \n", max_size=40))
def test_what_was_encoded_comes_back(name: str, text: str) -> None:
    if name == "viqr":
        text = text.replace("d", "")  # two letters d are one đ, by definition
    made = convert(ENCODERS[name](text), name)
    assert (made.text, made.unknown) == (text, ())


@pytest.mark.parametrize("name", [name for name in ENCODERS if name not in ("tcvn3", "viqr")])
@given(text=st.text(alphabet=NATIONAL.upper() + "BCH", max_size=40))
def test_so_do_capitals_where_the_encoding_has_them(name: str, text: str) -> None:
    assert convert(ENCODERS[name](text), name).text == text


@given(text=st.text(max_size=60), name=st.sampled_from(sorted(tables())))
def test_no_text_at_all_does_harm(text: str, name: str) -> None:
    made = convert(text, name)
    assert unicodedata.is_normalized("NFC", made.text)
    assert 0 <= made.confidence <= 1
    for at, char in made.unknown:
        assert 0 <= at < len(text)
        assert text[at] == char or char == "\ufffd"
    detect(text)


@given(data=st.binary(max_size=60), name=st.sampled_from(sorted(tables())))
def test_nor_do_any_bytes(data: bytes, name: str) -> None:
    convert(data, name)
    detect(data)


# --- what the text came through -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tcvn3", "vni", "viscii", "utf-8"])
def test_bytes_and_characters_of_three_code_pages_say_the_same(name: str) -> None:
    text = paragraphs("vie")[1]
    data = ENCODERS[name](text).encode("latin-1", "surrogateescape") if name == "vni" else None
    if data is None:
        data = {"tcvn3": "TCVN5712-1", "viscii": "VISCII", "utf-8": "UTF-8"}[name].encode()
        data = iconv(text[0].lower() + text[1:], data.decode())
    expected = convert(data, name).text
    assert expected.lower() == text.lower()
    assert convert(data.decode("latin-1"), name).text == expected
    assert convert(as_windows_1252(data), name).text == expected
    through_1258 = "".join(bytes([byte]).decode("cp1258", "ignore") or chr(byte) for byte in data)
    assert convert(through_1258, name).text == expected


def test_text_that_was_read_wrongly_twice_comes_back() -> None:
    text = paragraphs("vie")[3]
    assert convert(utf_8(utf_8(text)), "utf-8").text == text
    khmer = paragraphs("khm")[3]
    assert convert(utf_8(khmer), "utf-8").text == khmer


def test_words_that_are_unicode_already_stay_among_legacy_ones() -> None:
    made = convert("Tiếng ViÖt, ng­êi Ê-đê, “ngôn ngữ” → nhµ", "tcvn3")
    assert made.text.startswith("Tiếng Việt, người ")
    assert made.text.endswith("→ nhà")
    assert made.unknown == ()


def test_capitals_of_the_font_without_capitals_are_told_from_their_line() -> None:
    assert convert("CéNG HOµ X· HéI CHñ NGHÜA", "tcvn3").text == "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA"
    assert convert("Bé GI¸O DôC vµ §µo t¹o", "tcvn3").text == "Bộ GIÁO DỤC và Đào tạo"
    assert convert("tr­êng ®¹i häc", "tcvn3-capitals").text == "TRƯỜNG ĐẠI HỌC"


def test_a_capital_with_the_small_form_of_its_sign_is_understood() -> None:
    assert convert("AÁn Ñoä, Aán", "vni").text == "Ấn Độ, Ấn"


def test_what_the_table_lacks_is_told_with_its_place() -> None:
    made = convert("nhµ ÿ\x90", "tcvn3")
    assert made.text == "nhà ÿ\x90"
    assert made.unknown == ((4, "ÿ"), (5, "\x90"))
    assert convert("ABC", "tcvn3").confidence == 1.0
    assert convert("ÿ", "tcvn3").confidence == 0.0


def test_a_backslash_makes_a_sign_of_punctuation_of_what_would_be_a_tone() -> None:
    assert convert(r"Tie^'ng Vie^.t. DDo' la`. Tho^i\. Ai\?", "viqr").text == "Tiếng Việt. Đó là. Thôi. Ai?"


def test_a_table_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(LanguageError, match="tcvn3"):
        convert("a", "nothing")


# --- scripts of their own -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("legacy", "text"),
    [
        ("éf¶ExqñaMkMeNIt", "ថ្ងៃខែឆ្នាំកំណើត"),  # read-me of the Python package kfc 0.2.3
        # Order of syllables: the tests of KhmerConverter (unicodeReorder.py), typed with the codes of its table.
        ("RkdasRbdal;kN<al", "ក្រដាសប្រដាល់កណ្ពាល"),
        ("beg<al xageIl esovePA", "បង្ពោល ខាងើល សៀវភៅ"),
        ("sIubuIGuI", "ស៊ីប៉ីអ៊ី"),
        ("bBaØa", "បញ្ញា"),
        ("bBC¢aI", "បពជ្ជាី"),
        ("cMeBaH", "ចំពោះ"),
        ("éhb:I", "ហៃប៉ី"),
    ],
)
def test_the_order_of_the_eye_becomes_that_of_unicode(legacy: str, text: str) -> None:
    normalise = registry().orthography("km-Khmr").normalise
    assert convert(legacy, "limon").text == normalise(text)


def test_fonts_are_known_by_their_names() -> None:
    for font, name in (
        (".VnTime", "tcvn3"), (".VnTimeH", "tcvn3-capitals"), (".vnarial", "tcvn3"), ("VNI-Times", "vni"),
        ("Limon S1", "limon"), ("ABC-TEXT-05", "abc-khmer"),
    ):  # fmt: skip
        table = table_of_font(font)
        assert table is not None and table.name == name, font
    assert table_of_font("Times New Roman") is None
    assert table_of_font("Limon") is None


def test_words_without_an_end_take_no_time_without_an_end() -> None:
    began = time.process_time()
    for text in (
        "ក៉" * 3000 + "ក្",
        "kk:" * 3000,
        "a" * 50_000 + "µ",
        "§" * 50_000,
        "aù" * 20_000,
        "Ã¡" * 20_000,
    ):
        detect(text)
        for name in tables():
            convert(text, name)
    assert time.process_time() - began < 10


# --- telling apart ------------------------------------------------------------------------------------------------

# What was measured, rounded down: how many are told rightly as the first guess, and with enough certainty.
LINES = {"tcvn3": (0.98, 0.88), "vni": (0.95, 0.87), "viscii": (0.96, 0.83), "windows-1258": (0.9, 0.75),
         "utf-8": (1, 0.99), "viqr": (0.97, 0.9)}  # fmt: skip


@pytest.mark.parametrize("name", ENCODERS)
def test_a_line_is_told_nearly_always_and_never_wrongly_for_sure(name: str) -> None:
    texts = [legacy for text in lines()[::2] if (legacy := ENCODERS[name](text)) != text]
    guesses = [detect(text) for text in texts]
    right = sum(bool(found) and found[0].name == name for found in guesses)
    sure = [found[0] for found in guesses if found and found[0].confidence >= SURE]
    assert all(guess.name == name for guess in sure)
    assert right / len(texts) >= LINES[name][0]
    assert len(sure) / len(texts) >= LINES[name][1]


@pytest.mark.parametrize("name", ENCODERS)
def test_a_paragraph_is_told_always(name: str) -> None:
    for text in paragraphs("vie")[::2]:
        if len(text.split()) > 12:
            guess = likely(ENCODERS[name](text))
            assert guess is not None and guess.name == name, text


def test_a_word_alone_is_never_for_sure() -> None:
    words = {word for text in paragraphs("vie") for word in re.findall(r"[^\W\d_]+", text)}
    for word in sorted(words)[::20]:
        for name in EIGHT_BIT:
            assert likely(ENCODERS[name](word)) is None, word


def test_unicode_in_every_language_of_the_house_is_left_alone() -> None:
    told = []
    for tag, words in all_words().items():
        spelled = [*words[::5], *(" ".join(words[at : at + 12]) for at in range(0, min(len(words), 360), 12))]
        told += [(tag, text, guess) for text in spelled if (guess := likely(text))]
    for code in ("vie", "blt", "blu", "hni", "khm"):
        for text in paragraphs(code)[::3]:
            told += [(code, text, guess) for form in ("NFC", "NFD")
                     if (guess := likely(unicodedata.normalize(form, text)))]  # fmt: skip
    assert told == []


def test_other_languages_and_signs_are_left_alone() -> None:
    for text in (
        "Le cœur déçu mais l’âme plutôt naïve, Louÿs rêva de crapaüter en canoë au-delà des îles.",
        "Falsches Üben von Xylophonmusik quält jeden größeren Zwerg",
        "naïve café – “déjà vu” © 2020 ® ™ 50 °C ± 3 µm £5 €10 § 12",
        "I don't know what you're saying. It's mine. He's (not) here: so what? 'Yes.'",
    ):
        assert likely(text) is None
    assert detect("") == detect("abc") == detect(b"") == ()


def test_the_words_of_the_declaration_fit_the_model_of_their_spelling() -> None:
    words = [word for text in paragraphs("vie") for word in re.findall(r"[^\W\d_]+", text)]
    strange = {word for word in words if not models()["vi-Latn"].fits(word)}
    assert len(strange) <= 3, strange  # a slip of the pen and Roman numbers
    khmer = [word for text in paragraphs("khm") for word in re.findall("[\u1780-\u17dd]+", text)]
    normalise = registry().orthography("km-Khmr").normalise
    assert sum(not models()["km-Khmr"].fits(normalise(word)) for word in khmer) / len(khmer) < 0.02


# --- fields of a file ---------------------------------------------------------------------------------------------


def test_a_survey_says_which_fields_look_legacy_and_shows_a_piece() -> None:
    survey = Survey()
    for text in lines()[:20]:
        survey.add("word", text)
        survey.add("gloss", ENCODERS["vni"](text))
        survey.add("note", "")
    (finding,) = survey.findings()
    assert (finding.field, finding.name) == ("gloss", "vni")
    assert finding.before in ENCODERS["vni"]("\n".join(lines()[:20]))
    assert unicodedata.normalize("NFC", finding.after)[:5] in "\n".join(lines()[:20])
    assert converted("Vieät", "gloss", {"gloss": "vni"}) == "Việt"
    assert converted("Vieät", "word", {"gloss": "vni"}) == "Vieät"
    assert converted("Vieät", "word", {"": "vni"}) == "Việt"


# --- files that are wrong -----------------------------------------------------------------------------------------

GOOD = 'format = 1\nname = "x"\n[names]\nvi = "x"\nen = "x"\n[[source]]\ncitation = "x"\n'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("format = ", ""),
        ("format = 2\n", "format"),
        (GOOD.replace("citation", "quotation"), "source[0]"),
        (GOOD.partition("[[")[0], "source"),
        (GOOD, "codes"),
        (GOOD + '[codes]\n"XY" = "a"\n', "codes.XY"),
        (GOOD + '[typed]\n"ô" = "a"\n', "typed.ô"),
        ("speed = 1\n" + GOOD, "speed"),
        ('upper = "yes"\n' + GOOD, "upper"),
        ('fonts = ["("]\n' + GOOD + '[codes]\n"41" = "a"\n', "fonts"),
        ('base = "none"\n' + GOOD, "base"),
        (GOOD + '[codes]\n"41" = "a"\n[[rule]]\nwhy = "x"\npattern = "a"\nwith = "\\\\2"\n', "rule[0].with"),
        (GOOD + '[codes]\n"41" = "a"\n[[rule]]\npattern = "a"\n', "rule[0]"),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_the_key(text: str, key: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load_table(path, "tables/x.toml", {})
    assert (caught.value.file, caught.value.key) == ("tables/x.toml", key)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('format = 1\northography = "zxx"\n[[source]]\ncitation = "x"\n', "orthography"),
        ('format = 1\northography = "vi-Latn"\npattern = "("\n[[source]]\ncitation = "x"\n', "pattern"),
        ('format = 1\northography = "vi-Latn"\n', "source"),
    ],
)
def test_a_model_of_words_that_is_wrong_is_refused_with_the_key(text: str, key: str, tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load_words(path, "x/legacy/words.toml", ["vi-Latn"])
    assert caught.value.key == key
