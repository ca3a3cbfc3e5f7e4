"""What another process needs to build and prove keyboards: plain values, so that they can be handed over.

Processes that build have no database and no Django: words and places of fonts are read before, here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ime.targets.base import Kit, Texts
from languages import configure


@dataclass(frozen=True)
class Supplies:
    """Words by orthography, font files by family, and the folders of a `Kit`; `headwords` are for proofs."""

    tools: Path
    cache: Path | None
    texts: Texts
    words: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    headwords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fonts: Mapping[str, Path] = field(default_factory=dict)
    languages_cache: Path | None = None
    profiles_dirs: tuple[Path, ...] = ()

    def kit(self) -> Kit:
        """The kit that targets are given."""
        return Kit(
            tools=self.tools,
            texts=self.texts,
            words=lambda tag: self.words.get(tag, ()),
            fonts=self.fonts.get,
            cache=self.cache,
        )

    def settle(self) -> None:
        """Tell the ground floor of a new process where its folders are."""
        configure(cache_dir=self.languages_cache, profiles_dirs=self.profiles_dirs)
