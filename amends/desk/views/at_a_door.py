"""What every door for machines does first: look at the key, count the call, read the JSON; and how it says what is wrong.

Problems are told as RFC 9457 wants them. Without a key that opens this very door everything is told the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from amends.desk import door_keys
from amends.desk.customers.checked import Wrong
from amends.desk.imports.running import Broken
from amends.desk.models import Door, DoorKey
from amends.desk.now import now

LARGEST: Final = 1024 * 1024
PROBLEM: Final = "application/problem+json"
P = ParamSpec("P")
Call = Callable[Concatenate[HttpRequest, DoorKey, datetime, P], JsonResponse]


def door(opens: Door, *methods: str) -> Callable[[Call[P]], Callable[..., HttpResponse]]:
    """An address for whoever holds a key of its provider to this door. `Broken` is told as what it says of each field."""

    def guard(call: Call[P]) -> Callable[..., HttpResponse]:
        @csrf_exempt  # a key in a header is no cookie: no other page can have a browser send it
        @require_http_methods(list(methods))
        @wraps(call)
        def view(request: HttpRequest, provider: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
            at = now()
            bearer = scheme.casefold() == "bearer"
            key = door_keys.opened_by(provider, secret.strip(), opens, at) if bearer else None
            answer = _no_key() if key is None else _too_much(request, key, at)
            if answer is not None or key is None:
                return answer or _no_key()
            try:
                answer = call(request, key, at, *args, **kwargs)
            except Broken as broken:
                title, mend = "Nothing was written", "Mend these fields and send it again."
                answer = problem(422, title, mend, broken.wrong)
            answer["Cache-Control"] = "no-store"
            return answer

        return view

    return guard


def body(request: HttpRequest) -> Any:
    """What the body says. Raises ValueError or RecursionError where it is no JSON."""
    return json.loads(request.body)


def problem(status: int, title: str, detail: str, wrong: Sequence[Wrong] = ()) -> JsonResponse:
    """Problem details (RFC 9457), with each field that is wrong by its name."""
    said: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if wrong:
        said["errors"] = [{"field": w.field, "what": w.what} for w in wrong]
    return JsonResponse(said, status=status, content_type=PROBLEM)


def no_json() -> JsonResponse:
    """What is told of a body that cannot be read."""
    return problem(400, "No JSON", "The body is to be one JSON object in UTF-8.")


def _no_key() -> JsonResponse:
    detail = "Send “Authorization: Bearer …” with a key of this provider."
    answer = problem(401, "No key that opens this door", detail)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _too_much(request: HttpRequest, key: DoorKey, at: datetime) -> JsonResponse | None:
    if door_keys.too_often(key, at):
        answer = problem(429, "Too many calls", f"A key may call {door_keys.MOST} times a minute.")
        answer["Retry-After"] = "60"
        return answer
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return problem(413, "Too much at once", "One call is at most a megabyte.")
    return None
