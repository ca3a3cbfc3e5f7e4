"""Collections lie in each other without a circle, are never more open than what they lie in, and have covers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from lxml import html

from access.domain import roles
from access.domain.gate import may_see, visible
from access.domain.viewer import anonymous, viewer_for
from access.models import Protocol
from library.domain import collections, documents, shelves
from library.models import Collection
from search.models import OutboxRow
from tests.access.houses import TODAY, build_house, build_protocols
from tests.library import samples
from tests.library.houses_of_files import scan

pytestmark = pytest.mark.django_db
EDIT = "wagtailsnippets_library_collection:edit"


@pytest.fixture
def shelf():
    """Three collections in each other."""
    top = samples.collection("top")
    middle = samples.collection("middle", parent=top)
    return top, middle, samples.collection("low", parent=middle)


@pytest.fixture
def closed():
    return Protocol.objects.create(slug="closed", name="Closed", level="restricted")


def lying_in(pk):
    return Collection.objects.get(pk=pk).parent_id


def test_a_collection_lies_neither_in_itself_nor_in_what_lies_in_it(shelf):
    top, middle, low = shelf
    for parent in (top, middle, low):
        top.parent = parent
        with pytest.raises(ValidationError):
            top.full_clean()
        with pytest.raises(ValidationError):
            top.save()
    assert lying_in(top.pk) is None


def test_so_many_collections_lie_in_each_other_and_no_more():
    above = None
    for n in range(collections.DEEPEST):
        above = samples.collection(f"c{n}", parent=above)
    with pytest.raises(ValidationError):
        samples.collection("too-deep", parent=above)
    with pytest.raises(ValidationError):
        top = Collection.objects.get(slug="c0")
        top.parent = samples.collection("new-top")
        top.save()


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_who_put_two_collections_into_each_other_one_is_told():
    one, other = samples.collection("one"), samples.collection("other")

    def put(pk, into):
        try:
            with transaction.atomic():
                mine = Collection.objects.get(pk=pk)
                mine.parent_id = into
                mine.save()
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(put, (one.pk, other.pk), (other.pk, one.pk)))
    assert sorted(done) == [False, True]
    assert (lying_in(one.pk), lying_in(other.pk)).count(None) == 1


def test_what_closes_a_collection_closes_what_lies_in_it_and_what_opens_it_opens_nothing(shelf, closed):
    top, middle, low = shelf
    record = samples.published("Deep", collection=low)
    day = timezone.localdate() + timedelta(days=30)
    top.protocol, top.embargo_until = closed, day
    top.save()
    for one in (middle, low, record):
        one.refresh_from_db()
    assert (middle.protocol, low.protocol, low.embargo_until) == (closed, closed, day)
    assert not may_see(record, anonymous())
    (document,) = documents.documents([record.pk])
    assert document.protocols == (closed.pk,) and document.embargo == day.toordinal()
    top.protocol, top.embargo_until = None, None
    top.save()
    low.refresh_from_db()
    assert (low.protocol, low.embargo_until) == (closed, day)


def test_what_is_put_into_a_closed_collection_is_closed_and_another_rule_is_refused(shelf, closed):
    top, _middle, _low = shelf
    theirs = Protocol.objects.create(slug="theirs", name="Theirs", level="restricted")
    vault = samples.collection("vault", protocol=closed)
    own = samples.collection("own", protocol=theirs)
    own.parent = vault
    with pytest.raises(ValidationError):
        own.full_clean()
    own.refresh_from_db()
    own.parent = top
    own.save()
    top.protocol = closed
    with pytest.raises(ValidationError):
        top.full_clean()
    late = samples.collection("late", parent=vault)
    assert late.protocol == closed
    samples.collection("embargoed", embargo_until=timezone.localdate() + timedelta(days=9))
    with pytest.raises(ValidationError):
        samples.collection("lifted", protocol=theirs, parent=Collection.objects.get(slug="embargoed"))


def test_nobody_sees_what_lies_in_a_collection_that_they_do_not_see():
    """For every person of the house, every protocol and embargo above, and every one below that is not refused."""
    house = build_house()
    build_protocols(house.ours)
    below = []
    protocols = [None, *Protocol.objects.filter(embargo_until=None)]
    rules = [(p, e) for p in protocols for e in (None, TODAY + timedelta(days=9))]
    for n, (protocol, embargo) in enumerate(rules):
        above = samples.collection(f"a{n}", protocol=protocol, embargo_until=embargo)
        for m, (own, day) in enumerate(rules):
            try:
                with transaction.atomic():
                    below.append(
                        samples.collection(f"b{n}-{m}", parent=above, protocol=own, embargo_until=day)
                    )
            except ValidationError:
                continue
    assert len(below) > len(rules)
    for name, user in house.people.items():
        seen = set(
            visible(Collection.objects.all(), viewer_for(user, today=TODAY)).values_list("pk", flat=True)
        )
        for one in below:
            assert one.pk not in seen or one.parent_id in seen, name


def test_records_are_counted_narrowed_and_indexed_with_all_that_their_collection_lies_in(client, shelf):
    top, middle, low = shelf
    record = samples.published("Deep", collection=low)
    samples.published("High", collection=top)
    (document,) = documents.documents([record.pk])
    assert document.facets["collection"] == ("low", "middle", "top")
    listed = client.get(reverse("records"), {"collection": "middle"}).content.decode()
    assert "Deep" in listed and "High" not in listed
    page = html.fromstring(client.get(reverse("collections")).content)
    assert page.xpath("//*[@class='shelf']/b/text()") == ["Top"]
    assert "2 " in page.xpath("//*[@class='shelf']/following-sibling::small")[0].text_content()
    inner = html.fromstring(client.get(reverse("collection", args=["low"])).content)
    trail = [link.get("href") for link in inner.xpath("//nav[@class='trail']//a")][2:]
    assert trail == [reverse("collection", args=[one]) for one in ("top", "middle")]
    OutboxRow.objects.all().delete()
    middle.parent = None
    middle.save()
    assert OutboxRow.objects.filter(type="record", object_id=record.pk).exists()
    (moved,) = documents.documents([record.pk])
    assert moved.facets["collection"] == ("low", "middle")
    assert moved.version > document.version


def test_a_collection_is_led_by_its_cover_or_the_first_picture_that_the_visitor_may_see(
    shelf, closed, client, django_assert_max_num_queries
):
    top, _middle, low = shelf
    first = scan(samples.published("First", collection=low))
    second = scan(samples.published("Second", collection=low))
    everybody = anonymous()

    def leading():
        (one,) = shelves.shelves(everybody)
        return one.cover.url if one.cover else ""

    def thumbnail(file):
        return reverse("record-file-thumbnail", args=[file.uuid, 1])

    assert leading() == thumbnail(first)
    top.cover = second
    top.save()
    assert leading() == thumbnail(second)
    second.protocol = closed
    second.save()
    assert leading() == thumbnail(first)
    first.protocol = closed
    first.save()
    assert leading() == ""
    for n in range(5):
        samples.collection(f"more{n}")
    with django_assert_max_num_queries(10):
        assert len(shelves.shelves(everybody)) == 6


def test_a_librarian_is_offered_covers_and_parents_that_they_see_and_is_told_of_a_circle(
    client, shelf, closed
):
    top, middle, low = shelf
    hidden = samples.collection("hidden", protocol=closed)
    elsewhere = scan(samples.published("Elsewhere"))
    client.force_login(samples.person("librarian", roles.LIBRARIAN))
    form = html.fromstring(client.get(reverse(EDIT, args=[middle.pk])).content)
    offered = {option.get("value") for option in form.xpath("//select[@name='parent']/option")}
    assert str(top.pk) in offered and not offered & {str(low.pk), str(middle.pk), str(hidden.pk)}
    given = {
        "title_vi": "M",
        "title_en": "",
        "slug": "middle",
        "description_vi": "",
        "description_en": "",
        "order": "1",
    }
    for wrong in ({"parent": low.pk}, {"parent": hidden.pk}, {"cover": elsewhere.pk}):
        answer = client.post(reverse(EDIT, args=[middle.pk]), {**given, **wrong})
        assert answer.status_code == 200
        assert lying_in(middle.pk) == top.pk
    own = scan(samples.published("Own", collection=low))
    answer = client.post(reverse(EDIT, args=[middle.pk]), {**given, "parent": top.pk, "cover": own.pk})
    assert answer.status_code == 302
    middle.refresh_from_db()
    assert middle.cover == own
