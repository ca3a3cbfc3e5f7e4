"""An entry as a person reads it: plain frozen values, the same for the page, the preview and the API.

`entry_view` reads the content tree and asks the database for files and for related entries; both through the
gate. What a page says about a word is decided here, how it looks in the templates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from access.domain.gate import visible
from access.domain.viewer import Viewer
from dictionary.domain import naming
from dictionary.domain.content import hrefs
from dictionary.domain.derived import Writing, orthography, writings
from dictionary.domain.names import canonical, names, spellings
from dictionary.models import Entry, EntryFile, EntryName

# Languages that the site speaks; a reader of one is shown the other next.
READERS = ("vi", "en")
_SLUG_LENGTH = 60
# What a link to an entry needs; and how many of the words made with one its page lists.
_SHOWN = ("uuid", "headword", "gloss")
_MOST_MADE = 200
# The language in which FieldWorks hides the definitions of custom fields.
_HIDDEN_LANGUAGE = "qaa-x-spec"


@dataclass(frozen=True)
class Segment:
    """A stretch of a text: its own language where it differs, and the address it points to."""

    text: str
    lang: str = ""
    direction: str = ""
    href: str = ""


@dataclass(frozen=True)
class Text:
    """A text in one language. `native`: in a language that is described, not one that describes."""

    text: str
    lang: str
    direction: str
    script: str
    name: str
    native: bool = False
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class Word:
    """A headword in one orthography: as the source writes it, or derived by a scheme, reviewed or not."""

    text: str
    lang: str
    direction: str
    script: str
    name: str
    derived: bool = False
    scheme: str = ""
    reviewed: bool = True
    reversible: bool = False


@dataclass(frozen=True)
class Glosses:
    """The glosses of a sense in one language, in the order of the source."""

    lang: str
    name: str
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class File:
    """A recording or picture that the viewer may have."""

    id: UUID
    href: str
    media_type: str
    licence: str
    label: Text | None = None


@dataclass(frozen=True)
class Pronunciation:
    """How a word sounds: transcriptions, recordings, where it is said so."""

    forms: tuple[Text, ...]
    files: tuple[File, ...]
    dialect: str


@dataclass(frozen=True)
class Note:
    """A note under its heading."""

    heading: str
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Example:
    """A sentence, its translations (the reader's first), and where it comes from."""

    texts: tuple[Text, ...]
    translations: tuple[Text, ...]
    source: str
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Related:
    """A related word that the viewer may open."""

    heading: str
    text: str
    lang: str
    direction: str
    script: str
    gloss: str
    id: UUID
    slug: str


@dataclass(frozen=True)
class Sense:
    """A meaning. `number` counts within the parent (2, 2.1); it is empty when there is only one."""

    number: str
    pos: str
    glosses: tuple[Glosses, ...]
    definitions: tuple[Text, ...]
    domains: tuple[str, ...]
    examples: tuple[Example, ...]
    related: tuple[Related, ...]
    notes: tuple[Note, ...]
    pictures: tuple[File, ...]
    senses: tuple[Sense, ...]


@dataclass(frozen=True)
class Etymology:
    """Where a word comes from."""

    kind: str
    source: str
    forms: tuple[Text, ...]
    glosses: tuple[Text, ...]


@dataclass(frozen=True)
class Source:
    """What an entry was taken from."""

    title: str
    url: str
    licence: str
    citation: str


@dataclass(frozen=True)
class LexiconView:
    """The credits of a lexicon."""

    slug: str
    title: str
    authors: str
    year: str
    licence: str
    citation: str
    source_url: str
    under_review: bool


@dataclass(frozen=True)
class EntryView:
    """All that the page of an entry says. `words` are its other writings in the source, `derived` what we computed."""

    id: UUID
    slug: str
    language: str
    language_name: str
    homonym: str
    headword: Word
    words: tuple[Word, ...]
    derived: tuple[Word, ...]
    variants: tuple[Word, ...]
    pronunciations: tuple[Pronunciation, ...]
    senses: tuple[Sense, ...]
    related: tuple[Related, ...]
    etymologies: tuple[Etymology, ...]
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]
    lexicon: LexiconView
    fields: tuple[Note, ...]
    summary: str


def slug(text: str) -> str:
    """A headword as the last part of an address: letters, marks and digits of any script, hyphens between.

    Never empty, so that every entry has an address.
    """
    kept = "".join(
        character if unicodedata.category(character)[0] in "LMN" else "-"
        for character in unicodedata.normalize("NFC", text)
    )
    return re.sub("-+", "-", kept).strip("-")[:_SLUG_LENGTH].strip("-") or "-"


def readers(reader: str) -> tuple[str, ...]:
    """The languages to show a reader, best first."""
    return (reader, *(each for each in READERS if each != reader))


def word(tag: str, text: str, reader: str, *, derived: bool = False, sources: Iterable[str] = ()) -> Word:
    """A word with what is known of its orthography; `sources` are the tags that it may have been derived from."""
    found = orthography(tag)
    scheme = next(
        (
            scheme
            for source in sources
            for scheme in orthography(source).transliterations
            if scheme.target == found.tag
        ),
        None,
    ) if derived else None  # fmt: skip
    called = naming.scheme_name(scheme, reader) if scheme else ""
    return Word(
        text=text,
        lang=found.tag if not found.is_fallback else tag,
        direction=found.direction,
        script=found.script,
        # A spelling that only the scheme knows is called by the scheme's name.
        name=called if called and found.is_fallback else naming.writing_name(tag, reader),
        derived=derived,
        scheme=called,
        reviewed=scheme.reviewed if scheme else True,
        reversible=scheme.reversible if scheme else False,
    )


def text(form: Mapping[str, Any], reader: str, native: str = "") -> Text:
    """One form of a multitext. `native` is the code of the language that is described."""
    tag = str(form.get("lang", ""))
    found = orthography(tag)
    return Text(
        text=form.get("text", ""),
        lang=tag,
        direction=found.direction,
        script=found.script,
        name=naming.language_name(tag, reader),
        native=bool(native) and found.language == native,
        segments=tuple(_segments(form)),
    )


def _segments(form: Mapping[str, Any]) -> Iterator[Segment]:
    """The text cut where its spans begin and end; the innermost span that says a language or address wins."""
    whole: str = form.get("text", "")
    spans = form.get("spans", ())
    cuts = sorted({0, len(whole), *(span["start"] for span in spans), *(span["end"] for span in spans)})
    for start, end in pairwise(cuts):
        around = [span for span in spans if span["start"] <= start and end <= span["end"]]
        around.sort(key=lambda span: span["end"] - span["start"])
        lang = next((span["lang"] for span in around if span.get("lang")), "")
        href = next((span["href"] for span in around if _is_web(span.get("href", ""))), "")
        direction = orthography(lang).direction if lang else ""
        if whole[start:end]:
            yield Segment(whole[start:end], lang, direction, href)


def _is_web(address: str) -> bool:
    return address.startswith(("https://", "http://"))


def multitext(forms: Sequence[Mapping[str, Any]] | None, reader: str, native: str = "") -> tuple[Text, ...]:
    """The forms that have a text: those in the described language first, then the reader's, then the others."""
    wanted = readers(reader)
    shown = [
        form for form in forms or () if form.get("text", "").strip() and form.get("lang") != _HIDDEN_LANGUAGE
    ]

    def place(form: Mapping[str, Any]) -> int:
        found = orthography(form["lang"])
        if native and found.language == native:
            return -1
        return wanted.index(found.language) if found.language in wanted else len(wanted)

    return tuple(text(form, reader, native) for form in sorted(shown, key=place))


def entry_view(entry: Entry, *, reader: str, viewer: Viewer) -> EntryView:
    """An entry as a reader sees it. The caller has asked whether the viewer may see the entry at all.

    Four queries at most: the files, the entries that it refers to (by their identities, then by other names), and
    those that are made of it; each through the gate.
    """
    content: Mapping[str, Any] = entry.content
    lexicon = entry.lexicon
    native = orthography(lexicon.orthography).language
    view = _View(reader, native, _files(entry, viewer), _targets(entry, viewer))
    written = writings(content)
    head, words, variants = head_and_others(entry.headword, lexicon.orthography, written, reader)
    senses = view.senses(content.get("senses", ()))
    return EntryView(
        id=entry.uuid,
        slug=slug(entry.headword),
        language=native,
        language_name=naming.language_name(lexicon.language, reader),
        homonym=content.get("order", "") if content.get("order", "0") != "0" else "",
        headword=head,
        words=tuple(each for each in words if not each.derived),
        derived=tuple(each for each in words if each.derived),
        variants=variants,
        pronunciations=tuple(
            found for each in content.get("pronunciations", ()) if (found := view.pronunciation(each))
        ),
        senses=senses,
        related=(
            *view.related((*content.get("relations", ()), *_variant_refs(content))),
            *(view.link(gettext("Words made with it"), each) for each in _made_of(entry, viewer)),
        ),
        etymologies=tuple(view.etymology(each) for each in content.get("etymologies", ())),
        notes=view.notes(content.get("notes", ())),
        fields=view.notes(content.get("fields", ())),
        sources=tuple(
            Source(
                each.get("title", ""),
                each["url"] if _is_web(each.get("url", "")) else "",
                each.get("licence", ""),
                each.get("citation", ""),
            )
            for each in content.get("sources", ())
        ),
        lexicon=LexiconView(
            lexicon.slug, lexicon.title, lexicon.authors, lexicon.year, lexicon.licence, lexicon.citation,
            lexicon.source_url if _is_web(lexicon.source_url) else "", lexicon.under_review,
        ),
        summary=_summary(senses),
    )  # fmt: skip


def head_and_others(
    headword: str, main: str, written: Sequence[Writing], reader: str
) -> tuple[Word, tuple[Word, ...], tuple[Word, ...]]:
    """The headword, its other writings (written before derived), and its variants."""
    sources = list(dict.fromkeys(each.orthography for each in written if not each.derived))
    shown = [
        (each.kind, word(each.orthography, each.text, reader, derived=each.derived, sources=sources))
        for each in written
    ]
    large = next((each for kind, each in shown if each.text == headword and kind == "headword"), None)
    large = large or next((each for _kind, each in shown if each.text == headword), None)
    large = large or word(main, headword, reader)
    others = tuple(each for kind, each in shown if kind != "variant" and each != large)
    variants = tuple(each for kind, each in shown if kind == "variant" and each != large)
    return large, others, variants


def _summary(senses: Iterable[Sense]) -> str:
    """The first glosses of all senses, for titles and descriptions."""
    firsts = (sense.glosses[0].texts[0].text for sense in senses if sense.glosses)
    return "; ".join(dict.fromkeys(firsts))


def _variant_refs(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for variant in content.get("variants", ()):
        if variant.get("ref"):
            yield {"type": "variant", "ref": variant["ref"]}


def _files(entry: Entry, viewer: Viewer) -> dict[str, EntryFile]:
    if not hrefs(entry.content):
        return {}
    found = visible(EntryFile.objects.filter(entry=entry), viewer).select_related("blob")
    return {each.href: each for each in found}


def _targets(entry: Entry, viewer: Viewer) -> dict[str, dict[str, Any]]:
    """The entries of this lexicon that relations name, by the reference: an entry's identity, LIFT id, or a sense's."""
    refs = {ref for ref in _references(entry.content) if ref}
    if not refs:
        return {}
    within = Entry.objects.filter(lexicon=entry.lexicon_id)
    spelled = {identity for ref in refs for identity in spellings(ref)}
    found = visible(within.filter(identity__in=spelled), viewer).values("identity", *_SHOWN)
    by_identity: dict[str, dict[str, Any]] = {each["identity"]: dict(each) for each in found}
    targets = {
        ref: by_identity[identity] for ref in refs for identity in spellings(ref) if identity in by_identity
    }
    left = {ref: canonical(ref) for ref in refs - targets.keys()}
    if left:
        called = EntryName.objects.filter(
            lexicon=entry.lexicon_id, name__in=set(left.values()), is_component=False
        )
        others = visible(within.filter(names__in=called), viewer).values("names__name", *_SHOWN)
        by_name = {each["names__name"]: dict(each) for each in others}
        targets |= {ref: by_name[name] for ref, name in left.items() if name in by_name}
    return targets


def _made_of(entry: Entry, viewer: Viewer) -> list[dict[str, Any]]:
    """The entries that say they are made of this one, in the order of the lexicon."""
    called = EntryName.objects.filter(lexicon=entry.lexicon_id, name__in=names(entry), is_component=True)
    whole = Entry.objects.filter(pk__in=called.values("entry")).exclude(pk=entry.pk)
    return [
        dict(each) for each in visible(whole, viewer).order_by("sort_key", "pk").values(*_SHOWN)[:_MOST_MADE]
    ]


def _references(content: Mapping[str, Any]) -> Iterator[str]:
    for node in (content, *_senses(content)):
        for relation in node.get("relations", ()):
            yield relation.get("ref", "")
    for variant in content.get("variants", ()):
        yield variant.get("ref", "")


def _senses(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for sense in node.get("senses", ()):
        yield sense
        yield from _senses(sense)


@dataclass(frozen=True)
class _View:
    """What every part of an entry is shown with."""

    reader: str
    native: str
    files: Mapping[str, EntryFile]
    targets: Mapping[str, Mapping[str, Any]]

    def texts(self, forms: Sequence[Mapping[str, Any]] | None) -> tuple[Text, ...]:
        return multitext(forms, self.reader, self.native)

    def senses(self, nodes: Sequence[Mapping[str, Any]], prefix: str = "") -> tuple[Sense, ...]:
        numbered = len(nodes) > 1 or bool(prefix)
        return tuple(
            self.sense(node, f"{prefix}{index}" if numbered else "") for index, node in enumerate(nodes, 1)
        )

    def sense(self, node: Mapping[str, Any], number: str) -> Sense:
        traits = node.get("traits", ())
        return Sense(
            number=number,
            pos=naming.grammar_name(node.get("pos", {}).get("value", "")),
            glosses=self.glosses(node.get("glosses", ())),
            definitions=self.texts(node.get("definition")),
            domains=tuple(
                trait["value"] for trait in traits
                if trait.get("name", "").startswith("semantic-domain") and trait.get("value")
            ),
            examples=tuple(self.example(each) for each in node.get("examples", ())),
            related=self.related(node.get("relations", ())),
            notes=(*self.notes(node.get("notes", ())), *self.notes(node.get("fields", ()))),
            pictures=self.media(node.get("illustrations", ())),
            senses=self.senses(node.get("senses", ()), f"{number}." if number else ""),
        )  # fmt: skip

    def glosses(self, forms: Sequence[Mapping[str, Any]]) -> tuple[Glosses, ...]:
        groups: dict[str, list[Text]] = {}
        for each in self.texts(forms):
            groups.setdefault(each.lang, []).append(each)
        return tuple(Glosses(lang, texts[0].name, tuple(texts)) for lang, texts in groups.items())

    def example(self, node: Mapping[str, Any]) -> Example:
        translations = [form for each in node.get("translations", ()) for form in each.get("forms", ())]
        return Example(
            self.texts(node.get("forms")), self.texts(translations), node.get("source", ""),
            self.notes(node.get("notes", ())),
        )  # fmt: skip

    def pronunciation(self, node: Mapping[str, Any]) -> Pronunciation | None:
        dialects = (
            trait.get("value", "") for trait in node.get("traits", ()) if trait.get("name") == "location"
        )
        shown = Pronunciation(
            self.texts(node.get("forms")), self.media(node.get("media", ())), next(dialects, "")
        )
        return shown if shown.forms or shown.files else None

    def media(self, nodes: Iterable[Mapping[str, Any]]) -> tuple[File, ...]:
        shown = []
        for node in nodes:
            found = self.files.get(node.get("href", ""))
            if found is not None:
                labels = self.texts(node.get("label"))
                label = labels[0] if labels else None
                shown.append(File(found.uuid, found.href, found.blob.media_type, found.licence, label))
        return tuple(shown)

    def notes(self, nodes: Iterable[Mapping[str, Any]]) -> tuple[Note, ...]:
        shown = ((naming.note_name(node.get("type", "")), self.texts(node.get("forms"))) for node in nodes)
        return tuple(Note(heading, texts) for heading, texts in shown if texts)

    def etymology(self, node: Mapping[str, Any]) -> Etymology:
        source = node.get("source", "")
        return Etymology(
            naming.origin_name(node.get("type", "")),
            naming.language_name(source, self.reader) if source else "",
            self.texts(node.get("forms")),
            self.texts(node.get("glosses")),
        )

    def related(self, nodes: Iterable[Mapping[str, Any]]) -> tuple[Related, ...]:
        shown = (self.relation(node) for node in nodes if node.get("ref"))
        return tuple(each for each in shown if each is not None)

    def relation(self, node: Mapping[str, Any]) -> Related | None:
        target = self.targets.get(node["ref"])
        # Missing, or closed to the viewer: not even its name is shown.
        return self.link(naming.relation_name(node.get("type", "")), target) if target else None

    def link(self, heading: str, target: Mapping[str, Any]) -> Related:
        found = orthography(self.native)
        return Related(
            heading=heading,
            text=target["headword"],
            lang=found.tag,
            direction=found.direction,
            script=found.script,
            gloss=target["gloss"],
            id=target["uuid"],
            slug=slug(target["headword"]),
        )
