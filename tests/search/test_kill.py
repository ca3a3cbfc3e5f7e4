"""kill -9 of the writer of the index: what was committed is there, nothing twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from search.engines.embedded.engine import EmbeddedEngine

PROGRAM = """
import sys, django
django.setup()
from pathlib import Path
from search.engines.embedded.writer import Writer
from search.interface import Document, Form, Keys, order_of

def document(pk, version):
    key = Keys(f"w{pk}", f"w{pk}", f"w{pk}", f"w{pk}", f"w{pk}", frozenset(), "one")
    return Document("note", pk, version, order_of(0, pk), (Form("headword", "x", f"w{pk}", key),))

root, start = Path(sys.argv[1]), int(sys.argv[2])
batch = start
while True:
    with Writer(root) as writer:
        for _ in range(5):
            writer.write([document(pk, batch) for pk in range(batch * 10, batch * 10 + 15)])
            print(batch, flush=True)
            batch += 1
"""


def test_no_acknowledged_document_is_lost_and_none_is_doubled(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path)
    engine.start()
    acknowledged = -1
    chance = random.Random(3)
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path), str(acknowledged + 1)],
            stdout=subprocess.PIPE, cwd=settings.BASE_DIR, text=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "NHASAN_DATA_DIR": str(settings.DATA_DIR)},
        )  # fmt: skip
        assert process.stdout is not None
        for _line in range(chance.randint(2, 6)):
            acknowledged = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        acknowledged = max([acknowledged, *map(int, process.stdout.read().split())])
        process.stdout.close()
        process.wait()
        engine.look_again()
        found = list(engine.documents())
        wanted = {("note", pk) for pk in range(acknowledged * 10 + 15)}
        assert len(found) == len(set(found))
        assert wanted <= set(found)
        assert set(found) - wanted <= {("note", pk) for pk in range(acknowledged * 10 + 25)}
