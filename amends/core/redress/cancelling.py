"""Rights to cancel an order or contract free of charge: the code's own days, and a consumer's statutory ones.

N-cancel: within 7 days of the order, if not yet provided. CT-06 (unverified: recalled, no source seen): a consumer may
cancel a contract made at a distance or away from business premises within 14 days. The day of the order is day 0; a
right is open until the end of its last London day. Where several are open the customer has the better one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from amends.core import saying
from amends.core.code import CustomerKind

if TYPE_CHECKING:
    from amends.core.law import Law


@dataclass(frozen=True, slots=True)
class CodeRight:
    """What the provider's own code gives: so many days from the order, perhaps only while nothing is provided."""

    clause: str
    days: int
    only_before_provided: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    """One right to cancel free of charge, whether it is open on the day asked about, and why."""

    clause: str
    open: bool
    last: date | None
    """Its last London date; None where there is no such right."""
    why: str
    verified: bool = True
    """Whether any source of it was seen; one that was not refuses nobody anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be cancelled. Days are London's."""

    made: date
    customer: CustomerKind
    at_a_distance: bool = True
    """Whether it was made by phone, online, by post or at the door: not in a shop."""
    provided: date | None = None
    """When the service began; None while it has not."""


def rights(order: Order, asked: date, own: CodeRight | None, law: Law) -> tuple[Right, ...]:
    """Every right to cancel that could hold on the day on which the customer asked, the open ones first."""
    found = [_by_code(order, asked, own)] if own else []
    statutory = _by_law(order, asked, law)
    return tuple(sorted([*found, *([statutory] if statutory else [])], key=lambda right: not right.open))


def free(order: Order, asked: date, own: CodeRight | None, law: Law) -> Right | None:
    """The right by which cancelling costs nothing; None where none is open."""
    return next((right for right in rights(order, asked, own, law) if right.open), None)


def _by_code(order: Order, asked: date, own: CodeRight) -> Right:
    last = order.made + timedelta(days=own.days)
    if own.only_before_provided and order.provided is not None and order.provided <= asked:
        why = f"it was provided on {saying.day(order.provided)}, and the code's right is for what is not provided yet"
        return Right(own.clause, open=False, last=last, why=why)
    return Right(
        own.clause, open=order.made <= asked <= last, last=last, why=_until(own.days, order.made, last, asked)
    )


def _by_law(order: Order, asked: date, law: Law) -> Right | None:
    days = law.cooling_off_days.find(order.made)
    if days is None:
        return None
    if order.customer is not CustomerKind.RESIDENTIAL:
        if order.customer is CustomerKind.UNKNOWN:
            why = "it is for consumers, and it is not known yet whether the customer is one: ask"
        else:
            why = "it is for consumers, and this customer is a business or body"
        return Right(days.rule, open=False, last=None, why=why, verified=days.verified)
    if not order.at_a_distance:
        why = "it is for orders made at a distance or away from business premises"
        return Right(days.rule, open=False, last=None, why=why, verified=days.verified)
    last = order.made + timedelta(days=days.value)
    why = _until(days.value, order.made, last, asked)
    return Right(days.rule, open=order.made <= asked <= last, last=last, why=why, verified=days.verified)


def _until(days: int, made: date, last: date, asked: date) -> str:
    open_ = f"{saying.counted(days, 'day')} from the order of {saying.day(made)}: until {saying.day(last)}"
    if asked < made:
        return f"{open_}; nothing was ordered yet on {saying.day(asked)}"
    return open_ if asked <= last else f"{open_}, which was over on {saying.day(asked)}"
