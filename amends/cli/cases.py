"""`amends receive`, `amends case`, `amends tick`: a mail in, a case shown, and all that is due done once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

from amends.cli.codes import clock_json, say_clock
from amends.cli.desk import case_named, open_desk, provider_named, time, with_now
from amends.cli.said import Unusable, always_json, as_format, emit, in_words, london, note, say
from amends.core.saying import counted

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.case import Case
    from amends.core.duties import Duty
    from amends.core.facts import Fact
    from amends.core.rulebook import Rulebook
    from amends.desk.models import CaseRow

ARRIVED: Final = frozenset({"sent", "posted"})
"""States in which what went wrong at an earlier try is of no interest any more."""
NOT_KEPT: Final = 75
"""EX_TEMPFAIL of sysexits.h: a mail server keeps the message and tries again."""


@click.command(short_help="Take in one raw email from stdin.")
@click.option("--provider", "slug", required=True, metavar="ID", help="Whose mail it is.")
@with_now
@always_json
def receive(slug: str, said: str | None) -> int:
    """Take in one raw email, as a mail server pipes it, and print what became of it as JSON.

    The raw bytes are on disk before this returns 0, whatever became of the message: also when it was held for a
    person, logged as a machine's, or put into quarantine. `case` is then null and `state` and `reason` say why.
    Exit 75 when it could not be kept: the mail server must keep it and try again.

    \b
    Examples:
      amends receive --provider opus-telecoms < message.eml
      in Postfix' master.cf:  flags=DRhu argv=/srv/amends/.venv/bin/amends receive --provider opus-telecoms
    """
    try:
        open_desk()
        answer = _received(slug, _stdin(), said)
    except Unusable as wrong:
        note(wrong.format_message())
        return NOT_KEPT
    except Exception as fault:  # noqa: BLE001 - whatever broke, the mail server must keep the message
        note(f"not kept, try again: {type(fault).__name__}: {' '.join(str(fault).split())}")
        return NOT_KEPT
    emit(answer)
    return 0


def _stdin() -> bytes:
    if sys.stdin is None:
        raise Unusable("stdin is closed: there is no message to read")
    return sys.stdin.buffer.read()


def _received(slug: str, raw: bytes, said: str | None) -> dict[str, Any]:
    from amends.desk.inbox import receive as take_in

    at = time(said)
    provider = provider_named(slug)
    kept = take_in(provider, raw, at, now=at)
    return {
        "case": kept.case,
        "new": kept.new,
        "message": kept.message,
        "state": kept.state,
        "reason": kept.reason,
    }


@click.command(short_help="Show a case: facts, clocks, duties, letters.")
@click.argument("reference", metavar="REF")
@click.option(
    "--provider", "slug", metavar="ID", help="Needed only where two providers have the same reference."
)
@with_now
@as_format
def case(reference: str, slug: str | None, said: str | None, *, as_json: bool) -> int:
    """Show a case: its state, stage and handler, its facts, its clocks with their reasons, what is owed, what goes out.

    \b
    Examples:
      amends case LB-4F7K-9QX2
      amends case LB-4F7K-9QX2 --format json
    """
    open_desk()
    now = time(said)
    row = case_named(reference, slug)
    shown = _shown(row, now)
    if as_json:
        emit(shown)
    else:
        _say_case(row, shown, now)
    return 0


def _shown(row: CaseRow, now: datetime) -> dict[str, Any]:
    """The case as the JSON gives it: worked out from the facts, not from the hints."""
    from amends.core.case import fold
    from amends.desk import ledger
    from amends.desk.books import book_for

    facts = ledger.load([row.pk])[row.pk]
    folded, book = fold(facts), book_for(row)
    return {
        "reference": row.reference,
        "provider": row.provider_id,
        "code": row.code.code if row.code else None,
        "state": str(folded.state),
        "stage": _stage(folded, book),
        "handler": folded.handler_name or None,
        "complaint": folded.complaint,
        "customer": str(folded.customer.kind),
        "first_received": london(folded.first_received),
        "facts": [_fact(seq, fact) for seq, fact in enumerate(facts, 1)],
        "clocks": _clocks(folded, book, now),
        "duties": _duties(folded, book, now),
        "outgoing": _outgoing(row),
    }


def _stage(folded: Case, book: Rulebook) -> str | None:
    from amends.desk.hints import stage_role

    return stage_role(folded, book) or None


def _fact(seq: int, fact: Fact) -> dict[str, Any]:
    from amends.core.facts import write

    written = write(fact)
    envelope = {
        "seq": seq, "kind": written.kind, "at": london(written.at), "logged": london(written.logged), "by": written.by,
    }  # fmt: skip
    said = {name: _said(getattr(fact, name)) for name in (*written.open, *written.private)}
    return {**envelope, **said}


def _said(value: object) -> object:
    from datetime import datetime

    return london(value) if isinstance(value, datetime) else value


def _clocks(folded: Case, book: Rulebook, now: datetime) -> list[dict[str, Any]]:
    from amends.core.clocks import clocks
    from amends.core.reasons import why

    return [
        {
            **clock_json(clock, why(clock, folded, book)),
            "settled": london(clock.settled),
            "standing": clock.standing(now),
        }
        for clock in clocks(folded, book)
    ]


def _duties(folded: Case, book: Rulebook, now: datetime) -> list[dict[str, Any]]:
    from amends.core.duties import duties

    return [_duty(duty, now) for duty in duties(folded, book, now)]


def _duty(duty: Duty, now: datetime) -> dict[str, Any]:
    return {
        "id": duty.id,
        "what": duty.what,
        "clause": duty.clause,
        "action": str(duty.action),
        "due": london(duty.due),
        "act_from": london(duty.act_from),
        "late_after": london(duty.late_after),
        "late": duty.late(now),
        "letter": duty.letter or None,
        "role": duty.role,
    }


def _outgoing(row: CaseRow) -> list[dict[str, Any]]:
    from amends.desk.models import Outgoing

    return [
        {
            "letter": letter.letter,
            "channel": letter.channel,
            "state": letter.state,
            "at": london(letter.settled_at or letter.decided_at),
            "key": letter.key,
            "to": letter.to,
            "decided": london(letter.decided_at),
            "message_id": letter.message_id,
            "why": "" if letter.state in ARRIVED else letter.last_error,
            "next_try": london(letter.not_before) if letter.state == "ready" and letter.attempts else None,
        }
        for letter in Outgoing.objects.filter(case=row).order_by("pk")
    ]


def _say_case(row: CaseRow, shown: dict[str, Any], now: datetime) -> None:
    from amends.core.case import fold
    from amends.core.clocks import clocks
    from amends.core.reasons import why
    from amends.desk import ledger
    from amends.desk.books import book_for

    say(f"{row.reference} at {row.provider_id}: {shown['state']}; stage: {shown['stage'] or 'none'}; "
        f"handler: {shown['handler'] or 'nobody'}")  # fmt: skip
    say(f"first received {in_words(shown['first_received'], 'never')}")
    say("\nWhat is owed")
    for duty in shown["duties"]:
        due = _by_when(duty)
        say(f"  {due}: {duty['what']} ({duty['clause']}){' LATE' if duty['late'] else ''}")
    say("\nClocks")
    folded, book = fold(ledger.load([row.pk])[row.pk]), book_for(row)
    for clock in clocks(folded, book):
        say_clock(clock, why(clock, folded, book), clock.standing(now))
    say("\nLetters")
    for letter in shown["outgoing"]:
        say(
            f"  {in_words(letter['at'])}: {letter['letter']} by {letter['channel']}: {letter['state']}"
            + (f", because {letter['why']}" if letter["why"] else "")
            + (f"; next try {in_words(letter['next_try'])}" if letter["next_try"] else "")
        )
    say("\nFacts")
    for fact in shown["facts"]:
        say(f"  {fact['seq']:3} {in_words(fact['at'])}: {fact['kind']} (by {fact['by']})")


def _by_when(duty: dict[str, Any]) -> str:
    """When a duty is due; one that has a whole day for it names no hour."""
    from datetime import datetime

    from amends.core.calendar import london_date
    from amends.core.saying import day

    if not duty["due"]:
        return "no date"
    if duty["late_after"] and duty["late_after"] != duty["due"]:
        return f"on {day(london_date(datetime.fromisoformat(duty['due'])))}"
    return f"by {in_words(duty['due'])}"


@click.command(short_help="Do all that is due now, once.")
@with_now
@as_format
def tick(said: str | None, *, as_json: bool) -> int:
    """Do all that is due now, once: letters decided and sent, hints renewed, kept messages filed, promises watched.

    \b
    Examples:
      amends tick
      AMENDS_CLOCK=manual amends tick --now 2026-06-02T00:00 --format json
    """
    open_desk()
    now = time(said)
    from amends.desk.ticker import tick as all_that_is_due

    ticked = all_that_is_due(now)
    if as_json:
        emit(ticked.as_json())
    else:
        counts = ticked.counts().items()
        say(", ".join(TICKED[name](count) for name, count in counts if count) or "nothing was due")
        for provider, why in ticked.not_reached.items():
            say(f"letters of {provider} wait: {why}")
    return 1 if ticked.poisoned else 0


TICKED: Final[dict[str, Callable[[int], str]]] = {
    "hinted": lambda n: f"{counted(n, 'case')} planned anew",
    "cases": lambda n: f"{counted(n, 'case')} looked at",
    "poisoned": lambda n: f"{counted(n, 'case')} could not be worked on",
    "filed": lambda n: f"{counted(n, 'message')} filed",
    "sent": lambda n: f"{counted(n, 'letter')} sent",
    "failed": lambda n: f"{counted(n, 'letter')} failed",
    "put_off": lambda n: f"{counted(n, 'letter')} put off",
    "in_doubt": lambda n: f"{counted(n, 'letter')} in doubt",
    "alarms": lambda n: f"{counted(n, 'alarm')} {'stands' if n == 1 else 'stand'}",
    "told": lambda n: f"alarms told {counted(n, 'time')}",
    "checkpointed": lambda n: f"{counted(n, 'case')} covered by a checkpoint",
    "swept": lambda n: f"{counted(n, 'case')} folded by the nightly look",
    "chats": lambda n: f"{counted(n, 'chat')} filed",
    "of_outages": lambda n: f"{counted(n, 'case')} of outages done",
    "erased": lambda n: f"the words of {counted(n, 'ended case')} erased",
    "caught_up": lambda n: f"{counted(n, 'case')} caught up with this version",
}
"""What a tick did, in words, by its name in the JSON."""
