"""The page “Files in work”, as people with and without rights see and use it."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.users.models import UserProfile

from access.domain import roles
from access.domain.viewer import Viewer
from access.models import User
from jobs.domain import queue
from jobs.models import Job
from media_pipeline.domain import assets, blobs, naming
from media_pipeline.models import Asset, Blob, Step
from tests.media_pipeline.files import picture, worked_on

pytestmark = pytest.mark.django_db


def client_of(role: roles.Role, language: str = "en") -> Client:
    user = User.objects.create_user(role.key)
    user.groups.add(roles.group_of(role))
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = language
    profile.save()
    client = Client()
    client.force_login(user)
    return client


def shown(client: Client, query: str = "") -> str:
    return client.get(reverse("media_pipeline:files") + query).content.decode()


def test_a_librarian_sees_each_step_what_failed_and_its_last_lines_and_tries_again() -> None:
    asset = worked_on(picture("JPEG")[:-900])
    client = client_of(roles.LIBRARIAN)
    page = shown(client)
    assert "The file is broken or incomplete: libvips could not read it." in page
    assert "Make tiles for deep zoom" in page
    assert "Technical details" in page
    assert "premature end" in page.lower()
    assert "No worker serves the queue" in page
    assert asset.blob.sha256[:12] in page
    done = client.post(reverse("media_pipeline:retry", args=[asset.pk]), follow=True)
    assert "It will be tried again now." in done.content.decode()
    assert Job.objects.filter(state=Job.State.WAITING).count() == 1
    assert Step.objects.get(asset=asset, name="tiles").state == Step.State.WAITING
    assert "data-busy" in shown(client)


def test_the_page_speaks_vietnamese() -> None:
    worked_on(picture("JPEG")[:-900])
    page = shown(client_of(roles.LIBRARIAN, "vi"))
    assert "Tệp bị hỏng hoặc không đầy đủ: libvips không đọc được." in page
    assert "Cắt ô hình để phóng to" in page
    assert "Tệp đang xử lý" in page


def test_who_may_not_look_at_files_in_work_sees_none() -> None:
    asset = worked_on(picture())
    client = client_of(roles.LINGUIST)
    answer = client.get(reverse("media_pipeline:files"))
    assert asset.blob.sha256[:12] not in answer.content.decode()
    assert answer.status_code == 302
    client.post(reverse("media_pipeline:retry", args=[asset.pk]))
    assert not Job.objects.filter(state=Job.State.WAITING).exists()
    assert client.get(reverse("media_pipeline:retry", args=[asset.pk])).status_code == 405


def test_the_list_can_be_narrowed_to_a_state() -> None:
    good, bad = worked_on(picture()), worked_on(b"\xff\xd8\xff" + bytes(9))
    page = shown(client_of(roles.LIBRARIAN), "?state=failed")
    assert bad.blob.sha256[:12] in page
    assert good.blob.sha256[:12] not in page


def test_files_have_the_names_that_the_app_above_gives_them() -> None:
    asset = worked_on(picture())

    def name(found: object, viewer: Viewer) -> dict[int, naming.Name]:
        return {asset.blob_id: naming.Name("The book of <rice>", "/admin/somewhere/")}

    naming.register(name)
    try:
        page = shown(client_of(roles.LIBRARIAN))
    finally:
        naming.unregister(name)
    assert '<a href="/admin/somewhere/">The book of &lt;rice&gt;</a>' in page


def test_a_page_of_files_costs_the_same_number_of_queries_however_many_there_are() -> None:
    client = client_of(roles.LIBRARIAN)
    shown(client)
    counts = []
    for number in (1, 12):
        for at in range(number):
            blob = Blob.objects.create(sha256=f"{number:032}{at:032}", size=1, media_type="image/png")
            assets.ensure(blob)
        with CaptureQueriesContext(connection) as queries:
            shown(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Asset.objects.count() == 13


def test_a_cancelled_job_leaves_no_step_waiting_for_ever() -> None:
    asset = assets.ensure(blobs.store_original(io.BytesIO(picture())))
    queue.cancel(Job.objects.get())
    asset.refresh_from_db()
    assert asset.state == Asset.State.FAILED
    assert set(asset.steps.values_list("state", flat=True)) == {"failed"}
