"""An address with a slash too many leads to its page: `/code/` is how people write down, and print, where a code is."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import is_valid_path
from django.utils.http import escape_leading_slashes

Answer = Callable[[HttpRequest], HttpResponse]


def fewer(get_response: Answer) -> Answer:
    """Send whoever asks for a page that is not there to the same address without its last slash, where that is one."""

    def with_fewer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        bare = request.path_info.rstrip("/")
        asked = response.status_code == HTTPStatus.NOT_FOUND and request.method in ("GET", "HEAD")
        if not asked or bare == request.path_info or not is_valid_path(bare):
            return response
        query = request.META.get("QUERY_STRING", "")
        there = escape_leading_slashes(request.path.rstrip("/"))
        return HttpResponsePermanentRedirect(f"{there}?{query}" if query else there)

    return with_fewer
