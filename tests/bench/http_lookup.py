"""What an HTTP look-up costs against an empty view on the same server, in one run:

    python -m tests.bench.http_lookup [--entries 5000] [--requests 400] [--json]

Starts granian on a database and index of its own in a temporary folder, fills it with syllables of the shipped
alphabets, and asks one connection after the other (keep-alive) for an empty view, for the API and for the page. The
engine's own time is measured in this process with the same queries; target (design, section 15): a look-up costs at
most twice an empty view plus the engine's time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

REPOSITORY = Path(__file__).resolve().parents[2]


def main() -> None:
    """Set up, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=5000)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nhasan-bench-") as folder:
        os.environ.update(
            NHASAN_MODE="local", NHASAN_DATA_DIR=folder, NHASAN_DATABASE_URL="", NHASAN_API_RATE="0",
            NHASAN_LOG_LEVEL="WARNING", DJANGO_SETTINGS_MODULE="config.settings",
        )  # fmt: skip
        queries = _furnish(options.entries)
        engine = _median(lambda query: _engine(query), queries, options.requests)
        results = {"entries": options.entries, "engine_ms": engine, **_over_http(queries, options.requests)}
    for case in ("api", "page"):
        allowed = 2 * results["empty_ms"] + engine
        results[f"{case}_of_allowed"] = results[f"{case}_ms"] / allowed
    if options.json:
        print(json.dumps(results))
        return
    print(f"{options.entries} entries, {options.requests} requests each, p50 in ms")
    for name in ("empty", "engine", "api", "page"):
        print(f"  {name:<7} {results[f'{name}_ms']:.2f}")
    for case in ("api", "page"):
        print(f"  {case} / (2 × empty + engine) = {results[f'{case}_of_allowed']:.2f}")


def _furnish(entries: int) -> list[str]:
    """Make the site; gives words to ask for."""
    import django

    django.setup()
    from django.core.management import call_command

    from dictionary.domain import content
    from dictionary.domain.publish import Change, apply_many
    from dictionary.models import Lexicon
    from languages import registry

    call_command("migrate", verbosity=0)
    call_command("build_fonts", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    chance = random.Random(1)
    writings = [
        each for each in registry().orthographies if each.script == "Latn" and len(each.alphabet) > 15
    ]
    words: list[str] = []
    for writing in writings[:8]:
        lexicon = Lexicon.objects.create(
            slug=writing.tag.lower(), title=writing.tag, language=writing.language, orthography=writing.tag,
            gloss_languages=["vi"],
        )  # fmt: skip
        changes = []
        for number in range(entries // 8):
            word = "".join(chance.choice(writing.alphabet) for _ in range(chance.randint(2, 6)))
            gloss = f"nghĩa {number % 500}"
            tree = content.entry(
                [content.form(writing.tag, word)], [content.sense([content.form("vi", gloss)])]
            )
            changes.append(Change(f"{writing.tag}-{number}", tree))
            words.append(word)
        for start in range(0, len(changes), 500):
            apply_many(lexicon, changes[start : start + 500])
    call_command("search_rebuild", verbosity=0)
    return [word[:4] for word in chance.sample(words, min(200, len(words)))]


def _engine(query: str) -> None:
    from access.domain.viewer import anonymous
    from search.domain.lookup import lookup

    lookup(query, viewer=anonymous(), types=("entry",), limit=20)


def _median(act: Callable[[str], object], queries: list[str], count: int) -> float:
    """The median of the last four fifths, in milliseconds."""
    times = []
    for number in range(count):
        start = time.perf_counter()
        act(queries[number % len(queries)])
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[count // 5 :])


def _over_http(queries: list[str], count: int) -> dict[str, float]:
    """Medians over one keep-alive connection."""
    import httpx

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
               "--workers", "1", "--blocking-threads", "4", "--log-level", "warning",
               "tests.bench.http_site:application"]  # fmt: skip
    server = subprocess.Popen(command, cwd=REPOSITORY)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            _wait(client)

            def ask(path: str) -> None:
                client.get(path).raise_for_status()

            return {
                "empty_ms": _median(lambda query: ask("/bench-empty/"), queries, count),
                "api_ms": _median(lambda query: ask(f"/api/v1/lookup?q={quote(query)}"), queries, count),
                "page_ms": _median(lambda query: ask(f"/?q={quote(query)}"), queries, count),
            }
    finally:
        server.terminate()
        server.wait(20)


def _wait(client: object) -> None:
    import httpx

    assert isinstance(client, httpx.Client)
    for _ in range(200):
        try:
            client.get("/bench-empty/").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not start.")


if __name__ == "__main__":
    main()
