"""The librarian's files: added, put in order, described, closed, taken away; consents and copies beside them."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.users.models import UserProfile

from access.domain import roles
from access.domain.viewer import administrator, anonymous, viewer_for
from access.models import Community, Membership, Protocol, User
from library.domain import files, publish
from library.models import Consent, Holding, Record, RecordFile
from media_pipeline.domain import blobs, corrections, naming, texts, unused
from media_pipeline.models import Asset, Blob, Correction, Step
from tests.library.houses_of_files import OPEN
from tests.library.samples import content, draft, person, published
from tests.media_pipeline.files import finished, picture, tone

pytestmark = pytest.mark.django_db


def speaking(user: User, language: str = "en") -> User:
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = language
    profile.save()
    return user


@pytest.fixture
def librarian(client: Client) -> User:
    user = speaking(person("librarian", roles.LIBRARIAN))
    client.force_login(user)
    return user


def at(name: str, *rest: object) -> str:
    return reverse(f"library_admin:{name}", args=rest)


def sent(name: str = "one.png", data: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or picture())


def attached(record: Record, *names: str) -> list[RecordFile]:
    return [
        files.attach(record, blobs.store_original(io.BytesIO(picture(size=(90 + at, 50)))), name)
        for at, name in enumerate(names)
    ]


def names(record: Record) -> list[str]:
    return list(
        RecordFile.objects.filter(record=record).order_by("order", "pk").values_list("name", flat=True)
    )


def form_of(client: Client, what: str, pk: int) -> dict[str, str]:
    """What a browser would send back of the form."""
    from lxml import html

    page = html.fromstring(client.get(at("part_edit", what, pk)).content.decode())
    (form,) = [each for each in page.iter("form") if each.xpath('.//input[@name="seen"]')]
    return {name: value or "" for name, value in form.form_values()}


def test_several_files_are_added_at_once_and_one_that_is_refused_holds_up_none(
    client: Client, librarian: User
) -> None:
    record = published()
    both = [sent("p 1.png"), sent("../bad.svg", b"<svg/>"), sent("p 2.png", picture(size=(50, 60)))]
    page = client.post(at("file_upload", record.pk), {"file": both}, follow=True).content.decode()
    assert names(record) == ["p 1.png", "p 2.png"]
    assert "p 1.png, p 2.png" in page and "bad.svg: This kind of file is not taken" in page
    assert all(file.asset is not None for file in RecordFile.objects.all())
    answer = client.post(at("file_upload", record.pk), {"file": sent("again.png")}, headers={"x-part": "1"})
    assert answer.status_code == 400
    assert answer.json() == {
        "taken": [], "refused": ["again.png: The record has this file already, as “p 1.png”."],
    }  # fmt: skip
    assert client.post(at("file_upload", record.pk), headers={"x-part": "1"}).status_code == 400


def test_a_file_that_is_too_large_is_refused_and_nothing_is_kept(
    client: Client, librarian: User, settings: Settings
) -> None:
    settings.NHASAN_MEDIA_MAX_BYTES = 100
    answer = client.post(at("file_upload", published().pk), {"file": sent()}, headers={"x-part": "1"})
    assert answer.status_code == 400 and "one.png" in answer.json()["refused"][0]
    assert not RecordFile.objects.exists() and not Blob.objects.exists()


def test_the_form_of_a_record_shows_its_files_how_far_they_are_and_what_went_wrong(
    client: Client, librarian: User
) -> None:
    record = published()
    good, waiting = attached(record, "good.png", "waiting.png")
    broken = files.attach(record, blobs.store_original(io.BytesIO(picture("JPEG")[:-900])), "broken.jpg")
    for file in (good, broken):
        assert file.asset is not None
        finished(file.asset)
    page = client.get(reverse("wagtailsnippets_library_record:edit", args=[record.pk])).content.decode()
    for name in ("good.png", "waiting.png", "broken.jpg"):
        assert name in page
    assert "The file is broken or incomplete" in page and "Try again" in page
    assert reverse("record-file-thumbnail", args=[good.uuid, 1]) in page
    states = client.get(at("file_states", record.pk), {"of": f"{good.pk},{waiting.pk}"}).json()
    assert states["busy"] == [waiting.pk]
    assert "ready" in states["rows"][str(good.pk)] and "<progress" in states["rows"][str(waiting.pk)]


def test_the_list_costs_as_many_queries_for_thirty_files_as_for_three(
    client: Client, librarian: User
) -> None:
    record = published()
    attached(record, *(f"{number}.png" for number in range(3)))
    client.get(at("files_list", record.pk))
    with CaptureQueriesContext(connection) as few:
        client.get(at("files_list", record.pk))
    for number in range(3, 30):
        files.attach(
            record, blobs.store_original(io.BytesIO(picture(size=(90, 60 + number)))), f"{number}.png"
        )
    with CaptureQueriesContext(connection) as many:
        page = client.get(at("files_list", record.pk)).content.decode()
    assert "29.png" in page and len(many) == len(few)


def test_files_are_moved_by_buttons_and_by_dragging(client: Client, librarian: User) -> None:
    record = published()
    a, b, c = attached(record, "a", "b", "c")
    client.post(at("file_order", record.pk), {"up": c.pk})
    assert names(record) == ["a", "c", "b"]
    client.post(at("file_order", record.pk), {"down": b.pk})
    assert names(record) == ["a", "c", "b"]
    client.post(at("file_order", record.pk), {"order": f"{b.pk},{a.pk},{c.pk}"})
    assert names(record) == ["b", "a", "c"]
    for nonsense in ({"order": "x,,-1,99999999999999999999,²"}, {"up": "x"}, {"down": ""}, {}):
        assert client.post(at("file_order", record.pk), nonsense).status_code == 302
    assert names(record) == ["b", "a", "c"]


def test_files_that_somebody_added_or_took_away_while_others_were_put_in_order_stay_so(
    client: Client, librarian: User
) -> None:
    record, other = published(), published()
    a, b, c = attached(record, "a", "b", "c")
    (foreign,) = attached(other, "foreign")
    seen = f"{b.pk},{foreign.pk},{c.pk},{a.pk}"
    c.delete()
    files.attach(record, blobs.store_original(io.BytesIO(picture(size=(33, 33)))), "new")
    client.post(at("file_order", record.pk), {"order": seen})
    assert names(record) == ["b", "a", "new"] and names(other) == ["foreign"]


def test_a_recording_gets_caption_licence_consent_and_chapters(
    client: Client, librarian: User, tmp_path: object
) -> None:
    from pathlib import Path

    record = published(kind="recording")
    consent = Consent.objects.create(record=record, who="A singer")
    file = files.attach(record, blobs.store_original(io.BytesIO(tone(Path(str(tmp_path))))), "song.wav")
    given = form_of(client, "file", file.pk) | {
        "caption": "A song", "licence": OPEN, "consent": str(consent.pk),
        "chapters": "00:00 The drums\n\n1:02:03.5 The way home",
    }  # fmt: skip
    assert client.post(at("part_edit", "file", file.pk), given).status_code == 302
    file.refresh_from_db()
    assert (file.caption, file.licence, file.consent) == ("A song", OPEN, consent)
    assert file.chapters == [
        {"start": 0, "title": "The drums"}, {"start": 3723.5, "title": "The way home"},
    ]  # fmt: skip
    again = form_of(client, "file", file.pk)
    assert again["chapters"].strip() == "00:00 The drums\n1:02:03.5 The way home"
    for wrong, said in (("no time", "Line 1"), ("00:05 b\n00:04 a", "Line 2"), ("00:77 x", "Line 1")):
        page = client.post(at("part_edit", "file", file.pk), again | {"chapters": wrong}).content.decode()
        assert said in page and "error" in page, wrong
    assert form_of(client, "file", file.pk)["chapters"].strip() == again["chapters"].strip()


def test_of_two_librarians_who_save_the_second_is_told_and_then_may(client: Client, librarian: User) -> None:
    record = published()
    (file,) = attached(record, "a.png")
    mine = form_of(client, "file", file.pk) | {"caption": "mine", "licence": OPEN}
    client.post(at("part_edit", "file", file.pk), form_of(client, "file", file.pk) | {"caption": "theirs"})
    page = client.post(at("part_edit", "file", file.pk), mine).content.decode()
    assert "Somebody else changed this" in page and "Caption: theirs" in page and 'value="mine"' in page
    file.refresh_from_db()
    assert (file.caption, file.licence) == ("theirs", "")
    seen = re.findall(r'name="seen" value="(\w+)"', page)[0]
    assert client.post(at("part_edit", "file", file.pk), mine | {"seen": seen}).status_code == 302
    file.refresh_from_db()
    assert (file.caption, file.licence) == ("mine", OPEN)


def test_moving_a_file_is_no_conflict_with_writing_its_caption(client: Client, librarian: User) -> None:
    record = published()
    a, _b = attached(record, "a.png", "b.png")
    mine = form_of(client, "file", a.pk) | {"caption": "mine"}
    client.post(at("file_order", record.pk), {"down": a.pk})
    assert client.post(at("part_edit", "file", a.pk), mine).status_code == 302
    assert names(record) == ["b.png", "a.png"]


def test_only_a_steward_closes_a_file_and_it_is_closed_at_once(client: Client, librarian: User) -> None:
    record = published()
    (file,) = attached(record, "a.png")
    assert not {"protocol", "embargo_until"} & set(form_of(client, "file", file.pk))
    tomorrow = timezone.localdate() + timedelta(days=1)
    client.post(
        at("part_edit", "file", file.pk), form_of(client, "file", file.pk) | {"embargo_until": str(tomorrow)}
    )
    assert files.seen(anonymous()).filter(pk=file.pk).exists()
    ours = Community.objects.create(slug="ours", name="Ours")
    protocol = Protocol.objects.create(slug="p", name="P", community=ours, level="restricted")
    Membership.objects.create(user=librarian, community=ours, steward=True)
    librarian.groups.add(roles.group_of(roles.STEWARD))
    before = Record.objects.get(pk=record.pk).updated_at
    given = form_of(client, "file", file.pk) | {"protocol": str(protocol.pk)}
    assert client.post(at("part_edit", "file", file.pk), given).status_code == 302
    assert not files.seen(anonymous()).filter(pk=file.pk).exists()
    assert Record.objects.get(pk=record.pk).updated_at > before


def test_a_steward_decides_who_sees_a_file_and_neither_describes_nor_orders_it(client: Client) -> None:
    record = published()
    a, _b = attached(record, "a.png", "b.png")
    RecordFile.objects.filter(pk=a.pk).update(caption="theirs")
    steward = person("steward", roles.STEWARD)
    Membership.objects.create(
        user=steward, community=Community.objects.create(slug="ours", name="Ours"), steward=True
    )
    client.force_login(steward)
    given = form_of(client, "file", a.pk)
    assert {"consent", "protocol"} <= set(given) and not {"caption", "licence"} & set(given)
    tomorrow = timezone.localdate() + timedelta(days=1)
    changes = given | {"caption": "mine", "embargo_until": str(tomorrow)}
    assert client.post(at("part_edit", "file", a.pk), changes).status_code == 302
    changed = RecordFile.objects.get(pk=a.pk)
    assert (changed.caption, changed.embargo_until) == ("theirs", tomorrow)
    client.post(at("file_order", record.pk), {"down": a.pk})
    assert names(record) == ["a.png", "b.png"]


def test_a_consent_is_given_with_its_paper_and_withdrawn(client: Client, librarian: User) -> None:
    record = published()
    (file,) = attached(record, "a.png")
    given = {"who": "A singer", "kind": "written", "given_on": "2026-01-02", "upload": sent("paper/ñ.png")}
    assert client.post(at("part_add", record.pk, "consent"), given).status_code == 302
    consent = Consent.objects.get()
    client.post(
        at("part_edit", "file", file.pk), form_of(client, "file", file.pk) | {"consent": str(consent.pk)}
    )
    address = at("consent_document", consent.pk)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == picture() and "no-store" in answer["Cache-Control"]
    assert "attachment" in answer["Content-Disposition"]
    today = str(timezone.localdate())
    client.post(
        at("part_edit", "consent", consent.pk),
        form_of(client, "consent", consent.pk) | {"withdrawn_on": today},
    )
    assert not files.seen(anonymous()).filter(pk=file.pk).exists()
    assert "closed: no consent holds" in client.get(at("files", record.pk)).content.decode()
    page = client.post(at("part_delete", "consent", consent.pk), follow=True).content.decode()
    assert "take it off those first" in page and Consent.objects.exists()
    page = client.post(
        at("part_add", record.pk, "consent"),
        {**given, "until": "2025-01-01", "upload": sent("x.svg", b"<svg/>")},
    ).content.decode()
    assert "before the day it was given" in page and Consent.objects.count() == 1


@pytest.mark.parametrize("role", [roles.CONTRIBUTOR, roles.LINGUIST, None])
def test_who_does_not_edit_files_opens_no_consent_and_changes_nothing(
    client: Client, role: roles.Role | None
) -> None:
    record = published()
    (file,) = attached(record, "a.png")
    paper = blobs.store_original(io.BytesIO(picture()))
    consent = Consent.objects.create(record=record, who="A", document=paper, document_name="p.png")
    copy = Holding.objects.create(record=record, institution="I")
    user = person("somebody", *([role] if role else []))
    client.force_login(user)
    addresses = [
        at("files", record.pk), at("files_list", record.pk), at("file_states", record.pk),
        at("consent_document", consent.pk), at("part_edit", "file", file.pk), at("part_edit", "copy", copy.pk),
        at("part_delete", "file", file.pk), at("part_add", record.pk, "consent"),
    ]  # fmt: skip
    for address in addresses:
        assert client.get(address).status_code in {302, 403}, address
    for address in (
        at("file_upload", record.pk),
        at("file_order", record.pk),
        at("part_delete", "file", file.pk),
    ):
        client.post(address, {"file": sent(), "up": file.pk})
    assert names(record) == ["a.png"]


def test_what_the_gate_hides_from_a_librarian_is_not_there(client: Client, librarian: User) -> None:
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    record, open_ = published(protocol=closed), published()
    (file,) = attached(record, "a.png")
    (single,) = attached(open_, "single.png")
    RecordFile.objects.filter(pk=single.pk).update(protocol=closed)
    paper = blobs.store_original(io.BytesIO(picture()))
    consent = Consent.objects.create(record=record, who="A", document=paper)
    for address in (
        at("files", record.pk), at("consent_document", consent.pk), at("part_edit", "file", file.pk),
        at("part_edit", "file", single.pk), at("part_delete", "file", single.pk),
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    assert "single.png" not in client.get(at("files", open_.pk)).content.decode()


def test_a_locked_record_is_locked_with_its_files(client: Client, librarian: User) -> None:
    record = published()
    (file,) = attached(record, "a.png")
    Record.objects.filter(pk=record.pk).update(
        locked=True, locked_by=person("other"), locked_at=timezone.now()
    )
    client.post(at("file_upload", record.pk), {"file": sent("b.png")})
    client.post(at("part_delete", "file", file.pk))
    client.post(at("part_edit", "file", file.pk), form_of(client, "file", file.pk) | {"caption": "x"})
    assert names(record) == ["a.png"] and RecordFile.objects.get().caption == ""


def test_copies_are_kept_beside_the_record(client: Client, librarian: User) -> None:
    record = published()
    given = {"institution": "A museum", "call_number": "HT 12"}
    assert client.post(at("part_add", record.pk, "copy"), given).status_code == 302
    copy = Holding.objects.get()
    page = client.get(at("files", record.pk)).content.decode()
    assert "A museum" in page and "HT 12" in page
    client.post(at("part_edit", "copy", copy.pk), form_of(client, "copy", copy.pk) | {"note": "torn"})
    copy.refresh_from_db()
    assert (copy.institution, copy.note) == ("A museum", "torn")
    assert "This field is required" in client.post(at("part_add", record.pk, "copy"), {}).content.decode()
    client.post(at("part_delete", "copy", copy.pk))
    assert not Holding.objects.exists()


def test_a_deleted_file_asks_first_and_its_bytes_go_with_the_last_reference(
    client: Client, librarian: User
) -> None:
    record, other = published(), published()
    (file,), (kept,) = attached(record, "a.png"), attached(other, "a.png")
    assert file.blob_id == kept.blob_id
    Step.objects.update(state=Step.State.DONE)
    Asset.objects.update(state=Asset.State.DONE)
    assert "Yes, delete" in client.get(at("part_delete", "file", file.pk)).content.decode()
    assert names(record) == ["a.png"]
    client.post(at("part_delete", "file", file.pk))
    assert names(record) == []
    Blob.objects.update(created_at=timezone.now() - timedelta(days=30))
    assert list(unused.remove_unused()) == []
    publish.delete([other.pk])
    assert len(list(unused.remove_unused())) == 1
    assert not blobs.path(kept.blob).exists() and not Asset.objects.exists()


def test_a_record_is_deleted_with_its_files_and_their_consents() -> None:
    record = published()
    (file,) = attached(record, "a.png")
    consent = Consent.objects.create(record=record, who="A singer")
    RecordFile.objects.filter(pk=file.pk).update(consent=consent)
    publish.delete([record.pk])
    assert not Record.objects.exists() and not Consent.objects.exists() and not RecordFile.objects.exists()


def test_files_in_work_calls_a_file_by_its_record_for_whom_may_see_it() -> None:
    record = draft("A book")
    (file,) = attached(record, "a.png")
    assert file.asset is not None
    name = naming.names([file.asset], administrator())[file.blob_id]
    assert (name.title, name.url) == ("A book: a.png", at("files", record.pk))
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    Record.objects.filter(pk=record.pk).update(protocol=closed)
    assert naming.names([file.asset], viewer_for(None)) == {}


# --- the languages of a record change ---


def in_languages(record: Record, *tags: str) -> None:
    record.content = content(language=[{"tag": tag} for tag in tags])
    publish.publish(record)


def test_when_the_languages_of_a_record_change_its_files_are_read_anew_and_no_correction_is_lost() -> None:
    author = person("reader")
    record = published(fields={"language": [{"tag": "und-Latn"}]})
    (file,) = attached(record, "a.png")
    old = file.asset
    assert old is not None
    finished(old)
    corrections.correct_line(old, 1, (10, 10, 50, 20), "written by a person", author)
    in_languages(record, "en", "und-Latn")
    file.refresh_from_db()
    assert file.asset == old, "readers keep what there is until the new work is done"
    new = Asset.objects.get(blob=file.blob, languages="en und-Latn")
    corrections.correct_line(old, 1, (10, 100, 50, 20), "written meanwhile", author)
    finished(new)
    file.refresh_from_db()
    assert file.asset == new
    (page,) = texts.pages(new)
    assert [line.text for line in page.lines] == ["written by a person", "written meanwhile"]
    assert set(Correction.objects.filter(asset=new).values_list("author", flat=True)) == {author.pk}
    corrections.correct_line(new, 1, (10, 10, 50, 20), "written better", author)
    in_languages(record, "und-Latn")
    file.refresh_from_db()
    assert file.asset == old
    (page,) = texts.pages(old)
    assert [line.text for line in page.lines] == ["written better", "written meanwhile"]


def test_a_draft_with_other_languages_changes_nothing_for_readers() -> None:
    record = published(fields={"language": [{"tag": "und-Latn"}]})
    attached(record, "a.png")
    record.content = content(language=[{"tag": "en"}])
    record.save_revision()
    assert Asset.objects.count() == 1


def test_a_correction_that_is_older_does_not_take_the_place_of_a_newer_one() -> None:
    blob = blobs.store_original(io.BytesIO(picture()))
    one, two = (Asset.objects.create(blob=blob, kind="image", languages=tag) for tag in ("en", "und"))
    corrections.correct_cue(one, 0, 1000, "older", None)
    corrections.correct_cue(two, 0, 900, "newer", None)
    corrections.carry(one, two)
    assert [cue.text for cue in texts.cues(two)] == ["newer"]
    corrections.carry(two, one)
    corrections.carry(two, one)
    assert [cue.text for cue in texts.cues(one)] == ["newer"]
