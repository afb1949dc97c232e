"""Which letters leave next: law letters first, then acknowledgements, replies and bulk, dealt out among providers.

A claim is a lease: a sender that dies gives the letter back when it ends, and its late word is refused. Claims are of
at most 20 letters of one lane, so that a thousand notices never hold up an ADR letter longer than one batch.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import F, QuerySet

from amends.desk.models import Outgoing

BATCH: Final = 20
LEASE: Final = timedelta(minutes=10)
PROVIDERS: Final = 200
"""Providers that are asked for one batch; the next batch begins behind the last one served."""


class Claims:
    """Claims for one sender, which remembers whom it served last."""

    def __init__(self) -> None:
        self._served: dict[int, str] = {}

    def take(self, now: datetime, without: Collection[str] = (), limit: int = BATCH) -> list[Outgoing]:
        """Up to so many letters of the first lane that has any ready, leased to the caller. `without`: whom to leave."""
        first = first_lane(now, without)
        if first is None:
            return []
        with transaction.atomic():
            lane = _ready(now, without).filter(lane=first)
            chosen = [
                pk
                for provider, share in self._shares(lane, first, limit)
                for pk in _oldest(lane, provider, share)
            ]
            return _lease(chosen[:limit], now)

    def _shares(self, lane: QuerySet[Outgoing], number: int, limit: int) -> list[tuple[str, int]]:
        """Who waits in this lane, from behind the one served last, and how many letters each may have."""
        waiting = list(_providers(lane))
        served = self._served.get(number, "")
        turn = [p for p in waiting if p > served] + [p for p in waiting if p <= served]
        turn = turn[:limit]
        if turn:
            self._served[number] = turn[-1]
        return [(provider, -(-limit // len(turn))) for provider in turn]


def first_lane(now: datetime, without: Collection[str] = ()) -> int | None:
    """The first lane in which a letter is ready, None where none is: one probe of an index."""
    first = _ready(now, without).order_by("lane", "provider", "not_before")[:1].values_list("lane", flat=True)
    return next(iter(first), None)


def _ready(now: datetime, without: Collection[str]) -> QuerySet[Outgoing]:
    ready = Outgoing.objects.filter(state="ready", not_before__lte=now)
    return ready.exclude(provider__in=without) if without else ready


def _providers(lane: QuerySet[Outgoing]) -> Iterator[str]:
    """Who has mail ready in this lane: one probe of the index for each, however much mail they have."""
    last = ""
    for _ in range(PROVIDERS):
        found = (
            lane.filter(provider__gt=last).order_by("provider").values_list("provider_id", flat=True).first()
        )
        if found is None:
            return
        yield found
        last = found


def _oldest(lane: QuerySet[Outgoing], provider: str, share: int) -> list[int]:
    theirs = lane.filter(provider=provider).order_by("not_before", "pk")
    if connection.features.has_select_for_update_skip_locked:
        theirs = theirs.select_for_update(skip_locked=True)
    return list(theirs.values_list("pk", flat=True)[:share])


def _lease(chosen: list[int], now: datetime) -> list[Outgoing]:
    if not chosen:
        return []
    token = secrets.token_hex(16)
    mine = Outgoing.objects.filter(pk__in=chosen, state="ready")
    mine.update(state="claimed", lease_until=now + LEASE, lease_token=token, attempts=F("attempts") + 1)
    return list(
        Outgoing.objects.filter(pk__in=chosen, lease_token=token).select_related("provider").order_by("pk")
    )


def give_back(
    letter: Outgoing, *, not_before: datetime | None = None, why: str = "", state: str = "ready"
) -> bool:
    """Give a claimed letter back; whether the lease was still ours. Without `why` the try does not count."""
    return bool(
        Outgoing.objects.filter(pk=letter.pk, state="claimed", lease_token=letter.lease_token).update(
            state=state, lease_until=None, lease_token="", not_before=not_before or letter.not_before,
            last_error=why or letter.last_error, attempts=letter.attempts if why else letter.attempts - 1,
        )
    )  # fmt: skip


def expired(now: datetime, limit: int = BATCH) -> list[Outgoing]:
    """Letters whose sender did not come back before its lease ended."""
    return list(Outgoing.objects.filter(state="claimed", lease_until__lte=now).order_by("pk")[:limit])
