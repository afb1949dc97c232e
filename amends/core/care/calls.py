"""Calls that went wrong, as they are kept and as people read them: when, who called, which number was called.

N-faults: time codes, calling and called numbers are collected with a fault. A line is kept as
`2026-11-02 09:15, 020 7946 0000, 01632 960001`, in London's time as the customer said it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from amends.core import saying
from amends.core.calendar import LONDON

WITHHELD: Final = "withheld"
"""What stands for the calling number where none was shown."""
_FORM: Final = "%Y-%m-%d %H:%M"


def kept(at: datetime, calling: str, called: str) -> str:
    """One call as its line; `at` is London's time, as the customer said it."""
    return f"{at:{_FORM}}, {calling}, {called}"


def moments(lines: str) -> tuple[datetime, ...]:
    """When each of these calls was made: aware, London's."""
    return tuple(_at(line) for line in lines.splitlines())


def said(lines: str) -> str:
    """Each call as people read it: "Monday 2 November 2026, 9:15 am, from 020 7946 0000 to 01632 960001"."""
    return "\n".join(_said(line) for line in lines.splitlines())


def _at(line: str) -> datetime:
    return datetime.strptime(line.partition(", ")[0], _FORM).replace(tzinfo=LONDON)


def _said(line: str) -> str:
    _when, calling, called = line.split(", ")
    at = _at(line)
    from_ = "number withheld," if calling == WITHHELD else f"from {calling}"
    return f"{saying.day(at.date())}, {saying.time(at)}, {from_} to {called}"
