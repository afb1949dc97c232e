"""What each figure of the reports is: how it is counted, in words and as the condition that also opens the cases behind it.

A figure has one definition. The report counts by it, the list behind a figure filters by it, and docs/reports.md is written
from it, so that the three cannot disagree. Days are London's. A complaint is whatever was received and has not been found
to be none: what nobody has decided yet counts (A-was-it-a-complaint).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import F, Q


def _(words: str) -> str:
    """Marks words that the pages translate; docs/reports.md, which is made without Django, takes them as they are."""
    return words


HOUR: Final = 3600
DAY: Final = 24 * HOUR
SIX_WEEKS: Final = 42

Condition = Callable[[date], Q]
"""A condition on tallies of cases, on this day."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: an id that an address carries, what it is called, how it is counted, and its condition."""

    id: str
    title: str
    counted: str
    condition: Condition
    by_day: str = "received"
    """The day of a case that must lie in the period; empty for what is counted as it stands today."""

    def where(self, since: date, until: date, today: date) -> Q:
        """The condition on tallies for a period, both days in it."""
        found = Q(counts=True) & self.condition(today)
        if self.by_day:
            found &= Q(**{f"{self.by_day}__gte": since, f"{self.by_day}__lte": until})
        return found


@dataclass(frozen=True, slots=True)
class Group:
    """What a table is divided by: a column of the tally, and what an empty one is called."""

    column: str
    title: str
    empty: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a report: its figures, and what divides them."""

    id: str
    title: str
    words: str
    figures: tuple[Figure, ...]
    by: Group | None = None
    median: str = ""
    """The column of seconds of which the table tells the middle one, too."""


def _always(_today: date) -> Q:
    return Q()


def _where(**column: object) -> Condition:
    return lambda _today: Q(**column)


def _resolved(days: int) -> Condition:
    return _where(resolved_after__lte=days)


def _open(youngest: int, oldest: int | None) -> Condition:
    def condition(today: date) -> Q:
        found = Q(is_open=True, received__lte=today - timedelta(days=youngest)) & ~Q(state="closed")
        return found if oldest is None else found & Q(received__gte=today - timedelta(days=oldest))

    return condition


def _took(column: str, least: int, most: int | None) -> Condition:
    """It took more than `least` seconds, and no more than `most`."""
    longer = Q(**{f"{column}__gt": least}) if least else Q()
    return lambda _today: (
        longer & (Q(**{f"{column}__isnull": False}) if most is None else Q(**{f"{column}__lte": most}))
    )


RECEIVED: Final = Figure(
    "received", _("Received"), _("Complaints first received in the period, on any channel."), _always
)
SIX: Final = Figure(
    "resolved-six-weeks", _("Resolved within six weeks"),
    _("Of those received in the period: resolved, in the customer’s word, by day 42; the day of receipt is day 0."),
    _resolved(SIX_WEEKS),
)  # fmt: skip
STILL_OPEN: Final = Figure(
    "not-over", _("Still open"), _("Of those received in the period: not closed today."),
    lambda _today: ~Q(state="closed"),
)  # fmt: skip
CHANNEL: Final = Group("channel", _("Channel"), _("not known"))
CATEGORY: Final = Group("category", _("Category"), _("not sorted yet"))
CAUSE: Final = Group("cause", _("Root cause"), _("not known yet"))
NEED: Final = Group("need", _("Need"), _("none recorded"))
KIND: Final = Group("customer_kind", _("Kind of customer"), _("not known"))
SCHEME_OUTCOME: Final = Group("scheme_outcome", _("How it ended"), _("not ended yet"))
GROUPS: Final = {g.column: g for g in (CHANNEL, CATEGORY, CAUSE, NEED, KIND, SCHEME_OUTCOME)}

_BY: Final = (RECEIVED, SIX, STILL_OPEN)

RESOLVED: Final = Table(
    "resolved", _("How quickly complaints are resolved"),
    _("Resolved means in the customer’s own word: they accepted an outcome, or the case closed because they confirmed. "
      "Silence, a scheme’s decision and a letter whose window has run close a case, and resolve nothing. A case that was "
      "opened again is not resolved until they say so again. A complaint may stand in several lines."),
    (
        Figure("resolved-first", _("At the first contact"),
               _("Of those received in the period: settled during the first call or message."), _where(first_contact=True)),
        Figure("resolved-three-days", _("Within 3 days"),
               _("Of those received in the period: resolved by day 3, the day of receipt being day 0."), _resolved(3)),
        Figure("resolved-week", _("Within a week"),
               _("Of those received in the period: resolved by day 7."), _resolved(7)),
        SIX,
        Figure("resolved", _("Resolved so far"),
               _("Of those received in the period: resolved by today."), _where(resolved_after__isnull=False)),
        RECEIVED,
    ),
)  # fmt: skip

OPEN: Final = Table(
    "open", _("Open complaints by age"),
    _("All that are open today, whenever they were received; the period does not matter here. The age is counted from the "
      "day of the first receipt, day 0."),
    (
        Figure("open-week", _("Up to a week"), _("Open, received 0 to 7 days ago."), _open(0, 7), ""),
        Figure("open-three-weeks", _("Up to 3 weeks"), _("Open, received 8 to 21 days ago."), _open(8, 21), ""),
        Figure("open-six-weeks", _("Up to 6 weeks"), _("Open, received 22 to 42 days ago."), _open(22, 42), ""),
        Figure("open-eight-weeks", _("Up to 8 weeks"), _("Open, received 43 to 56 days ago."), _open(43, 56), ""),
        Figure("open-longer", _("Longer"), _("Open, received more than 56 days ago."), _open(57, None), ""),
    ),
)  # fmt: skip


def _times(
    name: str, column: str, done: str, bands: tuple[tuple[str, str, int | None], ...]
) -> tuple[Figure, ...]:
    found, least = [], 0
    for id_, title, most in bands:
        counted = f"Of those received in the period: {done} {title.lower()}, counted in plain hours from the first receipt."
        found.append(Figure(f"{name}-{id_}", title, counted, _took(column, least, most)))
        least = most or 0
    none = f"Of those received in the period: not {done} so far."
    found.append(Figure(f"{name}-not", _("Not yet"), none, _where(**{f"{column}__isnull": True})))
    return tuple(found)


ACKNOWLEDGED: Final = Table(
    "acknowledged", _("Time to the acknowledgement, by channel"),
    _("From the first receipt until the acknowledgement had left, or was given in speech, or the complaint was resolved."),
    _times("acknowledged", "acknowledged_after", "acknowledged", (
        ("hour", _("Within an hour"), HOUR), ("day", _("After an hour, within a day"), DAY),
        ("three-days", _("After a day, within 3 days"), 3 * DAY), ("later", _("Later than 3 days"), None),
    )),
    CHANNEL, "acknowledged_after",
)  # fmt: skip

REPLIED: Final = Table(
    "replied", _("Time to the first answer in substance, by channel"),
    _("From the first receipt to the first reply, call or outcome that answers the matter; an acknowledgement does not."),
    _times("replied", "replied_after", "answered", (
        ("day", _("Within a day"), DAY), ("three-days", _("After a day, within 3 days"), 3 * DAY),
        ("week", _("After 3 days, within a week"), 7 * DAY), ("two-weeks", _("After a week, within two"), 14 * DAY),
        ("later", _("Later than two weeks"), None),
    )),
    CHANNEL, "replied_after",
)  # fmt: skip

BY_CATEGORY: Final = Table(
    "category", _("By category"), _("What people sorted the cases under."), _BY, CATEGORY
)
BY_CAUSE: Final = Table("cause", _("By root cause"), _("What people found to be behind them."), _BY, CAUSE)
BY_NEED: Final = Table(
    "need",
    _("By need"),
    _("The format in which the customer needs what we write, as it stands on the case today."),
    _BY,
    NEED,
)
BY_KIND: Final = Table(
    "kind", _("By kind of customer"), _("Who complained, as far as it is known."), _BY, KIND
)

DISPUTES: Final = Table(
    "disputes", _("Outcomes, ADR letters and schemes"),
    _("Each line counts by its own day: a letter by the day on which it left, a referral by the day on which the scheme "
      "received it."),
    (
        Figure("accepted", _("Outcome accepted"),
               _("Of those received in the period: the customer accepted the latest outcome."), _where(outcome="accepted")),
        Figure("refused", _("Outcome refused"),
               _("Of those received in the period: the customer refused the latest outcome."), _where(outcome="refused")),
        Figure("unanswered", _("Outcome not answered"),
               _("Of those received in the period: the latest outcome waits for the customer’s answer."),
               _where(outcome="unanswered")),
        Figure("deadlocked", _("Deadlock declared"), _("Deadlock was declared in the period."), _always, "deadlocked"),
        Figure("adr-letter", _("ADR letters that left"),
               _("Complaints whose first ADR letter left in the period; one that came back does not count."), _always,
               "adr_letter"),
        Figure("referred", _("Taken to a scheme"),
               _("Complaints that a scheme received from the customer in the period."), _always, "referred"),
        Figure("scheme-decided", _("Ended at a scheme"), _("Disputes that ended at a scheme in the period."), _always,
               "scheme_decided"),
    ),
)  # fmt: skip
SCHEMES: Final = Table(
    "schemes", _("How disputes at a scheme ended"), _("Disputes that ended at a scheme in the period."),
    (
        DISPUTES.figures[-1],
        Figure("scheme-accepted", _("Accepted by the customer"),
               _("Of those that ended: the customer accepted the decision."),
               _where(scheme_answer="accepted"), "scheme_decided"),
        Figure("scheme-refused", _("Not accepted"),
               _("Of those that ended: the customer refused the decision, or did not answer in time."),
               _where(scheme_answer__in=("refused", "not in time")), "scheme_decided"),
        Figure("scheme-done", _("Carried out in time"),
               _("Of those that ended: all that was decided is done, the last of it by the scheme’s limit."),
               _where(scheme_done__lte=F("scheme_due")), "scheme_decided"),
        Figure("scheme-done-late", _("Carried out late"),
               _("Of those that ended: all that was decided is done, the last of it after the scheme’s limit."),
               _where(scheme_done__gt=F("scheme_due")), "scheme_decided"),
        Figure("scheme-waits", _("To be carried out"), _("Of those that ended: something that was decided is not done yet."),
               _where(scheme_due__isnull=False, scheme_done__isnull=True), "scheme_decided"),
    ), SCHEME_OUTCOME,
)  # fmt: skip

TABLES: Final = (
    RESOLVED, OPEN, ACKNOWLEDGED, REPLIED, BY_CATEGORY, BY_CAUSE, BY_KIND, BY_NEED, DISPUTES, SCHEMES,
)  # fmt: skip
FIGURES: Final = {figure.id: figure for table in TABLES for figure in table.figures}

TREND: Final = _("Each column is a day, a week or a month, by the length of the period.")
RATE: Final = _(
    "Complaints first received in the calendar month, divided by the customers that somebody entered for that month, times "
    "100,000. A month is counted whole, also where the period begins or ends within it."
)
PROMISES: Final = _(
    "Every promise of the code and every clock of the law whose last moment lies in the period, one for each time that it "
    "began: a case can count more than once. An extended promise counts by its later time; one that stood still by the time "
    "that was left. A promise that falls at midnight belongs to the day that ends then."
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How promises or agreed contact times stand: a figure of their table."""

    id: str
    title: str
    counted: str


STANDINGS: Final = (
    Standing("kept", _("Kept"), _("Settled by their last moment.")),
    Standing("late", _("Kept late"), _("Settled after their last moment.")),
    Standing("broken", _("Broken"), _("Not settled, and their last moment is over.")),
    Standing("running", _("Still running"), _("Not settled, and their last moment is still to come.")),
    Standing("stopped", _("Fell away"), _("Not settled before the case closed, or the customer said that it was resolved.")),
)  # fmt: skip


TIMES: Final = _(
    "Every contact time that was agreed with a customer and whose window begins on a London day of the period. A time that "
    "was moved counts as moved by the day that it had, and the new time by its own. Whether a time was agreed at all, where "
    "the code promises that, stands with the promises, by its clause."
)
BECAME: Final = (
    Standing("agreed", _("Agreed"), _("All whose window begins in the period. Each stands in one of the other lines, too.")),
    Standing("kept", _("Kept"), _("Somebody wrote down that it was kept.")),
    Standing("missed-by-us", _("Missed by us"), _("Somebody wrote down that we missed it.")),
    Standing("missed-by-customer", _("Missed by the customer"), _("Somebody wrote down that the customer missed it.")),
    Standing("moved", _("Moved"), _("Another time took its place, or the case was merged and the time went with it.")),
    Standing("unsaid", _("Over, and nobody has said"),
             _("Its window is over, its case is open, and nobody has said what became of it.")),
    Standing("to-come", _("Still to come"), _("Its window is not over yet.")),
    Standing("closed-before", _("Fell away"), _("Its case closed before anybody said what became of it.")),
)  # fmt: skip
"""What became of agreed contact times: the lines of their table, and the filters of their list."""


def as_markdown() -> str:
    """How every figure is counted, as the middle of docs/reports.md."""
    lines = [
        "## Complaints received", "", f"{RECEIVED.counted} {TREND}", "",
    ]  # fmt: skip
    for table in (RESOLVED, OPEN, ACKNOWLEDGED, REPLIED):
        lines += _markdown(table)
    lines += ["## Promises kept and broken, by clause", "", PROMISES, "", *_rows(STANDINGS)]
    lines += ["## Agreed contact times", "", TIMES, "", *_rows(BECAME)]
    for table in (BY_CATEGORY, BY_CAUSE, BY_KIND, BY_NEED, DISPUTES, SCHEMES):
        lines += _markdown(table)
    return "\n".join([*lines, "## Complaints per 100,000 customers", "", RATE, ""])


def _markdown(table: Table) -> list[str]:
    by = f" Divided by: {table.by.title.lower()}." if table.by else ""
    middle = (
        [
            "Beside them stands the middle one of those that are done; of an even number the lower of the two.",
            "",
        ]
        if table.median
        else []
    )
    return [f"## {table.title}", "", f"{table.words}{by}", "", *_rows(table.figures), *middle]


def _rows(figures: Sequence[Figure | Standing]) -> list[str]:
    rows = (f"| {figure.title} | `{figure.id}` | {figure.counted} |" for figure in figures)
    return ["| figure | id | how it is counted |", "| --- | --- | --- |", *rows, ""]
