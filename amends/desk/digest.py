"""The alarms that one way has to tell now: new ones, and each day again those that stand; a digest, never a storm.

What leaves the house names what each alarm is about, its heading in the runbook and since when it stands. Its words stay
inside, in the console and in `amends doctor`: they may quote a mail server, and with it a customer's address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.conf import settings
from django.db.models import Q

from amends.core.calendar import in_london
from amends.core.saying import counted, listed, moment
from amends.desk.models import Alarm, AlarmTold, AlarmWay

AGAIN: Final = timedelta(hours=24)
RAISED_ANEW: Final = timedelta(hours=1)
"""An alarm that was over and comes back within so long of being told is the same trouble, and is not told again at once."""
MOST: Final = 500
"""Alarms that one digest looks at, the oldest first."""
NAMED: Final = 10
"""Things of one heading that a mail names; of the rest it gives the number."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What one way tells at one moment."""

    way: AlarmWay
    at: datetime
    new: tuple[Alarm, ...]
    again: tuple[Alarm, ...]
    """Those that were told before and stand: all of them, once a day."""
    others: int
    """How many stand that were told less than a day ago."""

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """All that it tells."""
        return (*self.new, *self.again)

    @property
    def id(self) -> str:
        """The same for a digest that goes again because nobody knows whether it arrived."""
        said = [f"{self.way.pk} {self.way.last_told}", *(f"{a.key} {a.raised}" for a in self.alarms)]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]

    @property
    def subject(self) -> str:
        """One line: how many, where, and the first heading."""
        headings = list(dict.fromkeys(alarm.runbook for alarm in self.alarms))
        more = f", and {counted(len(headings) - 1, 'other heading')}" if headings[1:] else ""
        return f"{counted(len(self.alarms), 'alarm')} at {self.way.provider.name}: {headings[0]}{more}"

    @property
    def text(self) -> str:
        """The mail."""
        parts = [f"At {self.way.provider.name}, {moment(self.at)}."]
        for heading, alarms in (("New", self.new), ("They still stand", self.again)):
            if alarms:
                parts.append("\n".join((heading, *_lines(alarms))))
        if self.others:
            parts.append(f"{counted(self.others, 'more alarm')} told in the last day.")
        parts.append(
            f"The words of each, and what to do, stand {_where(self.way)}\n"
            "and in `amends doctor`; each names its heading in docs/runbook.md. They may quote people, so this does not."
        )
        parts.append("What stands is told again once a day. `amends alarms show` says where this goes.")
        return "\n\n".join(parts) + "\n"

    def as_json(self) -> dict[str, Any]:
        """What a webhook is sent."""
        return {
            "id": self.id,
            "provider": self.way.provider_id,
            "at": in_london(self.at).isoformat(),
            "new": [_item(alarm) for alarm in self.new],
            "again": [_item(alarm) for alarm in self.again],
            "others": self.others,
            "page": page(self.way),
        }


def due(way: AlarmWay, now: datetime) -> Digest | None:
    """What this way has to tell now; None where nothing is new and nothing has stood for a day since it was told."""
    ours = Q(provider=way.provider_id) | Q(provider__isnull=True)
    standing = list(Alarm.objects.filter(ours, cleared__isnull=True).order_by("raised", "pk")[:MOST])
    told = {row.alarm_id: row for row in AlarmTold.objects.filter(way=way, alarm__in=standing)}
    new = tuple(alarm for alarm in standing if _is_new(alarm, told.get(alarm.pk), now))
    rest = tuple(alarm for alarm in standing if alarm not in new)
    # One that has waited for a day takes all others along, so that they come together from then on.
    again = rest if any(told[alarm.pk].at <= now - AGAIN for alarm in rest) else ()
    if not new and not again:
        return None
    return Digest(way, now, new, again, 0 if again else len(rest))


def _is_new(alarm: Alarm, told: AlarmTold | None, now: datetime) -> bool:
    return told is None or (told.raised != alarm.raised and told.at <= now - RAISED_ANEW)


def about(alarm: Alarm) -> str:
    """What an alarm is about: the provider, and a letter, a message or a mailbox of ours."""
    return alarm.key.removeprefix(f"{alarm.kind}: ")


def page(way: AlarmWay) -> str:
    """Where the alarms stand in the console; empty where nobody said at which address the desk is."""
    return f"{settings.DESK_SITE}/desk/{way.provider_id}/alarms" if settings.SITE_SAID else ""


def _where(way: AlarmWay) -> str:
    """The page in a sentence; without a known address its name alone, and which setting would give a link."""
    return (
        f"at {there}" if (there := page(way)) else "on the page Alarms of the desk (AMENDS_SITE gives a link)"
    )


def _item(alarm: Alarm) -> dict[str, Any]:
    return {
        "kind": alarm.kind, "about": about(alarm), "provider": alarm.provider_id, "runbook": alarm.runbook,
        "raised": in_london(alarm.raised).isoformat(),
    }  # fmt: skip


def _lines(alarms: tuple[Alarm, ...]) -> Iterator[str]:
    in_order = sorted(alarms, key=lambda alarm: alarm.runbook)
    for heading, of_one in groupby(in_order, key=lambda alarm: alarm.runbook):
        group = list(of_one)
        names = [about(alarm) for alarm in group[:NAMED]]
        if group[NAMED:]:
            names.append(f"{len(group) - NAMED:,} more")
        yield f"- {heading}: {listed(names)}\n  since {moment(min(alarm.raised for alarm in group))}"
