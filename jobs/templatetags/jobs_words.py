"""What jobs and imports say, in templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from jobs.domain import listing
from jobs.domain.words import say
from jobs.models import ImportRow, ImportRun, Job

register = template.Library()

register.filter("what", listing.what)
register.filter("error", listing.error_of)
register.filter("advice", listing.advice_for)


@register.filter
def message(thing: Job | ImportRow) -> str:
    """The last message of a job, or the message of a row, in the reader's language."""
    return say(thing.message, thing.message_params)


@register.filter
def advice_text(advice: Mapping[str, Any]) -> str:
    """What the check says of a part of the file, in the reader's language."""
    return say(advice["message"], advice["message_params"])


@register.filter
def run_error(run: ImportRun) -> str:
    """What is wrong with an import, in the reader's language."""
    return say(run.error, run.error_params)
