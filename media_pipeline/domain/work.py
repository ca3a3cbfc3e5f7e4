"""What a step sees: the file, a folder to write into, what came before it, and the ways to report."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from media_pipeline.domain import tools
from media_pipeline.models import Asset, Derivative

_REPORT_EVERY: Final = 0.5


@dataclass(frozen=True)
class Output:
    """A file or folder that a step made; `path` is relative to its folder. See `Derivative`."""

    role: str
    path: str
    media_type: str
    page: int | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    size: int = 0
    sha256: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadPage:
    """What a machine read on a page: see `PageText`."""

    page: int
    language: str
    width: int
    height: int
    lines: Sequence[Sequence[Any]]
    machine: str


@dataclass(frozen=True)
class HeardCue:
    """What a machine heard, from `start` to `end` milliseconds: see `Cue`."""

    start: int
    end: int
    text: str
    language: str
    machine: str


@dataclass
class Result:
    """What a step gives: outputs, facts of the asset, texts, cues, and a remark in plain words."""

    outputs: list[Output] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    pages: list[ReadPage] | None = None
    cues: list[HeardCue] | None = None
    message: str = ""
    message_params: dict[str, str | int] = field(default_factory=dict)

    def to_json(self) -> str:
        """As it stands in the manifest of a finished folder."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Result:
        """Read what `to_json` wrote; raises ValueError, KeyError or TypeError for anything else."""
        data = json.loads(text)
        outputs = [Output(**each) for each in data.pop("outputs")]
        pages, cues = data.pop("pages"), data.pop("cues")
        return Result(
            outputs=outputs,
            pages=None if pages is None else [ReadPage(**each) for each in pages],
            cues=None if cues is None else [HeardCue(**each) for each in cues],
            **data,
        )


@dataclass(frozen=True)
class Page:
    """A page of a picture or a document: the picture of it, as which page of that file, its size in pixels."""

    number: int
    path: Path
    index: int
    width: int
    height: int


@dataclass
class Work:
    """A step at work on an asset. `source` is the file, `folder` where it writes: it stays when the worker dies."""

    asset: Asset
    source: Path
    folder: Path
    derived: Path
    should_stop: Callable[[], None]
    report: Callable[[int, int], None]
    result: Result = field(default_factory=Result)
    _reported: float = 0.0

    def progress(self, done: int, total: int) -> None:
        """Say how far the step is; cheap to call often. Stops the step when somebody asked for that."""
        self.should_stop()
        if time.monotonic() - self._reported >= _REPORT_EVERY:
            self._reported = time.monotonic()
            self.report(done, total)

    def run(self, command: Sequence[str], **options: Any) -> tools.Done:
        """Run a tool in the folder: see `tools.run`."""
        return tools.run(command, folder=self.folder, should_stop=self.should_stop, **options)

    def program(self, name: str, *arguments: str, **options: Any) -> tools.Done:
        """Run one of our own programs in the folder."""
        return self.run(tools.program(name, *arguments), name=options.pop("tool", name), **options)

    def emit(self, role: str, path: str, media_type: str, **values: Any) -> None:
        """Note an output that lies in the folder."""
        self.result.outputs.append(Output(role, path, media_type, **values))

    def say(self, message: str, **params: str | int) -> None:
        """Leave a remark on the step: an English msgid with parameters."""
        self.result.message, self.result.message_params = message, params

    def empty(self) -> None:
        """Remove what an attempt that was broken off left."""
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    def derivatives(self, role: str) -> list[Derivative]:
        """What earlier steps made of the asset."""
        return list(Derivative.objects.filter(asset=self.asset, role=role).order_by("page"))

    def pages(self) -> list[Page]:
        """The pictures of the pages: those of the file itself, or those that were drawn from a PDF."""
        facts = self.asset.facts
        if self.asset.kind == Asset.Kind.PDF:
            return [
                Page(each.page or 1, self.derived / each.path, 0, each.width or 0, each.height or 0)
                for each in self.derivatives("page-image")
            ]
        return [
            Page(at + 1, self.source, at, size[0], size[1]) for at, size in enumerate(facts.get("sizes", []))
        ]
