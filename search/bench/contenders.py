"""What our interface is measured against: tantivy by itself, SQLite by itself, dictd over TCP. The same
entries in all.

Each has functions per case that give the same top hits a user would want; a case it cannot answer is absent.
"""

from __future__ import annotations

import re
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import tantivy

from languages import registry
from search.bench.corpus import Entry
from search.documents import order_of

Case = Callable[[str], Any]
TOP, TOP_WORDS = 10, 20
_ASCENDING = tantivy.Order.Asc


def next_prefix(text: str) -> str:
    """The first string after all that begin with this one."""
    return text[:-1] + chr(ord(text[-1]) + 1)


class RawTantivy:
    """A plain index as one would make it for this corpus: one key, the gloss, the language, the order."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for name in ("key", "letter"):
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("language", tokenizer_name="raw", index_option="basic", fast=True)
        builder.add_text_field("meaning", tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("order", fast=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, str(folder))

    def build(self, entries: Iterable[Entry], number: int) -> None:
        """Index the entries."""
        writer = self._index.writer(256_000_000, 1)
        for entry in entries:
            writing = registry().orthography(entry.orthography)
            values = {
                "id": str(entry.pk),
                "key": entry.word,
                "letter": writing.fold(entry.word, "letter"),
                "language": entry.language,
                "meaning": entry.text,
                "order": order_of(entry.rank, entry.pk),
            }
            writer.add_document(tantivy.Document.from_dict(values, self._schema))
        writer.commit()
        writer.wait_merging_threads()

    def cases(self) -> Mapping[str, Case]:
        """The cases it answers."""
        self._index.reload()
        searcher, schema, make = self._index.searcher(), self._schema, tantivy.Query

        def ranked(query: tantivy.Query) -> tuple[list[tuple[int, Any]], int]:
            found: Any = searcher.search(query, TOP, True, "order", 0, _ASCENDING)
            return [(order, searcher.doc(at).get_first("id")) for order, at in found.hits], found.count

        def starts(text: str) -> tantivy.Query:
            return make.regex_query(schema, "key", re.escape(text) + ".*")

        def words(text: str) -> Any:
            both = [
                (tantivy.Occur.Must, make.term_query(schema, "meaning", one, "freq")) for one in text.split()
            ]
            found: Any = searcher.search(make.boolean_query(both), TOP_WORDS)
            return [(score, searcher.doc(at).get_first("id")) for score, at in found.hits], found.count

        def facets(text: str) -> Any:
            query = starts(text)
            counts = searcher.aggregate(query, {"language": {"terms": {"field": "language", "size": 1000}}})
            return ranked(query), counts

        return {
            "exact": lambda text: ranked(make.term_query(schema, "key", text)),
            "prefix": lambda text: ranked(starts(text)),
            "fuzzy": lambda text: ranked(make.fuzzy_term_query(schema, "letter", text, 1, True)),
            "two_terms": words,
            "facets": facets,
        }


class RawSqlite:
    """A table with indexes, and FTS5 for the glosses."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "words.sqlite3")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def build(self, entries: Iterable[Entry], number: int) -> None:
        """Fill the tables."""
        run = self._connection.execute
        run("PRAGMA journal_mode=OFF")
        run("CREATE TABLE word (id INTEGER PRIMARY KEY, key TEXT, language TEXT, rank INTEGER)")
        run("CREATE VIRTUAL TABLE meaning USING fts5(text, content='')")
        for entry in entries:
            run("INSERT INTO word VALUES (?, ?, ?, ?)", (entry.pk, entry.word, entry.language, entry.rank))
            run("INSERT INTO meaning (rowid, text) VALUES (?, ?)", (entry.pk, entry.text))
        run("CREATE INDEX word_key ON word (key, rank)")
        self._connection.commit()

    def cases(self) -> Mapping[str, Case]:
        """The cases it answers."""
        run = self._connection.execute

        def between(sql: str, text: str) -> Any:
            return run(sql, (text, next_prefix(text))).fetchall()

        return {
            "exact": lambda text: run(
                "SELECT id, rank FROM word WHERE key = ? ORDER BY rank LIMIT 10", (text,)
            ).fetchall(),
            "prefix": lambda text: between(
                "SELECT id, rank FROM word WHERE key >= ? AND key < ? ORDER BY rank LIMIT 10", text
            ),
            "two_terms": lambda text: run(
                "SELECT rowid FROM meaning WHERE meaning MATCH ? ORDER BY rank LIMIT 20",
                (" AND ".join(f'"{word}"' for word in text.split()),),
            ).fetchall(),
            "facets": lambda text: between(
                "SELECT language, count(*) FROM word WHERE key >= ? AND key < ? GROUP BY language", text
            ),
        }


class Dictd:
    """A real dictd over TCP: the DICT protocol (RFC 2229), MATCH exact, prefix and lev."""

    name = "dictd"

    @staticmethod
    def installed() -> bool:
        """Whether the server and its tools are here."""
        return all(_tool(name) for name in ("dictd", "dictfmt"))

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    def build(self, entries: Iterable[Entry], number: int) -> None:
        """Make a database in the format of dictd."""
        self._folder.chmod(0o755)
        source = self._folder / "words.txt"
        with source.open("w", encoding="utf-8") as file:
            for entry in entries:
                file.write(f"{entry.word}\n   {'; '.join(entry.glosses)}\n")
        with source.open("rb") as file:
            subprocess.run(
                [_tool("dictfmt"), "-f", "--utf8", "--allchars", "-s", "words", "-u", "http://localhost", "words"],
                cwd=self._folder, stdin=file, check=True, capture_output=True,
            )  # fmt: skip
        source.unlink()

    def cases(self) -> Mapping[str, Case]:
        """Start the server; the cases it answers."""
        port = _free_port()
        settings = self._folder / "dictd.conf"
        settings.write_text(
            "global { listen_to 127.0.0.1\n}\naccess { allow * }\n"
            f'database words {{ data "{self._folder}/words.dict"\n index "{self._folder}/words.index" }}\n'
        )
        self._server = subprocess.Popen(
            [_tool("dictd"), "-d", "nodetach", "-c", str(settings), "-p", str(port), "--pid-file",
             str(self._folder / "dictd.pid"), "--locale", "C.UTF-8"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._socket = _connected(port)
        self._socket.recv(1 << 16)

        def match(strategy: str) -> Case:
            return lambda text: self._ask(f'MATCH words {strategy} "{text}"')

        return {"exact": match("exact"), "prefix": match("prefix"), "fuzzy": match("lev")}

    def _ask(self, command: str) -> int:
        """The number of matches. Lines are acknowledged at once, or the server would wait for us (Nagle)."""
        if self._socket is None:
            raise RuntimeError("dictd is not running.")
        self._socket.sendall(command.encode() + b"\r\n")
        answer = b""
        while not answer.endswith(b"\r\n") or (answer.startswith(b"152") and b"\r\n250 " not in answer):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            got = self._socket.recv(1 << 16)
            if not got:
                raise ConnectionError("dictd hung up.")
            answer += got
        return max(answer.count(b"\r\n") - 3, 0)

    def __enter__(self) -> Dictd:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._socket is not None:
            with suppress(OSError):
                self._socket.sendall(b"QUIT\r\n")
            self._socket.close()
        if self._server is not None:
            self._server.terminate()
            self._server.wait(10)


def _tool(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    return found or ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _connected(port: int) -> socket.socket:
    until = time.monotonic() + 60
    while True:
        try:
            found = socket.create_connection(("127.0.0.1", port), timeout=30)
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return found
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
