"""A festival as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from access.domain.gate import visible
from access.domain.viewer import Viewer
from library.festivals.calendar import CalendarError, Rule, rule_of
from library.festivals.domain.gathering import Gathered, Photograph, gathered
from library.festivals.domain.schedule import Held, held, years_ahead
from library.festivals.models import Festival, Picture

SHOWN: Final = 5
_PAST_YEARS: Final = 6


@dataclass(frozen=True)
class Text:
    """A text with the language it is in."""

    text: str
    lang: str


@dataclass(frozen=True)
class PictureView:
    """A picture by its address name, with what is said of it."""

    uuid: UUID
    caption: str
    credit: str
    licence: str

    @property
    def small(self) -> str:
        """The address of the picture in a list; the whole one, which browsers make smaller."""
        return reverse("festival-picture", args=[self.uuid])

    @property
    def full(self) -> str:
        """The address of the whole picture."""
        return self.small


@dataclass(frozen=True)
class FestivalView:
    """All that the page of a festival shows to one viewer. `peoples` and `places` are (name, address name), `sources`
    (text, address or empty)."""

    slug: str
    ark: str
    name: Text
    other_names: tuple[str, ...]
    summary: Text
    story: tuple[str, ...]
    story_lang: str
    peoples: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    rule: str
    is_declared: bool
    next: tuple[Held, ...]
    past: tuple[Held, ...]
    pictures: tuple[PictureView, ...]
    sources: tuple[tuple[str, str], ...]
    demonstration: bool
    has_point: bool
    gathered: Gathered

    @property
    def lead(self) -> PictureView | Photograph | None:
        """The picture that leads the page: its first one, or else the first photograph of its records."""
        return next(iter(self._shown()), None)

    @property
    def gallery(self) -> tuple[PictureView | Photograph, ...]:
        """The other pictures, its own before those of its records."""
        return self._shown()[1:]

    def _shown(self) -> tuple[PictureView | Photograph, ...]:
        own: tuple[PictureView | Photograph, ...] = self.pictures
        return own + self.gathered.photographs


def festival_view(festival: Festival, *, reader: str, viewer: Viewer) -> FestivalView:
    """The festival for a reader of an interface language; pictures are those that the viewer may see."""
    name, summary, story = (spoken(festival, field, reader) for field in ("name", "summary", "story"))
    others = [getattr(festival, f"name_{code}") for code in ("vi", "en")] + list(festival.own_names)
    today = timezone.localdate()
    rule = known_rule(festival)
    coming = years_ahead(festival, today)[:SHOWN]
    past = [
        each
        for each in held(festival, today.replace(year=today.year - _PAST_YEARS, day=1), today)
        if each.declared and each.days.end < today
    ]
    places = list(festival.places.all())
    shown: QuerySet[Picture] = Picture.objects.none()
    if festival.pk is not None:
        shown = visible(Picture.objects.filter(festival=festival), viewer, drafts=not festival.live).order_by(
            "order", "pk"
        )
    return FestivalView(
        slug=festival.slug,
        ark=festival.ark,
        name=name,
        other_names=tuple(dict.fromkeys(each for each in others if each and each != name.text)),
        summary=summary,
        story=tuple(part.strip() for part in story.text.replace("\r\n", "\n").split("\n\n") if part.strip()),
        story_lang=story.lang,
        peoples=tuple((people.name, people.slug) for people in festival.peoples.all()),
        places=tuple((str(place), place.slug) for place in places),
        rule=rule_text(rule),
        is_declared=rule.calendar == "declared",
        next=tuple(coming),
        past=tuple(reversed(past)),
        pictures=tuple(
            PictureView(each.uuid, each.caption, each.credit, each.licence_name) for each in shown
        ),
        sources=tuple(_source(line) for line in festival.sources.splitlines() if line.strip()),
        demonstration=festival.demonstration,
        has_point=any(place.latitude is not None and place.longitude is not None for place in places),
        gathered=gathered(festival, viewer, reader),
    )


def known_rule(festival: Festival) -> Rule:
    """The festival's rule; a declared one where what is kept cannot be read."""
    try:
        return rule_of(festival.rule)
    except CalendarError:
        return Rule("declared")


def rule_text(rule: Rule) -> str:
    """A rule in a sentence."""
    if rule.calendar == "declared":
        return _("The community declares the days of each year.")
    values = {"day": rule.day, "month": rule.month, "length": rule.length}
    if rule.calendar == "gregorian":
        if rule.length == 1:
            return _("Each year on day %(day)s of month %(month)s (solar calendar).") % values
        return (
            _("Each year for %(length)s days from day %(day)s of month %(month)s (solar calendar).") % values
        )
    if rule.length == 1:
        text = _("Each year on day %(day)s of month %(month)s of the Vietnamese lunar calendar.") % values
    else:
        text = (
            _(
                "Each year for %(length)s days from day %(day)s of month %(month)s of the Vietnamese lunar calendar."
            )
            % values
        )
    leap = {
        "regular": "",
        "leap": _("When that month is repeated, in the second one."),
        "both": _("When that month is repeated, in both."),
    }[rule.leap]
    return f"{text} {leap}".strip()


def spoken(festival: Festival, field: str, reader: str) -> Text:
    """A text of a festival in the reader's language, else in the other one."""
    for code in dict.fromkeys((reader, "vi", "en")):
        found = getattr(festival, f"{field}_{code}", "")
        if found:
            return Text(found, code)
    return Text("", reader)


def _source(line: str) -> tuple[str, str]:
    text = line.strip()
    address = next((word for word in text.split() if word.startswith(("https://", "http://"))), "")
    return text.replace(address, "").strip(" :") or address, address
