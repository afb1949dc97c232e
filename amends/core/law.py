"""The law as dated values: every number and scheme that the rules name, each with its days, rule and sources.

The rule at its heart (CH-07 to CH-09): a complaint that is still unresolved may go to dispute resolution 8
weeks after the provider first received it, or 6 weeks where it first received it on or after 8 April 2026.
Receipt is day 0: 7 April 2026 is due on 2 June, 8 April on 20 May. The day of receipt governs, never today.

Days are London dates. The values come from `amends.law`, which reads the files shipped with the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from amends.core.calendar import add_months
from amends.core.dated import Confidence, Dated, NotKnown, Series
from amends.core.mentions import Finder, NotSchemeMention, RetiredMention, SchemeMention
from amends.core.schemes import (
    Membership,
    NotScheme,
    Retired,
    Scheme,
    SchemeDetails,
    membership_on,
)

__all__ = [
    "Compensation",
    "Confidence",
    "Dated",
    "Law",
    "Membership",
    "NotKnown",
    "NotScheme",
    "NotSchemeMention",
    "Retired",
    "RetiredMention",
    "Rule",
    "Scheme",
    "SchemeDetails",
    "SchemeMention",
    "Series",
    "membership_on",
]


class Compensation(StrEnum):
    """What the voluntary code of automatic compensation pays for (AC-R2 to AC-R4)."""

    DELAYED_REPAIR = "delayed repair"
    """A day of total loss of service, from the third working day on."""
    MISSED_APPOINTMENT = "missed appointment"
    DELAYED_START = "delayed start"
    """A calendar day from the promised day to the day before the service starts."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of docs/regulation.md, in plain words, with its days and how sure we are of it."""

    id: str
    says: str
    start: date | None
    end: date | None
    confidence: Confidence
    sources: tuple[str, ...]
    note: str = ""

    @property
    def verified(self) -> bool:
        """Whether any source was seen; an unverified rule warns and never fails anything."""
        return self.confidence != "R"


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """Everything that the rules give a number or a name for.

    Each series says which day governs it (`Series.governed_by`) and refuses other days (`NotKnown`).
    """

    version: str
    """A short hash of the files: two laws of one version give the same answers."""
    gathered: date
    """The day on which the pages behind the values were read."""

    adr_period: Series[int]
    """Calendar days from first receipt until dispute resolution opens."""
    adr_window: Series[int]
    """Months from receiving the ADR letter within which the customer may apply."""
    scheme_cap: Series[Decimal]
    """The most that a scheme can award, in pounds."""
    record_retention: Series[int]
    """Months for which complaint records are kept at least."""
    retention_default: Series[int]
    """Months after closing for which Amends keeps a case unless told otherwise."""
    small_business_size: Series[int]
    """The largest number of people in a covered small business."""
    not_for_profit_size: Series[int]
    """The largest number of people in a covered not-for-profit body, volunteers not counted."""
    dp_acknowledge_days: Series[int]
    """Days to acknowledge a data-protection complaint: day 1 follows receipt, a day off rolls on."""
    access_request_months: Series[int]
    """Months to answer a request for access to personal data."""
    access_request_extension_months: Series[int]
    """Further months where such a request is complex."""
    automatic_compensation: Mapping[Compensation, Series[Decimal]]
    """Pounds for each event or day of the voluntary code, exact to the penny, by the day of the event."""
    compensation_repair_working_days: Series[int]
    """Full working days without service before a delayed repair is paid."""
    compensation_appointment_notice_hours: Series[int]
    """Hours of notice below which a cancelled appointment is a missed one."""
    compensation_payment_days: Series[int]
    """Calendar days within which automatic compensation is paid."""
    compensation_stop_after_days: Series[int]
    """Days of payments after which the provider may give notice to stop."""
    compensation_stop_notice_days: Series[int]
    """Days for which it still pays after that notice."""
    contract_max_term: Series[int]
    """Months of the longest first term of a contract."""
    contract_change_notice_months: Series[int]
    """Months of notice of a change to a contract."""
    contract_end_notice_earliest_days: Series[int]
    """The most days before the minimum term ends that the customer may be told of it."""
    contract_end_notice_latest_days: Series[int]
    """The fewest days before the minimum term ends that the customer may be told of it."""
    cooling_off_days: Series[int]
    """Calendar days in which a contract made at a distance can be cancelled."""
    switch_loss_working_days: Series[int]
    """Working days that a managed switch may leave a customer without service."""
    switching_code_days: Series[int]
    """Days for which a mobile switching code is valid."""
    mobile_switch_working_days: Series[int]
    """Working days in which a mobile number is switched."""

    schemes: tuple[Scheme, ...]
    not_schemes: tuple[NotScheme, ...]
    rules: Mapping[str, Rule]
    """Every rule of docs/regulation.md by its id."""
    sources: Mapping[str, str]
    """Where each source was read, by its id."""
    _finder: Finder = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_finder", Finder(self.schemes, self.not_schemes))

    def adr_due(self, first_received: date) -> tuple[date, Dated[int]]:
        """The day on which dispute resolution opens and the ADR letter is due, with the period that made it.

        Raises `NotKnown` for a complaint first received before the rules that are known.
        """
        period = self.adr_period.on(first_received)
        return first_received + timedelta(days=period.value), period

    def adr_closes(self, letter_received: date, scheme: Scheme | None = None) -> tuple[date, Dated[int]]:
        """The last day on which the customer may apply, counted from receiving the ADR letter.

        Where no letter was sent no time runs (AD-04): there is nothing to ask for then.
        """
        window = (scheme.window if scheme else self.adr_window).on(letter_received)
        return add_months(letter_received, window.value), window

    @property
    def last_legacy_due(self) -> date:
        """The last day on which a complaint under the period before the present one falls due (CH-09).

        From the day after it, words in a code about earlier complaints are dead wood.
        """
        earlier = self.adr_period.entries[-2]
        if earlier.end is None:
            raise ValueError("the ADR period before the present one has no end")
        return earlier.end + timedelta(days=earlier.value)

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id. Raises KeyError for an id that docs/regulation.md does not have."""
        return self.rules[rule_id]

    def scheme(self, scheme_id: str) -> Scheme:
        """The scheme with this id. Raises KeyError for an id that is none."""
        for scheme in self.schemes:
            if scheme.id == scheme_id:
                return scheme
        raise KeyError(scheme_id)

    def approved(self, on: date) -> tuple[Scheme, ...]:
        """The schemes approved on this day. Raises `NotKnown` where that is not known."""
        return tuple(scheme for scheme in self.schemes if scheme.approved.on(on).value)

    def find_scheme(self, text: str) -> SchemeMention | None:
        """The first scheme named in the text, by a present or retired name; None where none is."""
        return next(iter(self.scheme_mentions(text)), None)

    def scheme_mentions(self, text: str) -> tuple[SchemeMention, ...]:
        """Every scheme named in the text, in its order."""
        return self._finder.schemes(text)

    def not_scheme_mentions(self, text: str) -> tuple[NotSchemeMention, ...]:
        """Every body named in the text that is no scheme, in its order."""
        return self._finder.not_schemes(text)

    def retired_in(self, text: str, on: date) -> tuple[RetiredMention, ...]:
        """Every retired name, address, number, mailbox and domain in the text, in its order.

        Raises `NotKnown` where something is found and the present details are not known on that day.
        """
        return self._finder.retired(text, on)
