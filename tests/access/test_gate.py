"""The gate: queryset and predicate agree everywhere, say what the documentation says, and fail closed."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.domain.gate import may_see, protocols_of, visible
from access.domain.viewer import Viewer, anonymous, nobody, viewer_for
from access.models import Community, Protocol, User
from dictionary.models import Entry, EntryFile, Lexicon
from media_pipeline.models import Blob
from tests.access.houses import (
    EMBARGOES,
    FUTURE,
    PAST,
    TODAY,
    House,
    build_house,
    build_protocols,
    entry,
    lexicon,
)

pytestmark = pytest.mark.django_db


def viewers_of(house: House) -> dict[str, Viewer]:
    return {name: viewer_for(user, today=TODAY) for name, user in house.people.items()}


def test_queryset_and_predicate_agree_on_every_combination_of_entry_and_lexicon() -> None:
    house = build_house()
    protocols = [None, *build_protocols(house.ours)]
    lexicons = Lexicon.objects.bulk_create(
        lexicon(f"l{n}", protocol, embargo)
        for n, (protocol, embargo) in enumerate(itertools.product(protocols, EMBARGOES))
    )
    combinations = itertools.product(lexicons, protocols, (None, PAST, FUTURE), (True, False))
    Entry.objects.bulk_create(
        entry(f"e{n}", parent, protocol, embargo, live)
        for n, (parent, protocol, embargo, live) in enumerate(combinations)
    )
    entries = list(Entry.objects.select_related("lexicon").defer("content", "fragment", "lexicon__header"))
    for name, viewer in viewers_of(house).items():
        by_queryset = set(visible(Entry.objects.all(), viewer).order_by().values_list("pk", flat=True))
        assert by_queryset == {one.pk for one in entries if may_see(one, viewer)}, name
        with_drafts = (
            visible(Entry.objects.all(), viewer, drafts=True).order_by().values_list("pk", flat=True)
        )
        assert set(with_drafts) == {one.pk for one in entries if may_see(one, viewer, drafts=True)}, name
        by_queryset = set(visible(Lexicon.objects.all(), viewer).values_list("pk", flat=True))
        assert by_queryset == {one.pk for one in lexicons if may_see(one, viewer)}, name


def test_queryset_and_predicate_agree_through_two_parents() -> None:
    house = build_house()
    build_protocols(house.ours)
    other = Protocol.objects.create(slug="other", name="Other", community=house.theirs, level="restricted")
    some = [None, other, *Protocol.objects.filter(community=house.ours, embargo_until=None)]
    parents = Lexicon.objects.bulk_create(
        lexicon(f"l{n}", protocol, embargo)
        for n, (protocol, embargo) in enumerate(itertools.product(some, (None, FUTURE)))
    )
    entries = Entry.objects.bulk_create(
        entry(f"e{n}", parent, protocol, embargo, live)
        for n, (parent, protocol, embargo, live) in enumerate(
            itertools.product(parents, some, (None, FUTURE), (True, False))
        )
    )
    blob = Blob.objects.create(sha256="0" * 64, size=0, media_type="audio/mpeg")
    EntryFile.objects.bulk_create(
        EntryFile(entry=one, href=str(n), blob=blob, protocol=protocol, embargo_until=embargo)
        for n, (one, protocol, embargo) in enumerate(itertools.product(entries, some, (None, FUTURE)))
    )
    files = list(EntryFile.objects.select_related("entry__lexicon"))
    for name, viewer in viewers_of(house).items():
        by_queryset = set(visible(EntryFile.objects.all(), viewer).values_list("pk", flat=True))
        assert by_queryset == {one.pk for one in files if may_see(one, viewer)}, name


EVERYBODY = {
    "public",
    "nobody",
    "member",
    "steward",
    "outsider",
    "foreign steward",
    "administrator",
    "superuser",
    "left",
}
ADMINISTRATORS = {"administrator", "superuser"}
STEWARDS = {"steward"} | ADMINISTRATORS
MEMBERS = {"member"} | STEWARDS


@pytest.mark.parametrize(
    ("level", "owned", "protocol_embargo", "own_embargo", "seen_by"),
    [
        ("public", True, None, None, EVERYBODY),
        ("public", True, PAST, PAST, EVERYBODY),
        ("public", True, TODAY, TODAY, EVERYBODY),
        ("public", True, FUTURE, None, STEWARDS),
        ("public", True, None, FUTURE, STEWARDS),
        ("public", False, None, None, EVERYBODY),
        ("public", False, FUTURE, None, ADMINISTRATORS),
        ("public", False, None, FUTURE, ADMINISTRATORS),
        ("community", True, None, None, MEMBERS),
        ("community", True, FUTURE, None, STEWARDS),
        ("community", True, None, FUTURE, STEWARDS),
        ("community", False, None, None, ADMINISTRATORS),
        ("restricted", True, None, None, STEWARDS),
        ("restricted", True, FUTURE, FUTURE, STEWARDS),
        ("restricted", False, None, None, ADMINISTRATORS),
        ("unheard-of", True, None, None, ADMINISTRATORS),
    ],
)
def test_each_level_is_seen_by_whom_the_documentation_says(
    level: str, owned: bool, protocol_embargo: date | None, own_embargo: date | None, seen_by: set[str]
) -> None:
    house = build_house()
    protocol = Protocol.objects.create(
        slug="p",
        name="P",
        level=level,
        community=house.ours if owned else None,
        embargo_until=protocol_embargo,
    )
    one = lexicon("l", protocol, own_embargo)
    one.save()
    assert {name for name, viewer in viewers_of(house).items() if may_see(one, viewer)} == seen_by


def test_an_embargo_without_a_protocol_is_lifted_for_administrators_alone() -> None:
    house = build_house()
    one = lexicon("l", embargo=FUTURE)
    one.save()
    assert {name for name, viewer in viewers_of(house).items() if may_see(one, viewer)} == ADMINISTRATORS


def test_a_steward_of_the_entry_does_not_lift_the_embargo_of_another_communitys_lexicon() -> None:
    house = build_house()
    ours = Protocol.objects.create(slug="ours", name="Ours", community=house.ours)
    theirs = Protocol.objects.create(slug="theirs", name="Theirs", community=house.theirs)
    parent = lexicon("l", theirs, FUTURE)
    parent.save()
    one = entry("e", parent, ours)
    Entry.objects.bulk_create([one])
    viewer = viewer_for(house.people["steward"], today=TODAY)
    assert not may_see(one, viewer)
    assert not visible(Entry.objects.all(), viewer).exists()


def test_a_protocol_made_after_the_viewer_was_computed_is_not_visible() -> None:
    house = build_house()
    everyone = viewers_of(house)
    one = lexicon("l", Protocol.objects.create(slug="new", name="New"))
    one.save()
    assert not any(may_see(one, viewer) for viewer in everyone.values())
    assert not any(visible(Lexicon.objects.all(), viewer).exists() for viewer in everyone.values())


def test_what_is_not_stored_is_not_visible() -> None:
    assert not may_see(lexicon("l"), nobody())


def test_a_model_that_nothing_protects_is_refused_rather_than_shown() -> None:
    with pytest.raises(TypeError, match="Protected"):
        visible(Community.objects.all(), nobody())
    with pytest.raises(TypeError, match="Protected"):
        may_see(Community.objects.create(slug="c", name="C"), nobody())


def test_a_thousand_entries_of_many_lexicons_cost_one_query() -> None:
    parents = Lexicon.objects.bulk_create(lexicon(f"l{n}") for n in range(50))
    Entry.objects.bulk_create(entry(f"e{n}", parents[n % 50]) for n in range(1000))
    viewer = anonymous()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(list(visible(Entry.objects.defer("content"), viewer))) == 1000
    assert len(queries) == 1


def test_a_viewer_costs_two_queries_and_the_public_one() -> None:
    house = build_house()
    build_protocols(house.ours)
    for name, user in house.people.items():
        with CaptureQueriesContext(connection) as queries:
            viewer_for(user)
        assert len(queries) == (1 if name == "public" else 2), name


def test_what_an_index_keeps_leads_to_the_same_answer() -> None:
    house = build_house()
    protocols = [None, *build_protocols(house.ours)]
    parents = Lexicon.objects.bulk_create(
        lexicon(f"l{n}", protocol, embargo)
        for n, (protocol, embargo) in enumerate(itertools.product(protocols, EMBARGOES))
    )
    for viewer in viewers_of(house).values():
        for one in parents:
            assert viewer.permits(*protocols_of(one)) == may_see(one, viewer)


def test_allowed_and_forbidden_hold_every_protocol_once() -> None:
    house = build_house()
    every = {protocol.pk for protocol in build_protocols(house.ours)}
    for viewer in viewers_of(house).values():
        assert viewer.allowed | viewer.forbidden == every
        assert not viewer.allowed & viewer.forbidden


def test_somebody_who_was_shut_out_since_logging_in_is_the_public() -> None:
    user = User.objects.create_superuser("late")
    User.objects.update(is_active=False)
    assert not viewer_for(user).sees_embargoed
