"""The commands of `python -m languages`; see docs/languages-cli.md."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO

from languages.catalogue import Registry, registry
from languages.checking import check
from languages.errors import LanguageError
from languages.legacy import Converted, convert, detect, loading, tables, words
from languages.legacy.carriers import readable
from languages.orthography import TIERS, Orthography
from languages.text import storable

FAILED = 1  # some line or profile is wrong
_HEAD = 65536  # bytes of the standard input that a legacy encoding is guessed from


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the result is the exit status: 0 if all went well, 1 if something was wrong, 2 for misuse."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        if run is not _check:
            for problem in registry().problems:
                _complain(f"left out: {problem}")
        status = run(options)
        sys.stdout.flush()
    except LanguageError as error:
        _complain(str(error))
        return FAILED
    except BrokenPipeError:
        # The reader has had enough; nothing may be flushed to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m languages", description="Look at language profiles and use them."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    checking = command("check", _check, "Check one profile or all; exit status 1 if one has an error.")
    checking.add_argument("code", nargs="?", metavar="CODE")
    checking.add_argument("--quiet", action="store_true", help="leave out notes")
    command("show", _show, "Print what a profile says.").add_argument("code", metavar="CODE")
    command("schemes", _schemes, "List transliterations: from, to, name, reversible or one way, source.")
    transliterate = command("transliterate", _transliterate, "Write text in another spelling.")
    transliterate.add_argument("--from", dest="source", required=True, metavar="TAG")
    transliterate.add_argument("--to", dest="target", required=True, metavar="TAG")
    transliterate.add_argument("text", nargs="?", metavar="TEXT")
    sort = command("sort", _sort, "Sort lines in the order of an orthography.")
    sort.add_argument("--orthography", required=True, metavar="TAG")
    fold = command("fold", _fold, "Print the key of text on a tier.")
    fold.add_argument("--orthography", required=True, metavar="TAG")
    fold.add_argument("--tier", required=True, choices=(*TIERS, "marked", "sound"))
    fold.add_argument("text", nargs="?", metavar="TEXT")
    legacy = command("legacy", _legacy, "Turn text in a legacy encoding into Unicode.")
    legacy.add_argument("--from", dest="source", metavar="NAME", help="without it, it is guessed")
    legacy.add_argument("--list", action="store_true", help="list the encodings that are known")
    legacy.add_argument("text", nargs="?", metavar="TEXT")
    return parser


# --- commands -------------------------------------------------------------------------------------------------


def _check(options: argparse.Namespace) -> int:
    profiles = registry().profiles
    wrong = (*registry().problems, *loading.problems(), *words.problems())
    left_out = [
        problem for problem in wrong if not options.code or problem.file.startswith(f"{options.code}/")
    ]
    for problem in left_out:
        _print(f"error: {problem}")
    if options.code and left_out:
        return FAILED
    chosen = [_profile_code(registry(), options.code)] if options.code else list(profiles)
    failed = bool(left_out)
    for code in chosen:
        findings = [
            finding for finding in check(profiles[code]) if finding.level != "note" or not options.quiet
        ]
        errors = sum(finding.level == "error" for finding in findings)
        failed = failed or errors > 0
        for finding in findings:
            _print(str(finding))
        _print(f"{code}: {errors} error(s)" if errors else f"{code}: good")
    return FAILED if failed else 0


def _show(options: argparse.Namespace) -> int:
    profile = registry().profiles[_profile_code(registry(), options.code)]
    _print(f"{profile.code}  " + "  ".join(f"{language}: {name}" for language, name in profile.names.items()))
    _print(f"reviewed: {_yes(profile.reviewed)}")
    if profile.aliases:
        _print("aliases: " + " ".join(profile.aliases))
    for people in profile.peoples:
        _print(f"people {people.number}: {people.names['vi']} / {people.names['en']} [{people.source}]")
    for orthography in profile.orthographies:
        _print("")
        _show_orthography(orthography)
    _print("")
    for source in profile.sources.values():
        _print(
            f"[{source.id}] "
            + ". ".join(filter(None, (source.citation, source.url, source.licence, source.note)))
        )
    return 0


def _show_orthography(orthography: Orthography) -> None:
    names = orthography.names
    _print(f"{orthography.tag}  vi: {names['vi']}  en: {names['en']}")
    _print(f"  script {orthography.script}, {orthography.direction}, reviewed: {_yes(orthography.reviewed)}")
    for label, values in (
        ("aliases", orthography.aliases),
        ("alphabet", orthography.alphabet),
        ("also", orthography.exemplars.auxiliary),
        ("marks", tuple(orthography.exemplars.base + mark for mark in orthography.exemplars.marks)),
        ("fonts", tuple(f"“{font}”" for font in orthography.fonts)),
        ("to", tuple(scheme.target for scheme in orthography.transliterations)),
    ):
        if values:
            _print(f"  {label}: " + " ".join(values))
    for citation in orthography.sources:
        _print(f"  source: {citation}")


def _schemes(options: argparse.Namespace) -> int:
    for profile in registry().profiles.values():
        for scheme in profile.schemes:
            way = "reversible" if scheme.reversible else "one way"
            _print("\t".join((scheme.source, scheme.target, scheme.name, way, scheme.citation)))
    return 0


def _transliterate(options: argparse.Namespace) -> int:
    source = registry().orthography(options.source)
    source.transliterate("", options.target)  # a missing scheme is one error, not one for each line
    return _filter(options.text, lambda text: source.transliterate(text, options.target))


def _fold(options: argparse.Namespace) -> int:
    orthography = registry().orthography(options.orthography)
    if options.tier == "sound":
        return _filter(options.text, lambda text: " ".join(sorted(orthography.sound_keys(text))))
    if options.tier == "marked":
        return _filter(options.text, orthography.marked)
    return _filter(options.text, lambda text: orthography.fold(text, options.tier))


def _sort(options: argparse.Namespace) -> int:
    orthography = registry().orthography(options.orthography)
    lines: list[str] = []
    status = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            lines.append(line.decode("utf-8").rstrip("\r\n"))
        except UnicodeDecodeError as error:
            _complain(f"line {number}: not UTF-8 (byte {error.start + 1}); left out")
            status = FAILED
    lines.sort(key=orthography.sort_key)
    for text in lines:
        _print(text)
    return status


def _legacy(options: argparse.Namespace) -> int:
    if options.list:
        for table in tables().values():
            guessed = "guessed" if table.detectable else "on demand"
            guessed += "" if table.reviewed else ", not reviewed"
            _print("\t".join((table.name, table.names["en"], guessed, table.sources[0].citation)))
        return 0
    if options.text is not None:
        return _legacy_lines([options.text.encode("utf-8", "surrogateescape")], options.source)
    if options.source:
        return _legacy_lines(sys.stdin.buffer, options.source)
    head: list[bytes] = []
    size = 0
    while size < _HEAD and (line := sys.stdin.buffer.readline()):
        head.append(line)
        size += len(line)
    return _legacy_lines(chain(head, sys.stdin.buffer), None, b"".join(head))


def _legacy_lines(lines: Iterable[bytes], name: str | None, head: bytes = b"") -> int:
    """Converts each line, by the encoding named, else by the one that the head of the text looks most like."""
    if name is None:
        lines = list(lines) if not head else lines
        guesses = detect(head or b"".join(lines))
        if not guesses:
            _complain("This is Unicode as it stands, or nothing that is known; nothing is converted.")
        for guess in guesses[:3]:
            _complain(
                f"looks like {guess.name} ({int(guess.confidence * 100)} % sure): {guess.before} → {guess.after}"
            )
        name = guesses[0].name if guesses else None
    else:
        convert("", name)  # a name that is not known is one error, not one for each line
    status = 0
    for number, line in enumerate(lines, start=1):
        answer = _from_legacy(line.rstrip(b"\r\n"), name)
        if answer.unknown:
            said = ", ".join(f"{char!a} at {at + 1}" for at, char in answer.unknown[:5])
            _complain(f"line {number}: {len(answer.unknown)} character(s) not in {name or 'UTF-8'}: {said}")
            status = FAILED
        _print(answer.text)
        sys.stdout.flush()
    return status


def _from_legacy(line: bytes, name: str | None) -> Converted:
    """A line converted; bytes that are UTF-8 are characters that legacy codes were taken for."""
    try:
        text: str | bytes = line.decode("utf-8")
    except UnicodeDecodeError as error:
        text = line
        if name is None:
            return Converted("", 0.0, ((error.start, readable(line[error.start : error.start + 1])),), "")
    return convert(text, name) if name else Converted(readable(text), 1.0, (), "")


# --- helpers --------------------------------------------------------------------------------------------------


def _filter(text: str | None, function: Callable[[str], str]) -> int:
    """One text, or every line of the standard input: a line in, a line out, an empty one where it failed."""
    if text is not None:
        _print(function(text))
        return 0
    status = 0
    for number, answer in _answers(sys.stdin.buffer, function):
        if isinstance(answer, Exception):
            _complain(f"line {number}: {answer}")
            status, answer = FAILED, ""
        _print(answer)
        sys.stdout.flush()  # whoever wrote the line may wait for the answer
    return status


def _answers(
    lines: BinaryIO | Iterable[bytes], function: Callable[[str], str]
) -> Iterator[tuple[int, str | Exception]]:
    for number, line in enumerate(lines, start=1):
        try:
            yield number, function(line.decode("utf-8").rstrip("\r\n"))
        except UnicodeDecodeError as error:
            yield number, ValueError(f"not UTF-8 (byte {error.start + 1})")
        except LanguageError as error:
            yield number, error


def _profile_code(profiles: Registry, code: str) -> str:
    profile = profiles.profile(code)
    if profile.is_fallback:
        known = " ".join(profiles.profiles)
        raise LanguageError(
            "no_profile", f"There is no profile for “{code}”. There are: {known}.", profile=code
        )
    return profile.code


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _print(text: str) -> None:
    sys.stdout.buffer.write(storable(text).replace("\n", " ").encode() + b"\n")


def _complain(text: str) -> None:
    sys.stderr.write(storable(text) + "\n")
