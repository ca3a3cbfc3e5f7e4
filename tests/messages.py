"""Hold the Vietnamese messages of every app to its sources:

    python -m tests.messages

Every text of the sources stands in the app's django.po, none is untranslated or marked fuzzy, none is left over.
Needs gettext's programs. Prints what is wrong, with the number of such texts; the exit code is 1 then.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
LANGUAGE = "vi"
SHOWN = 5


def apps() -> list[Path]:
    """The packages with texts to translate."""
    packages = sorted(path.parent for path in REPOSITORY.glob("*/__init__.py") if path.parent.name != "tests")
    inside = sorted(
        path.parent for path in REPOSITORY.glob("*/*/locale") if (path.parent / "apps.py").exists()
    )
    return [each for each in packages if (each / "locale").exists() or _has_texts(each)] + inside


def _has_texts(package: Path) -> bool:
    return any("import gettext" in file.read_text(encoding="utf-8") for file in package.rglob("*.py")) or any(
        "{% load i18n" in file.read_text(encoding="utf-8") for file in package.rglob("*.html")
    )


def problems(app: Path) -> Iterator[str]:
    """What is wrong with the messages of one app."""
    kept = app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
    if not kept.exists():
        yield f"{app.name}: there is no {kept.relative_to(REPOSITORY)}"
        return
    with tempfile.TemporaryDirectory() as folder:
        # makemessages writes where it stands, so it stands in a copy.
        copy = Path(folder) / app.name
        shutil.copytree(app, copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        _run(
            sys.executable, str(REPOSITORY / "manage.py"), "makemessages", f"--locale={LANGUAGE}", "--no-obsolete",
            "--no-location", "--verbosity=0", cwd=copy,
        )  # fmt: skip
        made = copy / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
        in_sources, in_kept = texts(made), texts(kept)
        yield from _list(app, "not in django.po (run makemessages there)", in_sources - in_kept)
        yield from _list(
            app, "in django.po but no longer in the sources (run makemessages there)", in_kept - in_sources
        )
    yield from _list(app, "not translated", texts(kept, "--untranslated"))
    yield from _list(app, "marked fuzzy", texts(kept, "--only-fuzzy"))


def texts(po: Path, *only: str) -> set[str]:
    """The texts (msgid, with context and plural) of a file, or those that `msgattrib` picks."""
    output = _run("msgattrib", "--no-wrap", "--no-obsolete", "--sort-output", *only, str(po))
    found, block = set(), []
    for line in [*output.splitlines(), ""]:
        if line.startswith(("msgctxt ", "msgid ", "msgid_plural ")) or (block and line.startswith('"')):
            block.append(line)
        elif block:
            found.add("\n".join(block))
            block = []
    return found - {'msgid ""'}


def _list(app: Path, what: str, found: set[str]) -> Iterator[str]:
    if found:
        yield f"{app.name}: {len(found)} {what}"
        yield from (f"    {text.splitlines()[0]}" for text in sorted(found)[:SHOWN])


def _run(*command: str, cwd: Path = REPOSITORY) -> str:
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


def main() -> int:
    """Print all problems of all apps."""
    if not shutil.which("msgattrib"):
        print("tests.messages: gettext is not installed. On Debian or Ubuntu: apt install gettext")
        return 1
    found = [line for app in apps() for line in problems(app)]
    print("\n".join(found) or f"{len(apps())} apps: all messages translated")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
