"""The Content-Security-Policy of the site: strict for the public pages, looser under /admin/.

Wagtail's admin needs inline scripts and styles; the public pages need none, so nothing but our own files may run there.
"""

from __future__ import annotations

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

PUBLIC: dict[str, list[str]] = {
    "default-src": [SELF],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "media-src": [SELF],
    "connect-src": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}

ADMIN: dict[str, list[str]] = PUBLIC | {
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:", "https://www.gravatar.com"],
    "media-src": [SELF, "blob:"],
    "worker-src": [SELF, "blob:"],
}

# The generated page of the API (Swagger UI) writes style attributes; it runs no inline script.
API_DOCS: dict[str, list[str]] = PUBLIC | {"style-src": [SELF, UNSAFE_INLINE]}

_BY_PREFIX = (("/admin/", ADMIN), ("/api/v1/docs", API_DOCS))


def policy_for(path: str) -> dict[str, list[str]]:
    """The directives that hold for a path of the site."""
    return next((policy for prefix, policy in _BY_PREFIX if path.startswith(prefix)), PUBLIC)


class PolicyMiddleware(CSPMiddleware):
    """Sends the policy of the part of the site that a request is for; a view may still set its own."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The strict policy, unless the path or the view itself asks for another."""
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None:
            parts.config = dict(policy_for(request.path_info))
        return parts
