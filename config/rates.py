"""How often one address may ask: counted by the minute or hour, in the memory of each web process.

The limits are meant for runaway programs, not for people: a school sends all its pupils' requests from one address.
With several web processes the limit holds for each of them.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from config.visitors import address

# So many addresses are remembered; more than that in one window is an attack, and all begin anew.
_REMEMBERED = 100_000


@dataclass(frozen=True)
class Rule:
    """Requests of a method to paths of a shape: at most `settings.<setting>` in `seconds` from one address."""

    methods: frozenset[str]
    path: re.Pattern[str]
    setting: str
    seconds: int


RULES: tuple[Rule, ...] = (
    Rule(frozenset({"GET", "HEAD"}), re.compile(r"/api/v\d+/(?!docs|openapi)"), "NHASAN_API_RATE", 60),
    Rule(frozenset({"GET", "HEAD"}), re.compile(r"(?:/\w+)?/words/card/"), "NHASAN_API_RATE", 60),
    Rule(
        frozenset({"POST"}),
        re.compile(r"(?:/\w+)?/(?:entries/[^/]+/report|(?:records/[^/]+|festivals)/[^/]+/request)/"),
        "NHASAN_REPORT_RATE",
        3600,
    ),
    Rule(frozenset({"POST"}), re.compile(r"(?:/\w+)?/legacy-text/"), "NHASAN_LEGACY_RATE", 3600),
)


class Counter:
    """How often each key came in the present window of time. Safe between threads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = Lock()
        self._counts: dict[tuple[str, str], tuple[int, int]] = {}

    def wait(self, key: tuple[str, str], limit: int, seconds: int) -> int:
        """Count one request; gives 0 if it is within the limit, else the seconds until the next window begins."""
        now = self._clock()
        window = int(now // seconds)
        with self._lock:
            last, count = self._counts.get(key, (window, 0))
            count = count + 1 if last == window else 1
            if len(self._counts) >= _REMEMBERED:
                self._counts.clear()
            self._counts[key] = (window, count)
        return 0 if count <= limit else max(1, math.ceil((window + 1) * seconds - now))


class RateMiddleware:
    """Answers 429 with Retry-After to an address that asks too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._counter = Counter()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Count the request under the first rule that it falls under."""
        for rule in RULES:
            if request.method in rule.methods and rule.path.match(request.path_info):
                limit: int = getattr(settings, rule.setting)
                wait = (
                    self._counter.wait((rule.setting, address(request)), limit, rule.seconds) if limit else 0
                )
                if wait:
                    return _refusal(request, wait)
                break
        return self._get_response(request)


def _refusal(request: HttpRequest, wait: int) -> HttpResponse:
    title = _("Too many requests")
    detail = _("Too many requests came from your address. Please wait %(seconds)s seconds.") % {
        "seconds": wait
    }
    if request.path_info.startswith("/api/"):
        problem = {
            "type": "urn:nhasan:problem:rate",
            "title": title,
            "status": 429,
            "detail": detail,
            "code": "rate",
            "errors": [],
        }
        response = HttpResponse(
            json.dumps(problem, ensure_ascii=False),
            status=429,
            content_type="application/problem+json; charset=utf-8",
        )
        response["Access-Control-Allow-Origin"] = "*"
    else:
        response = render(request, "429.html", {"detail": detail}, status=429)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response
