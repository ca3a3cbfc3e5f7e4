"""`build_keyboards` and `prove_keyboards` as whoever runs the site uses them."""

import io
import json
import shutil

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from ime.domain import shelf
from ime.models import Package, Proof
from tests.ime import shelf as samples

pytestmark = pytest.mark.django_db


def run(*arguments, **options):
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command(*arguments, stdout=out, stderr=err, **options)
    except SystemExit as stop:
        code = stop.code
    return out.getvalue(), err.getvalue(), code


def test_packages_of_a_language_are_written_into_a_folder_twice_the_same(tmp_path):
    code = samples.some("direct").language
    wanted = {found.id for found in shelf.of_language(code)}
    written = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        out, err, status = run("build_keyboards", code, "--out", str(folder), "--target", "web")
        assert status == 0 and f"[{len(wanted)}/{len(wanted)}]" in err
        assert {path.parent.parent.name for path in map(type(folder), out.split())} == wanted
        written.append({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.json")})
    assert written[0] == written[1] and len(written[0]) == len(wanted)
    assert not Package.objects.exists()


def test_without_a_folder_they_are_published_and_a_missing_compiler_is_told_with_exit_code_1(
    settings, tmp_path
):
    settings.DATA_DIR = tmp_path
    settings.KEYBOARD_TOOLS = tmp_path / "none"
    keyboard = samples.some("composing")
    out, err, status = run("build_keyboards", keyboard.id, "--target", "web", "--target", "keyman")
    assert status == 1 and "FAILED" in err
    (package,) = Package.objects.all()
    assert f"{keyboard.id}/web {package.release} {package.sha256}" in out


def test_what_is_no_language_and_no_keyboard_is_refused_with_what_there_is():
    with pytest.raises(CommandError, match=samples.some("direct").language):
        call_command("build_keyboards", "nothing", out="x")


def test_a_proof_prints_its_table_and_keeps_its_rows(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    keyboard = samples.some("direct")
    told, err, status = run(
        "prove_keyboards", keyboard.id, "--engine", "web-node", "--words", "3", "--fuzz", "5", "--json"
    )
    (row,) = json.loads(told)
    proof = Proof.objects.get()
    assert (proof.keyboard, proof.engine, proof.state) == (row["keyboard"], row["engine"], row["state"])
    assert (proof.strings, proof.package_sha256) == (row["strings"], row["package_sha256"])
    assert f"[1/1] {keyboard.id}" in err and status == 0
    if shutil.which("node"):
        assert row["state"] == "proved" and row["strings"] > 20
    else:
        assert row["state"] == "not here" and row["why"]
