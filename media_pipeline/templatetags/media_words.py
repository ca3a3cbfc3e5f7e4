"""What files in work say, in templates."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

from jobs.domain.words import say
from media_pipeline.domain import graph
from media_pipeline.models import Step

register = template.Library()


@register.filter
def what(step: Step) -> str:
    """What a step does, in plain words."""
    spec = graph.named(step.name)
    return gettext(spec.title) if spec is not None else step.name


@register.filter
def message(step: Step) -> str:
    """What a step says, in the reader's language; a step that it names is named in plain words."""
    params = dict(step.message_params)
    spec = graph.named(str(params.get("step", "")))
    if spec is not None:
        params["step"] = gettext(spec.title)
    return say(step.message, params)
