"""The bank holidays of this desk: the list that comes with the program, and what was proclaimed since and put in force here.

They are read once in a process and asked for again every few seconds, by one small question: a process that has not heard
of a day yet works out dates whose version tells it, and the ticker plans those cases again as soon as it has (design: Time;
L12).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from django.db import transaction

from amends import law
from amends.core.calendar import NATIONS, BankHoliday, Calendar, UnknownDay, amended, london_date
from amends.core.may import Refusal
from amends.desk.models import AuditEntry, HolidayNotice, Provider

ASKED_EVERY: Final = 5.0
"""Seconds for which a process believes what it has read."""


@dataclass(slots=True)
class _Kept:
    asked: float = field(default_factory=time.monotonic)
    newest: int = 0
    calendars: Mapping[str, Calendar] = field(default_factory=law.calendars)


_kept = _Kept()
"""A process begins with the list that comes with the program; `start.ready` asks before anything else is done."""


@dataclass(frozen=True, slots=True)
class Proclaimed:
    """A day that becomes a bank holiday of some nations, or is one no longer."""

    day: date
    title: str
    divisions: tuple[str, ...]
    is_holiday: bool
    source: str
    announced: date


def calendars() -> Mapping[str, Calendar]:
    """The calendar of each nation as this desk knows it."""
    if time.monotonic() - _kept.asked >= ASKED_EVERY:
        refresh()
    return _kept.calendars


def refresh() -> None:
    """Ask whether a day was put in force since, by whichever process."""
    newest = HolidayNotice.objects.order_by("-id").values_list("id", flat=True).first() or 0
    if newest != _kept.newest:
        _kept.calendars = _with(law.calendars(), _notices())
    _kept.newest, _kept.asked = newest, time.monotonic()


def forget() -> None:
    """Know nothing but the list that comes with the program: for tests, in which another database follows."""
    _kept.asked, _kept.newest, _kept.calendars = time.monotonic(), 0, law.calendars()


def _notices() -> list[Proclaimed]:
    return [
        Proclaimed(n.day, n.title, tuple(n.divisions), n.is_holiday, n.source, n.announced)
        for n in HolidayNotice.objects.order_by("id")
    ]


def _with(known: Mapping[str, Calendar], notices: Iterable[Proclaimed]) -> Mapping[str, Calendar]:
    """The calendars after these notices in their order: of two about one day the later holds."""
    found = dict(known)
    for notice in notices:
        for division in notice.divisions:
            if notice.day <= found[division].complete_until:
                found[division] = _after(found[division], notice)
    return MappingProxyType(found)


def _after(calendar: Calendar, notice: Proclaimed) -> Calendar:
    source = f"{calendar.source.partition('; ')[0]}; and {notice.source}"
    if not notice.is_holiday:
        return amended(calendar, (), (notice.day,), source)
    return amended(calendar, (BankHoliday(notice.day, notice.title, notice.announced),), (), source)


def after(wanted: Proclaimed) -> Mapping[str, Calendar]:
    """The calendars as they would be with one more day."""
    return _with(calendars(), (wanted,))


def refused(wanted: Proclaimed, today: date) -> Refusal | None:
    """Why a day cannot be put in force: it is past, not known yet, or already as it is wanted."""
    if wanted.day < today:
        return Refusal(
            "That day is past",
            "L12",
            "Dates that have passed stand as they were worked out. Give today or a later day.",
        )
    for division in wanted.divisions:
        name = NATIONS[division]
        try:
            stands = calendars()[division].is_holiday(wanted.day)
        except UnknownDay as unknown:
            return Refusal(
                str(unknown), "L12", "A newer program knows more years; nothing is guessed before."
            )
        if stands == wanted.is_holiday:
            said = "is a bank holiday already" if stands else "is no bank holiday"
            return Refusal(
                f"That day {said} of {name}", "L12", "Take this nation out, or choose another day."
            )
    return None


def adopt(wanted: Proclaimed, *, by: str, now: datetime) -> HolidayNotice | Refusal:
    """Put a day in force for the whole desk: the next tick plans the open cases again, each records which dates moved."""
    with transaction.atomic():
        providers: Sequence[Provider] = list(Provider.objects.select_for_update().order_by("pk"))
        refresh()
        refusal = refused(wanted, london_date(now))
        if refusal is not None:
            return refusal
        made = HolidayNotice.objects.create(
            day=wanted.day, title=wanted.title, divisions=list(wanted.divisions), is_holiday=wanted.is_holiday,
            source=wanted.source, announced=wanted.announced, adopted_at=now, adopted_by=by,
        )  # fmt: skip
        what = "bank holiday put in force" if wanted.is_holiday else "bank holiday taken back"
        detail = {
            "day": wanted.day.isoformat(), "title": wanted.title, "nations": list(wanted.divisions), "source": wanted.source
        }  # fmt: skip
        AuditEntry.objects.bulk_create(
            AuditEntry(provider=provider, at=now, by=by, what=what, detail=detail) for provider in providers
        )
    refresh()
    return made
