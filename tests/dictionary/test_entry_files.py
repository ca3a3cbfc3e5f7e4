"""Who may hear a recording is decided file by file, by those whose role it is."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from access.domain import roles
from access.models import Community, Membership, Protocol
from dictionary.domain import files
from dictionary.models import Entry, EntryFile
from media_pipeline.domain import blobs
from tests.dictionary import samples

pytestmark = pytest.mark.django_db
VIEWS = "wagtailsnippets_dictionary_entryfile:"


@pytest.fixture
def file() -> EntryFile:
    blob = blobs.store(io.BytesIO(b"fLaC" + bytes(40)))
    return files.attach(samples.published(samples.lexicon()), "a.flac", blob)


@pytest.fixture
def closed() -> Protocol:
    community = Community.objects.create(name="c", slug="c")
    return Protocol.objects.create(slug="p", name="p", community=community, level=Protocol.Level.RESTRICTED)


def change(client: Client, file: EntryFile, **said: Any) -> Any:
    return client.post(reverse(f"{VIEWS}edit", args=[file.pk]), {"licence": "", **said})


def test_a_steward_closes_one_recording_and_it_is_closed(
    client: Client, file: EntryFile, closed: Protocol
) -> None:
    steward = samples.person("steward", roles.STEWARD)
    Membership.objects.create(user=steward, community=closed.community, steward=True)
    client.force_login(steward)
    assert "a.flac" in client.get(reverse(f"{VIEWS}list")).content.decode()
    answer = change(client, file, protocol=closed.pk, embargo_until="2999-01-01", licence="CC-BY-4.0")
    assert answer.status_code == 302
    file.refresh_from_db()
    assert (file.protocol, str(file.embargo_until), file.licence) == (closed, "2999-01-01", "CC-BY-4.0")
    address = reverse("entry-file", args=[file.uuid])
    client.logout()
    assert client.get(address).status_code == 404
    client.force_login(samples.person("linguist", roles.LINGUIST))
    assert client.get(reverse(f"{VIEWS}edit", args=[file.pk])).status_code == 404
    assert "a.flac" not in client.get(reverse(f"{VIEWS}list")).content.decode()


def test_an_editor_sets_the_licence_and_not_who_may_hear_it(
    client: Client, file: EntryFile, closed: Protocol
) -> None:
    client.force_login(samples.person("linguist", roles.LINGUIST))
    assert change(client, file, protocol=closed.pk, licence="CC0-1.0").status_code == 302
    file.refresh_from_db()
    assert (file.protocol, file.licence) == (None, "CC0-1.0")


def test_contributors_change_no_files_and_nobody_adds_or_deletes_one_here(
    client: Client, file: EntryFile
) -> None:
    client.force_login(samples.person("contributor", roles.CONTRIBUTOR))
    assert change(client, file, licence="x").status_code in (302, 403)
    client.force_login(samples.person("root", is_superuser=True, is_staff=True))
    assert client.get(reverse(f"{VIEWS}add")).status_code in (302, 403)
    client.post(reverse(f"{VIEWS}delete", args=[file.pk]))
    file.refresh_from_db()
    assert file.licence == ""
    assert Entry.objects.get().files.get() == file
