"""Packages are published whole or not at all, once for the same bytes, and a failure keeps the last good one."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.utils.translation import override

from ime.domain import proving, publishing
from ime.domain.publishing import Task, due, latest, publish, tasks
from ime.domain.storage import path_of
from ime.models import Build, Package
from ime.targets import TARGETS
from jobs.domain.run import run_now
from jobs.domain.words import say
from jobs.models import Job
from tests.ime import shelf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def keyboard():
    return shelf.some("direct")


def test_the_file_lies_where_the_row_says_with_its_size_and_checksum(keyboard):
    build = publish(shelf.task(keyboard, b"one"), shelf.KIT)
    package = build.package
    assert build.state == Build.State.DONE
    assert path_of(package).read_bytes() == b"one"
    assert package.size == 3 and package.release == f"{keyboard.version}-1"
    assert package.sha256 == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    assert path_of(package, "beside.xpi").read_bytes() == b"eno"
    assert [each["filename"] for each in package.more] == ["beside.xpi"]


def test_the_same_bytes_add_nothing_and_other_bytes_a_build_beside_the_old_one(keyboard):
    first = publish(shelf.task(keyboard, b"one"), shelf.KIT).package
    assert publish(shelf.task(keyboard, b"one"), shelf.KIT).package == first
    assert Package.objects.count() == 1
    second = publish(shelf.task(keyboard, b"two"), shelf.KIT).package
    assert second.release == f"{keyboard.version}-2"
    assert latest(keyboard.id, "plain") == second
    assert (path_of(first).read_bytes(), path_of(second).read_bytes()) == (b"one", b"two")


def test_a_missing_compiler_keeps_the_last_good_package_and_says_why_in_both_languages(keyboard):
    good = publish(shelf.task(keyboard, b"one"), shelf.KIT).package
    build = publish(Task(keyboard, shelf.Broken()), shelf.KIT)
    assert build.state == Build.State.FAILED and build.package == good
    assert latest(keyboard.id, "plain") == good
    said = {}
    for code in ("vi", "en"):
        with override(code):
            said[code] = say(build.error, build.error_params)
    assert all("squeak is not installed" in text for text in said.values())
    assert said["vi"] != said["en"]


def test_keymans_packages_fail_plainly_where_its_compilers_are_not_installed():
    (task,) = tasks([shelf.some("direct").id], ["keyman"])
    build = publish(task, shelf.KIT)
    assert build.state == Build.State.FAILED and build.package is None
    assert build.error_params["message"]


def test_due_is_what_was_never_tried_or_changed_or_lost_its_file_or_failed(keyboard):
    task = shelf.task(keyboard, b"one")
    assert list(due([task])) == [task]
    package = publish(task, shelf.KIT).package
    assert list(due([task])) == []
    path_of(package).unlink()
    assert list(due([task])) == [task]
    publish(task, shelf.KIT)
    assert path_of(package).read_bytes() == b"one"
    Build.objects.update(source_hash="another")
    assert list(due([task])) == [task]
    broken = Task(keyboard, shelf.Broken())
    publish(broken, shelf.KIT)
    assert list(due([broken])) == [broken]


def test_the_job_builds_what_is_due_says_how_far_it_is_and_does_nothing_the_second_time(settings):
    keyboard = shelf.some("composing")
    settings.KEYBOARD_TOOLS = settings.DATA_DIR / "none"
    seen = []
    job = run_now(publishing.request([keyboard.id]), seen.append)
    assert job.state == Job.State.DONE
    assert seen[-1].done == seen[-1].total == len(tasks([keyboard.id]))
    web = latest(keyboard.id, "web")
    assert web is not None and path_of(web).exists()
    before = set(Package.objects.values_list("pk", flat=True))
    Build.objects.filter(state=Build.State.FAILED).delete()  # those that lack a compiler are tried each time
    tried = Build.objects.count()
    again = run_now(publishing.request([keyboard.id]))
    assert again.state == Job.State.DONE and again.total == len(tasks([keyboard.id])) - tried
    run_now(publishing.request_anew([keyboard.id]))
    assert set(Package.objects.values_list("pk", flat=True)) == before


def test_a_job_goes_on_behind_what_it_had_done_before_it_was_stopped(settings):
    keyboard = shelf.some("direct")
    settings.KEYBOARD_TOOLS = settings.DATA_DIR / "none"
    job = publishing.request_anew([keyboard.id])
    names = [task.name for task in tasks([keyboard.id])]
    Job.objects.filter(pk=job.pk).update(checkpoint={"done": names[:-1], "failed": 0})
    done = run_now(Job.objects.get(pk=job.pk))
    assert done.state == Job.State.DONE and done.done == len(names)
    assert [f"{build.keyboard}/{build.target}" for build in Build.objects.all()] == names[-1:]


KILLED = """
import os, sys, django
django.setup()
from ime.domain import storage
from ime.models import Package
from ime.domain.publishing import publish
from tests.ime import shelf

keyboard = shelf.some("direct")
where = sys.argv[1]
if where == "in the build":
    class Target(shelf.Plain):
        def build(self, *given):
            os.kill(os.getpid(), 9)
    from ime.domain.publishing import Task
    publish(Task(keyboard, Target(b"half")), shelf.KIT)
package = Package(keyboard=keyboard.id, target="plain", version=keyboard.version, build=1,
                  filename=f"{keyboard.id}.bin")
if where == "before the row":
    storage.store(package, b"half")
    os.kill(os.getpid(), 9)
path = storage.path_of(package)
path.parent.mkdir(parents=True)
with path.with_name(f".{path.name}.part").open("wb") as stream:
    stream.write(b"ha")
    stream.flush()
    os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("where", ["in the build", "before the row", "in the file"])
def test_kill_9_leaves_no_row_without_its_file_and_the_next_attempt_publishes(keyboard, where):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "NHASAN_DATA_DIR": str(settings.DATA_DIR),
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    done = subprocess.run(
        [sys.executable, "-c", KILLED, where], env=environment, cwd=settings.BASE_DIR, check=False
    )
    assert done.returncode == -9
    assert not Package.objects.exists()
    package = publish(shelf.task(keyboard, b"whole"), shelf.KIT).package
    assert package.build == 1 and path_of(package).read_bytes() == b"whole"
    assert not list(path_of(package).parent.glob(".*"))


def test_a_backup_carries_packages_and_no_half_written_file(keyboard):
    from config.backup.files import kept

    package = publish(shelf.task(keyboard, b"one"), shelf.KIT).package
    path_of(package).with_name(".x.part").write_bytes(b"half")
    found = [path for path in kept() if path.parts[0] == "keyboards"]
    assert sorted(path.name for path in found) == sorted([package.filename, "beside.xpi"])


def test_what_was_published_is_proved_unasked_keyboard_by_keyboard_and_once(keyboard):
    other = shelf.some("composing")
    for each in (keyboard, other):
        publish(Task(each, TARGETS["web"]), shelf.KIT)
    assert proving.request_what_is_new() == sorted([keyboard.id, other.id])
    jobs = Job.objects.filter(kind=proving.PROVE).order_by("run_after")
    assert [job.params["keyboards"] for job in jobs] == [[name] for name in sorted([keyboard.id, other.id])]
    assert (jobs[1].run_after - jobs[0].run_after).total_seconds() == pytest.approx(proving.APART, abs=5)
    list(proving.prove([keyboard.id], engines=("web-node",), most_words=1, fuzz=1))
    assert proving.request_what_is_new() == [other.id]
