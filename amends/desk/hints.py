"""What a case row says for searching and sorting, worked out from the facts alone, so that it can be rebuilt.

Times are those at the case's latest fact: two folds of the same facts under the same versions give the same hints.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from amends.core import facts as f
from amends.core.case import Case, State
from amends.core.duties import Action, Duty
from amends.core.rulebook import Rulebook
from amends.desk import lookup
from amends.desk.books import current_versions
from amends.desk.models import CaseRow

STUCK_RETRY = timedelta(hours=1)
"""How long a case waits whose letter could not be written, before the desk tries again."""

HINTS = (
    "state", "is_open", "complaint", "subject", "customer_name", "customer_email", "customer_phone", "postcode",
    "account", "customer", "priority",
    "name_key", "surname_key", "phone_key", "handler", "handler_name", "stage_role", "first_received",
    "opened", "latest", "next_due", "due_hint", "unreached", "merged_into", "hint_made_by",
)  # fmt: skip

_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b", re.IGNORECASE)


def hints(case: Case, book: Rulebook, owed: tuple[Duty, ...]) -> dict[str, Any]:
    """Every hint of the case by its column; `owed` is what `duties.ahead` tells of the same case."""
    customer = case.customer
    return {
        "state": str(case.state),
        # A closed case that something is owed on, such as a customer who wrote again, stands in the queues with the rest.
        "is_open": case.state not in (State.CLOSED, State.MERGED) or bool(owed),
        "complaint": case.complaint,
        "subject": next((c.subject for c in case.contacts if c.subject), ""),
        "customer_name": customer.name,
        "customer_email": customer.email,
        "customer_phone": customer.phone,
        "postcode": postcode(customer.address),
        "account": customer.account,
        "customer": int(case.linked.customer) if case.linked else None,
        "priority": f.FIRST_IN_LINE in case.priorities,
        **lookup.keys(customer.name, customer.phone),
        "handler": case.handler,
        "handler_name": case.handler_name,
        "stage_role": stage_role(case, book),
        "first_received": case.first_received,
        "opened": case.opened,
        "latest": case.latest,
        "next_due": min((d.due for d in owed if d.due is not None), default=None),
        "due_hint": min((d.act_from for d in owed if d.letter and d.act_from), default=None),
        "unreached": min((d.due for d in owed if d.due and _no_way(d)), default=None),
        "merged_into": case.merged_into.reference if case.merged_into else "",
        "hint_made_by": current_versions(),
    }


def fill(row: CaseRow, found: dict[str, Any], stuck: str, now: datetime) -> bool:
    """Write hints into the row; whether anything changed. A stuck case is looked at again an hour after now."""
    if stuck and found["due_hint"] is not None:
        found["due_hint"] = max(found["due_hint"], now + STUCK_RETRY)
    found["stuck"] = stuck
    changed = False
    for name, value in found.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _no_way(duty: Duty) -> bool:
    return duty.action is Action.ADD_WAY and duty.id.startswith("reach:")


def stage_role(case: Case, book: Rulebook) -> str:
    """Who holds the case on the code's path; before any step of it, the first stage."""
    stages = book.code.stages if book.code else ()
    return case.stage_role or (stages[case.stage].role if case.stage < len(stages) else "")


def postcode(address: str) -> str:
    """The last postcode in a postal address, as the post writes it; empty where there is none."""
    found = _POSTCODE.findall(address)
    return f"{found[-1][0]} {found[-1][1]}".upper() if found else ""
