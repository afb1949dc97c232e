"""How the commands speak: one JSON value or plain text on stdout, one line on stderr when they cannot go on."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import click

from amends.core.calendar import LONDON, in_london
from amends.core.saying import moment as in_full

UNUSABLE: Final = 2
#: Years in which anybody can have complained, with room for whatever is counted from then.
YEARS: Final = range(1900, 2200)

C = TypeVar("C", bound=Callable[..., Any])


class Unusable(click.ClickException):
    """The input cannot be used; the words are one line that says what and where."""

    exit_code = UNUSABLE


def as_format(command: C) -> C:
    """The option `--format`, as the argument `as_json`."""
    option = click.option(
        "--format", "as_json", type=click.Choice(["text", "json"]), default="text", show_default=True,
        callback=lambda _context, _option, value: value == "json", help="How the result is printed.",
    )  # fmt: skip
    return option(command)


def always_json(command: C) -> C:
    """The option `--format` of a command that never prints anything but JSON: it may be said, and changes nothing."""
    option = click.option(
        "--format", type=click.Choice(["json"]), default="json", expose_value=False, help="Always JSON."
    )
    return option(command)


def emit(value: object) -> None:
    """Print one JSON value, in UTF-8 wherever this runs."""
    words = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(words.encode("utf-8", "backslashreplace"))


def say(words: str = "") -> None:
    """Print a line of text; what the terminal cannot show is escaped, never an error."""
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(words.encode(encoding, "backslashreplace").decode(encoding))


def note(words: str) -> None:
    """Say something beside the result, in one line on stderr."""
    click.echo(" ".join(words.split()), err=True)


def secret_from_stdin(what: str) -> str:
    """A password as a file or another command gives it; at a terminal it is asked for and not shown."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{what}: ")
    return sys.stdin.readline().rstrip("\n")


def london(at: datetime | None) -> str | None:
    """A moment as the JSON gives it: ISO with London's offset, None where it is not known."""
    return None if at is None else in_london(at).isoformat()


def in_words(at: str | None, otherwise: str = "") -> str:
    """A moment of the JSON as people say it: "Thursday 9 April 2026, 1 pm"; `otherwise` where there is none."""
    return otherwise if at is None else in_full(datetime.fromisoformat(at))


def moment(words: str, where: str) -> datetime:
    """The moment, in UTC, that these words give: ISO 8601; London's time where no offset is written.

    Raises Unusable for what is no moment, and for a London time that does not exist or exists twice.
    """
    try:
        at = datetime.fromisoformat(words.strip())
    except ValueError as wrong:
        raise Unusable(f"{where}: {words!r} is no moment: write it like 2026-04-02T16:00+01:00") from wrong
    if at.year not in YEARS:
        raise Unusable(f"{where}: {words!r} lies outside the years {YEARS[0]} to {YEARS[-1]}")
    if at.tzinfo is None:
        at = _in_london(at, words, where)
    return at.astimezone(UTC)


def _in_london(at: datetime, words: str, where: str) -> datetime:
    first, second = (at.replace(tzinfo=LONDON, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    offsets = sorted(f"{_offset(each)}" for each in (first, second))
    if first.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != at:
        raise Unusable(
            f"{where}: {words!r} does not exist in London, where the clocks went forward: write an offset, "
            f"{' or '.join(offsets)}"
        )
    raise Unusable(
        f"{where}: {words!r} exists twice in London, where the clocks went back: write its offset, "
        f"{' or '.join(offsets)}"
    )


def _offset(at: datetime) -> str:
    hours = (at.utcoffset() or timedelta()) // timedelta(hours=1)
    return f"+{hours:02d}:00"
