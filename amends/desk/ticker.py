"""Does all that is due now, once: work is proportional to what is due, never to what is open (design: Scale).

A tick asks a few indexes whether there is anything to do: hints made by another version of program, law or calendars,
cases whose hint has passed, messages kept and not filed, letters ready to leave. A hint is never trusted: each case is
folded again under its lock, and what it owes is written with the facts that decided it. One case that cannot be worked
on raises an alarm and never stops the others (L17).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from amends.core import facts as f
from amends.core.calendar import in_london
from amends.core.duties import ahead
from amends.desk import alarms, attempts, begun, catching_up, index_counts, outage_runs, presence, unsent
from amends.desk.books import current_versions
from amends.desk.chat_filing import file_dropped
from amends.desk.evidence import checkpoint
from amends.desk.hints import hints
from amends.desk.imports import running
from amends.desk.inbox import file_waiting
from amends.desk.models import CaseRow, Heartbeat
from amends.desk.outbox import POISON, Outbox
from amends.desk.record import CaseInHand, docket
from amends.desk.refold import refold
from amends.desk.retention import again
from amends.desk.retention import rounds as retention_rounds
from amends.desk.telling import tell
from amends.desk.watch import watch

log = logging.getLogger(__name__)

BATCH: Final = 80
"""Cases of one transaction: enough to share its cost, few enough to keep nobody waiting."""

TICKER: Final = "ticker"
BEAT: Final = timedelta(seconds=15)
"""How often the ticker writes down that it lives; each time costs a commit."""
WATCH: Final = timedelta(minutes=1)
CHECKPOINT: Final = timedelta(hours=1)
SWEEP: Final = timedelta(hours=20)
"""The sweep runs once a night, from two o'clock on, however often somebody ticks."""
NIGHT: Final = range(2, 6)
LONGEST_DAY: Final = timedelta(hours=30)
"""After so long the sweep runs at any hour: this desk is asleep at night."""

LATE_HINT: Final = "late hint"


@dataclass(slots=True)
class Ticked:
    """What one tick did, in numbers."""

    hinted: int = 0
    """Open cases whose dates were worked out anew because program, law or calendars changed."""
    cases: int = 0
    """Cases that were due and have been looked at."""
    poisoned: int = 0
    """Cases that could not be worked on: an alarm stands for each."""
    filed: int = 0
    """Messages that had been kept and not filed."""
    chats: int = 0
    """Chats that ended by themselves and stand on a case now."""
    of_outages: int = 0
    """Cases of outages for which was done what somebody ordered for all of them."""
    sent: int = 0
    failed: int = 0
    put_off: int = 0
    in_doubt: int = 0
    alarms: int = 0
    """Alarms that stand, where this tick looked."""
    told: int = 0
    """Alarms told outside the house: mails, calls of a webhook and pings that arrived."""
    checkpointed: int = 0
    swept: int = 0
    erased: int = 0
    """Ended cases whose words went because their period was over."""
    caught_up: int = 0
    """Cases older than this program whose words and figures were made."""
    not_reached: dict[str, str] = field(default_factory=dict)
    """Providers whose letters wait because their mail server could not be reached, and why."""

    def counts(self) -> dict[str, int]:
        """The numbers alone, by name."""
        return {name: value for name, value in asdict(self).items() if isinstance(value, int)}

    def as_json(self) -> dict[str, object]:
        """The answer of `amends tick`."""
        return asdict(self)


def tick(now: datetime, *, outbox: Outbox | None = None, send: bool = True, rounds: bool = True) -> Ticked:
    """Do what is due at this moment. Without `send` letters are left to another; without `rounds` so is the watch."""
    done = Ticked()
    beats = {beat.name: beat.at for beat in Heartbeat.objects.all()}
    if not _recently(beats, TICKER, now, BEAT):
        beat(TICKER, now)
    _each(_stale(), now, _replan, lambda count: _add(done, hinted=count), done)
    _each(_due(now), now, lambda _hand, _now: None, lambda count: _add(done, cases=count), done)
    done.filed = file_waiting(now)
    done.chats = file_dropped(now)
    done.of_outages = outage_runs.work(now)
    if catching_up.MARK in beats:
        done.caught_up = catching_up.catch_up(now)
    if send:
        _send(outbox or Outbox(lambda: now), done)
    if rounds:
        make_rounds(now, beats, done)
        done.told = tell(now)
    return done


def _add(done: Ticked, **counts: int) -> None:
    for name, count in counts.items():
        setattr(done, name, getattr(done, name) + count)


def _send(outbox: Outbox, done: Ticked) -> None:
    counts = outbox.run()
    _add(done, sent=counts.sent, failed=counts.failed, put_off=counts.put_off, in_doubt=counts.in_doubt)
    done.not_reached = dict(counts.not_reached)


# --- cases -------------------------------------------------------------------------------------------------


def _due(now: datetime) -> QuerySet[CaseRow]:
    return CaseRow.objects.filter(due_hint__lte=now).order_by("due_hint", "pk")


def _stale() -> QuerySet[CaseRow]:
    """Open cases whose hints another version made: "nothing due" may not be said before they are hinted again."""
    current, open_cases = current_versions(), CaseRow.objects.filter(is_open=True)
    for other in (open_cases.filter(hint_made_by__lt=current), open_cases.filter(hint_made_by__gt=current)):
        if other.order_by("hint_made_by").exists():
            return open_cases.exclude(hint_made_by=current).order_by("hint_made_by", "pk")
    return CaseRow.objects.none()


Work = Callable[[CaseInHand, datetime], None]


def _each(
    rows: QuerySet[CaseRow], now: datetime, work: Work, did: Callable[[int], None], done: Ticked
) -> None:
    """Do this to every case of the query, in dockets of a few; what fails is tried alone, then set aside with an alarm."""
    seen: set[int] = set()
    while True:
        waiting = rows.exclude(pk__in=seen) if seen else rows
        chosen = list(waiting.values_list("pk", flat=True)[:BATCH])
        if not chosen:
            return
        try:
            _work(chosen, now, work)
        except DatabaseError:
            raise
        except Exception:
            log.exception("a docket of %s cases failed: each is tried alone", len(chosen))
            did(_alone(chosen, now, work, done))
        else:
            alarms.clear(POISON, map(str, chosen), now)
            did(len(chosen))
        seen.update(_left(rows, chosen))


def _left(rows: QuerySet[CaseRow], chosen: list[int]) -> list[int]:
    """Those that the query would give again: looked at once a tick, so that a tick always ends."""
    return list(rows.filter(pk__in=chosen).values_list("pk", flat=True))


def _work(chosen: list[int], now: datetime, work: Work) -> None:
    with transaction.atomic():
        free = _unlocked(chosen)
        with docket(*free, now=now) as taken:
            for hand in taken.cases.values():
                work(hand, now)


def _unlocked(chosen: list[int]) -> list[int]:
    """Those that no other worker holds now, locked; they will have been done when it lets go."""
    if not connection.features.has_select_for_update_skip_locked:
        return chosen  # whoever writes here at all holds everything
    rows = CaseRow.objects.filter(pk__in=chosen).order_by("pk").select_for_update(skip_locked=True)
    return list(rows.values_list("pk", flat=True))


def _alone(chosen: list[int], now: datetime, work: Work, done: Ticked) -> int:
    good = []
    for case in chosen:
        try:
            _work([case], now, work)
        except DatabaseError:
            raise
        except Exception as fault:
            log.exception("case %s cannot be worked on", case)
            _poisoned(case, fault, now)
            done.poisoned += 1
        else:
            good.append(case)
    alarms.clear(POISON, map(str, good), now)
    return len(good)


def _poisoned(case: int, fault: Exception, now: datetime) -> None:
    row = CaseRow.objects.get(pk=case)
    text = f"{row.reference} cannot be worked on: {alarms.fault(fault)}"
    alarms.raise_all(
        [alarms.alarm(POISON, str(case), text, "A case cannot be worked on", now, row.provider_id)]
    )


def catch_up(now: datetime) -> int:
    """Work out the dates of open cases anew whose hints other versions made, such as a code adopted since; how many."""
    done = Ticked()
    _each(_stale(), now, _replan, lambda count: _add(done, hinted=count), done)
    return done.hinted


def _replan(hand: CaseInHand, now: datetime) -> None:
    """Record on the case which of its next dates move because a rule, a calendar, a code or the program changed (L12)."""
    hand.govern(now, "a code that was in force at the first receipt was adopted")
    should = hints(hand.case, hand.book, ahead(hand.case, hand.book))
    moved = [
        f"{name}: {_said(was)} -> {_said(should[column])}"
        for column, name in (("next_due", "next due"), ("due_hint", "next letter"))
        if (was := getattr(hand.row, column)) != should[column]
        and not (column == "due_hint" and hand.row.stuck)
    ]
    if moved and hand.row.hint_made_by:
        because = (
            f"versions of program, law and bank holidays: {hand.row.hint_made_by} -> {current_versions()}"
        )
        hand.add(f.DatesReplanned(at=now, logged=now, because=because, moved="\n".join(moved)))


def _said(at: datetime | None) -> str:
    return in_london(at).isoformat(timespec="minutes") if at else "none"


# --- rounds ------------------------------------------------------------------------------------------------


def beat(name: str, now: datetime, detail: str = "") -> None:
    """Write down that a part of the desk has done its round."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now, "detail": detail})


def make_rounds(now: datetime, beats: dict[str, datetime], done: Ticked) -> None:
    """Watch every minute, cover new facts by a checkpoint every hour; every night fold each open case, count indexes."""
    if not _recently(beats, "watch", now, WATCH):
        beat("watch", now)
        done.erased = retention_rounds.work(now).erased
        done.alarms = watch(now)
    if not _recently(beats, "checkpoint", now, CHECKPOINT):
        beat("checkpoint", now)
        done.checkpointed = checkpoint(now)
        unsent.sweep(now)
        begun.sweep(now)
        presence.sweep(now)
        running.sweep(now)
        again.look(now)
        attempts.sweep(now)
        # By the clock of this machine, as the sessions of browsers end: nobody's address stays in one that is over.
        SessionStore.clear_expired()
    if "sweep" not in beats:
        beat("sweep", now, "the desk began")
    elif _sweeps(beats["sweep"], now):
        beat("sweep", now)
        done.swept = sweep(now)
        index_counts.count()


def _recently(beats: dict[str, datetime], name: str, now: datetime, every: timedelta) -> bool:
    return name in beats and now - beats[name] < every


def _sweeps(last: datetime, now: datetime) -> bool:
    at_night = in_london(now).hour in NIGHT and now - last >= SWEEP
    return at_night or now - last >= LONGEST_DAY


def sweep(now: datetime) -> int:
    """Fold every open case again and set its hints right; a hint that was late raises an alarm. How many were folded."""
    found = refold(check=False, now=now, only_open=True)
    alarms.raise_all(
        alarms.alarm(
            LATE_HINT, f"{wrong.case}", f"{wrong.reference}: its due hint stood at {wrong.stands}, and should have "
            f"stood at {wrong.should}; it has been set right", "A late hint", now,
            CaseRow.objects.values_list("provider_id", flat=True).get(pk=wrong.case),
        )
        for wrong in found.late
        if wrong.should is not None and (wrong.stands is None or wrong.stands > wrong.should)
    )  # fmt: skip
    return found.cases
