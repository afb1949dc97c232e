"""`amends verify`, `amends refold`: proof that nothing was changed, and hints rebuilt from the facts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime

import click

from amends.cli.desk import open_desk, time
from amends.cli.said import as_format, emit, london, note, say
from amends.core.saying import counted


def _progress() -> Callable[[int], None] | None:
    """Tells a person at a terminal how far the work has come."""
    if not sys.stderr.isatty():
        return None
    return lambda count: click.echo(f"\r{counted(count, 'case')}", err=True, nl=False)


@click.command(short_help="Work every chain of evidence out again.")
@as_format
def verify(*, as_json: bool) -> int:
    """Recompute every chain of facts, every digest of private words, every frozen letter and every checkpoint.

    Exit 1 when anything was changed, taken away or slipped in, or a restore brought back what had been erased. Keep the
    printed head outside the house: with it nobody can rewrite what lies before it.

    \b
    Examples:
      amends verify
      amends verify --format json
    """
    open_desk()
    from amends.desk.erased_list import brought_back
    from amends.desk.evidence import verify as work_out

    found = work_out(_progress())
    back = sum(1 for _ in brought_back())
    if as_json:
        emit(
            {
                "whole": found.whole, "cases": found.cases, "facts": found.facts, "letters": found.letters,
                "checkpoints": found.checkpoints, "head": found.head, "brought_back": back,
                "faults": [{"where": fault.where, "what": fault.what} for fault in found.faults],
            }
        )  # fmt: skip
    else:
        for fault in found.faults:
            say(f"{fault.where}: {fault.what}")
        counts = (
            (found.cases, "case"), (found.facts, "fact"), (found.letters, "letter"), (found.checkpoints, "checkpoint"),
        )  # fmt: skip
        verdict = "whole" if found.whole else counted(len(found.faults), "fault")
        say(f"{', '.join(counted(*each) for each in counts)}: {verdict}; head {found.head or 'none yet'}")
        if back:
            say(
                f"{counted(back, 'thing')} that had been erased came back with a restore: amends retention again"
            )
    return 0 if found.whole and not back else 1


@click.command(short_help="Rebuild what people search and sort by from the facts.")
@click.option(
    "--check", is_flag=True, help="Compare only; exit 1 where a hint is not what the facts make it."
)
@click.option("--open", "only_open", is_flag=True, help="Only cases that are open.")
@as_format
def refold(*, check: bool, only_open: bool, as_json: bool) -> int:
    """Fold every case again from its facts and set right the hints that people search and sort by.

    \b
    Examples:
      amends refold --check
      amends refold --format json
    """
    open_desk()
    from amends.desk.refold import refold as fold_again

    found = fold_again(check=check, now=time(None), only_open=only_open, progress=_progress())
    wrong = [
        {
            "reference": each.reference, "column": each.column, "stands": _plain(each.stands),
            "should": _plain(each.should),
        }
        for each in found.wrong
    ]  # fmt: skip
    if as_json:
        emit({"cases": found.cases, "wrong": wrong, "mended": found.mended})
    else:
        for each in wrong:
            say(
                f"{each['reference']}: {each['column']} stands at {each['stands']!r}, should be {each['should']!r}"
            )
        say(
            f"{counted(found.cases, 'case')} folded, {len(wrong)} wrong{', all mended' if wrong and found.mended else ''}"
        )
    if found.late:
        late = len(found.late)
        note(f"{counted(late, 'due hint')} {'was' if late == 1 else 'were'} wrong")
    return 1 if (check and wrong) or found.unfolded else 0


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return london(value)
    return value if isinstance(value, str | int | bool | None) else str(value)
