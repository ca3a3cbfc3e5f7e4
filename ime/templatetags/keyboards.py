"""Template tags of keyboards: addresses, step pictures, what was proved in a line, how a word is typed."""

from __future__ import annotations

from typing import Any, Final

from django import template
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ime.domain import fonts, howto, shelf
from ime.domain.fonts import FontFamily, archive_name
from ime.domain.presentation import Offer, ProofLine
from ime.interfaces.public import data, files
from ime.interfaces.public.reader import reader
from ime.model import Keyboard
from ime.models import Package
from ime.targets import TARGETS
from jobs.domain import words

register = template.Library()
PROVED: Final = "proved"


@register.simple_tag
def keyboard_data(keyboard: Keyboard) -> str:
    """Where the engine in the page gets a keyboard."""
    return data.address(keyboard)


@register.simple_tag
def package_url(package: Package, filename: str = "") -> str:
    """The address of a package, or of a further file of it, for ever."""
    return files.address(package, filename)


@register.simple_tag
def font_url(font: FontFamily) -> str:
    """The address of a font's archive."""
    return files.font_address(archive_name(font.family))


@register.filter
def in_short(said: str) -> str:
    """The first sentence of what a font says of itself."""
    return fonts.in_short(said)


@register.simple_tag
def step_picture(name: str) -> SafeString:
    """One of the small pictures of ime/pictures."""
    return mark_safe(render_to_string(f"ime/pictures/{name}.html"))  # noqa: S308 (a template of our own)


@register.filter
def say(msgid: str) -> str:
    """A text that is kept as an English msgid."""
    return words.say(msgid, {})


@register.filter
def target_title(target: str) -> str:
    """What people call a target."""
    found = TARGETS.get(target)
    return found.title if found else target


@register.filter
def proof_state(line: ProofLine) -> str:
    """What an engine said, in words; of an older package, it says so."""
    states = {
        "proved": _("all texts agree"),
        "failed": _("texts differ"),
        "not here": _("not proved: this engine is not on the machine"),
        "text check only": _("only the text of the file was checked"),
    }
    said = states.get(line.state, line.state)
    return said if line.current else _("%(said)s (an earlier package)") % {"said": said}


@register.simple_tag
def proof_summary(offer: Offer) -> str:
    """In a sentence, what was proved of a package."""
    good = [line for line in offer.proofs if line.state == PROVED and line.current]
    if not good:
        return _("Not proved by an engine yet.")
    best = max(good, key=lambda line: line.strings)
    return ngettext(
        "Proved in %(engine)s on %(day)s: %(strings)d text typed through this package.",
        "Proved in %(engine)s on %(day)s: %(strings)d texts typed through this package.",
        best.strings,
    ) % {
        "engine": f"{best.engine} {best.version}".strip(),
        "day": date_format(localtime(best.at), "SHORT_DATE_FORMAT"),
        "strings": best.strings,
    }


@register.simple_tag
def keyboards_of(code: str) -> list[tuple[str, str, str]]:
    """The keyboards of a language: its code, their ids and names; those of several spellings say of which."""
    found = shelf.of_language(code)
    several = len({each.orthography for each in found}) > 1
    return [(each.language, each.id, _called(each, several=several)) for each in found]


def _called(found: Keyboard, *, several: bool) -> str:
    name = shelf.name(found, reader())
    return f"{name} ({shelf.writing(found, reader())})" if several else name


@register.inclusion_tag("ime/_howto.html", takes_context=True)
def how_to_type(context: dict[str, Any], orthography: str, text: str) -> dict[str, Any]:
    """The section of an entry page; nothing where the orthography has no keyboard."""
    request = context.get("request")
    chosen = request.GET.get("keyboard", "") if request is not None else ""
    return {"ways": howto.ways(orthography, text, reader(), chosen), "orthography": orthography}
