"""The words that the scripts of keyboards say, in the language of the page."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def keyboard_words() -> str:
    """The words as JSON, for an attribute of the page."""
    words = {
        "keyboard": _("Keyboard"),
        "choose": _("Choose a keyboard"),
        "off": _("No keyboard"),
        "hide": _("Hide keys"),
        "failed": _("The keyboard did not load"),
        "dead": _("Waits for the next key:"),
        "more": _("More signs"),
        "shift": _("Shift"),
        "altgr": _("AltGr"),
        "backspace": _("Delete backwards"),
        "enter": _("Enter"),
        "space": _("Space"),
        "done": _("That is it."),
        "copied": _("Copied."),
        "cleared": _("Cleared."),
    }
    return json.dumps(words, ensure_ascii=False)


@register.filter
def spoken(names: Mapping[str, str]) -> str:
    """The name in the language of the page, or any."""
    return names.get(get_language() or "") or next(iter(names.values()), "")
