"""What people do to put a wrong right: work out awards, propose them within their limits, and see that they are given.

N-compensation, O-compensation, F-no-automatic   a person decides, with the reason
F-beyond-control   before money is given somebody says whether it lay beyond control, and what they looked at
F-porting, SW-09   a late port has no built-in rate
AC-R8, AC-R10      automatic compensation is for providers that signed, as a dated fact about them
O-credit           money goes to billing once, and is chased until a bill shows it

A sum above the limit of whoever proposes it waits for a second person; one that the law or a scheme names never does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from amends.core import awards, may, saying
from amends.core import facts as f
from amends.core.awards import Award, AwardKind, Basis, Stand
from amends.core.calendar import london_date
from amends.core.citing import NOTHING as NOTHING_CITED
from amends.core.citing import Cited
from amends.core.duties import CREDIT_NOTE
from amends.core.may import Refusal
from amends.core.redress import compensation
from amends.core.redress.compensation import Event, Owed, Signed
from amends.core.redress.sums import Line, Mistake, Sum, paid
from amends.core.ways import ways
from amends.desk import alarms, ledger, paid_before, powers
from amends.desk.freeze import next_key
from amends.desk.limits import What
from amends.desk.models import AuditEntry, CompensationSignature

if TYPE_CHECKING:
    from amends.core.case import Case
    from amends.core.rulebook import Rulebook
    from amends.desk.actions import Actor
    from amends.desk.models import Provider
    from amends.desk.record import CaseInHand, Docket

CAME_BACK: Final = "money came back"
OUTCOME: Final = "outcome"
MOST_PENCE: Final = 100_000_000
"""A million pounds: more in one award is a slip of the pen."""
MAY_BECOME: Final[dict[Stand, tuple[str, ...]]] = {
    Stand.PREPARED: ("withdrawn",),
    Stand.OWED: ("given",),
    Stand.HANDED_OVER: ("given", "in doubt", "failed"),
    Stand.GIVEN: ("reversed",),
    Stand.IN_DOUBT: ("given", "failed"),
    Stand.CAME_BACK: ("given", "again"),
}
"""What a person, or billing, may say became of an award, by where it stands."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody wants to give, before it is an award."""

    kind: AwardKind
    basis: Basis
    words: str
    sum: Sum | None = None
    """Needed for money."""
    beyond_control: bool | None = None
    looked_at: str = ""
    pay_by: date | None = None
    covers: str = ""
    """What it pays for, so that nothing is paid twice: see `awards.Award.covers`."""
    was_paid: int | None = None
    """Of a refund of a bill, what was paid on it, in pence: no more is given back, on however many cases."""


def signed(provider: str) -> tuple[Signed, ...]:
    """When a provider's signature under the code of automatic compensation held."""
    rows = CompensationSignature.objects.filter(provider=provider).order_by("since")
    return tuple(Signed(row.since, row.until) for row in rows)


def sign(provider: Provider, since: date, until: date | None, *, by: str, now: datetime) -> None:
    """Record that a provider's signature holds from a day on; the same day again corrects its end."""
    CompensationSignature.objects.update_or_create(provider=provider, since=since, defaults={"until": until})
    detail = {"since": since.isoformat(), "until": until.isoformat() if until else None}
    AuditEntry.objects.create(
        provider=provider, at=now, by=by, what="automatic compensation signed", detail=detail
    )


def prepare(
    hand: CaseInHand, by: Actor, now: datetime, given: Given, *, approved: bool = False
) -> Refusal | None:
    """Work out one award. It is part of the next outcome; what is owed at once is owed from now on.

    Where there is no outcome by which a second person could agree, a sum over somebody's limit waits for a decision.
    """
    refusal = None if given.basis.at_once or approved else nothing_waits(hand.case)
    refusal = refusal or may_prepare(hand, given, now) or paid_before.twice(hand, given)
    if refusal is not None:
        return refusal
    over = 0 if approved else _over_alone(hand, by, given)
    if over:
        return _ask(hand, by, now, given, over)
    add(hand, by, now, given)
    return None


def _over_alone(hand: CaseInHand, by: Actor, given: Given) -> int:
    """What the case comes to with this, where that is over what one decides alone and no outcome asks; else nothing."""
    if not hand.case.care or given.basis.at_once or given.sum is None:
        return 0
    whole = given.sum.pence + awards.pence(a for a in hand.case.awards if a.counts and a.basis.limited)
    what = powers.money(given.basis is not Basis.REFUND)
    return 0 if powers.alone(hand.provider.pk, by, what, whole) else whole


def _ask(hand: CaseInHand, by: Actor, now: datetime, given: Given, amount: int) -> Refusal | None:
    """Let an award of a case without an outcome wait for a decision, with its arithmetic: nothing is owed yet."""
    assert given.sum is not None
    return powers.ask(
        hand, by, now, deed=powers.AWARD, clause=given.sum.clause, why=given.words, amount=amount,
        kind=str(given.kind), basis=str(given.basis), words=given.words, sum=json.dumps(given.sum.to_json()),
        beyond="yes" if given.beyond_control else "no", looked_at=given.looked_at, covers=given.covers,
    )  # fmt: skip


def waited(said: dict[str, Any]) -> Given:
    """The award that a request for a decision would give, as it was worked out: see `_ask`."""
    return Given(
        AwardKind(said["kind"]), Basis(said["basis"]), said["words"], Sum.from_json(json.loads(said["sum"])),
        beyond_control=said["beyond"] == "yes", looked_at=said["looked_at"], covers=said["covers"],
    )  # fmt: skip


def goodwill(pence: int, words: str, clause: str) -> Sum:
    """A sum that a person decides for itself: its arithmetic is its reason."""
    return paid([Line(words.strip(), Decimal(pence) / 100)], clause)


def ours(hand: CaseInHand, pence: int, *, award: bool = True) -> Given:
    """A credit for what was our own doing, in the words of an outcome that says the rest: goodwill, or what was charged."""
    words, clause = "Credit for what went wrong", awards.paid_clause(hand.book, AwardKind.CREDIT)
    return Given(
        AwardKind.CREDIT, Basis.GOODWILL if award else Basis.REFUND, words, goodwill(pence, words, clause),
        beyond_control=False, looked_at="The findings on this case.",
    )  # fmt: skip


def may_prepare(hand: CaseInHand, given: Given, now: datetime) -> Refusal | None:
    """Whether this may be given: it says what it is for, and money that somebody looked at what was beyond control."""
    clause = given.sum.clause if given.sum else awards.paid_clause(hand.book, given.kind)
    refusal = None if given.basis.at_once or _after_its_end(hand.case, given) else may.act(hand.case)
    if refusal is not None:
        return refusal
    if not given.words.strip():
        return Refusal("An award says what it is for", clause, "Write it as the customer will read it.")
    if given.pay_by is not None and given.pay_by < london_date(now) and not given.basis.at_once:
        return Refusal("That day is over", clause, "Give a day that is still to come, or leave it empty.")
    return _money(given, clause) if given.kind.money else None


def _after_its_end(case: Case, given: Given) -> bool:
    """Whether it is for a time without service on a fault that was repaired: most close before an outage is refunded."""
    return (
        case.care
        and case.merged_into is None
        and bool(given.covers)
        and given.basis in (Basis.REFUND, Basis.GOODWILL)
    )


def _money(given: Given, clause: str) -> Refusal | None:
    if given.sum is None or not 0 < given.sum.pence <= MOST_PENCE:
        return Refusal(
            "There is no sum to pay", clause, "Give a sum of more than nothing, in pounds and pence."
        )
    if given.basis.at_once:
        return None
    if given.beyond_control is None or not given.looked_at.strip():
        return Refusal(
            "Nobody has said whether it lay beyond our control", awards.HOUSE,
            "Say which it was, and what you looked at.",
        )  # fmt: skip
    if given.beyond_control and given.basis is not Basis.GOODWILL:
        return Refusal(
            "What lay beyond our control is owed nothing", awards.HOUSE,
            "Give it as goodwill, if it should be given all the same.",
        )  # fmt: skip
    return None


def nothing_waits(case: Case) -> Refusal | None:
    """Whether awards may be worked out: not while an outcome with others waits for a decision."""
    if not any(a.waits and a.deed in (powers.COMPENSATION, powers.AWARD) for a in case.approvals):
        return None
    return Refusal(
        "An award waits for a decision" if case.care else "An outcome waits for a decision",
        "A-evidence",
        "Wait until it is made, or take the request back first.",
    )


def add(hand: CaseInHand, by: Actor, now: datetime, given: Given) -> None:
    """Write an award down that may be given."""
    hand.add(
        f.AwardPrepared(
            at=now, logged=now, by=by.id, award=awards.next_number(hand.case), award_kind=str(given.kind),
            basis=str(given.basis), pence=given.sum.pence if given.sum else 0,
            clause=given.sum.clause if given.sum else awards.paid_clause(hand.book, given.kind),
            pay_by=given.pay_by.isoformat() if given.pay_by else "",
            beyond_control={True: "yes", False: "no", None: ""}[given.beyond_control],
            looked_at=given.looked_at.strip(), words=given.words.strip(),
            arithmetic=json.dumps(given.sum.to_json()) if given.sum else "", covers=given.covers,
        )
    )  # fmt: skip


def worked_out(case: Case, book: Rulebook, event: Event, until: date) -> Owed | tuple[Mistake, ...]:
    """What automatic compensation is owed for an event on this case, less what it was paid before."""
    return compensation.owed(
        event,
        signed(case.provider),
        case.customer.kind,
        book.law,
        book.calendar,
        until,
        paid_before.days(case),
    )


def compensate(docket: Docket, hand: CaseInHand, by: Actor, now: datetime, event: Event) -> Refusal | None:
    """Owe automatic compensation, at once and with its credit note; refused where the provider has not signed."""
    found = worked_out(hand.case, hand.book, event, london_date(now))
    if not isinstance(found, Owed):
        return Refusal(found[0].what, found[0].clause, found[0].mend)
    if not found.sum.pence:
        return Refusal(
            found.because, found.sum.clause, "Nothing is owed automatically; goodwill is another matter."
        )
    tokens = [compensation.token(event, day) for day in found.days]
    given = Given(
        AwardKind.CREDIT, Basis.AUTOMATIC, _NAMES[type(event)], found.sum, pay_by=found.pay_by,
        covers=json.dumps(tokens),
    )  # fmt: skip
    refusal = prepare(hand, by, now, given)
    if refusal is None:
        note(docket, hand, hand.case.awards[-1])
    return refusal


_NAMES: Final[dict[type[Event], str]] = {
    compensation.DelayedRepair: "Your service was repaired late",
    compensation.MissedAppointment: "An appointment was missed",
    compensation.DelayedStart: "Your service started late",
}


def over_limit(hand: CaseInHand, more: Given | None, by: Actor) -> tuple[What, int] | None:
    """On which limit the money of the next outcome is over what a person decides alone, and how much it is."""
    sums = [(a.basis, a.pence) for a in awards.prepared(hand.case) if a.kind.money and a.basis.limited]
    if more is not None and more.sum is not None and more.basis.limited:
        sums.append((more.basis, more.sum.pence))
    back = sum(pence for basis, pence in sums if basis is Basis.REFUND)
    other = sum(pence for _basis, pence in sums) - back
    for what, amount in ((What.AWARD, other), (What.CREDIT, back)):
        if not powers.alone(hand.provider.pk, by, what, amount):
            return what, amount
    return None


def asked(hand: CaseInHand, said: dict[str, Any]) -> Given | None:
    """The award that a request for a decision names besides what was worked out; None where it names none."""
    if not said["credit_pence"]:
        return None
    given = ours(hand, said["credit_pence"], award=said.get("goodwill", said["award"]))
    words, looked_at = said.get("what_for") or given.words, said.get("looked_at") or given.looked_at
    assert given.sum is not None
    return replace(
        given, words=words, looked_at=looked_at, sum=goodwill(said["credit_pence"], words, given.sum.clause)
    )


def put(
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, words: str, *, award: bool = False,
    cited: Cited = NOTHING_CITED, lane: int | None = None,
) -> None:  # fmt: skip
    """Put the outcome, what was worked out for it and its reasons to the customer, in writing.

    It leaves in the lane of an outcome, unless another is named.
    """
    way = ways(hand.case, OUTCOME)[0]
    given = awards.prepared(hand.case)
    # The letter tells the outcome as the case has it, so the fact comes first and names the letter's key.
    hand.add(
        f.OutcomeProposed(
            at=now, logged=now, by=by.id, outcome=uuid4().hex[:12], channel=way.channel, credit_pence=awards.pence(given),
            letter=next_key(hand, OUTCOME), words=words, awards=" ".join(a.id for a in given), award=award,
            cites=" ".join(cited.clauses), because=cited.because.strip(), fault_owner=cited.fault_owner.strip(),
        )
    )  # fmt: skip
    docket.write(hand, OUTCOME, channel=way.channel, to=way.to, lane=lane)


def became(
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, award: str, fate: str, why: str = ""
) -> Refusal | None:
    """Say what became of an award: given, on which bill; failed or taken back; to go to billing once more."""
    found = next((a for a in hand.case.awards if a.id == award), None)
    if found is None:
        return Refusal("The case has no such award", "A-evidence", "Choose one of those shown.")
    if fate not in may_become(found):
        return Refusal(
            f"It is {found.stands}: it cannot be {_SAID.get(fate, fate)} now", found.clause,
            "Look at where it stands, and choose again.",
        )  # fmt: skip
    if not why.strip():
        return Refusal(
            "It must stand on the case how that is known", "A-evidence",
            "Write it: the number of the bill, what billing said, what was done.",
        )  # fmt: skip
    number = found.number(hand.case.reference) if found.kind.money and found.attempts else ""
    hand.add(
        f.AwardFate(at=now, logged=now, by=by.id, award=award, fate=fate, billing=number, why=why.strip())
    )
    after = next(a for a in hand.case.awards if a.id == award)
    about = f"{ledger.chain_name(hand.provider.pk, hand.row.reference)}/{award}"
    if after.stands in _RAISED:
        text = f"{hand.row.reference}: {saying.pence(found.pence)} {after.stands}"
        raised = alarms.alarm(CAME_BACK, about, text, "Money came back from billing", now, hand.provider.pk)
        docket.along(lambda: alarms.raise_all([raised]))
    elif found.stands in _RAISED:
        docket.along(lambda: alarms.clear(CAME_BACK, [about], now))
    if fate == "given" and found.kind.money:
        note(docket, hand, after, why.strip())
    elif fate == "reversed":
        # They were written that they have it: they are never left to find out from a bill that they have it no more.
        note(docket, hand, after, found.bills[-1] if found.bills else "")
    return None


_RAISED: Final = (Stand.CAME_BACK, Stand.IN_DOUBT)
_SAID: Final = {"again": "handed over again", "failed": "said to have failed", "reversed": "taken back"}


def may_become(award: Award) -> tuple[str, ...]:
    """What may be said of this award now."""
    allowed = MAY_BECOME.get(award.stands, ())
    if award.stands is Stand.GIVEN and not award.kind.money:
        return ()
    if award.stands is Stand.OWED and award.basis is Basis.AUTOMATIC and not award.attempts:
        return (*allowed, "withdrawn")
    return allowed


def hand_over(hand: CaseInHand, by: str, now: datetime, award: Award) -> str:
    """Say that billing has a sum, in the docket that puts it in a batch; the number under which it does."""
    number = award.number(hand.case.reference)
    hand.add(f.AwardFate(at=now, logged=now, by=by, award=award.id, fate="handed over", billing=number))
    return number


def note(docket: Docket, hand: CaseInHand, award: Award, bill: str = "", lane: int | None = None) -> None:
    """Write the credit note, where there is a way to reach the customer; in another lane than its own where one is named."""
    for way in ways(hand.case, CREDIT_NOTE)[:1]:
        extra = {"award": award.id, "bill": bill}
        docket.write(hand, CREDIT_NOTE, channel=way.channel, to=way.to, extra=extra, lane=lane)
