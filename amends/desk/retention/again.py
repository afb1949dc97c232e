"""After a restore: what was erased before it is erased again, from the list that lies outside the database.

L28. A case that the restored copy still holds open cannot be erased before it is closed; it is named, and stays on the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from amends.core.may import Refusal
from amends.desk import alarms, erased_list
from amends.desk.erasure import erase_customer, erase_private
from amends.desk.now import read_time

ALARM: Final = "erased came back"
RUNBOOK: Final = "A restore brought back what had been erased"


@dataclass(frozen=True, slots=True)
class Again:
    """What became of one thing that a restore had brought back."""

    provider: str
    what: str
    which: str
    refused: str = ""
    """Why it could not be erased again; empty where it was."""


def again(*, by: str, now: datetime) -> Iterator[Again]:
    """Erase again all that a restore brought back."""
    for found in list(erased_list.brought_back()):
        line = found.line
        why = f"It had been erased on {read_time(line.at):%d %B %Y}, and a restore brought it back."
        done: object
        if found.case is not None:
            done = erase_private(found.case, why=why, by=by, now=now)
        else:
            assert found.customer is not None  # it is the one or the other
            done = erase_customer(found.customer, why=why, by=by, now=now)
        refused = str(done) if isinstance(done, Refusal) else ""
        yield Again(line.provider, line.what, line.which, refused)


def look(now: datetime) -> int:
    """Complete the list, and raise an alarm for each provider of which something came back; how many things did."""
    erased_list.complete()
    count: dict[str, int] = {}
    for found in erased_list.brought_back():
        count[found.line.provider] = count.get(found.line.provider, 0) + 1
    alarms.raise_all(
        alarms.alarm(
            ALARM, provider, f"A restore brought back what had been erased: {many} cases or customers, by the list in "
            "the desk’s folder", RUNBOOK, now, provider,
        )
        for provider, many in count.items()
    )  # fmt: skip
    alarms.clear_others(ALARM, count, now)
    return sum(count.values())
