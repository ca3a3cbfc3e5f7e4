"""The editor's day: write, look, publish, translate; choose only what one may see; who may not."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from access.domain import roles
from access.models import User
from library.models import Record
from library.pages.models import ExhibitionIndexPage, ExhibitionPage, StandardPage
from tests.library import samples as records
from tests.library.pages import samples
from tests.library.pages.conftest import Closed, House

pytestmark = pytest.mark.django_db


@pytest.fixture
def librarian(client: Client) -> User:
    user = records.person("librarian", roles.LIBRARIAN)
    client.force_login(user)
    return user


def form(title: str, slug: str, blocks: list[tuple[str, object]], **more: object) -> dict[str, object]:
    """What a browser sends."""
    return nested_form_data(
        {
            "title": title, "slug": slug, "summary": "In short", "body": streamfield(blocks), "comments": {},
            "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0, **more,
        }
    )  # fmt: skip


def items(*keys: int) -> dict[str, object]:
    """The fields of a block with several things."""
    return {
        "title": "Chosen",
        "items": {
            "count": str(len(keys)),
            **{
                str(number): {"value": str(key), "deleted": "", "order": str(number), "type": "item"}
                for number, key in enumerate(keys)
            },
        },
    }


def test_an_exhibition_is_written_looked_at_published_and_translated(
    house: House, librarian: User, client: Client
) -> None:
    index = samples.below(samples.home(), ExhibitionIndexPage, "exhibitions")
    add = reverse("wagtailadmin_pages:add", args=["pages", "exhibitionpage", index.pk])
    assert client.get(add).status_code == 200
    blocks = [("text", rich_text("<p>Words</p>")), ("record", items(house.record.pk))]
    answer = client.post(add, form("Shown", "shown", blocks))
    assert answer.status_code == 302, answer.context["form"].errors
    page = ExhibitionPage.objects.get()
    assert not page.live and client.get("/exhibitions/shown/").status_code == 404
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert json.loads(client.post(preview, form("Shown", "shown", blocks)).content)["is_valid"]
    assert "The record" in client.get(preview + "?mode=").content.decode()
    assert "The record" in client.get(edit).content.decode()
    answer = client.post(edit, form("Shown", "shown", blocks, **{"action-publish": "1"}))
    assert answer.status_code == 302
    text = client.get("/exhibitions/shown/").content.decode()
    assert ">Words</p>" in text and "The record" in text
    english = Locale.objects.get(language_code="en")
    for each in (index, page):
        submit = reverse("simple_translation:submit_page_translation", args=[each.pk])
        client.post(submit, {"locales": [english.pk], "include_subtree": ""})
    there = page.get_translation(english)
    client.post(
        reverse("wagtailadmin_pages:edit", args=[there.pk]),
        form("On show", "on-show", blocks, **{"action-publish": "1"}),
    )
    there.get_parent().specific.save_revision().publish()
    assert "The record" in client.get("/en/exhibitions/on-show/").content.decode()


def test_the_form_says_at_the_address_name_that_another_part_stands_there(
    librarian: User, client: Client
) -> None:
    home = samples.home()
    add = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", home.pk])
    answer = client.post(add, form("Taken", "records", []))
    assert answer.status_code == 200 and list(answer.context["form"].errors) == ["slug"]
    assert "/records/" in str(answer.context["form"].errors)
    assert not StandardPage.objects.exists()


def test_a_page_is_neither_moved_nor_copied_to_the_address_of_another_part(
    librarian: User, client: Client
) -> None:
    home, parent = samples.home(), samples.standard("parent")
    page = samples.below(parent, StandardPage, "records")
    move = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, home.pk])
    answer = client.post(move)
    assert "/records/" in str(next(iter(get_messages(answer.wsgi_request))))
    assert Page.objects.get(pk=page.pk).get_parent().pk == parent.pk
    copy = reverse("wagtailadmin_pages:copy", args=[page.pk])
    client.post(copy, {"new_title": "Copy", "new_slug": "festivals", "new_parent_page": home.pk, "alias": ""})
    assert not Page.objects.filter(slug="festivals").exists()


@pytest.mark.parametrize("role", [roles.CONTRIBUTOR, roles.LINGUIST, roles.REVIEWER, roles.STEWARD])
def test_other_roles_neither_write_nor_publish_pages(role: roles.Role, client: Client) -> None:
    page = samples.standard("kept")
    client.force_login(records.person("other", role))
    for name in ("edit", "delete", "unpublish"):
        answer = client.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]))
        assert answer.status_code in (302, 403), name
    add = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", samples.home().pk])
    client.post(add, form("Mine", "mine", []))
    assert not Page.objects.filter(slug="mine").exists()


def chooser(kind: str, view: str, *args: object) -> str:
    return reverse(f"choose_{kind}:{view}", args=args)


@pytest.mark.parametrize(
    "kind", ["record", "collection", "festival", "entry", "recordfile", "people", "place"]
)
def test_choosers_list_search_and_give_what_the_editor_may_see_and_nothing_else(
    kind: str, house: House, closed: Closed, librarian: User, client: Client
) -> None:
    thing = getattr(house, "file" if kind == "recordfile" else kind)
    word = {
        "record": "record", "collection": "shelf", "festival": "spring", "entry": "gloss", "recordfile": "page",
        "people": str(house.people).casefold(), "place": "clearing",
    }[kind]  # fmt: skip
    listed = client.get(chooser(kind, "choose_results"), {"q": word}).content.decode()
    assert chooser(kind, "chosen", thing.pk) in listed
    assert chooser(kind, "chosen", thing.pk) in client.get(chooser(kind, "choose")).json()["html"]
    assert client.get(chooser(kind, "chosen", thing.pk)).json()["result"]["id"] == str(thing.pk)
    nothing = client.get(chooser(kind, "choose_results"), {"q": "zzz"}).content.decode()
    assert chooser(kind, "chosen", thing.pk) not in nothing
    if not hasattr(thing, "protocol"):
        return
    type(thing)._default_manager.filter(pk=thing.pk).update(protocol=closed.protocol)
    assert (
        chooser(kind, "chosen", thing.pk) not in client.get(chooser(kind, "choose_results")).content.decode()
    )
    assert client.get(chooser(kind, "chosen", thing.pk)).status_code == 404
    many = client.get(chooser(kind, "chosen_multiple"), {"id": [thing.pk]}).json()
    assert many["result"] == []


def test_the_form_does_not_name_what_the_editor_may_not_see_and_keeps_it(
    house: House, closed: Closed, librarian: User, client: Client
) -> None:
    page = samples.standard("mixed", ("record", {"title": "", "items": [house.record.pk]}))
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert "The record" in client.get(edit).content.decode()
    Record.objects.update(protocol=closed.protocol)
    shown = client.get(edit).content.decode()
    assert "The record" not in shown
    assert re.search(rf"&quot;id&quot;: {house.record.pk}\b", shown)
    answer = client.post(edit, form("Mixed", "mixed", [("record", items(house.record.pk))]))
    assert answer.status_code == 302
    kept = page.get_latest_revision_as_object().body[0].value["items"]
    assert list(kept) == [house.record.pk]


def test_what_was_deleted_does_not_break_the_form(house: House, librarian: User, client: Client) -> None:
    blocks = [
        ("record", {"title": "", "items": [house.record.pk]}),
        ("picture", {"image": house.image.pk, "alt": "a", "caption": "", "credit": "c"}),
    ]
    page = samples.standard("left", *blocks)
    house.record.delete()
    house.image.delete()
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


def test_a_picture_of_another_kind_is_not_taken(librarian: User, client: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from wagtail.images import get_image_model

    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for name in ("bad.svg", "bad.png"):
        file = SimpleUploadedFile(name, svg, "image/svg+xml")
        answer = client.post(reverse("wagtailimages:add"), {"title": "Bad", "file": file})
        assert answer.status_code == 200
    assert not get_image_model().objects.exists()
