"""The one place that reads the clock.

With AMENDS_CLOCK=manual time is what commands say that it is. The latest time said is kept in the database and
never goes back, so that weeks can be played in seconds and facts still stand in their order.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction

from amends.core.calendar import LONDON, in_london


class ClockRefused(Exception):
    """The time that somebody said cannot be taken; the words say why."""


def now() -> datetime:
    """This moment, aware, in UTC: of the machine's clock, or the latest that was said to the manual one.

    A manual clock to which nobody has said anything yet shows the machine's time.
    """
    if settings.MANUAL_CLOCK:
        from amends.desk.models import ManualClock  # noqa: PLC0415 - the clock is asked before models are loaded

        said = ManualClock.objects.values_list("at", flat=True).first()
        if said is not None:
            return said
    return datetime.now(UTC)


def set_now(iso: str) -> datetime:
    """Set the manual clock and give its time; the same time again is allowed.

    Raises ClockRefused where the clock is not manual, the words are no time, or the time lies before the latest.
    A time without an offset is London's.
    """
    from amends.desk.models import ManualClock  # noqa: PLC0415 - models are loaded after the clock

    if not settings.MANUAL_CLOCK:
        raise ClockRefused("The time can be set only with AMENDS_CLOCK=manual.")
    at = read_time(iso)
    with transaction.atomic():
        clock = ManualClock.objects.select_for_update().first() or ManualClock(id=1, at=at)
        if at < clock.at:
            raise ClockRefused(
                f"It is {_said(clock.at)} here already, and time does not go back to {_said(at)}."
            )
        clock.at = at
        clock.save()
    return at


def read_time(iso: str) -> datetime:
    """The moment, in UTC, that these words give; without an offset they are London's. Raises ClockRefused."""
    try:
        at = datetime.fromisoformat(iso)
    except ValueError as wrong:
        raise ClockRefused(f"{iso!r} is no time: write it like 2026-04-02T16:00+01:00.") from wrong
    if at.tzinfo is None:
        at = at.replace(tzinfo=LONDON)
    return at.astimezone(UTC)


def _said(at: datetime) -> str:
    return in_london(at).isoformat(timespec="minutes")
