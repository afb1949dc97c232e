"""Promises checked by the clock: each watcher looks for one kind of silence and names its heading in docs/runbook.md.

An alarm stands from the first look that finds its reason until the first that does not. The console shows them, and
`amends doctor` tells them to whatever watches this machine, for a desk that is asleep can show nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.db.models import Count, Exists, Min, OuterRef, Q

from amends.core.calendar import in_london, london_date
from amends.core.letters import LETTERS
from amends.core.saying import counted
from amends.core.saying import day as say_day
from amends.desk import alarms
from amends.desk.compose import ACKNOWLEDGEMENT, ADR_LETTER
from amends.desk.customers.recorded import to_review
from amends.desk.holidays import calendars
from amends.desk.inbox import QUARANTINE, Kept
from amends.desk.lessons import late as late_lessons
from amends.desk.models import (
    Alarm,
    AlarmWay,
    AppointmentRow,
    CaseRow,
    CaseTally,
    Chat,
    ChatState,
    Heartbeat,
    Keeping,
    KeptMessage,
    Lesson,
    Mail,
    Mailbox,
    MailGrant,
    Outgoing,
    Provider,
    RecordedNeed,
    Retention,
    SchemeMembership,
)
from amends.desk.outbox import FAULT, LOCKED_OUT
from amends.desk.providers import SCHEME_UNKNOWN

UNSENT_AFTER: Final = timedelta(minutes=30)
POSTED_BY: Final = time(12)
"""By when, on its last posting day, a letter of the law should have gone: then there is time to mend it."""
OVERDUE_AFTER: Final = timedelta(minutes=30)
WAITS_AT_MOST: Final = timedelta(hours=24)
ASLEEP_AFTER: Final = timedelta(minutes=15)
CALENDAR_WARNING: Final = timedelta(days=183)
"""Half a year before the bank holidays run out: the longest promises and the post are planned by then."""
LOST_WITHIN: Final = timedelta(days=60)
"""After so long an acknowledgement that never arrived is no alarm any more; an ADR letter is one for ever."""
UNFILED_AFTER: Final = timedelta(minutes=15)
MISSED_AFTER: Final = timedelta(minutes=30)
"""How long after its window an agreed contact time may stand without anybody saying what became of it."""
UNTOLD_AFTER: Final = timedelta(minutes=30)
SOON_COUNTED: Final = 100
"""Cases about to break that are counted; of more it is said that there are more."""
DECISION_WARNING: Final = timedelta(days=5)
"""So many days before a scheme's limit, what is not carried out yet is an alarm."""
CHAT_WAITS_AT_MOST: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that a watcher found: what it is about (with its provider), in words."""

    about: str
    text: str
    provider: str | None = None


@dataclass(frozen=True, slots=True)
class Watcher:
    """A promise that the clock checks."""

    kind: str
    heading: str
    """The heading of docs/runbook.md that tells what to do."""
    look: Callable[[datetime], Iterable[Seen]]


def watch(now: datetime) -> int:
    """Look at everything once: raise what is found, clear what is over. How many alarms stand then."""
    for watcher in WATCHERS:
        found = list(watcher.look(now))
        alarms.raise_all(
            alarms.alarm(watcher.kind, seen.about, seen.text, watcher.heading, now, seen.provider)
            for seen in found
        )
        alarms.clear_others(watcher.kind, (seen.about for seen in found), now)
    return Alarm.objects.filter(cleared__isnull=True).count()


def _unsent(now: datetime) -> Iterator[Seen]:
    """Letters that are ready and have not left for half an hour, or lack the password without which none leaves."""
    stuck = Q(not_before__lte=now - UNSENT_AFTER) | Q(attempts__gt=1, decided_at__lte=now - UNSENT_AFTER)
    stuck |= Q(last_error__startswith=LOCKED_OUT)
    found = Outgoing.objects.filter(stuck, state="ready").values("provider")
    for row in found.annotate(count=Count("id"), oldest=Min("decided_at")).order_by("provider"):
        last = Outgoing.objects.filter(provider=row["provider"], state="ready").exclude(last_error="")
        error = last.order_by("-attempts").values_list("last_error", flat=True).first() or "nobody has tried"
        yield Seen(
            row["provider"],
            f"{_many(row['count'], 'letter has', 'letters have')} not left, the oldest since {_at(row['oldest'])}: {error}",
            row["provider"],
        )


def _failed_on(_now: datetime) -> Iterator[Seen]:
    """Letters on which the program itself failed, and which it tries again."""
    faulty = Outgoing.objects.filter(state="ready", attempts__gt=0, last_error__startswith=FAULT)
    for key, provider, why, *which in faulty.values_list("key", "provider_id", "last_error", *_WHICH):
        yield Seen(f"{provider}/{key}", f"{_named(*which)} was put off: {why}", provider)


def _in_doubt(_now: datetime) -> Iterator[Seen]:
    doubtful = Outgoing.objects.filter(state="in doubt")
    for key, provider, why, *which in doubtful.values_list("key", "provider_id", "last_error", *_WHICH):
        yield Seen(f"{provider}/{key}", f"{_named(*which)} may or may not have left: {why}", provider)


def _undelivered(now: datetime) -> Iterator[Seen]:
    """Letters of the law that were lost, and any that the post brought back, on an open case with no other since."""
    later = Outgoing.objects.filter(case=OuterRef("case"), letter=OuterRef("letter"), pk__gt=OuterRef("pk"))
    # State by state: each is one range of the index, where a list of them would be none.
    for state in ("failed", "bounced", "returned"):
        lately = Q(letter=ACKNOWLEDGEMENT, settled_at__gt=now - LOST_WITHIN)
        wanted = lately | Q(letter=ADR_LETTER) | Q(state="returned", settled_at__gt=now - LOST_WITHIN)
        lost = Outgoing.objects.filter(wanted, state=state, case__is_open=True)
        for key, provider, *which in lost.exclude(Exists(later)).values_list("key", "provider_id", *_WHICH):
            yield Seen(f"{provider}/{key}", f"{_named(*which)} did not arrive: it {_BECAME[state]}", provider)


_BECAME: Final = {"failed": "could not be sent", "bounced": "bounced", "returned": "was returned by the post"}


def _held(_now: datetime) -> Iterator[Seen]:
    """Letters that leave only when a person lets them go, whether mail is off or on."""
    held = Outgoing.objects.filter(state="held").values("provider", "provider__mail")
    counted = held.annotate(
        count=Count("id"), law=Count("id", filter=Q(letter=ADR_LETTER)), oldest=Min("decided_at")
    )
    for row in counted.order_by("provider"):
        adr = f", {_many(row['law'], 'of them an ADR letter', 'of them ADR letters')}" if row["law"] else ""
        if row["provider__mail"] == Mail.OFF:
            owed = _many(row["count"], "letter is", "letters are")
            text = f"Mail is off and {owed} owed{adr}, the oldest since {_at(row['oldest'])}"
        else:
            text = (
                f"{_many(row['count'], 'letter is', 'letters are')} held{adr}, the oldest since {_at(row['oldest'])}: "
                "let go or drop what waits"
            )
        yield Seen(row["provider"], text, row["provider"])


def _to_post(now: datetime) -> Iterator[Seen]:
    """ADR letters that nobody has posted by noon of their last posting day; other letters, the day after theirs."""
    today, waiting = london_date(now), Outgoing.objects.filter(state="to post")
    upto = today if in_london(now).time() >= POSTED_BY else today - timedelta(days=1)
    law = waiting.filter(letter=ADR_LETTER, post_by__lte=upto)
    for key, provider, day, *which in law.values_list("key", "provider_id", "post_by", *_WHICH):
        assert day is not None  # the query asks for days only
        text = f"{_named(*which)} must be in the post by {say_day(day)}: post it today"
        yield Seen(f"{provider}/{key}", text, provider)
    others = waiting.filter(post_by__lt=today).exclude(letter=ADR_LETTER).values("provider")
    for row in others.annotate(count=Count("pk"), oldest=Min("post_by")).order_by("provider"):
        many = _many(row["count"], "letter", "letters")
        text = f"{many} should have been posted, the first by {say_day(row['oldest'])}"
        yield Seen(row["provider"], text, row["provider"])


def _unreached(now: datetime) -> Iterator[Seen]:
    """Letters of the law that should have left, for customers whom nobody can reach in writing."""
    waiting = CaseRow.objects.filter(unreached__lte=now, is_open=True)
    for provider, reference, since in waiting.values_list("provider_id", "reference", "unreached"):
        assert since is not None  # as above
        text = f"{reference}: a letter of the law is due since {_at(since)}, and no written way to the customer is known"
        yield Seen(f"{provider}/{reference}", text, provider)


def _waiting(now: datetime) -> Iterator[Seen]:
    """Messages held for a person longer than a day: each may be a complaint whose clock runs."""
    for provider in Provider.objects.values_list("pk", flat=True):
        old = KeptMessage.objects.filter(provider=provider, state="held", received__lte=now - WAITS_AT_MOST)
        oldest = old.order_by("received").values_list("received", flat=True).first()
        if oldest is not None:
            yield Seen(provider, f"Messages wait for a person, the oldest since {_at(oldest)}", provider)


def _quarantined(_now: datetime) -> Iterator[Seen]:
    """Messages in quarantine: each stands until a person has dealt with it, whoever cleared its alarm."""
    for provider in Provider.objects.values_list("pk", flat=True):
        found = KeptMessage.objects.filter(provider=provider, state=Kept.QUARANTINED)
        for pk, reason in found.values_list("pk", "reason"):
            yield Seen(f"{provider}/{pk}", f"A message could not be read or filed: {reason}", provider)


def _unfiled(now: datetime) -> Iterator[Seen]:
    """Messages that were kept and that the worker cannot file, or that no worker tries to file."""
    old = KeptMessage.objects.filter(state=Kept.KEPT, kept_at__lte=now - UNFILED_AFTER).values("provider")
    for row in old.annotate(count=Count("pk"), oldest=Min("kept_at")).order_by("provider"):
        kept = _many(row["count"], "message is", "messages are")
        text = f"{kept} kept and not filed, the oldest since {_at(row['oldest'])}"
        yield Seen(row["provider"], text, row["provider"])


def _chats_wait(now: datetime) -> Iterator[Seen]:
    """Chats that wait for somebody of the provider: the customer sits there."""
    waiting = Chat.objects.filter(over=False, state=ChatState.WAITING, opened__lte=now - CHAT_WAITS_AT_MOST)
    oldest = waiting.values("provider").annotate(count=Count("id"), oldest=Min("opened"))
    for row in oldest.order_by("provider"):
        yield Seen(
            row["provider"], f"{row['count']} chat(s) wait for somebody, the oldest since {_at(row['oldest'])}",
            row["provider"],
        )  # fmt: skip


def _silent(now: datetime) -> Iterator[Seen]:
    for box in Mailbox.objects.select_related("provider"):
        since = box.last_heard or box.created or box.provider.created
        if now - since > timedelta(hours=box.silent_after_hours):
            text = f"{box.address} has brought nothing since {_at(since)}"
            if box.last_heard is None:
                text = f"{box.address} has never brought anything; it was set up {_at(since)}"
            yield Seen(f"{box.provider_id}/{box.address}", text, box.provider_id)


def _unheard(_now: datetime) -> Iterator[Seen]:
    for box in Mailbox.objects.exclude(last_error=""):
        text = f"{box.address} cannot be read: {box.last_error}"
        yield Seen(f"{box.provider_id}/{box.address}", text, box.provider_id)


def _needs_wait(now: datetime) -> Iterator[Seen]:
    """Needs of customers whose day to be asked about has come: they go on counting until somebody has asked."""
    due = to_review(RecordedNeed.objects.all(), london_date(now)).order_by().values("provider")
    for row in due.annotate(count=Count("pk"), oldest=Min("review")).order_by("provider"):
        needs = _many(row["count"], "need waits", "needs wait")
        text = f"{needs} to be asked about again, the first since {say_day(row['oldest'])}"
        yield Seen(row["provider"], text, row["provider"])


def _not_granted(_now: datetime) -> Iterator[Seen]:
    """Mailboxes whose token server gives no token: they are neither read nor written from, as soon as the last one ends."""
    failing = MailGrant.objects.filter(failing_since__isnull=False).select_related("mailbox")
    for grant in failing.order_by("pk"):
        since = _at(grant.failing_since) if grant.failing_since else ""
        text = f"{grant.mailbox.address} gets no token since {since}: {grant.last_error}"
        yield Seen(f"{grant.provider_id}/{grant.mailbox.address}", text, grant.provider_id)


def _asleep(now: datetime) -> Iterator[Seen]:
    last = Heartbeat.objects.filter(name="ticker").values_list("at", flat=True).first()
    if last is not None and now - last > ASLEEP_AFTER:
        yield Seen(
            "ticker", f"The worker did its last round {_at(last)}: nothing is sent and no clock is looked at"
        )


def _overdue(now: datetime) -> Iterator[Seen]:
    """Cases whose moment has passed and that nobody looked at: the ticker is asleep or cannot keep up."""
    late = CaseRow.objects.filter(due_hint__lte=now - OVERDUE_AFTER).order_by("due_hint")
    first = late.values_list("due_hint", flat=True).first()
    if first is not None:
        yield Seen("cases", f"Cases have been due since {_at(first)} and nobody has looked at them")


def _calendars(now: datetime) -> Iterator[Seen]:
    for name, calendar in calendars().items():
        if calendar.complete_until - london_date(now) < CALENDAR_WARNING:
            yield Seen(
                name, f"The bank holidays of {name} are known to {say_day(calendar.complete_until)} only"
            )


def _schemes(now: datetime) -> Iterator[Seen]:
    today = london_date(now)
    known = SchemeMembership.objects.filter(provider=OuterRef("pk")).filter(
        Q(until__isnull=True) | Q(until__gte=today)
    )
    for provider in Provider.objects.filter(codes__isnull=False).exclude(Exists(known)).distinct():
        text = (
            f"Nobody has recorded which scheme {provider.name} belongs to: "
            "its ADR letters name both approved schemes"
        )
        yield Seen(provider.pk, text, provider.pk)


def _about_to_break(now: datetime) -> Iterator[Seen]:
    """Cases on which something falls due within the hours that a provider wants to be warned before; once a day."""
    for provider in Provider.objects.filter(warn_before_hours__gt=0).order_by("pk"):
        until = now + timedelta(hours=provider.warn_before_hours)
        soon = CaseRow.objects.filter(provider=provider, is_open=True, next_due__gt=now, next_due__lte=until)
        first = list(soon.order_by("next_due", "pk").values_list("reference", "next_due")[: SOON_COUNTED + 1])
        if first:
            (reference, due), count = first[0], len(first)
            assert due is not None  # it was asked for by its time
            cases = counted(count, "case") if count <= SOON_COUNTED else f"More than {SOON_COUNTED} cases"
            yield Seen(
                f"{provider.pk}/{london_date(now)}",
                f"{cases} {'has' if count == 1 else 'have'} something due by {_at(until)}, {reference} first: {_at(due)}",
                provider.pk,
            )


def _missed(now: datetime) -> Iterator[Seen]:
    """Agreed contact times that were over half an hour ago, and of which nobody has said what became: one by one."""
    over = AppointmentRow.objects.filter(settled="", ends__lte=now - MISSED_AFTER, case__is_open=True)
    found = over.order_by("ends", "id").values_list("provider", "case__reference", "appointment", "ends")
    for provider, reference, appointment, ends in found[:SOON_COUNTED]:
        text = f"The contact time agreed on {reference} was over {_at(ends)}, and nobody has said whether we called"
        yield Seen(f"{provider}/{reference}/{appointment}", text, provider)


def _decisions_late(now: datetime) -> Iterator[Seen]:
    """What a scheme decided, the customer accepted, and nobody has carried out although few days are left: one by one."""
    last = london_date(now) + DECISION_WARNING
    found = CaseTally.objects.filter(scheme_due__lte=last, scheme_done__isnull=True).order_by(
        "scheme_due", "case"
    )
    for provider, reference, due in found.values_list("provider", "case__reference", "scheme_due")[
        :SOON_COUNTED
    ]:
        over = due is not None and due < london_date(now)
        text = (
            f"What the scheme decided on {reference} "
            f"{'was' if over else 'is'} to be carried out by {say_day(due or last)}, and is not done"
        )
        yield Seen(f"{provider}/{reference}", text, provider)


def _lessons_wait(now: datetime) -> Iterator[Seen]:
    """Lessons whose day has passed with nothing decided."""
    found = late_lessons(Lesson.objects.all(), london_date(now)).order_by().values("provider")
    for row in found.annotate(count=Count("pk"), oldest=Min("review_on")).order_by("provider"):
        lessons = _many(row["count"], "lesson waits", "lessons wait")
        yield Seen(
            row["provider"],
            f"{lessons} to be decided, the first since {say_day(row['oldest'])}",
            row["provider"],
        )


def _holds_wait(now: datetime) -> Iterator[Seen]:
    """Held cases whose day has come: they stay held, and somebody is to say whether they still must."""
    due = (
        Retention.objects.filter(state=Keeping.HELD, day__lte=london_date(now)).order_by().values("provider")
    )
    for row in due.annotate(count=Count("pk"), oldest=Min("day")).order_by("provider"):
        cases = _many(row["count"], "held case waits", "held cases wait")
        yield Seen(
            row["provider"],
            f"{cases} to be looked at, the first since {say_day(row['oldest'])}",
            row["provider"],
        )


def _not_erased(_now: datetime) -> Iterator[Seen]:
    """Cases whose words should have gone and on which the program failed: one by one."""
    failing = Retention.objects.filter(state=Keeping.ANNOUNCED).exclude(why="").order_by("case")
    for provider, reference, why in failing.values_list("provider", "case__reference", "why")[:SOON_COUNTED]:
        yield Seen(
            f"{provider}/{reference}", f"The words of {reference} could not be erased: {why}", provider
        )


def _untold(now: datetime) -> Iterator[Seen]:
    """Ways out of the house that have failed for half an hour: their alarms are shown here alone."""
    for way in AlarmWay.objects.filter(failing_since__lte=now - UNTOLD_AFTER).order_by("pk"):
        text = f"Alarms have not left by {way.by} since {_at(way.failing_since or now)}: {way.last_error}"
        yield Seen(f"{way.provider_id}/{way.by} {way.pk}", text, way.provider_id)


_WHICH: Final = ("letter", "case__reference")
_TITLES: Final = {kind.id: kind.title for kind in LETTERS}


def _named(letter: str, reference: str) -> str:
    """A letter as people call it: "The ADR letter of LB-25B0-PWKH"."""
    name = {ACKNOWLEDGEMENT: "acknowledgement", ADR_LETTER: "ADR letter"}.get(letter)
    return f"The {name or f'letter “{_TITLES.get(letter, letter)}”'} of {reference}"


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def _at(moment: datetime) -> str:
    from amends.core.saying import moment as said  # noqa: PLC0415 - its name is that of the argument

    return said(moment)


WATCHERS: Final = (
    Watcher("worker asleep", "The worker is asleep", _asleep),
    Watcher("cases overdue", "Cases past due that nobody looked at", _overdue),
    Watcher("letters unsent", "Letters do not leave", _unsent),
    Watcher("letter put off", "A letter that the program cannot send", _failed_on),
    Watcher("letter in doubt", "A letter in doubt", _in_doubt),
    Watcher("letter undelivered", "A letter of the law did not arrive", _undelivered),
    Watcher("letter to post", "An ADR letter that nobody posts", _to_post),
    Watcher("no way to reach", "A customer whom no letter reaches", _unreached),
    Watcher("letters held", "Letters are held", _held),
    Watcher("messages unfiled", "Messages are not filed", _unfiled),
    Watcher(QUARANTINE, "Messages in quarantine", _quarantined),
    Watcher("messages wait", "Messages wait for a person", _waiting),
    Watcher("chats wait", "Chats wait for somebody", _chats_wait),
    Watcher("needs wait", "Needs wait to be asked about", _needs_wait),
    Watcher("mailbox silent", "A mailbox is silent", _silent),
    Watcher("mailbox unheard", "A mailbox cannot be read", _unheard),
    Watcher("contact time over", "An agreed contact time is over", _missed),
    Watcher("lessons wait", "Lessons wait to be decided", _lessons_wait),
    Watcher("holds wait", "Held cases wait to be looked at", _holds_wait),
    Watcher("not erased", "Words that could not be erased", _not_erased),
    Watcher("scheme decision", "A scheme's decision is not carried out", _decisions_late),
    Watcher("mailbox sign-on", "A mailbox is not let in", _not_granted),
    Watcher("promises soon", "Promises are about to break", _about_to_break),
    Watcher("alarms untold", "Alarms do not leave the house", _untold),
    Watcher("calendar ends", "The bank holidays run out", _calendars),
    Watcher(SCHEME_UNKNOWN, "The scheme is not known", _schemes),
)
"""The order is that of urgency: what stops everything else stands first."""


def urgency(kind: str) -> int:
    """The place of an alarm among others: the smaller, the more urgent. Those that no watcher raises are about a case."""
    return next((n for n, watcher in enumerate(WATCHERS) if watcher.kind == kind), 0)
