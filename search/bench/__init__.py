"""Measuring look-ups side by side with what they are built on: `manage.py bench_search`."""
