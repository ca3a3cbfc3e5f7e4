"""The importer of lexicons: rows of a file become published entries, through `publish.apply_many`."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from access.models import User
from dictionary.domain.content import Content, digest
from dictionary.domain.identity import identity
from dictionary.domain.publish import Change, apply_many, delete
from dictionary.formats.errors import FileError, place
from dictionary.formats.items import Item
from dictionary.formats.opening import LexiconFile
from dictionary.formats.rows import overlay
from dictionary.imports import legacy, media
from dictionary.imports.adopt import adopted, bare
from dictionary.imports.changes import changes
from dictionary.imports.lexicons import lexicon_of, saved_lexicon_of
from dictionary.imports.source import Wish, message_of, refusal
from dictionary.models import Entry, Lexicon
from jobs.imports.types import Advice, Applied, Checked, Message, Phase, Restore, Source, SourceRow, Work

NAME: Final = "dictionary.lexicon"
_KEPT: Final = "replaced"
_OFTEN: Final = gc.get_threshold()
_OBJECTS: Final = 50_000  # new ones after which the garbage collector looks at them


def _(msgid: str) -> str:
    """Marks a text for the catalogues; it is translated when it is shown."""
    return msgid


_DRAFT: Final = Message(
    "open-draft", _("Somebody is working on this entry: it has a draft that is not published.")
)
_LOCKED: Final = Message("locked", _("This entry is locked."))


@dataclass(frozen=True)
class _Planned:
    """What a row comes to: the change to write, and the entry that is there now."""

    change: Change
    live: bool
    present: Entry | None


class LexiconImporter:
    """LIFT, CLDF, CSV and XLSX into a lexicon. See `jobs.imports.types.Importer`."""

    name = NAME
    title = _("Import of a dictionary")
    chunk = 500

    def count(self, source: Source) -> int:
        """How many entries the file has."""
        try:
            with self._file(source) as file:
                return file.count()
        except FileError as error:
            raise refusal(error) from None

    def read(self, source: Source) -> Iterator[SourceRow]:
        """The entries of the file, in order."""
        lexicon, wish = _lexicon(source), Wish.of(source.params)
        try:
            with self._file(source) as file, _long_lived_left_alone():
                for item in file.items():
                    yield _row(legacy.item_in_unicode(item, file, wish.legacy), lexicon)
        except FileError as error:
            raise refusal(error) from None

    def advise(self, source: Source) -> Sequence[Advice]:
        """Fields whose text looks as if it were in an encoding from before Unicode, or was taken for such."""
        try:
            return legacy.advice(Wish.of(source.params), source.path, source.name)
        except FileError as error:
            raise refusal(error) from None

    def choices(self) -> Sequence[tuple[str, str]]:
        """The encodings from before Unicode, by their names in the reader's language."""
        return legacy.choices()

    def follow(self, params: Mapping[str, Any], key: str, value: str) -> dict[str, Any]:
        """The parameters with another encoding for one field."""
        return legacy.followed(params, key, value)

    def check(self, source: Source, rows: Sequence[SourceRow], *, lock: bool) -> Sequence[Checked]:
        """Compare the rows with the entries that have their identities."""
        lexicon = _lexicon(source)
        wish = Wish.of(source.params)
        found = Entry.objects.filter(lexicon=lexicon.pk, identity__in=[row.key for row in rows])
        if lock:
            found = found.select_for_update()
        present = {entry.identity: entry for entry in found.order_by("pk")}
        try:
            with self._file(source) as file:
                return [self._verdict(file, row, present.get(row.key), wish) for row in rows]
        except FileError as error:
            raise refusal(error) from None

    def _verdict(self, file: LexiconFile, row: SourceRow, present: Entry | None, wish: Wish) -> Checked:
        item: Item = row.data
        assert item.content is not None
        order = item.number + wish.first
        if present is None:
            content = _named(item.content, row.key, file.partial)
            change = Change(row.key, content, fragment=item.fragment, source_order=order)
            return Checked(
                "add", message=media.warning(file, content), payload=_Planned(change, not item.draft, None)
            )
        version = version_of(present.updated_at, present.latest_revision_id, live=present.live)
        content = self._content(file, item, present)
        if content == present.content:
            return Checked("same", present.pk, version)
        change = Change(
            row.key, content, pk=present.pk,
            fragment=present.fragment if file.partial else item.fragment,
            fragment_hash=present.fragment_hash if file.partial else "",
            source_order=present.source_order if file.partial else order,
        )  # fmt: skip
        planned = _Planned(change, not item.draft, present)
        said = changes(present.content, content)
        if present.locked:
            return Checked("conflict", present.pk, version, _LOCKED, said, planned)
        if present.has_unpublished_changes and (present.live or present.latest_revision_id):
            return Checked("conflict", present.pk, version, _DRAFT, said, planned)
        return Checked("change", present.pk, version, media.warning(file, content), said, planned)

    @staticmethod
    def _content(file: LexiconFile, item: Item, present: Entry) -> Content:
        """What the entry would be: the row laid over it, or the tree of the file with the ids that are known here."""
        assert item.content is not None
        content = item.content
        if content.get("guid") == present.identity and "guid" not in present.content:
            # Our own export gave the entry this guid, because it had no name of its own.
            content = {key: value for key, value in content.items() if key != "guid"}  # type: ignore[assignment]
        if file.partial:
            return overlay(present.content, content)
        if content == present.content:
            return content
        if bare(content) == bare(present.content):
            return present.content
        return adopted(present.content, content)

    def apply(self, source: Source, work: Sequence[Work]) -> Sequence[Applied]:
        """Write the entries, with their files."""
        try:
            lexicon = saved_lexicon_of(Wish.of(source.params))
        except FileError as error:
            raise refusal(error) from None
        user = User.objects.filter(pk=source.user_id).first() if source.user_id else None
        planned: list[_Planned] = [one.checked.payload for one in work]
        befores = media.attached(plan.present.pk for plan in planned if plan.present)
        before = [_before(plan.present, befores) if plan.present else None for plan in planned]
        pks: list[int] = [0] * len(planned)
        for live in (True, False):
            places = [index for index, plan in enumerate(planned) if plan.live == live]
            if places:
                written = apply_many(
                    lexicon, [planned[index].change for index in places], user=user, live=live
                )
                for index, pk in zip(places, written, strict=True):
                    pks[index] = pk
        self._take_down([plan.present for plan in planned if plan.present and not plan.live], user)
        try:
            with self._file(source) as file:
                media.attach_all(file, zip(pks, [plan.change.content for plan in planned], strict=True))
        except FileError as error:
            raise refusal(error) from None
        versions = self.versions(source, pks, lock=False)
        return [Applied(pk, image, versions[pk]) for pk, image in zip(pks, before, strict=True)]

    @staticmethod
    def _take_down(entries: Sequence[Entry], user: User | None) -> None:
        """Published entries that the file says were deleted are no longer published."""
        for entry in Entry.objects.filter(pk__in=[entry.pk for entry in entries], live=True):
            entry.unpublish(user=user)

    def versions(self, source: Source, targets: Sequence[int], *, lock: bool) -> Mapping[int, str]:
        """When each entry was written last, and its last revision."""
        found = Entry.objects.filter(pk__in=targets)
        if lock:
            found = found.select_for_update()
        return {
            pk: version_of(updated, revision, live=live)
            for pk, updated, revision, live in found.values_list(
                "pk", "updated_at", "latest_revision", "live"
            )
        }

    def restore(self, source: Source, rows: Sequence[Restore]) -> None:
        """Put entries back as they were; those that the import made are deleted."""
        lexicon = _lexicon(source)
        user = User.objects.filter(pk=source.user_id).first() if source.user_id else None
        delete([row.target for row in rows if row.before is None])
        kept = [row for row in rows if row.before is not None]
        for live in (True, False):
            some = [row for row in kept if row.before["live"] == live]
            if some:
                apply_many(lexicon, [_change_back(row) for row in some], user=user, live=live)
        down = [row.target for row in kept if not row.before["live"]]
        for entry in Entry.objects.filter(pk__in=down, live=True):
            entry.unpublish(user=user)
        media.put_back({row.target: row.before["files"] for row in kept})

    def finished(self, source: Source, phase: Phase) -> None:
        """Keep what the file says of the lexicon as a whole, or give back what it replaced."""
        with transaction.atomic():
            lexicon = _lexicon(source)
            if lexicon.pk is None:
                return
            lexicon = Lexicon.objects.select_for_update(of=("self",)).get(pk=lexicon.pk)
            header = dict(lexicon.header)
            replaced = header.pop(_KEPT, None)
            ours = bool(replaced) and replaced["run"] == source.run_id
            if phase == "apply" and not ours:
                try:
                    with self._file(source) as file:
                        new = file.header()
                        if not new:
                            return
                        files = media.keep_companions(file, lexicon)
                except FileError as error:
                    raise refusal(error) from None
                lexicon.header = {**new, _KEPT: {"run": source.run_id, "header": header, "files": files}}
                Lexicon.objects.filter(pk=lexicon.pk).update(header=lexicon.header)
            elif phase == "undo" and ours:
                media.put_companions_back(lexicon, replaced["files"])
                Lexicon.objects.filter(pk=lexicon.pk).update(header=replaced["header"])

    @staticmethod
    def _file(source: Source):  # type: ignore[no-untyped-def]
        return Wish.of(source.params).open(source.path, source.name)


def version_of(updated: datetime, revision: int | None, *, live: bool) -> str:
    """A text that changes whenever the entry is written, or a draft of it saved."""
    return f"{updated.timestamp():.6f}-{revision or 0}-{'live' if live else 'draft'}"


@contextmanager
def _long_lived_left_alone() -> Iterator[None]:
    """While it lasts, the garbage collector does not walk over what the program had before, again and again.

    It comes less often as well: trees that live for one chunk would be walked over many times before they go.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS, *_OFTEN[1:])
    try:
        yield
    finally:
        gc.set_threshold(*_OFTEN)
        gc.unfreeze()


def _lexicon(source: Source) -> Lexicon:
    return lexicon_of(Wish.of(source.params))


def _row(item: Item, lexicon: Lexicon) -> SourceRow:
    where = place(line=item.line, field=item.error.field if item.error else "")
    key = ""
    if item.content is not None:
        key = identity(item.content, lexicon.uuid, item.key)
    return SourceRow(
        item.number, where, key, item.label, item, message_of(item.error) if item.error else None
    )


def _named(content: Content, name: str, partial: bool) -> Content:
    """An entry of a table gets its identity as guid, so that it is known again wherever it goes."""
    if partial and not (content.get("guid") or content.get("lift_id")):
        return {**content, "guid": name}
    return content


def _before(entry: Entry, files: Mapping[int, Mapping[str, int]]) -> dict[str, Any]:
    return {
        "identity": entry.identity,
        "content": entry.content,
        "fragment": entry.fragment,
        "fragment_hash": entry.fragment_hash,
        "source_order": entry.source_order,
        "live": entry.live,
        "files": dict(files.get(entry.pk, {})),
    }


def _change_back(row: Restore) -> Change:
    before = row.before
    held = before["fragment_hash"] or digest(before["content"])
    return Change(
        before["identity"], before["content"], pk=row.target, fragment=before["fragment"], fragment_hash=held,
        source_order=before["source_order"],
    )  # fmt: skip
