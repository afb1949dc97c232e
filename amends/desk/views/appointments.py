"""Contact times: the agreed ones of a day or a week, of one person or of everybody; those not kept stand first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amends.core.calendar import DAY, london_date, midnight
from amends.desk import access
from amends.desk.models import AppointmentRow
from amends.desk.people import names_at
from amends.desk.views.here import READ, Here, console
from amends.desk.views.pages import Tab, show

WHEN: Final = {
    "today": (_("Today"), 0, 1),
    "tomorrow": (_("Tomorrow"), 1, 1),
    "week": (_("The next seven days"), 0, 7),
    "before": (_("The last seven days"), -7, 7),
}
"""The stretches of days that can be looked at: what each is called, from which day on, and how many days."""
MOST: Final = 200
"""More than a team keeps in a day; of a longer list the page says that it is cut."""
MISSED_SHOWN: Final = 25


@dataclass(frozen=True, slots=True)
class Kept:
    """One agreed time as the page shows it."""

    row: AppointmentRow
    who: str
    over: bool
    """Whether its window is over and nobody has said what became of it."""
    call: str
    move: str
    settle: str


@console(roles=READ)
def appointments(request: HttpRequest, here: Here) -> HttpResponse:
    """The page."""
    when = request.GET.get("when", "")
    when = when if when in WHEN else "today"
    names = names_at(here.provider.pk)
    whose = request.GET.get("whose", "mine" if here.works else "all")
    whose = whose if whose in ("mine", "all") or whose in names else "all"
    mine = access.appointments_for(here.person, here.provider.pk)
    if whose != "all":
        mine = mine.filter(person=here.id if whose == "mine" else whose)
    found = list(within(mine, london_date(here.now), when)[: MOST + 1])
    over = mine.filter(settled="", ends__lt=here.now).select_related("case").order_by("ends", "id")
    keep = f"whose={whose}"
    people = [("mine", _("Mine")), ("all", _("Everybody’s")), *sorted(names.items(), key=lambda n: n[1])]
    return show(
        request, here, "console/appointments.html", at="appointments", whose=whose, when=when, people=people,
        taken=f"{keep}&when={when}", title=WHEN[when][0], who=dict(people)[whose], cut=len(found) > MOST,
        tabs=[Tab(words, f"?{keep}&when={name}", name == when) for name, (words, *_days) in WHEN.items()],
        days=[(day, [_kept(row, here, names) for row in of_day]) for day, of_day in by_day(found[:MOST])],
        missed=[_kept(row, here, names) for row in over[:MISSED_SHOWN]],
    )  # fmt: skip


def within(rows: QuerySet[AppointmentRow], today: date, when: str) -> QuerySet[AppointmentRow]:
    """The agreed times of a stretch of London days, in their order."""
    _words, first, days = WHEN[when]
    begins = today + first * DAY
    ends = midnight(begins + timedelta(days=days))
    return (
        rows.filter(starts__gte=midnight(begins), starts__lt=ends)
        .select_related("case")
        .order_by("starts", "id")
    )


def by_day(rows: list[AppointmentRow]) -> Iterator[tuple[date, list[AppointmentRow]]]:
    """The agreed times under their London days."""
    for day, of_day in groupby(rows, key=lambda row: london_date(row.starts)):
        yield day, list(of_day)


def _kept(row: AppointmentRow, here: Here, names: dict[str, str]) -> Kept:
    about = urlencode({"appointment": row.appointment})
    case = [here.provider.pk, row.case.reference]
    open_still = here.works and not row.settled
    return Kept(
        row, names.get(row.person, row.person), not row.settled and row.ends < here.now,
        f"{reverse('new-contact', args=[here.provider.pk])}?about={row.case.reference}&{about}" if open_still else "",
        f"{reverse('deed', args=[*case, 'move-time'])}?{about}" if open_still else "",
        f"{reverse('deed', args=[*case, 'settle-time'])}?{about}" if open_still else "",
    )  # fmt: skip
