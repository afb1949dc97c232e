"""The trade body that some codes name as a step of the customer's: what is said of it, and that it stops no clock.

S-ispa       the customer may raise it with the trade body, which makes a review of its own
AD-01        it is no approved scheme: there are two of those, and the ADR letter names them
A-law-clock  the law's clock never pauses, and going to a trade body pauses no promise of ours either

So nothing here tells a clock anything: the case stays with the stage that holds it, and its dates go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.code import StageKind
from amends.core.may import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.case import Case, TradeBody
    from amends.core.code import Stage
    from amends.core.rulebook import Rulebook


def named(book: Rulebook) -> tuple[Stage, ...]:
    """The trade bodies that the code names; none for most codes."""
    stages = book.code.stages if book.code else ()
    return tuple(stage for stage in stages if stage.kind is StageKind.TRADE_BODY)


def looking(case: Case) -> TradeBody | None:
    """The trade body that has been asked and has not answered; None where none has."""
    return next((x for x in reversed(case.trade_bodies) if x.answered is None), None)


def may_raise(case: Case, book: Rulebook) -> Refusal | None:
    """Whether it can be written down that the customer raised it with a trade body; on closed cases too."""
    if not named(book):
        return Refusal(
            "This code names no trade body", "AD-01",
            "A scheme is another matter: write down that the customer went to it.",
        )  # fmt: skip
    if case.merged_into is not None:
        return Refusal(
            f"The case goes on as {case.merged_into.reference}", "A-evidence", "Write it down on that case."
        )
    if looking(case) is not None:
        return Refusal("A trade body looks at it already", "A-evidence", "Write down first what it said.")
    return None


def may_answer(case: Case) -> Refusal | None:
    """Whether it can be written down what a trade body said."""
    if looking(case) is None:
        return Refusal(
            "No trade body looks at it",
            "A-evidence",
            "Write down first that the customer raised it with one.",
        )
    return None


def at_fits(at: datetime, since: datetime | None, now: datetime) -> Refusal | None:
    """Whether the day can be right: not before what went before it, and not still to come."""
    if at > now or (since is not None and at < since):
        return Refusal("It cannot have been then", "A-evidence", "Look at the day again, and at the story.")
    return None
