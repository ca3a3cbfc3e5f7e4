"""Tags keep to the grammar of RFC 5646."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages import LanguageError
from languages.tags import parse


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("XX", "xx"),
        ("qaa-latn", "qaa-Latn"),
        ("qaa-LATN-vn-X-Norm1961", "qaa-Latn-VN-x-norm1961"),
        ("zh-YUE-hant-hk", "zh-yue-Hant-HK"),
        ("de-1901", "de-1901"),
        ("de-ch-1996-U-co-phonebk", "de-CH-1996-u-co-phonebk"),
        ("en-a-bbb-x-a-ccc", "en-a-bbb-x-a-ccc"),
        ("es-419", "es-419"),
        ("x-house", "x-house"),
        ("I-Klingon", "i-klingon"),
        ("sl-rozaj-biske-1994", "sl-rozaj-biske-1994"),
        ("abcdefgh", "abcdefgh"),
    ],
)
def test_a_well_formed_tag_gets_its_canonical_case(written: str, canonical: str) -> None:
    assert str(parse(written)) == canonical


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "-",
            "a",
            "12",
            "qaa_Latn",
            "qaa-",
            "-qaa",
            "qaa--x-a",
            "x",
            "qaa-x",
            "abcdefghi",
            "qaa-Latn-x-morethaneight",
        ),
        *(
            "de-1901-1901",
            "en-a-bb-a-cc",
            "en-a",
            "en-u-",
            "qaa\n",
            " qaa",
            "qaa Latn",
            "ꪀꪱ",
            "qaa\ud800",
            "\u212aq",
            "a" * 9999,
        ),
        *("qaa-Latn-Latn", "qaa-VN-Latn", "zh-yue-yue-yue-yue", "../qaa", "qaa'; DROP TABLE", "qaa\x00"),
    ],
)
def test_a_malformed_tag_is_refused(written: str) -> None:
    with pytest.raises(LanguageError) as refusal:
        parse(written)
    assert refusal.value.code == "malformed_tag"
    str(refusal.value).encode("utf-8")


@given(st.text(max_size=30))
def test_parsing_is_idempotent_and_never_fails_otherwise(text: str) -> None:
    try:
        tag = parse(text)
    except LanguageError:
        return
    assert parse(str(tag)) == tag
