"""What kinds of case there are: a complaint, or customer care that becomes one as soon as the customer complains.

A case is opened as a kind (docs/decisions: what a case is opened as), and whether it is a complaint stands beside it, on
every contact (A-was-it-a-complaint). Care starts no clock of a complaint, and its own promises run on it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from amends.core.code import Owed, Trigger


class CaseKind(StrEnum):
    """What a case was opened as."""

    COMPLAINT = ""
    """A complaint, or a contact that may turn out to be one."""
    COPY_OF_CODE = "copy of the code"
    """Somebody asked for a copy of the code (R-04, O-copy, I-copy, L-copy)."""
    FAULT = "fault"
    """A service does not work as it should (N-faults, F-faults)."""
    ORDER = "order"
    """Somebody orders a service (N-orders)."""
    CANCELLATION = "cancellation"
    """Somebody ends a service or takes an order back (N-cancel, F-cancel)."""
    PRICES = "price and tariff request"
    """Somebody asks what they pay, or would pay (N-prices, F-tariffs)."""
    PAYMENT_METHOD = "change of payment method"
    """Somebody wants to pay another way (N-billing, F-payment)."""
    NUISANCE = "nuisance calls"
    """Somebody gets calls that they do not want (N-nuisance)."""
    MARKETING = "marketing objection"
    """Somebody wants no advertising of ours, or objects to it (N-marketing, F-marketing)."""

    PORT = "number port"
    """Somebody moves a number to the provider or away from it (N-port-out, N-port-deals, N-port-in, F-porting)."""

    HARDSHIP = "difficulty paying"
    """Somebody finds it hard to pay (N-hardship, F-hardship)."""

    DATA_ACCESS = "data access request"
    """Somebody asks for what is held of them (N-gdpr, DP-03)."""
    DATA_CORRECTION = "data correction"
    """Somebody says that what is held of them is wrong (N-gdpr, DP-07)."""
    DATA_OBJECTION = "data objection"
    """Somebody objects to a use of what is held of them (N-gdpr, DP-08)."""
    DATA_ERASURE = "data erasure"
    """Somebody asks that what is held of them is erased (N-gdpr, DP-09)."""

    @property
    def said(self) -> str:
        """What the case is, as the end of "this is …"."""
        return _SAID[self]

    @property
    def heading(self) -> str:
        """What the case is, without its article, as a heading begins."""
        words = self.said.removeprefix("a ").removeprefix("an ")
        return words[0].upper() + words[1:]

    @property
    def slug(self) -> str:
        """The kind in an address."""
        return self.value.replace(" ", "-") or "complaint"


_SAID: Final = {
    CaseKind.COMPLAINT: "a complaint",
    CaseKind.COPY_OF_CODE: "a request for a copy of the code",
    CaseKind.FAULT: "a fault",
    CaseKind.ORDER: "an order",
    CaseKind.CANCELLATION: "a cancellation",
    CaseKind.PRICES: "a price and tariff request",
    CaseKind.PAYMENT_METHOD: "a change of payment method",
    CaseKind.NUISANCE: "a report of nuisance calls",
    CaseKind.MARKETING: "a marketing objection",
    CaseKind.PORT: "a port of a number",
    CaseKind.HARDSHIP: "difficulty paying",
    CaseKind.DATA_ACCESS: "a request for a copy of personal data",
    CaseKind.DATA_CORRECTION: "a request to correct personal data",
    CaseKind.DATA_OBJECTION: "an objection to a use of personal data",
    CaseKind.DATA_ERASURE: "a request to erase personal data",
}
DATA_REQUESTS: Final = (
    CaseKind.DATA_ACCESS, CaseKind.DATA_CORRECTION, CaseKind.DATA_OBJECTION, CaseKind.DATA_ERASURE,
)  # fmt: skip
"""The requests that the law of data protection gives everybody, whatever a code says (DP-03)."""
PROMISED: Final = {
    CaseKind.FAULT: (Trigger.FAULT_REPORTED, Owed.REPAIR),
    CaseKind.ORDER: (Trigger.ORDER_PLACED, Owed.SERVICE),
    CaseKind.CANCELLATION: (Trigger.CANCELLATION_ASKED, Owed.CANCELLATION),
    CaseKind.PRICES: (Trigger.PRICES_ASKED, Owed.PRICES),
    CaseKind.PAYMENT_METHOD: (Trigger.PAYMENT_CHANGE_ASKED, Owed.PAYMENT_CHANGE),
    CaseKind.NUISANCE: (Trigger.NUISANCE_REPORTED, Owed.ADVICE),
    CaseKind.MARKETING: (Trigger.MARKETING_OBJECTED, Owed.MARKETING_STOPPED),
    CaseKind.PORT: (Trigger.PORT_ASKED, Owed.NUMBER_MOVED),
    CaseKind.HARDSHIP: (Trigger.HARDSHIP_TOLD, Owed.ARRANGEMENT),
    **dict.fromkeys(DATA_REQUESTS, (Trigger.DATA_REQUESTED, Owed.DATA_ANSWER)),
}
"""What starts the promises of a kind of care, and what a code may owe for it besides an answer."""
CARE_STARTS: Final = frozenset({Trigger.COPY_ASKED, *(when for when, _ in PROMISED.values())})
"""The starting moments of care: they count on a case that was found to be no complaint too."""
CARE_OWES: Final = {owe: kind for kind, (_, owe) in PROMISED.items()}
"""Of which kind of care each of these is, that one of its steps settles; of requests about data one stands for all."""


def is_owed_for(owe: Owed, kind: CaseKind) -> bool:
    """Whether this is what a code may owe for this kind of care."""
    promised = PROMISED.get(kind)
    return promised is not None and promised[1] is owe


COPY_LETTER: Final = "copy-of-code"
"""The letter with which a copy of the code goes."""
FORMAT_LETTER: Final = "format-sent"
"""The letter with which an earlier one goes again, in the format that the customer asked for."""
QUESTION: Final = "question"
"""The letter that asks the customer for something that we need."""
QUESTION_AGAIN: Final = "question-again"
"""The letter by which the desk asks once more, when its day has passed and nothing has come."""
