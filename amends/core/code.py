"""The compiled code of practice: what a provider's file says, in types that clocks and letters can run.

`build` makes these from a file; nothing else does. Every part keeps the id of its clause and its place in the
file, so that a date, a letter or a problem can always name the line that made it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.core.hours import Hours
    from amends.core.problems import Where
    from amends.core.redress.cancelling import CodeRight


class Channel(StrEnum):
    """A way in which a contact reaches the provider or the customer."""

    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"
    FORM = "form"
    WEBCHAT = "webchat"
    FAX = "fax"


class CustomerKind(StrEnum):
    """Who complains. The law covers the first three, and whoever's size is not known (CH-05, R-02)."""

    RESIDENTIAL = "residential"
    SMALL_BUSINESS = "small-business"
    NOT_FOR_PROFIT = "not-for-profit"
    LARGER_BUSINESS = "larger-business"
    UNKNOWN = "unknown"


class Unit(StrEnum):
    """What a period is counted in; the words are those of a code file."""

    HOURS = "hours"
    WORKING_HOURS = "working hours"
    CALENDAR_DAYS = "calendar days"
    WORKING_DAYS = "working days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Period:
    """An amount of time as a code promises it."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        unit = str(self.unit)
        return f"{self.amount} {unit[:-1] if self.amount == 1 else unit}"


class Trigger(StrEnum):
    """What starts a promise: the closed list that `when:` picks from."""

    COMPLAINT_RECEIVED = "complaint received"
    """The customer's first contact about the complaint, by its time of receipt."""
    MESSAGE_RECEIVED = "message received"
    """Every contact from the customer that asks for an answer, the first one too."""
    HANDLER_INTRODUCED = "handler introduced"
    """The case handler has made contact and said who they are."""
    CUSTOMER_NOT_SATISFIED = "customer not satisfied"
    """The customer refuses a proposed outcome, or says that they are not satisfied."""
    ESCALATION_ASKED = "escalation asked"
    """The customer asks for the next stage, on any channel."""
    OUTCOME_PROPOSED = "outcome proposed"
    OUTCOME_ACCEPTED = "outcome accepted"
    DEADLOCK = "deadlock"
    """A person with the power to do so has declared that the complaint has reached deadlock."""
    CASE_REOPENED = "case reopened"
    COPY_ASKED = "copy of the code asked"
    FAULT_REPORTED = "fault reported"
    ORDER_PLACED = "order placed"
    CANCELLATION_ASKED = "cancellation asked"
    PRICES_ASKED = "prices asked"
    PAYMENT_CHANGE_ASKED = "change of payment asked"
    NUISANCE_REPORTED = "nuisance calls reported"
    MARKETING_OBJECTED = "marketing objected to"
    PORT_ASKED = "port asked"
    HARDSHIP_TOLD = "difficulty paying told"
    DATA_REQUESTED = "request about personal data"


class Owed(StrEnum):
    """What a promise owes: the closed list that `owe:` picks from. Each says what settles it."""

    ACKNOWLEDGEMENT = "acknowledgement"
    """Settled when the acknowledgement, which carries the reference, has left."""
    CONFIRMATION = "confirmation of details"
    """The customer's contact details and reference confirmed in writing; settled by the acknowledgement too."""
    HANDLER_ASSIGNED = "case handler assigned"
    HANDLER_INTRODUCTION = "handler introduction"
    """Settled when the handler has made contact, introduced themselves and given direct details."""
    CONTACT_TIME = "contact time agreed"
    """Settled when a date and time are agreed with the customer, or the complaint is resolved."""
    REPLY = "reply"
    """Settled by an answer in substance on any channel: a reply, a call, an outcome. Not by an acknowledgement."""
    WRITTEN_RESPONSE = "written response"
    """Settled by an answer in substance that is written: email, letter, or an outcome sent in writing."""
    CALL_BACK = "call back"
    """Settled when the customer has been called, or the complaint is resolved."""
    UPDATE = "update"
    """Settled by any contact that tells the customer how the complaint stands."""
    OUTCOME = "outcome"
    """Settled when an outcome has been proposed to the customer."""
    CANNOT_RESOLVE = "notice that we cannot resolve it"
    """Settled when the customer has been told so in writing; the ADR letter tells it too."""
    ADR_LETTER = "ADR letter"
    COPY_OF_CODE = "copy of the code"
    REPAIR = "repair"
    """This and what follows is settled by a step of its kind of case, taken by a person."""
    SERVICE = "service provided"
    CANCELLATION = "cancellation confirmed"
    PRICES = "prices sent"
    PAYMENT_CHANGE = "payment method changed"
    ADVICE = "advice on nuisance calls"
    MARKETING_STOPPED = "marketing stopped"
    NUMBER_MOVED = "number moved"
    ARRANGEMENT = "arrangement agreed"
    DATA_ANSWER = "request about personal data answered"


class Unless(StrEnum):
    """What keeps a promise from starting: the closed list that `unless:` picks from."""

    SETTLED_FIRST_CONTACT = "settled on first contact"


class StandsStill(StrEnum):
    """While what a promise of the provider's own stands still: the closed list that `stands still:` picks from."""

    NO_ANSWER = "while we wait for your answer"
    """The customer was asked for something and has not answered. A law clock goes on all the same."""


AS_AGREED = "as agreed"
_POLICY = re.compile(
    r"privacy (?:policy|notice|statement)\b(?:(?!\. ).)*?((?:https?://|www\.)[^\s<>\"']+)",
    re.IGNORECASE | re.DOTALL,
)
"""What `every:` says when the interval of updates is agreed with the customer and set by the handler."""


class Reason(StrEnum):
    """What a clause says of the limits of a complaint: the closed list that `reason:` picks from."""

    OTHERS = "others are involved"
    """The provider depends on others, and says whose fault it is."""
    MAJOR_FAILURE = "major failure"
    """A major failure or a disaster, which is mended as fast as can be."""
    IMPOSSIBLE = "impossible for now"
    DECLINED = "declined with notice"
    """The provider refused the service, or stopped it, with the notice that its terms ask for."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered promise or statement of a code, in the order and section in which a reader meets it."""

    id: str
    section: str
    heading: str
    says: str
    where: Where
    unknown: str = ""
    """Why the document leaves this clause empty, where it does; such a gap is never filled in."""
    reason: Reason | None = None
    """What an outcome can cite it for; None for a clause that gives no reason."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A clause that the system acts on: when this happens, that is owed, within so long."""

    clause: str
    when: Trigger
    owe: Owed
    where: Where
    within: Period | None = None
    every: Period | str | None = None
    """For updates: a period, or `AS_AGREED`."""
    channels: frozenset[Channel] | None = None
    """The channels of the starting contact that it holds for; None for all."""
    customers: frozenset[CustomerKind] | None = None
    unless: frozenset[Unless] = frozenset()
    stands_still: frozenset[StandsStill] = frozenset()
    stage: int | None = None
    """The stage on whose reaching it starts, for promises that stand in a stage."""
    within_where: Where | None = None
    """Where its period stands in the file."""


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A way to reach the provider, with its hours."""

    id: str
    channel: Channel
    value: str
    """The number, address or link; a postal address has one line per line."""
    where: Where
    purpose: str = "complaints"
    """What it is for: complaints, support, sales, faults, accounts."""
    hours: str | None = None
    """The name of its opening hours; None where none are stated."""
    label: str = ""
    recommended: bool = False
    """The channel that the code recommends for a quick answer."""
    recording: str = ""
    """The notice that contacts here may be monitored or recorded, shown before the first word."""


class StageKind(StrEnum):
    """Who holds a case at a stage."""

    TEAM = "team"
    PERSON = "person"
    TRADE_BODY = "trade body"
    """Outside the provider and no approved scheme: its step stops no clock."""


class Reached(StrEnum):
    """How a case comes to a stage: the closed list that `reached:` picks from."""

    START = "at the start"
    NOT_SATISFIED = "customer not satisfied"
    CUSTOMER_ASKS = "customer asks"
    PROVIDER_DECIDES = "provider decides"


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the escalation path. What is owed there stands among the promises, with this stage's place."""

    id: str
    role: str
    where: Where
    kind: StageKind = StageKind.PERSON
    reached: frozenset[Reached] = frozenset({Reached.NOT_SATISFIED, Reached.CUSTOMER_ASKS})
    optional: bool = False
    contact: str = ""
    """How the customer reaches this stage, in the code's words."""


@dataclass(frozen=True, slots=True)
class Closing:
    """How the code closes a complaint."""

    id: str
    where: Where
    customer_confirms: bool = True
    silence: bool = False
    """Whether the code has a clause for a customer who does not answer; without one silence never closes."""
    silence_notices: int = 2
    silence_apart: Period = field(default_factory=lambda: Period(10, Unit.WORKING_DAYS))


class DeadlockRoute(StrEnum):
    """What the code says of the letter at deadlock."""

    SENT = "sent without being asked"
    ON_REQUEST = "on request"
    MENTIONED = "mentioned"
    """The code speaks of a deadlock letter and does not say who starts it."""
    NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class SchemeAsPublished:
    """The scheme as the code names it, right or wrong; the letter takes the law's own directory instead."""

    id: str
    name: str
    where: Where
    name_where: Where
    phone: str = ""
    fax: str = ""
    email: str = ""
    web: str = ""
    post: tuple[str, ...] = ()
    free: bool | None = None
    independent: bool | None = None


@dataclass(frozen=True, slots=True)
class DisputeResolution:
    """What the code says of dispute resolution, as published: the law of the day overlays it."""

    id: str
    where: Where
    after: Period | None = None
    after_where: Where | None = None
    deadlock: DeadlockRoute = DeadlockRoute.NOT_STATED
    deadlock_id: str = ""
    deadlock_where: Where | None = None
    scheme: SchemeAsPublished | None = None
    window: Period | None = None
    window_id: str = ""
    window_where: Where | None = None
    window_without_letter: Period | None = None
    window_without_letter_where: Where | None = None
    cannot_take: tuple[str, ...] = ()
    cannot_take_id: str = ""
    employees_over: int | None = None
    """The number of employees above which, as published, the scheme takes no complaint."""
    employees_where: Where | None = None
    can_do: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Formats:
    """The formats in which the code offers itself."""

    id: str
    where: Where
    offered: tuple[str, ...] = ()


class RedressKind(StrEnum):
    """What a clause on redress is about: the closed list that `kind:` in `redress:` picks from."""

    REFUND = "refund"
    """Money back for what was paid and not had."""
    COMPENSATION = "compensation"
    """A sum for the trouble; a person decides it."""
    CREDIT = "credit"
    """A sum set off against bills."""


@dataclass(frozen=True, slots=True)
class Redress:
    """What the code says of putting a wrong right."""

    id: str
    where: Where
    kind: RedressKind | None = None
    automatic: bool | None = None
    """Whether it is paid without being asked for; None where the code does not say."""
    paid_as: str = ""
    amounts: tuple[tuple[str, Where], ...] = ()
    """Sums of money as printed, with their places."""


@dataclass(frozen=True, slots=True)
class DataProtection:
    """What the code says of complaints about personal data (DP-01)."""

    id: str
    where: Where
    complaints_to: str = ""
    """Where such a complaint goes; empty where the code names no route."""
    acknowledge_within: Period | None = None


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """A document that changes with others. `since` is None where the code gives it no day of its own."""

    title: str
    where: Where
    since: date | None = None
    this_code: bool = False
    """Whether it is this very document."""


@dataclass(frozen=True, slots=True)
class ChangedTogether:
    """Documents that the provider changed together, from one London date on, as the code says (I-changes)."""

    id: str
    where: Where
    on: date
    documents: tuple[ChangedDocument, ...] = ()


NO_HOURS: Mapping[str, Hours] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Code:
    """One version of one provider's published code, compiled."""

    id: str
    provider: str
    provider_name: str
    title: str
    version: str
    nation: str
    """The division whose bank holidays hold: one of `calendar.DIVISIONS`."""
    where: Where
    fingerprint: str
    """A hash of the file's text: two files with the same fingerprint are the same version."""
    kind: str = "complaints code"
    in_force_from: date | None = None
    """None where the document gives no date: it then governs every complaint."""
    in_force_until: date | None = None
    note: str = ""
    """How the file came about, shown with the published page."""
    serves: frozenset[CustomerKind] = frozenset()
    """Whom the code is for; empty where the document does not say."""
    hours: Mapping[str, Hours] = field(default_factory=lambda: NO_HOURS)
    working_day: str | None = None
    """The name of the one schedule that ends working-day clocks, on every channel."""
    working_week: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    contacts: tuple[ContactPoint, ...] = ()
    clauses: tuple[Clause, ...] = ()
    promises: tuple[Promise, ...] = ()
    stages: tuple[Stage, ...] = ()
    closing: Closing | None = None
    dispute_resolution: DisputeResolution | None = None
    formats: Formats | None = None
    paid_as: str = ""
    """How compensation is paid, in the code's words; empty where it does not say."""
    compensation_amounts: tuple[tuple[str, Where], ...] = ()
    """Sums of money printed in the code, with their places, for the check of dated amounts."""
    refers_to: tuple[tuple[str, str], ...] = ()
    """Other codes that this one names: (title, where to find it)."""
    changed_together: tuple[ChangedTogether, ...] = ()
    """Documents that changed on one day, this one perhaps among them."""
    data_protection_id: str = ""
    """The clause that tells how to complain about personal data; empty where there is none."""
    data_protection: DataProtection | None = None
    redress: tuple[Redress, ...] = ()
    cancelling: CodeRight | None = None
    """What the code gives to whoever cancels soon after the order; None where it gives nothing of its own."""
    copy_id: str = ""
    """The clause that promises a copy of the code; empty where there is none."""
    copy_free: bool | None = None
    """Whether a copy is free of charge; None where the code does not say."""

    @property
    def privacy_policy(self) -> str:
        """The web address of the privacy policy that the code names; empty where it names none."""
        clause = self.clause(self.data_protection.id) if self.data_protection else None
        found = _POLICY.search(clause.says) if clause else None
        return found[1].rstrip(".,;") if found else ""

    def clause(self, clause_id: str) -> Clause | None:
        """The clause with this id, or None where the code has none."""
        return next((c for c in self.clauses if c.id == clause_id), None)

    def governs(self, first_received: date) -> bool:
        """Whether this version governs a complaint first received on this London date."""
        starts = self.in_force_from is None or self.in_force_from <= first_received
        return starts and (self.in_force_until is None or first_received <= self.in_force_until)
