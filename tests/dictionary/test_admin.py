import copy
import io
import json
import wave

import pytest
from django.urls import reverse

from access.domain import roles
from access.models import Community, Membership, Protocol
from dictionary.domain import content as c
from dictionary.domain import publish
from dictionary.models import Entry, EntryFile, Lexicon
from search.models import LookupRow
from tests.dictionary import samples

pytestmark = pytest.mark.django_db

ENTRIES = "wagtailsnippets_dictionary_entry:"
LEXICONS = "wagtailsnippets_dictionary_lexicon:"


@pytest.fixture
def lexicon():
    return samples.lexicon()


@pytest.fixture
def linguist(client):
    user = samples.person("linguist", roles.LINGUIST)
    client.force_login(user)
    return user


@pytest.fixture
def reviewer(client):
    user = samples.person("reviewer", roles.REVIEWER)
    client.force_login(user)
    return user


def latest(entry):
    return Entry.objects.get(pk=entry.pk).get_latest_revision_as_object()


def save(client, entry, tree, **rest):
    return client.post(
        reverse(f"{ENTRIES}edit", args=[entry.pk]), {"content": json.dumps(tree), "content_files": "", **rest}
    )


def rich():
    """Content with all that the form does not show."""
    tree = samples.content(
        0, "one", "two", guid="a-guid", lift_id="an-id", order="2", created="2001-01-01T00:00:00Z"
    )
    tree["extra"] = ["<strange a='1'>kept</strange>"]
    tree["annotations"] = [{"name": "checked", "who": "me", "value": "yes"}]
    tree["traits"] = [{"name": "morph-type", "value": "stem"}]
    tree["fields"] = [{"id": "f1", "type": "custom", "forms": [c.form("x-spec", " spaced ")]}]
    first = tree["senses"][0]
    first["glosses"].append(c.form("x-else", "in a language the form does not offer"))
    first["reversals"] = [{"id": "r", "type": "x", "forms": [c.form("und", "z")], "main": {"id": "m"}}]
    first["pos"] = {"value": "Noun", "traits": [{"name": "slot", "value": "3"}]}
    first["definition"] = [
        {
            "lang": "und",
            "text": "some text",
            "spans": [{"start": 0, "end": 4, "class": "bold"}],
            "extra": ["<y/>"],
        }
    ]
    return c.with_ids(tree)


def test_saving_what_was_sent_unchanged_changes_nothing(client, lexicon, reviewer):
    tree = rich()
    entry = Entry(lexicon=lexicon, content=copy.deepcopy(tree))
    publish.publish(entry)
    page = client.get(reverse(f"{ENTRIES}edit", args=[entry.pk]))
    shown = page.context["form"]["content"].value()
    assert save(client, entry, shown, **{"action-publish": "1"}).status_code == 302
    assert Entry.objects.get(pk=entry.pk).content == tree


def test_plain_fields_edit_the_first_forms_and_nothing_else(client, lexicon, reviewer):
    entry = Entry(lexicon=lexicon, content=rich())
    publish.publish(entry)
    tag, gloss = samples.writing().tag, samples.GLOSSES[0]
    expected = rich()
    expected = copy.deepcopy(entry.content)
    expected["forms"][0]["text"] = samples.word(5)
    expected["senses"][0]["glosses"][0]["text"] = "changed"
    plain = {
        f"content-plain-headword-{tag}": samples.word(5),
        f"content-plain-gloss-{gloss}": "changed",
        f"content-plain-definition-{gloss}": "",
    }
    assert save(client, entry, entry.content, **plain).status_code == 302
    assert latest(entry).content == expected


def test_without_script_an_entry_is_made_from_plain_fields(client, lexicon, linguist):
    address = f"{reverse(f'{ENTRIES}add')}?lexicon={lexicon.pk}"
    page = client.get(address)
    assert f"content-plain-headword-{samples.writing().tag}" in page.text
    sent = {
        "content": "{}", "content_files": "", "lexicon": lexicon.pk,
        f"content-plain-headword-{samples.writing().tag}": samples.word(2),
        f"content-plain-gloss-{samples.GLOSSES[0]}": "plain",
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    entry = Entry.objects.get()
    assert not entry.live and entry.latest_revision is not None
    assert (entry.headword, entry.gloss) == (samples.word(2), "plain")
    assert not LookupRow.objects.exists()


def test_a_new_entry_asks_for_its_lexicon_first(client, lexicon, linguist):
    add = reverse(f"{ENTRIES}add")
    assert client.get(add).url == f"{add}?lexicon={lexicon.pk}"
    other = samples.lexicon("other")
    page = client.get(add)
    assert f"?lexicon={lexicon.pk}" in page.text and f"?lexicon={other.pk}" in page.text


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("{", "invalid"),
        ("[" * 100_000, "invalid"),
        ("[]", None),
        ('{"forms": [{"lang": "not a tag", "text": "x"}]}', None),
        ('{"forms": 1}', None),
        ('{"senses": [{"glosses": [{"lang": "und", "text": "a\\u0000"}]}]}', None),
        ('{"senses": [{"glosses": [{"lang": "und", "text": "\\ud800"}]}]}', None),
    ],
)
def test_content_that_is_not_valid_is_refused_with_a_message(client, lexicon, linguist, sent, code):
    entry = samples.published(lexicon)
    before = entry.revisions.count()
    page = client.post(reverse(f"{ENTRIES}edit", args=[entry.pk]), {"content": sent, "content_files": ""})
    assert page.status_code == 200
    assert page.context["form"].errors["content"]
    assert entry.revisions.count() == before


def test_a_message_stands_at_its_field(client, lexicon, linguist):
    entry = samples.published(lexicon)
    tree = copy.deepcopy(entry.content)
    tree["senses"][0]["glosses"][0]["lang"] = "not a tag"
    page = save(client, entry, tree)
    widget = page.context["form"].fields["content"].widget
    data = widget.get_context("content", tree, {})["widget"]["data"]
    assert list(data["errors"]) == ["senses[0].glosses[0].lang"]


def test_a_draft_may_lack_its_headword_but_is_not_published_so(client, lexicon, reviewer):
    entry = samples.published(lexicon)
    tree = {**copy.deepcopy(entry.content), "forms": []}
    assert save(client, entry, tree).status_code == 302
    page = save(client, entry, tree, **{"action-publish": "1"})
    assert page.status_code == 200 and page.context["form"].errors["content"]
    assert Entry.objects.get(pk=entry.pk).headword == samples.word(0)


def recording():
    stream = io.BytesIO()
    with wave.open(stream, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(400))
    stream.seek(0)
    stream.name = "said.wav"
    return stream


def test_an_upload_belongs_to_the_entry_once_it_is_saved(client, lexicon, reviewer):
    entry = samples.published(lexicon)
    answer = client.post(reverse("dictionary_admin:upload"), {"file": recording(), "kind": "audio"}).json()
    assert not EntryFile.objects.exists()
    tree = copy.deepcopy(entry.content)
    tree["pronunciations"] = [{"id": "p", "media": [{"id": "m", "href": answer["href"]}]}]
    tokens = json.dumps({answer["href"]: answer["token"]})
    assert save(client, entry, tree, content_files=tokens, **{"action-publish": "1"}).status_code == 302
    file = EntryFile.objects.get()
    assert (file.entry, file.href) == (entry, answer["href"])
    client.logout()
    assert client.get(reverse("entry-file-named", args=[file.uuid, file.name])).status_code == 200


def test_an_upload_of_another_kind_or_person_is_refused(client, lexicon, linguist):
    entry = samples.published(lexicon)
    page = io.BytesIO(b"<html>")
    page.name = "x.mp3"
    assert client.post(reverse("dictionary_admin:upload"), {"file": page}).status_code == 400
    assert (
        client.post(reverse("dictionary_admin:upload"), {"file": recording(), "kind": "image"}).status_code
        == 400
    )
    assert client.post(reverse("dictionary_admin:upload")).status_code == 400
    answer = client.post(reverse("dictionary_admin:upload"), {"file": recording()}).json()
    client.force_login(samples.person("other", roles.LINGUIST))
    for tokens in (json.dumps({answer["href"]: answer["token"]}), '{"a": "forged"}', "[", "[]", '{"a": 1}'):
        assert save(client, entry, entry.content, content_files=tokens).status_code == 200
    assert not EntryFile.objects.exists()


def test_uploading_takes_somebody_who_edits(client, lexicon):
    assert client.post(reverse("dictionary_admin:upload"), {"file": recording()}).status_code == 302
    client.force_login(samples.person("steward", roles.STEWARD))
    assert client.post(reverse("dictionary_admin:upload"), {"file": recording()}).status_code in {302, 403}


def test_related_entries_are_found_by_the_look_up(client, lexicon, linguist):
    entry = samples.published(lexicon, 0, "one", lift_id="its-id")
    address = reverse("dictionary_admin:entries", args=[lexicon.pk])
    found = client.get(address, {"q": samples.word(0)}).json()["entries"]
    assert found == [{"ref": "its-id", "label": f"{entry.headword} — one"}]
    assert client.get(address, {"q": "x" * 20_000}).json() == {"entries": []}
    assert client.get(address, {"q": ""}).json() == {"entries": []}


def test_the_list_finds_by_key_by_meaning_and_drafts(client, lexicon, linguist):
    samples.published(lexicon, 0, "one")
    draft = Entry(lexicon=lexicon, content=samples.content(3, "drafted"), live=False)
    draft.save()
    for query, expected in (
        (samples.word(0), ["one"]),
        ("one", ["one"]),
        ("drafted", ["drafted"]),
        ("nothing", []),
    ):
        page = client.get(reverse(f"{ENTRIES}list"), {"q": query})
        assert [entry.gloss for entry in page.context["object_list"]] == expected
    page = client.get(reverse(f"{ENTRIES}list"), {"live": "false"})
    assert [entry.gloss for entry in page.context["object_list"]] == ["drafted"]


def test_the_list_asks_the_database_no_more_for_more_entries(
    client, lexicon, linguist, django_assert_max_num_queries
):
    address = reverse(f"{ENTRIES}list")
    client.get(address)
    samples.published(lexicon, 0)
    with django_assert_max_num_queries(60) as few:
        client.get(address)
    for number in range(1, 12):
        samples.published(lexicon, number)
    with django_assert_max_num_queries(len(few)):
        client.get(address)


@pytest.mark.parametrize(
    "name", ["edit", "delete", "inspect", "history", "usage", "unpublish", "preview_on_edit"]
)
def test_what_a_person_may_not_see_is_not_there(client, lexicon, name):
    community = Community.objects.create(slug="ours", name="ours")
    closed = Protocol.objects.create(slug="ours", name="ours", community=community, level="community")
    entry = samples.published(lexicon)
    Entry.objects.filter(pk=entry.pk).update(protocol=closed)
    user = samples.person("both", roles.REVIEWER, roles.LINGUIST)
    client.force_login(user)
    address = reverse(f"{ENTRIES}{name}", args=[entry.pk])
    assert client.get(address).status_code == 404
    assert samples.word(0) not in client.get(reverse(f"{ENTRIES}list")).text
    Membership.objects.create(user=user, community=community)
    assert client.get(address).status_code == 200


def test_every_page_of_an_entry_and_a_lexicon_opens(client, lexicon):
    entry = Entry(lexicon=lexicon, content=rich())
    publish.publish(entry)
    entry.content = {**copy.deepcopy(entry.content), "order": "3"}
    publish.publish(entry)
    client.force_login(samples.person("admin", is_superuser=True))
    for name in (
        "edit",
        "delete",
        "inspect",
        "history",
        "usage",
        "unpublish",
        "preview_on_edit",
        "workflow_history",
    ):
        assert client.get(reverse(f"{ENTRIES}{name}", args=[entry.pk])).status_code == 200
    for name in ("edit", "delete", "inspect", "history", "usage"):
        assert client.get(reverse(f"{LEXICONS}{name}", args=[lexicon.pk])).status_code == 200
    assert client.get(reverse(f"{LEXICONS}add")).status_code == 200
    one, two = entry.revisions.order_by("pk")
    page = client.get(reverse(f"{ENTRIES}revisions_compare", args=[entry.pk, one.pk, two.pk]))
    assert '<span class="deletion">2</span>' in page.text and '<span class="addition">3</span>' in page.text
    for name in ("revisions_view", "revisions_revert"):
        assert client.get(reverse(f"{ENTRIES}{name}", args=[entry.pk, one.pk])).status_code == 200
    assert client.get(reverse(f"{ENTRIES}list"), {"export": "csv"}).status_code == 200


def test_the_preview_shows_the_public_page_of_what_stands_in_the_form(client, lexicon, linguist):
    entry = samples.published(lexicon)
    tree = copy.deepcopy(entry.content)
    tree["senses"][0]["glosses"][0]["text"] = "previewed"
    address = reverse(f"{ENTRIES}preview_on_edit", args=[entry.pk])
    answer = client.post(address, {"content": json.dumps(tree), "content_files": ""})
    assert answer.json() == {"is_valid": True, "is_available": True}
    assert "previewed" in client.get(address).text
    assert Entry.objects.get(pk=entry.pk).content == entry.content


def test_reverting_brings_an_older_version_back_as_a_new_one(client, lexicon, reviewer):
    entry = samples.published(lexicon, 0, "old")
    first = Entry.objects.get(pk=entry.pk).latest_revision
    entry.content = {**copy.deepcopy(entry.content), "senses": samples.content(0, "new")["senses"]}
    publish.publish(entry)
    address = reverse(f"{ENTRIES}revisions_revert", args=[entry.pk, first.pk])
    page = client.get(address)
    tree = page.context["form"]["content"].value()
    sent = {"content": json.dumps(tree), "content_files": "", "action-publish": "1"}
    assert client.post(address, sent).status_code == 302
    assert Entry.objects.get(pk=entry.pk).gloss == "old"
    assert entry.revisions.count() == 3


# --- lexicons -------------------------------------------------------------------------------------------


def lexicon_data(**changes):
    spelled = samples.writing()
    return {
        "title_vi": "Từ điển", "title_en": "", "slug": "made", "description_vi": "", "description_en": "",
        "language": spelled.language, "orthography": spelled.tag, "gloss_languages": "vi, en", "authors": "",
        "year": "", "citation": "", "source_url": "", "licence": "", **changes,
    }  # fmt: skip


def test_a_linguist_makes_a_lexicon_and_a_contributor_does_not(client, linguist):
    assert client.post(reverse(f"{LEXICONS}add"), lexicon_data()).status_code == 302
    made = Lexicon.objects.get()
    assert (made.gloss_languages, str(made)) == (["vi", "en"], "Từ điển")
    client.force_login(samples.person("contributor", roles.CONTRIBUTOR))
    client.post(reverse(f"{LEXICONS}add"), lexicon_data(slug="another"))
    assert Lexicon.objects.count() == 1


@pytest.mark.parametrize("name", ["language", "orthography", "gloss_languages"])
def test_a_malformed_tag_is_refused_at_its_field(client, linguist, name):
    page = client.post(reverse(f"{LEXICONS}add"), lexicon_data(**{name: "not a tag"}))
    assert page.status_code == 200 and list(page.context["form"].errors) == [name]


def test_only_stewards_decide_who_sees_a_lexicon(client, lexicon):
    community = Community.objects.create(slug="ours", name="ours")
    ours = Protocol.objects.create(slug="ours", name="ours", community=community, level="community")
    theirs = Protocol.objects.create(
        slug="theirs", name="theirs", level="community",
        community=Community.objects.create(slug="theirs", name="theirs"),
    )  # fmt: skip
    address = reverse(f"{LEXICONS}edit", args=[lexicon.pk])
    client.force_login(samples.person("linguist", roles.LINGUIST))
    client.post(address, lexicon_data(slug="sample", protocol=ours.pk))
    assert Lexicon.objects.get().protocol is None
    steward = samples.person("steward", roles.LINGUIST, roles.STEWARD)
    Membership.objects.create(user=steward, community=community, steward=True)
    client.force_login(steward)
    assert client.post(address, lexicon_data(slug="sample", protocol=theirs.pk)).status_code == 200
    assert client.post(address, lexicon_data(slug="sample", protocol=ours.pk)).status_code == 302
    assert Lexicon.objects.get().protocol == ours


# --- selections and duplicates --------------------------------------------------------------------------


def bulk(action, *entries):
    ids = "&".join(f"id={entry.pk}" for entry in entries)
    return f"{reverse('wagtail_bulk_action', args=['dictionary', 'entry', action])}?{ids}"


def test_a_reviewer_adds_a_domain_and_a_licence_to_a_selection(client, lexicon, reviewer):
    one, two = samples.published(lexicon, 0), samples.published(lexicon, 1)
    assert client.get(bulk("add_domain", one, two)).status_code == 200
    assert client.post(bulk("add_domain", one, two), {"domain": "5.2 Food"}).status_code == 302
    assert client.post(bulk("set_licence", one, two), {"licence": "CC-BY-4.0"}).status_code == 302
    for entry in (one, two):
        tree = Entry.objects.get(pk=entry.pk).content
        assert tree["senses"][0]["traits"][0]["value"] == "5.2 Food"
        assert tree["sources"][0]["licence"] == "CC-BY-4.0"


def test_a_selection_is_deleted_except_what_is_locked(client, lexicon, reviewer):
    one, locked = samples.published(lexicon, 0), samples.published(lexicon, 1)
    Entry.objects.filter(pk=locked.pk).update(locked=True)
    assert client.get(bulk("delete", one, locked)).status_code == 200
    assert client.post(bulk("delete", one, locked)).status_code == 302
    assert list(Entry.objects.all()) == [locked]
    assert not LookupRow.objects.filter(object_id=one.pk).exists()


def test_a_contributor_changes_no_selection(client, lexicon):
    entry = samples.published(lexicon)
    client.force_login(samples.person("contributor", roles.CONTRIBUTOR))
    for action, sent in (("add_domain", {"domain": "x"}), ("delete", {}), ("set_protocol", {"protocol": ""})):
        client.post(bulk(action, entry), sent)
    assert Entry.objects.get().content == entry.content


def test_a_selection_never_reaches_what_the_person_may_not_see(client, lexicon, reviewer):
    entry = samples.published(lexicon)
    closed = Protocol.objects.create(slug="closed", name="closed", level="restricted")
    Entry.objects.filter(pk=entry.pk).update(protocol=closed)
    page = client.get(bulk("delete", entry))
    assert samples.word(0) not in page.text
    client.post(bulk("delete", entry))
    assert Entry.objects.exists()


def test_a_steward_sets_who_sees_a_selection(client, lexicon):
    community = Community.objects.create(slug="ours", name="ours")
    ours = Protocol.objects.create(slug="ours", name="ours", community=community, level="community")
    entry = samples.published(lexicon)
    steward = samples.person("steward", roles.STEWARD)
    Membership.objects.create(user=steward, community=community, steward=True)
    client.force_login(steward)
    assert client.post(bulk("set_protocol", entry), {"protocol": ours.pk}).status_code == 302
    assert Entry.objects.get().protocol == ours


def test_a_reviewer_finds_compares_and_merges_duplicates(client, lexicon, reviewer):
    one, two = samples.published(lexicon, 0, "a"), samples.published(lexicon, 0, "b")
    page = client.get(reverse("dictionary_admin:duplicates"))
    assert [[entry.pk for entry in group] for group in page.context["groups"]] == [[one.pk, two.pk]]
    address = f"{reverse('dictionary_admin:merge')}?entry={one.pk}&entry={two.pk}"
    assert '<span class="addition">b</span>' in client.get(address).text
    assert client.post(address, {"winner": two.pk}).status_code == 302
    assert not Entry.objects.get(pk=one.pk).live
    assert Entry.objects.get(pk=two.pk).gloss == "b; a"


def test_merging_takes_a_reviewer_and_two_entries(client, lexicon, linguist):
    assert client.get(reverse("dictionary_admin:duplicates")).status_code in {302, 403}
    client.force_login(samples.person("reviewer", roles.REVIEWER))
    assert client.get(reverse("dictionary_admin:merge"), {"entry": "1"}).status_code == 404
    assert client.get(reverse("dictionary_admin:merge"), {"entry": "x"}).status_code == 404
