"""Addresses that people write down, print or open again: with a slash too many, or those that only take a form.

`/code/` is how people write where a code is. An address that only takes what a form sends would be an empty page.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
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


def told(get_response: Answer) -> Answer:
    """Say in words that an address only takes what a form sends, to a browser that opens it by itself."""

    def with_words(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        visited = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET"
        if visited and not response.content and request.accepts("text/html"):
            response.content = render_to_string("405.html", {"request": request})
            response["Content-Length"] = str(len(response.content))
        return response

    return with_words
