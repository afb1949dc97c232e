"""`python -m amends.bench`: runs the benchmarks and prints their figures with the conditions under which they hold."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import NamedTuple

import click

from amends.bench import clocks, formats, intake, letters, pages, ticking
from amends.bench.figures import Measured, report, text


class Benchmark(NamedTuple):
    """A benchmark: how it is measured, at which full and which quick size."""

    measure: Callable[[int], Measured]
    full: int
    quick: int


BENCHMARKS = {
    "clocks": Benchmark(clocks.measure, 20_000, 2_000),
    "intake": Benchmark(intake.measure, 1_000, 100),
    "tick": Benchmark(ticking.measure, 100_000, 1_000),
    "pages": Benchmark(pages.measure, 100_000, 1_000),
    "letters": Benchmark(letters.measure, 1_000, 50),
    "formats": Benchmark(formats.measure, 1_000, 50),
}


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--only",
    "names",
    type=click.Choice(list(BENCHMARKS)),
    multiple=True,
    help="This one; may be given again.",
)
@click.option(
    "--cases", type=click.IntRange(1), metavar="N", help="So many cases, complaints, mails or letters."
)
@click.option("--quick", is_flag=True, help="Small sizes, for a look at whether all is well.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def main(names: tuple[str, ...], cases: int | None, form: str, *, quick: bool) -> None:
    """Measure how fast Amends is here. Each benchmark works in a desk of its own that is gone afterwards.

    On SQLite; with AMENDS_DATABASE_URL in a database made for it on that server.
    """
    found = []
    for name in names or BENCHMARKS:
        benchmark = BENCHMARKS[name]
        size = cases or (benchmark.quick if quick else benchmark.full)
        click.echo(f"{name}: {size:,} …", err=True)
        found.append(benchmark.measure(size))
    told = report(found)
    if form == "json":
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in text(told):
        click.echo(line)


if __name__ == "__main__":
    sys.exit(main())
