"""The import machinery, with a small importer of communities: check, apply, conflicts, undo, and death in between."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from access.models import Community, Membership, User
from jobs.domain.context import Progress
from jobs.imports import files, runs
from jobs.imports.apply import CHANGED_SINCE
from jobs.imports.check import DUPLICATE
from jobs.imports.reading import plain
from jobs.imports.types import ImportRefused, UnknownImporter
from jobs.models import ImportRow, ImportRun, Job
from tests.jobs.probe import LINES
from tests.jobs.workers import wait_until, worker


def new_run(text: str, **params: object) -> ImportRun:
    return runs.create("probe.lines", io.BytesIO(text.encode()), file_name="words.tsv", params=params)


def checked(text: str) -> ImportRun:
    run = new_run(text)
    assert runs.run_phase_now(run, "check").state == Job.State.DONE
    return run


def applied(text: str) -> ImportRun:
    run = checked(text)
    assert runs.run_phase_now(run, "apply").state == Job.State.DONE
    return run


def names() -> dict[str, str]:
    return {one.slug: one.name for one in Community.objects.all()}


def verdicts(run: ImportRun) -> dict[str, int]:
    return {verdict: count for verdict, count in runs.counts(run)[0].items() if count}


def outcomes(run: ImportRun) -> dict[str, int]:
    return {outcome: count for outcome, count in runs.counts(run)[1].items() if outcome and count}


def lines(count: int, mark: str = "") -> str:
    return "".join(f"s{n}\tName {n}{mark}\n" for n in range(count))


def work_on(slug: str) -> None:
    user, _ = User.objects.get_or_create(username="worker")
    Membership.objects.create(community=Community.objects.get(slug=slug), user=user)


@pytest.mark.django_db
class TestCheck:
    def test_a_check_tells_the_fate_of_each_row_and_changes_nothing(self) -> None:
        for slug in ("same", "change", "busy"):
            Community.objects.create(slug=slug, name="Old")
        work_on("busy")
        before = names()
        run = checked("new\tNew\nsame\tOld\nchange\tNew\nbusy\tNew\nno tab here\nnew\tAgain\n")
        rows = {row.number: row for row in ImportRow.objects.filter(run=run)}
        assert [rows[n].verdict for n in range(1, 7)] == [
            "add", "same", "change", "conflict", "refused", "refused",
        ]  # fmt: skip
        assert (rows[5].where, rows[5].code, rows[5].message_params) == (
            "line 5", "no-tab", {"text": "no tab here"},
        )  # fmt: skip
        assert (rows[6].code, rows[6].message_params) == (DUPLICATE, {"where": "line 1"})
        assert rows[3].changes == ["name: Old → New"]
        assert names() == before
        assert (run.state, run.rows_total) == (ImportRun.State.CHECKED, 6)

    def test_the_same_key_is_found_across_batches(self) -> None:
        run = checked(lines(LINES.chunk * 2) + "s0\tAgain\n")
        assert ImportRow.objects.get(run=run, verdict="refused").message_params == {"where": "line 1"}

    def test_a_file_that_breaks_off_says_where_and_cannot_be_applied(self) -> None:
        run = new_run(lines(7) + "!\n")
        ended = runs.run_phase_now(run, "check")
        assert (ended.state, ended.error) == (Job.State.FAILED, "The file breaks off.")
        assert (run.state, run.error_code, run.error_where) == (ImportRun.State.FAILED, "broken", "line 8")
        with pytest.raises(runs.NotNow):
            runs.start(run, "apply")
        assert not Community.objects.exists()

    def test_an_empty_file_one_that_is_too_large_and_an_unknown_importer_leave_nothing_behind(
        self, settings: object
    ) -> None:
        settings.NHASAN_IMPORT_MAX_BYTES = 10  # type: ignore[attr-defined]
        before = imports_on_disk()
        for text, code in (("", "empty-file"), ("x" * 11, "file-too-large")):
            with pytest.raises(ImportRefused) as refused:
                new_run(text)
            assert refused.value.message.code == code
        with pytest.raises(UnknownImporter):
            runs.create("no.such", io.BytesIO(b"x"), file_name="x")
        assert not ImportRun.objects.exists()
        assert imports_on_disk() == before

    def test_a_check_can_be_made_again_and_sees_what_changed(self) -> None:
        run = checked("a\tA\n")
        Community.objects.create(slug="a", name="A")
        runs.run_phase_now(run, "check")
        assert verdicts(run) == {"same": 1}

    def test_the_name_of_a_file_cannot_lead_out_of_its_folder(self) -> None:
        run = runs.create("probe.lines", io.BytesIO(b"a\tA\n"), file_name="../../../etc/pass.wd/x.t sv")
        assert (run.file_name, files.path_of(run).name) == ("x.t sv", "source")
        assert files.path_of(run).is_file()


@pytest.mark.django_db
class TestApply:
    def test_what_was_checked_is_written_and_the_same_file_again_changes_nothing(self) -> None:
        Community.objects.create(slug="s0", name="Old")
        seen: list[Progress] = []
        run = checked(lines(12))
        runs.run_phase_now(run, "apply", on_progress=seen.append)
        assert names() == {f"s{n}": f"Name {n}" for n in range(12)}
        assert outcomes(run) == {"added": 11, "changed": 1}
        assert (seen[-1].done, seen[-1].total) == (12, 12)
        again = checked(lines(12))
        assert verdicts(again) == {"same": 12}
        assert runs.phases_open(again) == {"check"}

    def test_what_changed_after_the_check_becomes_a_conflict_and_is_not_written_over(self) -> None:
        Community.objects.create(slug="s1", name="Old")
        run = checked("s1\tTheirs\ns2\tTheirs\ns3\tTheirs\n")
        Community.objects.update(name_vi="Edited")
        Community.objects.create(slug="s2", name="Made meanwhile")
        runs.run_phase_now(run, "apply")
        assert names() == {"s1": "Edited", "s2": "Made meanwhile", "s3": "Theirs"}
        conflicts = ImportRow.objects.filter(run=run, verdict="conflict")
        assert [row.code for row in conflicts] == [CHANGED_SINCE.code] * 2
        assert run.state == ImportRun.State.APPLIED

    def test_somebody_making_the_same_change_meanwhile_is_no_conflict(self) -> None:
        run = checked("s1\tName\n")
        Community.objects.create(slug="s1", name="Name")
        runs.run_phase_now(run, "apply")
        assert outcomes(run) == {"skipped": 1}

    def test_a_conflict_waits_for_a_person_and_goes_as_they_decide(self) -> None:
        for slug in ("ours", "theirs", "open"):
            Community.objects.create(slug=slug, name="Old")
            work_on(slug)
        run = applied("ours\tNew\ntheirs\tNew\nopen\tNew\nplain\tNew\n")
        assert names() == {"ours": "Old", "theirs": "Old", "open": "Old", "plain": "New"}
        assert "apply" not in runs.phases_open(run)
        assert runs.decide(run, "ours", [1]) == 1
        assert runs.decide(run, "theirs", [2]) == 1
        assert runs.phases_open(run) == {"apply", "undo"}
        runs.run_phase_now(run, "apply")
        assert names() == {"ours": "Old", "theirs": "New", "open": "Old", "plain": "New"}
        assert outcomes(run) == {"added": 1, "changed": 1, "skipped": 1}

    def test_what_was_edited_after_the_decision_is_asked_again(self) -> None:
        one = Community.objects.create(slug="s", name="Old")
        work_on("s")
        run = checked("s\tTheirs\n")
        runs.decide(run, "theirs")
        one.name = "Edited since"
        one.save()
        runs.run_phase_now(run, "apply")
        assert names() == {"s": "Edited since"}
        row = ImportRow.objects.get(run=run)
        assert (row.verdict, row.decision, row.code) == ("conflict", "", CHANGED_SINCE.code)
        runs.decide(run, "theirs")
        runs.run_phase_now(run, "apply")
        assert names() == {"s": "Theirs"}

    def test_an_apply_that_was_cancelled_keeps_what_it_wrote_and_can_go_on_or_be_undone(self) -> None:
        run = checked(lines(12))
        job = runs.start(run, "apply")
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)
        runs.run_phase_now(run, "apply")
        assert run.state == ImportRun.State.FAILED
        assert run.error
        assert runs.phases_open(run) >= {"apply"}
        runs.run_phase_now(run, "apply")
        assert len(names()) == 12

    def test_a_busy_run_cannot_be_started_again_decided_or_discarded(self) -> None:
        run = checked("a\tA\n")
        runs.start(run, "apply")
        for forbidden in (
            lambda: runs.start(run, "apply"),
            lambda: runs.decide(run, "ours"),
            lambda: runs.discard(run),
        ):
            with pytest.raises(runs.NotNow):
                forbidden()


@pytest.mark.django_db
class TestUndo:
    def test_undo_restores_what_was_and_deletes_what_was_added(self) -> None:
        Community.objects.create(slug="s0", name="Old")
        before = names()
        run = applied(lines(13))
        runs.run_phase_now(run, "undo")
        assert names() == before
        assert outcomes(run) == {"undone": 13}
        assert (run.state, runs.phases_open(run)) == (ImportRun.State.UNDONE, frozenset())

    def test_what_was_edited_or_deleted_since_is_left_alone_and_listed(self) -> None:
        run = applied("a\tA\nb\tB\nc\tC\n")
        edited = Community.objects.get(slug="a")
        edited.name = "Edited"
        edited.save()
        Community.objects.get(slug="b").delete()
        runs.run_phase_now(run, "undo")
        assert names() == {"a": "Edited"}
        kept = ImportRow.objects.filter(run=run, outcome="kept")
        assert {row.key: row.code for row in kept} == {"a": "edited-since", "b": "gone"}


@pytest.mark.django_db(transaction=True)
def test_discarding_a_run_deletes_its_file_and_leaves_what_it_wrote() -> None:
    run = applied("a\tA\n")
    folder = files.folder_of(run)
    assert folder.is_dir()
    runs.discard(run)
    assert not folder.exists()
    assert names() == {"a": "A"}


@pytest.mark.django_db(transaction=True)
def test_imports_whose_worker_is_killed_in_each_phase_end_as_if_nothing_had_happened() -> None:
    Community.objects.create(slug="s0", name="Old")
    run = new_run(lines(40), slow=0.02, slow_apply=0.15)
    kill_in_the_middle(run, "check", lambda: ImportRow.objects.filter(run=run).count() >= LINES.chunk)
    assert verdicts(run) == {"add": 39, "change": 1}
    kill_in_the_middle(run, "apply", lambda: Community.objects.count() >= LINES.chunk + 1)
    assert names() == {f"s{n}": f"Name {n}" for n in range(40)}
    assert outcomes(run) == {"added": 39, "changed": 1}
    runs.run_phase_now(run, "undo")
    assert names() == {"s0": "Old"}


def kill_in_the_middle(run: ImportRun, phase: runs.Phase, under_way: object) -> None:
    """Start a phase, kill -9 its worker when it is under way, and have another finish it."""
    job = runs.start(run, phase)
    with worker("--queue", "default") as victim:
        wait_until(under_way, f"the {phase} is under way")  # type: ignore[arg-type]
        victim.kill()
        victim.wait()
    stuck = Job.objects.get(pk=job.pk)
    assert stuck.state == Job.State.RUNNING, "it had finished before it was killed"
    Job.objects.filter(pk=job.pk).update(lease_until=stuck.created_at)  # spare the test the wait
    ended = runs.run_phase_now(run, phase)
    assert (ended.state, ended.token) == (Job.State.DONE, 2)


@given(st.text(st.characters(exclude_categories=())))
def test_texts_are_stored_without_what_a_database_refuses(text: str) -> None:
    stored = plain(text)
    assert len(stored) <= 300
    assert "\0" not in stored
    stored.encode()


def imports_on_disk() -> set[Path]:
    return set((Path(settings.DATA_DIR) / "imports").glob("*"))
