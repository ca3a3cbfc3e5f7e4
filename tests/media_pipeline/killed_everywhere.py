"""Run the job of an asset in processes of which each is killed at the first moment at which none was killed before.

A moment is the start of a tool, the renaming of a finished folder, or a write to the database. Ends with one process
that comes through, and writes how often one was killed.   killed_everywhere.py MEDIA_ROOT ASSET_PK SEEN
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from jobs.domain.run import run_now  # noqa: E402
from jobs.models import Job  # noqa: E402
from media_pipeline.domain import runner  # noqa: E402


def main(media_root: str, asset: str, seen: Path) -> None:
    """See the module."""
    settings.MEDIA_ROOT = Path(media_root)
    # A step that kills its worker again and again is given up; here it is not the step's fault.
    runner.TAKES = 1_000  # type: ignore[misc]
    job = Job.objects.get(kind="media.asset", params={"asset": int(asset)})
    seen.touch()
    kills = 0
    while True:
        connection.close()
        pid = os.fork()
        if pid == 0:
            work(job, seen)
        if not os.WIFSIGNALED(os.waitpid(pid, 0)[1]):
            break
        kills += 1
        past = timezone.now() - timedelta(seconds=1)
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(lease_until=past, failures=0)
    print(kills)


def work(job: Job, seen: Path) -> None:
    """In the forked process: run the job, and be killed at a new moment."""
    known = set(seen.read_text().splitlines())

    def moment(*parts: object) -> None:
        name = re.sub(r"\s+", " ", " ".join(map(str, parts)))
        if name not in known:
            with seen.open("a") as out:
                out.write(name + "\n")
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "subprocess.Popen":
            moment("start", arguments[1][7:])
        elif event == "os.rename":
            moment("rename", arguments[1])

    def write(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if re.match(r"(INSERT INTO|UPDATE|DELETE FROM) .media_pipeline_", sql):
            told = [each for each in params or () if isinstance(each, str) and not re.match(r"\d{4}-", each)]
            moment("write", sql[:60], told[:3])
        return execute(sql, params, many, context)

    sys.addaudithook(audit)
    with connection.execute_wrapper(write):
        run_now(job)
    connection.close()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
