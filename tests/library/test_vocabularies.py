"""Peoples and places: what the files say, what the migration made of it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from languages import registry
from library.models import Agent, Concept, People, Place

pytestmark = pytest.mark.django_db


def test_the_54_peoples_are_there_under_their_numbers_and_each_says_its_source() -> None:
    peoples = list(People.objects.all())
    assert [people.number for people in peoples] == [f"{number:02}" for number in range(1, 55)]
    assert all(people.name_vi and people.name_en and people.source for people in peoples)


def test_peoples_of_the_profiles_have_the_names_they_have_here() -> None:
    here = dict(People.objects.values_list("number", "name_vi"))
    named = [people for profile in registry().profiles.values() for people in profile.peoples]
    assert len(named) > 15
    assert [(one.number, one.names["vi"]) for one in named if here[one.number] != one.names["vi"]] == []


def test_63_old_provinces_lead_to_34_new_ones() -> None:
    old = Place.objects.filter(code_system="VN-2004")
    merged = old.filter(valid_to__isnull=False)
    now = Place.objects.filter(valid_to=None, code__gt="")
    assert (old.count(), merged.count(), now.count()) == (63, 52, 34)
    assert all(place.successors.count() == 1 for place in merged)
    assert {place.predecessors.count() for place in now.filter(code_system="VN-2025")} == {2, 3}
    assert len(set(Place.objects.values_list("slug", flat=True))) == 86


def test_a_concept_never_stands_under_itself() -> None:
    above = Concept.objects.create(label="above")
    below = Concept.objects.create(label="below", broader=above)
    above.broader = below
    with pytest.raises(ValidationError):
        above.clean()


def test_an_agents_dates_are_dates() -> None:
    with pytest.raises(ValidationError):
        Agent(name="A", name_vi="A", dates="long ago").full_clean()
    Agent(name="A", name_vi="A", dates="1920~/1998").full_clean()
