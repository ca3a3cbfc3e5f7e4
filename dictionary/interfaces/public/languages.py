"""Pages of languages: all of them, one, its alphabet, its words by their meaning, its lexicons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from access.domain.gate import visible
from access.domain.viewer import Viewer, viewer_of
from dictionary.domain import browse, naming
from dictionary.domain.derived import orthography
from dictionary.domain.presentation import readers
from dictionary.interfaces.public.reader import lexicons, reader
from dictionary.models import Entry, Lexicon
from languages import LanguageError, LanguageProfile, Orthography, registry


@dataclass(frozen=True)
class LanguageRow:
    """A language in the list: its names, its writings, how many words it has here."""

    code: str
    name: str
    own: str
    own_tag: str
    direction: str
    script: str
    writings: tuple[str, ...]
    peoples: tuple[str, ...]
    entries: int


@dataclass(frozen=True)
class Writing:
    """An orthography on the page of its language."""

    tag: str
    name: str
    script: str
    direction: str
    sample: str
    reviewed: bool
    is_fallback: bool
    letters: tuple[browse.Letter, ...]
    alphabet: tuple[str, ...]


@require_safe
def all_languages(request: HttpRequest) -> HttpResponse:
    """`/languages/`: those with words here first, then those that only have a profile."""
    viewer, speaks = viewer_of(request), reader()
    counts: dict[str, int] = {}
    counted = visible(Entry.objects.all(), viewer).order_by().values("lexicon__orthography")
    for row in counted.annotate(number=Count("pk")):
        code = orthography(row["lexicon__orthography"]).language
        counts[code] = counts.get(code, 0) + row["number"]
    codes = {*counts, *registry().profiles}
    rows = [_row(registry().profile(code), speaks, counts.get(code, 0)) for code in codes]
    sort_key = orthography(speaks).sort_key
    rows.sort(key=lambda row: (not row.entries, sort_key(row.name)))
    with_words = [row for row in rows if row.entries]
    context = {"section": "languages", "with_words": with_words, "others": rows[len(with_words) :]}
    return render(request, "dictionary/languages.html", context)


@require_safe
def language_page(request: HttpRequest, code: str) -> HttpResponse:
    """`/languages/CODE/`: who speaks it, how it is written, its lexicons, what is known of it and from where."""
    viewer, speaks = viewer_of(request), reader()
    profile, own = _language(code, viewer)
    if profile.code != code:
        return redirect("language", code=profile.code, permanent=True)
    tags = dict.fromkeys(
        (
            *(one.tag for one in profile.orthographies),
            *(orthography(lexicon.orthography).tag for lexicon in own),
        )
    )
    writings = [_writing(orthography(tag), profile.code, viewer, speaks) for tag in tags]
    in_use = [one for one in writings if any(letter.count for letter in one.letters)]
    entries = dict(
        visible(Entry.objects.filter(lexicon__in=own), viewer)
        .order_by()
        .values_list("lexicon")
        .annotate(number=Count("pk"))
    )
    context = {
        "section": "languages",
        "profile": profile,
        "row": _row(profile, speaks, sum(entries.values())),
        "writings_in_use": in_use or writings,
        "writings_unused": [one for one in writings if one not in in_use] if in_use else [],
        "lexicons": [(lexicon, entries.get(lexicon.pk, 0)) for lexicon in own],
        "glosses": _gloss_languages(own, speaks),
        "sources": list(profile.sources.values()),
    }
    return render(request, "dictionary/language.html", context)


@require_safe
def alphabet(request: HttpRequest, code: str, tag: str, letter: str = "") -> HttpResponse:
    """`/languages/CODE/alphabet/TAG/LETTER/`: the words of a letter, in the order of the orthography."""
    viewer, speaks = viewer_of(request), reader()
    profile, own = _language(code, viewer)
    writing = _orthography(tag)
    if writing.language != profile.code:
        raise Http404
    if (profile.code, writing.tag) != (code, tag):
        return redirect("alphabet", code=profile.code, tag=writing.tag, permanent=True)
    letters = browse.letters(writing.tag, profile.code, viewer=viewer)
    if not letter:
        first = next((each.text for each in letters if each.count), None)
        if first is None:
            raise Http404
        return redirect("alphabet-letter", code=profile.code, tag=writing.tag, letter=first)
    if letter not in {each.text for each in letters if each.count}:
        raise Http404
    page = _page(request, writing.tag, profile.code, letter, viewer, speaks, glosses=False)
    other = [
        (one.tag, naming.writing_name(one.tag, speaks))
        for one in profile.orthographies
        if one.tag != writing.tag
        and any(each.count for each in browse.letters(one.tag, profile.code, viewer=viewer))
    ]
    context = {
        "section": "languages",
        "row": _row(profile, speaks, 0),
        "writing": _writing_name(writing, speaks),
        "letters": letters,
        "letter": letter,
        "page": page,
        "other_writings": other,
        "glosses": _gloss_languages(own, speaks),
    }
    return render(request, "dictionary/alphabet.html", context)


@require_safe
def reversal(request: HttpRequest, code: str, gloss: str, letter: str = "") -> HttpResponse:
    """`/languages/CODE/reversal/GLOSS/LETTER/`: from the meanings in a gloss language to the words."""
    viewer, speaks = viewer_of(request), reader()
    profile, own = _language(code, viewer)
    if profile.code != code:
        return redirect("reversal", code=profile.code, gloss=gloss, permanent=True)
    known = dict(_gloss_languages(own, speaks))
    if gloss not in known:
        raise Http404
    writing = orthography(gloss)
    letters = browse.letters(writing.tag, profile.code, viewer=viewer, glosses=True)
    if not letter:
        if not letters:
            raise Http404
        return redirect("reversal-letter", code=profile.code, gloss=gloss, letter=letters[0].text)
    if letter not in {each.text for each in letters}:
        raise Http404
    page = _page(request, writing.tag, profile.code, letter, viewer, speaks, glosses=True)
    context = {
        "section": "languages",
        "row": _row(profile, speaks, 0),
        "gloss": gloss,
        "gloss_name": known[gloss],
        "glosses": list(known.items()),
        "letters": letters,
        "letter": letter,
        "page": page,
    }
    return render(request, "dictionary/reversal.html", context)


@require_safe
def lexicon_page(request: HttpRequest, slug: str) -> HttpResponse:
    """`/lexicons/SLUG/`: its credits and licence."""
    viewer, speaks = viewer_of(request), reader()
    lexicon = get_object_or_404(lexicons(viewer), slug=slug)
    writing = orthography(lexicon.orthography)
    context = {
        "section": "languages",
        "lexicon": lexicon,
        "row": _row(registry().profile(writing.language), speaks, 0),
        "writing": _writing_name(writing, speaks),
        "gloss_names": [naming.language_name(tag, speaks) for tag in lexicon.gloss_languages],
        "entries": visible(Entry.objects.filter(lexicon=lexicon), viewer).count(),
        "examples": browse.items(
            browse.examples([lexicon], viewer=viewer, each=8, day=lexicon.pk), viewer=viewer, reader=speaks
        ),
    }
    return render(request, "dictionary/lexicon.html", context)


def _language(code: str, viewer: Viewer) -> tuple[LanguageProfile, list[Lexicon]]:
    """A language with a profile or with lexicons that the viewer may see, and those; Http404 for any other."""
    try:
        profile = registry().profile(code)
    except LanguageError as error:
        raise Http404 from error
    own = [
        lexicon
        for lexicon in lexicons(viewer).filter(_may_be(profile))
        if orthography(lexicon.orthography).language == profile.code
    ]
    if profile.is_fallback and not own:
        raise Http404
    return profile, own


def _may_be(profile: LanguageProfile) -> Q:
    """Lexicons whose tags may name the language: its code or an alias, alone or with subtags."""
    tags = Q()
    for name in (
        profile.code,
        *profile.aliases,
        *(tag for one in profile.orthographies for tag in one.aliases),
    ):
        tags |= Q(orthography__iexact=name) | Q(orthography__istartswith=f"{name}-")
    return tags


def _orthography(tag: str) -> Orthography:
    try:
        return registry().orthography(tag)
    except LanguageError as error:
        raise Http404 from error


def _page(
    request: HttpRequest, tag: str, code: str, letter: str, viewer: Viewer, speaks: str, *, glosses: bool
) -> browse.Page:
    try:
        return browse.page(
            tag,
            code,
            letter,
            viewer=viewer,
            reader=speaks,
            glosses=glosses,
            after=request.GET.get("after", ""),
        )
    except browse.PlaceError as error:
        raise Http404 from error


def _row(profile: LanguageProfile, speaks: str, entries: int) -> LanguageRow:
    first = profile.orthographies[0] if profile.orthographies else orthography(profile.code)
    return LanguageRow(
        code=profile.code,
        name=naming.language_name(profile.code, speaks),
        own=profile.names.get("own", ""),
        own_tag=first.tag,
        direction=first.direction,
        script=first.script,
        writings=tuple(naming.writing_name(one.tag, speaks) for one in profile.orthographies),
        peoples=tuple(people.names.get(speaks) or people.names.get("vi", "") for people in profile.peoples),
        entries=entries,
    )


def _writing(found: Orthography, code: str, viewer: Viewer, speaks: str) -> Writing:
    return Writing(
        tag=found.tag,
        name=naming.writing_name(found.tag, speaks),
        script=found.script,
        direction=found.direction,
        sample=found.sample,
        reviewed=found.reviewed,
        is_fallback=found.is_fallback,
        letters=browse.letters(found.tag, code, viewer=viewer),
        alphabet=found.alphabet,
    )


def _writing_name(found: Orthography, speaks: str) -> dict[str, str]:
    return {
        "tag": found.tag,
        "name": naming.writing_name(found.tag, speaks),
        "script": found.script,
        "direction": found.direction,
    }


def _gloss_languages(own: Sequence[Lexicon], speaks: str) -> list[tuple[str, str]]:
    """The languages that meanings are given in, the reader's first, each with its name."""
    codes = {orthography(tag).language for lexicon in own for tag in lexicon.gloss_languages}
    order = readers(speaks)
    ranked = sorted(codes, key=lambda code: (order.index(code) if code in order else len(order), code))
    return [(code, naming.language_name(code, speaks)) for code in ranked]
