"""My day: what I, my team or nobody yet owes, in the order in which it falls due, each with the one action."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.desk import access, queue
from amends.desk.forms.case_form import CaseForm
from amends.desk.forms.deeds import SETTLES
from amends.desk.models import Alarm, CaseRow, ChatState, Outgoing
from amends.desk.queue import When
from amends.desk.views.here import DECIDE, Here, calendar_of, console
from amends.desk.views.pages import show

WHOSE: Final = {
    "mine": gettext_lazy("Mine"),
    "team": gettext_lazy("Everybody’s"),
    "nobody": gettext_lazy("Nobody’s yet"),
}
ALARMS_SHOWN: Final = 3
SAID_BELOW: Final = ("messages wait", "letter in doubt", "chats wait")
"""Alarms whose matter `watch` tells by itself, from its first minute."""
TROUBLED: Final = ("in doubt", "failed", "bounced", "returned")


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the queue with the one action that settles what it owes next."""

    row: CaseRow
    deed: type[CaseForm] | None
    address: str
    """Of the action, or of the case where the person may only look."""
    whole_day: bool
    """Whether its whole day is due, and no hour of it."""


@console()
def my_day(request: HttpRequest, here: Here) -> HttpResponse:
    """The queue of a person, of everybody, or of what nobody holds."""
    whose = request.GET.get("whose", "")
    chosen, after = whose in WHOSE, request.GET.get("from", "")
    whose = whose if chosen else "mine" if here.works else "team"
    turned = queue.by_due(_whose(here, whose), after)
    if not (chosen or turned.rows) and here.may(DECIDE):
        # Who decides holds few cases, and looks after everybody's.
        whose, turned = "team", queue.by_due(_whose(here, "team"), after)
    tabs = [(words, f"?whose={name}", name == whose) for name, words in WHOSE.items()]
    calendar = calendar_of(turned.rows[0].code_id if turned.rows else None)
    return show(
        request, here, "console/my_day.html", at="my-day", tabs=tabs, whose=whose, onward=turned.onward,
        days=list(by_when(turned.rows, here)), watch=list(watch(here)), calendar=calendar,
        from_start="from" not in request.GET,
    )  # fmt: skip


def _whose(here: Here, whose: str) -> QuerySet[CaseRow]:
    cases = access.cases(here.person, here.provider.pk)
    if whose == "team":
        return cases
    return cases.filter(handler=here.id if whose == "mine" else "")


def by_when(rows: Iterable[CaseRow], here: Here) -> Iterator[tuple[When, list[Line]]]:
    """The lines of a queue under their headings."""
    for heading, group in groupby(rows, key=lambda row: queue.when(row.next_due, here.now)):
        yield heading, [line(row, here) for row in group]


def line(row: CaseRow, here: Here) -> Line:
    """One line of a queue."""
    deed = SETTLES.get(row.next_action)
    if deed is None or not here.may(deed.roles):
        return Line(
            row,
            None,
            reverse("case", args=[row.provider_id, row.reference]),
            queue.is_whole_day(row.next_due),
        )
    return Line(
        row,
        deed,
        reverse("deed", args=[row.provider_id, row.reference, deed.slug]),
        queue.is_whole_day(row.next_due),
    )


@dataclass(frozen=True, slots=True)
class Watched:
    """Something beside the queue that waits for somebody: since when, and where to go."""

    words: str
    address: str
    since: datetime | None = None


def watch(here: Here) -> Iterator[Watched]:
    """What waits beside the queue: alarms, held mail, letters in trouble, letters to post.

    Each is looked at by its oldest row; nothing is counted.
    """
    for alarm in _alarms(here):
        yield Watched(
            alarm.text, f"{reverse('alarms', args=[here.provider.pk])}#alarm-{alarm.pk}", alarm.raised
        )
    waits = access.chats_for(here.person, here.provider.pk).filter(over=False, state=ChatState.WAITING)
    since = waits.order_by("opened", "id").values_list("opened", flat=True).first()
    if since:
        yield Watched(_("Somebody waits in the chat"), reverse("chats", args=[here.provider.pk]), since)
    held = access.messages_for(here.person, here.provider.pk).filter(state__in=("held", "quarantined"))
    oldest = held.order_by("received").values_list("received", flat=True).first()
    if oldest:
        yield Watched(
            _("Mail waits for a person to say where it belongs"),
            reverse("mail", args=[here.provider.pk]),
            oldest,
        )
    letters = access.outgoing_for(here.person, here.provider.pk)
    for states, words, tab in (
        (TROUBLED, _("A letter did not arrive, or may not have left"), "trouble"),
        (("to post",), _("Letters wait to be printed and posted"), "post"),
    ):
        since = _oldest(letters, states)
        if since:
            yield Watched(words, f"{reverse('letters', args=[here.provider.pk])}?state={tab}", since)


def _oldest(letters: QuerySet[Outgoing], states: tuple[str, ...]) -> datetime | None:
    """When the oldest letter in one of these states was decided: each state by itself is one look at an index."""
    found = [letters.filter(state=state).order_by().values_list("decided_at", flat=True) for state in states]
    return found[0].union(*found[1:], all=True).order_by("decided_at").first()


def _alarms(here: Here) -> list[Alarm]:
    standing = access.alarms_for(here.person).filter(provider=here.provider).exclude(kind__in=SAID_BELOW)
    return list(standing[:ALARMS_SHOWN])
