"""The public pages: every one opens, says what it must, and shows nobody what is closed to them."""

import json
import re
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import html

from access.domain import roles
from access.models import Community, Membership, Protocol, User
from dictionary.domain.derived import orthography
from dictionary.domain.presentation import slug
from dictionary.interfaces.addresses import entry_address as entry_address_of
from dictionary.models import Entry, Lexicon, Report
from languages import registry
from search.models import LookupRow
from tests.dictionary import samples, starter_house
from tests.search import house as search_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return starter_house.furnish(5)


def page(client, address, status=200, **data):
    response = client.get(address, data)
    assert response.status_code == status, (address, response.status_code)
    return html.fromstring(response.content)


def entry_address(entry):
    return reverse("entry", args=[entry.uuid, slug(entry.headword)])


def every_page(house):
    """One address of every kind of page."""
    entry = Entry.objects.select_related("lexicon").first()
    writing = orthography(entry.lexicon.orthography)
    yield from (reverse("lookup"), reverse("lookup") + "?q=a", reverse("languages"), reverse("about"))
    yield entry_address(entry)
    yield reverse("report", args=[entry.uuid])
    yield reverse("language", args=[writing.language])
    yield reverse("lexicon", args=[entry.lexicon.slug])
    yield reverse(
        "alphabet-letter", args=[writing.language, writing.tag, writing.first_letter(entry.headword)]
    )
    gloss = orthography("vi").first_letter(entry.gloss)
    yield reverse("reversal-letter", args=[writing.language, "vi", gloss])


def test_every_page_has_a_title_one_heading_one_main_part_and_both_languages(client, house):
    for address in list(every_page(house)):
        for prefix in ("", "/en"):
            found = page(client, prefix + address)
            assert found.get("lang") == ("en" if prefix else "vi"), prefix + address
            assert found.findtext(".//title").strip()
            assert len(found.findall(".//h1")) == 1, address
            assert len(found.findall(".//main")) == 1
            links = {
                link.get("hreflang"): link.get("href") for link in found.findall(".//link[@rel='alternate']")
            }
            path = address.split("?")[0]
            assert unquote(links["en"]) == unquote(f"{settings.BASE_URL}/en{path}")
            assert unquote(links["vi"]) == unquote(f"{settings.BASE_URL}{path}")
            switch = found.xpath("//nav[@class='language-switch']/a/@href")
            assert [unquote(each) for each in switch] == [unquote(address if prefix else f"/en{address}")]


def test_no_page_holds_inline_scripts_styles_or_addresses_of_other_sites(client, house):
    for address in list(every_page(house)):
        found = page(client, address)
        assert not found.xpath(
            "//style | //@style | //@onclick | //script[not(@src)][not(@type='application/ld+json')]"
        )
        for loaded in found.xpath(
            "//script/@src | //img/@src | //link[@rel='stylesheet']/@href | //audio/@src"
        ):
            assert loaded.startswith("/"), loaded


def test_every_field_has_a_label_and_every_id_stands_once(client, house):
    for address in list(every_page(house)):
        found = page(client, address)
        ids = found.xpath("//@id")
        assert len(ids) == len(set(ids)), address
        labelled = set(found.xpath("//label/@for"))
        for field in found.xpath("//input[not(@type='hidden')] | //select | //textarea"):
            assert field.get("id") in labelled, address


def test_an_entry_page_shows_headword_meaning_source_licence_and_citation(client, house):
    for entry in Entry.objects.select_related("lexicon").order_by("?")[:8]:
        found = page(client, entry_address(entry))
        text = found.text_content()
        head = found.find(".//h1")
        assert head.text == entry.headword
        assert head.get("lang") and head.get("dir") and head.get("data-script")
        for part in (entry.gloss, entry.lexicon.title, entry.lexicon.licence, entry.lexicon.authors):
            assert part in text
        for source in entry.content.get("sources", ()):
            assert source["url"] in found.xpath("//a/@href")
        assert "@incollection" in text


def test_linked_data_of_an_entry_is_a_defined_term(client, house):
    entry = Entry.objects.select_related("lexicon").first()
    data = json.loads(
        page(client, entry_address(entry)).xpath("//script[@type='application/ld+json']")[0].text
    )
    assert data["@type"] == "DefinedTerm"
    assert data["name"]["@value"] == entry.headword
    assert data["inDefinedTermSet"]["name"] == entry.lexicon.title


def test_another_last_part_leads_to_the_right_address(client, house):
    entry = Entry.objects.first()
    for address in (
        reverse("entry", args=[entry.uuid, "another"]),
        reverse("entry-short", args=[entry.uuid]),
    ):
        assert unquote(client.get(address, follow=True).redirect_chain[-1][0]) == unquote(
            entry_address(entry)
        )


def test_the_results_say_why_each_was_found_and_lead_to_the_entry(client, house):
    entry = Entry.objects.first()
    found = page(client, reverse("lookup"), q=entry.headword)
    hit = next(hit for hit in found.xpath("//li[@class='hit']") if hit.find(".//a").text == entry.headword)
    assert unquote(hit.find(".//a").get("href")) == unquote(entry_address(entry))
    assert hit.xpath(".//p[@class='hit-why']")[0].text_content().strip()


def two_languages_with_marks():
    """Two orthographies of different languages in which these two words differ by a mark."""
    found = {}
    for writing in registry().orthographies:
        typed, other = (writing.fold(word, "letter") for word in ("kô", "kơ"))
        if typed == other and {"ô", "ơ"} <= {*writing.exemplars.main}:
            found.setdefault(writing.language, writing)
    return list(found.values())[:2]


def test_what_contradicts_a_mark_comes_after_all_languages_under_a_heading_of_its_own(client):
    one, other = two_languages_with_marks()
    for writing, words in ((one, ("kô", "kơ")), (other, ("kôn",))):
        made = search_house.lexicon(writing.tag.lower(), writing.tag)
        for word in words:
            search_house.publish_one(made, search_house.entry(writing.tag, word, vi="nghĩa"), word)
    found = page(client, reverse("lookup"), q="kô")
    headed = [
        (section.get("aria-labelledby"), section.xpath(".//a[contains(@class, 'hit-head')]/text()"))
        for section in found.xpath("//section[contains(@class, 'group')]")
    ]
    agreeing = [(f"group-{one.language}", ["kô"]), (f"group-{other.language}", ["kôn"])]
    assert headed == [*agreeing, ("differing", ["kơ"])]


def test_without_the_index_the_page_says_so(client, house):
    found = page(client, reverse("lookup"), q=Entry.objects.first().headword)
    assert len(found.xpath("//main//p[@class='notice']")) == 1


def test_more_results_follow_by_a_link(client, house):
    samples_lexicon = samples.lexicon()
    for number in range(25):
        samples.published(samples_lexicon, 0, f"nghĩa {number}")
    first = page(client, reverse("lookup"), q=samples.word(0))
    link = first.xpath("//a[@rel='next']/@href")[0]
    second = page(client, reverse("lookup") + link)
    one, two = (set(each.xpath("//a[contains(@class, 'hit-head')]/@href")) for each in (first, second))
    assert one and two and not one & two


def test_an_empty_result_offers_ways_on(client, house):
    found = page(client, reverse("lookup"), q="xyzzyxyzzy")
    links = found.xpath("//main//a/@href")
    assert reverse("language", args=[orthography(house[0].orthography).language]) in links


@pytest.mark.parametrize(
    "text", ["\x00", "x" * 10_000, "\u202e\u200b", "\ud800", "'; DROP TABLE x;--", "(((((", "%s%d"]
)
def test_hostile_queries_get_an_answer_or_a_reason(client, house, text):
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    response = client.get(reverse("lookup"), {"q": text})
    assert response.status_code in {200, 400}
    if response.status_code == 400:
        assert html.fromstring(response.content).xpath("//p[@role='alert']")


@given(st.text(max_size=30), st.text(max_size=12), st.text(max_size=20))
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_query_cursor_or_language_breaks_the_page(client, text, language, cursor):
    data = {"q": text, "language": language, "cursor": cursor}
    data = {key: value.encode("utf-8", "replace").decode() for key, value in data.items()}
    assert client.get(reverse("lookup"), data).status_code in {200, 400}


def test_an_alphabet_leads_through_every_word_in_the_order_of_the_orthography(client):
    described = starter_house.described()
    for each in described[:3]:
        lexicon = starter_house.lexicon(each)
        starter_house.fill(lexicon, each, 70)
    for lexicon in Lexicon.objects.all():
        writing = orthography(lexicon.orthography)
        response = client.get(reverse("alphabet", args=[writing.language, writing.tag]), follow=True)
        letters = html.fromstring(response.content).xpath("//ul[@class='letters']//a/@href")
        words = []
        for address in letters:
            here = page(client, address)
            while True:
                words += here.xpath("//ul[@class='rows']//span[contains(@class, 'word')]/text()")
                further = here.xpath("//p[@class='more']/a/@href")
                if not further:
                    break
                here = page(client, address + further[0])
        rows = LookupRow.objects.filter(orthography=writing.tag, kind="headword")
        expected = sorted(rows.values_list("text", flat=True), key=writing.sort_key)
        assert sorted(words) == sorted(expected)
        for address in letters:
            listed = page(client, address).xpath("//ul[@class='rows']//span[contains(@class, 'word')]/text()")
            assert listed == sorted(listed, key=writing.sort_key)


def test_pages_of_a_letter_follow_each_other_without_gap_or_overlap(client):
    lexicon = samples.lexicon()
    for number in range(130):
        samples.published(lexicon, 0, f"nghĩa {number}")
    writing = orthography(lexicon.orthography)
    address = reverse(
        "alphabet-letter", args=[writing.language, writing.tag, writing.first_letter(samples.word(0))]
    )
    seen, further = [], ""
    for _ in range(5):
        here = page(client, address + further)
        seen += here.xpath("//ul[@class='rows']//a/@href")
        links = here.xpath("//p[@class='more']/a/@href")
        if not links:
            break
        further = links[0]
    assert len(seen) == len(set(seen)) == 130


def test_a_reversed_page_lists_meanings_in_their_own_order_and_leads_to_the_words(client, house):
    vietnamese = orthography("vi")
    for lexicon in house[:2]:
        code = orthography(lexicon.orthography).language
        found = client.get(reverse("reversal", args=[code, "vi"]), follow=True)
        assert found.status_code == 200
        for address in html.fromstring(found.content).xpath("//ul[@class='letters']//a/@href"):
            glosses = page(client, address).xpath("//ul[@class='rows']//span[@lang='vi']/text()")
            assert glosses == sorted(glosses, key=vietnamese.sort_key)
            assert glosses


def test_a_language_without_a_profile_works_and_says_so(client):
    lexicon = samples.lexicon(language="qaa", orthography="qaa-Latn")
    starter_house.publish_tree(lexicon, {"lang": "qaa-Latn", "text": "aba"}, "thử")
    found = page(client, reverse("language", args=["qaa"]))
    assert found.xpath("//p[@class='notice']")
    address = found.xpath("//ul[@class='letters']//a/@href")[0]
    assert page(client, address).xpath("//ul[@class='rows']//span[contains(@class, 'word')]/text()") == [
        "aba"
    ]


@pytest.mark.parametrize(
    "address",
    ["/languages/qqq/", "/languages/no%20tag/", "/languages/vi/alphabet/xx-Latn/a/", "/lexicons/none/",
     "/entries/00000000-0000-0000-0000-000000000000/x", "/languages/vi/reversal/xx/a/", "/nothing/", "/en/nothing/"],
)  # fmt: skip
def test_what_is_not_there_gets_a_page_that_leads_on(client, address):
    found = page(client, address, 404)
    assert found.xpath("//form[@role='search']")


@pytest.mark.parametrize("after", ["x", "%00", "AAAA", "é", "A" * 5000])
def test_a_broken_mark_of_a_page_is_refused(client, after):
    lexicon = samples.lexicon()
    entry = samples.published(lexicon)
    writing = orthography(lexicon.orthography)
    address = reverse(
        "alphabet-letter", args=[writing.language, writing.tag, writing.first_letter(entry.headword)]
    )
    assert client.get(f"{address}?after={after}").status_code in {200, 404}


# --- who may see what --------------------------------------------------------------------------------------------


@pytest.fixture
def closed():
    """A lexicon for the members of a community, with one entry; and a member."""
    ours = Community.objects.create(slug="ours", name="Ours")
    protocol = Protocol.objects.create(slug="members", name="Members", community=ours, level="community")
    entry = samples.published(samples.lexicon(protocol=protocol), 1)
    member = User.objects.create_user("member")
    Membership.objects.create(user=member, community=ours)
    return entry, member


def outlets(entry):
    """Every address that could name the entry, and what it would say."""
    writing = orthography(entry.lexicon.orthography)
    yield entry_address(entry)
    yield reverse("entry-short", args=[entry.uuid])
    yield reverse("report", args=[entry.uuid])
    yield reverse("lexicon", args=[entry.lexicon.slug])
    yield reverse(
        "alphabet-letter", args=[writing.language, writing.tag, writing.first_letter(entry.headword)]
    )
    yield reverse("reversal", args=[writing.language, "vi"])
    yield reverse("api:entry", args=[entry.uuid])


def lists(entry):
    yield reverse("lookup")
    yield reverse("lookup") + f"?q={entry.headword}"
    yield reverse("languages")
    yield reverse("about")
    yield reverse("language", args=[orthography(entry.lexicon.orthography).language])
    yield reverse("sitemap-pages")
    yield reverse("sitemap-entries", args=[0])
    yield reverse("api:lookup") + f"?q={entry.headword}"
    yield reverse("api:suggest") + f"?q={entry.headword}"
    yield reverse("api:lexicons")


def test_what_is_closed_is_not_there_for_the_public_at_any_outlet(client, closed):
    entry, _member = closed
    for address in outlets(entry):
        assert client.get(address).status_code == 404, address
    for address in lists(entry):
        said = client.get(address).content.decode()
        assert str(entry.uuid) not in said and entry.lexicon.title not in said, address


def test_a_member_sees_it_at_every_outlet_and_no_robot_is_told(closed):
    entry, member = closed
    client = Client()
    client.force_login(member)
    for address in outlets(entry):
        assert client.get(address, follow=True).status_code == 200, address
    assert "noindex" in client.get(entry_address(entry)).content.decode()
    for address in (reverse("sitemap-pages"), reverse("sitemap-entries", args=[0])):
        assert str(entry.uuid) not in client.get(address).content.decode()


def test_a_draft_is_seen_by_nobody_in_public(client, house):
    entry = Entry.objects.first()
    entry.unpublish()
    assert client.get(entry_address(entry)).status_code == 404


# --- reports -----------------------------------------------------------------------------------------------------


def test_a_mistake_can_be_reported_without_an_account(client, house):
    entry = Entry.objects.first()
    address = reverse("report", args=[entry.uuid])
    answer = client.post(address, {"message": "Sai dấu", "contact": "a@b.vn"}, follow=True)
    assert unquote(answer.redirect_chain[-1][0]) == unquote(entry_address(entry))
    kept = Report.objects.get()
    assert (kept.entry, kept.message, kept.contact, kept.done) == (entry, "Sai dấu", "a@b.vn", False)
    assert html.fromstring(answer.content).xpath("//p[@role='status']")


def test_a_robot_that_fills_in_the_hidden_field_is_thanked_and_forgotten(client, house):
    address = reverse("report", args=[Entry.objects.first().uuid])
    client.post(address, {"message": "buy", "website": "http://spam"}, follow=True)
    assert not Report.objects.exists()


@pytest.mark.parametrize("message", ["", "   ", "x" * 5001])
def test_a_report_that_says_nothing_or_too_much_is_given_back(client, house, message):
    answer = client.post(reverse("report", args=[Entry.objects.first().uuid]), {"message": message})
    assert answer.status_code == 400
    assert html.fromstring(answer.content).xpath("//p[@class='error']")
    assert not Report.objects.exists()


def test_a_report_needs_the_token_of_its_form(house):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("report", args=[Entry.objects.first().uuid]), {"message": "x"})
    assert answer.status_code == 403
    assert "cookie" in answer.content.decode()


def test_reviewers_answer_reports_of_entries_that_they_may_see(client, house, closed):
    entry, _member = closed
    for each in (entry, Entry.objects.exclude(pk=entry.pk).first()):
        Report.objects.create(entry=each, message=f"Sai {each.pk}")
    reviewer = samples.person("reviewer", roles.REVIEWER)
    client.force_login(reviewer)
    listed = client.get("/admin/dictionary/reports/")
    assert listed.status_code == 200
    said = listed.content.decode()
    assert f"Sai {entry.pk}" not in said
    open_one = Report.objects.exclude(entry=entry).get()
    assert open_one.message in said
    changed = client.post(
        f"/admin/dictionary/reports/edit/{open_one.pk}/", {"done": "on", "answer": "Đã sửa"}
    )
    assert changed.status_code == 302
    open_one.refresh_from_db()
    assert open_one.done and open_one.answer == "Đã sửa"
    hidden = Report.objects.get(entry=entry)
    assert client.get(f"/admin/dictionary/reports/edit/{hidden.pk}/").status_code == 404


# --- machines ----------------------------------------------------------------------------------------------------


def test_the_site_maps_name_every_public_entry_in_both_languages(client, house):
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    index = ElementTree.fromstring(client.get(reverse("sitemap")).content)
    found = set()
    for place in index.iter(f"{space}loc"):
        part = client.get(place.text.removeprefix(settings.BASE_URL))
        found |= {unquote(each.text) for each in ElementTree.fromstring(part.content).iter(f"{space}loc")}
    for entry in Entry.objects.all():
        path = unquote(entry_address(entry))
        assert {f"{settings.BASE_URL}{path}", f"{settings.BASE_URL}/en{path}"} <= found


def test_robots_are_shown_the_site_map_and_kept_from_searches(client):
    said = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in said
    assert re.search(r"^Disallow: /admin/$", said, re.M)


def test_the_home_page_costs_few_queries_whatever_it_shows(client, house, django_assert_max_num_queries):
    client.get("/")
    with django_assert_max_num_queries(10):  # half of them to find the page that editors wrote
        client.get("/")


def test_an_entry_page_costs_few_queries(client, house, django_assert_max_num_queries):
    address = entry_address(Entry.objects.first())
    with django_assert_max_num_queries(10):  # one of them for where else the word stands
        client.get(address)


def test_the_quick_address_of_an_entry_is_the_one_that_reverse_gives(house):
    for language in ("vi", "en"):
        with override(language):
            for entry in Entry.objects.all():
                assert entry_address_of(entry.uuid, slug(entry.headword)) == entry_address(entry)
