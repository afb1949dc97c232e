"""Alarms: raised once for one thing, standing until it is mended. Each names its heading in docs/runbook.md.

Most stand as long as their reason does, and end by themselves: nobody can clear them by hand, so that the moment from
which they stand is not lost. A few tell of something that is over, and stand until a person has seen to it.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from typing import Final

from amends.desk.models import Alarm

_PROGRAM: Final = f"{PurePath(__file__).parent.parent}"
LONGEST: Final = 200
"""As long as the column; a longer key ends in a digest of all of it, so that two stay two."""

ENDED_BY_A_PERSON: Final = frozenset({
    "late hint", "no PDF", "letter to look at", "many copies asked", "very much was sent", "outage run stopped",
})  # fmt: skip
"""Alarms about something that has happened: only a person can say that it is dealt with."""


def alarm(kind: str, about: str, text: str, runbook: str, at: datetime, provider: str | None = None) -> Alarm:
    """An alarm, not yet raised. `about` tells two alarms of one kind apart and names its provider or case."""
    return Alarm(
        provider_id=provider, kind=kind, key=key(kind, about), text=text.replace("\0", ""), runbook=runbook, raised=at
    )  # fmt: skip


def fault(of: BaseException) -> str:
    """A fault of the program as an alarm tells it: its kind and where it arose, and no word of any case.

    The message of an exception may quote a customer, and alarms leave the house; it stands in the log alone.
    """
    ours = [line for line in traceback.extract_tb(of.__traceback__) if line.filename.startswith(_PROGRAM)]
    if not ours:
        return type(of).__name__
    name = PurePath(ours[-1].filename).relative_to(_PROGRAM).as_posix()
    return f"{type(of).__name__} at amends/{name}, line {ours[-1].lineno}"


def raise_all(alarms: Iterable[Alarm]) -> None:
    """Raise these alarms. One that stands keeps its first moment; one that was cleared stands anew.

    Where weeks are played, a moment later than now is none that has been: the alarm then stands from now.
    """
    found = {a.key: a for a in sorted(alarms, key=lambda a: a.key)}
    if not found:
        return
    standing = Alarm.objects.filter(key__in=found, cleared__isnull=True).values_list("key", "raised")
    for key, raised in standing:
        found[key].raised = min(raised, found[key].raised)
    Alarm.objects.bulk_create(
        found.values(), update_conflicts=True, unique_fields=["key"],
        update_fields=["text", "runbook", "raised", "cleared"],
    )  # fmt: skip


def clear(kind: str, about: Iterable[str], at: datetime) -> int:
    """Clear the standing alarms of one kind about these things; how many there were."""
    keys = [key(kind, each) for each in about]
    return Alarm.objects.filter(key__in=keys, cleared__isnull=True).update(cleared=at) if keys else 0


def clear_others(kind: str, about: Iterable[str], at: datetime) -> int:
    """Clear the standing alarms of one kind about anything but these things; how many there were."""
    stay = {key(kind, each) for each in about}
    standing = Alarm.objects.filter(kind=kind, cleared__isnull=True).values_list("pk", "key")
    over = [pk for pk, standing_key in standing if standing_key not in stay]
    return Alarm.objects.filter(pk__in=over).update(cleared=at) if over else 0


def key(kind: str, about: str) -> str:
    """The name of one alarm: what the database keeps it under."""
    whole = f"{kind}: {about}".replace("\0", "")
    if len(whole) <= LONGEST:
        return whole
    digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{whole[: LONGEST - len(digest) - 1]}…{digest}"[:LONGEST]
