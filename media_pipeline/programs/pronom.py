"""What a file is by the PRONOM registry: `pronom.py FILE` writes one line of JSON."""

from __future__ import annotations

import json
import sys

import pygfried


def main() -> None:
    """Write the identifier (UNKNOWN where there is none), the name and the version of the format."""
    print(json.dumps(pygfried.identify(sys.argv[1], detailed=True), default=str))


if __name__ == "__main__":
    main()
