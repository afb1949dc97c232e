"""The approved dispute-resolution schemes: what each is called on a day, how to reach it, what it takes.

"Provider must be a member of, and comply with, an approved ADR scheme" (CH-03, from 1 October 2018). There
are two (AD-01); their names, numbers and addresses changed through the years (AD-02, 2A), so every detail is
dated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple

from amends.core.dated import Confidence, Dated, NotKnown, Series, in_words

DAYS_KEPT = 64
"""So many days of a scheme's details are kept at hand."""

RetiredKind = Literal["name", "address", "phone", "email", "domain"]
DayKind = Literal["calendar", "working"]


class Detail(StrEnum):
    """What the directory holds of a scheme, each through time."""

    PHONE = "phone"
    EMAIL = "email"
    WEB = "web"
    POST = "post"
    HOURS = "hours"


class Ground(StrEnum):
    """Why a scheme may not take a complaint: the closed list that the directory and a case pick from."""

    TOO_EARLY = "too early"
    """No reasonable time given to the provider, and no letter."""
    LATE = "late"
    LARGER_BUSINESS = "larger business"
    OVER_CAP = "over the cap"
    RESOLVED = "resolved"
    """The customer has already agreed that it is resolved."""
    COURT = "court"
    OTHER_SCHEME = "other scheme"
    NOT_A_CUSTOMER = "not a customer"
    OUT_OF_SCOPE = "out of scope"
    """The complaint is about no communications service."""
    FRIVOLOUS = "frivolous"
    SERIOUS_IMPAIRMENT = "serious impairment"
    """Dealing with it would seriously impair the scheme's work."""
    COMMERCIAL = "commercial"
    """A commercial decision, such as a price or not to serve an address."""
    FRAUD = "fraud"
    PROPERTY_DAMAGE = "property damage"
    DISCRIMINATION = "discrimination"
    DATA_PROTECTION = "data protection"
    OUTSIDE_UK = "outside the UK"


class SchemeName(NamedTuple):
    """A name of a scheme and the days on which it was in use; None where no source gives the day."""

    name: str
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Retired:
    """A name, address, number, mailbox or domain that is no longer the scheme's."""

    kind: RetiredKind
    text: str
    since: date | None
    """The first day on which it was old; None where no source gives it."""
    rule: str
    confidence: Confidence
    sources: tuple[str, ...] = ()
    note: str = ""
    unless_followed_by: tuple[str, ...] = ()
    """Words after which it means somebody else, such as "Energy" after "Ombudsman Services"."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A ground on which the scheme takes no complaint, in plain words."""

    ground: Ground
    says: Dated[str]
    firm: bool = True
    """False where the source says only that the scheme may refuse: then one asks the scheme."""


@dataclass(frozen=True, slots=True)
class SchemePeriod:
    """A number of days that binds the provider, the customer or the scheme, and how the days are counted."""

    days: Dated[int]
    kind: DayKind
    says: str


@dataclass(frozen=True, slots=True)
class SchemeDetails:
    """A scheme as it is to be named to a customer on one day."""

    scheme: str
    on: date
    name: str
    phone: str
    email: str
    web: str
    post: tuple[str, ...]
    """The postal address, one line per line."""
    hours: str | None
    """When the phone is answered; None where no source says."""
    window_months: int
    """Months from receiving the ADR letter within which the customer may apply."""
    can_do: tuple[str, ...]
    cannot_take: tuple[str, ...]
    how_to_apply: str
    free: bool
    dated: Mapping[str, Dated[str]]
    """Each detail with its rule, sources and confidence, by the names in `Detail`."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is not confirmed about these details, one sentence each."""
        return tuple(f"{name}: {entry.note}" for name, entry in self.dated.items() if entry.note)


@dataclass(frozen=True, slots=True)
class Scheme:
    """One approved scheme through time."""

    id: str
    names: tuple[SchemeName, ...]
    """Every name, the oldest first."""
    also: tuple[str, ...]
    """Other ways to write its present name."""
    approved: Series[bool]
    details: Mapping[str, Series[str]]
    window: Series[int]
    """Months from receiving the ADR letter (AD-03, AD-04)."""
    retired: tuple[Retired, ...]
    carry_out: SchemePeriod
    """How soon a provider must carry out a decision that the customer has accepted (AD-07, AD-08)."""
    periods: Mapping[str, SchemePeriod]
    """Other periods of its procedure: `accept`, `evidence`, `decide`, as far as known."""
    exclusions: tuple[Exclusion, ...]
    powers: tuple[Dated[str], ...]
    applying: Dated[str]
    cost: Dated[bool]
    """Whether it is free to the customer."""
    _told: dict[date, SchemeDetails] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The days that were asked about lately: every ADR letter of a day asks the same."""

    @property
    def name(self) -> str:
        """The newest name."""
        return self.names[-1].name

    @property
    def decision_days(self) -> int:
        """Days to carry out an accepted decision, counted as `decision_days_kind` says."""
        return self.carry_out.days.value

    @property
    def decision_days_kind(self) -> DayKind:
        """Whether `decision_days` are calendar or working days."""
        return self.carry_out.kind

    @property
    def can_do(self) -> tuple[str, ...]:
        """What it can tell a provider to do, each ready to follow "the scheme can"."""
        return tuple(power.value for power in self.powers)

    @property
    def cannot_take(self) -> tuple[str, ...]:
        """What it takes no complaint about, in plain words."""
        return tuple(exclusion.says.value for exclusion in self.exclusions)

    @property
    def how_to_apply(self) -> str:
        """How a customer applies, in plain words."""
        return self.applying.value

    @property
    def free(self) -> bool:
        """Whether it is free to the customer."""
        return self.cost.value

    def name_on(self, day: date) -> str:
        """The name in use on this day. Raises `NotKnown` where no source shows one in use."""
        for name in reversed(self.names):
            if name.start is not None and name.start <= day and (name.end is None or day <= name.end):
                return name.name
        raise NotKnown(f"The name of the scheme {self.id}", day, self._names_known(), not_yet=False)

    def _names_known(self) -> str:
        dated = (n for n in self.names if n.start is not None)
        return "names are known: " + "; ".join(
            f"{n.name} from {in_words(n.start)}" + (f" to {in_words(n.end)}" if n.end else " on")
            for n in dated
            if n.start is not None
        )

    def on(self, day: date) -> SchemeDetails:
        """How to name and reach the scheme on this day. Raises `NotKnown` where a detail is not known."""
        found = self._told.get(day)
        if found is None:
            if len(self._told) >= DAYS_KEPT:
                self._told.clear()
            found = self._told[day] = self._on(day)
        return found

    def _on(self, day: date) -> SchemeDetails:
        dated = {name: series.on(day) for name, series in self.details.items()}
        hours = dated.get(Detail.HOURS)
        return SchemeDetails(
            scheme=self.id,
            on=day,
            name=self.name_on(day),
            phone=dated[Detail.PHONE].value,
            email=dated[Detail.EMAIL].value,
            web=dated[Detail.WEB].value,
            post=tuple(dated[Detail.POST].value.split("\n")),
            hours=None if hours is None else hours.value,
            window_months=self.window.on(day).value,
            can_do=self.can_do,
            cannot_take=self.cannot_take,
            how_to_apply=self.how_to_apply,
            free=self.free,
            dated=dated,
        )


@dataclass(frozen=True, slots=True)
class NotScheme:
    """A body that codes name in a scheme's place and that is none."""

    names: tuple[str, ...]
    reason: str
    rule: str
    confidence: Confidence
    note: str = ""

    @property
    def name(self) -> str:
        """Its usual name."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Membership:
    """A fact about a provider: its scheme, since when, and until when (inclusive; None while it stands).

    Providers move between schemes; the one that matters is probably that of the day on which the ADR letter
    is sent (2A, inferred). Never infer it from the brand.
    """

    scheme: str
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it holds on this day."""
        return self.since <= day and (self.until is None or day <= self.until)


def membership_on(memberships: Iterable[Membership], day: date) -> Membership | None:
    """The membership of this day, or None where none is known.

    Where two hold, the provider has moved and nobody has ended the earlier one: the later one counts.
    """
    return max((m for m in memberships if m.holds(day)), key=lambda m: m.since, default=None)
