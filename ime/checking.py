"""What is wrong with a keyboard that only typing shows: letters it cannot type, rules that never fire."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Final

from ime.compiling import compiled
from ime.errors import KeyboardError, KeyboardFileError, Untypable, shown
from ime.expanding import expanded
from ime.howto import howto, inverse, touch_howto
from ime.model import Keyboard, Transform
from ime.program import Program
from ime.typing import Matcher, backspace_matcher, matcher
from languages import Orthography, registry
from languages.text import nfc

_CONTEXTS: Final = 200  # of one rule, tried until one can be typed
_LETTERS: Final = 60  # tried before a context that cannot stand alone
_NAMED: Final = 12  # letters that a message lists


def faults(keyboard: Keyboard, orthography: Orthography | None = None) -> tuple[KeyboardFileError, ...]:
    """Everything wrong with a keyboard that loaded, most basic first; nothing if it is good.

    `orthography` is the one that it types, else the registry's of that tag.
    """
    try:
        program = compiled(keyboard)
    except KeyboardFileError as error:
        return (error,)
    return tuple(_faults(keyboard, program, orthography or registry().orthography(keyboard.orthography)))


def required(orthography: Orthography) -> tuple[str, ...]:
    """The texts that a keyboard of an orthography must be able to type, as its repairs leave them.

    Its exemplars, upper case too where there is one, and each of its marks on the base letter.
    """
    exemplars = orthography.exemplars
    lower = (*exemplars.main, *exemplars.auxiliary)
    upper = (text.upper() for text in lower)
    marked = (exemplars.base + mark for mark in exemplars.marks)
    texts = (orthography.normalise(text) for text in (*lower, *upper, *marked))
    return tuple(dict.fromkeys(text for text in texts if text))


def _faults(keyboard: Keyboard, program: Program, orthography: Orthography) -> Iterator[KeyboardFileError]:
    missing, touch, helped = [], [], []
    for text in required(orthography):
        try:
            howto(program, text)
            if keyboard.kind == "direct" and "".join(inverse(program).outputs(text)) != text:
                helped.append(text)
        except Untypable:
            missing.append(text)
            continue
        try:
            touch_howto(keyboard, text)
        except Untypable:
            touch.append(text)
    for code, texts, problem in (
        ("exemplars", missing, "cannot be typed"),
        ("exemplars_touch", touch, "cannot be typed by touch"),
        (
            "exemplars_helped",
            helped,
            "cannot be typed where a platform only appends: keys must give NFC by themselves",
        ),
    ):
        if texts:
            named = ", ".join(map(shown, texts[:_NAMED])) + (" …" if len(texts) > _NAMED else "")
            message = f"of {orthography.tag}, {named} {problem}"
            yield KeyboardFileError(
                code, keyboard.file, 0, "", message, texts=tuple(texts), tag=orthography.tag
            )
    outputs, nothing = frozenset(program.keys.values()), frozenset({""})
    for transform in keyboard.transforms:
        yield from _fires(keyboard, orthography, transform, outputs, matcher(program))
    for transform in keyboard.backspaces:
        yield from _fires(keyboard, orthography, transform, nothing, backspace_matcher(program))


def _fires(
    keyboard: Keyboard,
    orthography: Orthography,
    transform: Transform,
    triggers: frozenset[str],
    rules: Matcher,
) -> Iterator[KeyboardFileError]:
    """Nothing if some text that can be typed makes the rule fire; else why it never does."""
    longer = ""
    for each in expanded(keyboard, transform, triggers):
        for chars in islice(product(*each.rule.context), _CONTEXTS):
            text = _typable(orthography, compiled(keyboard), "".join(chars))
            if text is None:
                continue
            found = rules.find(text, each.rule.trigger)
            if found is not None and found.length == len(each.rule.context):
                return
            longer = text + each.rule.trigger
    if longer:
        code, problem = (
            "shadowed",
            f"never fires: a longer rule takes what it would match, as in {shown(longer)}",
        )
    else:
        code, problem = "unreachable", "never fires: what it looks for is never left standing by the keys"
    key = f"“{transform.before}{transform.source}”"
    yield KeyboardFileError(
        code, transform.file, transform.line, key, problem, rule=transform.source, text=longer
    )


def _typable(orthography: Orthography, program: Program, context: str) -> str | None:
    """A text that can be typed and ends in a context: it alone, or behind a letter."""
    if nfc(context) != context:
        return None
    letters = orthography.alphabet[:_LETTERS]
    for text in (context, *(letter + context for letter in letters)):
        if nfc(text) == text:
            try:
                howto(program, text)
            except KeyboardError:
                continue
            return text
    return None
