"""Packages over HTTP: the same bytes at the same address for ever, counted by day without a trace of who came."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ime.domain import fonts
from ime.domain.publishing import publish
from ime.interfaces.public.files import address, font_address
from ime.models import DownloadCount, Package
from languages import registry
from tests.ime import shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def package(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return publish(shelf.task(shelf.some("direct"), b"one"), shelf.KIT).package


def fetched(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def counted(package):
    return sum(DownloadCount.objects.filter(package=package).values_list("count", flat=True))


def test_the_address_names_keyboard_target_and_version_and_gives_the_bytes(client, package):
    expected = f"/keyboards/{package.keyboard}/plain/{package.release}/{package.filename}"
    assert address(package) == expected
    answer = client.get(expected)
    assert b"".join(answer.streaming_content) == b"one"
    assert answer["ETag"] == f'"{package.sha256}"'
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == f'attachment; filename="{package.filename}"'
    assert fetched(client, address(package, "beside.xpi")) == b"eno"


def test_downloads_are_counted_by_day_whole_ones_alone(client, package):
    head = client.head(address(package))
    assert (head.status_code, head["Content-Length"], head.content) == (200, "3", b"")
    client.get(address(package), headers={"If-None-Match": f'"{package.sha256}"'})
    assert counted(package) == 0
    for _ in range(3):
        assert fetched(client, address(package)) == b"one"
    row = DownloadCount.objects.get()
    assert (row.package, row.day, row.count) == (package, timezone.localdate(), 3)


def test_nothing_is_kept_of_who_downloads(client, package):
    answer = client.get(address(package), REMOTE_ADDR="192.0.2.44", headers={"User-Agent": "Somebody/1.0"})
    assert not answer.cookies and b"".join(answer.streaming_content) == b"one"
    columns = {field.column for field in DownloadCount._meta.fields}
    assert columns == {"id", "package_id", "day", "count"}


def test_latest_leads_to_the_newest_and_older_ones_stay(client, package):
    newer = publish(shelf.task(shelf.some("direct"), b"two"), shelf.KIT).package
    answer = client.get(reverse("ime:latest", args=[package.keyboard, "plain"]))
    assert answer.status_code == 302 and answer["Location"] == address(newer)
    assert fetched(client, address(package)) == b"one"


def test_what_is_withdrawn_or_no_file_of_the_package_is_not_there(client, package):
    base = address(package).rpartition("/")[0]
    for wrong in (
        f"{base}/other.bin",
        f"{base}/..%2f..%2fsecret_key",
        base.rpartition("-")[0] + "-x/a",
        base + "9/a",
    ):
        assert client.get(wrong).status_code == 404, wrong
    assert client.get(reverse("ime:latest", args=[package.keyboard, "nothing"])).status_code == 404
    Package.objects.update(state=Package.State.WITHDRAWN)
    assert client.get(address(package)).status_code == 404
    assert client.get(reverse("ime:latest", args=[package.keyboard, "plain"])).status_code == 404


def test_fonts_of_scripts_come_with_their_licence_and_no_other_file_is_handed_out(client):
    found = fonts.family(registry().orthography(shelf.of_script(latin=False).orthography).fonts[0])
    assert found is not None and "Open Font License" in found.licence
    assert fonts.in_short(found.licence).endswith("Version 1.1.")
    answer = client.get(font_address(fonts.archive_name(found.family)))
    assert answer.status_code == 200 and answer.content.startswith(b"PK")
    assert answer.content == fonts.archive(found)
    assert b"LICENCE.txt" in answer.content
    for wrong in ("DejaVuSans.zip", "passwd", "..%2fx.zip"):
        assert client.get(f"/keyboards/fonts/{wrong}").status_code == 404
