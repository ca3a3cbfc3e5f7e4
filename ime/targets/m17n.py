"""The m17n library's input methods, for ibus-m17n and fcitx5-m17n.

The word being written stands in the preedit, where every rule can reach it: nothing has to be known about the text of
the application. It is committed

- after a character that ends a word (in keyboards that rewrite), or that no rule looks at (in all others, and in
  scripts that put no spaces between words), so that keyboards without rules have no preedit at all;
- before every key that the keyboard does not have (arrows, Enter, the mouse): the input method framework does that.

Where the application tells what stands before the cursor ("surrounding text"), rules reach behind the preedit as well,
for instance when Backspace went back into a word that was committed. They do so only when the last thing that happened
was not a commit of our own: what applications tell comes late, and might still lack what was just committed.

Key names are those of a US layout, which the frameworks set for m17n; the extra key of ISO keyboards gives the same
symbols as Comma there and cannot be told apart.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from ime.errors import BuildError
from ime.model import Keyboard, Kind
from ime.positions import ISO_ONLY, POSITIONS
from ime.program import Mapped, Press, Program, Rule
from ime.targets.base import BOTH, File, Kit, Package, zip_bytes
from ime.targets.keyman_icon import picture
from ime.targets.scripts import script_of
from ime.targets.writing import full_name, unspaced
from languages import registry

_LONGEST: Final = 10  # characters that conditions can ask for: @0 to @9
_ICON: Final = 48  # pixels
_REQUIRES: Final = (
    "1.7.0"  # of the m17n library: (delete @-N) reaches from the preedit into the text before it
)


class _M17n:
    """`<keyboard>-m17n.zip`: the input method, its icon, and scripts that install and remove it."""

    id = "m17n"
    title = "Linux (ibus-m17n, fcitx5-m17n)"
    kinds: frozenset[Kind] = BOTH

    def build(self, keyboard: Keyboard, program: Program, kit: Kit) -> Package:
        """The package; BuildError where a rule looks further back than the library can."""
        stem = f"{keyboard.language}-{keyboard.id}"
        mim = File(f"{stem}.mim", input_method(keyboard, program).encode())
        icon = File(f"icons/{stem}.png", _png(keyboard.language))
        values = {
            "STEM": stem,
            "NAME_VI": full_name(keyboard, "vi"),
            "NAME_EN": full_name(keyboard, "en"),
            "VERSION": keyboard.version,
            "HOUSE": kit.texts.house,
            "ADDRESS": kit.texts.address,
            "LANGUAGE": keyboard.language,
            "ID": keyboard.id,
        }
        scripts = [
            File("install.sh", script_of("m17n-install.sh", values), run=True),
            File("uninstall.sh", script_of("m17n-uninstall.sh", values), run=True),
            File("README.txt", script_of("m17n-readme.txt", values)),
        ]
        folder = f"{keyboard.id}-m17n"
        inside = [File(f"{folder}/{each.path}", each.data, each.run) for each in (mim, icon, *scripts)]
        return Package(f"{keyboard.id}-m17n", (File(f"{folder}.zip", zip_bytes(inside)), mim, icon, *scripts))

    def lacking(self, program: Program) -> frozenset[Press]:
        """Presses of the extra key that would give something else than the key of the same name."""
        bound = _bound(program)

        def given(press: Press) -> tuple[str | None, str | None]:
            return program.keys.get(press), program.dead_presses.get(press)

        presses = {*program.keys, *program.dead_presses}
        return frozenset(press for press in presses if given(press) != given(bound[key_name(press)]))


M17N: Final = _M17n()


def key_name(press: Press) -> str:
    """What the frameworks call a press: "a", "G-A", "S- ". The extra ISO key is < and > in the US layout."""
    shifted = "shift" in press.modifiers
    if press.code == ISO_ONLY:
        char = ">" if shifted else "<"
    else:
        position = POSITIONS[press.code]
        char = position.us_shift if shifted else position.us
    space = "S-" if shifted and char == " " else ""
    return f"{space}{'G-' if 'altgr' in press.modifiers else ''}{char}"


def _bound(program: Program) -> dict[str, Press]:
    """The press that each key name stands for; where two have one name, not the one of the extra key."""
    bound: dict[str, Press] = {}
    for press in sorted(
        {*program.keys, *program.dead_presses}, key=lambda press: (press.code == ISO_ONLY, press)
    ):
        bound.setdefault(key_name(press), press)
    return bound


def input_method(keyboard: Keyboard, program: Program) -> str:
    """The .mim file of a keyboard."""
    return _Writer(keyboard, program).text()


class _Writer:
    """Spells one program as maps, macros and states."""

    def __init__(self, keyboard: Keyboard, program: Program) -> None:
        self._keyboard = keyboard
        self._program = program
        self._rules: dict[str, list[Rule]] = {}
        for rule in program.rules:
            self._rules.setdefault(rule.trigger, []).append(rule)
        every = (*program.rules, *program.backspaces)
        self._looked_at = {char for rule in every for slot in rule.context for char in slot}
        self._depth = max((len(rule.context) for rule in every), default=0)
        if self._depth > _LONGEST:
            raise BuildError(
                "m17n_context",
                f"{keyboard.id}: a rule looks {self._depth} characters back; m17n can look back {_LONGEST}.",
                keyboard=keyboard.id,
                depth=self._depth,
                limit=_LONGEST,
            )
        orthography = registry().orthography(keyboard.orthography)
        self._by_words = program.composing and not unspaced(orthography)
        self._dead = {name: number for number, name in enumerate(sorted(program.dead), 1)}
        typed = {*program.keys.values()}
        for dead in program.dead.values():
            typed |= {*dead.results.values()}
        self._macro = {text: f"type-{number}" for number, text in enumerate(sorted(typed), 1)}

    def text(self) -> str:
        keyboard = self._keyboard
        parts = [
            f";; {full_name(keyboard, 'en')} ({keyboard.id} {keyboard.version}). {keyboard.licence}.",
            f"(input-method {keyboard.language} {keyboard.id})",
            f"(version {_quoted(_REQUIRES)})",
            f"(description {_quoted(_description(keyboard))})",
            f"(title {_quoted(full_name(keyboard, 'vi'))})",
            _block("map", self._maps()),
            _block(
                "macro",
                [*self._typing(), *self._keys(), *self._looking(), *self._endings(), self._backspace()],
            ),
            _block("state", self._states()),
        ]
        return "\n".join(parts) + "\n"

    # --- what the states are ---------------------------------------------------------------------------------

    def _states(self) -> list[str]:
        # OURS: the last thing that happened was a commit of our own. DEAD: the number of the pending dead key.
        return [
            "(init (keys) (backspace) (nil (set OURS 0) (set DEAD 0)))",
            "(word (keys) (backspace) (nil (set OURS 0) (set DEAD 0) (shift init)))",
        ]

    def _maps(self) -> list[str]:
        keys: list[str] = []
        for name, press in _bound(self._program).items():
            if press in self._program.keys:
                action = self._key_macro(self._program.keys[press])
            else:
                action = f"(dead-{self._dead[self._program.dead_presses[press]]})"
            keys.append(f"  ({_key(name)} {action})")
        return ["(keys\n" + "\n".join(keys) + ")", "(backspace ((BackSpace) (take-back)))"]

    # --- keys and dead keys ----------------------------------------------------------------------------------

    def _key_macro(self, output: str) -> str:
        """What a key does: type its output; where there are dead keys, only if none is pending."""
        return f"({self._macro[output].replace('type', 'key') if self._dead else self._macro[output]})"

    def _keys(self) -> Iterable[str]:
        if not self._dead:
            return
        for output in sorted(set(self._program.keys.values())):
            cases = [
                f"((= DEAD {number}) (set DEAD 0) ({self._macro[self._program.dead[name].results[output]]}))"
                for name, number in self._dead.items()
            ]
            plain = self._macro[output]
            yield _cond(plain.replace("type", "key"), [*cases, f"(1 ({plain}))"])
        for name, number in self._dead.items():
            # Behind another dead key, a dead key gives what it is alone.
            alone = self._program.dead[name].alone
            cases = [
                f"((= DEAD {other}) (set DEAD 0) ({self._macro[self._program.dead[before].results[alone]]}))"
                for before, other in self._dead.items()
            ]
            yield _cond(f"dead-{number}", [*cases, f"(1 (set DEAD {number}) (settle))"])

    # --- rules -----------------------------------------------------------------------------------------------

    def _typing(self) -> Iterable[str]:
        for text, macro in self._macro.items():
            rules = self._rules.get(text, [])
            plain = f"(insert {_quoted(text)}) {self._end(text)}" if text else "(settle)"
            if not rules:
                yield f"({macro} {plain})"
                continue
            depth = max(len(rule.context) for rule in rules)
            look = f"(look-{depth}) " if depth else ""
            cases = [f"({_test(rule.context)} {self._act(rule)})" for rule in rules]
            yield f"({macro} {look}(cond\n   " + "\n   ".join([*cases, f"(1 {plain})"]) + "))"

    def _act(self, rule: Rule) -> str:
        length = len(rule.context)
        actions: list[str] = []
        if length > rule.kept:
            actions.append(f"(delete @-{length - rule.kept})")
        for out in rule.output:
            if isinstance(out, str):
                actions += [f"(insert {_quoted(out)})"] if out else []
            else:
                actions.append(_mapped(out, rule))
        last = rule.output[-1] if rule.output else ""
        actions.append(self._end(last) if isinstance(last, str) and last else "(settle)")
        return " ".join(actions)

    def _backspace(self) -> str:
        """Backspace: cancels a dead key; else a rule; else a character of the preedit; else the application's turn."""
        rules = self._program.backspaces
        depth = max((len(rule.context) for rule in rules), default=0)
        look = f"(look-{depth}) " if depth else ""
        cases = [f"({_test(rule.context)} {self._act(rule)})" for rule in rules]
        cases += ["((> @< -1) (delete @-) (settle))", "(1 (unhandle))"]
        work = f"{look}(set OURS 0) (cond\n   " + "\n   ".join(cases) + ")"
        if self._dead:
            work = f"(cond ((> DEAD 0) (set DEAD 0) (settle))\n  (1 {work}))"
        return f"(take-back {work})"

    def _looking(self) -> Iterable[str]:
        """C1 is the character before the cursor, C2 the one before it, …; -1 where there is none to be looked at."""
        for depth in range(1, self._depth + 1):
            before = f"(look-{depth - 1}) " if depth > 1 else ""
            yield (
                f"(look-{depth} {before}(cond ((| (= OURS 0) (> @{depth - 1} -1)) (set C{depth} @-{depth}))"
                f" (1 (set C{depth} -1))))"
            )

    # --- commits ---------------------------------------------------------------------------------------------

    def _end(self, text: str) -> str:
        return "(done)" if self._ends(text[-1]) else "(settle)"

    def _ends(self, char: str) -> bool:
        """Does what was written so far get committed after this character?"""
        in_word = self._by_words and unicodedata.category(char)[0] in "LM"
        return char not in self._looked_at and not in_word

    def _endings(self) -> Iterable[str]:
        yield "(done (commit) (set OURS 1) (shift init))"
        yield "(settle (cond ((= @< -1) (shift init)) (1 (shift word))))"


def _test(context: Sequence[Sequence[str]]) -> str:
    """Whether a context stands before the cursor; the last slot is C1."""
    tests = [_member(f"C{len(context) - place}", slot) for place, slot in enumerate(context)]
    if not tests:
        return "1"
    return tests[0] if len(tests) == 1 else f"(& {' '.join(tests)})"


def _member(variable: str, slot: Sequence[str]) -> str:
    tests: list[str] = []
    for first, last in _runs(sorted(map(ord, slot))):
        if last - first < 2:
            tests += [f"(= {variable} {code:#x})" for code in range(first, last + 1)]
        else:
            tests.append(f"(& (>= {variable} {first:#x}) (<= {variable} {last:#x}))")
    return tests[0] if len(tests) == 1 else f"(| {' '.join(tests)})"


def _runs(codes: Sequence[int]) -> Iterable[tuple[int, int]]:
    first = last = codes[0]
    for code in codes[1:]:
        if code != last + 1:
            yield first, last
            first = code
        last = code
    yield first, last


def _mapped(out: Mapped, rule: Rule) -> str:
    """Insert what the character in a slot maps to."""
    variable = f"C{len(rule.context) - out.slot}"
    slot = rule.context[out.slot]
    if out.values == slot:
        return f"(insert {variable})"
    cases: dict[str, list[str]] = {}
    for char, value in zip(slot, out.values, strict=True):
        if value:
            cases.setdefault(value, []).append(char)
    return (
        "(cond "
        + " ".join(
            f"({_member(variable, chars)} (insert {_quoted(value)}))" for value, chars in cases.items()
        )
        + ")"
    )


def _description(keyboard: Keyboard) -> str:
    names = " / ".join(full_name(keyboard, each) for each in ("vi", "en"))
    return f"{names}\n{keyboard.id} {keyboard.version}, {keyboard.licence}"


def _png(text: str) -> bytes:
    buffer = io.BytesIO()
    picture(text, _ICON).save(buffer, "PNG")
    return buffer.getvalue()


def _block(name: str, lines: Iterable[str]) -> str:
    return f"({name}\n " + "\n ".join(lines) + ")"


def _cond(name: str, cases: Sequence[str]) -> str:
    return f"({name} (cond " + " ".join(cases) + "))"


def _key(name: str) -> str:
    """A key sequence of one key: a string for a plain character, else a list of its symbol."""
    if len(name) == 1:
        return _quoted(name)
    return "(" + "".join(f"\\{char}" if char in " ()\"\\;?'" else char for char in name) + ")"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
