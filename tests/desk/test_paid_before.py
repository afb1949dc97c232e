"""Nobody is paid twice for one loss, on however many cases; two accounts are two losses, each with its own sums."""

from __future__ import annotations

import itertools
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from pytest_django import Settings

from amends.core import awards
from amends.core.awards import AwardKind, Basis, Stand
from amends.core.may import Refusal
from amends.core.redress import refund
from amends.core.redress.compensation import DelayedRepair
from amends.core.redress.sums import Line, Sum, paid
from amends.desk import actions, billing, limits, merging, paid_before, redress
from amends.desk.customers import book, linking
from amends.desk.models import AwardRow, CaseRow, CustomerRow, RoleName
from amends.desk.record import docket
from amends.desk.redress import Given
from tests.desk.made import MONDAY, case, london, person
from tests.desk.office import clock
from tests.desk.test_redress import HANA, Matter
from tests.desk.visitor import Visitor

pytestmark = pytest.mark.django_db
ACCOUNTS = itertools.count(100)
OCTOBER = [refund.Paid("Broadband", Decimal("31.00"), date(2026, 10, 1), date(2026, 10, 31))]


def second(first: Matter, **customer: Any) -> Matter:
    """Another case at the same provider."""
    made = object.__new__(Matter)
    made.provider, made.now = first.provider, first.now
    known = {"name": "Ann Archer", "email": "ann@example.org", "customer_kind": "residential", **customer}
    made.row = case(first.provider, MONDAY, known)
    return made


def outage(at: Matter, starts: str, ends: str, service: str = "Broadband") -> Sum | tuple[Any, ...]:
    """What a refund for this time comes to, as its form works it out."""
    outages = [refund.Outage(service, london(starts), london(ends))]
    return refund.refund(outages, OCTOBER, "N-refund", paid_before.refunded(at.case))


def give(at: Matter, starts: str, ends: str, service: str = "Broadband") -> Refusal | None:
    """Add that refund to the outcome, as if nobody had looked before: the covers are the whole time."""
    covers = json.dumps([[service, london(starts).isoformat(), london(ends).isoformat()]])
    sum_ = paid([Line("Broadband", Decimal("3.00"))], "N-refund")
    return at.done(redress.prepare, _given(sum_, covers))


def _given(sum_: Sum, covers: str, **more: Any) -> Given:
    said = {"beyond_control": False, "looked_at": "The log", "covers": covers, **more}
    return Given(AwardKind.REFUND, Basis.REFUND, "Back", sum_, **said)


@pytest.fixture
def ann() -> Matter:
    return Matter("netfuse", account="NF-1")


def test_whoever_gives_goodwill_sees_what_was_given_on_the_customers_other_cases(
    ann: Matter, settings: Settings
) -> None:
    """N-compensation: it forbids nothing, for each is at somebody's discretion; two accounts are two matters."""
    other, apart = second(ann, account="NF-1"), second(ann, account="NF-2")
    assert paid_before.goodwill(other.case) == ()
    ann.ok(redress.prepare, ann.goodwill(2500))
    ann.proposed()
    ann.accepted()
    (found,) = paid_before.goodwill(other.case)
    assert (found.award.pence, found.case.reference) == (2500, ann.row.reference)
    assert paid_before.goodwill(apart.case) == paid_before.goodwill(ann.case) == ()
    clock(settings)
    hana = Visitor().signed_in(person(ann.provider, RoleName.HANDLER))
    said = "Goodwill was given to this customer before"
    for slug in ("goodwill", "propose"):
        page = hana.get(f"/desk/netfuse/cases/{other.row.reference}/{slug}")
        assert (said in page.main, "£25 on " + ann.row.reference in page.main) == (True, True)
        assert said not in hana.get(f"/desk/netfuse/cases/{apart.row.reference}/{slug}").main
    none: dict[tuple[str, str], int | None] = {("handler", "award"): 0}
    assert limits.set_limits(ann.provider, none, by="9", by_roles=["director"], now=ann.now) is None
    other.ok(redress.prepare, other.goodwill(1000))
    other.proposed()
    director = Visitor().signed_in(person(ann.provider, RoleName.DIRECTOR))
    asked = director.get(f"/desk/netfuse/cases/{other.row.reference}/decide-request").main
    assert said in asked, "whoever decides sees it too"


def test_the_same_time_on_two_cases_is_refunded_once_and_the_other_award_is_named(ann: Matter) -> None:
    """N-refund: what was refunded on one case is left out on the next, in its arithmetic; under the lock it is refused."""
    other = second(ann, account="NF-1")
    assert give(ann, "2026-10-05 00:00", "2026-10-08 00:00") is None
    left = outage(other, "2026-10-07 00:00", "2026-10-10 00:00")
    assert isinstance(left, Sum)
    assert left.pence == 200, "two days of the three are left"
    named = f"1 day of it was refunded before (award 1 of {ann.row.reference}) and is not refunded again"
    assert named in left.said()
    refused = give(other, "2026-10-07 00:00", "2026-10-10 00:00")
    assert refused is not None
    assert f"paid for before: £3, award 1 of {ann.row.reference}" in str(refused)
    assert give(other, "2026-10-08 00:00", "2026-10-10 00:00") is None, "where one ends the next begins"
    assert give(other, "2026-10-05 00:00", "2026-10-06 00:00", "Telephone line") is None, "another service"
    again = give(ann, "2026-10-05 00:00", "2026-10-06 00:00")
    assert again is not None, "nor twice on one case"


def test_what_was_taken_back_or_refused_may_be_paid_elsewhere(ann: Matter) -> None:
    other = second(ann, account="NF-1")
    assert give(ann, "2026-10-05 00:00", "2026-10-08 00:00") is None
    ann.ok(redress.became, award="1", fate="withdrawn", why="Wrong days", written=True)
    assert give(other, "2026-10-05 00:00", "2026-10-08 00:00") is None


def test_two_accounts_of_one_customer_are_two_losses_each_with_its_own_sums(ann: Matter) -> None:
    """A customer with two accounts in dispute: neither takes anything from the other, and billing has each account's own."""
    other = second(ann, account="NF-2")
    row = book.keep_customer(ann.provider, {"name": "Ann Archer"}, by="7", now=ann.now)
    assert isinstance(row, CustomerRow)
    for matter in (ann, other):
        with docket(matter.row.pk, now=ann.now) as d:
            assert linking.link(d.cases[matter.row.pk], row, by="7", now=ann.now) is None
    for matter in (ann, other):
        assert give(matter, "2026-10-05 00:00", "2026-10-08 00:00") is None
        matter.proposed()
    ann.accepted()
    assert [(r.case_id, r.pence) for r in AwardRow.objects.all()] == [(ann.row.pk, 300)]
    assert other.stands() is Stand.OFFERED, "the other dispute goes on"
    assert other.case.closed is None
    batch = billing.hand_over(ann.provider, "7", ann.now)
    assert batch is not None
    lines = billing.as_csv(batch).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "NF-1" in lines[1]


def test_a_customer_whom_a_person_named_is_one_whatever_the_case_says_and_an_email_makes_nobody_the_same(
    ann: Matter,
) -> None:
    unlinked = second(ann)
    assert give(ann, "2026-10-05 00:00", "2026-10-08 00:00") is None
    assert paid_before.elsewhere(unlinked.case) == (), "the same email and name alone"
    row = book.keep_customer(ann.provider, {"name": "Ann Archer"}, by="7", now=ann.now)
    assert isinstance(row, CustomerRow)
    for matter in (ann, unlinked):
        with docket(matter.row.pk, now=ann.now) as d:
            linking.link(d.cases[matter.row.pk], row, by="7", now=ann.now)
    refused = give(unlinked, "2026-10-07 00:00", "2026-10-09 00:00")
    assert refused is not None
    assert ann.row.reference in str(refused)


def test_a_merge_or_reopening_opens_no_second_payment(ann: Matter) -> None:
    """What was given on the case that ended counts on the one that goes on; reopened, a case keeps what it gave."""
    other = second(ann)
    assert give(ann, "2026-10-05 00:00", "2026-10-08 00:00") is None
    ann.proposed()
    ann.accepted()
    ann.batch()
    ann.ok(redress.became, award="1", fate="given", why="Bill 4", written=True)
    ann.ok(actions.reopen, why="It is down again", written=True)
    again = give(ann, "2026-10-06 00:00", "2026-10-07 00:00")
    assert again is not None, "reopened, nothing is forgotten"
    for contact in ann.case.contacts:
        if contact.inbound and contact.complaint is None:
            ann.ok(actions.decide_complaint, contact=contact.id, complaint=True, why="They complained.")
    with docket(other.row.pk, ann.row.pk, now=ann.now) as d:
        merged = merging.merge(d, d.cases[other.row.pk], d.cases[ann.row.pk], HANA, ann.now, why="One fault")
    assert merged is None, merged
    refused = give(other, "2026-10-06 00:00", "2026-10-07 00:00")
    assert refused is not None
    assert f"award 1 of {ann.row.reference}" in str(refused)


def test_of_one_bill_no_more_is_given_back_than_was_paid_on_all_cases_together(ann: Matter) -> None:
    other = second(ann, account="NF-1")
    covers = awards.of_bill("INV 7", "October was billed twice")
    part = paid([Line("Back", Decimal("20.00"))], "N-refund")
    assert ann.done(redress.prepare, _given(part, covers, was_paid=2899)) is None
    before, where = paid_before.of_bill(other.case, awards.of_bill(" inv  7", "Other words"))
    assert (before, where) == (2000, f"award 1 of {ann.row.reference}")
    found = refund.by_hand(Decimal("8.99"), Decimal("28.99"), Decimal(20), "Back", "N-refund", where)
    assert isinstance(found, Sum)
    above = refund.by_hand(Decimal("9.00"), Decimal("28.99"), Decimal(20), "Back", "N-refund", where)
    assert isinstance(above, tuple)
    (mistake,) = above
    assert (
        f"that was £28.99, and £20 of it was refunded before (award 1 of {ann.row.reference})" in mistake.what
    )
    assert "Give £8.99 or less" in mistake.mend
    refused = other.done(redress.prepare, _given(part, covers, was_paid=2899))
    assert refused is not None, "two people at one moment"
    assert "£20 of it was refunded before" in str(refused)
    rest = paid([Line("Back", Decimal("8.99"))], "N-refund")
    assert other.done(redress.prepare, _given(rest, covers, was_paid=2899)) is None


def test_a_day_of_automatic_compensation_is_paid_once_on_two_cases(ann: Matter) -> None:
    """AC-R2: the days that another case was paid for are left out."""
    redress.sign(ann.provider, date(2026, 1, 1), None, by="7", now=ann.now)
    other = second(ann, account="NF-1")
    loss = DelayedRepair(london("2026-10-05 09:00"), london("2026-10-12 12:00"))
    ann.ok(redress.compensate, loss, written=True)
    assert ann.awards[0].pence > 0
    refused = other.done(redress.compensate, loss, written=True)
    assert refused is not None
    assert other.awards == []


@tried(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 29), st.integers(1, 6)), min_size=1, max_size=5))
def test_however_a_loss_is_spread_over_two_cases_no_day_is_paid_twice_and_one_more_never_pays_less(
    spans: list[tuple[bool, int, int]],
) -> None:
    """£1 a day: what two cases pay together is the number of days, and never below what fewer claims paid."""
    account = f"NF-{next(ACCOUNTS)}"  # what an example wrote is still there at the next
    ann = Matter("netfuse", account=account)
    both = (ann, second(ann, account=account))
    days: set[int] = set()
    for which, day, length in spans:
        at, last = both[which], min(day + length, 31)
        starts, ends = f"2026-10-{day:02} 00:00", f"2026-10-{last:02} 00:00"
        found = outage(at, starts, ends)
        assert isinstance(found, Sum)
        assert found.pence >= 0
        days |= set(range(day, last))
        outages = [refund.Outage("Broadband", london(starts), london(ends))]
        left = refund.unpaid(outages, paid_before.refunded(at.case))
        covers = json.dumps([[x.service, x.starts.isoformat(), x.ends.isoformat()] for x in left])
        if found.pence:
            at.ok(redress.prepare, _given(found, covers))
        together = sum(a.pence for m in both for a in m.awards)
        # October has 31 days and an hour more, so that a day is a little under a pound; each sum is rounded up.
        assert abs(together - 100 * len(days)) <= 20
        assert together <= 3100


def test_what_was_paid_is_found_however_many_cases_came_since_by_as_many_questions(ann: Matter) -> None:
    """A customer's newest 200 cases were looked at once, and a loss that an older one had paid could be paid again."""
    assert give(ann, "2026-10-05 00:00", "2026-10-08 00:00") is None
    second(ann, account="NF-1")
    newest = second(ann, account="NF-1")
    with CaptureQueriesContext(connection) as few:
        assert [c.reference for c in paid_before.elsewhere(newest.case)] == [ann.row.reference]
    known = CaseRow.objects.get(pk=newest.row.pk)
    made = {
        field.attname: getattr(known, field.attname)
        for field in CaseRow._meta.concrete_fields
        if not field.primary_key and field.name != "reference"
    }
    CaseRow.objects.bulk_create(CaseRow(**made, reference=f"NF-MORE-{n}") for n in range(250))
    with CaptureQueriesContext(connection) as many:
        assert [c.reference for c in paid_before.elsewhere(newest.case)] == [ann.row.reference]
    assert len(many) == len(few)
    assert give(newest, "2026-10-05 00:00", "2026-10-08 00:00") is not None
