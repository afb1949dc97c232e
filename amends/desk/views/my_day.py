"""My day: what I owe, or everybody, or nobody yet: a line for each duty, in the order in which they fall due.

Each line has its date, its reason and the one action that settles it. Beside them stands what else waits for somebody,
each thing with its section of the runbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.core.duties import DECIDE_WHAT, Action, Duty
from amends.desk import access, owing, queue, stage_roles
from amends.desk.forms.case_form import CaseForm
from amends.desk.forms.deeds import SETTLES
from amends.desk.models import ApprovalRow, DutyRow
from amends.desk.powers import ESCALATION
from amends.desk.queue import Soon, Turned, When
from amends.desk.runbook import runbook_is_here
from amends.desk.views.here import DECIDE, EVERYBODY, Here, calendar_of, console
from amends.desk.views.owed import deed_label, letter_key, settling
from amends.desk.views.pages import Tab, back, few, show
from amends.desk.views.together import begun
from amends.desk.views.watched import watch

WHOSE: Final = {
    "mine": gettext_lazy("Mine"),
    "team": gettext_lazy("Everybody’s"),
    "nobody": gettext_lazy("Nobody’s yet"),
}
FIRST_SHOWN: Final = 25


HEADINGS: Final = {
    When.NOW: gettext_lazy("Now: late, or owed at once"),
    When.TODAY: gettext_lazy("Today"),
    When.TOMORROW: gettext_lazy("Tomorrow"),
    When.WEEK: gettext_lazy("Within a week"),
    When.LATER: gettext_lazy("Later"),
    When.NO_DATE: gettext_lazy("No date is named"),
}
COUNTED: Final = (When.NOW, When.TODAY, When.TOMORROW, When.WEEK)


@dataclass(frozen=True, slots=True)
class Line:
    """One duty of a queue as it stands now, with the one action that settles it."""

    row: DutyRow
    duty: Duty
    late: bool
    deed: type[CaseForm] | None
    address: str
    """Of the action; empty where the person may only look, or where the desk acts by itself."""

    @property
    def label(self) -> object:
        """What the action is called."""
        return deed_label(self.duty, self.deed) if self.deed else ""

    @property
    def for_others(self) -> bool:
        """Whether it waits for somebody else's decision, and whoever looks can only wait for it."""
        return self.deed is None and self.duty.action is Action.APPROVE

    @property
    def letter(self) -> str:
        """The key of the letter that it is about; empty where it is about none."""
        return letter_key(self.duty)

    @property
    def since(self) -> datetime | None:
        """From when it is owed at once, where no period is named."""
        return self.row.falls if self.duty.at_once else None

    @property
    def whole_day(self) -> bool:
        """Whether its whole day is due, and no hour of it; a contact time is due when it begins."""
        late = self.duty.late_after
        return late is not None and late != self.duty.due and self.duty.action is not Action.CALL


@console(roles=EVERYBODY)
def my_day(request: HttpRequest, here: Here) -> HttpResponse:
    """What a person owes, what everybody does, or what is owed on cases that nobody holds.

    It is the first page of a provider: who sees no cases has no such day, and is led to the provider's own page.
    """
    if not here.reads:
        return back(here, "house")
    whose = request.GET.get("whose", "")
    everybodys = access.duties_for(here.person, here.provider.pk)
    duties = {
        "mine": everybodys.filter(handler=here.id), "team": everybodys, "nobody": everybodys.filter(handler=""),
    }  # fmt: skip
    soon = {name: queue.soon(duties[name], here.now) for name in WHOSE}
    chosen = whose in WHOSE
    turned, whose, heading = _turned(request, here, whose if chosen else "", duties)
    calendar = calendar_of(turned.rows[0].case.code_id if turned.rows else None)
    first = first_in_line(request, duties[whose], here, heading)
    shown = {row.pk for row in first}
    rows = [row for row in turned.rows if row.pk not in shown]
    return show(
        request, here, "console/my_day.html", at="my-day", whose=whose, onward=turned.onward, when=heading or "",
        tabs=[Tab(words, f"?whose={name}", name == whose, few(*soon[name].under(When.NOW, When.TODAY)))
              for name, words in WHOSE.items()],
        spans=list(_spans(soon[whose], whose, heading)), days=list(by_when(rows, here)),
        first=[line(row, here) for row in first],
        watch=list(watch(here)), calendar=calendar, from_start="from" not in request.GET,
        instead=not (chosen or here.may(DECIDE)) and whose != _own(here), keep=_kept(whose, heading),
        waits=waits_for(here) if "from" not in request.GET else [],
        may_take=here.may(access.TAKES_LISTS_AWAY), taken=f"whose={whose}",
        has_runbook=runbook_is_here(), begun=begun(here) if "from" not in request.GET else [],
    )  # fmt: skip


def first_in_line(
    request: HttpRequest, duties: QuerySet[DutyRow], here: Here, heading: When | None
) -> list[DutyRow]:
    """What is owed by the end of today to customers with priority access to support, before everything else.

    N-priority-support: for customers who are older or have a disability. The place in line follows from their needs.
    """
    if "from" in request.GET or heading not in (None, When.NOW, When.TODAY):
        return []
    today = queue.within(duties.filter(priority=True), When.TODAY, here.now)
    late = queue.within(duties.filter(priority=True), When.NOW, here.now)
    wanted = [late, today] if heading is None else [late if heading is When.NOW else today]
    return [
        row for some in wanted for row in some.select_related("case").order_by("falls", "id")[:FIRST_SHOWN]
    ]


def _kept(whose: str, heading: When | None) -> str:
    """What the address of the next page keeps of this one."""
    return f"whose={whose}&when={heading}" if heading else f"whose={whose}"


def _own(here: Here) -> str:
    return "mine" if here.works else "team"


def _turned(
    request: HttpRequest, here: Here, whose: str, duties: dict[str, QuerySet[DutyRow]]
) -> tuple[Turned[DutyRow], str, When | None]:
    """The page that was asked for. Who chose nothing and owes nothing sees what else waits: nobody's, or everybody's."""
    heading = next((w for w in COUNTED if w == request.GET.get("when")), None)
    # Who decides holds few cases, and looks after everybody's.
    instead = ("team",) if here.may(DECIDE) else ("nobody", "team")
    for name in (whose,) if whose else (_own(here), *instead):
        asked = queue.within(duties[name], heading, here.now) if heading else duties[name]
        turned = queue.by_falling(asked, request.GET.get("from", ""))
        if turned.rows:
            return turned, name, heading
    return turned, whose or _own(here), heading


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the week that can be looked at alone, and how much falls due in it."""

    words: object
    address: str
    current: bool
    count: str


def _spans(soon: Soon, whose: str, chosen: When | None) -> Iterator[Span]:
    """What breaks now, today, tomorrow and this week. Past the last line that was counted nothing is said."""
    last = max(soon.counts, key=COUNTED.index, default=COUNTED[-1])
    yield Span(_("All"), f"?whose={whose}", chosen is None, "")
    for heading in COUNTED:
        past = soon.more and COUNTED.index(heading) > COUNTED.index(last)
        count = "" if past else few(*soon.under(heading))
        yield Span(SPANS[heading], f"?whose={whose}&when={heading}", chosen is heading, count)


SPANS: Final = {
    When.NOW: gettext_lazy("Now"), When.TODAY: gettext_lazy("Today"), When.TOMORROW: gettext_lazy("Tomorrow"),
    When.WEEK: gettext_lazy("This week"),
}  # fmt: skip


def by_when(rows: Iterable[DutyRow], here: Here) -> Iterator[tuple[When, object, list[Line]]]:
    """The lines of a queue under their headings."""
    for heading, group in groupby(rows, key=lambda row: queue.when(row.falls, here.now)):
        yield heading, HEADINGS[heading], [line(row, here) for row in group]


def _fills(row: DutyRow, duty: Duty, here: Here) -> bool:
    """Whether a duty is to take a case at a stage whose role this person fills."""
    mine = stage_roles.of_person(here.provider, here.id)
    return duty.what.startswith(DECIDE_WHAT[ESCALATION]) and row.case.stage_role.casefold() in mine


def waits_for(here: Here) -> list[ApprovalRow]:
    """The escalations that wait for this person, who fills the role that the code names; the oldest first."""
    if not (mine := stage_roles.of_person(here.provider, here.id)):
        return []
    rows = access.approvals_for(here.person, here.provider.pk).filter(standing="waiting", deed=ESCALATION)
    rows = rows.exclude(case__handler=here.id).select_related("case").order_by("asked", "id")
    return [row for row in rows[:FIRST_SHOWN] if row.case.stage_role.casefold() in mine]


def line(row: DutyRow, here: Here) -> Line:
    """One line of a queue."""
    duty = owing.as_it_stands(row, here.now)
    deed = SETTLES.get(duty.action)
    if deed is not None and not (here.may(deed.roles) or _fills(row, duty, here)):
        deed = None
    return Line(row, duty, duty.late(here.now), deed, settling(row.case, duty, deed))
