"""Run a command beside a real Elasticsearch that lives only as long as the command:

    python -m tests.elasticsearch_server [--test] COMMAND [ARGUMENT …]

The distribution's own core is fetched once with Maven from the registry that Maven is set up for, kept in the cache
folder of the user, and started as an unprivileged user (it refuses root) on free ports of 127.0.0.1, with security on
and a password of its own. NHASAN_SEARCH_URL tells the command where; with --test it is TEST_SEARCH_URL, so
that only the tests which ask for a server use it. Whatever happens, the
server is stopped; the exit code is the command's. Where no server can be had, one line says why and the command runs
without one; where the variable CI is set, that is a failure.
"""

from __future__ import annotations

import argparse
import fcntl
import getpass
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

VERSION = "8.19.14"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
USER = "nhasan"
START_SECONDS = 180
FETCH_SECONDS = 900


class NoServer(Exception):
    """There is no Java, no Maven or no archive, or the server did not start; the message says which."""


class Server:
    """One node with its own folder, ports and password. It can be stopped, killed, suspended and started again.

    `encrypted`: it speaks https, with a certificate of a certificate authority made for it alone.
    """

    def __init__(
        self,
        *,
        heap: str = "512m",
        options: Mapping[str, str] | None = None,
        password: str = "",
        encrypted: bool = False,
    ) -> None:
        self._java, self._programs = _java(), fetched()
        self.folder = Path(tempfile.mkdtemp(prefix="nhasan-elasticsearch-"))
        self._user, self._account = _owner()
        self._heap = heap
        self._options = dict(options or {})
        self.port, self.transport = _free_ports()
        self.password = password or secrets.token_urlsafe(16)
        self.encrypted = encrypted
        self._process: subprocess.Popen[bytes] | None = None
        self._prepare()

    @property
    def url(self) -> str:
        """The address with user and password."""
        scheme = "https" if self.encrypted else "http"
        return f"{scheme}://{USER}:{self.password}@127.0.0.1:{self.port}"

    @property
    def name(self) -> str:
        """What it is called in its cluster."""
        return f"node-{self.port}"

    @property
    def ca_file(self) -> Path | None:
        """The certificate of the authority that vouches for this server."""
        return self.folder / "config" / "ca.crt" if self.encrypted else None

    @property
    def data(self) -> Path:
        """Where its indexes lie."""
        return self.folder / "data"

    def start(self, *, wait: bool = True) -> None:
        """Start the node; raises NoServer when it does not come up."""
        options = {
            "discovery.type": "single-node",
            "cluster.name": f"nhasan-{self.port}",
            "path.data": self.data,
            "path.logs": self.folder / "logs",
            "http.port": self.port,
            "transport.port": self.transport,
            "network.host": "127.0.0.1",
            "xpack.security.enabled": "true",
            # A full disk of the machine is none of the tests' business.
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            # A small heap full of garbage is no reason to refuse a request.
            "indices.breaker.total.use_real_memory": "false",
            **self._options,
        }
        if "discovery.seed_hosts" in options:
            del options["discovery.type"]
        if self.encrypted:
            options["xpack.security.http.ssl.enabled"] = "true"
            for name, file in (("key", "server.key"), ("certificate", "server.crt")):
                options[f"xpack.security.http.ssl.{name}"] = self.folder / "config" / file
        command: list[str | Path] = [
            self._programs / "bin" / "elasticsearch",
            *(f"-E{name}={value}" for name, value in options.items()),
        ]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd="/",
                env=self._environment(),
                start_new_session=True,
                **self._account,
            )
        if wait:
            self.wait()

    def joins(self, cluster: str, hosts: str, names: str, number: int) -> None:
        """Make it one of so many nodes of a cluster, before its first start."""
        self._options |= {
            "cluster.name": cluster,
            "node.name": self.name,
            "discovery.seed_hosts": hosts,
            "cluster.initial_master_nodes": names,
            "gateway.expected_data_nodes": str(number),
            # A node that died is given up at once.
            "cluster.fault_detection.follower_check.interval": "200ms",
            "cluster.fault_detection.leader_check.interval": "200ms",
        }

    def wait(self) -> None:
        """Until the node answers; raises NoServer."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process is not None and self._process.poll() is None:
            if answers(self.url, self.ca_file):
                return
            time.sleep(0.2)
        self.stop()
        raise NoServer(f"Elasticsearch did not start; its log ends: {self._last_lines()}")

    def kill(self) -> None:
        """Kill -9: the launcher and the Java it started."""
        self._signal(signal.SIGKILL)
        self._reap()

    def suspend(self) -> None:
        """Let the processes stand still: connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """Stop the node in good order, or kill it if it does not stop."""
        if self._process is not None and self._process.poll() is None:
            self._signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
        self._reap()

    def close(self) -> None:
        """Stop, and remove the folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _signal(self, number: int) -> None:
        if self._process is not None:
            try:
                os.killpg(self._process.pid, number)
            except ProcessLookupError:
                return

    def _reap(self) -> None:
        if self._process is not None:
            self._process.wait(30)
            self._process = None

    def _prepare(self) -> None:
        """The node's own configuration with the one user, in a folder that its account owns."""
        config = self.folder / "config"
        shutil.copytree(self._programs / "config", config)
        # What `elasticsearch-users useradd` writes, without starting a Java for it.
        (config / "users").write_text(f"{USER}:{_hashed(self.password)}\n")
        (config / "users_roles").write_text(f"superuser:{USER}\n")
        if self.encrypted:
            _certify(config)
        for name in ("data", "logs", "tmp"):
            (self.folder / name).mkdir(exist_ok=True)
        if self._account:
            self.folder.chmod(0o755)
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, self._user)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "ES_JAVA_HOME": str(self._java),
            # Nobody runs it for long enough that the second compiler would pay.
            "ES_JAVA_OPTS": os.environ.get(
                "TEST_JAVA_OPTS",
                f"-Xms{self._heap} -Xmx{self._heap} -XX:-UseG1GC -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
            ),
            "ES_PATH_CONF": str(self.folder / "config"),
            "ES_TMPDIR": str(self.folder / "tmp"),
        }

    def _last_lines(self) -> str:
        try:
            lines = (self.folder / "log").read_text(errors="replace").splitlines()
        except OSError:
            return ""
        return " | ".join(
            line for line in lines if "ERROR" in line or "FATAL" in line or "Exception" in line
        )[-600:]


class Cluster:
    """Several small nodes on this machine that are one cluster."""

    def __init__(self, nodes: int, *, heap: str = "300m") -> None:
        password = secrets.token_urlsafe(16)
        self.nodes: list[Server] = []
        try:
            for _ in range(nodes):
                self.nodes.append(Server(heap=heap, password=password))
        except NoServer:
            self.close()
            raise
        hosts = ",".join(f"127.0.0.1:{node.transport}" for node in self.nodes)
        names = ",".join(node.name for node in self.nodes)
        for node in self.nodes:
            node.joins(f"nhasan-{self.nodes[0].port}", hosts, names, nodes)

    @property
    def urls(self) -> list[str]:
        """The addresses of all nodes."""
        return [node.url for node in self.nodes]

    def start(self) -> None:
        """Start all nodes together; raises NoServer when one does not come up."""
        for node in self.nodes:
            node.start(wait=False)
        for node in self.nodes:
            node.wait()

    def close(self) -> None:
        """Stop all, and remove their folders; they have nothing to say to each other any more."""
        for node in self.nodes:
            node.kill()
            node.close()


def answers(url: str, ca_file: Path | None = None) -> bool:
    """Whether a node at this address is ready to work for this user."""
    parts = urlsplit(url)
    request = urllib.request.Request(
        f"{parts.scheme}://{parts.hostname}:{parts.port}/_cluster/health?wait_for_status=yellow&timeout=1s"
    )
    context = ssl.create_default_context(cafile=ca_file) if ca_file is not None else None
    token = b64encode(f"{parts.username}:{parts.password}".encode()).decode()
    request.add_header("Authorization", f"Basic {token}")
    try:
        with urllib.request.urlopen(request, timeout=2, context=context) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def fetched() -> Path:
    """The folder of the unpacked server, fetched when it is not there yet; NoServer if it cannot be had."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nhasan" / "elasticsearch"
    if os.geteuid() == 0:
        cache = Path("/var/cache/nhasan/elasticsearch")  # the unprivileged user must be able to enter it
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / f"elasticsearch-{VERSION}"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "bin" / "elasticsearch").exists():
            _unpack(_archive(cache), cache)
    return folder


def _archive(cache: Path) -> Path:
    archive = cache / f"elasticsearch-{VERSION}.zip"
    if archive.exists():
        return archive
    maven = shutil.which("mvn")
    if maven is None:
        raise NoServer("Maven is not installed. On Debian or Ubuntu: apt install maven")
    print(f"Fetching Elasticsearch {VERSION} (103 MB, once) …", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        command = [
            maven,
            "-q",
            "-B",
            "dependency:copy",
            f"-Dartifact={ARTIFACT}",
            f"-DoutputDirectory={folder}",
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=FETCH_SECONDS, cwd=folder, check=False
            )
        except subprocess.TimeoutExpired:
            raise NoServer("Maven did not fetch Elasticsearch in time.") from None
        found = next(Path(folder).glob("*.zip"), None)
        if done.returncode or found is None:
            raise NoServer(f"Maven cannot fetch Elasticsearch: {(done.stdout + done.stderr).strip()[-300:]}")
        found.rename(archive)
    return archive


def _unpack(archive: Path, cache: Path) -> None:
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        with zipfile.ZipFile(archive) as file:
            for member in file.infolist():
                path = Path(file.extract(member, folder))
                mode = member.external_attr >> 16
                if mode and not path.is_dir():
                    path.chmod(mode & 0o755 | 0o644)
        made = Path(folder) / f"elasticsearch-{VERSION}"
        for path in (made, *made.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
        (made / "plugins").mkdir(exist_ok=True)
        made.rename(cache / made.name)


def _hashed(password: str) -> str:
    """A password as Elasticsearch keeps it, in one of the ways it knows."""
    salt = secrets.token_bytes(32)
    derived = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 1_000)
    return "{PBKDF2}1000$" + "$".join(b64encode(part[:32]).decode() for part in (salt, derived))


def _certify(folder: Path) -> None:
    """A certificate authority, and a certificate for 127.0.0.1 that it signed."""
    new = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-noenc",
        "-days",
        "30",
    ]
    # Python 3.13 takes no authority that does not say that it may sign (RFC 5280, section 4.2.1.3).
    authority = [
        "-subj", "/CN=authority of a test", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        "-keyout", "ca.key", "-out", "ca.crt",
    ]  # fmt: skip
    own = [
        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
        "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature",
        "-CA", "ca.crt", "-CAkey", "ca.key", "-keyout", "server.key", "-out", "server.crt",
    ]  # fmt: skip
    for arguments in (authority, own):
        try:
            subprocess.run([*new, *arguments], cwd=folder, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise NoServer(f"openssl makes no certificate: {error}") from None


def _java() -> Path:
    java = os.environ.get("ES_JAVA_HOME") or os.environ.get("JAVA_HOME")
    program = Path(java) / "bin" / "java" if java else Path(shutil.which("java") or "")
    if not program.is_file():
        raise NoServer("Java is not installed. On Debian or Ubuntu: apt install default-jre-headless")
    return program.resolve().parent.parent


def _owner() -> tuple[str, dict[str, Any]]:
    """Who runs the server, and what subprocess has to be told for that."""
    if os.geteuid() != 0:
        return getpass.getuser(), {}
    account = pwd.getpwnam("nobody")
    return "nobody", {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])


def _stop(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def main(arguments: Sequence[str]) -> int:
    """Run the command beside a server; gives its exit code."""
    parser = argparse.ArgumentParser(prog="tests.elasticsearch_server")
    parser.add_argument("--test", action="store_true", help="for tests: TEST_SEARCH_URL says where")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    environment = dict(os.environ)
    server: Server | None = None
    try:
        server = Server()
        server.start()
        environment["TEST_SEARCH_URL" if options.test else "NHASAN_SEARCH_URL"] = server.url
    except NoServer as error:
        if server is not None:
            server.close()
        print(f"Elasticsearch is left out: {error}", file=sys.stderr)
        if os.environ.get("CI") or not options.test:
            return 3
        environment["TEST_SEARCH_URL"] = "none"
    command: subprocess.Popen[bytes] | None = None
    try:
        command = subprocess.Popen(options.command, env=environment)
        return command.wait()
    except KeyboardInterrupt:
        return command.wait() if command is not None else 130
    except SystemExit:
        if command is not None and command.poll() is None:
            command.terminate()
            command.wait(60)
        raise
    finally:
        if server is not None:
            server.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
