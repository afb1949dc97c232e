"""What stands around every page of the console: where one can go, what needs somebody, whether the worker is awake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.desk.access import TAKES_LISTS_AWAY
from amends.desk.models import Heartbeat
from amends.desk.runbook import runbook_is_here
from amends.desk.ticker import TICKER
from amends.desk.views.here import Here

ASLEEP_AFTER: Final = timedelta(minutes=5)
"""The worker writes down its round every minute; after so long without one it is not running."""


@dataclass(frozen=True, slots=True)
class Way:
    """One link of the head: its words, its address, and whether one is there."""

    words: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several lists that a page can show: its words, its address, whether it is shown, and how much is in it."""

    words: object
    address: str
    current: bool
    count: str = ""


def few(found: int, more: bool) -> str:  # noqa: FBT001 - it says whether the number is all
    """A number that was not counted to its end: "7", or "99+" where there is more."""
    return f"{found:,}+" if more else f"{found:,}"


@dataclass(frozen=True, slots=True)
class Worker:
    """When the worker last ran, and whether that is too long ago."""

    last: datetime | None
    asleep: bool


def show(
    request: HttpRequest, here: Here, template: str, *, at: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    """A page of the console. `at` names the way in the head under which it stands."""
    around = {
        "here": here, "now": here.now, "provider": here.provider, "ways": ways(here, at), "worker": worker(here.now),
        "may_take": here.may(TAKES_LISTS_AWAY),
        "runbook_here": runbook_is_here() and (here.reads or here.keeps),
        **more,
    }  # fmt: skip
    return render(request, template, around, status=status)


def ways(here: Here, at: str) -> list[list[Way]]:
    """Where this person can go: the day's work, what is looked up, what waits for somebody, the provider itself."""
    day, look, waits, house = (list[tuple[str, str]]() for _group in range(4))
    if here.reads:
        day += [("my-day", _("My day")), ("appointments", _("Contact times"))]
        look += [("cases", _("Cases")), ("customer-book", _("Customers"))]
        waits += [
            ("decide", _("Decide")),
            ("mail", _("Mail")),
            ("letters", _("Letters")),
            ("money", _("Money")),
            ("outages", _("Outages")),
        ]
        house.append(("reports", _("Reports")))
    if here.works:
        day += [("new-contact", _("New contact")), ("chats", _("Chats"))]
    if here.reads or here.keeps:
        house.append(("alarms", _("Alarms")))
    house.append(("house", _("Provider")))
    return [
        [Way(words, reverse(name, args=[here.provider.pk]), name == at) for name, words in group]
        for group in (day, look, waits, house)
        if group
    ]


def worker(now: datetime) -> Worker:
    """When a worker last did its round."""
    last = Heartbeat.objects.filter(name=TICKER).values_list("at", flat=True).first()
    return Worker(last, last is None or now - last > ASLEEP_AFTER)


def back(here: Here, page: str) -> HttpResponse:
    """On to a page of this provider, after something was done."""
    return HttpResponseRedirect(reverse(page, args=[here.provider.pk]))
