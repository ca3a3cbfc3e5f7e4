import copy

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import ModelLogEntry, Revision

from access.models import Protocol
from dictionary.domain import content as c
from dictionary.domain import documents, publish
from dictionary.models import Entry, Lexicon
from search.models import LookupRow, OutboxRow
from tests.dictionary import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def lexicon():
    return samples.lexicon()


def rows(entry, kind=None):
    found = LookupRow.objects.filter(type=documents.TYPE, object_id=entry.pk)
    return sorted(
        found.filter(kind=kind).values_list("text", flat=True)
        if kind
        else found.values_list("text", flat=True)
    )


def outbox(entry):
    mine = OutboxRow.objects.filter(type=documents.TYPE, object_id=entry.pk).order_by("pk")
    return list(mine.values_list("operation", flat=True))


def test_publishing_derives_columns_and_writes_rows_and_outbox(lexicon):
    entry = samples.published(lexicon, 0, "one", "two")
    assert entry.live and not entry.has_unpublished_changes
    assert (entry.headword, entry.gloss) == (samples.word(0), "one; two")
    assert bytes(entry.sort_key) == samples.writing().sort_key(samples.word(0))
    assert rows(entry, "headword") == [samples.word(0)]
    assert rows(entry, "gloss") == ["one", "two"]
    assert outbox(entry) == ["changed"]


def test_transliterations_are_rows_marked_as_derived(lexicon):
    entry = samples.published(lexicon, 0)
    spelled = samples.writing()
    expected = {spelled.transliterate(samples.word(0), scheme.target) for scheme in spelled.transliterations}
    assert set(rows(entry, "derived")) == expected - {samples.word(0)}
    assert rows(entry, "derived")


def test_a_written_form_is_not_derived_again(lexicon):
    spelled = samples.writing()
    scheme = spelled.transliterations[0]
    other = spelled.transliterate(samples.word(0), scheme.target)
    tree = samples.content(0)
    tree["forms"].append(c.form(scheme.target, other))
    entry = Entry(lexicon=lexicon, content=tree)
    publish.publish(entry)
    found = LookupRow.objects.filter(object_id=entry.pk, text=other)
    assert set(found.values_list("orthography", "kind")) >= {(scheme.target, "headword")}
    assert (scheme.target, "derived") not in found.values_list("orthography", "kind")


def test_a_draft_is_not_found_and_the_published_content_stays(lexicon):
    entry = samples.published(lexicon, 0, "old")
    before = outbox(entry)
    draft = Entry.objects.get(pk=entry.pk)
    draft.content = samples.content(1, "new")
    draft.save_revision()
    entry.refresh_from_db()
    assert entry.has_unpublished_changes
    assert rows(entry, "gloss") == ["old"] and outbox(entry) == before
    entry.latest_revision.publish()
    assert rows(entry, "gloss") == ["new"]


def test_content_that_is_not_valid_is_not_published_and_nothing_is_written(lexicon):
    entry = Entry(lexicon=lexicon, content={"forms": [{"lang": "not a tag", "text": "x"}]})
    with pytest.raises(ValidationError):
        publish.publish(entry)
    assert not Entry.objects.exists() and not OutboxRow.objects.exists()


def test_unpublishing_takes_the_rows_away_and_keeps_the_entry(lexicon):
    entry = samples.published(lexicon)
    publish.unpublish(entry)
    assert rows(entry) == [] and outbox(entry)[-1] == "deleted"
    assert not Entry.objects.get(pk=entry.pk).live


@pytest.mark.parametrize(
    "way",
    [
        lambda entry: entry.delete(),
        lambda entry: Entry.objects.filter(pk=entry.pk).delete(),
        lambda entry: publish.delete([entry.pk]),
        lambda entry: entry.lexicon.delete(),
        lambda entry: Lexicon.objects.filter(pk=entry.lexicon_id).delete(),
    ],
    ids=["instance", "queryset", "domain", "lexicon", "lexicons"],
)
def test_however_an_entry_is_deleted_search_forgets_it(lexicon, way):
    entry, pk = samples.published(lexicon), None
    pk = entry.pk
    way(entry)
    gone = Entry(pk=pk)
    assert rows(gone) == [] and "deleted" in outbox(gone)
    assert not Revision.objects.filter(object_id=str(pk), content_type__app_label="dictionary").exists()


def test_a_revision_never_reopens_what_was_closed_since(lexicon):
    entry = samples.published(lexicon)
    draft = Entry.objects.get(pk=entry.pk)
    draft.save_revision()
    closed = Protocol.objects.create(slug="closed", name="closed", level=Protocol.Level.RESTRICTED)
    Entry.objects.filter(pk=entry.pk).update(protocol=closed)
    Entry.objects.get(pk=entry.pk).latest_revision.publish()
    assert Entry.objects.get(pk=entry.pk).protocol == closed


def test_a_revision_of_an_entry_whose_protocol_is_gone_can_still_be_opened(lexicon):
    protocol = Protocol.objects.create(slug="passing", name="passing")
    entry = samples.published(lexicon)
    Entry.objects.filter(pk=entry.pk).update(protocol=protocol)
    Entry.objects.get(pk=entry.pk).save_revision()
    Entry.objects.filter(pk=entry.pk).update(protocol=None)
    protocol.delete()
    assert Entry.objects.get(pk=entry.pk).latest_revision.as_object().protocol_id is None


def test_many_are_written_at_once_with_rows_history_and_outbox(lexicon):
    changes = [
        publish.Change(f"id{n}", samples.content(n), fragment="<entry/>", source_order=n) for n in range(5)
    ]
    pks = publish.apply_many(lexicon, changes)
    entries = list(Entry.objects.order_by("source_order"))
    assert [entry.pk for entry in entries] == pks
    assert all(entry.live and entry.fragment_hash == c.digest(entry.content) for entry in entries)
    assert [rows(entry, "headword") for entry in entries] == [[samples.word(n)] for n in range(5)]
    assert all(outbox(entry) == ["changed"] for entry in entries)
    assert ModelLogEntry.objects.filter(action=publish.IMPORTED).count() == 5
    assert Revision.objects.count() == 0


def test_a_change_of_many_keeps_what_each_was_as_a_revision(lexicon):
    (pk,) = publish.apply_many(lexicon, [publish.Change("id", samples.content(0, "old"))])
    publish.apply_many(lexicon, [publish.Change("id", samples.content(0, "new"), pk=pk)])
    entry = Entry.objects.get(pk=pk)
    assert entry.gloss == "new" and rows(entry, "gloss") == ["new"]
    before, after = entry.revisions.order_by("pk")
    assert (before.as_object().gloss, after.as_object().gloss) == ("old", "new")
    assert entry.latest_revision == entry.live_revision == after
    before.publish()
    assert rows(entry, "gloss") == ["old"]


def test_the_first_edit_of_an_imported_entry_keeps_the_imported_state(lexicon):
    (pk,) = publish.apply_many(lexicon, [publish.Change("id", samples.content(0, "imported"))])
    entry = Entry.objects.get(pk=pk)
    entry.content = samples.content(0, "edited")
    publish.publish(entry)
    assert [each.as_object().gloss for each in entry.revisions.order_by("pk")] == ["imported", "edited"]


def test_a_failure_in_the_middle_of_many_writes_nothing(lexicon):
    twice = [publish.Change("same", samples.content(0)), publish.Change("same", samples.content(1))]
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        publish.apply_many(lexicon, twice)
    assert not Entry.objects.exists() and not LookupRow.objects.exists() and not OutboxRow.objects.exists()


def test_a_change_of_an_entry_of_another_lexicon_is_refused(lexicon):
    entry = samples.published(samples.lexicon("other"))
    with pytest.raises(Entry.DoesNotExist):
        publish.apply_many(lexicon, [publish.Change("id", samples.content(0), pk=entry.pk)])


@pytest.mark.parametrize(
    "change", [{"under_review": True}, {"slug": "renamed"}, {"gloss_languages": ["x-none"]}]
)
def test_a_change_of_the_lexicon_reaches_rows_and_outbox_of_its_entries(lexicon, change):
    entry = samples.published(lexicon)
    before = LookupRow.objects.filter(object_id=entry.pk).values_list("place", "parent").first()
    for name, value in change.items():
        setattr(lexicon, name, value)
    lexicon.save()
    after = LookupRow.objects.filter(object_id=entry.pk).values_list("place", "parent").first()
    assert outbox(entry) == ["changed", "changed"]
    assert (before == after) == ("gloss_languages" in change)


def test_a_new_protocol_of_the_lexicon_closes_the_rows_of_its_entries(lexicon):
    entry = samples.published(lexicon)
    open_to = LookupRow.objects.filter(object_id=entry.pk).values_list("audience__key", flat=True)[0]
    lexicon.protocol = Protocol.objects.create(slug="closed", name="closed", level=Protocol.Level.RESTRICTED)
    lexicon.save()
    closed_to = LookupRow.objects.filter(object_id=entry.pk).values_list("audience__key", flat=True)[0]
    assert open_to != closed_to == f"0:{lexicon.protocol_id}"


def test_documents_say_what_search_needs(lexicon):
    entry = samples.published(lexicon, 0, "one")
    other = samples.published(lexicon, 1, "two")
    publish.unpublish(other)
    (document,) = documents.documents([entry.pk, other.pk])
    assert (document.type, document.pk, document.parent) == ("entry", entry.pk, "sample")
    assert document.languages == (samples.writing().language,)
    assert samples.writing().script in document.scripts
    assert document.fields["meaning"] == ("one",)
    assert documents.versions([entry.pk, other.pk]) == {entry.pk: document.version}
    assert list(documents.all_pks()) == [entry.pk]


def test_short_words_rank_before_long_ones_and_reviewed_before_unreviewed(lexicon):
    short, long = samples.published(lexicon, 0), Entry(lexicon=lexicon, content=samples.content(0))
    long.content["forms"][0]["text"] = samples.word(0, length=5)
    publish.publish(long)
    orders = {each.pk: each.order for each in documents.documents([short.pk, long.pk])}
    assert orders[short.pk] < orders[long.pk]
    unreviewed = samples.published(samples.lexicon("draft", under_review=True), 0)
    assert next(documents.documents([short.pk])).order < next(documents.documents([unreviewed.pk])).order


def test_entry_keeps_content_exactly_through_revision_and_publication(lexicon):
    tree = samples.content(0, "one")
    tree["extra"] = ["<unknown a='1'/>"]
    tree["senses"][0]["traits"] = [{"name": "x", "value": " spaced "}]
    kept = copy.deepcopy(tree)
    entry = Entry(lexicon=lexicon, content=tree)
    publish.publish(entry)
    assert Entry.objects.get(pk=entry.pk).content == kept
    assert entry.latest_revision.as_object().content == kept
