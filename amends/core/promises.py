"""Reads the promise in a clause or stage: when this happens, that is owed, within so long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core import schema
from amends.core.code import (
    AS_AGREED,
    Channel,
    CustomerKind,
    Owed,
    Promise,
    StandsStill,
    Trigger,
    Unless,
)
from amends.core.kinds import CARE_OWES, PROMISED
from amends.core.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.part import Part

_WHY = "A promise is run as it is written: with a part missing no clock starts, and nobody is told of it."
_NEEDS_BOTH = ("within", "every", "on", "unless", "stands still", "customers")
_WRITTEN_WHEN = {
    Owed.ACKNOWLEDGEMENT: Trigger.COMPLAINT_RECEIVED,
    Owed.CONFIRMATION: Trigger.COMPLAINT_RECEIVED,
    Owed.COPY_OF_CODE: Trigger.COPY_ASKED,
}
"""Letters that are written at one moment only: at any other there is nothing to fill them with."""


def clause_promise(part: Part) -> Promise | None:
    """The promise that a clause makes, or None where it makes none that can be run."""
    when = part.entry("when", schema.WHEN, Trigger)
    owe = part.entry("owe", schema.OWE, Owed)
    if when is None or owe is None:
        return None
    every = AS_AGREED if part.text("every") == AS_AGREED else part.period("every")
    return Promise(
        clause=part.text("id"),
        when=when,
        owe=owe,
        where=part.where,
        within=part.period("within"),
        every=every,
        channels=part.entries("on", schema.CHANNEL, Channel) or None,
        customers=part.entries("customers", schema.CUSTOMER, CustomerKind) or None,
        unless=part.entries("unless", schema.UNLESS, Unless),
        stands_still=part.entries("stands still", schema.STANDS_STILL, StandsStill),
        within_where=part.where_of("every" if every else "within"),
    )


def stage_promise(part: Part, clause: str, place: int) -> Promise | None:
    """The promise that starts when this stage is reached, or None where the stage makes none."""
    owe = part.entry("owe", schema.OWE, Owed)
    if owe is None:
        return None
    return Promise(
        clause=clause,
        when=Trigger.ESCALATION_ASKED,
        owe=owe,
        where=part.where,
        within=part.period("within"),
        stage=place,
        within_where=part.where_of("within"),
    )


def half_promises(part: Part) -> Iterator[Problem]:
    """What keeps the promise of a clause from being whole."""
    if part.has("owe") and not part.has("when"):
        yield _half(
            part, "owe", "'owe' stands here without 'when'", "Add 'when: …', the moment that starts it."
        )
    if part.has("when") and not part.has("owe"):
        yield _half(part, "when", "'when' stands here without 'owe'", "Add 'owe: …', what is then owed.")
    if not part.has("when") and not part.has("owe"):
        for key in (key for key in _NEEDS_BOTH if part.has(key)):
            yield _half(
                part, key, f"'{key}' stands here without 'when' and 'owe'", "Add both, or leave it out."
            )
    if part.has("stands still") and part.text("owe") == Owed.ADR_LETTER:
        yield _half(
            part,
            "stands still",
            "'stands still' stands with 'owe: ADR letter'",
            "Leave it out: what the law promises with that letter never stands still (CH-09).",
        )
    if part.has("every") and part.has("within"):
        yield _half(
            part,
            "every",
            "'within' and 'every' stand side by side",
            "Keep 'within' for what is owed once, 'every' for updates.",
        )
    elif part.has("every") and part.has("owe") and part.text("owe") != Owed.UPDATE:
        yield _half(
            part,
            "every",
            f"'every' stands with 'owe: {part.text('owe')}'",
            "Only 'owe: update' comes back; write 'within' here.",
        )


def never_written(part: Part, *, stage: bool = False) -> Iterator[Problem]:
    """A promise of a letter at a moment at which that letter cannot be written: no story could ever keep it."""
    owe = part.entry("owe", schema.OWE, Owed)
    when = Trigger.ESCALATION_ASKED if stage else part.entry("when", schema.WHEN, Trigger)
    yield from _of_another_kind(part, owe, when)
    needed = _WRITTEN_WHEN.get(owe) if owe is not None else None
    if needed is None or when is None or when is needed:
        return
    moment = "when a stage is reached" if stage else f"at '{when}'"
    yield Problem(
        part.where_of("owe"),
        "LETTER_NEVER_WRITTEN",
        Severity.BROKEN,
        f"No {owe} is written {moment}: that letter belongs to '{needed}'.",
        "A promise that no letter can keep would be late in every case, and nobody could settle it.",
        f"Write {'the promise as a clause of its own, with ' if stage else ''}'when: {needed}', or owe something that "
        "can be given then, such as 'reply'.",
    )


def _of_another_kind(part: Part, owe: Owed | None, when: Trigger | None) -> Iterator[Problem]:
    """What belongs to one kind of case, promised at the beginning of another: no case could ever keep it."""
    if owe is None or when is None:
        return
    belongs = PROMISED[CARE_OWES[owe]][0] if owe in CARE_OWES else None
    own = dict(PROMISED.values()).get(when)
    wrong = (belongs is not None and when is not belongs) or (own is not None and owe not in (*FOR_CARE, own))
    if not wrong:
        return
    mend = f"Write 'when: {belongs}'" if belongs else f"Write 'owe: {own}'"
    yield Problem(
        part.where_of("owe"), "OF_ANOTHER_KIND", Severity.BROKEN,
        f"'{owe}' is never owed at '{when}': that is another kind of case.",
        "A promise that no case of this kind can keep would be late in every one of them.",
        f"{mend}, or owe what any case can give, such as 'reply' or 'call back'.",
    )  # fmt: skip


FOR_CARE = (
    Owed.REPLY,
    Owed.WRITTEN_RESPONSE,
    Owed.CALL_BACK,
    Owed.UPDATE,
    Owed.HANDLER_ASSIGNED,
    Owed.CONTACT_TIME,
)
"""What may be owed on a case of any kind."""


def half_stage(part: Part) -> Iterator[Problem]:
    """A period in a stage with nothing owed."""
    if part.has("within") and not part.has("owe"):
        yield _half(
            part, "within", "'within' stands here without 'owe'", "Add 'owe: …', what is owed at this stage."
        )


def in_words(promise: Promise) -> str:
    """A promise as a sentence, for a clause that gives no words of its own."""
    only = f", by {' or '.join(sorted(promise.channels))}" if promise.channels else ""
    period = f" within {promise.within}" if promise.within else ""
    if promise.every:
        period = f", {promise.every}" if promise.every == AS_AGREED else f" every {promise.every}"
    unless = f", unless {' or '.join(sorted(promise.unless))}" if promise.unless else ""
    still = (
        f"; the time stands still {' and '.join(sorted(promise.stands_still))}"
        if promise.stands_still
        else ""
    )
    return f"When {_STARTS[promise.when]}{only}, {_OWES[promise.owe]}{period}{unless}{still}."


def _half(part: Part, key: str, what: str, mend: str) -> Problem:
    found = part.node.key(key)
    where = found.where if found else part.where
    return Problem(where, "HALF_PROMISE", Severity.BROKEN, f"{what}.", _WHY, mend)


_STARTS = {
    Trigger.COMPLAINT_RECEIVED: "we receive your complaint",
    Trigger.MESSAGE_RECEIVED: "you contact us",
    Trigger.HANDLER_INTRODUCED: "your case handler has introduced themselves",
    Trigger.CUSTOMER_NOT_SATISFIED: "you are not satisfied",
    Trigger.ESCALATION_ASKED: "you ask for the next stage",
    Trigger.OUTCOME_PROPOSED: "we have proposed an outcome",
    Trigger.OUTCOME_ACCEPTED: "you have accepted an outcome",
    Trigger.DEADLOCK: "your complaint has reached deadlock",
    Trigger.CASE_REOPENED: "your complaint is opened again",
    Trigger.COPY_ASKED: "you ask for a copy of this code",
    Trigger.FAULT_REPORTED: "you report a fault",
    Trigger.ORDER_PLACED: "you order a service",
    Trigger.CANCELLATION_ASKED: "you cancel",
    Trigger.PRICES_ASKED: "you ask for prices",
    Trigger.PAYMENT_CHANGE_ASKED: "you ask to pay another way",
    Trigger.NUISANCE_REPORTED: "you report nuisance calls",
    Trigger.MARKETING_OBJECTED: "you object to our marketing",
    Trigger.PORT_ASKED: "you ask to move a number",
    Trigger.HARDSHIP_TOLD: "you tell us that paying is hard",
    Trigger.DATA_REQUESTED: "you make a request about your personal data",
}
_OWES = {
    Owed.ACKNOWLEDGEMENT: "we acknowledge it",
    Owed.CONFIRMATION: "we confirm your details and your reference in writing",
    Owed.HANDLER_ASSIGNED: "a case handler takes it on",
    Owed.HANDLER_INTRODUCTION: "your case handler contacts you and introduces themselves",
    Owed.CONTACT_TIME: "we agree with you when we will next be in contact",
    Owed.REPLY: "we answer you",
    Owed.WRITTEN_RESPONSE: "we answer you in writing",
    Owed.CALL_BACK: "we call you back",
    Owed.UPDATE: "we tell you how your complaint stands",
    Owed.OUTCOME: "we propose an outcome",
    Owed.CANNOT_RESOLVE: "we write to you if we cannot resolve it",
    Owed.ADR_LETTER: "we write to you about independent dispute resolution",
    Owed.COPY_OF_CODE: "we send it to you",
    Owed.REPAIR: "we repair it",
    Owed.SERVICE: "we provide it",
    Owed.CANCELLATION: "we confirm what ends, when and at what cost",
    Owed.PRICES: "we send them to you",
    Owed.PAYMENT_CHANGE: "we change it",
    Owed.ADVICE: "we advise you",
    Owed.MARKETING_STOPPED: "we stop it",
    Owed.NUMBER_MOVED: "we move it",
    Owed.ARRANGEMENT: "we agree with you on another way to pay",
    Owed.DATA_ANSWER: "we answer it",
}
