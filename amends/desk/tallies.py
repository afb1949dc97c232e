"""What lists and reports count of a case, worked out from its facts alone, so that it can be rebuilt.

Nothing here depends on what time it is: a promise is kept with the moment after which it is late, and whoever reads says
what is late by now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from amends.core import scheme_decision
from amends.core.calendar import london_date
from amends.core.case import Case
from amends.core.clocks import Kind, clocks
from amends.core.code import Owed, Unless
from amends.core.rulebook import Rulebook
from amends.core.settled import settled_at
from amends.desk import quick
from amends.desk.hints import stage_role
from amends.desk.models import CaseTally, PromiseTally

if TYPE_CHECKING:
    from datetime import date

    from amends.desk.record import CaseInHand

CONFIRMED: Final = "customer confirmed"
ADR: Final = "adr-letter"
COLUMNS: Final = tuple(f.attname for f in CaseTally._meta.concrete_fields if not f.primary_key)
OF_PROMISE: Final = ("clock", "clause", "law", "owe", "late_after", "settled", "stopped")

Promise = tuple[Any, ...]
"""The values of a promise's row, in the order of `OF_PROMISE`."""


def tally(provider: str, case: Case, book: Rulebook, found: Mapping[str, Any]) -> dict[str, Any]:
    """Every column of the case's tally; `found` are its hints, as `hints.hints` gives them."""
    first, resolved = case.first_received, resolved_at(case)
    accepted = [o for o in case.outcomes if o.accepted]
    last = case.outcomes[-1] if case.outcomes else None
    sent = [x.fate_at for x in case.letters_of(ADR) if x.left and x.fate_at is not None]
    closed, referral, decision = case.closed, case.referral, case.scheme_decision
    return {
        "provider_id": provider,
        "received": _day(first),
        "first_received": first,
        "channel": case.first_channel[:20],
        "kind": str(case.kind),
        "complaint": case.complaint,
        "counts": first is not None and case.complaint is not False and case.merged_into is None,
        "is_open": found["is_open"],
        "state": str(case.state),
        "stage": stage_role(case, book),
        "handler": case.handler,
        "next_due": found["next_due"],
        "category": case.category[:60],
        "cause": case.cause[:60],
        "need": str(case.format),
        "customer_kind": str(case.customer.kind),
        "acknowledged_after": _after(first, resolved, case, Owed.ACKNOWLEDGEMENT),
        "replied_after": _after(first, resolved, case, Owed.REPLY),
        "resolved_after": _days(first, resolved),
        "first_contact": resolved is not None
        and closed is not None
        and closed.how == str(Unless.SETTLED_FIRST_CONTACT),
        "closed": _day(closed.at) if closed else None,
        "evidence": closed.evidence if closed else "",
        "outcome": "" if last is None else _ANSWERS[last.accepted],
        "credit_pence": sum(o.credit_pence for o in accepted),
        "deadlocked": _day(case.deadlocked),
        "adr_letter": _day(min(sent, default=None)),
        "referred": _day(referral.at) if referral else None,
        "scheme": referral.scheme[:60] if referral else "",
        "scheme_decided": _day(decision.at) if decision else None,
        "scheme_outcome": decision.outcome if decision else "",
        "scheme_answer": case.scheme_answer.answer if case.scheme_answer else "",
        "scheme_due": min((a.pay_by for a in scheme_decision.given(case) if a.pay_by), default=None),
        "scheme_done": _day(scheme_decision.carried_out(case)),
    }


_ANSWERS: Final = {True: "accepted", False: "refused", None: "unanswered"}


def resolved_at(case: Case) -> datetime | None:
    """When the customer's own word said that it is resolved: by accepting an outcome, or by what the case closed on."""
    if case.resolved_at is not None:
        return case.resolved_at
    closed = case.closed
    return closed.at if closed is not None and closed.evidence == CONFIRMED else None


def promises(case: Case, book: Rulebook) -> list[Promise]:
    """Every clock that the case has started, as rows of promises, in the order of their ids."""
    lines = (
        (c.id[:120], c.clause[:100], c.kind is Kind.LAW, str(c.owe), c.late_after, c.settled, bool(c.stopped))
        for c in clocks(case, book)
    )
    return sorted(lines, key=_by_id)


def _by_id(line: Promise) -> str:
    return str(line[0])


def keep(hands: Sequence[CaseInHand], found: Mapping[int, Mapping[str, Any]]) -> None:
    """Write the tallies of cases that a docket has changed; `found` are their hints by id. Only `keeping` asks."""
    # A case that is older than the tallies has none yet: both ways lead to one row.
    quick.put(
        [
            CaseTally(case_id=h.row.pk, **tally(h.row.provider_id, h.case, h.book, found[h.row.pk]))
            for h in hands
        ]
    )
    lines = {h.row.pk: [(h.row.provider_id, *each) for each in promises(h.case, h.book)] for h in hands}
    begun = frozenset(h.row.pk for h in hands if h.row.facts == len(h.added))
    quick.keep(PromiseTally, ("provider_id", *OF_PROMISE), lines, begun)


def stand(cases: Sequence[int]) -> tuple[dict[int, dict[str, Any]], dict[int, list[Promise]]]:
    """The tallies and the promises of these cases as they stand, by case."""
    tallies = {t["case_id"]: t for t in CaseTally.objects.filter(case__in=cases).values("case_id", *COLUMNS)}
    found: dict[int, list[Promise]] = defaultdict(list)
    rows = PromiseTally.objects.filter(case__in=cases).values_list("case_id", *OF_PROMISE)
    for case, *values in rows:
        found[case].append(tuple(values))
    return tallies, {case: sorted(lines, key=_by_id) for case, lines in found.items()}


def _day(at: datetime | None) -> date | None:
    return None if at is None else london_date(at)


def _days(first: datetime | None, then: datetime | None) -> int | None:
    return None if first is None or then is None else max(0, (london_date(then) - london_date(first)).days)


def _after(first: datetime | None, resolved: datetime | None, case: Case, owed: Owed) -> int | None:
    """Seconds until it was given; a complaint that was resolved before wants nothing more."""
    if first is None:
        return None
    given = min((at for at in (settled_at(owed, case, first), resolved) if at is not None), default=None)
    return None if given is None else max(0, int((given - first).total_seconds()))
