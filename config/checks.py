"""What is unsafe in production is refused at start: by the web server, and by every command that works on data.

The checks are Django's own kind (`manage.py check` lists them). In `local` and `test` mode none of them speaks.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext as _

from languages import registry
from languages.configuration import configuration

SHORTEST_KEY = 50
FEWEST_CHARACTERS = 12
# Underscore first: no address of the site begins so.
PREFIX = re.compile(r"/_[A-Za-z0-9_-]+/")
# SQLite's write-ahead log needs memory that all processes share, which a network file system does not give.
NETWORK_FILE_SYSTEMS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ceph",
    "fuse.sshfs",
    "fuse.s3fs",
    "glusterfs",
}


def secret_key() -> Iterator[CheckMessage]:
    """A key that cannot be guessed: given, long enough, not a word repeated, not an example."""
    key = os.environ.get("NHASAN_SECRET_KEY", "").strip()
    hint = _("Set it to a secret of your own, for instance: %s") % get_random_secret_key()
    if not key:
        yield Error(_("NHASAN_SECRET_KEY is not set."), hint=hint, id="nhasan.E001")
    elif len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS or key.startswith("django-insecure"):
        yield Error(
            _("NHASAN_SECRET_KEY is easy to guess: it must have %s characters or more, chosen at random.")
            % SHORTEST_KEY,
            hint=hint,
            id="nhasan.E002",
        )


def hosts() -> Iterator[CheckMessage]:
    """The site answers to names that somebody chose, not to any name."""
    if not settings.ALLOWED_HOSTS:
        yield Error(
            _("NHASAN_ALLOWED_HOSTS is empty, so the site would answer nobody."),
            hint=_("Name the site's addresses, such as: thuvien.example.vn,www.thuvien.example.vn"),
            id="nhasan.E003",
        )
    elif any(host.strip(".") in {"", "*"} for host in settings.ALLOWED_HOSTS):
        yield Error(
            _("NHASAN_ALLOWED_HOSTS holds *, so anybody could send links in this site's name."),
            hint=_("Name the site's addresses, such as: thuvien.example.vn,www.thuvien.example.vn"),
            id="nhasan.E004",
        )


def debugging() -> Iterator[CheckMessage]:
    """Error pages for developers show the inside of the site."""
    if settings.DEBUG:
        yield Error(
            _("NHASAN_DEBUG is on: errors would show the inside of the site to everybody."), id="nhasan.E005"
        )


def base_url() -> Iterator[CheckMessage]:
    """The public address is the one that visitors use: https where https is on, one of the allowed hosts."""
    address = urlsplit(settings.BASE_URL)
    if address.scheme not in {"http", "https"} or not address.hostname:
        yield Error(_("NHASAN_BASE_URL is no web address: %s") % settings.BASE_URL, id="nhasan.E006")
    elif settings.HTTPS and address.scheme != "https":
        yield Error(
            _("NHASAN_BASE_URL begins with http://, but NHASAN_HTTPS is on."),
            hint=_("Give the https address, or set NHASAN_HTTPS=false where there really is no https."),
            id="nhasan.E007",
        )


def https() -> Iterator[CheckMessage]:
    """Without https passwords travel in the open; with it somebody must do the encryption."""
    if not settings.HTTPS:
        yield checks.Warning(_("NHASAN_HTTPS is off: passwords travel in the open."), id="nhasan.W001")
    elif not settings.PROXIES:
        yield checks.Warning(
            _(
                "NHASAN_PROXIES is 0: unless the web server here does https itself, visitors are sent round in circles."
            ),
            hint=_("Set it to 1 behind nginx or Caddy."),
            id="nhasan.W002",
        )


def data_folder() -> Iterator[CheckMessage]:
    """The data folder is closed to other users of the machine and lies in no folder that the site shows."""
    folder = settings.DATA_DIR
    if folder.stat().st_mode & stat.S_IWOTH:
        yield Error(
            _("Everybody on this machine may write in NHASAN_DATA_DIR: %s") % folder,
            hint=f"chmod 750 {folder}",
            id="nhasan.E008",
        )
    for shown in _shown_folders():
        if folder == shown or shown in folder.parents:
            yield Error(
                _("NHASAN_DATA_DIR (%(folder)s) lies in a folder that visitors can read: %(shown)s")
                % {"folder": folder, "shown": shown},
                id="nhasan.E009",
            )


def sending() -> Iterator[CheckMessage]:
    """What has the web server in front send files needs one, and an address that is nobody else's."""
    if not settings.NHASAN_SEND_FILES_BY:
        return
    if not settings.PROXIES:
        yield Error(
            _("NHASAN_SEND_FILES_BY names a web server before the site, but NHASAN_PROXIES is 0."),
            hint=_(
                "Without one visitors would get empty files. Set NHASAN_PROXIES=1, or leave the first one empty."
            ),
            id="nhasan.E011",
        )
    prefix = settings.NHASAN_SEND_FILES_PREFIX
    if settings.NHASAN_SEND_FILES_BY == "x-accel-redirect" and not PREFIX.fullmatch(prefix):
        yield Error(
            _(
                "NHASAN_SEND_FILES_PREFIX must be an address such as /_files/, and not one of the site's own: %s"
            )
            % prefix,
            id="nhasan.E012",
        )


def local_disk() -> Iterator[CheckMessage]:
    """SQLite is not for network file systems."""
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        return
    kind = file_system(settings.DATA_DIR, Path("/proc/self/mounts"))
    if kind in NETWORK_FILE_SYSTEMS:
        yield Error(
            _("NHASAN_DATA_DIR lies on a network file system (%s), where SQLite can lose data.") % kind,
            hint=_("Put it on a disk of this machine, or use PostgreSQL (NHASAN_DATABASE_URL)."),
            id="nhasan.E010",
        )


def file_system(folder: Path, mounts: Path) -> str:
    """The kind of file system that a folder lies on, by a table such as /proc/self/mounts; "" when unknown."""
    try:
        rows = [line.split() for line in mounts.read_text().splitlines()]
    except OSError:
        return ""
    # The table writes a space in a name as \040.
    points = {Path(row[1].replace("\\040", " ")): row[2] for row in rows if len(row) > 2}
    return next((points[place] for place in (folder, *folder.parents) if place in points), "")


def _shown_folders() -> Iterator[Path]:
    yield Path(settings.STATIC_ROOT)
    for entry in settings.STATICFILES_DIRS:
        yield Path(str(entry[1] if isinstance(entry, tuple) else entry))


def profiles() -> Iterator[CheckMessage]:
    """Every language profile of the site's own can be read; one that cannot is left out, the others are there."""
    for problem in registry().problems:
        where = f"{problem.file}: {problem.key}" if problem.key else problem.file
        yield checks.Warning(
            _("A language profile is left out: %(where)s: %(problem)s")
            % {"where": where, "problem": problem.problem},
            hint="python -m languages check",
            id="nhasan.W003",
        )


CHECKS: tuple[Callable[[], Iterator[CheckMessage]], ...] = (
    secret_key,
    hosts,
    debugging,
    base_url,
    https,
    data_folder,
    sending,
    local_disk,
)


def unsafe() -> list[CheckMessage]:
    """Everything that is unsafe about this site's settings; nothing in local and test mode."""
    return [] if settings.LOCAL else [message for check in CHECKS for message in check()]


def refuse_unsafe() -> None:
    """Raise ImproperlyConfigured, with everything that is wrong, when a value is unsafe in production."""
    errors = [message for message in unsafe() if message.is_serious()]
    if errors:
        raise ImproperlyConfigured("\n".join(str(error) for error in errors))


@register("nhasan")
def _left_out(app_configs: Iterable[Any] | None, **options: Any) -> list[CheckMessage]:
    # Reading the profiles takes its time: commands that need none do not wait for those that ship.
    return list(profiles()) if configuration().profiles_dirs else []


@register("nhasan")
def _unsafe(app_configs: Iterable[Any] | None, **options: Any) -> list[CheckMessage]:
    return unsafe()
