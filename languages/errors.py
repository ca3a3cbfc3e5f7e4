"""Errors of the ground floor: a code and parameters beside the English message, so that upper layers can translate."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


class LanguageError(ValueError):
    """Something asked of a language cannot be done: a malformed tag, a missing scheme, a runaway rule.

    `code` names the kind of error, `params` holds what the message mentions; `str()` is the English message.
    """

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message)
        self.code = code
        self.params: Mapping[str, object] = MappingProxyType(params)


class ProfileError(LanguageError):
    """A profile's files are wrong; `file` (with its folder) and `key` say where."""

    def __init__(self, code: str, file: str, key: str, problem: str, **params: object) -> None:
        where = f"{file}: {key}" if key else file
        super().__init__(code, f"{where}: {problem}", file=file, key=key, problem=problem, **params)
        self.file = file
        self.key = key
        self.problem = problem
