"""Errors as problem+json (RFC 9457), in the caller's language, never with a stack trace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from dictionary.interfaces.api.outlet import json, spoken
from dictionary.interfaces.messages import language_problem
from languages import LanguageError
from search.domain.guard import QueryError

PROBLEM = "application/problem+json; charset=utf-8"


def problem(
    status: int, code: str, title: str, detail: str, errors: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """One error: a stable code, a title, a sentence that says what to do, and which parameters are wrong."""
    data = {
        "type": f"urn:nhasan:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [{"parameter": where, "message": message} for where, message in errors],
    }
    return json(data, status, PROBLEM)


def install(api: NinjaAPI) -> None:
    """Make the API answer every kind of error so."""

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        with override(spoken(request)):
            wrong = [(str(each["loc"][-1]), _message(each)) for each in error.errors]
            return problem(
                422,
                "parameters",
                _("Parameters are wrong"),
                _("See the list of errors; nothing was done."),
                wrong,
            )

    @api.exception_handler(QueryError)
    def bad_query(request: HttpRequest, error: QueryError) -> HttpResponse:
        with override(spoken(request)):
            return problem(400, error.code, _("This cannot be looked up"), str(error))

    @api.exception_handler(LanguageError)
    def bad_language(request: HttpRequest, error: LanguageError) -> HttpResponse:
        with override(spoken(request)):
            return problem(
                400, error.code, _("This cannot be done with this language"), language_problem(error)
            )

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return not_found(request)

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        with override(spoken(request)):
            return problem(error.status_code, "http", _("The request was refused"), str(error.message))


def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Nothing is there, or it is not open to the caller: the same answer for both."""
    with override(spoken(request)):
        return problem(
            404, "not-found", _("Not found"), _("There is nothing at this address, or it is not open to you.")
        )


def _message(error: dict[str, Any]) -> str:
    """What pydantic found wrong, in the caller's language."""
    context = error.get("ctx", {})
    kind = error["type"]
    if kind == "missing":
        return _("is missing")
    if kind == "string_too_long":
        return _("has more than %(limit)s characters") % {"limit": context["max_length"]}
    if kind == "string_too_short":
        return _("is empty")
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = context.get("ge", context.get("le"))
        sentence = _("must be %(bound)s or more") if "ge" in context else _("must be %(bound)s or less")
        return sentence % {"bound": bound}
    if kind.startswith("int_"):
        return _("must be a whole number")
    if kind.startswith("uuid_"):
        return _("must be a UUID")
    return _("is not valid")
