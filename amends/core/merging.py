"""Two cases that are one complaint: whether they may be merged, and the facts by which no date is lost.

  A-law-clock   a law clock never resets and survives merging: of both first receipts the one counts whose letter is due
                first, and a date that the code or a deadlock had set under either reference is kept
  CH-12         an ADR letter that left under either reference counts for both
  AD-13         what a person found of it that a scheme may not take counts for both, until somebody finds otherwise
  A-consent     what a customer wrote is answered under the reference that goes on; an offer that waits is answered first

A merge changes no fact: the case that ends says where it goes on, the one that goes on says what came with it, and a
merge by mistake is undone by one more fact on each, which gives both their own dates back.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from amends.core import facts as f
from amends.core.awards import Stand
from amends.core.calendar import london_date
from amends.core.care import steps
from amends.core.clocks import clocks
from amends.core.code import Owed
from amends.core.duties import ACKNOWLEDGEMENT, ADR, answers_given
from amends.core.eligibility import covered
from amends.core.kinds import PROMISED
from amends.core.may import Refusal, act
from amends.core.personal_data import RULE, complained
from amends.core.scheme_path import grounds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from amends.core.case import Case, Customer, SentLetter
    from amends.core.rulebook import Rulebook

PHONE_DIGITS = 9
"""The last digits of a telephone number, which are the same however its beginning is written."""


_DONE = frozenset({Stand.LAPSED, Stand.GIVEN, Stand.WITHDRAWN})


class Same(StrEnum):
    """Whether two cases are of one customer, by what is written down of them."""

    YES = "yes"
    UNKNOWN = "unknown"
    NO = "no"


def same_customer(one: Customer, other: Customer) -> Same:
    """Whether two cases are of one customer.

    They are where a name agrees, or is missing on one, and an email, an account or a telephone number agrees.
    It is not known while one of them has none of these; all others are different people, as a household may be.
    """
    ways = [(set(_ways(c)), _name(c)) for c in (one, other)]
    (first, name), (second, named) = ways
    if first & second and (not name or not named or name == named):
        return Same.YES
    return Same.UNKNOWN if not (first or name) or not (second or named) else Same.NO


def one_customer(one: Case, other: Case) -> Same:
    """Whether two cases are of one customer: as the customers' book says of both, else as is written down."""
    if one.linked is not None and other.linked is not None:
        return Same.YES if one.linked.customer == other.linked.customer else Same.NO
    return same_customer(one.customer, other.customer)


def _ways(customer: Customer) -> Iterator[str]:
    digits = "".join(c for c in customer.phone if c.isdigit())
    if len(digits) >= PHONE_DIGITS:
        yield f"phone {digits[-PHONE_DIGITS:]}"
    if customer.email.strip():
        yield f"email {customer.email.strip().casefold()}"
    if customer.account.strip():
        yield f"account {customer.account.strip().casefold()}"


def _name(customer: Customer) -> str:
    return " ".join(customer.name.casefold().split())


def merge(survivor: Case, ends: Case, book: Rulebook, ending_book: Rulebook, why: str) -> Refusal | None:
    """Whether `ends` may go on as `survivor`."""
    if (survivor.provider, survivor.reference) == (ends.provider, ends.reference):
        return Refusal("That is this case itself", "A-evidence", "Choose another case.")
    return (
        act(survivor)
        or _stands_alone(ends)
        or _nothing_open(ends)
        or _nothing_asked(survivor, ends)
        or _one_customer(survivor, ends, why)
        or _no_letter_lost(survivor, ends, book, ending_book)
    )


def _stands_alone(ends: Case) -> Refusal | None:
    if ends.merged_into is not None:
        return Refusal(
            f"{ends.reference} goes on as {ends.merged_into.reference} already", "A-evidence",
            "Merge that case, or undo the first merge.",
        )  # fmt: skip
    if ends.closed is not None:
        return Refusal(
            f"{ends.reference} is closed",
            "A-evidence",
            "Link it instead, or reopen it: its dates stand as they were.",
        )
    if ends.first_received is None:
        return Refusal(
            f"Nothing has been received on {ends.reference}", "A-evidence", "There is nothing to merge."
        )
    return None


def _nothing_asked(survivor: Case, ends: Case) -> Refusal | None:
    """Neither the steps of a request nor the clock of DP-01 come along: such a case is the one that goes on."""
    if steps.following(ends) is not None and not _asked_twice(survivor, ends):
        return Refusal(
            f"What was asked for on {ends.reference} is not done yet: it is {ends.kind.said}", "A-evidence",
            "Merge the other way round, so that its steps and dates go on; or link the two.",
        )  # fmt: skip
    data, known = complained(ends), complained(survivor)
    if data is not None and (known is None or data < known):
        return Refusal(
            f"{ends.reference} is also about personal data, which has a clock of its own", RULE,
            "Merge the other way round, so that it goes on.",
        )  # fmt: skip
    return None


def _asked_twice(survivor: Case, ends: Case) -> bool:
    """Whether both are the same request, of which nothing is begun on the one that ends and nothing is lost with it."""
    promised = PROMISED.get(ends.kind)
    if promised is None or survivor.kind is not ends.kind or ends.steps_taken:
        return False
    begun = [
        min((e.at for e in c.events if e.trigger is promised[0]), default=None) for c in (survivor, ends)
    ]
    return begun[0] is not None and begun[1] is not None and begun[0] <= begun[1]


def _with_scheme(ends: Case) -> Refusal | None:
    if ends.referral is not None and ends.scheme_decision is None:
        return Refusal(
            f"A scheme has {ends.reference}", "A-evidence", "Merge the other way round: it is known there by that reference."
        )  # fmt: skip
    if ends.scheme_told is not None:
        return Refusal(
            f"The customer says that a scheme has {ends.reference}", "A-evidence",
            "Ask the scheme and write down what it says, or merge the other way round.",
        )  # fmt: skip
    return None


def _nothing_open(ends: Case) -> Refusal | None:
    if any(c.inbound and not c.machine and c.complaint is None for c in ends.contacts):
        return Refusal(
            f"Nobody has decided of every contact on {ends.reference} whether it was a complaint",
            "A-was-it-a-complaint", "Answer that there first: the decision stands on each.",
        )  # fmt: skip
    if ends.open_outcome is not None:
        return Refusal(
            f"An outcome on {ends.reference} waits for the customer’s answer", "A-consent",
            "Merge the other way round, or record the answer first.",
        )  # fmt: skip
    if any(a.stands not in _DONE for a in ends.awards):
        return Refusal(
            f"Something is owed to the customer on {ends.reference}, or was worked out for them", "A-evidence",
            "Merge the other way round, so that it is given where it is owed.",
        )  # fmt: skip
    if any(a.waits for a in ends.approvals):
        return Refusal(
            f"Something on {ends.reference} waits for a decision",
            "A-evidence",
            "Have it decided, or take it back, first.",
        )
    asked = _asked_and_not_answered(ends) or _with_scheme(ends)
    if asked is not None:
        return asked
    if ends.copy_waiting is not None:
        return Refusal(
            f"A copy of the code is owed on {ends.reference}", "R-04", "Find a way for it to leave first."
        )
    return None


def _asked_and_not_answered(ends: Case) -> Refusal | None:
    """Whether somebody was asked for something on this case, whose answer would come to a case that is over."""
    if any(s.answered is None for s in ends.suppliers):
        return Refusal(
            f"A supplier has been asked on {ends.reference} and has not answered", "A-evidence",
            "Merge the other way round, so that they are chased on their day.",
        )  # fmt: skip
    if any(q.over is None for q in ends.questions):
        return Refusal(
            f"The customer has been asked something on {ends.reference} and has not answered", "A-evidence",
            "Merge the other way round, or say first what became of the question.",
        )  # fmt: skip
    return None


def _one_customer(survivor: Case, ends: Case, why: str) -> Refusal | None:
    same = one_customer(survivor, ends)
    if same is Same.NO:
        return Refusal(
            "The two cases are of different customers, and neither may read the other’s words", "A-evidence",
            "Link them instead; or, where they are one person, write their details right on both first.",
        )  # fmt: skip
    if same is Same.UNKNOWN and not why.strip():
        return Refusal(
            "It is not known that both cases are of one customer", "A-evidence",
            "Write why you take them for one complaint, or the customer’s details first.",
        )  # fmt: skip
    return None


def _no_letter_lost(survivor: Case, ends: Case, book: Rulebook, ending_book: Rulebook) -> Refusal | None:
    if any(x.letter == ADR and x.fate == "in doubt" for x in ends.letters):
        return Refusal(
            f"The ADR letter of {ends.reference} is in doubt", "A-law-clock", "Say first whether it left."
        )
    owed = ends.complaint is not False and ends.adr_exception is None
    if owed and survivor.adr_exception is not None:
        return Refusal(
            f"No ADR letter leaves on {survivor.reference}, by a decision of two people", "R-09",
            "Merge the other way round: the letter is owed there.",
        )  # fmt: skip
    if owed and survivor.resolved:
        return Refusal(
            f"The customer says that {survivor.reference} is resolved",
            "A-consent",
            "Merge the other way round.",
        )
    if owed and _covered(ends, ending_book) and not _covered(survivor, book):
        return Refusal(
            f"By what is known on {survivor.reference} the customer is not covered, on {ends.reference} they are", "CH-05",
            "Write the customer’s details right on both first.",
        )  # fmt: skip
    return None


def _covered(case: Case, book: Rulebook) -> bool:
    assert case.first_received is not None
    on = london_date(case.first_received)
    return covered(case.customer.kind, case.customer.headcount, book.law, on).covered


def undo(survivor: Case, reference: str, why: str) -> Refusal | None:
    """Whether the merge of the case with this reference into `survivor` may be undone."""
    if not any(m.reference == reference for m in survivor.merged):
        return Refusal(f"{reference} does not go on here", "A-evidence", "Choose one of the cases shown.")
    if survivor.merged_into is not None:
        return Refusal(
            f"{survivor.reference} goes on as {survivor.merged_into.reference} itself", "A-law-clock",
            "Undo that merge first.",
        )  # fmt: skip
    if not why.strip():
        return Refusal("Undoing a merge needs a reason", "A-evidence", "Write why they are two complaints.")
    return None


def to_withdraw(ends: Case) -> tuple[SentLetter, ...]:
    """The letters of the law that have not left the case that ends: the one that goes on writes its own."""
    return tuple(x for x in ends.letters if x.letter in (ACKNOWLEDGEMENT, ADR) and not x.fate)


def brought(ends: Case, book: Rulebook, by: str, now: datetime, why: str, *, same: bool) -> list[f.Fact]:
    """What the case that goes on writes down of the one that ends. Ask before anything of it is withdrawn."""
    assert ends.first_received is not None
    counts = ends.complaint is not False
    found: list[f.Fact] = [
        f.CaseMergedFrom(
            at=now, logged=now, by=by, reference=ends.reference, first_received=ends.first_received,
            channel=ends.first_channel, counts=counts, same_customer=same, why=why,
        )
    ]  # fmt: skip
    kept = earliest_letter(ends, book) if counts else None
    by_law, _rule = book.law.adr_due(london_date(ends.first_received))
    # What the law makes of the receipt is worked out again where the case goes on; all else is kept as it stood.
    if kept is not None and london_date(kept[1]) < by_law:
        clause, due = kept
        found.append(
            f.MergedDateKept(at=now, logged=now, by=by, reference=ends.reference, clause=clause, due=due)
        )
    found += [
        f.MergedLetterCounts(
            at=now, logged=now, by=by, reference=ends.reference, key=x.key, channel=x.channel, left=x.fate_at
        )
        for x in ends.letters_of(ADR)
        if x.left and x.fate_at is not None
    ]
    limits = ",".join(sorted(grounds(ends)))
    if limits and counts:
        found.append(f.MergedLimitsCount(at=now, logged=now, by=by, reference=ends.reference, grounds=limits))
    given = answers_given(ends)
    heard = [(c.id, c.channel, c.at) for c in ends.contacts if c.inbound and c.asks_answer]
    heard += [(e.ref.split()[-1], e.channel, e.at) for e in ends.waits_from_merged]
    # An answer settles everything that was asked before it: the oldest that waits is the one to keep in time.
    waits = min((h for h in heard if not any(at >= h[2] for at in given)), key=lambda h: h[2], default=None)
    if waits is not None and counts:
        contact, channel, received = waits
        found.append(
            f.MergedMessageWaits(
                at=now, logged=now, by=by, reference=ends.reference, contact=contact, channel=channel, received=received
            )
        )  # fmt: skip
    return found


def earliest_letter(case: Case, book: Rulebook) -> tuple[str, datetime] | None:
    """By when the ADR letter of a case is due, with the clause; None where none is owed any more."""
    owed = [(c.due, c.clause) for c in clocks(case, book) if c.owe is Owed.ADR_LETTER and c.running and c.due]
    due = min(owed, default=None)
    return None if due is None else (due[1], due[0])
