"""A keyboard as its page shows it: pictures, packages for each platform, what was proved. Plain frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max
from django.utils.translation import gettext as _

from ime.domain import shelf
from ime.domain.fonts import FontFamily, family
from ime.domain.platforms import EXTRAS, GUIDES, PLATFORMS, Guide
from ime.drawing import physical, touch
from ime.drawing.legends import shown
from ime.drawing.svg import svg
from ime.model import Keyboard, TouchLayer
from ime.models import Package, Proof
from ime.program import MODIFIERS, Modifiers
from ime.targets import TARGETS
from languages import registry

_HELD: Final[Mapping[Modifiers, str]] = {
    "": "",
    "shift": "Shift",
    "altgr": "AltGr",
    "shift+altgr": "Shift + AltGr",
}


@dataclass(frozen=True)
class LanguageRow:
    """A language with keyboards, in the list of all: its names, and what its keyboards are called."""

    code: str
    name: str
    own: str
    own_tag: str
    keyboards: tuple[str, ...]


@dataclass(frozen=True)
class Layer:
    """A picture of a layer: what is held down (or which touch layer), and the SVG."""

    heading: str
    svg: str


@dataclass(frozen=True)
class ProofLine:
    """What an engine said of a target. `current`: of the package that is offered now."""

    target: str
    engine: str
    version: str
    state: str
    strings: int
    differing: tuple[str, ...]
    why: str
    at: datetime
    current: bool


@dataclass(frozen=True)
class Offer:
    """A package for a target, how it is used on a platform, and whether it was proved (of which engine)."""

    target: str
    title: str
    package: Package
    guide: Guide | None
    note: str
    proofs: tuple[ProofLine, ...]


@dataclass(frozen=True)
class PlatformView:
    """An operating system and what it can get; the first offer is the one to take."""

    id: str
    title: str
    offers: tuple[Offer, ...]
    other_programs: bool


def language_rows(reader: str) -> list[LanguageRow]:
    """The languages that have keyboards, in the reader's order."""
    rows = [_row(code, reader) for code in shelf.languages()]
    sort_key = registry().orthography(reader).sort_key
    return sorted(rows, key=lambda row: sort_key(row.name))


def language_name(code: str, reader: str) -> str:
    """What the reader calls a language that has a profile."""
    names = registry().profile(code).names
    return names.get(reader) or names.get("en") or code


def _row(code: str, reader: str) -> LanguageRow:
    profile = registry().profile(code)
    return LanguageRow(
        code=code,
        name=language_name(code, reader),
        own=profile.names.get("own", ""),
        own_tag=profile.orthographies[0].tag,
        keyboards=tuple(dict.fromkeys(shelf.name(found, reader) for found in shelf.of_language(code))),
    )


def physical_layers(keyboard: Keyboard, form: physical.Form, name: str) -> tuple[Layer, ...]:
    """Pictures of the layers that give anything."""
    return tuple(
        Layer(_HELD[modifiers], svg(physical.picture(keyboard, modifiers, form, _title(name, modifiers)), f"p{number}"))
        for number, modifiers in enumerate(MODIFIERS)
        if keyboard.layers.get(modifiers)
    )  # fmt: skip


def _title(name: str, modifiers: Modifiers) -> str:
    if not modifiers:
        return name
    return _("%(keyboard)s with %(keys)s held down") % {"keyboard": name, "keys": _HELD[modifiers]}


def touch_layers(keyboard: Keyboard, name: str) -> tuple[Layer, ...]:
    """Pictures of the touch keyboard's layers."""
    return tuple(
        Layer(
            _touch_heading(layer),
            svg(touch.picture(keyboard, layer, f"{name}: {_touch_heading(layer)}"), f"t{number}"),
        )
        for number, layer in enumerate(keyboard.touch)
    )


def _touch_heading(layer: TouchLayer) -> str:
    known = {"default": _("letters"), "shift": "Shift", "numeric": _("digits"), "symbols": _("signs")}
    return known.get(layer.id, layer.id)


def long_presses(keyboard: Keyboard) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The keys of the touch keyboard that give more when they are held, each with what it gives."""
    found = {
        touch.legend(key): tuple(map(shown, touch.hidden(key)))
        for layer in keyboard.touch
        for row in layer.rows
        for key in row
        if touch.hidden(key)
    }
    return tuple(found.items())


def offers(keyboard: Keyboard) -> tuple[tuple[PlatformView, ...], tuple[Offer, ...], tuple[ProofLine, ...]]:
    """What can be downloaded, by platform; what is offered beside; and all proofs. Two queries."""
    packages = latest_packages(keyboard)
    lines = _proofs(keyboard, packages)
    platforms = []
    for platform in PLATFORMS:
        found = tuple(
            _offer(packages[target], GUIDES.get((platform.id, target)), "", lines)
            for target in platform.targets
            if target in packages
        )
        if found:
            platforms.append(PlatformView(platform.id, platform.title, found, platform.other_programs))
    beside = tuple(
        _offer(packages[target], None, _(note), lines)
        for target, note in EXTRAS.items()
        if target in packages
    )
    return tuple(platforms), beside, lines


def latest_packages(keyboard: Keyboard) -> dict[str, Package]:
    """The package that visitors get now, for each target."""
    published = Package.objects.filter(keyboard=keyboard.id, state=Package.State.PUBLISHED).order_by()
    newest = published.values("target").annotate(newest=Max("pk")).values("newest")
    return {package.target: package for package in Package.objects.filter(pk__in=newest)}


def _offer(package: Package, guide: Guide | None, note: str, lines: Sequence[ProofLine]) -> Offer:
    target = TARGETS.get(package.target)
    return Offer(
        package.target,
        target.title if target else package.target,
        package,
        guide,
        note,
        tuple(line for line in lines if line.target == package.target),
    )


def _proofs(keyboard: Keyboard, packages: Mapping[str, Package]) -> tuple[ProofLine, ...]:
    return tuple(
        ProofLine(
            target=proof.target,
            engine=proof.engine,
            version=proof.engine_version,
            state=proof.state,
            strings=proof.strings,
            differing=tuple(map(str, proof.differing)),
            why=proof.why,
            at=proof.proved_at,
            current=proof.target in packages and packages[proof.target].sha256 == proof.package_sha256,
        )
        for proof in Proof.objects.filter(keyboard=keyboard.id)
    )


def font_families(keyboard: Keyboard) -> tuple[FontFamily, ...]:
    """The fonts of the keyboard's orthography that this house can hand on; none for Latin, which every device shows."""
    orthography = registry().orthography(keyboard.orthography)
    if orthography.script == "Latn":
        return ()
    return tuple(filter(None, map(family, orthography.fonts)))


def former(keyboard: Keyboard, now: Iterable[Package]) -> list[Package]:
    """Older packages of a keyboard, which keep their addresses, newest first."""
    shown_now = [package.pk for package in now]
    return list(
        Package.objects.filter(keyboard=keyboard.id, state=Package.State.PUBLISHED)
        .exclude(pk__in=shown_now)
        .order_by("-pk")[:50]
    )
