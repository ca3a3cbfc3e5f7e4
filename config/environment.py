"""The one table of environment variables. Every setting a person may change stands here, nowhere else.

`SETTINGS` is compared with docs/settings.md by a test, so that the documentation cannot lag.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["text", "path", "integer", "boolean", "list", "secret"]


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, default as text, kind and what it means."""

    name: str
    default: str
    kind: Kind
    meaning: str


class SettingError(ValueError):
    """A variable has a value that its kind does not allow; the message names the variable."""


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "NHASAN_MODE",
        "production",
        "text",
        "production, or local: for one's own machine (bin/run sets it); tests set test.",
    ),
    Setting("NHASAN_DATA_DIR", "var", "path", "The folder that holds everything the site writes."),
    Setting(
        "NHASAN_DATABASE_URL",
        "",
        "secret",
        "Empty: SQLite in the data folder. postgresql://user:password@host:port/name: PostgreSQL.",
    ),
    Setting(
        "NHASAN_SECRET_KEY",
        "",
        "secret",
        "Signs sessions. Required in production (50 characters or more); made by itself in local mode.",
    ),
    Setting("NHASAN_ALLOWED_HOSTS", "", "list", "Host names that the site answers to, with commas between."),
    Setting("NHASAN_BASE_URL", "http://localhost:8000", "text", "The public address of the site."),
    Setting("NHASAN_HTTPS", "true", "boolean", "Whether visitors come over https (secure cookies, HSTS)."),
    Setting(
        "NHASAN_PROXIES",
        "0",
        "integer",
        "How many of your own proxies (nginx, Caddy) stand before the site and set X-Forwarded-For and -Proto.",
    ),
    Setting(
        "NHASAN_HSTS_DAYS",
        "30",
        "integer",
        "How long a browser remembers that the site is to be asked over https only.",
    ),
    Setting("NHASAN_SESSION_DAYS", "14", "integer", "How long somebody stays logged in."),
    Setting(
        "NHASAN_LOGIN_FAILURES",
        "10",
        "integer",
        "After so many wrong passwords for an account from one address, that account is shut from there.",
    ),
    Setting("NHASAN_LOGIN_LOCK_MINUTES", "15", "integer", "For how long it is shut."),
    Setting("NHASAN_FORM_MAX_BYTES", "10485760", "integer", "How large a form may be, apart from its files."),
    Setting("NHASAN_WEB_PROCESSES", "1", "integer", "How many processes of the web server run side by side."),
    Setting("NHASAN_WEB_THREADS", "4", "integer", "How many requests one of them works on at a time."),
    Setting(
        "NHASAN_LOG_LEVEL",
        "INFO",
        "text",
        "What is logged: DEBUG, INFO, WARNING or ERROR, and what is worse.",
    ),
    Setting("NHASAN_DEBUG", "false", "boolean", "Error pages for developers. Refused in production."),
    Setting(
        "NHASAN_ENTRY_MAX_NODES", "20000", "integer", "How many parts (senses, forms, …) an entry may have."
    ),
    Setting("NHASAN_ENTRY_MAX_DEPTH", "20", "integer", "How deep the parts of an entry may be nested."),
    Setting(
        "NHASAN_ENTRY_MAX_TEXT", "100000", "integer", "How many characters one text of an entry may have."
    ),
    Setting("NHASAN_ENTRY_MAX_TOTAL", "2000000", "integer", "How many characters an entry may have in all."),
    Setting("NHASAN_RECORD_MAX_VALUES", "5000", "integer", "How many values a record may have in all."),
    Setting(
        "NHASAN_RECORD_MAX_TEXT", "200000", "integer", "How many characters one value of a record may have."
    ),
    Setting(
        "NHASAN_ARK_NAAN",
        "99999",
        "text",
        "The number under which this institution names its records (ARK); 99999 is for trying out only.",
    ),
    Setting("NHASAN_FILE_MAX_BYTES", "52428800", "integer", "How large one recording or picture may be."),
    Setting("NHASAN_PICTURE_MAX_PIXELS", "50000000", "integer", "How many pixels one picture may have."),
    Setting(
        "NHASAN_FILES_KEEP_DAYS",
        "7",
        "integer",
        "For how long a recording or picture is kept that nothing refers to (an upload that was never saved).",
    ),
    Setting(
        "NHASAN_FIXITY_DAYS",
        "30",
        "integer",
        "After so many days a file is compared with its checksum again.",
    ),
    Setting(
        "NHASAN_MEDIA_MAX_BYTES",
        "21474836480",
        "integer",
        "How large a scan, recording, film or PDF of the library may be.",
    ),
    Setting(
        "NHASAN_SUBTITLES_MAX_BYTES",
        "4194304",
        "integer",
        "How large a subtitle file (WebVTT, SRT) may be that becomes a transcript.",
    ),
    Setting(
        "NHASAN_SUBTITLES_MAX_CUES",
        "20000",
        "integer",
        "How many cues a subtitle file may have.",
    ),
    Setting(
        "NHASAN_SCAN_MAX_PIXELS",
        "400000000",
        "integer",
        "How many pixels one page of a scan may have.",
    ),
    Setting(
        "NHASAN_SCAN_MAX_PAGES",
        "5000",
        "integer",
        "How many pages a PDF or TIFF file may have.",
    ),
    Setting(
        "NHASAN_MEDIA_MAX_SECONDS",
        "28800",
        "integer",
        "How many seconds a recording or film may last.",
    ),
    Setting(
        "NHASAN_TOOL_SECONDS",
        "14400",
        "integer",
        "How many seconds one tool (ffmpeg, tesseract, …) may work on a file.",
    ),
    Setting(
        "NHASAN_TOOL_STALL_SECONDS",
        "120",
        "integer",
        "After so many seconds without progress a tool is stopped.",
    ),
    Setting(
        "NHASAN_TOOL_MEMORY",
        "4294967296",
        "integer",
        "How many bytes of address space a tool may use.",
    ),
    Setting(
        "NHASAN_TOOL_FILE_BYTES",
        "8589934592",
        "integer",
        "How large a file that a tool writes may grow.",
    ),
    Setting(
        "NHASAN_SEND_FILES_BY",
        "",
        "text",
        "Who sends files: empty: the site; x-accel-redirect: nginx before it; x-sendfile: Apache or lighttpd "
        "before it.",
    ),
    Setting(
        "NHASAN_SEND_FILES_PREFIX",
        "/_files/",
        "text",
        "The internal address under which nginx finds NHASAN_DATA_DIR/media.",
    ),
    Setting(
        "NHASAN_SCAN_SIGNATURES",
        "/var/lib/clamav",
        "text",
        "The folder or file with ClamAV's signatures; without any, files are not scanned for malware.",
    ),
    Setting(
        "NHASAN_SPEECH_ENGINE",
        "faster-whisper",
        "text",
        "What writes down speech: faster-whisper or openai-whisper, whichever is installed.",
    ),
    Setting(
        "NHASAN_SPEECH_MODEL",
        "",
        "text",
        "The folder (faster-whisper) or file (openai-whisper) of the speech model; empty: no transcripts by machine.",
    ),
    Setting(
        "NHASAN_SPEECH_MODEL_SHA256",
        "",
        "text",
        "The sha256 of the model's weights (of model.bin in a folder), without which it is not used.",
    ),
    Setting("NHASAN_IMPORT_MAX_BYTES", "536870912", "integer", "How large a file to import may be."),
    Setting(
        "NHASAN_IMPORT_MAX_UNPACKED",
        "1073741824",
        "integer",
        "How many bytes a file to import may have once it is unpacked.",
    ),
    Setting(
        "NHASAN_IMPORT_MAX_ENTRY",
        "4194304",
        "integer",
        "How many characters one entry or row of a file to import may have.",
    ),
    Setting("NHASAN_IMPORT_MAX_FILES", "20000", "integer", "How many files an archive to import may hold."),
    Setting(
        "NHASAN_LEGACY_MAX_BYTES",
        "10485760",
        "integer",
        "How large a file may be whose text is to be turned into Unicode on the public page.",
    ),
    Setting(
        "NHASAN_LEGACY_MAX_UNPACKED",
        "104857600",
        "integer",
        "How many bytes such a file may have once it is unpacked (.docx).",
    ),
    Setting("NHASAN_SEARCH_QUERY_LENGTH", "200", "integer", "How many characters a query may have."),
    Setting("NHASAN_SEARCH_PAGE", "100", "integer", "How many results one page may have at most."),
    Setting(
        "NHASAN_SEARCH_URL",
        "",
        "secret",
        "Empty: the embedded engine. http(s)://user:password@host:port: Elasticsearch; nodes with commas between.",
    ),
    Setting(
        "NHASAN_SEARCH_API_KEY", "", "secret", "An API key of Elasticsearch, instead of user and password."
    ),
    Setting(
        "NHASAN_SEARCH_CA_FILE", "", "text", "The certificate (PEM) that Elasticsearch's own is signed with."
    ),
    Setting(
        "NHASAN_SEARCH_PREFIX",
        "nhasan",
        "text",
        "What the names of this site's indexes begin with, where several sites share a cluster.",
    ),
    Setting(
        "NHASAN_SEARCH_TIMEOUT_MS",
        "2000",
        "integer",
        "How many milliseconds a look-up waits for Elasticsearch before the database answers.",
    ),
    Setting(
        "NHASAN_SEARCH_WRITE_TIMEOUT",
        "60",
        "integer",
        "How many seconds a batch of changes waits for Elasticsearch before it is tried again later.",
    ),
    Setting(
        "NHASAN_SEARCH_PAUSE",
        "5",
        "integer",
        "For how many seconds Elasticsearch is not asked after it failed (longer if it fails again).",
    ),
    Setting("NHASAN_SEARCH_SHARDS", "1", "integer", "Into how many shards Elasticsearch divides an index."),
    Setting(
        "NHASAN_SEARCH_REPLICAS", "0", "integer", "How many copies of each shard it keeps on other nodes."
    ),
    Setting(
        "NHASAN_API_RATE",
        "6000",
        "integer",
        "How many API requests and word cards a minute one address may ask for (a school has one for all); "
        "0: no limit.",
    ),
    Setting(
        "NHASAN_LEGACY_RATE",
        "300",
        "integer",
        "How many texts an hour one address may have turned into Unicode; 0: no limit.",
    ),
    Setting(
        "NHASAN_REPORT_RATE",
        "30",
        "integer",
        "How many mistakes and requests an hour may be sent from one address; 0: no limit.",
    ),
    Setting(
        "NHASAN_TAKEDOWN_DAYS",
        "5",
        "integer",
        "Within how many working days (Monday to Friday) a request for removal or privacy is due.",
    ),
    Setting(
        "NHASAN_CORRECTION_DAYS",
        "30",
        "integer",
        "Within how many days any other request about the library is due.",
    ),
    Setting(
        "NHASAN_REQUESTS_KEEP_DAYS",
        "90",
        "integer",
        "So many days after a request was decided, the name or address of whoever sent it is deleted.",
    ),
    Setting(
        "NHASAN_FONT_FOLDERS",
        "/usr/share/fonts/truetype/noto",
        "list",
        "Folders with the fonts that web fonts are made of, with commas between.",
    ),
    Setting(
        "NHASAN_KEYBOARDS_EVERY",
        "24",
        "integer",
        "After how many hours keyboards are looked at again, and built where something changed; 0: only by hand.",
    ),
    Setting(
        "NHASAN_KEYBOARD_TOOLS",
        "",
        "text",
        "The folder that holds Keyman's compilers; empty: where bin/setup puts them.",
    ),
    Setting(
        "NHASAN_PROFILES_DIR",
        "",
        "text",
        "Folders with language profiles of your own, beside those that come along; a colon between them.",
    ),
    Setting("NHASAN_JOBS_KEEP_DAYS", "30", "integer", "For how long jobs that are done stay in the list."),
)

_TABLE = {setting.name: setting for setting in SETTINGS}


class Environment:
    """Typed access to the table over a mapping of variables (os.environ unless told otherwise)."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = os.environ if variables is None else variables

    def text(self, name: str) -> str:
        """The value of a variable, or its default; surrounding white space is cut off."""
        return self._variables.get(name, _TABLE[name].default).strip()

    def choice(self, name: str, *choices: str) -> str:
        """The value, which must be one of the choices; raises SettingError otherwise."""
        value = self.text(name)
        if value not in choices:
            raise SettingError(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
        return value

    def path(self, name: str) -> Path:
        """The value as an absolute path; a relative one counts from the current folder."""
        return Path(self.text(name)).expanduser().resolve()

    def integer(self, name: str) -> int:
        """The value as a whole number; raises SettingError otherwise."""
        value = self.text(name)
        try:
            return int(value)
        except ValueError:
            raise SettingError(f"{name} must be a whole number, not {value!r}.") from None

    def boolean(self, name: str) -> bool:
        """The value as yes or no; raises SettingError for anything else."""
        value = self.text(name).lower()
        if value in {"true", "yes", "on", "1"}:
            return True
        if value in {"false", "no", "off", "0", ""}:
            return False
        raise SettingError(f"{name} must be true or false, not {value!r}.")

    def list(self, name: str) -> list[str]:
        """The comma-separated parts of the value, empty parts dropped."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]
