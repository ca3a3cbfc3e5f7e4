"""How a step ends that does not end well: in plain words, an English msgid with %(name)s places."""

from __future__ import annotations

from collections.abc import Mapping


class _Said(Exception):
    def __init__(self, message: str, params: Mapping[str, str | int] | None = None, detail: str = "") -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = dict(params or {})
        self.detail = detail


class StepFailed(_Said):
    """The step cannot be done with this file; `detail` holds the last lines of the tool."""


class StepSkipped(_Said):
    """The step is left out, and the rest goes on: a tool or a model is missing, or there is nothing to do."""
