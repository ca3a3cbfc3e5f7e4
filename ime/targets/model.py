"""Predictive text for Keyman on phones: the words of an orthography with how often they occur (.model.kmp).

https://help.keyman.com/developer/current-version/guides/lexical-models/
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from ime.errors import BuildError
from ime.model import Keyboard, Kind
from ime.program import Program
from ime.targets.base import BOTH, File, Kit, Package
from ime.targets.keyman import minimal_tag
from ime.targets.keyman_compiler import Job, compiled
from ime.targets.keyman_package import Said, model_source, without_times
from ime.targets.writing import unspaced
from languages import Orthography, registry

_LIST: Final = "words.tsv"


class _Model:
    """The word list of a keyboard's orthography, as Keyman's phones take it."""

    id = "model"
    title = "Keyman: predictive text"
    kinds: frozenset[Kind] = BOTH

    def build(self, keyboard: Keyboard, program: Program, kit: Kit) -> Package:
        """The .model.kmp; BuildError if there are no words, or a compiler is missing or refuses."""
        orthography = registry().orthography(keyboard.orthography)
        words = ranked(kit.words(orthography.tag))
        if not words:
            raise BuildError(
                "no_words",
                f"There are no words in {orthography.tag} to predict.",
                orthography=orthography.tag,
            )
        identity = f"nhasan.{orthography.tag.lower()}.words"
        language = registry().profile(orthography.language).names
        name = language.get("vi") or language["en"]
        said = Said(
            id=identity,
            name=name,
            version=keyboard.version,
            author=kit.texts.house,
            copyright=f"© {kit.texts.house}",
            address=kit.texts.address,
            description=f"{name}: {len(words)} từ",
            languages={minimal_tag(orthography.tag): name},
            files=[f"{identity}.model.js"],
        )
        files = {
            _LIST: "".join(f"{word}\t{count}\n" for word, count in words).encode(),
            f"{identity}.model.json": json.dumps(_settings(orthography), indent=1).encode(),
            f"{identity}.model.kps": model_source(said),
        }
        job = Job(files, model=f"{identity}.model.json", package=f"{identity}.model.kps")
        (made,) = compiled(kit.tools, [job])
        return Package(
            identity,
            (
                File(f"{identity}.model.kmp", without_times(made[f"{identity}.model.kmp"])),
                File(f"{identity}.model.js", made[f"{identity}.model.js"]),
                *(File(f"source/{path}", data) for path, data in sorted(files.items())),
            ),
        )


MODEL: Final = _Model()


def ranked(words: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """The words that can be predicted, the most frequent first; without phrases and what the format uses."""
    counts: Counter[str] = Counter()
    for word, count in words:
        if word and not word.startswith("#") and not any(char.isspace() for char in word):
            counts[word] += max(count, 1)
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _settings(orthography: Orthography) -> dict[str, Any]:
    """What a .model.ts would say."""
    letters = "".join(orthography.alphabet)
    settings: dict[str, Any] = {
        "format": "trie-1.0",
        "sources": [_LIST],
        "languageUsesCasing": letters.upper() != letters,
        "wordBreaker": {"use": "default", "joinWordsAt": ["-"]},
    }
    if unspaced(orthography):
        settings["wordBreaker"] = {"use": "default", "overrideScriptDefaults": "break-words-at-spaces"}
        settings["punctuation"] = {"insertAfterWord": ""}
    return settings
