"""Collections as pages show them: each with its cover, the number of its records, and what lies in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from access.domain.gate import visible
from access.domain.viewer import Viewer
from library.domain.collections import Tree, tree
from library.domain.files import seen
from library.models import Collection, Record, RecordFile
from media_pipeline.models import Derivative


@dataclass(frozen=True)
class Cover:
    """A small picture by its address. `width` and `height` are its pixels, 0 where they are not known."""

    url: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Shelf:
    """A collection for one viewer. `records` counts those of what lies in it, too; `parts` are the titles of that."""

    slug: str
    title: str
    description: str
    records: int
    cover: Cover | None
    parts: tuple[str, ...]


def shelves(viewer: Viewer, within: Collection | None = None) -> tuple[Shelf, ...]:
    """The collections at the top of the tree, or those right in another one, in their order. Five queries.

    What lies in a collection that the viewer may not see is not seen either (`library.domain.collections`).
    """
    all_ = list(visible(Collection.objects.all(), viewer))
    shown = [one for one in all_ if one.parent_id == (within.pk if within else None)]
    if not shown:
        return ()
    known = tree(Collection)
    numbers = known.summed(counted(viewer))
    covers = covers_of(shown, known, viewer)
    parts: dict[int | None, list[str]] = {}
    for one in all_:
        parts.setdefault(one.parent_id, []).append(one.title)
    return tuple(
        Shelf(
            one.slug,
            one.title,
            one.description,
            numbers.get(one.pk, 0),
            covers.get(one.pk),
            tuple(parts.get(one.pk, ())),
        )
        for one in shown
    )


def path(collection: Collection, viewer: Viewer) -> tuple[Collection, ...]:
    """What a collection lies in, the outermost first, as far as the viewer may see it."""
    above = tree(Collection).above(collection.pk)
    if not above:
        return ()
    found = {one.pk: one for one in visible(Collection.objects.filter(pk__in=above), viewer)}
    return tuple(found[pk] for pk in reversed(above) if pk in found)


def counted(viewer: Viewer) -> dict[int | None, int]:
    """How many records the viewer may see in each collection itself."""
    records = visible(Record.objects.all(), viewer).order_by().values_list("collection")
    return dict(records.annotate(n=Count("pk")))


def covers_of(collections: Iterable[Collection], known: Tree, viewer: Viewer) -> dict[int, Cover]:
    """The cover of each collection, by its primary key: the file that was chosen for it, or else, and for whom that
    one is closed, the first of its records, then of what lies in it, that has a picture. Three queries."""
    wanted = list(collections)
    inside = {one.pk: (one.pk, *known.below(one.pk)) for one in wanted}
    first = with_pictures(seen(viewer)).filter(record__collection=OuterRef("pk"))
    leading: dict[int, int] = dict(
        Collection.objects.filter(pk__in={pk for pks in inside.values() for pk in pks})
        .order_by()
        .annotate(first=Subquery(first.order_by("record_id", "order", "pk").values("pk")[:1]))
        .exclude(first=None)
        .values_list("pk", "first")
    )
    candidates = {*leading.values(), *(one.cover_id for one in wanted if one.cover_id)}
    pictures = pictures_of(seen(viewer).filter(pk__in=candidates))
    found: dict[int, Cover] = {}
    for one in wanted:
        order = [one.cover_id, *(leading.get(pk) for pk in inside[one.pk])]
        picture = next((pictures[pk] for pk in order if pk is not None and pk in pictures), None)
        if picture is not None:
            found[one.pk] = picture
    return found


def with_pictures(files: QuerySet[RecordFile]) -> QuerySet[RecordFile]:
    """Those of these files that have a small picture."""
    made = Derivative.objects.filter(asset=OuterRef("asset_id")).filter(
        Q(role="thumbnail", page=1) | Q(role="thumbnail", page=None) | Q(role="poster")
    )
    return files.filter(Exists(made))


def pictures_of(files: Iterable[RecordFile]) -> Mapping[int, Cover]:
    """The small pictures of these files, by the files' primary keys. One query beside that for the files."""
    listed = [file for file in files if file.asset is not None]
    sizes: dict[int, tuple[str, int, int]] = {}
    rows = Derivative.objects.filter(
        asset__in=[file.asset_id for file in listed], role__in=("thumbnail", "poster")
    ).exclude(page__gt=1)
    for row in rows:
        sizes[row.asset_id] = (row.role, row.width or 0, row.height or 0)
    found = {}
    for file in listed:
        if file.asset_id in sizes:
            role, width, height = sizes[file.asset_id]
            if role == "poster":
                url = reverse("record-file-poster", args=[file.uuid])
            else:
                url = reverse("record-file-thumbnail", args=[file.uuid, 1])
            found[file.pk] = Cover(url, width, height)
    return found


def leading_pictures(records: Iterable[int], viewer: Viewer) -> dict[int, Cover]:
    """The small picture that stands for each of these records, by primary key, where the viewer may see one.

    Three queries, however many files a record has.
    """
    first = with_pictures(seen(viewer)).filter(record=OuterRef("pk")).order_by("order", "pk")
    leading: dict[int, int] = dict(
        Record.objects.filter(pk__in=list(records))
        .order_by()
        .annotate(first=Subquery(first.values("pk")[:1]))
        .exclude(first=None)
        .values_list("pk", "first")
    )
    pictures = pictures_of(seen(viewer).filter(pk__in=leading.values()))
    return {record: pictures[file] for record, file in leading.items() if file in pictures}
