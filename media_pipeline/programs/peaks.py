"""Least and greatest values of a raw recording: `peaks.py RAW JSON RATE SAMPLES_PER_PAIR` (16 bits, one channel)."""

from __future__ import annotations

import array
import json
import sys
from pathlib import Path


def main() -> None:
    """Write the JSON of audiowaveform, version 2, with eight bits."""
    source, target, rate, step = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    data: list[int] = []
    with Path(source).open("rb") as stream:
        while piece := stream.read(step * 2):
            samples = array.array("h", piece[: len(piece) // 2 * 2])
            if samples:
                data += (min(samples) // 256, max(samples) // 256)
    waveform = {
        "version": 2, "channels": 1, "sample_rate": rate, "samples_per_pixel": step, "bits": 8,
        "length": len(data) // 2, "data": data,
    }  # fmt: skip
    Path(target).write_text(json.dumps(waveform, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
