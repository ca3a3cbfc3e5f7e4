"""Template tags for recordings and films: moments, and what of a record can be played."""

from __future__ import annotations

from django import template

from access.domain.viewer import viewer_of
from library.domain.playing import PlayerView, player_view
from library.interfaces.public import playing
from library.models import Record

register = template.Library()


@register.filter
def clock(moment: float) -> str:
    """A moment in seconds as people write it: 3:15."""
    return playing.clock(moment)


@register.inclusion_tag("library/_player.html", takes_context=True)
def playable_files(context: template.Context, ark: str) -> dict[str, object]:
    """The recordings and films of a record that the viewer may have; nothing without any. `ark` names the record."""
    record = Record.objects.filter(ark=ark).first()
    found: PlayerView | None = player_view(record, viewer_of(context["request"])) if record else None
    naan, _slash, name = ark.removeprefix("ark:").partition("/")
    return {"player": found, "naan": naan, "name": name}
