"""Counts reports from the tallies of cases: a handful of queries, whatever the number of cases.

What is counted, and how, stands in `figures`; here it is only asked. Nothing is folded: the tallies are kept by the record
with the facts, and `amends refold` rebuilds them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from amends.core import saying
from amends.core.calendar import DAY, london_date, midnight
from amends.desk import figures
from amends.desk.contact_times import became, begin_in
from amends.desk.figures import STANDINGS, Figure, Group, Table
from amends.desk.models import AppointmentRow, CaseTally, CustomerCount, PromiseTally

LONGEST_TITLE: Final = 60
LONGEST_BAR: Final = 60.0
"""In per cent of the picture: the rest is for the number behind it."""
EACH_BAR: Final = 44
DAYS_BY_DAY: Final = 31
DAYS_BY_WEEK: Final = 182
PER: Final = 100_000


class Period(NamedTuple):
    """The London days of a report, both of them in it."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a report, and the query of the address that opens what is behind it."""

    count: int
    query: str = ""
    shown: str = ""
    """What is shown where the figure is no plain number of cases."""

    @property
    def said(self) -> str:
        """The figure as people read it."""
        return self.shown or f"{self.count:,}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: what it is about, and its figures."""

    title: str
    cells: tuple[Cell, ...]
    counted: str = ""
    """How the line is counted, where each line is a figure of its own."""
    key: str = ""
    """By what data name the line: the id of its figure, or the value by which the table is divided."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a picture, in per cent of the longest."""

    title: str
    parts: tuple[tuple[float, float, int], ...]
    """From where to where each part goes, and which of the table's columns it shows."""
    end: float
    said: str
    top: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A table with its figures, ready to be shown."""

    id: str
    title: str
    words: str
    columns: tuple[tuple[str, str], ...]
    """The title of each column, and how it is counted."""
    lines: tuple[Line, ...]
    of: str = ""
    """What the lines are: the heading of the first column."""
    keys: tuple[str, ...] = ()
    """By what data name the columns."""
    opens: str = "cases"
    """The page on which what is behind a figure stands."""
    stacked: int = 0
    """So many columns, from the first on, are shown as shares of a whole; 0 where the picture shows the first alone."""

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The bars of its picture; none where there is nothing to see."""
        most = max((line.cells[0].count for line in self.lines), default=0)
        if self.stacked:
            most = max((sum(self._parts(line)) for line in self.lines), default=0)
        return tuple(self._bar(place, line, most) for place, line in enumerate(self.lines)) if most else ()

    @property
    def pictured(self) -> tuple[str, ...]:
        """What the picture shows: the titles of its columns, in their order."""
        return tuple(title for title, _counted in self.columns[: self.stacked or 1])

    def _parts(self, line: Line) -> list[int]:
        return [cell.count for cell in line.cells[: self.stacked or 1]]

    def _bar(self, place: int, line: Line, most: int) -> Bar:
        parts = self._parts(line)
        whole = sum(parts) if self.stacked else most
        at, drawn = 0.0, []
        for column, count in enumerate(parts):
            width = LONGEST_BAR * count / whole if whole else 0.0
            drawn.append((round(at, 2), round(width, 2), column))
            at += width
        title = line.title if len(line.title) <= LONGEST_TITLE else f"{line.title[: LONGEST_TITLE - 1]}…"
        said = f"{sum(parts):,}" if self.stacked else line.cells[0].said
        return Bar(title, tuple(drawn), round(at, 2), said, EACH_BAR * place)

    @property
    def height(self) -> int:
        """The height of its picture."""
        return EACH_BAR * len(self.lines)


@dataclass(frozen=True, slots=True)
class Report:
    """All tables of a period."""

    provider: str
    period: Period
    today: date
    tables: tuple[Counted, ...] = field(default=())


def report(provider: str, period: Period, now: datetime) -> Report:
    """Count everything for a provider. Who may ask is settled by whoever calls: `access.tallies`."""
    today = london_date(now)
    rows = CaseTally.objects.filter(provider=provider)
    asks = _Asked(rows, period, today)
    tables = (
        trend(rows, period),
        *(asks.table(table) for table in (figures.RESOLVED, figures.OPEN, figures.ACKNOWLEDGED, figures.REPLIED)),
        promises(provider, period, now), times(provider, period, now),
        *(asks.table(t) for t in (figures.BY_CATEGORY, figures.BY_CAUSE, figures.BY_KIND, figures.BY_NEED)),
        asks.table(figures.DISPUTES), asks.table(figures.SCHEMES), rate(provider, period),
    )  # fmt: skip
    return Report(provider, period, today, tables)


class _Asked:
    """The tallies of one report, counted by table."""

    def __init__(self, rows: QuerySet[CaseTally], period: Period, today: date) -> None:
        self.rows, self.period, self.today = rows, period, today

    def table(self, table: Table) -> Counted:
        """One table with its figures."""
        columns = tuple((f.title, f.counted) for f in table.figures)
        keys = tuple(f.id for f in table.figures)
        if table.by is None:
            counts = self._counts(self.rows, table.figures)
            lines = tuple(
                Line(f.title, (Cell(counts[f.id], self._query(f)),), f.counted, f.id) for f in table.figures
            )
            return Counted(
                table.id, table.title, table.words, (("Complaints", ""),), lines, keys=("complaints",)
            )
        lines = tuple(self._divided(table, table.by))
        stacked = len(table.figures) if table.median else 0
        if table.median:
            columns, keys = (
                (*columns, ("Half of them within", "The middle one of those that are done.")),
                (*keys, "median"),
            )
        return Counted(
            table.id, table.title, table.words, columns, lines, table.by.title, keys, stacked=stacked
        )

    def _counts(self, rows: QuerySet[CaseTally], wanted: Sequence[Figure]) -> dict[str, int]:
        """Figures that fall by the same day are counted in one reading of the rows of the period."""
        found: dict[str, int] = {}
        for by_day in dict.fromkeys(f.by_day for f in wanted):
            same = [f for f in wanted if f.by_day == by_day]
            shared = self._shared(same)
            asked = {f"f{place}": Count("pk", filter=f.condition(self.today)) for place, f in enumerate(same)}
            counts = rows.filter(shared).aggregate(**asked)
            found.update((f.id, counts[f"f{place}"]) for place, f in enumerate(same))
        return found

    def _shared(self, same: Sequence[Figure]) -> Q:
        """What all of these ask for: so much is left to the index."""
        since, until = self.period
        if same[0].by_day:
            return Q(counts=True, **{f"{same[0].by_day}__gte": since, f"{same[0].by_day}__lte": until})
        return Q(counts=True, is_open=True)

    def _divided(self, table: Table, by: Group) -> Iterator[Line]:
        asked = {
            f"f{place}": Count("pk", filter=f.condition(self.today)) for place, f in enumerate(table.figures)
        }
        rows = self.rows.filter(self._shared(table.figures)).order_by()
        middles = (
            _middles(self.rows.filter(self._shared(table.figures)), by.column, table.median)
            if table.median
            else None
        )
        counted = list(rows.values(by.column).annotate(every=Count("pk"), **asked))
        for found in sorted(counted, key=lambda one: (-one["every"], one[by.column])):
            value = found[by.column]
            cells = [
                Cell(found[f"f{place}"], self._query(f, by.column, value))
                for place, f in enumerate(table.figures)
            ]
            if middles is not None:
                middle = middles.get(value)
                cells.append(Cell(middle or 0, "", "–" if middle is None else lasting(middle)))
            yield Line(value_said(by, value), tuple(cells), key=value)

    def _query(self, figure: Figure, by: str = "", value: str = "") -> str:
        said = {
            "figure": figure.id,
            "since": self.period.since.isoformat(),
            "until": self.period.until.isoformat(),
        }
        return urlencode({**said, "by": by, "is": value} if by else said)


def value_said(by: Group, value: str) -> str:
    """A value by which a table is divided, in words."""
    if not value or (by is figures.KIND and value == "unknown"):
        return by.empty.capitalize()
    return (
        value.replace("-", " ").capitalize()
        if by in (figures.KIND, figures.CHANNEL)
        else value[:1].upper() + value[1:]
    )


def _middles(rows: QuerySet[CaseTally], by: str, column: str) -> dict[str, int]:
    """The middle value of a column in each group: of an even number the lower of the two."""
    inner, values = (
        rows.filter(**{f"{column}__isnull": False}).order_by().values_list(by, column).query.sql_with_params()
    )
    statement = f"""
        SELECT g, v FROM (
            SELECT g, v, ROW_NUMBER() OVER (PARTITION BY g ORDER BY v) AS place, COUNT(*) OVER (PARTITION BY g) AS many
            FROM (SELECT {by} AS g, {column} AS v FROM ({inner}) AS found) AS named
        ) AS placed WHERE place = (many + 1) / 2
    """  # noqa: S608 - names of our own columns; the values are bound
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(cursor.fetchall())


def lasting(seconds: int) -> str:
    """A length of time as people say it, roughly."""
    for size, name in ((figures.DAY, "day"), (figures.HOUR, "hour"), (60, "minute")):
        if seconds >= size:
            return saying.counted(round(seconds / size), name)
    return "less than a minute"


# --- the course of the period ---------------------------------------------------------------------------


def trend(rows: QuerySet[CaseTally], period: Period) -> Counted:
    """What was received, by day, week or month."""
    where = figures.RECEIVED.where(period.since, period.until, period.until)
    found = rows.filter(where).order_by().values_list("received").annotate(every=Count("pk"))
    spans = list(_spans(period))
    counts: Counter[date] = Counter()
    starts = [span.since for span in spans]
    for day, every in found:
        counts[max(start for start in starts if start <= day)] += every
    lines = tuple(
        Line(span_said(span), (Cell(counts[span.since], _received_query(span)),), key=span.since.isoformat())
        for span in spans
    )
    return Counted(
        "received", "Complaints received", f"{figures.RECEIVED.counted} {figures.TREND}",
        (("Received", figures.RECEIVED.counted),), lines, "When", ("received",),
    )  # fmt: skip


def _received_query(span: Period) -> str:
    return urlencode({"figure": "received", "since": span.since.isoformat(), "until": span.until.isoformat()})


def _spans(period: Period) -> Iterator[Period]:
    """The days, weeks (from Mondays) or months of a period."""
    step: Callable[[date], date]
    if period.days <= DAYS_BY_DAY:
        step = lambda day: day + DAY  # noqa: E731 - one of three of a kind
    elif period.days <= DAYS_BY_WEEK:
        step = lambda day: day + timedelta(days=7 - day.weekday())  # noqa: E731 - one of three of a kind
    else:
        step = next_month
    since = period.since
    while since <= period.until:
        after = step(since)
        yield Period(since, min(after - DAY, period.until))
        since = after


def next_month(day: date) -> date:
    """The first day of the month after this day's."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def span_said(span: Period) -> str:
    """A period in few words: a day, a month, or its two ends."""
    first, last = span
    if first == last:
        return f"{first:%a} {first.day} {first:%b}"
    if first.day == 1 and next_month(first) - DAY == last:
        return f"{first:%B %Y}"
    return f"{first.day} {first:%b} to {last.day} {last:%b}"


# --- promises -------------------------------------------------------------------------------------------


def standing(how: str, now: datetime) -> Q:
    """The condition on promises that stand like this by now."""
    waits = Q(settled__isnull=True, stopped=False)
    return {
        "kept": Q(settled__lte=F("late_after")),
        "late": Q(settled__gt=F("late_after")),
        "broken": waits & Q(late_after__lt=now),
        "running": waits & Q(late_after__gte=now),
        "stopped": Q(settled__isnull=True, stopped=True),
    }[how]


def lasts_in(period: Period) -> Q:
    """The condition on promises whose last moment lies in the period; one at midnight belongs to the day that ends then."""
    since, until = midnight(period.since), midnight(period.until + DAY)
    return Q(late_after__gt=since, late_after__lte=until)


def promises(provider: str, period: Period, now: datetime) -> Counted:
    """Promises kept and broken, by clause."""
    asked = {s.id: Count("pk", filter=standing(s.id, now)) for s in STANDINGS}
    rows = PromiseTally.objects.filter(lasts_in(period), provider=provider)
    found = rows.order_by().values("clause", "owe").annotate(**asked)
    lines = []
    counted: list[dict[str, Any]] = [dict(one) for one in found]
    for one in sorted(counted, key=lambda one: (one["clause"], one["owe"])):
        base = {
            "clause": one["clause"],
            "owe": one["owe"],
            "since": period.since.isoformat(),
            "until": period.until.isoformat(),
        }
        cells = tuple(Cell(one[s.id], urlencode({**base, "how": s.id})) for s in STANDINGS)
        lines.append(Line(f"{one['clause']}: {one['owe']}", cells, key=f"{one['clause']} {one['owe']}"))
    columns = tuple((s.title, s.counted) for s in STANDINGS)
    return Counted(
        "promises", "Promises kept and broken, by clause", figures.PROMISES, columns, tuple(lines), "Promise",
        tuple(s.id for s in STANDINGS), "promises", stacked=len(STANDINGS) - 1,
    )  # fmt: skip


def times(provider: str, period: Period, now: datetime) -> Counted:
    """Agreed contact times, by what became of them."""
    asked = {f"t{place}": Count("pk", filter=became(s.id, now)) for place, s in enumerate(figures.BECAME)}
    rows = AppointmentRow.objects.filter(begin_in(*period), provider=provider)
    counts = rows.aggregate(**asked)
    base = {"whose": "all", "since": period.since.isoformat(), "until": period.until.isoformat()}
    lines = tuple(
        Line(s.title, (Cell(counts[f"t{place}"], urlencode({**base, "became": s.id})),), s.counted, s.id)
        for place, s in enumerate(figures.BECAME)
    )
    return Counted(
        "times", "Agreed contact times", figures.TIMES, (("Contact times", ""),), lines, keys=("times",),
        opens="appointments",
    )  # fmt: skip


# --- customers ------------------------------------------------------------------------------------------


def customers(provider: str, since: date, until: date) -> dict[date, int]:
    """How many customers a provider had, by the first day of each month for which somebody entered it."""
    rows = CustomerCount.objects.filter(provider=provider, month__gte=since, month__lte=until).order_by("id")
    # What was entered last holds.
    return dict(rows.values_list("month", "customers"))


def rate(provider: str, period: Period) -> Counted:
    """Complaints per 100,000 customers, by calendar month."""
    first, last = period.since.replace(day=1), next_month(period.until) - DAY
    rows = CaseTally.objects.filter(provider=provider, counts=True, received__gte=first, received__lte=last)
    by_month: Counter[date] = Counter()
    for day, every in rows.order_by().values_list("received").annotate(every=Count("pk")):
        by_month[day.replace(day=1)] += every
    known = customers(provider, first, last)
    lines, month = [], first
    while month <= last:
        span = Period(month, next_month(month) - DAY)
        received, served = by_month[month], known.get(month)
        each = round(PER * received / served, 1) if served else None
        cells = (
            Cell(round(PER * received / served) if served else 0, "", "–" if each is None else f"{each:,}"),
            Cell(received, _received_query(span)),
            Cell(served or 0, "", f"{served:,}" if served else "not entered"),
        )
        lines.append(Line(f"{month:%B %Y}", cells, key=month.strftime("%Y-%m")))
        month = next_month(month)
    columns = (
        ("Per 100,000", ""),
        ("Received", figures.RECEIVED.counted),
        ("Customers", "As entered for the month."),
    )
    return Counted(
        "rate", "Complaints per 100,000 customers", figures.RATE, columns, tuple(lines), "Month",
        ("per_100_000", "received", "customers"),
    )  # fmt: skip
