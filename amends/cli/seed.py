"""`amends seed`: thousands of believable cases of invented customers, to see how a desk of that size feels."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic

import click

from amends.cli.desk import open_desk, time
from amends.cli.said import Unusable, as_format, emit, say


@click.command(short_help="Fill a desk with cases of invented customers.")
@click.option(
    "--cases", required=True, type=click.IntRange(1), metavar="N", help="How many, such as 10000 or 100000."
)
@click.option(
    "--provider", "slug", default="", metavar="ID", help="Whose; an invented provider's if left out."
)
@as_format
def seed(cases: int, slug: str, *, as_json: bool) -> int:
    """Write so many cases, received over the last two years and most of them closed, by the way that every case goes.

    Their letters of the past count as having left; nothing is sent. It is refused for a provider whose mail is on, or
    who has cases that are not invented: use a folder (AMENDS_HOME) of its own.

    \b
    Examples:
      AMENDS_HOME=/tmp/large amends seed --cases 10000
      amends seed --cases 100000 --provider larkfield --format json
    """
    open_desk()
    from amends.desk.seeding import SeedRefused, believable, made_up_provider

    now, begun = time(None), monotonic()
    try:
        sown = believable(made_up_provider(now, slug), cases, now=now, told=_progress())
    except SeedRefused as refused:
        raise Unusable(str(refused)) from refused
    seconds = round(monotonic() - begun, 1)
    if as_json:
        emit(
            {
                "provider": sown.provider, "cases": sown.cases, "facts": sown.facts, "letters": sown.letters,
                "states": sown.states, "seconds": seconds,
            }
        )  # fmt: skip
    else:
        states = ", ".join(f"{count:,} {state}" for state, count in sown.states.items())
        say(
            f"{sown.provider}: {sown.cases:,} cases, {sown.facts:,} facts, {sown.letters:,} letters in {seconds} s"
        )
        say(states)
    return 0


def _progress() -> Callable[[int], None]:
    """Tells a person at a terminal how far the work has come."""
    if not sys.stderr.isatty():
        return lambda _count: None
    return lambda count: click.echo(f"\r{count:,} cases", err=True, nl=False)
