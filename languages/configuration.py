"""Where the ground floor keeps compiled data and finds further profiles: from the environment, or told from above."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

SHIPPED_PROFILES = Path(__file__).with_name("profiles")


@dataclass(frozen=True)
class Configuration:
    """`cache_dir` holds compiled collators (None: nothing is written); `profiles_dirs` come after the shipped ones."""

    cache_dir: Path | None = None
    profiles_dirs: tuple[Path, ...] = ()


def _from_environment() -> Configuration:
    data_dir = os.environ.get("NHASAN_DATA_DIR", "").strip()
    folders = os.environ.get("NHASAN_PROFILES_DIR", "").split(os.pathsep)
    return Configuration(
        cache_dir=Path(data_dir).expanduser().resolve() / "cache" / "languages" if data_dir else None,
        profiles_dirs=tuple(
            Path(folder.strip()).expanduser().resolve() for folder in folders if folder.strip()
        ),
    )


_told: Configuration | None = None


def configuration() -> Configuration:
    """What `configure` said, else the variables NHASAN_DATA_DIR and NHASAN_PROFILES_DIR."""
    return _told if _told is not None else _from_environment()


def configure(*, cache_dir: Path | None = None, profiles_dirs: tuple[Path, ...] | None = None) -> None:
    """Set the folders; what is not given stays. Call it before the first use of `registry()`."""
    global _told
    current = configuration()
    _told = replace(
        current,
        cache_dir=current.cache_dir if cache_dir is None else cache_dir,
        profiles_dirs=current.profiles_dirs if profiles_dirs is None else profiles_dirs,
    )
