"""A code of practice as its readers meet it on a day: the parts that `publish` makes from the clauses that run.

Every date is a London date. Text is as the file has it, not yet cleaned or escaped: whoever shows it does that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from amends.core.code import Channel, CustomerKind, Owed, Period, StageKind, Trigger

if TYPE_CHECKING:
    from amends.core.opening import Hours
    from amends.core.schemes import SchemeDetails


class Standing(StrEnum):
    """How a version stands on the day for which it is shown."""

    IN_FORCE = "in force"
    COMING = "not yet in force"
    OVER = "no longer in force"


class ChangeKind(StrEnum):
    """What happened to a clause since the version before."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class AppliesToday:
    """What the law of the day puts in the place of a clause's words, for a customer to read."""

    text: str
    rules: tuple[str, ...]
    """The rules of docs/regulation.md that it stands on; none where it is the directory of schemes alone."""


@dataclass(frozen=True, slots=True)
class Promised:
    """What a clause promises and by when. The period is that of the promise that the clocks run, never typed again."""

    what: str
    """A sentence without its full stop: "We answer your letter"."""
    by_when: str
    """"within 2 working days", "every 5 working days", "as often as you agree with your case handler"."""
    counted_from: str
    """What follows `by_when`: "of your letter reaching us"."""
    but: str
    """Whom or what it leaves out, to stand behind all that; usually empty."""
    when: Trigger
    owe: Owed
    period: Period | None
    """None where it is agreed with the customer."""
    repeats: bool
    overtaken: bool
    """Whether the law gives the customer an earlier day, so that the period is not one to be told."""

    @property
    def line(self) -> str:
        """By when, from when, and for whom, without a full stop; empty where no time is promised."""
        start = " ".join(filter(None, (self.by_when, self.counted_from)))
        return ", ".join(filter(None, (start, self.but))) if start else ""


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause in its section, with the promises that are run from it and what applies today in its place."""

    id: str
    heading: str
    says: str
    unknown: str
    """Why the document leaves it empty; such a gap is shown and never filled in."""
    promises: tuple[Promised, ...]
    today: tuple[AppliesToday, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Clauses that stand together, in reading order."""

    id: str
    title: str
    clauses: tuple[ClauseShown, ...]


@dataclass(frozen=True, slots=True)
class ContactShown:
    """A way to reach the provider."""

    clause: str
    channel: Channel
    word: str
    """What it is called to a customer: "Phone", "Website"."""
    value: str
    """Empty where the document offers the way and gives no number or address."""
    purpose: str
    about: str
    """The heading that the code gives it, such as "Letters that take a complaint further"; usually empty."""
    hours: Hours | None
    opening: str
    """Its hours in a sentence; empty where none are stated."""
    recommended: bool
    recording: str


@dataclass(frozen=True, slots=True)
class StageShown:
    """A step of the escalation path: who holds a complaint there and how a customer reaches them."""

    id: str
    role: str
    kind: StageKind
    reached: str
    """How a complaint comes there, in a sentence; empty for the first step."""
    optional: bool
    contact: str
    """In the code's words; empty where the ways of reaching the provider lead there too."""
    promises: tuple[Promised, ...]


@dataclass(frozen=True, slots=True)
class SchemeShown:
    """An approved scheme as it is to be named on the day, by the law's directory and never by the code's words."""

    details: SchemeDetails
    named: str
    """Its name as it stands in a sentence: "the Communications Ombudsman"."""
    in_this_code: bool
    """Whether it is the one that the code names, by its present name or an old one."""
    carried_out: str
    """How soon the provider carries out a decision that the customer has accepted: "28 calendar days"."""


@dataclass(frozen=True, slots=True)
class Right:
    """The customer's right to dispute resolution on the day (CH-08, CH-11, CH-12, AD-03)."""

    after: str
    """How long after first receipt: "6 weeks"; shorter where the code itself promises less."""
    since: date | None
    """The first day of receipt to which that length applies; None where the rule is older than anybody asks."""
    before: str
    """The length for complaints received before that day, while one can still run; empty afterwards."""
    schemes: tuple[SchemeShown, ...]
    """The provider's own, or every approved one where nobody has recorded which is its own."""
    own: bool
    """Whether it is recorded which scheme is the provider's."""
    window_months: int | None
    """Months from the letter within which to apply; None where that of the day is not known."""
    small_business: int | None
    """The largest number of people in a business that is covered."""
    clauses: tuple[str, ...]
    """The ids of what the code says of dispute resolution; none where it does not speak of it."""
    rules: tuple[str, ...] = ("CH-08", "CH-11", "CH-12", "AD-03")

    @property
    def stated(self) -> bool:
        """Whether the code speaks of dispute resolution at all."""
        return bool(self.clauses)


@dataclass(frozen=True, slots=True)
class Copies:
    """The forms in which the code can be had, and how to ask for a copy."""

    offered: tuple[str, ...]
    """As the code offers them."""
    formats_clause: str
    copy_clause: str
    within: str
    """How soon a copy leaves: "3 working days"; empty where the code does not say."""


@dataclass(frozen=True, slots=True)
class Change:
    """How one clause, contact, stage or other part differs from the version before."""

    about: str
    """The heading that the clause stands under, or what else changed: "Opening hours: helpline"."""
    kind: ChangeKind
    before: str
    now: str
    clause: str = ""
    """The clause's id; empty where it is no clause."""


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since the version before."""

    version: str
    """The version before, as it names itself."""
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class TogetherShown:
    """Documents that changed together, under the clause that says so."""

    clause: str
    on: date
    documents: tuple[tuple[str, date], ...]
    """Each with its own first day, or the day of all."""


@dataclass(frozen=True, slots=True)
class FaultsShown:
    """What happens to a fault, from the clauses that run and the steps that a fault goes through (F-fault-procedure)."""

    clauses: tuple[str, ...]
    """The clauses that promise a repair."""
    points: tuple[ContactShown, ...]
    """Where a fault is reported, with the hours."""
    asked: tuple[str, ...]
    """What we ask of whoever reports one."""
    steps: tuple[str, ...]
    """What we do, in order, in sentences to the customer."""
    promises: tuple[Promised, ...]
    roles: tuple[str, ...]
    """Who holds it, step by step, once the customer is not satisfied; none where the code names nobody."""


@dataclass(frozen=True, slots=True)
class PublishedCode:
    """One version of one code, as it is to be read on one day."""

    code: str
    provider: str
    provider_name: str
    title: str
    kind: str
    version: str
    nation: str
    fingerprint: str
    as_of: date
    """The day whose law stands beside the clauses."""
    in_force_from: date | None
    """None where the document gives no date."""
    in_force_until: date | None
    standing: Standing
    serves: tuple[CustomerKind, ...]
    """Whom it is for; empty where the document does not say."""
    note: str
    """How the file came about."""
    sections: tuple[Section, ...]
    contacts: tuple[ContactShown, ...]
    stages: tuple[StageShown, ...]
    right: Right | None
    """None on a day for which the law is not known."""
    copies: Copies
    refers_to: tuple[tuple[str, str], ...]
    closed_on: tuple[date, ...]
    """The bank holidays of its nation from the day on, as far as they are known."""
    known_until: date | None
    """The last day for which they are known."""
    since: Since | None
    """None for a first version."""
    together: tuple[TogetherShown, ...] = ()
    faults: FaultsShown | None = None
    """None where the code promises nothing about faults."""

    @property
    def clauses(self) -> tuple[ClauseShown, ...]:
        """Every clause in reading order."""
        return tuple(clause for section in self.sections for clause in section.clauses)

    @property
    def to_complain(self) -> tuple[ContactShown, ...]:
        """The ways to bring a complaint: those for complaints, or where none is named those for every kind of help."""
        given = [point for point in self.contacts if point.value]
        for purposes in (("complaints",), ("support",)):
            if found := tuple(point for point in given if point.purpose in purposes):
                return tuple(sorted(found, key=lambda point: not point.recommended))
        return tuple(given)
