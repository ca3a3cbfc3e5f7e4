"""Sending files: ranges give the same bytes as slicing, nothing is sent twice, a web server in front may do it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.http import Http404
from django.test import RequestFactory
from hypothesis import HealthCheck, given
from hypothesis import settings as told
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from config.compression import Compression
from media_pipeline.interfaces import sending

DATA = bytes(range(251)) * 3
requests = RequestFactory()


@pytest.fixture
def path(tmp_path: Path, settings: Settings) -> Path:
    folder = Path(settings.MEDIA_ROOT) / "derived" / "ab"
    folder.mkdir(parents=True)
    made = folder / "0,0,512,512 ế.jpg"
    made.write_bytes(DATA)
    return made


def sent(path: Path, method: str = "GET", cache: str = sending.FOR_A_DAY, **headers: str) -> Any:
    request = requests.generic(method, "/x", headers={k.replace("_", "-"): v for k, v in headers.items()})
    return sending.send(request, path, "image/jpeg", cache=cache, name="nâm.jpg")


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@given(
    first=st.one_of(st.none(), st.integers(0, 2000)),
    last=st.one_of(st.none(), st.integers(0, 2000)),
    size=st.integers(0, 1500),
)
@told(max_examples=300)
def test_a_range_is_what_slicing_gives(first: int | None, last: int | None, size: int) -> None:
    data = (DATA * 2)[:size]
    asked = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    found = sending.range_of(asked, len(data))
    if (first is None and last is None) or (first is not None and last is not None and last < first):
        assert found == ()
        return
    if first is None:
        expected = data[-last:] if last else b""
    else:
        expected = data[first:] if last is None else data[first : last + 1]
    if expected:
        assert found
        assert data[found[0] : found[1] + 1] == expected
        assert 0 <= found[0] <= found[1] < size
    else:
        assert found is None


@given(st.text(max_size=30))
def test_what_is_no_range_is_never_half_understood(asked: str) -> None:
    found = sending.range_of(asked, 100)
    if found != ():
        assert asked.startswith("bytes=")


@given(first=st.integers(0, len(DATA) - 1), length=st.integers(1, len(DATA)))
@told(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_bytes_of_a_range_are_sent_and_counted(path: Path, first: int, length: int) -> None:
    answer = sent(path, Range=f"bytes={first}-{first + length - 1}")
    expected = DATA[first : first + length]
    assert (answer.status_code, body(answer)) == (206, expected)
    assert answer["Content-Length"] == str(len(expected))
    assert answer["Content-Range"] == f"bytes {first}-{first + len(expected) - 1}/{len(DATA)}"


def test_what_a_browser_has_already_is_not_sent_again(path: Path) -> None:
    whole = sent(path)
    assert (whole.status_code, body(whole)) == (200, DATA)
    again = sent(path, If_None_Match=whole["ETag"])
    assert (again.status_code, body(again)) == (304, b"")
    assert again["Cache-Control"] == whole["Cache-Control"] and again["ETag"] == whole["ETag"]
    assert sent(path, If_Modified_Since=whole["Last-Modified"]).status_code == 304
    path.write_bytes(DATA[1:])
    assert sent(path, If_None_Match=whole["ETag"]).status_code == 200


def test_a_range_of_a_file_that_is_another_by_now_gives_all_of_it(path: Path) -> None:
    whole = sent(path)
    assert sent(path, Range="bytes=1-2", If_Range=whole["ETag"]).status_code == 206
    assert sent(path, Range="bytes=1-2", If_Range='"other"').status_code == 200


def test_head_says_all_but_the_bytes(path: Path) -> None:
    whole, head = sent(path), sent(path, "HEAD")
    assert body(head) == b""
    assert dict(head.headers) == dict(whole.headers)
    assert sent(path, "HEAD", Range="bytes=1-2").status_code == 200


def test_what_is_not_for_everybody_stays_in_no_cache(path: Path) -> None:
    assert sent(path, cache=sending.NOWHERE)["Cache-Control"] == "private, no-store"
    for each in (sending.FOR_GOOD, sending.FOR_A_DAY):
        assert "s-maxage=3600" in each


def test_what_is_no_file_is_not_found(path: Path) -> None:
    for other in (path.with_name("none"), path.parent, path / "x", path.with_name("a" * 300)):
        with pytest.raises(Http404):
            sent(other)


def test_files_are_not_compressed_on_their_way(path: Path) -> None:
    def answer(request: Any) -> Any:
        return sending.send(request, path, "image/jpeg", cache=sending.FOR_A_DAY)

    made = Compression(answer)(requests.get("/x", headers={"accept-encoding": "gzip"}))
    assert "Content-Encoding" not in made.headers and made["Content-Length"] == str(len(DATA))


def test_a_web_server_in_front_is_told_where_the_file_lies(path: Path, settings: Settings) -> None:
    settings.NHASAN_SEND_FILES_BY = "x-sendfile"
    answer = sent(path)
    assert unquote(answer["X-Sendfile"]) == str(path) and answer["X-Sendfile"].isascii()
    settings.NHASAN_SEND_FILES_BY = "x-accel-redirect"
    answer = sent(path)
    assert answer["X-Accel-Redirect"] == "/_files/derived/ab/0%2C0%2C512%2C512%20%E1%BA%BF.jpg"
    assert (body(answer), answer["Content-Type"]) == (b"", "image/jpeg")
    assert "ETag" not in answer.headers and "Accept-Ranges" not in answer.headers


# --- through a real nginx, with the configuration that the documentation gives ---


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def nginx_location() -> str:
    """The internal location as docs/running.md gives it."""
    text = (Path(__file__).resolve().parents[2] / "docs/running.md").read_text(encoding="utf-8")
    start = text.index("location /_files/")
    return text[start : text.index("}", start) + 1]


@pytest.fixture
def nginx(path: Path, tmp_path: Path, settings: Settings) -> Iterator[str]:
    """The address of an nginx before a site that knows one file."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        message = "There is no nginx here (bin/setup --tests installs it)."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    settings.NHASAN_SEND_FILES_BY = "x-accel-redirect"

    def site(environ: dict[str, Any], start: Any) -> list[bytes]:
        answer = sending.send(
            requests.generic(environ["REQUEST_METHOD"], "/x"),
            path,
            "image/jpeg",
            cache=sending.NOWHERE,
            name="a.jpg",
        )
        answer["Access-Control-Allow-Origin"] = "*"
        start("200 OK", list(answer.headers.items()))
        return [b""]

    server = make_server("127.0.0.1", 0, site, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port, configuration = free_port(), tmp_path / "nginx.conf"
    location = nginx_location().replace("/srv/nhasan/media/", f"{settings.MEDIA_ROOT}/")
    temporary = "".join(
        f"{name}_temp_path {tmp_path}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration.write_text(f"""
daemon off; pid {tmp_path}/pid; error_log stderr; {"user root;" if os.geteuid() == 0 else ""}
events {{}}
http {{
{temporary} access_log off;
server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://127.0.0.1:{server.server_port}; }}
    {location}
}} }}
""")
    log = tmp_path / "log"
    with log.open("wb") as written:
        started = subprocess.Popen([program, "-c", str(configuration), "-e", "stderr"], stderr=written)
    try:
        for _attempt in range(100):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert started.poll() is None, log.read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        started.terminate()
        started.wait()
        server.shutdown()
        server.server_close()


def fetched(address: str, **headers: str) -> tuple[int, Any, bytes]:
    request = urllib.request.Request(address, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def test_nginx_sends_what_the_site_lets_it_and_nothing_by_itself(nginx: str, path: Path) -> None:
    status, headers, data = fetched(f"{nginx}/x")
    assert (status, data) == (200, DATA)
    assert headers["Content-Type"] == "image/jpeg" and headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in headers["Content-Security-Policy"]
    assert "a.jpg" in headers["Content-Disposition"] and headers["X-Accel-Redirect"] is None
    assert headers.get_all("Access-Control-Allow-Origin") == ["*"]
    status, ranged, data = fetched(f"{nginx}/x", Range="bytes=5-9")
    assert (status, data, ranged["Content-Range"]) == (206, DATA[5:10], f"bytes 5-9/{len(DATA)}")
    assert fetched(f"{nginx}/x", If_None_Match=headers["ETag"])[0] == 304
    for past in ("/_files/derived/ab/", "/_files/derived/ab/0,0,512,512%20%E1%BA%BF.jpg"):
        assert fetched(nginx + past)[0] == 404
