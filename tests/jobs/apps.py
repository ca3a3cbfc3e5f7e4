"""The tests' kinds of job as an installed app, for worker processes."""

from __future__ import annotations

from django.apps import AppConfig


class Probe(AppConfig):
    name = "tests.jobs"
    label = "probe"

    def ready(self) -> None:
        from tests.jobs.probe import register_all

        register_all()
