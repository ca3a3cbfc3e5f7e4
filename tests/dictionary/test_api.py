"""The JSON API keeps to its own description, speaks the caller's language, and answers bad input with a problem."""

import json
from functools import cache

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from dictionary.interfaces.api.routes import api
from dictionary.models import Entry
from languages import registry
from tests.dictionary import samples, starter_house
from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json; charset=utf-8"


@pytest.fixture
def house():
    return starter_house.furnish(3)


@cache
def description():
    """The OpenAPI document as a client gets it."""
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))


def hold(answer, operation):
    """The answer has the shape that the description promises for its path and status."""
    responses = description()["paths"][f"/api/v1/{operation}"]["get"]["responses"]
    schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
    Draft202012Validator(schema | {"components": description()["components"]}).validate(answer.json())
    return answer.json()


def ask(client, name, *args, **data):
    return client.get(reverse(f"api:{name}", args=args), data)


def test_the_description_is_valid_openapi_and_is_served(client):
    validate(description())
    served = client.get("/api/v1/openapi.json").json()
    assert set(served["paths"]) == set(description()["paths"])


def test_every_operation_reads_only_and_is_explained():
    for path, operations in description()["paths"].items():
        assert set(operations) == {"get"}, path
        assert operations["get"]["summary"] and operations["get"]["description"]


def test_a_look_up_gives_hits_with_reasons_in_the_language_asked_for(client, house):
    entry = Entry.objects.first()
    reasons = set()
    for ui in ("vi", "en"):
        found = hold(ask(client, "lookup", q=entry.headword, ui=ui), "lookup")
        hit = next(hit for hit in found["hits"] if hit["id"] == str(entry.uuid))
        assert hit["tier"] == "exact" and hit["gloss_language"] == ui
        assert client.get(hit["url"]).status_code == 200
        reasons.add(hit["reason"])
    assert "exactly as typed" in reasons


def test_the_language_of_the_caller_is_taken_from_the_header_when_none_is_asked_for(client, house):
    address = reverse("api:languages")
    names = {}
    for header in ("vi", "en-GB,en;q=0.8", "fr, en;q=0.5", "xx", ""):
        answer = client.get(address, headers={"accept-language": header})
        names[header] = [each["name"] for each in hold(answer, "languages")["languages"]]
    assert names["vi"] != names["en-GB,en;q=0.8"] == names["fr, en;q=0.5"]
    assert names["xx"] == names[""] == names["vi"]


def test_suggestions_are_few_and_hold_to_the_description(client, house):
    found = hold(ask(client, "suggest", q="a"), "suggest")["suggestions"]
    assert 0 < len(found) <= 8


def test_pages_of_a_look_up_follow_by_cursor(client, house):
    first = hold(ask(client, "lookup", q="a", limit=2), "lookup")
    second = hold(ask(client, "lookup", q="a", limit=2, cursor=first["cursor"]), "lookup")
    ids = [hit["id"] for part in (first, second) for hit in part["hits"]]
    assert len(ids) == len(set(ids)) == 4


def test_an_entry_says_what_its_page_says(client, house):
    for entry in Entry.objects.select_related("lexicon"):
        found = hold(ask(client, "entry", entry.uuid), "entries/{id}")
        assert found["headword"]["text"] == entry.headword
        assert found["lexicon"]["licence"] == entry.lexicon.licence
        assert client.get(found["url"]).status_code == 200


def test_lexicons_and_languages_are_listed_with_what_is_known_of_them(client, house):
    found = hold(ask(client, "lexicons"), "lexicons")["lexicons"]
    assert {each["slug"]: each["entries"] for each in found} == {lexicon.slug: 3 for lexicon in house}
    codes = {each["code"] for each in hold(ask(client, "languages"), "languages")["languages"]}
    assert codes >= set(registry().profiles)


def test_a_language_answers_to_its_aliases(client):
    for profile in registry().profiles.values():
        for name in (profile.code, *profile.aliases):
            assert hold(ask(client, "language", name), "languages/{code}")["code"] == profile.code


def test_transliteration_is_that_of_the_profile(client):
    writing = samples.writing()
    for scheme in writing.transliterations:
        answer = ask(client, "transliterate", text=samples.word(), source=scheme.source, target=scheme.target)
        found = hold(answer, "transliterate")
        assert found["text"] == writing.transliterate(samples.word(), scheme.target)
        assert found["scheme"] and found["reversible"] is scheme.reversible


# --- bad input ---------------------------------------------------------------------------------------------------

BAD = [
    ("lookup", {}, 422), ("lookup", {"q": ""}, 400), ("lookup", {"q": "\u202e"}, 400),
    ("lookup", {"q": "x" * 5000}, 422),
    ("lookup", {"q": "x" * 900}, 400), ("lookup", {"q": "a", "limit": "many"}, 422),
    ("lookup", {"q": "a", "limit": "0"}, 422), ("lookup", {"q": "a", "limit": "101"}, 422),
    ("lookup", {"q": "a", "cursor": "nonsense"}, 400), ("lookup", {"q": "a", "language": "no tag"}, 400),
    ("lookup", {"q": "a", "lexicon": "none"}, 404), ("lookup", {"q": "a", "ui": "xx"}, 422),
    ("suggest", {}, 422), ("transliterate", {"text": "a"}, 422),
    ("transliterate", {"text": "a", "source": "-", "target": "vi-Latn"}, 400),
    ("transliterate", {"text": "a", "source": "vi-Latn", "target": "qaa-Cyrl"}, 400),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "status"), BAD)
@pytest.mark.parametrize("ui", ["vi", "en"])
def test_bad_input_is_answered_with_a_problem_in_the_callers_language(client, name, data, status, ui):
    answer = client.get(reverse(f"api:{name}"), data, headers={"accept-language": ui})
    assert answer.status_code == status
    assert answer["Content-Type"] == PROBLEM
    problem = hold(answer, name)
    assert problem["status"] == status and problem["detail"]
    vietnamese = not (problem["title"] + problem["detail"]).isascii()
    assert vietnamese == (ui == "vi") or problem["code"] == "malformed_tag"


@pytest.mark.parametrize(
    "address",
    ["/api/v1/nothing", "/api/v2/lookup", "/api/v1/entries/00000000-0000-0000-0000-000000000000",
     "/api/v1/entries/none", "/api/v1/languages/qqq"],
)  # fmt: skip
def test_what_is_not_there_is_a_problem_too(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


@given(
    st.dictionaries(
        st.sampled_from(["q", "language", "lexicon", "limit", "cursor", "ui"]), st.text(max_size=40)
    )
)
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_parameters_break_it(client, data):
    data = {key: value.encode("utf-8", "replace").decode() for key, value in data.items()}
    answer = client.get(reverse("api:lookup"), data)
    assert answer.status_code in {200, 400, 404, 422}
    hold(answer, "lookup")


# --- for whom, for how long --------------------------------------------------------------------------------------


def test_the_publics_answers_may_be_read_from_any_site_and_kept_for_a_while(client, house):
    answer = ask(client, "lookup", q="a")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=60"
    assert {"Cookie", "Accept-Language"} <= {each.strip() for each in answer["Vary"].split(",")}
    again = client.get(reverse("api:lookup"), {"q": "a"}, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_answers_of_somebody_logged_in_are_kept_by_nobody(client, house, admin_user):
    client.force_login(admin_user)
    assert ask(client, "lookup", q="a")["Cache-Control"] == "private, no-cache"


def test_problems_are_never_kept(client):
    assert ask(client, "lookup")["Cache-Control"] == "no-store"


def test_the_number_of_queries_does_not_grow_with_the_lexicons(client, house, django_assert_max_num_queries):
    ask(client, "lexicons")
    with django_assert_max_num_queries(3):
        ask(client, "lexicons")


def test_the_page_of_the_description_loads_nothing_from_other_sites(client):
    said = client.get(reverse("api:openapi-view")).content.decode()
    assert "http://" not in said and "https://" not in said


def test_every_operation_is_described_in_the_documentation():
    text = (REPOSITORY / "docs" / "api.md").read_text(encoding="utf-8")
    for path in description()["paths"]:
        assert f"`{path}" in text, path
