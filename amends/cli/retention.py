"""`amends retention`: how long the words of ended cases are kept, what that would reach, and what a restore brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from amends.cli.desk import open_desk, provider_named, time
from amends.cli.house import BY
from amends.cli.said import Unusable, as_format, emit, london, say
from amends.core.saying import counted

if TYPE_CHECKING:
    from datetime import datetime

    from amends.desk.models import Provider


@click.group(short_help="How long the words of ended cases are kept.")
def retention() -> None:
    """How long the words of ended cases are kept before they are erased by themselves."""


@retention.command("show")
@click.argument("slug", metavar="PROVIDER", required=False)
@click.option(
    "--months", type=click.IntRange(1), metavar="N", help="What this period would do; nothing is changed."
)
@as_format
def show(slug: str | None, *, months: int | None, as_json: bool) -> int:
    """Show the period of a provider, how many cases stand where, and what the period reaches; nothing is erased by it.

    \b
    Examples:
      amends retention show
      amends retention show opus-telecoms --months 24 --format json
    """
    open_desk()
    from amends.desk.models import Provider

    now = time(None)
    wanted = [provider_named(slug)] if slug else list(Provider.objects.order_by("pk"))
    found = [_shown(each, months, now) for each in wanted]
    if as_json:
        emit(found)
        return 0
    for each in found:
        say(f"{each['provider']}: {_said(each['months'])}")
        stand = each["cases"]
        say(
            f"  {stand['announced']} announced, {stand['held']} held, {stand['kept']} kept, {stand['erased']} erased"
        )
        reach = each["reach"]
        say(
            f"  with {counted(reach['months'], 'month')}: {counted(reach['at_once'], 'case')} past the day now, "
            f"{reach['in_a_year']} more within a year"
            + (f"; the first words would go on {reach['first_erased']}" if reach["first_erased"] else "")
        )
    return 0


def _said(months: int | None) -> str:
    return f"words go {counted(months, 'month')} after closing" if months else "nothing is erased by itself"


def _shown(provider: Provider, months: int | None, now: datetime) -> dict[str, Any]:
    from amends.desk.models import Keeping, Retention
    from amends.desk.retention import rule as period

    stands = period.rule_of(provider.pk)
    reach = period.preview(provider.pk, months or (stands.months if stands else period.usual(now)), now)
    rows = Retention.objects.filter(provider=provider)
    return {
        "provider": provider.pk,
        "months": stands.months if stands else None,
        "since": london(stands.since) if stands else None,
        "cases": {str(state): rows.filter(state=state).count() for state in Keeping.values},
        "reach": {
            "months": reach.months, "at_once": reach.at_once, "in_a_year": reach.in_a_year,
            "first_erased": reach.first_erased.isoformat() if reach.first_erased else None,
        },
    }  # fmt: skip


@retention.command("set")
@click.argument("slug", metavar="PROVIDER")
@click.option(
    "--months", type=click.IntRange(1), metavar="N", help="Erase words so many months after a case closed."
)
@click.option("--off", is_flag=True, help="Erase nothing by itself, and take back what is announced.")
def set_period(slug: str, *, months: int | None, off: bool) -> int:
    """Choose the period; each case is announced in the console thirty days before its words go.

    \b
    Examples:
      amends retention show opus-telecoms --months 24
      amends retention set opus-telecoms --months 24
      amends retention set opus-telecoms --off
    """
    if off == (months is not None):
        raise Unusable("say how long: --months N, or --off")
    open_desk()
    from amends.desk.retention.rule import set_rule

    refused = set_rule(provider_named(slug), months, by=BY, now=time(None))
    if refused is not None:
        raise Unusable(f"--months: {refused}")
    say(f"{slug}: {_said(months)}")
    return 0


@retention.command("again")
@as_format
def again(*, as_json: bool) -> int:
    """Erase again what a restore brought back, by the list in the desk's folder. Exit 1 where something could not be.

    \b
    Examples:
      amends retention again
    """
    open_desk()
    from amends.desk.retention.again import again as erase_again

    found = list(erase_again(by=BY, now=time(None)))
    if as_json:
        emit(
            [{"provider": x.provider, "what": x.what, "which": x.which, "refused": x.refused} for x in found]
        )
    else:
        for each in found:
            said = f"not erased: {each.refused}" if each.refused else "erased again"
            say(f"{each.provider}: {each.what} {each.which}: {said}")
        say(f"{counted(len(found), 'thing')} had come back")
    return 1 if any(each.refused for each in found) else 0
