"""Contact times: of a day, a week or behind a figure, of one person or of everybody; those not kept stand first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from amends.core.calendar import DAY, london_date
from amends.desk import access, figures
from amends.desk.contact_times import became as ended_as
from amends.desk.contact_times import begin_in
from amends.desk.forms.reports import PeriodForm
from amends.desk.models import AppointmentRow
from amends.desk.people import names_at
from amends.desk.reports import Period
from amends.desk.views.here import READ, Here, console
from amends.desk.views.pages import Tab, show
from amends.desk.views.turned import turned

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
_SALT: Final = "contact times"


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: whose times, of which days, and what became of them."""

    rows: QuerySet[AppointmentRow]
    """Those that the person may see."""
    whose: str
    when: str
    period: Period | None
    """The days behind a figure of a report; None where a stretch of days from today on is asked for."""
    became: figures.Standing | None

    @property
    def days(self) -> dict[str, str]:
        """Of which days, as an address carries it."""
        if self.period is None:
            return {"when": self.when}
        return {"since": self.period.since.isoformat(), "until": self.period.until.isoformat()}

    @property
    def filters(self) -> dict[str, str]:
        """Whose they are, and what became of them, as an address carries it."""
        return {"whose": self.whose, **({"became": self.became.id} if self.became else {})}

    @property
    def query(self) -> str:
        """As an address carries it."""
        return urlencode({**self.filters, **self.days})


def asked_for(here: Here, said: QueryDict, names: dict[str, str], usual: str) -> Asked:
    """The contact times that an address asks for, in their order; `usual` is whose where it does not say."""
    today = london_date(here.now)
    when = said.get("when", "")
    when = when if when in WHEN else "today"
    period = PeriodForm(said, today=today).period if "since" in said or "until" in said else None
    whose = said.get("whose", usual)
    whose = whose if whose in ("mine", "all") or whose in names else "all"
    became = next((b for b in figures.BECAME if b.id == said.get("became")), None)
    rows = whose_of(here, whose)
    rows = within(rows, today, when) if period is None else rows.filter(begin_in(*period))
    if became is not None:
        rows = rows.filter(ended_as(became.id, here.now))
    return Asked(rows.select_related("case").order_by("starts", "id"), whose, when, period, became)


def whose_of(here: Here, whose: str) -> QuerySet[AppointmentRow]:
    """The contact times of one person, or everybody's."""
    rows = access.appointments_for(here.person, here.provider.pk)
    return rows if whose == "all" else rows.filter(person=here.id if whose == "mine" else whose)


@console(roles=READ)
def appointments(request: HttpRequest, here: Here) -> HttpResponse:
    """The page: the times of a stretch of days; or those behind a figure of a report."""
    names = names_at(here.provider.pk)
    asked = asked_for(here, request.GET, names, "mine" if here.works else "all")
    onward, cut = "", False
    if asked.period is None:
        found = list(asked.rows[: MOST + 1])
        found, cut = found[:MOST], len(found) > MOST
    else:
        found, onward = turned(asked.rows, request.GET.get("from", ""), by="starts", salt=_SALT)
    over = whose_of(here, asked.whose).filter(settled="", ends__lt=here.now).select_related("case")
    people = [("mine", _("Mine")), ("all", _("Everybody’s")), *sorted(names.items(), key=lambda n: n[1])]
    first_of_all = asked.period is None and asked.became is None
    return show(
        request, here, "console/appointments.html", at="appointments", asked=asked, people=people, cut=cut,
        became=figures.BECAME[1:], title=WHEN[asked.when][0] if asked.period is None else "",
        who=dict(people)[asked.whose], onward=onward, keep=asked.query, from_start="from" not in request.GET,
        tabs=[
            Tab(words, f"?{urlencode({**asked.filters, 'when': name})}", asked.period is None and name == asked.when)
            for name, (words, *_days) in WHEN.items()
        ],
        days=[(day, [_kept(row, here, names) for row in of_day]) for day, of_day in by_day(found)],
        missed=[_kept(row, here, names) for row in over.order_by("ends", "id")[:MISSED_SHOWN]] if first_of_all else [],
    )  # fmt: skip


def within(rows: QuerySet[AppointmentRow], today: date, when: str) -> QuerySet[AppointmentRow]:
    """The agreed times of a stretch of London days."""
    _words, first, days = WHEN[when]
    begins = today + first * DAY
    return rows.filter(begin_in(begins, begins + timedelta(days=days) - DAY))


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
