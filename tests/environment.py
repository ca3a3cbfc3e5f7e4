"""Loaded by pytest before Django: tests run in test mode, with a data folder of their own."""

import os
import tempfile

os.environ.setdefault("NHASAN_MODE", "test")
os.environ.setdefault("NHASAN_DATA_DIR", tempfile.mkdtemp(prefix="nhasan-test-"))
