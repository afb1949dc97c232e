"""Whose case it is: said by a person, never by an address; and what the case then takes from the customer's record.

The fact holds ids alone. With it come the kind of customer, the headcount and how it was counted (R-02: who is covered
follows from them), the account, and what the case did not know yet of name and ways to reach them; then their needs.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from amends.core import facts as f
from amends.core.case import Case
from amends.core.code import CustomerKind
from amends.core.may import Refusal
from amends.desk.customers import recorded
from amends.desk.models import Account, CustomerRow, Service

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand

FROM_THE_RECORD: Final = ("customer_kind", "headcount", "counted_how", "account")
"""What the record knows better than a case."""
WHERE_EMPTY: Final = ("name", "email", "phone", "address", "prefers")
"""What a case keeps as the customer said it there, and takes from the record only where it knows nothing."""


def link(
    hand: CaseInHand, customer: CustomerRow, *, by: str, now: datetime,
    account: Account | None = None, service: Service | None = None,
) -> Refusal | None:  # fmt: skip
    """Say that the case is this customer's. The same said twice adds only what the record knows since."""
    if customer.provider_id != hand.provider.pk or customer.erased_at is not None:
        return Refusal("There is no such customer", "A-evidence", "Choose one of those shown.")
    if any(x is not None and x.customer_id != customer.pk for x in (account, service)):
        return Refusal("That account or service is another customer’s", "A-evidence", "Choose one of theirs.")
    linked = f.CustomerLinked(
        at=now, logged=now, by=by, customer=str(customer.pk), account=str(account.pk) if account else "",
        service=str(service.pk) if service else "",
    )  # fmt: skip
    was = hand.case.linked
    if was is None or (was.customer, was.account, was.service) != (
        linked.customer,
        linked.account,
        linked.service,
    ):
        hand.add(linked)
    known = taken(hand.case, customer, account or (service.account if service else None), by, now)
    if known is not None:
        hand.add(known)
    recorded.carry(hand, customer, now)
    return None


def unlink(hand: CaseInHand, *, by: str, now: datetime) -> Refusal | None:
    """Say that it was not their case after all. What the case knew of a customer stays until a person corrects it."""
    if hand.case.linked is None:
        return Refusal("Nobody has said whose case it is", "A-evidence", "There is nothing to undo.")
    hand.add(
        f.CustomerLinked(at=now, logged=now, by=by, customer=""),
        f.NeedsKnown(at=now, logged=now, by=by),
    )
    return None


def taken(
    case: Case, customer: CustomerRow, account: Account | None, by: str, now: datetime
) -> f.CustomerKnown | None:
    """What a case takes from the record of its customer; None where it knows all of that."""
    has = case.customer
    record = {
        "customer_kind": customer.kind, "headcount": customer.headcount, "counted_how": customer.counted_how,
        "account": account.number if account else "",
    }  # fmt: skip
    known = {
        "customer_kind": "" if has.kind is CustomerKind.UNKNOWN else str(has.kind), "headcount": has.headcount,
        "counted_how": has.counted_how, "account": has.account,
    }  # fmt: skip
    new = {name: value for name, value in record.items() if value not in ("", None) and value != known[name]}
    for name in WHERE_EMPTY:
        if not getattr(has, name) and getattr(customer, name):
            new[name] = getattr(customer, name)
    return f.CustomerKnown(at=now, logged=now, by=by, **new) if new else None  # type: ignore[arg-type]  # each name has its own type
