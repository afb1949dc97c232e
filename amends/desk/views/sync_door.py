"""The address of the sync door: one customer put by their id, as JSON; problem details where it cannot be (RFC 9457)."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, JsonResponse

from amends.desk import sync_door
from amends.desk.models import Door, DoorKey
from amends.desk.views.at_a_door import body, door, no_json


@door(Door.CUSTOMERS, "PUT")
def put_customer(request: HttpRequest, key: DoorKey, at: datetime, external: str) -> JsonResponse:
    """Write one customer."""
    try:
        said = body(request)
    except (ValueError, RecursionError):
        return no_json()
    written = sync_door.write(key, external, said, at)
    warnings = [{"field": w.field, "what": w.what} for w in written.warnings]
    status = 201 if written.verdict == "new" else 200
    return JsonResponse(
        {"customer": external, "result": written.verdict, "warnings": warnings}, status=status
    )
