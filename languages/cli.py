"""The commands of `python -m languages`; see docs/languages-cli.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from languages.catalogue import Registry, registry
from languages.checking import check
from languages.errors import LanguageError
from languages.legacy import Converted, convert, detect, loading, tables, words
from languages.legacy.carriers import readable
from languages.lines import FAILED, complain, each_line, run, show
from languages.orthography import TIERS, Orthography

_HEAD = 65536  # bytes of the standard input that a legacy encoding is guessed from


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the result is the exit status: 0 if all went well, 1 if something was wrong, 2 for misuse."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.run

    def checked() -> int:
        if command is not _check:
            for problem in registry().problems:
                complain(f"left out: {problem}")
        return command(options)

    return run(checked)


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
        show(f"error: {problem}")
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
            show(str(finding))
        show(f"{code}: {errors} error(s)" if errors else f"{code}: good")
    return FAILED if failed else 0


def _show(options: argparse.Namespace) -> int:
    profile = registry().profiles[_profile_code(registry(), options.code)]
    show(f"{profile.code}  " + "  ".join(f"{language}: {name}" for language, name in profile.names.items()))
    show(f"reviewed: {_yes(profile.reviewed)}")
    if profile.aliases:
        show("aliases: " + " ".join(profile.aliases))
    for people in profile.peoples:
        show(f"people {people.number}: {people.names['vi']} / {people.names['en']} [{people.source}]")
    for orthography in profile.orthographies:
        show("")
        _show_orthography(orthography)
    show("")
    for source in profile.sources.values():
        show(
            f"[{source.id}] "
            + ". ".join(filter(None, (source.citation, source.url, source.licence, source.note)))
        )
    return 0


def _show_orthography(orthography: Orthography) -> None:
    names = orthography.names
    show(f"{orthography.tag}  vi: {names['vi']}  en: {names['en']}")
    show(f"  script {orthography.script}, {orthography.direction}, reviewed: {_yes(orthography.reviewed)}")
    for label, values in (
        ("aliases", orthography.aliases),
        ("alphabet", orthography.alphabet),
        ("also", orthography.exemplars.auxiliary),
        ("marks", tuple(orthography.exemplars.base + mark for mark in orthography.exemplars.marks)),
        ("fonts", tuple(f"“{font}”" for font in orthography.fonts)),
        ("to", tuple(scheme.target for scheme in orthography.transliterations)),
    ):
        if values:
            show(f"  {label}: " + " ".join(values))
    for citation in orthography.sources:
        show(f"  source: {citation}")


def _schemes(options: argparse.Namespace) -> int:
    for profile in registry().profiles.values():
        for scheme in profile.schemes:
            way = "reversible" if scheme.reversible else "one way"
            show("\t".join((scheme.source, scheme.target, scheme.name, way, scheme.citation)))
    return 0


def _transliterate(options: argparse.Namespace) -> int:
    source = registry().orthography(options.source)
    source.transliterate("", options.target)  # a missing scheme is one error, not one for each line
    return each_line(options.text, lambda text: source.transliterate(text, options.target))


def _fold(options: argparse.Namespace) -> int:
    orthography = registry().orthography(options.orthography)
    if options.tier == "sound":
        return each_line(options.text, lambda text: " ".join(sorted(orthography.sound_keys(text))))
    if options.tier == "marked":
        return each_line(options.text, orthography.marked)
    return each_line(options.text, lambda text: orthography.fold(text, options.tier))


def _sort(options: argparse.Namespace) -> int:
    orthography = registry().orthography(options.orthography)
    lines: list[str] = []
    status = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            lines.append(line.decode("utf-8").rstrip("\r\n"))
        except UnicodeDecodeError as error:
            complain(f"line {number}: not UTF-8 (byte {error.start + 1}); left out")
            status = FAILED
    lines.sort(key=orthography.sort_key)
    for text in lines:
        show(text)
    return status


def _legacy(options: argparse.Namespace) -> int:
    if options.list:
        for table in tables().values():
            guessed = "guessed" if table.detectable else "on demand"
            guessed += "" if table.reviewed else ", not reviewed"
            show("\t".join((table.name, table.names["en"], guessed, table.sources[0].citation)))
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
            complain("This is Unicode as it stands, or nothing that is known; nothing is converted.")
        for guess in guesses[:3]:
            complain(
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
            complain(f"line {number}: {len(answer.unknown)} character(s) not in {name or 'UTF-8'}: {said}")
            status = FAILED
        show(answer.text)
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
