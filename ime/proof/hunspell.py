"""What the real Hunspell says about words, with the files that the target built."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from ime.errors import BuildError
from ime.proof.installed import version_of
from ime.targets.base import Package

_SECONDS = 600


def version() -> str | None:
    """The version of the installed program, or None."""
    return version_of("hunspell") if shutil.which("hunspell") else None


def refused(package: Package, words: Iterable[str]) -> list[str]:
    """The words that Hunspell takes for mistakes."""
    return [word for word, answer in _asked(package, list(words)) if answer[0] in "&#"]


def suggestions(package: Package, words: Iterable[str]) -> dict[str, list[str]]:
    """What Hunspell suggests for each word that it takes for a mistake, best first."""
    return {
        word: answer.partition(": ")[2].split(", ") if answer[0] == "&" else []
        for word, answer in _asked(package, list(words))
        if answer[0] in "&#"
    }


def _asked(package: Package, words: Sequence[str]) -> list[tuple[str, str]]:
    """Each word with Hunspell's line about it; a word that Hunspell cuts into several is a BuildError."""
    with tempfile.TemporaryDirectory() as folder:
        for ending in (".aff", ".dic"):
            Path(folder, f"words{ending}").write_bytes(package.file(ending).data)
        ran = subprocess.run(
            ["hunspell", "-i", "UTF-8", "-a", "-d", str(Path(folder, "words"))],
            # ^ before a word: it is a word, whatever it begins with.
            input="".join(f"^{word}\n" for word in words),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
    if ran.returncode or ran.stderr.strip():
        problem = ran.stderr.strip() or f"status {ran.returncode}"
        raise BuildError("hunspell", f"hunspell: {problem}", problem=problem)
    # A line of greeting, then a paragraph for each word.
    paragraphs = ran.stdout.partition("\n")[2].split("\n\n")
    answers = []
    for word, paragraph in zip(words, paragraphs, strict=False):
        lines = paragraph.strip("\n").splitlines()
        if len(lines) != 1:
            raise BuildError("hunspell_cut", f"hunspell sees {len(lines)} words in {word!r}", word=word)
        answers.append((word, lines[0]))
    return answers
