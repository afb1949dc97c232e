"""What people do to a case, from the console, the portal, a call or a story: each checked, then written as facts.

Every action takes the docket in which the case is locked, says no with a `Refusal` that cites its clause, or adds its
facts and the letters that go with them. Nothing else in the desk decides what an action means.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from uuid import uuid4

from amends.core import citing, copies, may, questions, saying
from amends.core import facts as f
from amends.core.awards import Basis
from amends.core.calendar import LONDON, UnknownDay, add_months, london_date, midnight
from amends.core.citing import Cited
from amends.core.clocks import clocks
from amends.core.duties import NEEDED_BY_LAW, further_stage
from amends.core.formats import AT_ONCE, Format, clause
from amends.core.kinds import COPY_LETTER, FORMAT_LETTER, QUESTION, CaseKind
from amends.core.letters import Letter, letter_from_json
from amends.core.may import Refusal
from amends.core.ways import LETTER, ways
from amends.desk import categories, enclosed, needs, powers, redress, uploads, voice
from amends.desk.freeze import CAME_TO_NOTHING
from amends.desk.limits import What
from amends.desk.models import Outgoing, Upload

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from amends.core.case import SentLetter
    from amends.core.schemes import Ground
    from amends.desk.attachment import Attachment
    from amends.desk.models import Provider
    from amends.desk.record import CaseInHand, Docket

WRITTEN = ("email", "letter")
NO_COMPLAINT = "They asked for a copy of the code, and for nothing else."
LAST_POST = time(17, 30)
"""When a day's last post goes: the moment of a letter that was posted on a day before today."""
RETURNED_BECAUSE = (
    "no longer at this address", "address incomplete or unknown", "refused", "not called for", "no reason given",
)  # fmt: skip
"""What the post writes on a letter that it brings back."""
REVIEW_MONTHS = 12
"""How long a recorded need stands before the customer is asked again: a rule of this house."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with a role at the provider, or the customer."""

    id: str
    name: str = ""
    role: str = ""
    phone: str = ""
    email: str = ""

    @property
    def is_customer(self) -> bool:
        """Whether the customer acts, through the portal or an authenticated reply."""
        return self.id == f.CUSTOMER


THE_CUSTOMER = Actor(f.CUSTOMER, "the customer", "customer")


def _new_id() -> str:
    return uuid4().hex[:12]


@dataclass(frozen=True, slots=True)
class NewContact:
    """A first or further contact that a person logs or a form sends, with its three times (L11)."""

    channel: str
    received: datetime
    words: str
    subject: str = ""
    sender: str = ""
    effective: datetime | None = None
    """Earlier than `received` where the provider had it before it was measured; then `backdated_why` says why."""
    backdated_why: str = ""
    asks_answer: bool = True
    message: str = ""
    files: tuple[Attachment, ...] = ()
    """What came with it: scans, photos. Kept beside the case; their digests enter the chain."""


def open_case(
    docket: Docket,
    provider: Provider,
    contact: NewContact,
    customer: f.CustomerKnown | None,
    by: Actor,
    now: datetime,
    reference: str | None = None,
) -> CaseInHand:
    """A new case from a first contact. It is a complaint from its receipt until a person says otherwise.

    A form that was shown with a reference gives it: sent twice, it opens one case.
    """
    counts = _counts_from(provider.pk, contact, by)
    hand = docket.open_case(provider, counts, by=by.id, reference=reference)
    if customer is not None:
        hand.add(customer)
    add_contact(hand, contact, by, now)
    return hand


def add_contact(hand: CaseInHand, contact: NewContact, by: Actor, now: datetime) -> str:
    """One more contact from the customer; returns its id. Back-dated over a limit, it counts as measured until decided."""
    contact_id = _new_id()
    counts = _counts_from(hand.provider.pk, contact, by)
    hand.add(
        f.ContactReceived(
            at=counts, logged=now, by=by.id, contact=contact_id,
            channel=contact.channel, received=contact.received, backdated_why=contact.backdated_why,
            asks_answer=contact.asks_answer, message=contact.message, sender=contact.sender,
            subject=contact.subject, words=contact.words, files=uploads.digests(contact.files),
        )
    )  # fmt: skip
    if contact.files:
        uploads.keep(hand.row, contact_id, contact.files, counts)
    if contact.effective is not None and counts != contact.effective:
        powers.ask(
            hand, by, now, deed=powers.BACKDATING, clause="CH-10", why=contact.backdated_why, contact=contact_id,
            received=contact.effective.isoformat(), amount=powers.days_apart(contact.effective, contact.received),
        )  # fmt: skip
    return contact_id


def _counts_from(provider: str, contact: NewContact, by: Actor) -> datetime:
    """The moment from which a contact counts: earlier than measured only as far as whoever logs it may back-date."""
    effective = contact.effective or contact.received
    days = powers.days_apart(effective, contact.received)
    return effective if powers.alone(provider, by, What.BACKDATING, days) else contact.received


def decide_complaint(
    hand: CaseInHand, by: Actor, now: datetime, *, contact: str, complaint: bool, why: str
) -> Refusal | None:
    """Answer "was this a complaint?" for one contact."""
    if hand.case.contact(contact) is None:
        return Refusal(
            "The case has no such contact", "A-was-it-a-complaint", "Choose one of the contacts shown."
        )
    if not complaint and not why.strip():
        return Refusal(
            "Finding that something is no complaint needs a reason", "A-was-it-a-complaint",
            "Write why: no dissatisfaction was expressed, or no response was expected (R-01).",
        )  # fmt: skip
    hand.add(f.ComplaintDecided(at=now, logged=now, by=by.id, contact=contact, complaint=complaint, why=why))
    closed = hand.case.closed
    said = hand.case.contact(contact)
    if complaint and closed is not None and said is not None:
        # A dispute after the closing reopens the case; thanks do not (L10).
        if said.logged > closed.logged:
            hand.add(
                f.CaseReopened(at=now, logged=now, by=by.id, why="the customer wrote again after the closing")
            )
        elif closed.evidence in f.AS_NO_COMPLAINT:
            hand.add(f.CaseReopened(at=now, logged=now, by=by.id, why="it was a complaint after all"))
    return None


def know_customer(hand: CaseInHand, known: f.CustomerKnown) -> Refusal | None:
    """Write down what is known of the customer. Letters that waited for a way to reach them leave with it."""
    hand.add(known)
    return None


def check_identity(hand: CaseInHand, by: Actor, now: datetime, *, passed: bool, how: str) -> Refusal | None:
    """Record an identity check, failed ones too."""
    if not how.strip():
        return Refusal("An identity check says how it was made", "A-evidence", "Write what was asked.")
    hand.add(f.IdentityChecked(at=now, logged=now, by=by.id, passed=passed, how=how))
    return None


def assign(hand: CaseInHand, by: Actor, now: datetime, *, handler: Actor) -> Refusal | None:
    """Give the case to a person."""
    refusal = may.assign(hand.case)
    if refusal is None:
        hand.add(
            f.HandlerAssigned(
                at=now, logged=now, by=by.id, handler=handler.id, handler_name=handler.name,
                phone=handler.phone, email=handler.email,
            )
        )  # fmt: skip
    return refusal


def introduce(
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, channel: str, words: str
) -> Refusal | None:
    """The handler makes contact and introduces themselves: in speech, or by a letter with their direct details."""
    refusal = may.introduce(hand.case)
    if refusal is None and channel in WRITTEN:
        refusal = may.write_to(hand.case)
    if refusal is not None:
        return refusal
    key = _letter(docket, hand, "introduction", words) if channel in WRITTEN else ""
    hand.add(
        f.HandlerIntroduced(at=now, logged=now, by=by.id, channel=channel, letter=key, words=words),
        made(by, now, channel, "information", words, key),
    )
    return None


def made(
    by: Actor,
    now: datetime,
    channel: str,
    purpose: str,
    words: str,
    letter: str = "",
    *,
    reached: bool = True,
) -> f.ContactMade:
    """That we were in touch with the customer, just now."""
    return f.ContactMade(
        at=now, logged=now, by=by.id, contact=_new_id(), channel=channel, purpose=purpose,
        reached=reached, letter=letter, words=words,
    )  # fmt: skip


def _letter(docket: Docket, hand: CaseInHand, letter: str, words: str = "", **extra: str) -> str:
    """Decide a letter on the customer's best way; its words are frozen with the facts of this docket."""
    way = ways(hand.case, letter)[0]
    return docket.write(hand, letter, channel=way.channel, to=way.to, free_text=words, extra=extra)


def agree_time(  # noqa: PLR0913 - each thing that is agreed with the customer by its own name
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime,
    *, starts: datetime, ends: datetime, channel: str = "phone", number: str = "", person: str = "", plan: str = "",
    instead_of: str = "",
) -> Refusal | None:  # fmt: skip
    """Agree a contact time with the customer, and confirm it in writing where there is a way.

    `person` is who keeps it, by id; whoever agreed it where nobody is named. `plan` is what was agreed besides.
    """
    refusal = may.agree_time(hand.case, starts, ends, now)
    if refusal is not None:
        return refusal
    hand.add(
        f.ContactTimeAgreed(
            at=now, logged=now, by=by.id, appointment=_new_id(), starts=starts, ends=ends,
            channel=channel, person=person or by.id, number=number, plan=plan, instead_of=instead_of,
        )
    )  # fmt: skip
    if ways(hand.case):
        _letter(docket, hand, "contact-time", plan)
    return None


def settle_time(
    hand: CaseInHand, by: Actor, now: datetime, *, appointment: str, how: str, why: str = ""
) -> Refusal | None:
    """Say what became of an agreed contact time that was kept or missed."""
    if how not in ("kept", "missed by us", "missed by the customer"):
        return Refusal(
            "That is none of the three answers",
            "A-evidence",
            "Kept, missed by us or by the customer; one that is moved gets its new time.",
        )
    agreed = next((a for a in hand.case.appointments if a.id == appointment and not a.settled), None)
    if agreed is None:
        return Refusal("No such contact time waits", "A-evidence", "Choose one of the times shown.")
    if how != "kept" and now < agreed.starts:
        return Refusal(
            "Its window has not begun, so nobody has missed it", "A-evidence",
            "If it cannot be kept, move it to another time with the reason.",
        )  # fmt: skip
    hand.add(f.ContactTimeSettled(at=now, logged=now, by=by.id, appointment=appointment, how=how, why=why))
    return None


def move_time(  # noqa: PLR0913 - as `agree_time`
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime,
    *, appointment: str, starts: datetime, ends: datetime, why: str, number: str = "", person: str = "",
) -> Refusal | None:  # fmt: skip
    """Move an agreed contact time: the one agreed first and the reason stay on the case, and the customer is told."""
    before = next((a for a in hand.case.appointments if a.id == appointment and not a.settled), None)
    if before is None:
        return Refusal("No such contact time waits", "A-evidence", "Choose one of the times shown.")
    if not why.strip():
        return Refusal(
            "Moving an agreed time needs its reason", "A-evidence", "Write who asked for it, and why."
        )
    refusal = may.agree_time(hand.case, starts, ends, now)
    if refusal is not None:
        return refusal
    hand.add(
        f.ContactTimeSettled(at=now, logged=now, by=by.id, appointment=appointment, how="moved", why=why)
    )
    return agree_time(
        docket, hand, by, now, starts=starts, ends=ends, channel=before.channel, number=number or before.number,
        person=person or before.person, plan=before.plan, instead_of=appointment,
    )  # fmt: skip


def agree_interval(hand: CaseInHand, by: Actor, now: datetime, *, working_days: int) -> Refusal | None:
    """Agree how often the customer hears from us."""
    if not 1 <= working_days <= 20:  # four working weeks: what comes less often is no regular update
        return Refusal(
            "The interval is between 1 and 20 working days", "CH-15", "Give a number of working days."
        )
    refusal = may.act(hand.case)
    if refusal is None:
        hand.add(f.UpdateIntervalAgreed(at=now, logged=now, by=by.id, working_days=working_days))
    return refusal


def call(
    hand: CaseInHand,
    by: Actor,
    now: datetime,
    *,
    purpose: str,
    words: str,
    reached: bool,
    at: datetime | None = None,
) -> Refusal | None:
    """Log a call that we made, just now or at an earlier moment."""
    if purpose not in f.PURPOSES:
        return Refusal("A call needs its purpose", "CH-15", f"One of: {', '.join(f.PURPOSES)}.")
    called = made(by, at or now, "phone", purpose, words, reached=reached)
    hand.add(replace(called, logged=now))
    return None


def time_call(hand: CaseInHand, by: Actor, now: datetime, *, contact: str, ended: datetime) -> Refusal | None:
    """Keep how long a call took: from when it counts until it ended."""
    said = hand.case.contact(contact)
    if said is None or said.channel != "phone":
        return Refusal("The case has no such call", "A-evidence", "Choose one of the calls shown.")
    if not said.at <= ended <= now:
        return Refusal("The call cannot have ended then", "A-evidence", "Give a moment since it began.")
    hand.add(f.CallTimed(at=said.at, logged=now, by=by.id, contact=contact, ended=ended))
    return None


def follow_up(
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, contact: str, words: str
) -> Refusal | None:
    """Put in writing what was said on a call (O-updates: by phone where possible, followed by email).

    It answers in substance what the customer called about; after a call of ours it is what that call was for.
    """
    said = hand.case.contact(contact)
    if said is None or said.channel != "phone":
        return Refusal("The case has no such call", "A-any-channel", "Choose one of the calls shown.")
    purpose = "update" if not said.inbound and said.purpose == "update" else "reply"
    return write(docket, hand, by, now, purpose=purpose, words=words)


def chatted(hand: CaseInHand, by: Actor, at: datetime, now: datetime, *, answered: bool) -> None:
    """People of the provider wrote in a chat, last at this moment; whether that answered the customer in substance.

    What they wrote stands in the transcript, which is the customer's contact.
    """
    written = made(by, at, "webchat", "reply" if answered else "information", "")
    hand.add(replace(written, logged=now))


def write(
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, purpose: str, words: str, papers: Sequence[int] = (),
) -> Refusal | None:  # fmt: skip
    """Write to the customer: a reply in substance, or an update. `papers` are the ids of files of the case that go along."""
    if purpose not in ("reply", "update"):
        return Refusal("A letter of one's own is a reply or an update", "CH-15", "Choose one of the two.")
    if not words.strip():
        return Refusal("There are no words to send", "CH-15", "Write what the customer should know.")
    going = _papers(hand, papers)
    refusal = may.write_to(hand.case) or (going if isinstance(going, Refusal) else None)
    if refusal is not None or isinstance(going, Refusal):
        return refusal
    channel = ways(hand.case, purpose)[0].channel
    key = _letter(docket, hand, purpose, words, **enclosed.named(going))
    hand.add(made(by, now, channel, purpose, words, key))
    return None


def _papers(hand: CaseInHand, papers: Sequence[int]) -> list[Upload] | Refusal:
    """The files of the case by their ids; why they cannot go where one is not of this case, or they are too much."""
    if not papers:
        return []
    found = {file.pk: file for file in enclosed.offered(hand.row).filter(pk__in=papers)}
    if set(papers) - found.keys():
        return Refusal("A file is not on this case any more", "A-evidence", "Choose one of those shown.")
    if len(found) > enclosed.MOST_FILES or sum(file.size for file in found.values()) > enclosed.MOST_BYTES:  # type: ignore[attr-defined]  # annotated
        return Refusal(
            "That is more than an email carries", "A-evidence",
            f"Choose at most {enclosed.MOST_FILES} files of together {enclosed.MOST_BYTES // 1_000_000} MB.",
        )  # fmt: skip
    return [found[number] for number in dict.fromkeys(papers)]


def say_cannot(docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, words: str) -> Refusal | None:
    """Say in writing that we cannot settle it: an answer in substance, and no deadlock."""
    if not words.strip():
        return Refusal("There are no words to send", "CH-15", "Write why, and what the customer can do.")
    refusal = may.propose(hand.case)
    if refusal is not None:
        return refusal
    channel = ways(hand.case, may.CANNOT_RESOLVE)[0].channel
    key = _letter(docket, hand, may.CANNOT_RESOLVE, words)
    hand.add(made(by, now, channel, "reply", words, key))
    return None


def record_findings(
    hand: CaseInHand, by: Actor, now: datetime, *, words: str, fault_owner: str = ""
) -> Refusal | None:
    """Write down what the investigation found."""
    refusal = may.act(hand.case)
    if refusal is None:
        hand.add(f.FindingsRecorded(at=now, logged=now, by=by.id, fault_owner=fault_owner, words=words))
    return refusal


def propose(  # noqa: PLR0913 - the words, and the sum in whichever of three forms its callers have it
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, words: str, credit_pence: int = 0,
    award: bool = False, approved: bool = False, given: redress.Given | None = None, cited: Cited | None = None,
    lane: int | None = None,
) -> Refusal | None:  # fmt: skip
    """Put an outcome with its awards and its reasons to the customer, in writing, who may refuse it.

    `given` is one more award, besides those that were worked out before; `credit_pence` stands for one, and `award` says
    that it is compensation or goodwill, and gives back nothing that was charged. What is over the limit of whoever
    proposes it waits for a decision, and nothing leaves. Where nothing is `cited`, whose fault it was is what was found.
    The letter leaves in the lane of an outcome, unless another is named.
    """
    if cited is None:
        cited = Cited(fault_owner=citing.known_owner(hand.case, hand.book.code))
    refusal = may.propose(hand.case)
    if refusal is None and not words.strip():
        refusal = Refusal(
            "There is no outcome to tell", "A-consent", "Write what we found and what we offer."
        )
    refusal = refusal or citing.may_cite(hand.case, hand.book, cited)
    if refusal is None and credit_pence < 0:
        refusal = Refusal(
            "A credit cannot be less than nothing", "A-evidence", "Give a sum in pounds and pence."
        )
    if refusal is None and credit_pence and given is None:
        given = redress.ours(hand, credit_pence, award=award)
    if refusal is None and given is not None:
        refusal = redress.may_prepare(hand, given, now)
    if refusal is not None:
        return refusal
    over = None if approved else redress.over_limit(hand, given, by)
    if over is not None:
        what, amount = over
        return powers.ask(
            hand, by, now, deed=powers.COMPENSATION, clause=powers.money_clause(hand.book), why=words, amount=amount,
            words=words, credit_pence=given.sum.pence if given and given.sum else 0, award=what is What.AWARD,
            goodwill=given is not None and given.basis is Basis.GOODWILL,
            what_for=given.words if given else "", looked_at=given.looked_at if given else "",
            cites=" ".join(cited.clauses), because=cited.because, fault_owner=cited.fault_owner,
        )  # fmt: skip
    if given is not None:
        redress.add(hand, by, now, given)
    redress.put(docket, hand, by, now, words, award=award, cited=cited, lane=lane)
    return None


def answer(
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, accepted: bool, how: str, words: str
) -> Refusal | None:
    """Record the customer's answer. Accepted, the case closes on the customer's word; refused, it climbs on."""
    refusal = may.answer(hand.case, how, words)
    if refusal is not None:
        return refusal
    outcome = hand.case.open_outcome
    assert outcome is not None
    hand.add(
        f.OutcomeAnswered(
            at=now, logged=now, by=by.id, outcome=outcome.id, accepted=accepted, how=how, words=words
        )
    )
    return (
        close(docket, hand, by, now, evidence="customer confirmed", how=how, words=words)
        if accepted
        else None
    )


def escalate(
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, channel: str = "", why: str = ""
) -> Refusal | None:
    """Take the case to the next stage of the code's path. The customer may ask for it, on any channel."""
    role = further_stage(hand.case, hand.book)
    refusal = may.escalate(hand.case, hand.book)
    if refusal is not None or hand.book.code is None:
        return refusal
    stage = next(i for i, s in enumerate(hand.book.code.stages) if i > hand.case.stage and s.role == role)
    if by.is_customer or channel:
        hand.add(f.EscalationAsked(at=now, logged=now, by=by.id, channel=channel or "portal", stage=stage))
    hand.add(
        f.StageEntered(at=now, logged=now, by=by.id, stage=stage, role=role, why=why or "customer asked")
    )
    named = hand.book.code.stages[stage].id or "A-law-clock"
    powers.ask(
        hand, by, now, deed=powers.ESCALATION, clause=named, why=why or "The customer asked for it.",
        amount=stage, role=role,
    )  # fmt: skip
    if ways(hand.case):
        _letter(docket, hand, "escalation")
    return None


def declare_deadlock(hand: CaseInHand, by: Actor, now: datetime, *, position: str) -> Refusal | None:
    """Declare deadlock. The ADR letter leaves with it: the customer need not ask (CH-12).

    Whoever works on the case may ask for it; it is declared when a manager or director agrees.
    """
    if by.role in may.CASE_WORKERS - may.MANAGERS:
        refusal = may.deadlock(hand.case, position)
        return refusal or powers.ask(
            hand, by, now, deed=powers.DEADLOCK, clause="CH-11", why=position, position=position
        )
    refusal = may.declare_deadlock(hand.case, by.role, position)
    if refusal is None:
        hand.add(f.DeadlockDeclared(at=now, logged=now, by=by.id, position=position))
    return refusal


def close(
    docket: Docket,
    hand: CaseInHand,
    by: Actor,
    now: datetime,
    *,
    evidence: str,
    how: str = "",
    words: str = "",
) -> Refusal | None:
    """Close the case on its evidence, and tell the customer so."""
    try:
        refusal = may.close(hand.case, hand.book, evidence, now, how=how, words=words)
    except UnknownDay as unknown:
        refusal = Refusal(str(unknown), "A-why", "Load the newer bank holidays first.")
    if refusal is not None:
        return refusal
    hand.add(f.CaseClosed(at=now, logged=now, by=by.id, evidence=evidence, how=how, words=words))
    if ways(hand.case) and evidence != "not a complaint":
        _letter(docket, hand, "closed")
    return None


def reopen(docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, why: str) -> Refusal | None:
    """Reopen the case. Its first receipt stands; a letter whose day has passed is owed at once."""
    refusal = may.reopen(hand.case)
    if refusal is None and not why.strip():
        refusal = Refusal(
            "Reopening needs a reason", "A-evidence", "Write what the customer is not satisfied with."
        )
    if refusal is not None:
        return refusal
    hand.add(f.CaseReopened(at=now, logged=now, by=by.id, why=why))
    if way := ways(hand.case):
        # It tells how the complaint stands, so the next update counts from it.
        hand.add(made(by, now, way[0].channel, "update", "", _letter(docket, hand, "reopened")))
    return None


def pause(hand: CaseInHand, by: Actor, now: datetime, *, clock: str, why: str) -> Refusal | None:
    """Let one promise of ours stand still for a named reason."""
    refusal = may.pause(hand.case, hand.book, clock, why)
    if refusal is None:
        hand.add(f.PromisePaused(at=now, logged=now, by=by.id, clock=clock, why=why))
    return refusal


def resume(hand: CaseInHand, by: Actor, now: datetime, *, clock: str) -> Refusal | None:
    """Let a promise run on."""
    refusal = may.resume(hand.case, clock)
    if refusal is None:
        hand.add(f.PromiseResumed(at=now, logged=now, by=by.id, clock=clock))
    return refusal


def extend(
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, clock: str, until: datetime, why: str,
    approved: bool = False,
) -> Refusal | None:  # fmt: skip
    """Give one promise of ours a later time, and tell the customer so in the same breath (S-complex).

    By more days in all than the limit of whoever asks, it waits for a decision, and the promise stands as it is.
    """
    refusal = may.extend(hand.case, hand.book, clock, until, why)
    if refusal is not None:
        return refusal
    # From the day that was promised, not from an extension before it: many small ones are one large one.
    runs = next(c for c in clocks(replace(hand.case, extensions=()), hand.book) if c.id == clock)
    days = powers.working_days_of(runs, until, now, hand.book)
    if not approved and not powers.alone(hand.provider.pk, by, What.EXTENSION, days):
        return powers.ask(
            hand, by, now, deed=powers.EXTENSION, clause=runs.clause, why=why, amount=days, clock=clock,
            until=until.isoformat(),
        )  # fmt: skip
    hand.add(f.PromiseExtended(at=now, logged=now, by=by.id, clock=clock, until=until, why=why))
    channel = ways(hand.case, "extension")[0].channel
    # The reason stands in the fact, from which the letter quotes it.
    key = _letter(docket, hand, "extension")
    hand.add(made(by, now, channel, "update", why, key))
    return None


def send_silence_notice(docket: Docket, hand: CaseInHand, by: Actor, now: datetime) -> Refusal | None:
    """Send one of the dated notices that the code's clause for silence asks for."""
    del by, now
    closing = hand.book.code.closing if hand.book.code else None
    if closing is None or not closing.silence:
        return Refusal(
            "This code has no clause for a customer who does not answer",
            "A-consent",
            "Silence alone is not consent.",
        )
    refusal = may.act(hand.case) or may.write_to(hand.case)
    if refusal is None:
        _letter(docket, hand, may.SILENCE_NOTICE)
    return refusal


def except_adr(
    hand: CaseInHand, by: Actor, now: datetime, *, exception: str, second: str, why: str
) -> Refusal | None:
    """Leave out the ADR letter for one who is covered: a coded reason, two people, the reason on the case."""
    refusal = may.except_adr(hand.case, hand.book, exception, by.id, second, why)
    if refusal is None:
        hand.add(f.AdrExcepted(at=now, logged=now, by=by.id, exception=exception, second=second, why=why))
    return refusal


def correct_receipt(
    hand: CaseInHand,
    by: Actor,
    now: datetime,
    *,
    contact: str,
    received: datetime,
    why: str,
    approved: bool = False,
) -> Refusal | None:
    """Correct the moment at which a contact reached us. By more days than one's limit, it waits for a decision."""
    refusal = may.correct_receipt(hand.case, contact, received, why, now)
    said = hand.case.contact(contact)
    days = powers.days_apart(said.at, received) if said is not None else 0
    if refusal is None and not approved and not powers.alone(hand.provider.pk, by, What.BACKDATING, days):
        return powers.ask(
            hand, by, now, deed=powers.BACKDATING, clause="CH-10", why=why, amount=days, contact=contact,
            received=received.isoformat(),
        )  # fmt: skip
    if refusal is None:
        hand.add(
            f.ReceiptCorrected(at=now, logged=now, by=by.id, contact=contact, received=received, why=why)
        )
        hand.govern(now, "the first receipt was corrected")
    return refusal


def find_personal_data(
    hand: CaseInHand, by: Actor, now: datetime, *, concerned: bool, contact: str, why: str
) -> Refusal | None:
    """Say whether a complaint is also about personal data, from which contact on: it has a clock of its own (DP-01)."""
    refusal = may.find_personal_data(hand.case, concerned=concerned, contact=contact, why=why)
    if refusal is None:
        hand.add(
            f.PersonalDataFound(at=now, logged=now, by=by.id, concerned=concerned, contact=contact, why=why)
        )
    return refusal


def find_scheme_limits(
    hand: CaseInHand, by: Actor, now: datetime, *, found: frozenset[Ground], why: str
) -> Refusal | None:
    """Say what of a complaint a scheme may not take (AD-13 to AD-15): its ADR letter says so, and leaves all the same."""
    refusal = may.find_scheme_limits(hand.case, found, why)
    if refusal is None:
        words = ",".join(sorted(found))
        hand.add(f.SchemeLimitsFound(at=now, logged=now, by=by.id, grounds=words, why=why.strip()))
    return refusal


def categorise(
    hand: CaseInHand, by: Actor, now: datetime, *, category: str, cause: str = ""
) -> Refusal | None:
    """Say what a case is about and what was behind it, in words of the provider's lists. Closed cases too."""
    lists = categories.lists(hand.provider.pk)
    for said, known, name in (
        (category, lists.categories, "category"),
        (cause, lists.causes, "root cause"),
    ):
        was = {hand.case.category, hand.case.cause}
        if said and said not in known and said not in was:
            return Refusal(
                f"That is no {name} of this provider", "A-evidence", f"One of: {', '.join(known)}."
            )
    if (category, cause) != (hand.case.category, hand.case.cause):
        hand.add(f.Categorised(at=now, logged=now, by=by.id, category=category, cause=cause))
    return None


def refer(
    hand: CaseInHand, by: Actor, now: datetime, *, scheme: str, at: datetime, number: str = ""
) -> Refusal | None:
    """Write down that the customer took the complaint to a scheme, and when."""
    if scheme not in {known.id for known in hand.book.law.schemes}:
        return Refusal("That is no approved scheme", "CH-03", "Choose one of the schemes shown.")
    if at > now:
        return Refusal(
            "The day is not over yet", "A-evidence", "Give the day on which the scheme received it."
        )
    first = hand.case.first_received
    if first is not None and london_date(at) < london_date(first):
        return Refusal(
            "That day lies before the complaint first reached us", "A-evidence",
            "Look at the day and the year in the scheme's letter.",
        )  # fmt: skip
    if hand.case.referral is not None and hand.case.scheme_decision is None:
        return Refusal("A scheme has it already", "A-evidence", "Write down how that dispute ended first.")
    hand.add(f.SchemeReferred(at=at, logged=now, by=by.id, scheme=scheme, number=number))
    return None


def add_party(
    hand: CaseInHand, by: Actor, now: datetime, *, role: str, name: str, email: str, why: str
) -> Refusal | None:
    """Let somebody besides the customer write about this case."""
    if not why.strip():
        return Refusal(
            "A party is added for a reason", "A-evidence", "Write how we know that they may speak here."
        )
    hand.add(f.PartyAdded(at=now, logged=now, by=by.id, role=role, name=name, email=email, why=why))
    return None


def need_format(
    hand: CaseInHand, by: Actor, now: datetime, *, wanted: str, consent: str, review: date | None = None
) -> Refusal | None:
    """Record the format in which the customer needs what we write: on this case now, on their others with the next letter.

    `wanted` is one of `formats.Format`; the empty one goes back to the standard. Asked about again in a year, unless
    `review` names another London date. Closed cases too: the need is the customer's.
    """
    if wanted not in tuple(Format):
        return Refusal(
            "That is no format that we send", clause(hand.book.code),
            f"One of: {', '.join(filter(None, Format))}.",
        )  # fmt: skip
    if wanted and not consent.strip():
        return Refusal(
            "A need is kept only with the customer's consent", "C5-01",
            "Write how they agreed that we keep it: on this call, in their letter.",
        )  # fmt: skip
    today = london_date(now)
    if review is not None and review <= today:
        return Refusal(
            "The day to ask again is not in the future", "C5-01", "Give a later date, or leave it empty."
        )
    asks_again = (review or add_months(today, REVIEW_MONTHS)).isoformat() if wanted else ""
    hand.add(f.FormatNeeded(at=now, logged=now, by=by.id, format=wanted, consent=consent, review=asks_again))
    return None


def send_in_format(
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, letter: str, wanted: str
) -> Refusal | None:
    """Send one earlier letter again in a format, for a customer who asks for it; what no machine makes is an order.

    Closed cases too: it is the customer's own letter. Where there is no way to write to them, the order alone stands.
    """
    sent = next((x for x in hand.case.letters if x.key == letter), None)
    if sent is None or sent.letter in (*AT_ONCE, FORMAT_LETTER):
        return Refusal("The case has no such letter", "A-evidence", "Choose one of the letters shown.")
    if not wanted or wanted not in tuple(Format):
        return Refusal(
            "That is no format that we send", clause(hand.book.code),
            f"One of: {', '.join(filter(None, Format))}.",
        )  # fmt: skip
    if not ways(hand.case, FORMAT_LETTER):
        hand.add(needs.order(hand, letter, Format(wanted), "The customer asked for this letter.", now, by.id))
        return None
    # A letter of this same docket has no row yet, and says itself what it is about.
    row = Outgoing.objects.filter(case=hand.row.pk, key=letter).only("subject", "words", "text").first()
    if row is not None and not row.words:
        return Refusal("The words of that letter have been erased", "A-evidence", "There is nothing to send.")
    about = row.subject.partition(": ")[2] if row is not None else ""
    said = {"of": letter, "format": wanted, "subject": about}
    if wanted == Format.AUDIO and row is not None and _read_aloud(docket, hand, row, said):
        said["recording"] = "attached"
    _letter(docket, hand, FORMAT_LETTER, **said)
    return None


def _read_aloud(docket: Docket, hand: CaseInHand, earlier: Outgoing, said: dict[str, str]) -> bool:
    """Whether the letter that carries an earlier one can be read aloud with it, into a recording that is attached."""
    carries = docket.written(hand, FORMAT_LETTER, extra={**said, "recording": "attached"})
    length = len(earlier.text) + (len(carries.text()) if isinstance(carries, Letter) else 0)
    return voice.fits_a_mail(length)


@dataclass(frozen=True, slots=True)
class CopyWanted:
    """How somebody wants a copy of the code."""

    channel: str
    """`email` or `letter`."""
    format: str = ""
    """One of `formats.Format`; empty for the format in which they read every letter."""
    asked: datetime | None = None
    """When they asked, where that was not just now: the copy is owed from then on."""


def ask_copy(hand: CaseInHand, by: Actor, now: datetime, asked: CopyWanted) -> Refusal | None:
    """Ask for a copy of the code of this case; its letter is written as the docket ends.

    Closed cases too: the code is the customer's to have.
    """
    said = copies.clause(hand.book.code)
    if hand.book.code is None:
        return Refusal("No code is in force", said, "Adopt the provider's code first.")
    if asked.format not in tuple(Format):
        return Refusal("That is no format that we send", said, f"One of: {', '.join(filter(None, Format))}.")
    customer = hand.case.customer
    if asked.channel not in WRITTEN or not (customer.email if asked.channel == "email" else customer.address):
        return Refusal(
            "There is no address to which it could go that way", said,
            "Write down the email or the postal address first, or choose the other way.",
        )  # fmt: skip
    number = str(len(hand.case.copies) + 1)
    hand.add(
        f.CopyAsked(
            at=asked.asked or now,
            logged=now,
            by=by.id,
            copy=number,
            channel=asked.channel,
            format=asked.format,
        )
    )
    return None


def open_copy_case(
    docket: Docket, provider: Provider, contact: NewContact, customer: f.CustomerKnown, by: Actor, now: datetime,
    asked: CopyWanted, reference: str | None = None,
) -> CaseInHand | Refusal:  # fmt: skip
    """A case of its own for somebody who asks for a copy of the code. It is no complaint: no clock of one starts.

    The docket holds the case whatever comes of it: on a refusal its caller lets nothing of it be.
    """
    hand = docket.open_case(
        provider,
        contact.effective or contact.received,
        by=by.id,
        reference=reference,
        kind=CaseKind.COPY_OF_CODE,
    )
    hand.add(customer)
    first = add_contact(hand, contact, by, now)
    # A stranger's form says what it is by itself; a colleague has heard what was asked.
    decided = f.SYSTEM if by.is_customer else by.id
    hand.add(
        f.ComplaintDecided(at=now, logged=now, by=decided, contact=first, complaint=False, why=NO_COMPLAINT)
    )
    return ask_copy(hand, by, now, asked) or hand


def dispatch_format(hand: CaseInHand, by: Actor, now: datetime, *, order: str, how: str) -> Refusal | None:
    """Say that what was ordered has left, and which way, or why it is not needed."""
    if not any(o.id == order and o.dispatched is None for o in hand.case.format_orders):
        return Refusal("No such order waits", clause(hand.book.code), "Choose one of those shown.")
    if not how.strip():
        return Refusal(
            "It must stand on the case which way it left", "A-evidence",
            "Write how and where to: embossed and posted, recorded and posted on a stick, or why it is not needed.",
        )  # fmt: skip
    hand.add(f.FormatDispatched(at=now, logged=now, by=by.id, order=order, how=how))
    return None


def note(
    hand: CaseInHand, by: Actor, now: datetime, *, words: str, files: tuple[Attachment, ...] = ()
) -> Refusal | None:
    """Write words for colleagues, with files beside them."""
    if not words.strip():
        return Refusal("The note is empty", "A-evidence", "Write what colleagues should know.")
    number = f"note-{_new_id()}" if files else ""
    hand.add(
        f.NoteAdded(at=now, logged=now, by=by.id, note=number, words=words, files=uploads.digests(files))
    )
    if files:
        uploads.keep(hand.row, number, files, now)
    return None


def letter_fate(
    hand: CaseInHand, by: Actor, now: datetime, *, key: str, fate: str, why: str = "", on: date | None = None
) -> Refusal | None:
    """Say what became of a letter: posted by a person, returned by the post, found to have left or not.

    `on` is the London date of it, today where it is None: a letter posted on Friday may be written down on Monday.
    """
    letter = next((x for x in hand.case.letters if x.key == key), None)
    if letter is None:
        return Refusal("The case has no such letter", "A-evidence", "Choose one of the letters shown.")
    if fate == "withdrawn" and (letter.letter != COPY_LETTER or letter.fate):
        return Refusal(
            "Only a copy of the code that has not left is withdrawn", "A-evidence",
            "Every other letter leaves, or it is known what became of it.",
        )  # fmt: skip
    if fate not in ("posted", "returned", "sent", "failed", "withdrawn"):
        return Refusal(
            "That is no fate that a person records", "A-evidence", "Posted, returned, sent or failed."
        )
    refusal = _by_post(letter, fate) or _on_that_day(letter, on, now)
    if refusal is None:
        at = _moment_of(letter, on, now)
        hand.add(f.LetterFate(at=at, logged=now, by=by.id, key=key, fate=fate, why=why))
    return refusal


def _by_post(letter: SentLetter, fate: str) -> Refusal | None:
    """Only what goes by post is posted, and only what was posted comes back by it."""
    if fate in ("posted", "returned") and letter.channel != LETTER:
        return Refusal("That letter does not go by post", "A-evidence", "Choose one that does.")
    if fate == "returned" and letter.fate != "posted":
        return Refusal(
            "That letter has not been posted", "A-evidence", "Say first on which day it was posted."
        )
    if fate == "posted" and letter.fate not in ("", "posted", "failed"):
        return Refusal(
            f"That letter is {letter.fate} already", "A-evidence", "Write it anew, to an address that holds."
        )
    return None


def _on_that_day(letter: SentLetter, on: date | None, now: datetime) -> Refusal | None:
    if on is not None and on > london_date(now):
        return Refusal("That day is still to come", "A-evidence", "Give the day on which it happened.")
    if on is not None and on < london_date(letter.decided):
        return Refusal(
            "The letter had not been written by that day", "A-evidence",
            f"Give {saying.day(london_date(letter.decided))} or a later day.",
        )  # fmt: skip
    return None


def _moment_of(letter: SentLetter, on: date | None, now: datetime) -> datetime:
    """The moment that stands for the day: now where it is today, else when the last post of that day goes."""
    if on is None or on == london_date(now):
        return now
    return max(letter.decided, datetime.combine(on, LAST_POST, LONDON).astimezone(UTC))


def returned(
    hand: CaseInHand,
    by: Actor,
    now: datetime,
    *,
    key: str,
    reason: str,
    words: str = "",
    on: date | None = None,
) -> Refusal | None:
    """The post brought a letter back. One that the law needs goes another way at once, where one is known."""
    if reason not in RETURNED_BECAUSE:
        return Refusal(
            "Returned mail needs its reason", "A-evidence", f"One of: {', '.join(RETURNED_BECAUSE)}."
        )
    why = f"{reason}: {words.strip()}" if words.strip() else reason
    return letter_fate(hand, by, now, key=key, fate="returned", why=why, on=on)


def prove_posting(
    hand: CaseInHand, by: Actor, now: datetime, *, key: str, certificate: str = "", file: str = ""
) -> Refusal | None:
    """Keep proof that a letter was posted: the number of the certificate, a picture (by its SHA-256), or both."""
    letter = next((x for x in hand.case.letters if x.key == key), None)
    if letter is None or letter.channel != LETTER or letter.fate not in ("posted", "returned"):
        return Refusal(
            "No such letter has been posted", "A-evidence", "Say first on which day it was posted."
        )
    if not certificate.strip() and not file:
        return Refusal(
            "There is no proof to keep",
            "A-evidence",
            "Give the number of the certificate, or a picture of it.",
        )
    hand.add(
        f.PostingProved(at=now, logged=now, by=by.id, key=key, certificate=certificate.strip(), file=file)
    )
    return None


def send_again(docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, key: str) -> Refusal | None:
    """Send the same words once more, another way, because they did not arrive. Letters of the law go by themselves."""
    letter = next((x for x in hand.case.letters if x.key == key), None)
    if letter is None or letter.fate not in CAME_TO_NOTHING:
        return Refusal("No such letter is lost", "A-evidence", "Choose one that did not arrive.")
    frozen = Outgoing.objects.filter(case=hand.row, key=key).first()
    if letter.letter in NEEDED_BY_LAW or frozen is None or not frozen.words:
        return Refusal("That letter does not go again by hand", "A-evidence", "Write to the customer anew.")
    way = next(iter(ways(hand.case, letter.letter)), None)
    if way is None:
        return Refusal(
            "There is no other written way to reach the customer",
            "R-06",
            "Ask for an email or a postal address first.",
        )
    again = docket.letter(
        hand, letter_from_json(frozen.words), channel=way.channel, to=way.to, by=by.id,
        why=f"{letter.key} by {letter.channel} {CAME_TO_NOTHING[letter.fate]}",
        instead_of=letter.instead_of or letter.key,
    )  # fmt: skip
    contact = next((c for c in hand.case.contacts if c.letter == letter.key), None)
    if contact is not None:
        hand.add(made(by, now, way.channel, contact.purpose, contact.words, again))
    return None


def ask_customer(
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, words: str, answer_by: date | None = None
) -> Refusal | None:
    """Ask the customer for something that we need, in writing, by a London date: five working days where none is named.

    The law's clocks go on while we wait, and so do our own promises unless the code lets them stand still.
    """
    day = answer_by or questions.usual_day(now, hand.book)
    if not words.strip():
        return Refusal(
            "There is no question to send", questions.CLAUSE, "Write what we need from the customer."
        )
    if day <= london_date(now):
        return Refusal("The day for an answer is not to come", questions.CLAUSE, "Give a later day.")
    refusal = may.act(hand.case) or may.write_to(hand.case)
    if refusal is not None:
        return refusal
    channel = ways(hand.case, QUESTION)[0].channel
    key = _letter(docket, hand, QUESTION, words, **{"answer by": day.isoformat()})
    hand.add(
        f.QuestionAsked(
            at=now, logged=now, by=by.id, question=_new_id(), answer_by=midnight(day), letter=key, words=words
        ),
        made(by, now, channel, "information", words, key),
    )
    return None


def settle_question(
    hand: CaseInHand, by: Actor, now: datetime, *, question: str, how: str, contact: str = "", words: str = ""
) -> Refusal | None:
    """Say what became of a question: which contact answers it, that none does yet, or that we go on without."""
    asked = next((q for q in questions.open_of(hand.case) if q.id == question), None)
    if asked is None:
        return Refusal("No such question is open", questions.CLAUSE, "Choose one of those shown.")
    if how not in f.QUESTION_ENDS:
        return Refusal(
            "That is no end of a question", questions.CLAUSE, f"One of: {', '.join(f.QUESTION_ENDS)}."
        )
    said = hand.case.contact(contact) if how == f.ANSWERED else None
    if how == f.ANSWERED and (said is None or not said.inbound or said.machine):
        return Refusal(
            "It must stand which of the customer's contacts answers it", questions.CLAUSE,
            "Choose one of those shown; write a call down first.",
        )  # fmt: skip
    if how == f.NOT_GIVEN and asked.chased is None:
        return Refusal(
            "The customer has been asked once only", "A-consent",
            "The desk asks again by itself when the day has passed; go on without an answer after that.",
        )  # fmt: skip
    if how in (f.NOT_GIVEN, f.NOT_NEEDED) and not words.strip():
        return Refusal(
            "Going on without an answer needs its reason", questions.CLAUSE, "Write how we go on, and why."
        )
    hand.add(
        f.QuestionSettled(
            at=now,
            logged=now,
            by=by.id,
            question=question,
            how=how,
            contact=contact if said else "",
            words=words,
        )
    )
    return None


def ask_supplier(
    hand: CaseInHand,
    by: Actor,
    now: datetime,
    *,
    supplier: str,
    chase: datetime,
    words: str,
    number: str = "",
) -> Refusal | None:
    """Write down what a supplier was asked for, and when we ask again. We answer for it to the customer all the same."""
    if not supplier.strip() or not words.strip():
        return Refusal(
            "A supplier is asked for something", "A-evidence", "Write who it is, and what was asked."
        )
    refusal = may.act(hand.case) or _chase_to_come(chase, now)
    if refusal is None:
        hand.add(
            f.SupplierAsked(
                at=now, logged=now, by=by.id, matter=_new_id(), supplier=supplier.strip(), chase=chase,
                number=number.strip(), words=words,
            )
        )  # fmt: skip
    return refusal


def chase_supplier(
    hand: CaseInHand,
    by: Actor,
    now: datetime,
    *,
    matter: str,
    chase: datetime,
    words: str = "",
    number: str = "",
) -> Refusal | None:
    """Write down that we asked again, and when we ask next."""
    refusal = _waits_on(hand, matter) or _chase_to_come(chase, now)
    if refusal is None:
        hand.add(
            f.SupplierChased(
                at=now, logged=now, by=by.id, matter=matter, chase=chase, number=number.strip(), words=words
            )
        )
    return refusal


def supplier_answered(
    hand: CaseInHand, by: Actor, now: datetime, *, matter: str, words: str
) -> Refusal | None:
    """Write down what the supplier answered: we wait for nothing more."""
    refusal = _waits_on(hand, matter)
    if refusal is None and not words.strip():
        refusal = Refusal("The answer is missing", "A-evidence", "Write what the supplier did or said.")
    if refusal is None:
        hand.add(f.SupplierAnswered(at=now, logged=now, by=by.id, matter=matter, words=words))
    return refusal


def _waits_on(hand: CaseInHand, matter: str) -> Refusal | None:
    if any(s.id == matter and s.answered is None for s in hand.case.suppliers):
        return None
    return Refusal("No supplier owes us that", "A-evidence", "Choose one of those shown.")


def _chase_to_come(chase: datetime, now: datetime) -> Refusal | None:
    if chase > now:
        return None
    return Refusal("The day to ask again is over", "A-evidence", "Give a later day.")
