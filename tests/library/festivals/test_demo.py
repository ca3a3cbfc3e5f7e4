"""The festivals of the demo house say whose and where, name their sources, and give dates that were reported."""

from datetime import date

import pytest

from library.festivals.calendar import occurrences, rule_of
from library.festivals.domain import demo
from library.festivals.models import Festival

pytestmark = pytest.mark.django_db


def test_all_are_published_sourced_placed_and_marked_and_loading_again_changes_nothing(client):
    demo.load(lambda line: None)
    before = list(Festival.objects.order_by("pk").values())
    assert len(before) >= 6
    demo.load(lambda line: None)
    assert list(Festival.objects.order_by("pk").values()) == before
    for festival in Festival.objects.all():
        assert festival.live and festival.demonstration and festival.ark
        assert "http" in festival.sources
        assert festival.peoples.exists()
        assert all(place.parent and place.latitude and place.longitude for place in festival.places.all())
        for root in ("/", "/en/"):
            assert client.get(f"{root}festivals/{festival.slug}/").status_code == 200


@pytest.mark.parametrize(
    ("slug", "day"),
    [
        ("long-tong-chiem-hoa", date(2025, 2, 5)),
        ("khau-vai", date(2023, 5, 16)),
        ("khau-vai", date(2022, 4, 27)),
    ],
)
def test_rules_give_the_days_on_which_newspapers_saw_the_festivals(slug, day):
    demo.load(lambda line: None)
    (days,) = occurrences(rule_of(Festival.objects.get(slug=slug).rule), day.year)
    assert days.start == day
