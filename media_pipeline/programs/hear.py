"""Write down speech: `hear.py ENGINE MODEL LANGUAGE WAV JSON`, for a recording of 16 kHz with one channel.

Every engine is a `Transcriber`. The JSON is a list of [start, end, text, mean log probability], times in seconds.
Exit code 3: the model does not know the language.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

UNKNOWN_LANGUAGE = 3


class Segment(NamedTuple):
    """What was heard between two moments (seconds), and how sure the engine is (mean log probability)."""

    start: float
    end: float
    text: str
    confidence: float


class Transcriber(Protocol):
    """An engine with its model loaded."""

    def knows(self, language: str) -> bool:
        """Whether the model was trained on the language."""

    def transcribe(self, path: str, language: str) -> Iterator[Segment]:
        """What is said in a recording, in order. The language is told, never detected."""


class FasterWhisper:
    """CTranslate2's port of Whisper, eight-bit weights on the processor."""

    def __init__(self, model: str) -> None:
        from faster_whisper import WhisperModel

        self._model = WhisperModel(
            model, device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True
        )

    def knows(self, language: str) -> bool:
        """See `Transcriber`."""
        return language in self._model.supported_languages

    def transcribe(self, path: str, language: str) -> Iterator[Segment]:
        """See `Transcriber`."""
        found, _info = self._model.transcribe(
            path, language=language, vad_filter=True, condition_on_previous_text=False
        )
        for each in found:
            yield Segment(each.start, each.end, each.text.strip(), each.avg_logprob)


class OpenAIWhisper:
    """The reference implementation."""

    def __init__(self, model: str) -> None:
        import whisper

        self._model = whisper.load_model(model, device="cpu")

    def knows(self, language: str) -> bool:
        """See `Transcriber`."""
        from whisper.tokenizer import LANGUAGES

        return language in LANGUAGES if self._model.is_multilingual else language == "en"

    def transcribe(self, path: str, language: str) -> Iterator[Segment]:
        """See `Transcriber`."""
        done = self._model.transcribe(path, language=language, fp16=False, condition_on_previous_text=False)
        for each in done["segments"]:
            yield Segment(each["start"], each["end"], each["text"].strip(), each["avg_logprob"])


ENGINES: dict[str, type[FasterWhisper] | type[OpenAIWhisper]] = {
    "faster-whisper": FasterWhisper,
    "openai-whisper": OpenAIWhisper,
}


def main() -> None:
    """Hear, and write the JSON; a line `second N` tells how far it is."""
    name, model, language, source, target = sys.argv[1:]
    transcriber: Transcriber = ENGINES[name](model)
    if not transcriber.knows(language):
        sys.exit(UNKNOWN_LANGUAGE)
    found = []
    for segment in transcriber.transcribe(source, language):
        found.append(segment)
        print(f"second {int(segment.end)}", flush=True)
    Path(target).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
