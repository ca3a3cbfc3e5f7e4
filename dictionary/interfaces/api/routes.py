"""The JSON API, version 1: look-up, suggestions, entries, lexicons, languages, transliteration. Reading only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import NinjaAPI, Query
from ninja.openapi.docs import Swagger

from access.domain.gate import visible
from access.domain.viewer import Viewer, viewer_of
from dictionary.domain import naming, reasons
from dictionary.domain.derived import orthography
from dictionary.domain.lookup import Found, look_up
from dictionary.domain.presentation import entry_view
from dictionary.interfaces.addresses import entry_address
from dictionary.interfaces.api import problems, schemas
from dictionary.interfaces.api.outlet import json, outlet
from dictionary.interfaces.public.entry import find
from dictionary.interfaces.public.reader import lexicons, reader
from dictionary.models import Entry, Lexicon
from ime.domain import howto
from languages import LanguageProfile, Orthography, registry

_TEXT = 1000
_PAGE = 100
_SUGGESTED = 8

Text = Annotated[str, Query(..., max_length=_TEXT, description="The text to look up, in any script.")]
Language = Annotated[str, Query("", max_length=35, description="Only this language (code or alias).")]
Ui = Annotated[str, Query("", pattern="^(vi|en)?$", description="Language of names and messages: vi or en.")]

api = NinjaAPI(
    title="Nhà Sàn",
    version="1",
    description="Words of the languages of Vietnam. Everything that the public may see can be read without an account; "
    "an open session sees what its pages show. Errors are problem+json (RFC 9457).",
    urls_namespace="api",
    docs=Swagger(settings={"docExpansion": "list", "persistAuthorization": False}),
    docs_url="/docs",
)
api.add_decorator(outlet, mode="view")
problems.install(api)

_REFUSED = {400: schemas.Problem, 422: schemas.Problem, 429: schemas.Problem}
_MISSING = {404: schemas.Problem, **_REFUSED}


@api.get(
    "/lookup", response={200: schemas.LookupAnswer, **_MISSING}, url_name="lookup", summary="Look a word up"
)
def lookup(
    request: HttpRequest,
    q: Text,
    language: Language = "",
    lexicon: Annotated[str, Query("", max_length=100, description="Only this lexicon (slug).")] = "",
    limit: Annotated[int, Query(20, ge=1, le=_PAGE)] = 20,
    cursor: Annotated[str, Query("", max_length=500, description="From the answer before.")] = "",
    ui: Ui = "",
) -> HttpResponse:
    """Entries for a text in any script, with or without marks, by sound or by meaning; best first."""
    viewer, speaks = viewer_of(request), reader()
    answer = look_up(
        q,
        viewer=viewer,
        reader=speaks,
        language=_code(language),
        lexicon=_lexicon(lexicon, viewer).slug if lexicon else "",
        limit=limit,
        cursor=cursor,
    )
    return json(
        {
            "query": answer.query,
            "total": answer.total,
            "hits": _hits(answer.hits, speaks),
            "cursor": answer.cursor,
            "degraded": answer.degraded,
            "suggestions": answer.suggestions,
        }
    )


@api.get(
    "/suggest", response={200: schemas.SuggestAnswer, **_REFUSED}, url_name="suggest", summary="While typing"
)
def suggest(request: HttpRequest, q: Text, language: Language = "", ui: Ui = "") -> HttpResponse:
    """The first few entries for what has been typed so far."""
    speaks = reader()
    answer = look_up(q, viewer=viewer_of(request), reader=speaks, language=_code(language), limit=_SUGGESTED)
    return json({"query": q, "suggestions": _hits(answer.hits, speaks)})


@api.get(
    "/entries/{uuid:id}", response={200: schemas.Entry, **_MISSING}, url_name="entry", summary="One entry"
)
def entry(request: HttpRequest, id: UUID, ui: Ui = "") -> HttpResponse:  # noqa: A002 (the parameter's public name)
    """All that the page of the entry says."""
    viewer = viewer_of(request)
    shown = entry_view(find(id, viewer), reader=reader(), viewer=viewer)
    typing = howto.ways(shown.headword.lang, shown.headword.text, reader())
    return json({"url": entry_address(shown.id, shown.slug), **vars(shown), "typing": typing})


@api.get(
    "/lexicons", response={200: schemas.Lexicons, **_REFUSED}, url_name="lexicons", summary="All lexicons"
)
def all_lexicons(request: HttpRequest, ui: Ui = "") -> HttpResponse:
    """The lexicons that the caller may see, with credits, licence and number of entries."""
    viewer = viewer_of(request)
    shown = list(lexicons(viewer))
    counts = dict(
        visible(Entry.objects.all(), viewer).order_by().values_list("lexicon").annotate(number=Count("pk"))
    )
    return json({"lexicons": [_credits(each, counts.get(each.pk, 0)) for each in shown]})


@api.get(
    "/languages", response={200: schemas.Languages, **_REFUSED}, url_name="languages", summary="All languages"
)
def all_languages(request: HttpRequest, ui: Ui = "") -> HttpResponse:
    """The languages that have a profile, or words that the caller may see."""
    spoken = reader()
    codes = {orthography(each.orthography).language for each in lexicons(viewer_of(request))}
    known = registry()
    return json(
        {
            "languages": [
                _described(known.profile(code), spoken) for code in sorted(codes | set(known.profiles))
            ]
        }
    )


@api.get(
    "/languages/{code}",
    response={200: schemas.Language, **_MISSING},
    url_name="language",
    summary="One language",
)
def language(request: HttpRequest, code: str, ui: Ui = "") -> HttpResponse:
    """Names, peoples, spellings and transliterations of a language; a code or an alias of it."""
    profile = registry().profile(code)
    if profile.is_fallback:
        used = (orthography(each.orthography).language for each in lexicons(viewer_of(request)))
        if profile.code not in used:
            raise Http404
    return json(_described(profile, reader()))


@api.get(
    "/transliterate", response={200: schemas.Transliteration, **_REFUSED}, url_name="transliterate",
    summary="Write a text in another script",
)  # fmt: skip
def transliterate(
    request: HttpRequest,
    text: Annotated[str, Query(..., max_length=10_000)],
    source: Annotated[str, Query(..., max_length=60, description="Orthography of the text (BCP 47 tag).")],
    target: Annotated[str, Query(..., max_length=60, description="Orthography wanted.")],
    ui: Ui = "",
) -> HttpResponse:
    """A text from one orthography of a language into another one, by the scheme of its profile."""
    known = registry()
    written, wanted = known.orthography(source), known.orthography(target)
    result = written.transliterate(text, wanted.tag)
    scheme = next((each for each in written.transliterations if each.target == wanted.tag), None)
    return json(
        {
            "text": result,
            "source": written.tag,
            "target": wanted.tag,
            "scheme": naming.scheme_name(scheme, reader()) if scheme else "",
            "reversible": scheme.reversible if scheme else True,
            "reviewed": scheme.reviewed if scheme else True,
        }
    )


def _code(given: str) -> str:
    """The canonical code of a language given by code or alias; raises LanguageError for a malformed one."""
    return registry().profile(given).code if given else ""


def _lexicon(slug: str, viewer: Viewer) -> Lexicon:
    found = lexicons(viewer).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _hits(hits: Iterable[Found], speaks: str) -> list[dict[str, Any]]:
    return [
        {
            **vars(hit),
            "url": entry_address(hit.id, hit.slug),
            "language_name": naming.language_name(hit.language, speaks),
            "reason": reasons.reason(hit),
        }
        for hit in hits
    ]


def _credits(lexicon: Lexicon, entries: int) -> dict[str, Any]:
    names = (
        "slug", "title", "description", "authors", "year", "licence", "citation", "source_url", "under_review",
        "gloss_languages",
    )  # fmt: skip
    writing = orthography(lexicon.orthography)
    return {
        **{name: getattr(lexicon, name) for name in names},
        "url": reverse("lexicon", args=[lexicon.slug]),
        "language": writing.language,
        "orthography": writing.tag,
        "entries": entries,
    }


def _described(profile: LanguageProfile, speaks: str) -> dict[str, Any]:
    return {
        "code": profile.code,
        "url": reverse("language", args=[profile.code]),
        "name": naming.language_name(profile.code, speaks),
        "names": {key: profile.names.get(key, "") for key in ("vi", "en", "own")},
        "known": not profile.is_fallback,
        "reviewed": profile.reviewed,
        "peoples": [people.names.get(speaks) or people.names.get("vi", "") for people in profile.peoples],
        "orthographies": [_spelling(each, speaks) for each in profile.orthographies],
    }


def _spelling(found: Orthography, speaks: str) -> dict[str, Any]:
    return {
        "tag": found.tag,
        "name": naming.writing_name(found.tag, speaks),
        "script": found.script,
        "direction": found.direction,
        "alphabet": found.alphabet,
        "reviewed": found.reviewed,
        "transliterations": [
            {
                "source": scheme.source,
                "target": scheme.target,
                "name": naming.scheme_name(scheme, speaks),
                "reversible": scheme.reversible,
                "reviewed": scheme.reviewed,
            }
            for scheme in found.transliterations
        ],
    }
