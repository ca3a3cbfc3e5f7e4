"""ARKs: the check character finds every slip of one character and every two that changed places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from library.domain import ark

ARKS = st.builds(
    lambda blade: f"ark:99999/n1{blade}{ark.check_character(f'99999/n1{blade}')}",
    st.text(alphabet=ark.DIGITS, min_size=7, max_size=7),
)


def test_the_check_character_is_that_of_noids_own_example() -> None:
    # noid, section NOID CHECK DIGIT ALGORITHM: 13030/xf93gt2 has the check character q.
    assert ark.check_character("13030/xf93gt2") == "q"


@given(ARKS, st.data())
def test_one_wrong_character_is_found(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(len("ark:99999/"), len(name) - 2))
    other = data.draw(st.sampled_from([digit for digit in ark.DIGITS if digit != name[place]]))
    assert ark.is_sound(name)
    assert not ark.is_sound(name[:place] + other + name[place + 1 :])


@given(ARKS, st.integers(len("ark:99999/"), len("ark:99999/n1") + 5))
def test_two_characters_that_changed_places_are_found(name: str, place: int) -> None:
    swapped = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    assert swapped == name or not ark.is_sound(swapped)


def test_minted_names_are_sound_and_differ() -> None:
    minted = {ark.mint("99999") for _ in range(200)}
    assert len(minted) == 200 and all(ark.is_sound(name) and ark.normalised(name) == name for name in minted)


def test_an_ark_is_recognised_however_it_is_written() -> None:
    for text in (" ark:/99999/N1-234 ", "https://example.org/ark:99999/n1234", "ARK:99999/n1234"):
        assert ark.normalised(text) == "ark:99999/n1234"
    assert ark.normalised("https://example.org/99999/n1234") is None
