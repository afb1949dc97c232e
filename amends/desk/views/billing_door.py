"""The addresses of the billing door: what is owed, what billing took, and on which bill it stands; all JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from amends.desk import billing_door
from amends.desk.billing_door import Told
from amends.desk.customers.checked import Wrong
from amends.desk.imports.running import Broken
from amends.desk.models import Door, DoorKey
from amends.desk.views.at_a_door import body, door, no_json


@door(Door.BILLING, "GET")
def sums(request: HttpRequest, key: DoorKey, at: datetime) -> JsonResponse:
    """The sums that wait to be taken, or that billing has and no bill shows yet; a page of them, and where the next is."""
    stands, after = request.GET.get("stands", "owed"), request.GET.get("after", "0")
    if stands not in billing_door.STANDS:
        raise Broken(Wrong("stands", f"one of {' and '.join(billing_door.STANDS)} is wanted here"))
    if not (after.isascii() and after.isdecimal()) or len(after) > 15:
        raise Broken(Wrong("after", "the number that an earlier page named is wanted here"))
    found, onward = billing_door.fetch(key, stands, int(after), at)
    address = reverse("billing-sums", args=[key.provider_id])
    further = f"{address}?{urlencode({'stands': stands, 'after': onward})}" if onward is not None else None
    return JsonResponse({"sums": found, "next": further})


@door(Door.BILLING, "POST")
def taken(request: HttpRequest, key: DoorKey, at: datetime) -> JsonResponse:
    """Billing has taken these sums."""
    return _told(request, key, at, billing_door.take)


@door(Door.BILLING, "POST")
def answers(request: HttpRequest, key: DoorKey, at: datetime) -> JsonResponse:
    """What became of sums that billing has."""
    return _told(request, key, at, billing_door.answer)


def _told(
    request: HttpRequest, key: DoorKey, at: datetime, does: Callable[[DoorKey, Any, datetime], list[Told]]
) -> JsonResponse:
    try:
        said = body(request)
    except (ValueError, RecursionError):
        return no_json()
    return JsonResponse({"sums": [each.as_json() for each in does(key, said, at)]})
