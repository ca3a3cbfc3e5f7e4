import pytest

from access.models import Protocol
from dictionary.domain import bulk, duplicates, protocols, publish
from dictionary.models import Entry
from search.models import LookupRow
from tests.dictionary import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def lexicon():
    return samples.lexicon()


def again(entry):
    return Entry.objects.select_related("lexicon").get(pk=entry.pk)


def gloss_rows(entry):
    return set(LookupRow.objects.filter(object_id=entry.pk, kind="gloss").values_list("text", flat=True))


def test_published_entries_with_the_same_letters_are_candidates(lexicon):
    one, two = samples.published(lexicon, 0, "a"), samples.published(lexicon, 0, "b")
    samples.published(lexicon, 3)
    samples.published(samples.lexicon("other"), 0)
    assert duplicates.candidates(lexicon) == [[one.pk, two.pk]]
    publish.unpublish(two)
    assert duplicates.candidates(lexicon) == []


def test_merging_unites_repoints_and_takes_the_loser_off_the_site(lexicon):
    winner, loser = samples.published(lexicon, 0, "a"), samples.published(lexicon, 0, "b", lift_id="loser")
    pointing = samples.published(lexicon, 3, relations=[{"type": "synonym", "ref": "loser"}])
    done = duplicates.merge_entries(winner, loser)
    assert (done.repointed, done.left) == (1, ())
    assert gloss_rows(winner) == {"a", "b"} and gloss_rows(loser) == set()
    assert again(pointing).content["relations"][0]["ref"] == duplicates.ref(again(winner))
    gone = again(loser)
    assert not gone.live
    assert gone.content["annotations"][-1]["name"] == duplicates.NOTE


def test_a_merge_is_undone_through_revisions(lexicon):
    winner, loser = samples.published(lexicon, 0, "a"), samples.published(lexicon, 0, "b")
    duplicates.merge_entries(winner, loser)
    for entry in (winner, loser):
        before = again(entry).revisions.order_by("pk").first()
        before.publish()
    assert gloss_rows(winner) == {"a"} and gloss_rows(loser) == {"b"}
    assert again(loser).live and "annotations" not in again(loser).content


def test_entries_that_somebody_works_on_are_not_merged_and_not_repointed(lexicon):
    winner, loser = samples.published(lexicon, 0, "a"), samples.published(lexicon, 0, "b", lift_id="loser")
    busy = samples.published(lexicon, 3, relations=[{"type": "synonym", "ref": "loser"}])
    again(busy).save_revision()
    done = duplicates.merge_entries(winner, loser)
    assert done.left == (busy,) and again(busy).content["relations"][0]["ref"] == "loser"
    third = samples.published(lexicon, 0, "c")
    Entry.objects.filter(pk=third.pk).update(locked=True)
    with pytest.raises(duplicates.MergeRefusedError) as refused:
        duplicates.merge_entries(again(winner), again(third))
    assert refused.value.code == "busy"


def test_only_two_entries_of_one_lexicon_are_merged(lexicon):
    one, other = samples.published(lexicon), samples.published(samples.lexicon("other"))
    for pair, code in (((one, one), "same"), ((one, other), "other-lexicon")):
        with pytest.raises(duplicates.MergeRefusedError) as refused:
            duplicates.merge_entries(*pair)
        assert refused.value.code == code


def test_a_domain_is_added_to_a_selection_with_revisions_and_without_touching_drafts(lexicon):
    one, two, busy = (samples.published(lexicon, number) for number in range(3))
    again(busy).save_revision()
    draft = Entry(lexicon=lexicon, content=samples.content(4), live=False)
    draft.save()
    left = bulk.add_domain([again(each) for each in (one, two, busy, draft)], "5.2 Food")
    assert left == [busy]
    for entry in (one, two, draft):
        assert again(entry).content["senses"][0]["traits"] == [{"name": bulk.DOMAIN, "value": "5.2 Food"}]
        assert again(entry).revisions.exists()
    assert not again(draft).live and not LookupRow.objects.filter(object_id=draft.pk).exists()
    assert bulk.add_domain([again(one)], "5.2 Food") == []
    assert len(again(one).content["senses"][0]["traits"]) == 1


def test_a_licence_is_set_on_the_sources_or_on_a_new_one(lexicon):
    bare = samples.published(lexicon, 0)
    sourced = samples.published(lexicon, 1, sources=[{"title": "A book"}])
    bulk.set_licence([again(bare), again(sourced)], "CC-BY-4.0")
    assert [source["licence"] for source in again(bare).content["sources"]] == ["CC-BY-4.0"]
    assert again(sourced).content["sources"][0]["title"] == "A book"
    assert again(sourced).content["sources"][0]["licence"] == "CC-BY-4.0"


def test_a_protocol_of_a_selection_holds_at_once_for_rows_and_drafts(lexicon):
    entry = samples.published(lexicon)
    again(entry).save_revision()
    closed = Protocol.objects.create(slug="closed", name="closed", level=Protocol.Level.RESTRICTED)
    protocols.set_protocol([again(entry)], closed)
    keys = LookupRow.objects.filter(object_id=entry.pk).values_list("audience__key", flat=True)
    assert set(keys) == {f"0:{closed.pk}"}
    assert again(entry).has_unpublished_changes
