"""What can happen to a case. A fact is never changed, only followed by another.

Every fact says when it happened (`at`, which counts for clocks), when the desk wrote it down (`logged`) and who
said so (`by`). Words that a person wrote or that tell who somebody is are marked private: they enter the evidence
chain only as a salted digest, so that erasing them breaks no chain. Readers of old versions live here, because
facts are never migrated.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, ClassVar, get_type_hints

PRIVATE = {"private": True}
"""Metadata of a field whose content may name or describe a person."""

SYSTEM = "system"
"""Who a fact is by when the desk did it by itself."""
CUSTOMER = "customer"


class UnknownFact(Exception):
    """A stored fact of a kind or version that this program cannot read: a newer program wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened to a case. Both moments are aware; `by` is SYSTEM, CUSTOMER or a person's id."""

    KIND: ClassVar[str] = ""
    at: datetime
    logged: datetime
    by: str = SYSTEM

    def __post_init__(self) -> None:
        """Keep every moment in UTC: moments of one local zone subtract by the wall clock, wrong twice a year.

        Raises ValueError for a moment without a zone.
        """
        for name in ("at", "logged", *_SHAPES[self.KIND].moments):
            moment: datetime = getattr(self, name)
            if moment.tzinfo is None:
                raise ValueError(f"{self.KIND}: {name} has no time zone")
            if moment.tzinfo is not UTC:
                object.__setattr__(self, name, moment.astimezone(UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Fact):
    """A case was made. The code named here governs it; whatever comes into force after its first receipt changes nothing."""

    KIND: ClassVar[str] = "case opened"
    reference: str
    provider: str
    code: str
    code_version: str
    """The fingerprint of the code's file; empty while no code was in force."""
    case_kind: str = ""
    """One of `kinds.CaseKind`; empty for a complaint, and for whatever may turn out to be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeGoverns(Fact):
    """Another code than the case was opened under governs it: one in force at its first receipt was adopted later."""

    KIND: ClassVar[str] = "code governs"
    code: str
    code_version: str
    """The fingerprint of the code's file; empty where none governs."""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReceived(Fact):
    """The customer made contact, on any channel. `at` is effective for clocks; `received` is what was measured."""

    KIND: ClassVar[str] = "contact received"
    contact: str
    channel: str
    received: datetime
    backdated_why: str = field(default="", metadata=PRIVATE)
    """Why `at` is earlier than `received`: a letter lay in the post room, a call was logged next day."""
    asks_answer: bool = True
    machine: str = ""
    """Why this was written by a machine; empty when a person wrote it."""
    message: str = ""
    """The id of the kept raw message, where there is one."""
    junk: bool = False
    """Whether a filter had put it into the junk folder, where it was found."""
    message_digest: str = field(default="", metadata=PRIVATE)
    """SHA-256 of the raw message; private, for whoever holds a message could find by it whose it was."""
    files: str = field(default="", metadata=PRIVATE)
    """SHA-256 of each file that came with it, one a line."""
    sender: str = field(default="", metadata=PRIVATE)
    subject: str = field(default="", metadata=PRIVATE)
    words: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCorrected(Fact):
    """The receipt of a contact was found to be another moment, with the reason. It can move a law clock."""

    KIND: ClassVar[str] = "receipt corrected"
    contact: str
    received: datetime
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintDecided(Fact):
    """A person answered "was this a complaint?" for a contact (A-was-it-a-complaint)."""

    KIND: ClassVar[str] = "complaint decided"
    contact: str
    complaint: bool
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerKnown(Fact):
    """What is known of the customer. An empty field leaves what was known before."""

    KIND: ClassVar[str] = "customer known"
    customer_kind: str = ""
    headcount: int | None = None
    counted_how: str = field(default="", metadata=PRIVATE)
    prefers: str = ""
    """The channel that the customer wants replies on."""
    name: str = field(default="", metadata=PRIVATE)
    email: str = field(default="", metadata=PRIVATE)
    phone: str = field(default="", metadata=PRIVATE)
    address: str = field(default="", metadata=PRIVATE)
    account: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyAdded(Fact):
    """Somebody who may write about this case besides the customer, such as a representative."""

    KIND: ClassVar[str] = "party added"
    role: str
    name: str = field(default="", metadata=PRIVATE)
    email: str = field(default="", metadata=PRIVATE)
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChecked(Fact):
    """The caller's identity was checked before details were shown; a failed check is recorded too."""

    KIND: ClassVar[str] = "identity checked"
    passed: bool
    how: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerAssigned(Fact):
    """A person holds the case. `phone` and `email` are the handler's direct details at work."""

    KIND: ClassVar[str] = "handler assigned"
    handler: str
    handler_name: str
    phone: str = ""
    email: str = ""
    why: str = field(default="", metadata=PRIVATE)
    """Which rule gave it to them, or from whom it was handed over; empty where a person chose them for this case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerIntroduced(Fact):
    """The handler made contact, said who they are, what to expect and how to reach them."""

    KIND: ClassVar[str] = "handler introduced"
    channel: str
    letter: str = ""
    """The key of the letter that introduces them, when it was done in writing."""
    words: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMade(Fact):
    """The provider contacted the customer: a call, a message, a letter. `reached` is false for a call not answered."""

    KIND: ClassVar[str] = "contact made"
    contact: str
    channel: str
    purpose: str
    """One of `PURPOSES`."""
    reached: bool = True
    letter: str = ""
    """The key of the letter that this contact is, when it was sent by the desk."""
    words: str = field(default="", metadata=PRIVATE)


PURPOSES = ("reply", "update", "call back", "acknowledgement", "information")
"""What a contact made was for: a reply answers in substance, an update tells how the complaint stands, an
acknowledgement gives the reference to somebody who can only be called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactTimeAgreed(Fact):
    """A time to speak, agreed with the customer: a promise with a window."""

    KIND: ClassVar[str] = "contact time agreed"
    appointment: str
    starts: datetime
    ends: datetime
    channel: str = "phone"
    person: str = ""
    """Who keeps it, by id."""
    instead_of: str = ""
    """The id of the agreed time that was moved to this one; empty for a first one."""
    number: str = field(default="", metadata=PRIVATE)
    plan: str = field(default="", metadata=PRIVATE)
    """What was agreed to happen until then, or then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactTimeSettled(Fact):
    """What became of an agreed time: kept, missed by us, missed by the customer, moved."""

    KIND: ClassVar[str] = "contact time settled"
    appointment: str
    how: str
    why: str = field(default="", metadata=PRIVATE)
    """Why it was moved or missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTimed(Fact):
    """How long a call took: it began at `at` and ended then. `contact` is the contact that it was."""

    KIND: ClassVar[str] = "call timed"
    contact: str
    ended: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAsked(Fact):
    """Something was asked for that whoever asked may not decide alone. It waits: nothing of it is done yet."""

    KIND: ClassVar[str] = "approval asked"
    approval: str
    deed: str
    """One of `APPROVED_DEEDS`."""
    clause: str
    amount: int = 0
    """What the limit is measured by: pence of compensation, days of an extension or a back-dating, a stage's number."""
    role: str = ""
    """Whom the code names for it, in its words; empty where only the provider's limits do."""
    details: str = field(default="", metadata=PRIVATE)
    """What is to be done once it is given, as JSON."""
    why: str = field(default="", metadata=PRIVATE)


APPROVED_DEEDS = ("compensation", "award", "deadlock", "extension", "back-dating", "escalation")
"""What may wait for a decision. An escalation is never refused: somebody takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGiven(Fact):
    """Somebody with the power to decide agreed."""

    KIND: ClassVar[str] = "approval given"
    approval: str
    final: bool = True
    """False where it is over the limit of whoever agreed: it waits for a second person, and nothing is done yet."""
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRefused(Fact):
    """Somebody with the power did not agree, or whoever asked took it back."""

    KIND: ClassVar[str] = "approval refused"
    approval: str
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierAsked(Fact):
    """A supplier was asked for something that the case needs. The provider answers for it all the same (N-third-party)."""

    KIND: ClassVar[str] = "supplier asked"
    matter: str
    """The id of what was asked: chases and the answer name it."""
    supplier: str
    chase: datetime
    """When we ask again if nothing has come."""
    number: str = field(default="", metadata=PRIVATE)
    """The supplier's own reference."""
    words: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierChased(Fact):
    """We asked the supplier again; nothing had come."""

    KIND: ClassVar[str] = "supplier chased"
    matter: str
    chase: datetime
    """When we ask next."""
    number: str = field(default="", metadata=PRIVATE)
    words: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierAnswered(Fact):
    """The supplier did what was asked, or said that it will not; we wait no longer."""

    KIND: ClassVar[str] = "supplier answered"
    matter: str
    words: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Fact):
    """The customer was asked for something that we need in order to consider the case."""

    KIND: ClassVar[str] = "question asked"
    question: str
    """The id of what was asked: its end names it."""
    answer_by: datetime
    """The London midnight at which the day begins on which an answer is asked for. Nothing runs out then."""
    letter: str = ""
    """The key of the letter that asks."""
    words: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSettled(Fact):
    """What became of something that the customer was asked for: one of `QUESTION_ENDS`."""

    KIND: ClassVar[str] = "question settled"
    question: str
    how: str
    contact: str = ""
    """The id of the customer's contact that answers it; empty where none does."""
    words: str = field(default="", metadata=PRIVATE)


ANSWERED, NOT_YET, NOT_GIVEN, NOT_NEEDED = "answered", "not yet", "not given", "not needed"
QUESTION_ENDS = (ANSWERED, NOT_YET, NOT_GIVEN, NOT_NEEDED)
"""`not yet`: what the customer wrote since does not answer it, and we go on waiting. `not given`: we go on without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateIntervalAgreed(Fact):
    """How often the customer wants to hear, in working days, agreed in conversation or set by the handler."""

    KIND: ClassVar[str] = "update interval agreed"
    working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisePaused(Fact):
    """One promise of the provider's own stands still for a named reason. A law clock never does."""

    KIND: ClassVar[str] = "promise paused"
    clock: str
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseResumed(Fact):
    """The pause is over; what was left runs on."""

    KIND: ClassVar[str] = "promise resumed"
    clock: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseExtended(Fact):
    """A promise of the provider's own was given a later time, and the customer was told so (S-complex)."""

    KIND: ClassVar[str] = "promise extended"
    clock: str
    until: datetime
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsRecorded(Fact):
    """What the investigation found (O-investigate)."""

    KIND: ClassVar[str] = "findings recorded"
    fault_owner: str = ""
    words: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPrepared(Fact):
    """Something to put a wrong right was worked out. It is part of the next outcome, or owed at once by its basis."""

    KIND: ClassVar[str] = "award prepared"
    award: str
    """Its number on the case: 1, 2 and so on."""
    award_kind: str
    """One of `awards.AwardKind`."""
    basis: str
    """One of `awards.Basis`."""
    clause: str
    pence: int = 0
    pay_by: str = ""
    """The London date by which it is promised, or by which the law wants it paid, ISO; empty where none is named."""
    beyond_control: str = ""
    """`yes` or `no`, as a person found; empty where nobody needed to look (F-beyond-control)."""
    looked_at: str = field(default="", metadata=PRIVATE)
    """What was looked at to say so."""
    words: str = field(default="", metadata=PRIVATE)
    arithmetic: str = field(default="", metadata=PRIVATE)
    """How the sum was worked out: JSON, as `redress.sums.Sum` gives it."""
    covers: str = field(default="", metadata=PRIVATE)
    """What it pays for, so that it is never paid twice: JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardFate(Fact):
    """What became of an award: one of `awards.FATES`."""

    KIND: ClassVar[str] = "award fate"
    award: str
    fate: str
    billing: str = ""
    """The number under which billing has it; empty for what does not go there."""
    why: str = field(default="", metadata=PRIVATE)
    """What was said of it: why it failed, on which bill it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeProposed(Fact):
    """A resolution was put to the customer, who may refuse it."""

    KIND: ClassVar[str] = "outcome proposed"
    outcome: str
    channel: str
    credit_pence: int = 0
    letter: str = ""
    award: bool = False
    """Whether the sum is compensation or goodwill; else it gives back what was charged."""
    awards: str = ""
    """The numbers of the awards that it offers, with spaces between them; their money is `credit_pence`."""
    cites: str = ""
    """The ids of the code's clauses that it gives as reasons, with spaces between them."""
    because: str = field(default="", metadata=PRIVATE)
    """Why those clauses hold here."""
    fault_owner: str = field(default="", metadata=PRIVATE)
    """Whose fault it was, where the code promises to say so."""
    words: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeAnswered(Fact):
    """The customer accepted or refused an outcome, in their own words, on a known way."""

    KIND: ClassVar[str] = "outcome answered"
    outcome: str
    accepted: bool
    how: str
    """One of `EVIDENCE_WAYS`."""
    words: str = field(default="", metadata=PRIVATE)


EVIDENCE_WAYS = ("portal", "authenticated reply", "recorded by a person")
"""How a customer's word can reach the record, as the house's rule of closing lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationAsked(Fact):
    """The customer asked for the next stage; accepted on any channel."""

    KIND: ClassVar[str] = "escalation asked"
    channel: str
    stage: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEntered(Fact):
    """The case is held by this stage of the code's escalation path."""

    KIND: ClassVar[str] = "stage entered"
    stage: int
    role: str
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlockDeclared(Fact):
    """The outcome is told, the customer is unhappy with it, and no further review is intended (CH-11)."""

    KIND: ClassVar[str] = "deadlock declared"
    position: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDecided(Fact):
    """The desk or a person decided that a letter leaves; its words are frozen in the same transaction."""

    KIND: ClassVar[str] = "letter decided"
    key: str
    letter: str
    channel: str
    digest: str
    """SHA-256 of the frozen words."""
    shown: str = ""
    """Salted SHA-256 of subject, text and HTML as they were made of the words then, by the program of that day."""
    why: str = ""
    instead_of: str = ""
    """The key of the letter that did not arrive, and that this one replaces."""
    own_words: str = ""
    """Which version of the provider's own words stands in it: id, version and fingerprint; empty where none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFate(Fact):
    """What became of a letter: one of `FATES`."""

    KIND: ClassVar[str] = "letter fate"
    key: str
    fate: str
    why: str = field(default="", metadata=PRIVATE)
    """What the mail server or the post said; it may name the address."""


FATES = ("sent", "posted", "failed", "in doubt", "bounced", "returned", "withdrawn")
"""`withdrawn` is for a letter that had not left and that another one replaces; never for an ADR letter in bulk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingProved(Fact):
    """Proof that a letter was handed to the post: the number of a certificate, a picture of it, or both."""

    KIND: ClassVar[str] = "posting proved"
    key: str
    certificate: str = field(default="", metadata=PRIVATE)
    file: str = field(default="", metadata=PRIVATE)
    """SHA-256 of the picture, which is kept beside the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatNeeded(Fact):
    """The format in which the customer needs what we write, with their consent to our keeping it (C5-01).

    `at` is when they said so. Standard again is the empty format. Which format somebody needs tells of their health,
    so it is private.
    """

    KIND: ClassVar[str] = "format needed"
    review: str = ""
    """The London date from which we ask whether it still holds, ISO; empty where nobody set one."""
    carried_from: str = ""
    """The reference of the customer's case on which they said so; empty where it was this one."""
    format: str = field(default="", metadata=PRIVATE)
    """One of `formats.Format`."""
    consent: str = field(default="", metadata=PRIVATE)
    """How the customer agreed that we keep it, and with whom it was spoken of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatOrdered(Fact):
    """A person is asked to make a letter in a format that the desk cannot make or send by itself."""

    KIND: ClassVar[str] = "format ordered"
    order: str
    letter: str
    """The key of the letter, which leaves without waiting."""
    format: str = field(default="", metadata=PRIVATE)
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatDispatched(Fact):
    """What was ordered has left, or is not needed after all; `how` says which way, or why not."""

    KIND: ClassVar[str] = "format dispatched"
    order: str
    how: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyAsked(Fact):
    """Somebody asked for a copy of the code of their case, free of charge (R-04, O-copy, I-copy).

    In which format somebody reads it tells of their health, so it is private.
    """

    KIND: ClassVar[str] = "copy of the code asked"
    copy: str
    """Its number on the case: 1, 2 and so on."""
    channel: str
    """How it goes: `email` or `letter`."""
    format: str = field(default="", metadata=PRIVATE)
    """One of `formats.Format`; empty for what the customer reads every letter in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticularsGiven(Fact):
    """What was given of the things that the kind of case asks for; what was given before is over.

    The first of a case starts what the code promises for its kind: `at` is when the customer asked.
    """

    KIND: ClassVar[str] = "particulars given"
    channel: str
    given: str = field(default="", metadata=PRIVATE)
    """Each particular by its name, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken(Fact):
    """A step of a kind of case was done, held or found not to be needed: one of `care.steps.WAYS`."""

    KIND: ClassVar[str] = "step taken"
    step: str
    how: str
    again: str = ""
    """For one that is held: the London date on which somebody looks at it again, ISO."""
    words: str = field(default="", metadata=PRIVATE)
    """What was done or found; why it is held or not needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSeen(Fact):
    """Somebody looked whether a payment of an arrangement came. What was said of it before is over."""

    KIND: ClassVar[str] = "payment seen"
    due: str
    """The London date on which it was to come, ISO."""
    pence: int
    came: bool
    words: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataFound(Fact):
    """A person found that the complaint is also about personal data, or that it is not after all (DP-01)."""

    KIND: ClassVar[str] = "personal data found"
    concerned: bool
    contact: str
    """The contact in which the customer first complained of it: its receipt is the clock's."""
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeLimitsFound(Fact):
    """What of the complaint as a whole a scheme may not take, as a person found last; nothing takes it back."""

    KIND: ClassVar[str] = "scheme limits found"
    grounds: str
    """Of `schemes.Ground`, with commas between them."""
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRequestExtended(Fact):
    """A request about personal data takes longer than its month, and the person was told so in time (DP-03)."""

    KIND: ClassVar[str] = "data request extended"
    because: str
    """One of `DATA_EXTENSIONS`."""
    why: str = field(default="", metadata=PRIVATE)


DATA_EXTENSIONS = ("it is complex", "there are many requests")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRequestAnswered(Fact):
    """A request about personal data was answered: one of `DATA_ANSWERS`. The letter that tells so leaves with it."""

    KIND: ClassVar[str] = "data request answered"
    answer: str
    ground: str = ""
    """On which ground it is not done, or not whole: one of `data_requests.GROUNDS`; empty where it is done."""
    why: str = field(default="", metadata=PRIVATE)
    """The reasons, as the person is told them."""


DATA_ANSWERS = ("done", "done in part", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataBundleMade(Fact):
    """What is held of the person was brought together, each mark of a third party's data decided by a person."""

    KIND: ClassVar[str] = "data bundle made"
    number: int
    """Which bundle of this case it is: 1, 2, 3 …"""
    documents: int
    taken_out: int
    """How many marks and documents a person took out."""
    digests: str = field(default="", metadata=PRIVATE)
    """SHA-256 of its page and of its JSON, one a line: both tell the checksum of each document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataBundleGiven(Fact):
    """A bundle was handed out to the person, whose identity was checked before: one of `BUNDLE_WAYS`."""

    KIND: ClassVar[str] = "data bundle given"
    number: int
    how: str
    until: str = ""
    """In the portal: the last London date on which it can be fetched there, once; ISO."""
    words: str = field(default="", metadata=PRIVATE)
    """In the post: to where it went, and how."""


BUNDLE_WAYS = ("portal", "post")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataBundleFetched(Fact):
    """The person took the bundle away from the portal: it opens no more there."""

    KIND: ClassVar[str] = "data bundle fetched"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Categorised(Fact):
    """What the case is about and what was behind it, in words of the provider's own lists. An empty one is taken back."""

    KIND: ClassVar[str] = "categorised"
    category: str
    cause: str = ""
    """The root cause, which may be known later than the category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLinked(Fact):
    """A person found that the case is this customer's: ids of the customers' book and nothing else. Empty undoes it."""

    KIND: ClassVar[str] = "customer linked"
    customer: str
    account: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseImported(Fact):
    """The case was begun in another system and brought from there; what happened in it before stands with its own days."""

    KIND: ClassVar[str] = "case imported"
    source: str
    number: str = field(default="", metadata=PRIVATE)
    """What that system calls the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterBefore(Fact):
    """A letter had left, from another system, before the case came here: there is no copy of it in this house."""

    KIND: ClassVar[str] = "letter sent before"
    letter: str
    channel: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsKnown(Fact):
    """What the customer needs of us besides a format, as their record says it; what was known before is over.

    What somebody needs tells of their health or their age, so all of it is private.
    """

    KIND: ClassVar[str] = "needs known"
    needs: str = field(default="", metadata=PRIVATE)
    """One need a line, with what was arranged (O-arrangements)."""
    priority: str = field(default="", metadata=PRIVATE)
    """Which of `PRIORITIES` follow from them, joined by commas."""


FIRST_IN_LINE = "support"
REPAIRED_FIRST = "repair"
PRIORITIES = (FIRST_IN_LINE, REPAIRED_FIRST)
"""Priority access to support (N-priority-support) and priority repair of a fault (N-priority-repair)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeReferred(Fact):
    """The customer took the complaint to a dispute-resolution scheme, as the scheme told us; `at` is when it did."""

    KIND: ClassVar[str] = "scheme referred"
    scheme: str
    number: str = field(default="", metadata=PRIVATE)
    """The scheme's own number of the dispute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeTold(Fact):
    """The customer told us that they took the complaint to a scheme: their word, which the scheme has not confirmed."""

    KIND: ClassVar[str] = "scheme told"
    scheme: str
    applied: datetime
    """When they say that they applied: a day stands for its noon."""
    number: str = field(default="", metadata=PRIVATE)
    """The number that they say the scheme gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeNotFound(Fact):
    """The scheme knows of no such dispute, as it told us: what the customer told us of it waits no longer."""

    KIND: ClassVar[str] = "scheme not found"
    words: str = field(default="", metadata=PRIVATE)
    """How that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeDecided(Fact):
    """How a dispute at a scheme ended: one of `SCHEME_OUTCOMES`. `award_pence` is what we were told to pay."""

    KIND: ClassVar[str] = "scheme decided"
    outcome: str
    award_pence: int = 0
    words: str = field(default="", metadata=PRIVATE)
    number: str = field(default="", metadata=PRIVATE)
    """The scheme's own number of the decision."""
    asked: str = field(default="", metadata=PRIVATE)
    """What we were told to do besides paying: one thing a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeCorrected(Fact):
    """What was written of how a dispute ended was wrong: this stands in its place, and the earlier stays in the story."""

    KIND: ClassVar[str] = "scheme corrected"
    outcome: str
    award_pence: int = 0
    words: str = field(default="", metadata=PRIVATE)
    number: str = field(default="", metadata=PRIVATE)
    """The scheme's own number of the decision."""
    asked: str = field(default="", metadata=PRIVATE)
    """What we were told to do besides paying: one thing a line."""
    why: str = field(default="", metadata=PRIVATE)
    """What was wrong, and how that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeAnswered(Fact):
    """What the customer said to the scheme of its decision, as it told us: one of `SCHEME_ANSWERS`. `at` is the day."""

    KIND: ClassVar[str] = "scheme answered"
    answer: str
    words: str = field(default="", metadata=PRIVATE)
    """How that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeAnswerCorrected(Fact):
    """What was written of the customer's answer was wrong: this stands in its place, and the earlier stays in the story."""

    KIND: ClassVar[str] = "scheme answer corrected"
    answer: str
    """One of `SCHEME_ANSWERS`, or empty: there is no answer yet."""
    words: str = field(default="", metadata=PRIVATE)
    """How the right one is known."""
    why: str = field(default="", metadata=PRIVATE)
    """What was wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeBodyAsked(Fact):
    """The customer raised it with a trade body that the code names. No clock hears of it."""

    KIND: ClassVar[str] = "trade body asked"
    body: str
    """As the code calls it."""
    number: str = field(default="", metadata=PRIVATE)
    """Its own number for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeBodySaid(Fact):
    """A trade body told us what it thinks. It binds nobody, and no clock hears of it."""

    KIND: ClassVar[str] = "trade body said"
    body: str
    words: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonNoted(Fact):
    """Somebody wrote down what should be learned from the case, and its root cause."""

    KIND: ClassVar[str] = "lesson noted"
    lesson: int
    """Which lesson of its case it is: 1, 2, 3 …"""
    cause: str
    words: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileDue(Fact):
    """The scheme asked for our case file by `due`, as its letter says; `at` is the day of that letter."""

    KIND: ClassVar[str] = "case file due"
    due: datetime
    words: str = field(default="", metadata=PRIVATE)
    """Where the scheme says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileMade(Fact):
    """The case file for the scheme was made: the first, or one with what has happened since."""

    KIND: ClassVar[str] = "case file made"
    number: int
    """Which file of this case it is: 1, 2, 3 …"""
    documents: int
    left_out: int
    """How many things a person left out, each marked in its place with the reason."""
    digests: str = field(default="", metadata=PRIVATE)
    """SHA-256 of the PDF and of the list of its documents, one a line: the list holds that of each document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileSent(Fact):
    """A case file went to the scheme; `at` is the day."""

    KIND: ClassVar[str] = "case file sent"
    number: int
    how: str = field(default="", metadata=PRIVATE)


SCHEME_ANSWERS = ("accepted", "refused", "not in time")
SCHEME_OUTCOMES = (
    "for the customer", "partly for the customer", "for us", "settled before a decision", "not taken up",
)  # fmt: skip
"""`not taken up` is a dispute that the scheme refused or the customer withdrew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdrExcepted(Fact):
    """No ADR letter for one who is covered: a coded reason and two people (R-09)."""

    KIND: ClassVar[str] = "adr letter excepted"
    exception: str
    second: str
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Fact):
    """The case is over, with its evidence: one of `EVIDENCE`."""

    KIND: ClassVar[str] = "case closed"
    evidence: str
    how: str = ""
    words: str = field(default="", metadata=PRIVATE)


EVIDENCE = (
    "customer confirmed",
    "ADR letter window run",
    "scheme decision carried out",
    "scheme decision not accepted",
    "silence after notices",
    "not a complaint",
    "copy sent",
    "request carried out",
    "closed before it came here",
)
AS_NO_COMPLAINT = ("not a complaint", "copy sent", "request carried out")
"""On these a case closes only because it is no complaint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(Fact):
    """The case goes on. Its first receipt stands: no law clock starts again."""

    KIND: ClassVar[str] = "case reopened"
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Fact):
    """Words for colleagues; the customer can ask for them in an access request."""

    KIND: ClassVar[str] = "note added"
    note: str = ""
    """Its number among the notes, by which its files are kept; empty where none came with it."""
    files: str = field(default="", metadata=PRIVATE)
    """SHA-256 of each file that came with it, one a line."""
    words: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLinked(Fact):
    """Another case is about the same matter. Both stay what they are; each names the other."""

    KIND: ClassVar[str] = "case linked"
    reference: str
    """The other case's reference."""
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnlinked(Fact):
    """The other case is not about the same matter after all."""

    KIND: ClassVar[str] = "case unlinked"
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMergedInto(Fact):
    """This case goes on under another reference: nothing more is owed here but what is on its way already."""

    KIND: ClassVar[str] = "case merged into"
    reference: str
    """The case that goes on."""
    same_customer: bool
    """Whether both are known to be of one customer; else neither customer is shown the other's words."""
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMergedFrom(Fact):
    """Another case goes on here. Of both first receipts the earlier governs the law's period (A-law-clock)."""

    KIND: ClassVar[str] = "case merged from"
    reference: str
    """The case that ended here."""
    first_received: datetime
    channel: str
    counts: bool
    """Whether it is a complaint; one that was found to be none moves no date."""
    same_customer: bool
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedDateKept(Fact):
    """The ADR letter was due under the other reference by `due`: it is due here no later."""

    KIND: ClassVar[str] = "date of merged case kept"
    reference: str
    clause: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedLetterCounts(Fact):
    """An ADR letter that left under the other reference counts here too; `left` is when."""

    KIND: ClassVar[str] = "letter of merged case counts"
    reference: str
    key: str
    channel: str
    left: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedMessageWaits(Fact):
    """What the customer wrote under the other reference waits for its answer here; `received` is when it came."""

    KIND: ClassVar[str] = "message of merged case waits"
    reference: str
    contact: str
    channel: str
    received: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedLimitsCount(Fact):
    """What of the complaint a scheme may not take was found under the other reference: it counts here too."""

    KIND: ClassVar[str] = "scheme limits of merged case count"
    reference: str
    grounds: str
    """Of `schemes.Ground`, with commas between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMergeUndone(Fact):
    """The merge was a mistake: both cases stand alone again, each with its own dates. It stands on both."""

    KIND: ClassVar[str] = "merge undone"
    reference: str
    """The other case's reference."""
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageLinked(Fact):
    """The case is about an outage, by its number at the provider (S-outage). Linked again, the newer service stands."""

    KIND: ClassVar[str] = "outage linked"
    outage: int
    service: str = field(default="", metadata=PRIVATE)
    """Which service of this customer was down, as refunds name it: it may hold their number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageUnlinked(Fact):
    """The case was not about that outage after all."""

    KIND: ClassVar[str] = "outage unlinked"
    outage: int
    why: str = field(default="", metadata=PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageTold(Fact):
    """The customer was written what all customers of an outage were written: `run` says which time it was."""

    KIND: ClassVar[str] = "outage told"
    outage: int
    run: int
    letter: str
    """The key of the letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesReplanned(Fact):
    """A calendar, a rule or the program changed, and dates of this case moved."""

    KIND: ClassVar[str] = "dates replanned"
    because: str
    moved: str
    """Each date that moved, as `clock: old -> new`, one a line."""


KINDS: dict[str, type[Fact]] = {
    kind.KIND: kind
    for kind in (
        CaseOpened, CodeGoverns, ContactReceived, ReceiptCorrected, ComplaintDecided, CustomerKnown, PartyAdded,
        IdentityChecked, HandlerAssigned, HandlerIntroduced, ContactMade, ContactTimeAgreed,
        ContactTimeSettled, UpdateIntervalAgreed, PromisePaused, PromiseResumed, PromiseExtended,
        FindingsRecorded, OutcomeProposed, OutcomeAnswered, EscalationAsked, StageEntered,
        DeadlockDeclared, LetterDecided, LetterFate, AdrExcepted, CaseClosed, CaseReopened, NoteAdded,
        DatesReplanned, PostingProved, FormatNeeded, FormatOrdered, FormatDispatched, CopyAsked,
        Categorised, SchemeLimitsFound, SchemeReferred, SchemeTold, SchemeNotFound, SchemeDecided, SchemeCorrected,
        SchemeAnswered, SchemeAnswerCorrected, TradeBodyAsked, TradeBodySaid, LessonNoted, CaseFileDue, CaseFileMade,
        CaseFileSent, CustomerLinked, NeedsKnown, CallTimed, ApprovalAsked,
        ApprovalGiven, ApprovalRefused, SupplierAsked, SupplierChased, SupplierAnswered, CaseLinked, CaseUnlinked,
        QuestionAsked, QuestionSettled,
        CaseMergedInto, CaseMergedFrom, MergedDateKept, MergedLetterCounts, MergedMessageWaits, MergedLimitsCount,
        CaseMergeUndone,
        CaseImported, LetterBefore, ParticularsGiven, StepTaken, PaymentSeen, PersonalDataFound,
        AwardPrepared, AwardFate, OutageLinked, OutageUnlinked, OutageTold,
        DataRequestExtended, DataRequestAnswered, DataBundleMade, DataBundleGiven, DataBundleFetched,
    )
}  # fmt: skip

_ENVELOPE = frozenset({"at", "logged", "by"})


@dataclass(frozen=True, slots=True)
class _Shape:
    """How one kind of fact is written: its open fields, its private fields, which of them are moments."""

    public: tuple[str, ...]
    private: tuple[str, ...]
    moments: frozenset[str]


def _shape(kind: type[Fact]) -> _Shape:
    own = [f for f in fields(kind) if f.name not in _ENVELOPE]
    hints = get_type_hints(kind)
    return _Shape(
        public=tuple(f.name for f in own if not f.metadata.get("private")),
        private=tuple(f.name for f in own if f.metadata.get("private")),
        moments=frozenset(f.name for f in own if hints[f.name] is datetime),
    )


_SHAPES = {kind: _shape(cls) for kind, cls in KINDS.items()}


@dataclass(frozen=True, slots=True)
class WrittenFact:
    """A fact as it is stored: the open part and the private part apart."""

    kind: str
    at: datetime
    logged: datetime
    by: str
    open: dict[str, Any]
    private: dict[str, str]


def write(fact: Fact) -> WrittenFact:
    """The fact as it is stored. Empty private fields are left out."""
    shape = _SHAPES[fact.KIND]
    public = {name: getattr(fact, name) for name in shape.public}
    for name in shape.moments:
        public[name] = public[name].isoformat()
    private = {name: getattr(fact, name) for name in shape.private if getattr(fact, name)}
    return WrittenFact(fact.KIND, fact.at, fact.logged, fact.by, public, private)


def read(written: WrittenFact) -> Fact:
    """The stored fact, as this program knows it; erased private words come back empty.

    Raises UnknownFact for a kind or field that this program does not know.
    """
    cls = KINDS.get(written.kind)
    if cls is None:
        raise UnknownFact(f"fact of unknown kind {written.kind!r}")
    shape = _SHAPES[written.kind]
    public = {
        name: datetime.fromisoformat(value) if name in shape.moments else value
        for name, value in written.open.items()
    }
    try:
        return cls(at=written.at, logged=written.logged, by=written.by, **public, **written.private)
    except TypeError as unknown:
        raise UnknownFact(f"fact {written.kind!r}: {unknown}") from unknown


def private_digest(private: dict[str, str], salt: str) -> str:
    """The salted digest by which private words enter the chain; empty where a fact has none."""
    if not private:
        return ""
    words = json.dumps(private, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{salt}\n{words}".encode()).hexdigest()


def link(previous: str, case: str, seq: int, written: WrittenFact, digest: str) -> str:
    """The hash that binds a fact to all facts before it: over the open part and the digest of the private one."""
    body = {
        "case": case,
        "seq": seq,
        "kind": written.kind,
        "at": _utc(written.at),
        "logged": _utc(written.logged),
        "by": written.by,
        "open": written.open,
        "private": digest,
        "previous": previous,
    }
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _utc(moment: datetime) -> str:
    # Databases give the same moment back in another zone or form; the chain must not notice.
    return str(round(moment.timestamp() * 1_000_000))
