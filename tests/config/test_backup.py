"""A backup made while the site is written to comes back whole, on either kind of database, or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from access.models import Community, Protocol, User
from config.backup.archive import BackupError
from config.backup.create import backup
from config.backup.restore import restore
from dictionary.models import Entry, Lexicon
from tests import database

REPOSITORY = Path(__file__).resolve().parents[2]
# Writes pairs, a community and its protocol, each pair in one transaction, until it is stopped.
WRITER = """
import django, itertools, sys
django.setup()
from django.db import transaction
from access.models import Community, Protocol
for number in itertools.count():
    with transaction.atomic():
        community = Community.objects.create(slug=f"c{number}", name="Pair")
        Protocol.objects.create(slug=f"p{number}", name="Pair", community=community)
    print(number, flush=True)
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cache(request: pytest.FixtureRequest) -> Path:
    return request.config.cache.mkdir("nhasan")


@pytest.fixture
def house() -> Path:
    """A site with something of every kind in it; gives a file of it."""
    user = User.objects.create_user("somebody", password="a long password")
    community = Community.objects.create(slug="village", name="Bản “Mường”\n\t\u2028 \\ 𖬌 ꪀꪱ")
    protocol = Protocol.objects.create(slug="kept", name="Kept", community=community, level="community")
    lexicon = Lexicon.objects.create(slug="small", title="Small", language="und", orthography="und-Latn")
    for number in range(3):
        Entry.objects.create(
            lexicon=lexicon, identity=f"e{number}", protocol=protocol if number else None,
            content={"forms": [{"lang": "und-Latn", "text": f"word {number}"}], "x": ['<a b="1">\'</a>', 1.5, None]},
        )  # fmt: skip
    user.groups.set([])
    file = Path(settings.DATA_DIR) / "media" / "blobs" / "ab" / "abcdef"
    file.parent.mkdir(parents=True)
    file.write_bytes(os.urandom(3_000_000))
    return file


@pytest.fixture(autouse=True)
def _clean_folder() -> Iterator[None]:
    yield
    for path in sorted((Path(settings.DATA_DIR) / "media").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()


def content(path: Path) -> dict[str, Any]:
    """What an archive holds: rows as values (the order of keys in JSON is the database's business), files as bytes."""
    with zipfile.ZipFile(path) as archive:
        found: dict[str, Any] = {}
        for name in archive.namelist():
            if name.startswith("rows/"):
                found[name] = [json.loads(line) for line in archive.read(name).splitlines()]
            elif name.startswith("files/"):
                found[name] = archive.read(name)
        return found


def manage(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_backup_restored_into_another_site_of_either_kind_makes_the_same_backup_again(
    house: Path, tmp_path: Path, cache: Path
) -> None:
    backup(tmp_path / "first.zip")
    expected = content(tmp_path / "first.zip")
    assert expected["files/media/blobs/ab/abcdef"] == house.read_bytes()
    assert len(expected["rows/dictionary.Entry.jsonl"]) == 4
    last = tmp_path / "first.zip"
    # SQLite everywhere; where a PostgreSQL server runs, from it to SQLite and back.
    for vendor in ["sqlite", "postgresql"] if database.has_postgres() else ["sqlite"]:
        folder = tmp_path / vendor
        folder.mkdir()
        environment = database.another(cache, vendor, folder)
        manage(environment, "restore", str(last), "--no-index")
        last = tmp_path / f"from-{vendor}.zip"
        manage(environment, "backup", str(last))
        assert content(last) == expected


def test_a_backup_of_a_site_that_is_being_written_to_shows_one_moment(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
    )  # fmt: skip
    try:
        assert process.stdout
        process.stdout.readline()
        for turn in range(2):
            backup(tmp_path / f"{turn}.zip")
            time.sleep(0.1)
        assert process.poll() is None, "the writer was disturbed"
    finally:
        process.kill()
        process.communicate()
    seen = []
    for turn in range(2):
        found = content(tmp_path / f"{turn}.zip")
        communities, protocols = found["rows/access.Community.jsonl"], found["rows/access.Protocol.jsonl"]
        pairs = {tuple(row[1:2]) for row in protocols[1:]}
        assert len(communities) - 1 == sum(1 for row in protocols[1:] if "Pair" in row), pairs
        seen.append(len(communities))
    assert seen[1] > seen[0] > 1


def test_new_rows_get_new_numbers_after_a_restore(house: Path, tmp_path: Path) -> None:
    backup(tmp_path / "b.zip")
    restore(tmp_path / "b.zip", force=True)
    numbers = set(Community.objects.values_list("pk", flat=True))
    assert Community.objects.create(slug="later", name="Later").pk not in numbers


def test_a_backup_brings_back_what_was_changed_and_removed_since(house: Path, tmp_path: Path) -> None:
    before = house.read_bytes()
    backup(tmp_path / "b.zip")
    Entry.objects.all().delete()
    User.objects.all().delete()
    house.write_bytes(b"spoiled")
    restore(tmp_path / "b.zip", force=True)
    assert Entry.objects.count() == 3
    assert User.objects.get(username="somebody").check_password("a long password")
    assert house.read_bytes() == before


def test_a_site_that_holds_something_is_left_alone_unless_it_is_forced(house: Path, tmp_path: Path) -> None:
    backup(tmp_path / "b.zip")
    with pytest.raises(CommandError, match="--force"):
        call_command("restore", str(tmp_path / "b.zip"))
    assert Entry.objects.count() == 3


def test_an_existing_file_is_not_overwritten_and_a_failed_backup_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("precious")
    with pytest.raises(BackupError, match=r"b\.zip"):
        backup(tmp_path / "b.zip")
    with pytest.raises(BackupError):
        backup(tmp_path / "absent" / "b.zip")
    assert [path.name for path in tmp_path.glob("b*")] == ["b.zip"]
    assert (tmp_path / "b.zip").read_text() == "precious"


def test_a_backup_is_closed_to_others_and_holds_no_secret(
    house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NHASAN_SECRET_KEY", "the-secret-of-this-site")
    monkeypatch.setenv("NHASAN_SESSION_DAYS", "3")
    out = tmp_path / "b.zip"
    backup(out)
    assert out.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(out) as archive:
        chosen = json.loads(archive.read("settings.json"))
        assert chosen["NHASAN_SESSION_DAYS"] == "3"
        assert not {"NHASAN_SECRET_KEY", "NHASAN_DATABASE_URL"} & set(chosen)
        assert all(b"the-secret-of-this-site" not in archive.read(name) for name in archive.namelist())
        assert not any(name.startswith(("files/secret_key", "files/nhasan")) for name in archive.namelist())


def changed(archive: Path, out: Path, change: Callable[[str, bytes], bytes | None], more: str = "") -> Path:
    """A copy of an archive whose members went through `change` (None leaves one out), with one more if named."""
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = change(name, source.read(name))
            if data is not None:
                target.writestr(name, data)
        if more:
            target.writestr(more, b"more")
    return out


def resigned(archive: Path, out: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """A copy with one member changed, and a manifest that agrees: what only reading the rows can find out."""
    import hashlib

    with zipfile.ZipFile(archive) as source:
        data = change(source.read(member))
        manifest = json.loads(source.read("manifest.json"))
    manifest["members"][member] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    replaced = {member: data, "manifest.json": json.dumps(manifest).encode()}
    return changed(archive, out, lambda name, old: replaced.get(name, old))


def flipped(data: bytes) -> bytes:
    return data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda good, bad: bad.write_bytes(good.read_bytes()[: good.stat().st_size // 2]),
        lambda good, bad: bad.write_bytes(b""),
        lambda good, bad: bad.write_bytes(b"PK\x03\x04 and so on"),
        lambda good, bad: changed(good, bad, lambda n, d: flipped(d) if n.endswith("Entry.jsonl") else d),
        lambda good, bad: changed(good, bad, lambda n, d: flipped(d) if n.startswith("files/media") else d),
        lambda good, bad: changed(good, bad, lambda n, d: None if n.startswith("files/media") else d),
        lambda good, bad: changed(good, bad, lambda n, d: None if n == "manifest.json" else d),
        lambda good, bad: changed(good, bad, lambda n, d: b"[1, 2]" if n == "manifest.json" else d),
        lambda good, bad: changed(good, bad, lambda n, d: d, more="../outside"),
        lambda good, bad: resigned(good, bad, "rows/dictionary.Entry.jsonl", lambda d: d + b"not json\n"),
        lambda good, bad: resigned(good, bad, "rows/dictionary.Entry.jsonl", lambda d: d + b"[1]\n"),
        lambda good, bad: resigned(good, bad, "rows/dictionary.Lexicon.jsonl", lambda d: d.splitlines(True)[0]),
    ],
    ids=[
        "cut off", "empty", "no zip", "a row changed", "a file changed", "a file missing", "no manifest",
        "another manifest", "a file that climbs out", "a line that is no JSON", "a row too short",
        "rows that others need",
    ],
)  # fmt: skip
def test_a_spoiled_backup_is_refused_and_changes_nothing(
    house: Path, tmp_path: Path, spoil: Callable[[Path, Path], object]
) -> None:
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    backup(good)
    spoil(good, bad)
    house.write_bytes(b"newer")
    Community.objects.create(slug="newer", name="Newer")
    with pytest.raises(BackupError):
        restore(bad, force=True)
    assert Community.objects.filter(slug="newer").exists()
    assert Entry.objects.count() == 3
    assert house.read_bytes() == b"newer"
    assert not list(Path(settings.DATA_DIR).glob("restore-*"))
    assert connection.is_usable()


def test_a_backup_of_another_version_is_refused_with_the_migrations_that_differ(
    house: Path, tmp_path: Path
) -> None:
    backup(tmp_path / "good.zip")
    with zipfile.ZipFile(tmp_path / "good.zip") as archive:
        manifest = json.load(BytesIO(archive.read("manifest.json")))
    manifest["migrations"].append("dictionary.9999_from_tomorrow")
    text = json.dumps(manifest).encode()
    changed(tmp_path / "good.zip", tmp_path / "b.zip", lambda n, d: text if n == "manifest.json" else d)
    with pytest.raises(BackupError, match="9999_from_tomorrow"):
        restore(tmp_path / "b.zip", force=True)
