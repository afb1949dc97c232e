"""Brings together what is held of one person: their cases, letters, files, needs, accounts, services, who speaks for them.

DP-03, DP-11. Whose a case is is said by a person: cases of the same customer of the book belong to it, any other only
where somebody ticked it. Nothing of other customers or providers is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from amends.core import saying
from amends.core import third_parties as tp
from amends.core.care import steps
from amends.core.code import Channel
from amends.core.facts import Fact
from amends.core.third_parties import Known
from amends.desk import books, ledger, merging
from amends.desk.case_files import pieces
from amends.desk.case_files.pieces import Paper, Source
from amends.desk.models import (
    Account,
    CaseRow,
    CustomerChange,
    CustomerRow,
    Mailbox,
    Outgoing,
    Provider,
    RecordedNeed,
    Service,
    Speaker,
    Upload,
)
from amends.desk.opened import Opened, gathered, read
from amends.desk.people import names_at
from amends.desk.story import Look, tell

Line = tuple[str, str]
"""What is told and how: a label, which may be empty, and the words."""
LABEL_OF_WORDS: Final = "words"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is held: when it happened, what it is, its words, and its documents. `id` is what a form calls it."""

    id: str
    what: str
    lines: tuple[Line, ...]
    at: datetime | None = None
    papers: tuple[Paper, ...] = ()
    for_colleagues: bool = False
    """Whether it was written for colleagues: a person decides of the whole of it, for it may be legal advice."""


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one sort under one heading."""

    title: str
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that is held of a person. `facts` counts what it was told from: it has moved when that has."""

    sections: tuple[Section, ...]
    cases: tuple[CaseRow, ...]
    known: Known
    facts: int
    at_scheme: bool
    """Whether one of the cases is or was at a scheme: notes on it may be privileged."""
    ended: tuple[CaseRow, ...] = ()
    """Cases that ended in one of these, and are told with it."""

    def things(self) -> Iterator[Thing]:
        """Everything, in its order."""
        for section in self.sections:
            yield from section.things


def cases_of(row: CaseRow, mine: QuerySet[CaseRow], also: Sequence[str] = ()) -> list[CaseRow]:
    """The request's own case, those of the same customer, and those that a person ticked; the first opened first."""
    found = {row.pk: row}
    theirs = mine.filter(provider=row.provider_id)
    if row.customer is not None:
        found |= {each.pk: each for each in theirs.filter(customer=row.customer)}
    if also:
        found |= {each.pk: each for each in theirs.filter(reference__in=also)}
    return [found[pk] for pk in sorted(found)]


def gather(row: CaseRow, cases: Sequence[CaseRow], chosen: Sequence[str] = ()) -> Held:
    """Everything that is held of the person whose request this is, on these cases and in the book."""
    opened = [read(each) for each in cases]
    names = names_at(row.provider_id)
    customer = CustomerRow.objects.filter(
        provider=row.provider_id, pk=row.customer or 0, erased_at=None
    ).first()
    book = [_of_the_book(customer)] if customer is not None else []
    there = {each.pk for each in cases}
    under = {each.row.pk: _ended(each, there) for each in opened}
    told = [_case(each, names, under[each.row.pk]) for each in opened]
    sections = [*(s for s in book if s.things), *told]
    known = _known(row.provider, opened, customer, names, chosen)
    return Held(
        tuple(sections), tuple(cases), known, sum(len(each.facts) for each in opened),
        any(each.case.referral is not None for each in opened), tuple(x for rows in under.values() for x in rows),
    )  # fmt: skip


def _ended(opened: Opened, there: set[int]) -> list[CaseRow]:
    """The cases that ended in this one and are its customer's, but for those that are told for themselves."""
    if not opened.case.merged:
        return []
    found = [x for x in merging.ended_in(opened.row) if x.pk not in there]
    return [x for x in found if merging.of_one_customer(opened.row, [x.pk])]


def _case(opened: Opened, names: dict[str, str], ended: list[CaseRow]) -> Section:
    row = opened.row
    rows = [row, *ended]
    letters = Outgoing.objects.filter(case__in=rows)
    papers = gathered(letters, Upload.objects.filter(case__in=rows), names)
    words = dict(letters.values_list("pk", "text"))
    others = {r.reference: facts for r, facts in zip(ended, _facts(ended), strict=True)}
    things = [_about(opened)]
    seen: Counter[str] = Counter()
    for _day, found in pieces.pieces(tell(opened.facts, papers, others)):
        for piece in found:
            entry = piece.entry
            # By what it is and not by its place: what is back-dated would move each later decision by one.
            name = f"{entry.under}/{entry.at.isoformat()}/{entry.what}/{entry.words}"
            seen[name] += 1
            lines: list[Line] = [(LABEL_OF_WORDS, entry.words)] if entry.words else []
            lines += [("", line) for line in entry.more]
            if entry.letter is not None and any(p.source is Source.LETTER for p in piece.papers):
                lines += [
                    ("Subject", entry.letter.subject),
                    ("To", entry.letter.to),
                    (LABEL_OF_WORDS, words[entry.letter.pk]),
                ]
            things.append(
                Thing(
                    f"{row.reference}/{name}/{seen[name]}",
                    f"{entry.what}{f' (under {entry.under})' if entry.under else ''}",
                    tuple(line for line in lines if line[1]), entry.at, piece.papers, entry.look is Look.NOTE,
                )
            )  # fmt: skip
    heading = opened.case.kind.heading
    return Section(f"{heading} {row.reference}", tuple(things))


def _facts(rows: list[CaseRow]) -> list[list[Fact]]:
    found = ledger.load([row.pk for row in rows]) if rows else {}
    return [found[row.pk] for row in rows]


def _about(opened: Opened) -> Thing:
    """What the case itself knows of the person: how to reach them, what they asked for, what they need."""
    case, who = opened.case, opened.case.customer
    lines: list[Line] = [
        ("Name", who.name), ("Email", who.email), ("Phone", who.phone), ("Address", who.address),
        ("Account", who.account), ("Kind of customer", str(who.kind)), ("How you want replies", who.prefers),
        ("Format of our letters", str(case.format)), ("What the case is about", case.category),
    ]  # fmt: skip
    lines += [("What you need of us", need) for need in case.needs]
    lines += [
        (f"Who may write about it: {party.role}", f"{party.name} {party.email}") for party in case.parties
    ]
    lines += [(p.asks.rstrip("?"), steps.said(p, words)) for p, words in steps.shown(case)]
    lines += [("Agreed contact time", saying.between(a.starts, a.ends)) for a in case.appointments]
    what = "What this case knows of you"
    return Thing(f"{opened.row.reference}/about", what, tuple(line for line in lines if line[1]))


def _of_the_book(customer: CustomerRow) -> Section:
    about: list[Line] = [
        ("Our number", str(customer.pk)), ("Number in our billing", customer.external), ("Name", customer.name),
        ("Email", customer.email), ("Phone", customer.phone), ("Address", customer.address),
        ("Kind of customer", customer.kind), ("How you want replies", customer.prefers),
        ("People in the business", str(customer.headcount or "")), ("How they were counted", customer.counted_how),
        ("Account manager", customer.account_manager_name),
    ]  # fmt: skip
    things = [Thing("book/customer", "You in our customers’ book", _kept(about), customer.made)]
    things += _contracts(customer)
    things += _people_and_needs(customer)
    return Section("In our customers’ book", tuple(things))


def _contracts(customer: CustomerRow) -> Iterator[Thing]:
    for account in Account.objects.filter(customer=customer).order_by("pk"):
        yield Thing(f"book/account/{account.pk}", f"Account {account.number}", _kept([
            ("How you pay", account.payment_method), ("Billing", account.billing),
            ("Closed on", str(account.closed_on or "")),
        ]))  # fmt: skip
    for service in Service.objects.filter(customer=customer).order_by("pk"):
        price = saying.pence(service.price_pence) if service.price_pence is not None else ""
        yield Thing(f"book/service/{service.pk}", f"Service: {service.name or service.kind}", _kept([
            ("Kind", service.kind), ("Numbers", service.numbers), ("Address", service.address),
            ("Since", str(service.starts or "")), ("Minimum term in months", str(service.minimum_months or "")),
            ("Ends", str(service.ends or "")), ("Price", f"{price} {service.price_per}".strip()),
            ("Terms", service.terms), ("Renewal", service.renewal_words or service.renewal),
        ]))  # fmt: skip


def _people_and_needs(customer: CustomerRow) -> Iterator[Thing]:
    for speaker in Speaker.objects.filter(customer=customer).order_by("pk"):
        yield Thing(f"book/speaker/{speaker.pk}", "Somebody who may speak for you", _kept([
            ("Name", speaker.name), ("What they are to you", speaker.relation), ("Email", speaker.email),
            ("Phone", speaker.phone), ("What they may hear", speaker.may_hear), ("Your consent", speaker.consent),
            ("Since", str(speaker.since)), ("Until", str(speaker.until or "")),
        ]))  # fmt: skip
    for need in RecordedNeed.objects.filter(customer=customer).order_by("pk"):
        yield Thing(f"book/need/{need.pk}", "Something that you need of us", _kept([
            ("What", " ".join(filter(None, (need.kind, need.format)))), ("In words", need.words),
            ("What was arranged", need.arranged), ("Your consent", need.consent), ("Said on", str(need.said_on)),
            ("Over on", str(need.over_on or "")),
        ]))  # fmt: skip
    for change in CustomerChange.objects.filter(customer=customer).order_by("pk"):
        said = "; ".join(f"{name}: {value}" for name, value in (change.fields or {}).items())
        yield Thing(f"book/change/{change.pk}", f"Changed: {change.what}", _kept([("", said)]), change.at)


def _kept(lines: list[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line[1])


def _known(
    provider: Provider, opened: Sequence[Opened], customer: CustomerRow | None, names: dict[str, str], chosen: Sequence[str]
) -> Known:  # fmt: skip
    who = [each.case.customer for each in opened]
    speakers = Speaker.objects.filter(customer=customer) if customer is not None else Speaker.objects.none()
    services = list(Service.objects.filter(customer=customer)) if customer is not None else []
    code = books.book_for(opened[0].row).code if opened else None
    ours = code.contacts if code else ()
    addresses = [x.address for x in who] + [s.address for s in services]
    addresses += [p.value for p in ours if p.channel is Channel.LETTER]
    addresses += [customer.address] if customer else []
    emails = {x.email for x in who} | {p.value for p in ours} | {each.case.handler_email for each in opened}
    emails |= set(Mailbox.objects.filter(provider=provider).values_list("address", flat=True))
    phones = {x.phone for x in who} | {p.value for p in ours} | {each.case.handler_phone for each in opened}
    phones |= {number for s in services for number in s.numbers.splitlines()}
    numbers = {x.account for x in who}
    numbers |= (
        set(Account.objects.filter(customer=customer).values_list("number", flat=True)) if customer else set()
    )
    own = {x.name for x in who} | ({customer.name} if customer else set())
    if customer is not None:
        emails.add(customer.email)
        phones.add(customer.phone)
    handlers = {each.case.handler_name for each in opened}
    return Known(
        names=_some(own), emails=_some(e.casefold() for e in emails), phones=_some(tp.telephone(p) for p in phones),
        postcodes=_some(code for a in addresses for code in tp.postcodes(a)),
        streets=_some(line for a in addresses for line in tp.streets(a)),
        numbers=_some("".join(c for c in n if c.isdecimal()) for n in numbers),
        staff=_some({*names.values(), *handlers, *(_manager(customer),)}),
        others=_some({p.name for each in opened for p in each.case.parties} | {s.name for s in speakers}),
        chosen=_some(chosen),
    )  # fmt: skip


def _manager(customer: CustomerRow | None) -> str:
    return customer.account_manager_name if customer else ""


def _some(values: Iterator[str] | Sequence[str] | set[str]) -> frozenset[str]:
    return frozenset(value.strip() for value in values if value.strip())
