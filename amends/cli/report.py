"""`amends report`: the figures of a period, as the page of reports counts them."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from amends.cli.desk import open_desk, provider_named, time, with_now
from amends.cli.said import Unusable, emit, london, say

if TYPE_CHECKING:
    from amends.desk.reports import Counted, Report


@click.command(short_help="The figures of a period: received, resolved, promises kept, and the rest.")
@click.option("--provider", "slug", default="", metavar="ID", help="Whose; needed where there are several.")
@click.option(
    "--from", "first", metavar="DATE", help="The first day, in London; of this quarter if left out."
)
@click.option("--to", "last", metavar="DATE", help="The last day, in London; today if left out.")
@with_now
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True,
    help="How the figures are printed.",
)  # fmt: skip
def report(slug: str, first: str | None, last: str | None, said: str | None, form: str) -> int:
    """Count what the reports of the console count, for the London days from one to another, both in it.

    How each figure is counted stands in docs/reports.md, and with each figure in the JSON.

    \b
    Examples:
      amends report --from 2026-07-01 --to 2026-09-30
      amends report --provider larkfield --from 2026-07-01 --to 2026-09-30 --format csv > quarter.csv
    """
    open_desk()
    from amends.core.calendar import london_date
    from amends.desk.forms.reports import usual
    from amends.desk.reports import Period
    from amends.desk.reports import report as count

    now = time(said)
    start = usual(london_date(now))
    period = Period(_day(first, "--from") or start.since, _day(last, "--to") or start.until)
    if period.until < period.since:
        raise Unusable(f"--to: {period.until} lies before {period.since}")
    found = count(provider_named(slug or _only()).pk, period, now)
    if form == "json":
        emit(as_json(found, london(now)))
    elif form == "csv":
        click.echo(as_csv(found), nl=False)
    else:
        for table in found.tables:
            _print(table)
    return 0


def _day(words: str | None, where: str) -> date | None:
    if words is None:
        return None
    try:
        day = date.fromisoformat(words)
    except ValueError as wrong:
        raise Unusable(f"{where}: {words!r} is no date: write it like 2026-07-01") from wrong
    from amends.desk.filters import YEARS

    if day.year not in YEARS:
        raise Unusable(f"{where}: {words!r} lies outside the years {YEARS[0]} to {YEARS[-1]}")
    return day


def _only() -> str:
    """The one provider of the desk. Raises Unusable where there are none or several."""
    from amends.desk.models import Provider

    known = list(Provider.objects.order_by("pk").values_list("pk", flat=True)[:20])
    if len(known) == 1:
        return known[0]
    raise Unusable(f"--provider: say whose; there are: {', '.join(known) or 'none yet'}")


def as_json(found: Report, made: str | None) -> dict[str, Any]:
    """The answer of `amends report --format json`."""
    return {
        "provider": found.provider, "from": found.period.since.isoformat(), "to": found.period.until.isoformat(),
        "made": made, "tables": [_table(table) for table in found.tables],
    }  # fmt: skip


def _table(table: Counted) -> dict[str, Any]:
    columns = [
        {"id": key, "title": title, "counted": counted}
        for key, (title, counted) in zip(table.keys, table.columns, strict=True)
    ]
    lines = [
        {
            "id": line.key, "title": line.title, "counted": line.counted,
            "figures": {
                key: cell.count if not cell.shown or cell.shown[0].isdigit() else None
                for key, cell in zip(table.keys, line.cells, strict=True)
            },
        }
        for line in table.lines
    ]  # fmt: skip
    return {"id": table.id, "title": table.title, "counted": table.words, "columns": columns, "lines": lines}


def as_csv(found: Report) -> str:
    """One figure on each line: table, what the line is about, figure, number."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(("table", "line", "figure", "number"))
    for table in found.tables:
        for line in _table(table)["lines"]:
            for key, number in line["figures"].items():
                writer.writerow((table.id, _harmless(line["id"]), key, "" if number is None else number))
    return made.getvalue()


def _harmless(words: str) -> str:
    from amends.desk.sheets import harmless

    return harmless(words)


def _print(table: Counted) -> None:
    say(table.title)
    heads = ["", *(title for title, _ in table.columns)]
    rows = [[line.title, *(cell.said for cell in line.cells)] for line in table.lines]
    if not rows:
        say("  none in this period")
    widths = [max(len(row[n]) for row in (heads, *rows)) for n in range(len(heads))]
    for row in (heads, *rows) if rows else ():
        first, *others = row
        said = [
            first.ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)),
        ]
        say(f"  {'  '.join(said)}".rstrip())
    say()
