"""Deleting many objects that search knows: it is told of all of them at once, not of each by its signal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Final

from django.db import models, transaction

_BATCH: Final = 500


class Deletions:
    """The deletions of one kind of object: `forget` takes those of some keys out of search."""

    def __init__(self, name: str, forget: Callable[[Sequence[int]], None]) -> None:
        self._forget = forget
        self._handled: ContextVar[bool] = ContextVar(f"deletions of {name} are handled", default=False)

    def delete(self, model: type[models.Model], pks: Sequence[int]) -> int:
        """Delete the objects with what hangs on them, all or none. Gives how many there were."""
        count = 0
        token = self._handled.set(True)
        try:
            with transaction.atomic():
                self._forget(pks)
                for start in range(0, len(pks), _BATCH):
                    some = model._default_manager.filter(pk__in=pks[start : start + _BATCH])
                    _all, by_model = some.delete()
                    count += by_model.get(model._meta.label, 0)
        finally:
            self._handled.reset(token)
        return count

    def are_handled(self) -> bool:
        """Whether search has been told already of whatever is deleted now."""
        return self._handled.get()
