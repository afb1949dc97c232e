"""The words for what a promise owes and by when, made from the promise that the clocks run.

"Within 2 working days of your letter reaching us": the page and the clocks cannot disagree, for the period comes from
the same place. A promise of the ADR letter later than the law's is overtaken (CH-08): the law's day is told instead.
"""

from __future__ import annotations

from amends.core.code import (
    AS_AGREED,
    Channel,
    CustomerKind,
    Owed,
    Period,
    Promise,
    StandsStill,
    Trigger,
    Unless,
)
from amends.core.periods import rough_days
from amends.core.publish.published import Promised
from amends.core.saying import listed

_ALLOWANCE = 0.5

OWED = {
    Owed.ACKNOWLEDGEMENT: "We tell you that your complaint has arrived",
    Owed.CONFIRMATION: "We confirm your details and your reference in writing",
    Owed.HANDLER_ASSIGNED: "A case handler takes on your complaint",
    Owed.HANDLER_INTRODUCTION: "Your case handler gets in touch",
    Owed.CONTACT_TIME: "We agree with you when we are next in touch",
    Owed.REPLY: "We answer",
    Owed.WRITTEN_RESPONSE: "We answer you in writing",
    Owed.CALL_BACK: "We call you back",
    Owed.UPDATE: "We tell you how your complaint stands",
    Owed.OUTCOME: "You have our answer",
    Owed.CANNOT_RESOLVE: "We write to you if we cannot settle it",
    Owed.ADR_LETTER: "We write to you about the independent scheme",
    Owed.COPY_OF_CODE: "We send you a copy of this code",
    Owed.REPAIR: "We repair it",
    Owed.SERVICE: "We provide what you ordered",
    Owed.CANCELLATION: "We confirm what ends, when and at what cost",
    Owed.PRICES: "We send you our prices",
    Owed.PAYMENT_CHANGE: "We change how you pay",
    Owed.ADVICE: "We advise you",
    Owed.MARKETING_STOPPED: "We stop our marketing to you",
    Owed.NUMBER_MOVED: "We move your number",
    Owed.ARRANGEMENT: "We agree with you on another way to pay",
    Owed.DATA_ANSWER: "We answer your request about your personal data",
}
_FROM = {
    Trigger.COMPLAINT_RECEIVED: "your complaint reaching us",
    Trigger.HANDLER_INTRODUCED: "your case handler’s first contact",
    Trigger.CUSTOMER_NOT_SATISFIED: "your telling us that you are not satisfied",
    Trigger.ESCALATION_ASKED: "your asking for this step",
    Trigger.OUTCOME_PROPOSED: "our proposal",
    Trigger.OUTCOME_ACCEPTED: "your accepting our proposal",
    Trigger.DEADLOCK: "our deciding that we can go no further",
    Trigger.CASE_REOPENED: "your complaint being opened again",
    Trigger.COPY_ASKED: "your asking",
    Trigger.FAULT_REPORTED: "your report of a fault",
    Trigger.ORDER_PLACED: "your order",
    Trigger.CANCELLATION_ASKED: "your cancelling",
    Trigger.PRICES_ASKED: "your asking for prices",
    Trigger.PAYMENT_CHANGE_ASKED: "your asking to pay another way",
    Trigger.NUISANCE_REPORTED: "your report of nuisance calls",
    Trigger.MARKETING_OBJECTED: "your objection",
    Trigger.PORT_ASKED: "your asking to move a number",
    Trigger.HARDSHIP_TOLD: "your telling us that paying is hard",
    Trigger.DATA_REQUESTED: "your request about your personal data",
}
_MESSAGES = {
    Channel.PHONE: "call",
    Channel.EMAIL: "email",
    Channel.LETTER: "letter",
    Channel.FORM: "web form",
    Channel.WEBCHAT: "chat message",
    Channel.FAX: "fax",
}
_BY = {
    Channel.PHONE: "phone",
    Channel.EMAIL: "email",
    Channel.LETTER: "letter",
    Channel.FORM: "web form",
    Channel.WEBCHAT: "webchat",
    Channel.FAX: "fax",
}
CUSTOMERS = {
    CustomerKind.RESIDENTIAL: "customers at home",
    CustomerKind.SMALL_BUSINESS: "small businesses",
    CustomerKind.NOT_FOR_PROFIT: "charities and clubs",
    CustomerKind.LARGER_BUSINESS: "larger businesses",
    CustomerKind.UNKNOWN: "everybody else",
}


def promised(promise: Promise, law_days: int | None) -> Promised:
    """A promise in words. `law_days` is the law's wait for the ADR letter on the day, None where it is not known."""
    period = promise.every if isinstance(promise.every, Period) else promise.within
    repeats = promise.every is not None
    return Promised(
        what=_what(promise),
        by_when=_by_when(period, repeats=repeats, agreed=promise.every == AS_AGREED),
        counted_from=_counted_from(promise, period, repeats=repeats),
        but=_but(promise),
        when=promise.when,
        owe=promise.owe,
        period=period,
        repeats=repeats,
        overtaken=_overtaken(promise, law_days),
    )


def serves(kinds: frozenset[CustomerKind]) -> str:
    """Whom a code is for, as a sentence has it: "customers at home and small businesses"."""
    return listed([words for kind, words in CUSTOMERS.items() if kind in kinds])


def _overtaken(promise: Promise, law_days: int | None) -> bool:
    letter = promise.owe is Owed.ADR_LETTER and promise.when is Trigger.COMPLAINT_RECEIVED
    if not letter or promise.within is None or law_days is None:
        return False
    return rough_days(promise.within) > law_days + _ALLOWANCE


def _what(promise: Promise) -> str:
    if promise.owe is Owed.REPLY:
        return f"{OWED[Owed.REPLY]} your {_messages(promise)}"
    return OWED[promise.owe]


def _messages(promise: Promise) -> str:
    return listed(_in_order(promise, _MESSAGES), "or") or "message"


def _in_order(promise: Promise, words: dict[Channel, str]) -> list[str]:
    return [word for channel, word in words.items() if channel in (promise.channels or ())]


def _by_when(period: Period | None, *, repeats: bool, agreed: bool) -> str:
    if agreed:
        return "as often as you agree with your case handler"
    if period is None:
        return ""
    return f"every {_each(period)}" if repeats else f"within {period}"


def _each(period: Period) -> str:
    """The period after "every": "5 working days", "week"."""
    return str(period).removeprefix("1 ") if period.amount == 1 else str(period)


def _counted_from(promise: Promise, period: Period | None, *, repeats: bool) -> str:
    if period is None:
        return ""
    start = _FROM.get(promise.when) or f"your {_messages(promise)} reaching us"
    by = listed(_in_order(promise, _BY), "or")
    if by and promise.when is not Trigger.MESSAGE_RECEIVED:
        start = f"{start} by {by}"
    return f"from {start}" if repeats else f"of {start}"


def _but(promise: Promise) -> str:
    parts = []
    if promise.customers:
        parts.append(f"for {serves(promise.customers)}")
    if Unless.SETTLED_FIRST_CONTACT in promise.unless:
        parts.append("unless it is settled in your first call or message")
    if StandsStill.NO_ANSWER in promise.stands_still:
        parts.append("not counting the time in which we wait for an answer from you")
    return ", ".join(parts)
