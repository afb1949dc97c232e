"""Reports: figures of a period with pictures, each saying how it is counted and opening the cases behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from amends.core.calendar import london_date
from amends.desk import access, categories, figures
from amends.desk import reports as counting
from amends.desk.catching_up import behind as catching_up
from amends.desk.filters import YEARS
from amends.desk.forms.reports import Customers, Lists, PeriodForm, offered
from amends.desk.models import AuditEntry, CustomerCount, PromiseTally
from amends.desk.reports import Period, Report
from amends.desk.sheets import Sheet, Value
from amends.desk.views.here import DECIDE, KEEP, Here, console
from amends.desk.views.pages import Tab, back, show
from amends.desk.views.turned import turned

_SALT: Final = "promises"
ENTERED_SHOWN: Final = 36


@console()
def reports(request: HttpRequest, here: Here) -> HttpResponse:
    """The report of a period."""
    form, report = made(here, request.GET)
    chosen = form.period
    periods = [
        Tab(words, f"?since={p.since.isoformat()}&until={p.until.isoformat()}", p == chosen)
        for words, p in offered(report.today)
    ]
    return show(
        request, here, "console/reports.html", at="reports", form=form, report=report, tabs=periods,
        may_take=here.may(access.TAKES_LISTS_AWAY), may_enter=here.may(DECIDE | KEEP), catching_up=catching_up(),
        may_learn=here.may(access.SEES_LESSONS),
    )  # fmt: skip


def made(here: Here, said: QueryDict) -> tuple[PeriodForm, Report]:
    """The report of the period of an address."""
    form = PeriodForm(said, today=london_date(here.now))
    # The gate first: a provider whose cases this person may not see has none for them.
    provider = here.provider.pk if here.reads else ""
    return form, counting.report(provider, form.period, here.now)


def sheet(report: Report) -> Sheet:
    """The figures of a report, one on each line: table, what divides it, figure, number."""
    return Sheet("report", ("Table", "Line", "Figure", "Number"), list(lines(report)))


def lines(report: Report) -> Iterator[tuple[Value, ...]]:
    """Each figure of a report."""
    for table in report.tables:
        for line in table.lines:
            for (title, _counted), cell in zip(table.columns, line.cells, strict=True):
                yield (table.title, line.title, title, cell.count if not cell.shown else cell.shown)


# --- promises -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Promised:
    """The promises behind a figure: what an address asks for."""

    rows: QuerySet[PromiseTally]
    clause: str
    owe: str
    how: str
    period: Period

    @property
    def query(self) -> str:
        """As an address carries it."""
        return urlencode(
            {
                "clause": self.clause, "owe": self.owe, "since": self.period.since.isoformat(),
                "until": self.period.until.isoformat(), "how": self.how,
            }
        )  # fmt: skip


def promised(here: Here, said: QueryDict) -> Promised:
    """The promises that an address asks for, within what this person may see."""
    period = PeriodForm(said, today=london_date(here.now)).period
    clause, owe = (said.get(name, "").replace("\0", "")[:100] for name in ("clause", "owe"))
    how = said.get("how", "")
    rows = access.promises(here.person, here.provider.pk).filter(counting.lasts_in(period))
    rows = rows.filter(clause=clause, owe=owe) if clause else rows
    how = how if how in {s.id for s in figures.STANDINGS} else ""
    return Promised(rows.filter(counting.standing(how, here.now)) if how else rows, clause, owe, how, period)


@console()
def promises(request: HttpRequest, here: Here) -> HttpResponse:
    """The promises behind a figure, one on each line, in the order of their last moments."""
    asked = promised(here, request.GET)
    rows, onward = turned(
        asked.rows.select_related("case"), request.GET.get("from", ""), by="late_after", salt=_SALT
    )
    standing = next((s for s in figures.STANDINGS if s.id == asked.how), None)
    return show(
        request, here, "console/promises.html", at="reports", asked=asked, standing=standing, rows=rows, onward=onward,
        keep=asked.query, from_start="from" not in request.GET, may_take=here.may(access.TAKES_LISTS_AWAY),
    )  # fmt: skip


# --- what reports need to be told -----------------------------------------------------------------------


@console(roles=DECIDE | KEEP, methods=("GET", "HEAD", "POST"))
def customers(request: HttpRequest, here: Here) -> HttpResponse:
    """How many customers there were, month by month: entered by a manager, the last entry of a month holds."""
    form = Customers(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        CustomerCount.objects.create(
            provider=here.provider, month=said["month"], customers=said["customers"], entered=here.now, entered_by=here.id
        )  # fmt: skip
        AuditEntry.objects.create(
            provider=here.provider, at=here.now, by=here.id, what="customers entered",
            detail={"month": f"{said['month']:%Y-%m}", "customers": said["customers"]},
        )  # fmt: skip
        messages.success(request, _("The number stands for %(month)s.") % {"month": f"{said['month']:%B %Y}"})
        return HttpResponseRedirect(reverse("customers", args=[here.provider.pk]))
    known = counting.customers(here.provider.pk, date(YEARS[0], 1, 1), date(YEARS[-1], 1, 1))
    entered = sorted(known.items(), reverse=True)[:ENTERED_SHOWN]
    return show(
        request, here, "console/customers.html", at="reports", status=422 if form.is_bound else 200, form=form,
        entered=entered,
    )  # fmt: skip


@console(roles=KEEP, methods=("GET", "HEAD", "POST"))
def lists(request: HttpRequest, here: Here) -> HttpResponse:
    """The words by which cases are sorted: the provider's own, or those of the house until it writes its own."""
    now = categories.lists(here.provider.pk)
    start = {"categories": "\n".join(now.categories), "causes": "\n".join(now.causes)}
    form = Lists(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        for kind, name in ((categories.CATEGORY, "categories"), (categories.CAUSE, "causes")):
            if form.cleaned_data[name] != list(getattr(now, name)):
                categories.change(here.provider, kind, form.cleaned_data[name], by=here.id, now=here.now)
        messages.success(
            request, _("The lists are in force. Cases that were sorted before keep their words.")
        )
        return back(here, "house")
    return show(
        request, here, "console/lists.html", at="house", status=422 if form.is_bound else 200, form=form
    )
