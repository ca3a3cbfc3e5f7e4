"""Communities, protocols and users in Wagtail's admin: stewards manage what is theirs, and nothing else."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from access.domain import roles
from access.domain.labels import LABELS, labels
from access.domain.stewardship import managed_communities, managed_protocols
from access.models import Community, Membership, Protocol, User
from tests.access.houses import House, build_house, lexicon

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    built = build_house()
    for name in ("steward", "foreign steward"):
        built.people[name].groups.add(roles.group_of(roles.STEWARD))
    return built


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form(community: Community | None, **changes: object) -> dict[str, object]:
    given = {
        "slug": "p", "name_vi": "Quy ước", "name_en": "Protocol", "level": "community", "labels": ["TK A"],
        "community": community.pk if community else "", "embargo_until": "",
    }  # fmt: skip
    return {**given, **changes}


def test_a_steward_makes_and_changes_protocols_of_the_own_community(house: House) -> None:
    client = client_of(house.people["steward"])
    assert client.post(reverse("protocol:add"), form(house.ours)).status_code == 302
    protocol = Protocol.objects.get(slug="p")
    assert (protocol.community, protocol.labels) == (house.ours, ["TK A"])
    address = reverse("protocol:edit", args=[protocol.pk])
    assert "Quy ước" in client.get(address).content.decode()
    assert client.post(address, form(house.ours, level="restricted", labels=[])).status_code == 302
    protocol.refresh_from_db()
    assert (protocol.level, protocol.labels, protocol.name_en) == ("restricted", [], "Protocol")


def test_a_steward_cannot_touch_protocols_of_others_in_any_view(house: House) -> None:
    client = client_of(house.people["steward"])
    for number, community in enumerate((house.theirs, None)):
        foreign = Protocol.objects.create(slug=f"f{number}", name="Foreign one", community=community)
        for view in ("edit", "delete", "usage", "history"):
            answer = client.get(reverse(f"protocol:{view}", args=[foreign.pk]))
            assert answer.status_code in {302, 403}, view
            assert answer.status_code == 403 or answer.url == reverse("wagtailadmin_home"), view
        client.post(reverse("protocol:edit", args=[foreign.pk]), form(house.ours, name_vi="Stolen"))
        client.post(reverse("protocol:delete", args=[foreign.pk]))
        foreign.refresh_from_db()
        assert foreign.name == "Foreign one"
    assert "Foreign one" not in client.get(reverse("protocol:index")).content.decode()


def test_a_steward_cannot_make_a_protocol_for_another_community_or_for_none(house: House) -> None:
    client = client_of(house.people["steward"])
    for community in (house.theirs, None):
        answer = client.post(reverse("protocol:add"), form(community))
        assert answer.status_code == 200
        assert answer.context["form"].errors.keys() == {"community"}
    assert not Protocol.objects.exists()


def test_an_administrator_manages_everything_but_is_told_when_a_protocol_would_shut_everybody_out(
    house: House,
) -> None:
    client = client_of(house.people["administrator"])
    answer = client.post(reverse("protocol:add"), form(None))
    assert answer.context["form"].errors.keys() == {"community"}
    assert client.post(reverse("protocol:add"), form(None, level="public")).status_code == 302
    assert client.post(reverse("protocol:add"), form(house.theirs, slug="q")).status_code == 302
    assert Protocol.objects.count() == 2


def test_members_are_managed_inline_by_the_stewards_of_the_community(house: House) -> None:
    nobody = house.people["nobody"]
    members = Membership.objects.filter(community=house.ours).order_by("pk")
    given: dict[str, object] = {
        "slug": "ours", "name_vi": "Làng ta", "name_en": "Ours",
        "memberships-TOTAL_FORMS": members.count() + 1, "memberships-INITIAL_FORMS": members.count(),
        "memberships-MIN_NUM_FORMS": 0, "memberships-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    for number, member in enumerate(members):
        given[f"memberships-{number}-id"] = member.pk
        given[f"memberships-{number}-user"] = member.user_id
        if member.steward:
            given[f"memberships-{number}-steward"] = "on"
    given[f"memberships-{members.count()}-id"] = ""
    given[f"memberships-{members.count()}-user"] = nobody.pk
    before = members.count()
    address = reverse("community:edit", args=[house.ours.pk])
    assert client_of(house.people["foreign steward"]).post(address, given).status_code in {302, 403}
    assert Membership.objects.filter(community=house.ours).count() == before
    answer = client_of(house.people["steward"]).post(address, given)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Membership.objects.filter(community=house.ours, user=nobody, steward=False).exists()


def test_a_steward_cannot_found_a_community(house: House) -> None:
    answer = client_of(house.people["steward"]).get(reverse("community:add"))
    assert (answer.status_code, answer.url) == (302, reverse("wagtailadmin_home"))


def test_a_protocol_that_is_in_use_is_not_deleted(house: House) -> None:
    protocol = Protocol.objects.create(slug="p", name="P", community=house.ours)
    lexicon("l", protocol).save()
    answer = client_of(house.people["steward"]).post(reverse("protocol:delete", args=[protocol.pk]))
    assert answer.status_code in {200, 302}
    assert Protocol.objects.filter(pk=protocol.pk).exists()


def test_who_has_left_manages_nothing(house: House) -> None:
    left = house.people["left"]
    assert not managed_communities(left).exists()
    assert not managed_protocols(left).exists()


def test_labels_are_known_codes_each_once() -> None:
    protocol = Protocol(slug="p", name="P")
    for wrong in (["TK A", "TK A"], ["TK ?"], "TK A", [1], {"TK A": 1}):
        protocol.labels = wrong  # type: ignore[assignment]
        with pytest.raises(ValidationError):
            protocol.full_clean()
    protocol.labels = list(LABELS)
    protocol.full_clean()
    assert [label.code for label in labels(["BC P", "gone", "TK A"])] == ["BC P", "TK A"]


def test_users_are_made_and_given_roles_in_wagtails_own_pages(house: House) -> None:
    client = client_of(house.people["administrator"])
    given = {
        "username": "new", "first_name": "N", "last_name": "N", "email": "n@example.org",
        "password1": "a long enough passphrase", "password2": "a long enough passphrase",
        "is_active": "on", "groups": [roles.group_of(roles.LINGUIST).pk],
    }  # fmt: skip
    answer = client.post(reverse("wagtailusers_users:add"), given)
    assert answer.status_code == 302, answer.context["form"].errors
    user = User.objects.get(username="new")
    assert user.groups.get() == roles.group_of(roles.LINGUIST)
    assert client.get(reverse("wagtailusers_users:edit", args=[user.pk])).status_code == 200
    assert client.get(reverse("wagtailusers_users:index")).status_code == 200
    group = reverse("wagtailusers_groups:edit", args=[roles.group_of(roles.STEWARD).pk])
    assert client.get(group).status_code == 200
