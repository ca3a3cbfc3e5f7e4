"""All keyboards of the house, found by id, orthography or language. A broken one is left out and told, never fatal."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ime.checking import faults as faults_of
from ime.errors import KeyboardError, KeyboardFileError
from ime.loader import ALGORITHM, KEYBOARDS_FOLDER, load_keyboard
from ime.model import Keyboard
from languages import LanguageProfile, Orthography, registry
from languages.cache import cached
from languages.configuration import SHIPPED_PROFILES, configuration
from languages.loader import SHARED_FOLDER


@dataclass(frozen=True, eq=False)
class Keyboards:
    """Every keyboard by id, in the order of languages. `faults` says what is wrong with those that were left out."""

    by_id: Mapping[str, Keyboard]
    faults: tuple[KeyboardFileError, ...]

    def keyboard(self, keyboard_id: str) -> Keyboard:
        """The keyboard of an id; KeyboardError ("no_keyboard") if there is none."""
        found = self.by_id.get(keyboard_id)
        if found is None:
            known = " ".join(self.by_id) or "none"
            message = f"There is no keyboard “{keyboard_id}”. There are: {known}."
            raise KeyboardError("no_keyboard", message, keyboard=keyboard_id)
        return found

    def of_orthography(self, tag: str) -> tuple[Keyboard, ...]:
        """The keyboards of an orthography (canonical tag), its default first."""
        found = [keyboard for keyboard in self.by_id.values() if keyboard.orthography == tag]
        return tuple(sorted(found, key=lambda keyboard: not keyboard.default))

    def for_orthography(self, tag: str) -> tuple[Keyboard, ...]:
        """The keyboards to write an orthography with: its own, else those of the language's others in the same script.

        A variant spelling (an older norm, a book's own) mostly has the letters of the main one.
        """
        own = self.of_orthography(tag)
        if own:
            return own
        wanted = registry().orthography(tag)
        profile = registry().profiles.get(wanted.language)
        others = profile.orthographies if profile else ()
        return tuple(
            keyboard
            for other in others
            if other.script == wanted.script
            for keyboard in self.of_orthography(other.tag)
        )

    def of_language(self, code: str) -> tuple[Keyboard, ...]:
        """The keyboards of a profile's language, by orthography, the default of each first."""
        profile = registry().profiles.get(code)
        tags = [orthography.tag for orthography in profile.orthographies] if profile else []
        return tuple(keyboard for tag in tags for keyboard in self.of_orthography(tag))

    def default(self, tag: str) -> Keyboard | None:
        """The keyboard to write an orthography with unless somebody chooses another; nothing if there is none."""
        return next(iter(self.for_orthography(tag)), None)


FaultOf = Callable[[Keyboard, Orthography, Path], KeyboardFileError | None]

_SAID: Final = ("file", "line", "key", "problem")  # of a fault, kept on disk
_lock = threading.Lock()
_keyboards: Keyboards | None = None


def _fault(keyboard: Keyboard, orthography: Orthography, _: Path) -> KeyboardFileError | None:
    return next(iter(faults_of(keyboard, orthography)), None)


def keyboards() -> Keyboards:
    """The keyboards beside the profiles that `languages.registry()` has, read on first use.

    Those that ship were tried by the tests; those of NHASAN_PROFILES_DIR are tried now, once for each state of a file.
    """
    global _keyboards
    if _keyboards is None:
        with _lock:
            if _keyboards is None:
                folders = (SHIPPED_PROFILES, *configuration().profiles_dirs)
                _keyboards = load_keyboards(
                    registry().profiles.values(),
                    tuple(folder / SHARED_FOLDER for folder in folders),
                    _fault_of_ours,
                )
    return _keyboards


def load_keyboards(
    profiles: Iterable[LanguageProfile],
    shared: tuple[Path, ...] = (),
    fault_of: FaultOf = _fault,
) -> Keyboards:
    """The keyboards of some profiles; `shared` are the folders of fragments.

    `fault_of` says what is wrong with one that loaded; without it every keyboard is tried.
    """
    found: dict[str, Keyboard] = {}
    faults: list[KeyboardFileError] = []
    for profile in profiles:
        folder = Path(profile.folder) / KEYBOARDS_FOLDER if profile.folder else None
        for path in sorted(folder.glob("*.toml")) if folder else ():
            try:
                keyboard = load_keyboard(path, shared, profile)
                other = found.get(keyboard.id)
                if other is not None:
                    problem = f"{keyboard.id!r} is the id of {other.file}"
                    raise KeyboardFileError("id_twice", keyboard.file, 0, "id", problem, other=other.file)
                fault = fault_of(keyboard, _orthography(profile, keyboard.orthography), path)
                if fault is not None:
                    raise fault
                found[keyboard.id] = keyboard
            except KeyboardFileError as error:
                faults.append(error)
    faults += _defaults(found)
    return Keyboards(MappingProxyType(found), tuple(faults))


def _fault_of_ours(keyboard: Keyboard, orthography: Orthography, path: Path) -> KeyboardFileError | None:
    """The first fault of a keyboard that does not ship; remembered on disk."""
    if path.is_relative_to(SHIPPED_PROFILES):
        return None

    def tried() -> bytes:
        fault = _fault(keyboard, orthography, path)
        said = {key: fault.params[key] for key in _SAID} | {"code": fault.code} if fault else {}
        return json.dumps(said).encode()

    said = json.loads(cached("keyboards", keyboard.hash, ALGORITHM, tried))
    return KeyboardFileError(said["code"], *(said[key] for key in _SAID)) if said else None


def _orthography(profile: LanguageProfile, tag: str) -> Orthography:
    return next(orthography for orthography in profile.orthographies if orthography.tag == tag)


def _defaults(found: Mapping[str, Keyboard]) -> Iterable[KeyboardFileError]:
    """An orthography with keyboards has exactly one default."""
    by_tag: dict[str, list[Keyboard]] = {}
    for keyboard in found.values():
        by_tag.setdefault(keyboard.orthography, []).append(keyboard)
    for tag, group in by_tag.items():
        chosen = [keyboard for keyboard in group if keyboard.default]
        if len(chosen) != 1:
            said = "none is" if not chosen else ", ".join(keyboard.id for keyboard in chosen) + " all are"
            problem = f"exactly one keyboard of {tag} must be the default; {said}"
            file = (chosen or group)[-1].file
            yield KeyboardFileError("default", file, 0, "default", problem, orthography=tag)
