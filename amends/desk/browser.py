"""What every browser is told with every page: run nothing foreign, sniff nothing, keep nothing that names a person."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

RULES = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}

STRANGERS_FILE = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""The content security policy under which a file or mail of a stranger leaves the desk (L25)."""

STRANGERS_PAGE = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
"""The policy under which sanitised HTML mail is shown: no script, no picture from afar, no form."""


OWN_FRAME = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""The policy of a small page of ours that stands within another of ours."""


def rules(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware that puts the rules on every answer that has not set its own."""

    def with_rules(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        answer.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        for name, value in RULES.items():
            answer.headers.setdefault(name, value)
        return answer

    return with_rules
