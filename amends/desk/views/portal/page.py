"""What every page of the portal begins with: the provider, the code of today, and the one case that was opened.

A customer has opened one case, by its code or by a link, and their session names it. Nothing else is reachable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from amends.core.calendar import london_date
from amends.core.code import Code
from amends.desk import books, merging
from amends.desk.models import CaseRow, Provider
from amends.desk.now import now

SESSION: Final = "customer"
BROWSER: Final = "complaint"
"""The cookie by which a browser is known that sends its form twice, and that finds again what it has begun to write.

It opens no case but the one that this browser has just sent."""
CHAT: Final = "chat"
"""The cookie by which a browser finds its chat again: drawn by us, kept here as a digest only."""
LASTS: Final = timedelta(hours=1)
"""How long a case stays open to its customer after the last page."""
AT_MOST: Final = timedelta(hours=12)
"""How long it stays open at all, however busy the customer is."""

SAID_AGAIN: Final = timedelta(minutes=5)
"""How often the session is told that its customer is still there."""

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Door:
    """A provider's portal at the moment of this request."""

    provider: Provider
    code: Code | None
    code_row: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who has opened one case."""

    door: Door
    row: CaseRow
    address: str = ""
    """Where the link went that opened it; empty where the access code did."""


def portal(
    *methods: str,
) -> Callable[[Callable[Concatenate[HttpRequest, Door, P], HttpResponse]], Callable[..., HttpResponse]]:
    """A page of the portal that anybody may see."""

    def guard(page: Callable[Concatenate[HttpRequest, Door, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @require_http_methods(list(methods or ("GET", "HEAD")))
        @wraps(page)
        def view(request: HttpRequest, provider: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return page(request, door(provider), *args, **kwargs)

        return view

    return guard


def own_case(
    *methods: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Customer, P], HttpResponseBase]], Callable[..., HttpResponseBase]
]:
    """A page of the one case that this customer has opened; whoever has opened none is asked to."""

    def guard(
        page: Callable[Concatenate[HttpRequest, Customer, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @require_http_methods(list(methods or ("GET", "HEAD")))
        @wraps(page)
        def view(request: HttpRequest, provider: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            at = door(provider)
            row = opened(request, at)
            if row is None:
                return redirect("follow", provider)
            address = request.session[SESSION]["address"]
            return page(request, Customer(at, row, address), *args, **kwargs)

        return view

    return guard


def door(provider: str) -> Door:
    """The portal of this provider. Raises Http404 where there is none."""
    found = Provider.objects.filter(pk=provider).first()
    if found is None:
        raise Http404(provider)
    moment = now()
    row, code = books.governing(found.pk, london_date(moment))
    return Door(found, code, row, moment)


def let_in(request: HttpRequest, row: CaseRow, at: datetime, address: str = "") -> None:
    """Open this one case, and no other, to whoever holds this session.

    `address` is where the link went that was pressed; without it they are the customer, who has the access code.
    """
    request.session.cycle_key()
    request.session[SESSION] = {
        "provider": row.provider_id, "case": row.pk, "code": row.access_rotation, "since": at.isoformat(),
        "at": at.isoformat(), "address": address,
    }  # fmt: skip


def opened(request: HttpRequest, at: Door) -> CaseRow | None:
    """The case that this session has opened at this provider, while it lasts and the access code is the same."""
    kept = request.session.get(SESSION)
    if not kept or kept["provider"] != at.provider.pk:
        return None
    if "since" not in kept or _over(kept["at"], at.now, LASTS) or _over(kept["since"], at.now, AT_MOST):
        let_out(request)
        return None
    row = CaseRow.objects.filter(provider=at.provider, pk=kept["case"], access_rotation=kept["code"]).first()
    if row is None:
        let_out(request)
        return None
    if _over(kept["at"], at.now, SAID_AGAIN):
        request.session[SESSION] = {**kept, "at": at.now.isoformat()}
    # Whoever comes by the reference of a merged case sees the one that goes on, where they are a party of it.
    return merging.landing(row, kept["address"]) if row.merged_into else row


def _over(since: str, now: datetime, lasts: timedelta) -> bool:
    return now - datetime.fromisoformat(since) > lasts


def let_out(request: HttpRequest) -> None:
    """Close the case to this session."""
    request.session.pop(SESSION, None)


def show(request: HttpRequest, at: Door, template: str, *, status: int = 200, **more: Any) -> HttpResponse:
    """A page of the portal."""
    calendar = books.book_of(at.code_row).calendar if at.code_row is not None else None
    around = {
        "door": at,
        "provider": at.provider,
        "code": at.code,
        "now": at.now,
        "calendar": calendar,
        **more,
    }
    return render(request, template, around, status=status)
