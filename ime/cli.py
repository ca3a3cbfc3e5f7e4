"""The commands of `python -m ime`; see docs/keyboards.md."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ime.catalogue import keyboards
from ime.checking import faults, required
from ime.compiling import compiled
from ime.errors import KeyboardFileError
from ime.howto import howto
from ime.loader import KEYBOARDS_FOLDER, load_keyboard
from ime.model import Keyboard
from ime.notation import parse_strokes, show_keys
from ime.typing import type_keys
from languages import Orthography, registry
from languages.catalogue import load_registry
from languages.configuration import SHIPPED_PROFILES
from languages.lines import FAILED, complain, each_line, run, show
from languages.loader import SHARED_FOLDER
from languages.text import nfc, storable


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the result is the exit status: 0 if all went well, 1 if something was wrong, 2 for misuse."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.run
    return run(lambda: command(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ime", description="Type with the house's keyboards and look at them."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    command("list", _list, "List keyboards: id, language, orthography, kind.")
    typing = command(
        "type", _type, "Print the text that keys give; without KEYS, line by line from the input."
    )
    typing.add_argument("keyboard", metavar="KEYBOARD")
    typing.add_argument("keys", nargs="?", metavar="KEYS")
    asking = command(
        "howto", _howto, "Print the keys that give a text; without TEXT, line by line from the input."
    )
    asking.add_argument("keyboard", metavar="KEYBOARD")
    asking.add_argument("text", nargs="?", metavar="TEXT")
    checking = command(
        "check", _check, "Check a keyboard's file or all keyboards; exit status 1 if one is wrong."
    )
    checking.add_argument("file", nargs="?", type=Path, metavar="FILE")
    return parser


# --- commands -------------------------------------------------------------------------------------------------


def _list(_: argparse.Namespace) -> int:
    found = keyboards()
    for keyboard in found.by_id.values():
        show("\t".join((keyboard.id, keyboard.language, keyboard.orthography, keyboard.kind)))
    for fault in found.faults:
        complain(f"left out: {fault}")
    return FAILED if found.faults else 0


def _type(options: argparse.Namespace) -> int:
    program = compiled(keyboards().keyboard(options.keyboard))
    return each_line(options.keys, lambda keys: type_keys(program, parse_strokes(keys)))


def _howto(options: argparse.Namespace) -> int:
    program = compiled(keyboards().keyboard(options.keyboard))
    return each_line(options.text, lambda text: show_keys(howto(program, nfc(storable(text)))))


def _check(options: argparse.Namespace) -> int:
    if options.file is not None:
        return _checked([_of_file(options.file)], ())
    found = keyboards()
    known = registry()
    pairs = ((keyboard, known.orthography(keyboard.orthography)) for keyboard in found.by_id.values())
    return _checked(pairs, found.faults)


def _of_file(path: Path) -> tuple[Keyboard, Orthography]:
    """The keyboard of a file, with the profile and the fragments that lie around it; else with those of the house."""
    path = path.resolve()
    if path.parent.name != KEYBOARDS_FOLDER:
        problem = f"lies in no folder {KEYBOARDS_FOLDER!r} of a profile"
        raise KeyboardFileError("keyboard_place", path.name, 0, "", problem)
    profiles = path.parent.parent.parent
    known = load_registry((SHIPPED_PROFILES,), (profiles,))
    profile = known.profiles.get(path.parent.parent.name)
    keyboard = load_keyboard(path, (SHIPPED_PROFILES / SHARED_FOLDER, profiles / SHARED_FOLDER), profile)
    return keyboard, known.orthography(keyboard.orthography)


def _checked(chosen: Iterable[tuple[Keyboard, Orthography]], left_out: Iterable[KeyboardFileError]) -> int:
    """Say what is wrong with each keyboard, or what a good one is made of."""
    status = 0
    for fault in left_out:
        show(f"error: {fault}")
        status = FAILED
    for keyboard, orthography in chosen:
        found = faults(keyboard, orthography)
        for fault in found:
            show(f"error: {fault}")
        if found:
            status = FAILED
            show(f"{keyboard.id}: {len(found)} error(s)")
        else:
            rules, letters = len(compiled(keyboard).rules), len(required(orthography))
            show(f"{keyboard.id}: good ({letters} letters typed, {rules} rules)")
    return status
