"""The fold: a case is what its facts say, and nothing else. `case = step(case, fact)` for each fact in order.

Nothing here decides anything; it remembers what happened in the shape that clocks, duties and letters ask for.
The first receipt of the complaint is kept through reopening and changes of channel, because the law's period
follows it (CH-09, CH-10).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import reduce
from typing import TYPE_CHECKING, TypeVar, cast

from amends.core import awards, visits
from amends.core import facts as f
from amends.core.calendar import london_date, midnight
from amends.core.code import CustomerKind, Trigger
from amends.core.formats import Format
from amends.core.kinds import COPY_LETTER, PROMISED, QUESTION_AGAIN, CaseKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    # A checker knows which fields there are by this name alone.
    from dataclasses import replace
else:

    def replace(had: object, /, **changed: object) -> object:
        """`dataclasses.replace`; of a case without its constructor, which takes longer than all else in a fold."""
        if type(had) is not Case:
            return dataclasses.replace(had, **changed)
        made = object.__new__(Case)
        made.__dict__.update(had.__dict__, **changed)
        made.__dict__.pop(REMEMBERED, None)
        return made


REMEMBERED = "_clocks"
"""Where `clocks.clocks` keeps what it worked out: on the case itself, beside its fields."""
FROM_MERGED = "merged "
"""How the `ref` of an event begins that a merged case brought along: with its reference and the contact's id."""
_ADR_LETTER = "adr-letter"


class State(StrEnum):
    """Where a case stands, in the words that people see."""

    OPEN = "open"
    OUTCOME_PROPOSED = "outcome proposed"
    DEADLOCKED = "deadlocked"
    ADR_LETTER_SENT = "ADR letter sent"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Customer:
    """The customer as the case knows them. Empty means not known; private words may have been erased."""

    kind: CustomerKind = CustomerKind.UNKNOWN
    headcount: int | None = None
    counted_how: str = ""
    prefers: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    account: str = ""
    email_since: datetime | None = None
    address_since: datetime | None = None
    """When this email or postal address was written down: what was lost before was lost on the way to another."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody besides the customer who may write about the case."""

    role: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Contact:
    """One call, mail, letter, form, chat or fax, in or out. `at` is effective for clocks."""

    id: str
    at: datetime
    logged: datetime
    inbound: bool
    channel: str
    by: str
    purpose: str = ""
    reached: bool = True
    asks_answer: bool = False
    complaint: bool | None = None
    decided_by: str = ""
    machine: str = ""
    message: str = ""
    letter: str = ""
    sender: str = ""
    subject: str = ""
    words: str = ""
    backdated_why: str = ""
    ended: datetime | None = None
    """When the call was over, where it was timed."""
    junk: bool = False


@dataclass(frozen=True, slots=True)
class Appointment:
    """An agreed contact time: a promise with a window. `settled` is empty while it is still to come."""

    id: str
    agreed: datetime
    starts: datetime
    ends: datetime
    channel: str
    person: str
    number: str
    settled: str = ""
    settled_at: datetime | None = None
    why: str = ""
    """Why it was moved or missed."""
    instead_of: str = ""
    """The id of the time that was moved to this one."""
    first: datetime | None = None
    """When it was first agreed to be, before it was moved; None where it never was."""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """Something that waits for a decision of somebody with the power, or did. `details` is what would be done, as JSON."""

    id: str
    deed: str
    asked: datetime
    by: str
    clause: str
    amount: int = 0
    role: str = ""
    details: str = ""
    why: str = ""
    given: tuple[f.ApprovalGiven, ...] = ()
    refused: f.ApprovalRefused | None = None
    over: datetime | None = None
    """When the case closed before anybody decided."""

    @property
    def granted(self) -> bool:
        """Whether everybody who must has agreed."""
        return any(yes.final for yes in self.given)

    @property
    def waits(self) -> bool:
        """Whether it still waits for somebody."""
        return not self.granted and self.refused is None and self.over is None

    @property
    def standing(self) -> str:
        """Where it stands: waiting, given, refused, taken back or over."""
        if self.refused is not None:
            return "taken back" if self.refused.by == self.by else "refused"
        return "given" if self.granted else "over" if self.over else "waiting"


@dataclass(frozen=True, slots=True)
class AskedSupplier:
    """Something that a supplier was asked for, and what came of it. `answered` is None while we wait."""

    id: str
    supplier: str
    asked: datetime
    by: str
    chase: datetime
    number: str = ""
    words: str = ""
    chased: int = 0
    answered: datetime | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the customer was asked for. It is open until a person, or an answer in the portal, ends it."""

    id: str
    asked: datetime
    by: str
    answer_by: datetime
    """The London midnight at which the day begins on which an answer is asked for."""
    words: str = ""
    letter: str = ""
    chased: datetime | None = None
    """When the desk asked again, because none had come."""
    looked: datetime | None = None
    """Up to when somebody has found that what the customer wrote does not answer it."""
    over: datetime | None = None
    """Since when we wait no longer: the answer's own moment where one came."""
    how: str = ""
    contact: str = ""
    """The contact that answers it."""

    @property
    def chase_from(self) -> datetime:
        """When the desk asks again if nothing has come: as the day after the one that was named begins."""
        return midnight(london_date(self.answer_by) + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A resolution put to the customer. `accepted` is None while there is no answer: silence is not consent."""

    id: str
    at: datetime
    channel: str
    credit_pence: int
    words: str
    letter: str = ""
    cites: tuple[str, ...] = ()
    """The ids of the code's clauses that it gives as reasons."""
    because: str = ""
    fault_owner: str = ""
    accepted: bool | None = None
    answered: datetime | None = None
    answered_how: str = ""


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter that was decided on this case, with what became of it."""

    key: str
    letter: str
    channel: str
    decided: datetime
    digest: str
    why: str = ""
    fate: str = ""
    fate_at: datetime | None = None
    fate_why: str = ""
    instead_of: str = ""
    """The key of the letter that did not arrive, and that this one replaces."""
    proofs: tuple[str, ...] = ()
    """Numbers of certificates of posting; empty text stands for a picture without a number."""
    again: bool = False
    """Whether it was withdrawn because of a merge that was undone since: it is owed as if it had never been written."""

    @property
    def left(self) -> bool:
        """Whether it has left the house and has not come back."""
        return self.fate in ("sent", "posted")

    @property
    def lost(self) -> bool:
        """Whether it will not arrive: failed, bounced, returned or withdrawn."""
        return self.fate in ("failed", "bounced", "returned", "withdrawn")


@dataclass(frozen=True, slots=True)
class Pause:
    """Time in which one promise stands still; `end` is None while it does."""

    clock: str
    start: datetime
    why: str
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """A later time that the customer was told of."""

    clock: str
    until: datetime
    told: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class FormatOrder:
    """A letter that a person makes in the customer's format. `dispatched` is None while it is owed."""

    id: str
    letter: str
    format: str
    ordered: datetime
    why: str = ""
    dispatched: datetime | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the code that somebody asked for, on `asked`. `letter` is the key of the letter that it goes with."""

    id: str
    asked: datetime
    channel: str
    format: str = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Another case about the same matter."""

    reference: str
    since: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """This case goes on under another reference."""

    reference: str
    at: datetime
    same_customer: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """A case that goes on here, with what of it governs here: its receipt, its dates, its letters, what waits."""

    reference: str
    at: datetime
    first_received: datetime
    channel: str
    counts: bool
    same_customer: bool
    why: str = ""
    dates: tuple[tuple[str, datetime], ...] = ()
    """By when its ADR letter was due there, with the clause."""
    letters: tuple[SentLetter, ...] = ()
    """The ADR letters that left there."""
    limits: str = ""
    """What of the complaint a scheme may not take, as a person found there: grounds with commas between them."""


@dataclass(frozen=True, slots=True)
class InOutage:
    """An outage that the case is about, by its number, with what its customer was told in letters to all."""

    outage: int
    since: datetime
    """When somebody linked the case."""
    service: str = ""
    told: tuple[int, ...] = ()
    """The runs by which the customer was written."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case file that was made for the scheme. `sent` is None while it has not gone there."""

    number: int
    made: datetime
    by: str
    sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is held of a person, as it was brought together. `given` is None while it has not been handed out."""

    number: int
    made: datetime
    by: str
    given: f.DataBundleGiven | None = None
    fetched: datetime | None = None

    @property
    def last_day(self) -> date | None:
        """The last London day on which it can be fetched from the portal; None where it is not there."""
        return date.fromisoformat(self.given.until) if self.given and self.given.until else None


@dataclass(frozen=True, slots=True)
class TradeBody:
    """A trade body with which the customer raised it. `answered` is None while nobody knows what it said."""

    body: str
    at: datetime
    number: str = ""
    answered: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A moment that starts promises: a trigger of the code's closed list, with its channel or stage."""

    trigger: Trigger
    at: datetime
    channel: str = ""
    stage: int | None = None
    ref: str = ""


@dataclass(frozen=True)
class Case:
    """A case as its facts have made it. Moments are aware; tuples are in the order in which things happened.

    Without slots: a fold makes a case for each fact, and a dictionary is copied at once.
    """

    reference: str = ""
    provider: str = ""
    code: str = ""
    code_version: str = ""
    kind: CaseKind = CaseKind.COMPLAINT
    """What it was opened as. A customer who is not satisfied makes a complaint of any kind: see `complaint`."""
    opened: datetime | None = None
    first_received: datetime | None = None
    """When the provider first received the complaint, under whichever reference: it governs the law's period."""
    first_channel: str = ""
    complaint: bool | None = None
    """Whether it is a complaint; None until a person has said so, and it is then treated as one."""
    customer: Customer = field(default_factory=Customer)
    parties: tuple[Party, ...] = ()
    identity_passed: bool = False
    handler: str = ""
    handler_name: str = ""
    handler_phone: str = ""
    handler_email: str = ""
    assigned: datetime | None = None
    introduced: datetime | None = None
    introduced_by_letter: str = ""
    """The key of the letter that introduces the handler; empty when it was done in speech."""
    known_handlers: tuple[str, ...] = ()
    """The handlers who have introduced themselves to the customer."""
    introduce_again: datetime | None = None
    """Since when it is with a handler whom the customer has not met, although they were told of another."""
    update_days: int | None = None
    stage: int = 0
    stage_role: str = ""
    deadlocked: datetime | None = None
    position: str = ""
    """The provider's last word, as the ADR letter tells it."""
    findings: tuple[f.FindingsRecorded, ...] = ()
    adr_exception: f.AdrExcepted | None = None
    closed: f.CaseClosed | None = None
    reopened: datetime | None = None
    shut: tuple[Pause, ...] = ()
    """The times between its closings and its reopenings, in which nobody was owed anything."""
    contacts: tuple[Contact, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    approvals: tuple[Approval, ...] = ()
    suppliers: tuple[AskedSupplier, ...] = ()
    questions: tuple[Question, ...] = ()
    """What the customer was asked for."""
    outages: tuple[InOutage, ...] = ()
    """The outages that the case is about."""
    outcomes: tuple[Outcome, ...] = ()
    awards: tuple[awards.Award, ...] = ()
    letters: tuple[SentLetter, ...] = ()
    format_need: f.FormatNeeded | None = None
    """What the customer said last of the format that they need."""
    format_orders: tuple[FormatOrder, ...] = ()
    copies: tuple[Copy, ...] = ()
    particulars: str = ""
    """What was given of the things that its kind asks for, as JSON (`care.steps.given`)."""
    visits: tuple[visits.Visit, ...] = ()
    """The visits of an engineer that were agreed, the first first; none that was moved in good time."""
    steps_taken: tuple[f.StepTaken, ...] = ()
    """What was said of the steps of its kind."""
    payments_seen: tuple[f.PaymentSeen, ...] = ()
    """What was said of the payments of an arrangement, the latest last."""
    personal_data: f.PersonalDataFound | None = None
    """Whether the complaint is also about personal data, as a person found last."""
    data_extended: f.DataRequestExtended | None = None
    """Why a request about personal data takes longer than its month; None where it does not."""
    data_answer: f.DataRequestAnswered | None = None
    """How a request about personal data was answered; None while it has not been."""
    bundles: tuple[Bundle, ...] = ()
    """What was brought together for a request for a copy of personal data, the latest last."""
    linked: f.CustomerLinked | None = None
    """Whose case it is in the customers' book; None while nobody has said so."""
    needs: tuple[str, ...] = ()
    """What the customer needs of us besides a format, with what was arranged."""
    priorities: frozenset[str] = frozenset()
    """Which of `facts.PRIORITIES` the customer has."""
    scheme_limits: f.SchemeLimitsFound | None = None
    """What of it a scheme may not take, as a person found last; None while nobody looked."""
    category: str = ""
    cause: str = ""
    referral: f.SchemeReferred | None = None
    """The latest dispute at a scheme; None while the customer took it to none."""
    scheme_told: f.SchemeTold | None = None
    """What the customer told us of having gone to a scheme; None while nothing, and once the scheme has said of it."""
    scheme_not_found: f.SchemeNotFound | None = None
    """That the scheme knows nothing of what the customer told us last; None while it does, or was not asked."""
    scheme_decision: f.SchemeDecided | None = None
    """How that dispute ended; None while the scheme has it."""
    scheme_answer: f.SchemeAnswered | None = None
    """Whether the customer accepted that decision; None while it is not known."""
    lessons: int = 0
    """How many lessons were noted on it."""
    lesson_at: datetime | None = None
    """When the last of them was."""
    trade_bodies: tuple[TradeBody, ...] = ()
    """Where else the customer raised it: bodies of the trade that the code names, and no schemes."""
    file_due: f.CaseFileDue | None = None
    """By when the scheme of the latest dispute wants our case file, as a person read it in its letter."""
    case_files: tuple[CaseFile, ...] = ()
    """The case files that were made for schemes, of earlier disputes too."""
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    events: tuple[Event, ...] = ()
    links: tuple[Link, ...] = ()
    merged: tuple[Merged, ...] = ()
    """The cases that go on here."""
    merged_into: Merge | None = None
    """The case that this one goes on as; None while it stands alone."""
    latest: datetime | None = None
    """The latest moment at which a fact was logged."""

    @property
    def state(self) -> State:
        """Where the case stands. "ADR letter sent" is a state of its own: the case is not over."""
        if self.merged_into:
            return State.MERGED
        if self.closed:
            return State.CLOSED
        if any(letter.left for letter in self.letters_of("adr-letter")):
            return State.ADR_LETTER_SENT
        if self.deadlocked:
            return State.DEADLOCKED
        if self.open_outcome:
            return State.OUTCOME_PROPOSED
        return State.OPEN

    @property
    def file_sent(self) -> datetime | None:
        """When a case file went to the scheme that has the latest dispute; None while none did."""
        if self.referral is None:
            return None
        since = self.referral.at
        return next((x.sent for x in self.case_files if x.sent is not None and x.made >= since), None)

    @property
    def format(self) -> Format:
        """The format in which the customer reads what we write."""
        return Format(self.format_need.format) if self.format_need else Format.STANDARD

    @property
    def open_outcome(self) -> Outcome | None:
        """The outcome that waits for the customer's answer, if one does."""
        last = self.outcomes[-1] if self.outcomes else None
        return last if last and last.accepted is None else None

    @property
    def resolved(self) -> bool:
        """Whether the customer's own word says that it is resolved, and nothing has reopened it since."""
        return self.resolved_at is not None

    @property
    def resolved_at(self) -> datetime | None:
        """When the customer said that it is resolved; None while they have not, or since it was reopened."""
        last = self.outcomes[-1] if self.outcomes else None
        if last is None or not last.accepted or last.answered is None:
            return None
        return None if self.reopened and self.reopened >= last.answered else last.answered

    @property
    def introduction_lost(self) -> bool:
        """Whether the handler introduced themselves by a letter that will not arrive."""
        return any(x.key == self.introduced_by_letter and x.lost for x in self.letters)

    @property
    def copy_waiting(self) -> Copy | None:
        """The copy of the code that waits longest for its letter, or whose letter will not arrive.

        Not one whose letter a person withdrew: they decided that it need not go.
        """
        lost = {x.key for x in self.letters if x.lost and x.fate != "withdrawn"}
        return next((c for c in self.copies if not c.letter or c.letter in lost), None)

    def heard_on(self, question: Question) -> Contact | None:
        """What the customer wrote or said since they were asked, and nobody has looked whether it answers that."""
        since = question.looked or question.asked
        heard = (c for c in self.contacts if c.inbound and not c.machine and c.logged > since)
        return None if question.over is not None else next(heard, None)

    def questions_to_chase(self, at: datetime) -> tuple[Question, ...]:
        """What the customer is asked for again at this moment: its day is over, and nothing has come since."""
        return tuple(
            q
            for q in self.questions
            if q.over is None and q.chased is None and q.chase_from <= at and self.heard_on(q) is None
        )

    @property
    def care(self) -> bool:
        """Whether it is customer care and no complaint: then no clock of a complaint runs."""
        return self.kind is not CaseKind.COMPLAINT and self.complaint is False

    def letters_of(self, letter: str) -> tuple[SentLetter, ...]:
        """The letters of this kind that were decided, oldest first; those of cases that go on here stand before."""
        own = tuple(x for x in self.letters if x.letter == letter)
        return (
            (*(x for m in self.merged for x in m.letters if x.letter == letter), *own) if self.merged else own
        )

    @property
    def own_received(self) -> datetime | None:
        """When the first contact under its own reference reached us, whatever was merged into it."""
        own = (e.at for e in self.events if e.trigger is Trigger.COMPLAINT_RECEIVED)
        return next(own, self.first_received)

    @property
    def waits_from_merged(self) -> tuple[Event, ...]:
        """What the customer wrote under references that go on here, and that waits for its answer here."""
        return tuple(e for e in self.events if e.ref.startswith(FROM_MERGED)) if self.merged else ()

    def contact(self, contact_id: str) -> Contact | None:
        """The contact with this id, or None."""
        return next((c for c in self.contacts if c.id == contact_id), None)


def fold(facts: Iterable[f.Fact], start: Case | None = None) -> Case:
    """The case that these facts make, in their order, on top of `start`."""
    return reduce(step, facts, start or Case())


def step(case: Case, fact: f.Fact) -> Case:
    """The case after one more fact. Raises UnknownFact where no way to read this kind stands below."""
    how = _STEPS.get(type(fact))
    if how is None:
        raise f.UnknownFact(f"no step for {fact.KIND!r}")
    made = how(case, fact)
    if made is case:
        return replace(case, latest=fact.logged)
    # A copy that nobody has seen yet may still be set: copying it once more would double the cost of every fold.
    object.__setattr__(made, "latest", fact.logged)
    return made


F = TypeVar("F", bound=f.Fact)
_STEPS: dict[type[f.Fact], Callable[[Case, f.Fact], Case]] = {}
"""How each kind of fact changes a case: filled below, where each step stands under the kind that it reads."""


def _on(kind: type[F]) -> Callable[[Callable[[Case, F], Case]], Callable[[Case, F], Case]]:
    def keep(how: Callable[[Case, F], Case]) -> Callable[[Case, F], Case]:
        # `step` looks a fact up by its own type, so a step only ever meets the kind that it asks for.
        _STEPS[kind] = cast("Callable[[Case, f.Fact], Case]", how)
        return how

    return keep


@_on(f.CaseOpened)
def _opened(case: Case, fact: f.CaseOpened) -> Case:
    return replace(
        case,
        reference=fact.reference,
        provider=fact.provider,
        code=fact.code,
        code_version=fact.code_version,
        kind=CaseKind(fact.case_kind),
        opened=fact.at,
    )


@_on(f.CodeGoverns)
def _governed_anew(case: Case, fact: f.CodeGoverns) -> Case:
    return replace(case, code=fact.code, code_version=fact.code_version)


@_on(f.ContactReceived)
def _contact_received(case: Case, fact: f.ContactReceived) -> Case:
    contact = Contact(
        fact.contact, fact.at, fact.logged, inbound=True, channel=fact.channel, by=fact.by,
        asks_answer=fact.asks_answer and not fact.machine, machine=fact.machine, message=fact.message,
        sender=fact.sender, subject=fact.subject, words=fact.words, backdated_why=fact.backdated_why,
        junk=fact.junk,
    )  # fmt: skip
    case = replace(case, contacts=(*case.contacts, contact))
    if fact.machine:
        return case
    if case.complaint is False:
        # What was no complaint so far may have become one: a person decides on this contact too.
        case = replace(case, complaint=None)
    if fact.asks_answer:
        answer_due = Event(Trigger.MESSAGE_RECEIVED, fact.at, fact.channel, ref=fact.contact)
        case = replace(case, events=(*case.events, answer_due))
    return _with_first_receipt(case)


def _with_first_receipt(case: Case) -> Case:
    """The case governed by its earliest contact that is, or may yet be found to be, a complaint (CH-10)."""
    heard = [c for c in case.contacts if c.inbound and not c.machine]
    first = min([c for c in heard if c.complaint is not False] or heard, key=lambda c: c.at, default=None)
    if first is None:
        return case
    others = tuple(e for e in case.events if e.trigger is not Trigger.COMPLAINT_RECEIVED)
    received = Event(Trigger.COMPLAINT_RECEIVED, first.at, first.channel, ref=first.id)
    earliest = min(
        ((first.at, first.channel), *((m.first_received, m.channel) for m in case.merged if m.counts)),
        key=lambda found: found[0],
    )
    return replace(case, first_received=earliest[0], first_channel=earliest[1], events=(received, *others))


def _with_verdict(case: Case) -> Case:
    """The case with what people decided on its contacts, and on the cases that go on here, put together."""
    said = [c.complaint for c in case.contacts if c.inbound and not c.machine]
    if any(said) or any(m.counts for m in case.merged):
        verdict: bool | None = True
    else:
        verdict = None if None in said or not said else False
    return replace(case, complaint=verdict)


@_on(f.ReceiptCorrected)
def _receipt_corrected(case: Case, fact: f.ReceiptCorrected) -> Case:
    contacts = tuple(
        replace(c, at=fact.received, backdated_why=fact.why) if c.id == fact.contact else c
        for c in case.contacts
    )
    was, promised = case.contact(fact.contact), PROMISED.get(case.kind)
    # What was asked for with a contact was asked for when that came.
    asked = (promised[0], was.at) if promised is not None and was is not None else None
    events = tuple(
        replace(e, at=fact.received)
        if (e.trigger is Trigger.MESSAGE_RECEIVED and e.ref == fact.contact) or (e.trigger, e.at) == asked
        else e
        for e in case.events
    )
    return _with_first_receipt(replace(case, contacts=contacts, events=events))


@_on(f.ComplaintDecided)
def _complaint_decided(case: Case, fact: f.ComplaintDecided) -> Case:
    contacts = tuple(
        replace(c, complaint=fact.complaint, decided_by=fact.by) if c.id == fact.contact else c
        for c in case.contacts
    )
    return _with_first_receipt(_with_verdict(replace(case, contacts=contacts)))


@_on(f.CustomerKnown)
def _customer_known(case: Case, fact: f.CustomerKnown) -> Case:
    was = case.customer
    customer = Customer(
        kind=CustomerKind(fact.customer_kind) if fact.customer_kind else was.kind,
        headcount=was.headcount if fact.headcount is None else fact.headcount,
        counted_how=fact.counted_how or was.counted_how,
        prefers=fact.prefers or was.prefers,
        name=fact.name or was.name,
        email=fact.email or was.email,
        phone=fact.phone or was.phone,
        address=fact.address or was.address,
        account=fact.account or was.account,
        email_since=was.email_since if _leads_there(fact.email, was.email) else fact.logged,
        address_since=was.address_since if _leads_there(fact.address, was.address) else fact.logged,
    )
    return replace(case, customer=customer)


def _leads_there(said: str, was: str) -> bool:
    """Whether an address says nothing new: none, or the same however its lines end, its spaces and its capitals stand."""
    return not said or said.casefold().split() == was.casefold().split()


@_on(f.PartyAdded)
def _party_added(case: Case, fact: f.PartyAdded) -> Case:
    return replace(case, parties=(*case.parties, Party(fact.role, fact.name, fact.email)))


@_on(f.IdentityChecked)
def _identity_checked(case: Case, fact: f.IdentityChecked) -> Case:
    return replace(case, identity_passed=case.identity_passed or fact.passed)


@_on(f.HandlerAssigned)
def _handler_assigned(case: Case, fact: f.HandlerAssigned) -> Case:
    return replace(
        case,
        handler=fact.handler,
        handler_name=fact.handler_name,
        handler_phone=fact.phone,
        handler_email=fact.email,
        assigned=case.assigned or fact.at,
        introduce_again=_unmet(case, fact),
    )


def _unmet(case: Case, fact: f.HandlerAssigned) -> datetime | None:
    """Since when the customer, who was told of one handler, has another one whom they have not met."""
    if case.introduced is None or fact.handler in case.known_handlers:
        return None
    return case.introduce_again if fact.handler == case.handler else fact.at


@_on(f.HandlerIntroduced)
def _handler_introduced(case: Case, fact: f.HandlerIntroduced) -> Case:
    if case.introduced is not None:
        # A second introduction counts where the letter of the first never arrived; what the first began goes on.
        case = _met(case)
        if not case.introduction_lost:
            return case
        return replace(case, introduced=fact.at, introduced_by_letter=fact.letter)
    introduced = Event(Trigger.HANDLER_INTRODUCED, fact.at, fact.channel)
    return replace(
        _met(case),
        introduced=fact.at,
        introduced_by_letter=fact.letter,
        events=(*case.events, introduced),
    )


def _met(case: Case) -> Case:
    """The case once its handler of this moment has introduced themselves."""
    known = dict.fromkeys((*case.known_handlers, case.handler))
    return replace(case, known_handlers=tuple(known), introduce_again=None)


@_on(f.ContactMade)
def _contact_made(case: Case, fact: f.ContactMade) -> Case:
    contact = Contact(
        fact.contact, fact.at, fact.logged, inbound=False, channel=fact.channel, by=fact.by,
        purpose=fact.purpose, reached=fact.reached, letter=fact.letter, words=fact.words,
    )  # fmt: skip
    return replace(case, contacts=(*case.contacts, contact))


@_on(f.ContactTimeAgreed)
def _contact_time_agreed(case: Case, fact: f.ContactTimeAgreed) -> Case:
    before = next((a for a in case.appointments if a.id == fact.instead_of), None)
    made = Appointment(
        fact.appointment, fact.at, fact.starts, fact.ends, fact.channel, fact.person, fact.number,
        instead_of=fact.instead_of, first=(before.first or before.starts) if before else None, plan=fact.plan,
    )  # fmt: skip
    return replace(case, appointments=(*case.appointments, made))


@_on(f.ContactTimeSettled)
def _contact_time_settled(case: Case, fact: f.ContactTimeSettled) -> Case:
    appointments = tuple(
        replace(a, settled=fact.how, settled_at=fact.at, why=fact.why) if a.id == fact.appointment else a
        for a in case.appointments
    )
    return replace(case, appointments=appointments)


@_on(f.CallTimed)
def _call_timed(case: Case, fact: f.CallTimed) -> Case:
    contacts = tuple(replace(c, ended=fact.ended) if c.id == fact.contact else c for c in case.contacts)
    return replace(case, contacts=contacts)


@_on(f.ApprovalAsked)
def _approval_asked(case: Case, fact: f.ApprovalAsked) -> Case:
    asked = Approval(
        fact.approval, fact.deed, fact.at, fact.by, fact.clause, fact.amount, fact.role, fact.details, fact.why
    )  # fmt: skip
    return replace(case, approvals=(*case.approvals, asked))


@_on(f.ApprovalGiven)
def _approval_given(case: Case, fact: f.ApprovalGiven) -> Case:
    approvals = tuple(
        replace(a, given=(*a.given, fact)) if a.id == fact.approval else a for a in case.approvals
    )
    return replace(case, approvals=approvals)


@_on(f.ApprovalRefused)
def _approval_refused(case: Case, fact: f.ApprovalRefused) -> Case:
    approvals = tuple(replace(a, refused=fact) if a.id == fact.approval else a for a in case.approvals)
    return replace(case, approvals=approvals)


@_on(f.SupplierAsked)
def _supplier_asked(case: Case, fact: f.SupplierAsked) -> Case:
    asked = AskedSupplier(fact.matter, fact.supplier, fact.at, fact.by, fact.chase, fact.number, fact.words)
    return replace(case, suppliers=(*case.suppliers, asked))


@_on(f.SupplierChased)
def _supplier_chased(case: Case, fact: f.SupplierChased) -> Case:
    suppliers = tuple(
        replace(s, chase=fact.chase, number=fact.number or s.number, chased=s.chased + 1)
        if s.id == fact.matter
        else s
        for s in case.suppliers
    )
    return replace(case, suppliers=suppliers)


@_on(f.SupplierAnswered)
def _supplier_answered(case: Case, fact: f.SupplierAnswered) -> Case:
    suppliers = tuple(
        replace(s, answered=fact.at, answer=fact.words) if s.id == fact.matter else s for s in case.suppliers
    )
    return replace(case, suppliers=suppliers)


@_on(f.QuestionAsked)
def _question_asked(case: Case, fact: f.QuestionAsked) -> Case:
    asked = Question(fact.question, fact.at, fact.by, fact.answer_by, fact.words, fact.letter)
    return replace(case, questions=(*case.questions, asked))


@_on(f.QuestionSettled)
def _question_settled(case: Case, fact: f.QuestionSettled) -> Case:
    answer = case.contact(fact.contact)
    ends = answer.at if answer is not None else fact.at

    def settled(q: Question) -> Question:
        if q.id != fact.question or q.over is not None:
            return q
        if fact.how == f.NOT_YET:
            return replace(q, looked=fact.at)
        return replace(q, over=max(ends, q.asked), how=fact.how, contact=fact.contact)

    return replace(case, questions=tuple(settled(q) for q in case.questions))


@_on(f.UpdateIntervalAgreed)
def _update_interval(case: Case, fact: f.UpdateIntervalAgreed) -> Case:
    return replace(case, update_days=fact.working_days)


@_on(f.PromisePaused)
def _paused(case: Case, fact: f.PromisePaused) -> Case:
    return replace(case, pauses=(*case.pauses, Pause(fact.clock, fact.at, fact.why)))


@_on(f.PromiseResumed)
def _resumed(case: Case, fact: f.PromiseResumed) -> Case:
    pauses = tuple(
        replace(p, end=fact.at) if p.clock == fact.clock and p.end is None else p for p in case.pauses
    )
    return replace(case, pauses=pauses)


@_on(f.PromiseExtended)
def _extended(case: Case, fact: f.PromiseExtended) -> Case:
    return replace(case, extensions=(*case.extensions, Extension(fact.clock, fact.until, fact.at, fact.why)))


@_on(f.FindingsRecorded)
def _findings(case: Case, fact: f.FindingsRecorded) -> Case:
    return replace(case, findings=(*case.findings, fact))


@_on(f.OutcomeProposed)
def _outcome_proposed(case: Case, fact: f.OutcomeProposed) -> Case:
    outcome = Outcome(
        fact.outcome, fact.at, fact.channel, fact.credit_pence, fact.words, fact.letter, tuple(fact.cites.split()),
        fact.because, fact.fault_owner,
    )  # fmt: skip
    return replace(
        case,
        outcomes=(*case.outcomes, outcome),
        awards=awards.proposed(case.awards, fact.outcome, fact.awards, fact.at),
        events=(*case.events, Event(Trigger.OUTCOME_PROPOSED, fact.at, fact.channel, ref=fact.outcome)),
    )


@_on(f.OutcomeAnswered)
def _outcome_answered(case: Case, fact: f.OutcomeAnswered) -> Case:
    outcomes = tuple(
        replace(o, accepted=fact.accepted, answered=fact.at, answered_how=fact.how)
        if o.id == fact.outcome
        else o
        for o in case.outcomes
    )
    trigger = Trigger.OUTCOME_ACCEPTED if fact.accepted else Trigger.CUSTOMER_NOT_SATISFIED
    owed = awards.answered(case.awards, fact.outcome, fact.at, accepted=fact.accepted)
    return replace(
        case, outcomes=outcomes, awards=owed, events=(*case.events, Event(trigger, fact.at, ref=fact.outcome))
    )


@_on(f.AwardPrepared)
def _award_prepared(case: Case, fact: f.AwardPrepared) -> Case:
    return replace(case, awards=(*case.awards, awards.made(fact, at_once=case.care)))


@_on(f.AwardFate)
def _award_fate(case: Case, fact: f.AwardFate) -> Case:
    return replace(case, awards=awards.fated(case.awards, fact))


@_on(f.EscalationAsked)
def _escalation_asked(case: Case, fact: f.EscalationAsked) -> Case:
    return replace(
        case, events=(*case.events, Event(Trigger.ESCALATION_ASKED, fact.at, fact.channel, fact.stage))
    )


@_on(f.StageEntered)
def _stage_entered(case: Case, fact: f.StageEntered) -> Case:
    # A promise that stands in a stage starts when that stage is reached; `stage` tells it from a mere request.
    entered = Event(Trigger.ESCALATION_ASKED, fact.at, stage=fact.stage, ref="entered")
    return replace(
        case,
        stage=fact.stage,
        stage_role=fact.role,
        events=(*case.events, entered),
        # Who was to take the case at the stage before need not any more.
        approvals=_over(case, "escalation", fact.at),
    )


def _over(case: Case, deed: str, at: datetime) -> tuple[Approval, ...]:
    """The requests of a case, those of this deed that wait being over: what they asked for has come about otherwise."""
    return tuple(replace(a, over=at) if a.waits and a.deed == deed else a for a in case.approvals)


@_on(f.DeadlockDeclared)
def _deadlocked(case: Case, fact: f.DeadlockDeclared) -> Case:
    # Our last word is said: who was to take the case at its stage has nothing left to take.
    case = replace(case, approvals=_over(case, "escalation", fact.at))
    return replace(
        case,
        approvals=_over(case, "deadlock", fact.at),
        deadlocked=case.deadlocked or fact.at,
        position=fact.position or case.position,
        events=(*case.events, Event(Trigger.DEADLOCK, fact.at)),
    )


@_on(f.LetterDecided)
def _letter_decided(case: Case, fact: f.LetterDecided) -> Case:
    letter = SentLetter(
        fact.key, fact.letter, fact.channel, fact.at, fact.digest, fact.why, instead_of=fact.instead_of
    )
    case = replace(case, letters=(*case.letters, letter))
    if fact.letter == QUESTION_AGAIN:
        # It asks for everything whose day is over by then.
        case = replace(case, questions=tuple(
            replace(q, chased=fact.at) if q in case.questions_to_chase(fact.at) else q for q in case.questions
        ))  # fmt: skip
    waiting = case.copy_waiting if fact.letter == COPY_LETTER else None
    if waiting is None:
        return case
    goes = replace(waiting, letter=fact.key)
    return replace(case, copies=tuple(goes if c is waiting else c for c in case.copies))


@_on(f.LetterFate)
def _letter_fate(case: Case, fact: f.LetterFate) -> Case:
    letters = tuple(
        replace(x, fate=fact.fate, fate_at=fact.at, fate_why=fact.why) if x.key == fact.key else x
        for x in case.letters
    )
    return replace(case, letters=letters)


@_on(f.PostingProved)
def _posting_proved(case: Case, fact: f.PostingProved) -> Case:
    letters = tuple(
        replace(x, proofs=(*x.proofs, fact.certificate)) if x.key == fact.key else x for x in case.letters
    )
    return replace(case, letters=letters)


@_on(f.FormatNeeded)
def _format_needed(case: Case, fact: f.FormatNeeded) -> Case:
    return replace(case, format_need=fact)


@_on(f.FormatOrdered)
def _format_ordered(case: Case, fact: f.FormatOrdered) -> Case:
    order = FormatOrder(fact.order, fact.letter, fact.format, fact.at, fact.why)
    return replace(case, format_orders=(*case.format_orders, order))


@_on(f.FormatDispatched)
def _format_dispatched(case: Case, fact: f.FormatDispatched) -> Case:
    orders = tuple(
        replace(o, dispatched=fact.at) if o.id == fact.order and o.dispatched is None else o
        for o in case.format_orders
    )
    return replace(case, format_orders=orders)


@_on(f.CopyAsked)
def _copy_asked(case: Case, fact: f.CopyAsked) -> Case:
    asked = Event(Trigger.COPY_ASKED, fact.at, fact.channel, ref=fact.copy)
    copy = Copy(fact.copy, fact.at, fact.channel, fact.format)
    return replace(case, copies=(*case.copies, copy), events=(*case.events, asked))


@_on(f.ParticularsGiven)
def _particulars_given(case: Case, fact: f.ParticularsGiven) -> Case:
    promised = PROMISED.get(case.kind)
    begun = any(promised and e.trigger is promised[0] for e in case.events)
    asked = () if begun or promised is None else (Event(promised[0], fact.at, fact.channel),)
    agreed = visits.agreed(case.visits, fact.given, fact.logged)
    return replace(case, particulars=fact.given, visits=agreed, events=(*case.events, *asked))


@_on(f.PersonalDataFound)
def _personal_data_found(case: Case, fact: f.PersonalDataFound) -> Case:
    return replace(case, personal_data=fact)


@_on(f.DataRequestExtended)
def _data_extended(case: Case, fact: f.DataRequestExtended) -> Case:
    return replace(case, data_extended=fact)


@_on(f.DataRequestAnswered)
def _data_answered(case: Case, fact: f.DataRequestAnswered) -> Case:
    return replace(case, data_answer=fact)


@_on(f.DataBundleMade)
def _bundle_made(case: Case, fact: f.DataBundleMade) -> Case:
    return replace(case, bundles=(*case.bundles, Bundle(fact.number, fact.at, fact.by)))


@_on(f.DataBundleGiven)
def _bundle_given(case: Case, fact: f.DataBundleGiven) -> Case:
    given = tuple(replace(x, given=fact) if x.number == fact.number else x for x in case.bundles)
    return replace(case, bundles=given)


@_on(f.DataBundleFetched)
def _bundle_fetched(case: Case, fact: f.DataBundleFetched) -> Case:
    taken = tuple(replace(x, fetched=fact.at) if x.number == fact.number else x for x in case.bundles)
    return replace(case, bundles=taken)


@_on(f.PaymentSeen)
def _payment_seen(case: Case, fact: f.PaymentSeen) -> Case:
    return replace(case, payments_seen=(*case.payments_seen, fact))


@_on(f.StepTaken)
def _step_taken(case: Case, fact: f.StepTaken) -> Case:
    return replace(case, steps_taken=(*case.steps_taken, fact))


@_on(f.CustomerLinked)
def _customer_linked(case: Case, fact: f.CustomerLinked) -> Case:
    return replace(case, linked=fact if fact.customer else None)


@_on(f.LetterBefore)
def _letter_before(case: Case, fact: f.LetterBefore) -> Case:
    key = f"before/{fact.letter}/{len(case.letters_of(fact.letter)) + 1}"
    why = f"sent from {fact.source}"
    gone = SentLetter(key, fact.letter, fact.channel, fact.at, "", why, fate="sent", fate_at=fact.at)
    return replace(case, letters=(*case.letters, gone))


@_on(f.NeedsKnown)
def _needs_known(case: Case, fact: f.NeedsKnown) -> Case:
    priorities = frozenset(fact.priority.split(",")) & frozenset(f.PRIORITIES)
    return replace(case, needs=tuple(fact.needs.splitlines()), priorities=priorities)


@_on(f.SchemeLimitsFound)
def _scheme_limits_found(case: Case, fact: f.SchemeLimitsFound) -> Case:
    return replace(case, scheme_limits=fact)


@_on(f.Categorised)
def _categorised(case: Case, fact: f.Categorised) -> Case:
    return replace(case, category=fact.category, cause=fact.cause)


@_on(f.SchemeReferred)
def _scheme_referred(case: Case, fact: f.SchemeReferred) -> Case:
    return replace(
        case, referral=fact, scheme_told=None, scheme_not_found=None, scheme_decision=None, scheme_answer=None,
        file_due=None,
    )  # fmt: skip


@_on(f.SchemeTold)
def _scheme_told(case: Case, fact: f.SchemeTold) -> Case:
    return replace(case, scheme_told=fact, scheme_not_found=None)


@_on(f.SchemeNotFound)
def _scheme_not_found(case: Case, fact: f.SchemeNotFound) -> Case:
    return replace(case, scheme_told=None, scheme_not_found=fact)


@_on(f.SchemeCorrected)
def _scheme_corrected(case: Case, fact: f.SchemeCorrected) -> Case:
    decided = f.SchemeDecided(
        at=fact.at, logged=fact.logged, by=fact.by, outcome=fact.outcome, award_pence=fact.award_pence,
        words=fact.words, number=fact.number, asked=fact.asked,
    )  # fmt: skip
    return replace(case, scheme_decision=decided)


@_on(f.SchemeDecided)
def _scheme_decided(case: Case, fact: f.SchemeDecided) -> Case:
    return replace(case, scheme_decision=fact)


@_on(f.SchemeAnswered)
def _scheme_answered(case: Case, fact: f.SchemeAnswered) -> Case:
    return replace(case, scheme_answer=fact)


@_on(f.SchemeAnswerCorrected)
def _scheme_answer_corrected(case: Case, fact: f.SchemeAnswerCorrected) -> Case:
    right = f.SchemeAnswered(at=fact.at, logged=fact.logged, by=fact.by, answer=fact.answer, words=fact.words)
    return replace(case, scheme_answer=right if fact.answer else None)


@_on(f.TradeBodyAsked)
def _trade_body_asked(case: Case, fact: f.TradeBodyAsked) -> Case:
    return replace(case, trade_bodies=(*case.trade_bodies, TradeBody(fact.body, fact.at, fact.number)))


@_on(f.TradeBodySaid)
def _trade_body_said(case: Case, fact: f.TradeBodySaid) -> Case:
    found = tuple(
        replace(x, answered=fact.at, words=fact.words) if x.body == fact.body and x.answered is None else x
        for x in case.trade_bodies
    )
    return replace(case, trade_bodies=found)


@_on(f.LessonNoted)
def _lesson_noted(case: Case, fact: f.LessonNoted) -> Case:
    return replace(case, lessons=fact.lesson, lesson_at=fact.logged)


@_on(f.CaseFileDue)
def _case_file_due(case: Case, fact: f.CaseFileDue) -> Case:
    return replace(case, file_due=fact)


@_on(f.CaseFileMade)
def _case_file_made(case: Case, fact: f.CaseFileMade) -> Case:
    return replace(case, case_files=(*case.case_files, CaseFile(fact.number, fact.at, fact.by)))


@_on(f.CaseFileSent)
def _case_file_sent(case: Case, fact: f.CaseFileSent) -> Case:
    files = tuple(replace(x, sent=fact.at) if x.number == fact.number else x for x in case.case_files)
    return replace(case, case_files=files)


@_on(f.AdrExcepted)
def _adr_excepted(case: Case, fact: f.AdrExcepted) -> Case:
    return replace(case, adr_exception=fact)


@_on(f.CaseClosed)
def _closed(case: Case, fact: f.CaseClosed) -> Case:
    # What waited for a decision when the case ended waits no longer.
    approvals = tuple(replace(a, over=fact.at) if a.waits else a for a in case.approvals)
    return replace(case, closed=fact, approvals=approvals)


@_on(f.CaseReopened)
def _reopened(case: Case, fact: f.CaseReopened) -> Case:
    was = case.closed
    shut = (Pause("", was.at, f"the case was closed: {was.evidence}", fact.at),) if was is not None else ()
    return replace(
        case,
        closed=None,
        reopened=fact.at,
        shut=(*case.shut, *shut),
        events=(*case.events, Event(Trigger.CASE_REOPENED, fact.at)),
    )


@_on(f.CaseLinked)
def _linked(case: Case, fact: f.CaseLinked) -> Case:
    others = tuple(x for x in case.links if x.reference != fact.reference)
    return replace(case, links=(*others, Link(fact.reference, fact.at, fact.why)))


@_on(f.CaseUnlinked)
def _unlinked(case: Case, fact: f.CaseUnlinked) -> Case:
    return replace(case, links=tuple(x for x in case.links if x.reference != fact.reference))


@_on(f.OutageLinked)
def _outage_linked(case: Case, fact: f.OutageLinked) -> Case:
    was = next((o for o in case.outages if o.outage == fact.outage), None)
    now = InOutage(fact.outage, was.since if was else fact.at, fact.service, was.told if was else ())
    return replace(case, outages=(*(o for o in case.outages if o is not was), now))


@_on(f.OutageUnlinked)
def _outage_unlinked(case: Case, fact: f.OutageUnlinked) -> Case:
    return replace(case, outages=tuple(o for o in case.outages if o.outage != fact.outage))


@_on(f.OutageTold)
def _outage_told(case: Case, fact: f.OutageTold) -> Case:
    outages = tuple(
        replace(o, told=(*o.told, fact.run)) if o.outage == fact.outage else o for o in case.outages
    )
    return replace(case, outages=outages)


@_on(f.CaseMergedInto)
def _merged_into(case: Case, fact: f.CaseMergedInto) -> Case:
    return replace(case, merged_into=Merge(fact.reference, fact.at, fact.same_customer, fact.why))


@_on(f.CaseMergedFrom)
def _merged_from(case: Case, fact: f.CaseMergedFrom) -> Case:
    came = Merged(
        fact.reference, fact.at, fact.first_received, fact.channel, fact.counts, fact.same_customer, fact.why
    )
    return _with_first_receipt(_with_verdict(replace(case, merged=(*case.merged, came))))


def _of_merged(case: Case, reference: str, change: Callable[[Merged], Merged]) -> Case:
    return replace(case, merged=tuple(change(m) if m.reference == reference else m for m in case.merged))


@_on(f.MergedDateKept)
def _date_kept(case: Case, fact: f.MergedDateKept) -> Case:
    return _of_merged(case, fact.reference, lambda m: replace(m, dates=(*m.dates, (fact.clause, fact.due))))


@_on(f.MergedLetterCounts)
def _letter_counts(case: Case, fact: f.MergedLetterCounts) -> Case:
    letter = SentLetter(fact.key, _ADR_LETTER, fact.channel, fact.left, "", fate="sent", fate_at=fact.left)
    return _of_merged(case, fact.reference, lambda m: replace(m, letters=(*m.letters, letter)))


@_on(f.MergedLimitsCount)
def _limits_count(case: Case, fact: f.MergedLimitsCount) -> Case:
    return _of_merged(case, fact.reference, lambda m: replace(m, limits=fact.grounds))


@_on(f.MergedMessageWaits)
def _message_waits(case: Case, fact: f.MergedMessageWaits) -> Case:
    ref = f"{FROM_MERGED}{fact.reference} {fact.contact}"
    waits = Event(Trigger.MESSAGE_RECEIVED, fact.received, fact.channel, ref=ref)
    return replace(case, events=(*case.events, waits))


@_on(f.CaseMergeUndone)
def _merge_undone(case: Case, fact: f.CaseMergeUndone) -> Case:
    into = case.merged_into
    if into is not None and into.reference == fact.reference:
        # What the merge withdrew is owed again; what was withdrawn before was withdrawn by a person.
        letters = tuple(
            replace(x, again=True) if x.fate == "withdrawn" and x.fate_at == into.at else x
            for x in case.letters
        )
        return replace(case, merged_into=None, letters=letters)
    began = f"{FROM_MERGED}{fact.reference} "
    alone = replace(
        case,
        merged=tuple(m for m in case.merged if m.reference != fact.reference),
        events=tuple(e for e in case.events if not e.ref.startswith(began)),
    )
    return _with_first_receipt(_with_verdict(alone))


def _as_it_was(case: Case, _fact: f.Fact) -> Case:
    return case


_on(f.CaseImported)(_as_it_was)
_on(f.NoteAdded)(_as_it_was)
_on(f.DatesReplanned)(_as_it_was)
