"""The address of the sync door: one customer put by their id, as JSON; problem details where it cannot be (RFC 9457)."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from amends.desk import sync_door
from amends.desk.customers.checked import Wrong
from amends.desk.imports.running import Broken
from amends.desk.now import now

LARGEST: Final = 1024 * 1024
PROBLEM: Final = "application/problem+json"


@csrf_exempt  # a key in a header is no cookie: no other page can have a browser send it
@require_http_methods(["PUT"])
def put_customer(request: HttpRequest, provider: str, external: str) -> JsonResponse:
    """Write one customer. Without a key that opens this provider's door everything is told the same."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    at = now()
    key = sync_door.opened_by(provider, secret.strip(), at) if scheme.casefold() == "bearer" else None
    if key is None:
        answer = _problem(
            401, "No key that opens this door", "Send “Authorization: Bearer …” with a key of this provider."
        )
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    if sync_door.too_often(key, at):
        answer = _problem(429, "Too many calls", f"A key may call {sync_door.MOST} times a minute.")
        answer["Retry-After"] = "60"
        return answer
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return _problem(413, "Too much at once", "One customer is at most a megabyte.")
    try:
        said: Any = json.loads(request.body)
    except (ValueError, RecursionError):
        return _problem(400, "No JSON", "The body is to be one JSON object in UTF-8.")
    try:
        written = sync_door.write(key, external, said, at)
    except Broken as broken:
        return _problem(422, "Nothing was written", "Mend these fields and send it again.", broken.wrong)
    warnings = [{"field": w.field, "what": w.what} for w in written.warnings]
    status = 201 if written.verdict == "new" else 200
    return JsonResponse(
        {"customer": external, "result": written.verdict, "warnings": warnings}, status=status
    )


def _problem(status: int, title: str, detail: str, wrong: tuple[Wrong, ...] = ()) -> JsonResponse:
    said: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if wrong:
        said["errors"] = [{"field": w.field, "what": w.what} for w in wrong]
    return JsonResponse(said, status=status, content_type=PROBLEM)
