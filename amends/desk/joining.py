"""Which case a mail belongs to, if any (design: Joining; L21, L23).

A message joins a case by itself only through our signed token or a Message-ID of that case, and only when its sender
is a party to it; never by subject. One that points at a case in any other way (a reference in its text, somebody
else's thread, an address that we did not make) waits for a person, who sees suggestions. One that points at no
case opens one. Staff never act by mail: what comes from a colleague's address waits, with its original sender and date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Upper

from amends.core.calendar import add_months, london_date
from amends.desk import merging, reference, tokens
from amends.desk.address import Address, read_addresses
from amends.desk.asked import Asked
from amends.desk.fields import Mistakes
from amends.desk.message import Message, read_message
from amends.desk.models import CaseAddress, CaseMessageId, CaseRow, Mailbox, Role
from amends.law import law

#: An answer names the thread that it continues at its end; older Message-IDs than these say nothing new.
THREAD_LIMIT: Final = 100
#: References are looked for in so much of a text; the rest is quoted threads.
SEARCHED: Final = 100_000
SUGGESTED: Final = 10

ANSWERED_A_DAY: Final = 20
"""Cases of one address that are acknowledged by the desk itself in a day: beyond it something may be answering our
acknowledgements, or using our forms to fill a mailbox (L16). Each is a case all the same, and loses no day."""
CASES_A_DAY: Final = 100
"""Cases that one address may open by mail in a day; beyond it a person looks first."""


class Verdict(StrEnum):
    """What becomes of a mail."""

    JOINS = "joins"
    OPENS = "opens"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Found:
    """What becomes of a mail, the case that it joins, and where it waits, why, with the cases to look at."""

    verdict: Verdict
    case: int | None = None
    reason: str = ""
    suggestions: tuple[int, ...] = ()


def find(provider: str, message: Message, now: datetime) -> Found:
    """What becomes of a message that a person or a machine wrote. Looks only at cases of this provider."""
    pointers = _pointers(provider, message)
    suggestions = tuple(dict.fromkeys((*pointers.cases, *pointers.mentioned)))
    ours = colleague(provider, message)
    if ours:
        return Found(Verdict.WAITS, None, ours, suggestions)
    goes_on = {merging.goes_on(provider, case) for case in pointers.cases}
    if len(goes_on) > 1:
        return Found(Verdict.WAITS, None, "it belongs to more than one case", suggestions)
    if goes_on:
        return _of_case(goes_on.pop(), pointers.cases, message, now, suggestions)
    if pointers.forged:
        return Found(Verdict.WAITS, None, "its reply address is none that this desk has made", suggestions)
    if pointers.mentioned:
        return Found(Verdict.WAITS, None, "it names the reference of a case, which anybody can", suggestions)
    looping = _looping(provider, message, now)
    return Found(Verdict.WAITS, None, looping) if looping else Found(Verdict.OPENS)


@dataclass(frozen=True, slots=True)
class _Pointers:
    """How a message points at cases: provably, by a mere mention, or by an address that we did not make."""

    cases: tuple[int, ...]
    mentioned: tuple[int, ...]
    forged: bool


def _pointers(provider: str, message: Message) -> _Pointers:
    said = {tokens.token_in(a) for a in (*_emails(message), *message.delivered_to)} - {""}
    claimed = {case: words for words in said if (case := tokens.case_of(words)) is not None}
    proven = {
        case
        for case, party in _parties(provider, claimed)
        if tokens.holds(claimed[case], provider, case, party)
    }
    thread = (*message.in_reply_to, *message.references)[-THREAD_LIMIT:]
    threaded = set(with_ids(provider, thread).values_list("case_id", flat=True)) if thread else set()
    return _Pointers(
        cases=tuple(sorted(proven | threaded)),
        mentioned=_mentioned(provider, message),
        forged=bool(set(claimed) - proven),
    )


def with_ids(provider: str, ids: Iterable[str]) -> QuerySet[CaseMessageId]:
    """The messages of cases that have one of these Message-IDs; those that we sent are kept with their brackets."""
    both = [form for each in ids for form in (each, f"<{each}>")]
    return CaseMessageId.objects.filter(provider=provider, message_id__in=both)


def _emails(message: Message) -> Iterable[str]:
    return (address.email for address in (*message.to, *message.cc))


def _parties(provider: str, cases: Iterable[int]) -> Iterable[tuple[int, str]]:
    wanted = list(cases)
    if not wanted:
        return ()
    rows = CaseAddress.objects.filter(provider=provider, case__in=wanted)
    return rows.values_list("case_id", "address_key")


def _mentioned(provider: str, message: Message) -> tuple[int, ...]:
    named = reference.found(f"{message.subject}\n{message.text[:SEARCHED]}")
    if not named:
        return ()
    rows = CaseRow.objects.filter(provider=provider, reference__in=named[:SUGGESTED])
    return tuple(rows.order_by("pk").values_list("pk", flat=True))


def _of_case(
    case: int, pointed: tuple[int, ...], message: Message, now: datetime, suggestions: tuple[int, ...]
) -> Found:
    """What becomes of a message that proves these cases, which go on as one."""
    writer = message.customer
    row = CaseRow.objects.get(pk=case)
    if writer is None:
        return Found(Verdict.WAITS, None, "it answers a case, but not one sender wrote it", suggestions)
    theirs = CaseAddress.objects.filter(provider=row.provider_id, address_key=writer.key)
    if not theirs.filter(case__in={case, *pointed}).exists():
        return Found(
            Verdict.WAITS, None, "it answers a case from an address that is no party to it", suggestions
        )
    if case not in pointed and not merging.of_one_customer(row, pointed):
        return Found(
            Verdict.WAITS, None, "it answers a case that was merged, and whether both are of one customer is not known",
            suggestions,
        )  # fmt: skip
    if not row.is_open and now > _listens_until(row):
        return Found(Verdict.WAITS, None, "it answers a case that was closed long ago", suggestions)
    return Found(Verdict.JOINS, case, suggestions=suggestions)


def _listens_until(row: CaseRow) -> datetime:
    """The end of a closed case's reply addresses: they live as long as the case and its ADR window."""
    assert row.latest is not None
    last = london_date(row.latest)
    window = law().adr_window.on(last).value
    return row.latest + (add_months(last, window) - last)


def colleague(provider: str, message: Message) -> str:
    """Why a message from one of our own addresses waits; "" for everybody else's."""
    ours = next((a.email for a in message.senders if _is_ours(provider, a.key)), "")
    if not ours:
        return ""
    forwarded = original(message)
    return f"it comes from a colleague's address ({ours}), and staff never act by mail{forwarded}"


def _is_ours(provider: str, key: str) -> bool:
    local, _, domain = key.rpartition("@")
    plain = f"{local.partition('+')[0]}@{domain}"
    return bool(_our_mailbox(provider, plain) or _our_people(provider, key, key))


_our_mailbox = Asked(
    lambda provider, address: (
        Mailbox.objects.annotate(folded=Upper("address"))
        .filter(provider=provider, folded=Upper(Value(address)))
        .values_list("pk")[:1]
    ),
    str, str,
)  # fmt: skip

_our_people = Asked(
    lambda provider, direct, own: (
        Role.objects.annotate(direct=Upper("email"), own=Upper("person__email"))
        .filter(Q(direct=Upper(Value(direct))) | Q(own=Upper(Value(own))), provider=provider)
        .values_list("pk")[:1]
    ),
    str, str, str,
)  # fmt: skip


def original(message: Message) -> str:
    """Whose message was forwarded, and of when it says that it is: words for a person, "" where nothing shows it."""
    inner = next((a for a in message.attachments if a.media_type == "message/rfc822"), None)
    if inner is not None:
        within = read_message(inner.content)
        who = ", ".join(a.email for a in within.senders)
        when = within.date_header.isoformat() if within.date_header else ""
    else:
        who, when = _quoted_original(message.text)
    if not who and not when:
        return ""
    return f"; forwarded, written by {who or 'somebody'}{f' on {when}' if when else ''}"


def original_sender(message: Message) -> Address | None:
    """Who wrote a message that was forwarded, as it says itself: None where it names nobody, or more than one."""
    inner = next((a for a in message.attachments if a.media_type == "message/rfc822"), None)
    if inner is not None:
        found = read_message(inner.content).senders
    else:
        found = read_addresses([_quoted_original(message.text)[0]], Mistakes(), "")
    return found[0] if len(found) == 1 else None


_BEGINS: Final = re.compile(r"^[ \t>*]*From:[ \t*]*(?P<who>\S.{0,300})$", re.MULTILINE)
_DATED: Final = re.compile(r"^[ \t>*]*(?:Sent|Date):[ \t*]*(?P<when>\S.{0,100})$", re.MULTILINE)


def _quoted_original(text: str) -> tuple[str, str]:
    """The sender and date in the heading that mail programs put over a forwarded message, as they are written."""
    begins = _BEGINS.search(text[:SEARCHED])
    if begins is None:
        return "", ""
    dated = _DATED.search(text, begins.end(), begins.end() + 1_000)
    return " ".join(begins["who"].split()), " ".join(dated["when"].split()) if dated else ""


def _looping(provider: str, message: Message, now: datetime) -> str:
    writer = message.customer
    if writer is None or not opened_too_many(provider, writer, now, CASES_A_DAY):
        return ""
    return f"this address has opened {CASES_A_DAY} cases within a day: perhaps a machine that answers our letters"


def opened_too_many(
    provider: str, address: Address, now: datetime, most: int, *, beside: int | None = None
) -> bool:
    """Whether an address has opened so many cases within a day, by whatever channel.

    `beside` leaves one case out of the count: the one that is about to be answered.
    """
    since = connection.ops.adapt_datetimefield_value(now - timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, [provider, address.key, since, beside or 0, most])
        (found,) = cursor.fetchone()
    return bool(found >= most)


# Composed once and not by the ORM: every mail that comes in asks it twice. No case has the number 0.
_OPENED: Final = (
    f"SELECT count(*) FROM (SELECT 1 FROM {CaseAddress._meta.db_table} a JOIN {CaseRow._meta.db_table} c "  # noqa: S608 - names of our own models
    "ON a.case_id = c.id WHERE a.provider_id = %s AND a.address_key = %s AND c.opened > %s AND c.id <> %s LIMIT %s) x"
)


def suggestions(provider: str, message: Message) -> tuple[int, ...]:
    """The cases that a person may want to look at: those it points at, then those of the same sender, newest first."""
    pointers = _pointers(provider, message)
    writer = message.customer
    same = CaseAddress.objects.filter(provider=provider, address_key=writer.key) if writer else None
    theirs = (
        same.order_by("-case_id").values_list("case_id", flat=True)[:SUGGESTED] if same is not None else ()
    )
    return tuple(dict.fromkeys((*pointers.cases, *pointers.mentioned, *theirs)))[:SUGGESTED]
