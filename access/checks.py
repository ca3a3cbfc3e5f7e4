"""A system check: whatever is `Protected` can be guarded, that is, its `access_parents` make sense."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import Error, register

from access.domain.gate import visible
from access.domain.viewer import nobody
from access.models import Protected


@register()
def access_parents_can_be_followed(app_configs: Any, **kwargs: Any) -> list[Error]:
    """E001 for each model whose parents are missing, not foreign keys, not protected, or lead in a circle."""
    errors = []
    for model in apps.get_models():
        if issubclass(model, Protected):
            try:
                visible(model._default_manager.all(), nobody())
            except Exception as error:
                errors.append(Error(str(error), obj=model, id="access.E001"))
    return errors
