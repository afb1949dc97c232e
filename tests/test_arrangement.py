"""Who finds it hard to pay: what an arrangement comes to, whether it is kept, and what forbids a disconnection.

N-hardship, F-hardship, BL-02, C5-01, C5-08.
"""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from amends.core.care.arrangement import Payment, read
from amends.core.care.disconnection import Ground, of_needs, verdict

PLAN = "2026-12-01, £20.00\n2027-01-01, £20.50"


def test_an_arrangement_is_read_as_it_is_kept_and_nobody_having_looked_it_is_kept() -> None:
    held = read(PLAN)
    assert held.payments == (Payment(date(2026, 12, 1), 2000), Payment(date(2027, 1, 1), 2050))
    assert (held.kept, held.over, held.pence) == (True, False, 4050)
    assert held.awaited == held.payments[0]


def test_a_missed_payment_breaks_it_until_it_is_made_good_and_all_of_them_end_it() -> None:
    broken = read(PLAN, {("2026-12-01", 2000): False})
    assert not broken.kept
    assert broken.missed == Payment(date(2026, 12, 1), 2000, False)
    assert broken.awaited == Payment(date(2027, 1, 1), 2050)
    made_good = read(PLAN, {("2026-12-01", 2000): True, ("2027-01-01", 2050): True})
    assert (made_good.kept, made_good.over, made_good.awaited) == (True, True, None)


PAYMENTS = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(1, 10_000_000), min_size=1, max_size=20
)


@given(PAYMENTS, st.sets(st.integers(0, 19)))
def test_what_came_and_what_is_to_come_make_up_the_whole(payments: dict[date, int], came: set[int]) -> None:
    lines = [f"{day.isoformat()}, £{pence // 100}.{pence % 100:02}" for day, pence in payments.items()]
    seen = {
        (day.isoformat(), pence): True for place, (day, pence) in enumerate(payments.items()) if place in came
    }
    held = read("\n".join(lines), seen)
    assert held.pence == sum(payments.values())
    assert list(held.payments) == sorted(held.payments, key=lambda p: p.due)
    assert held.over == (len(seen) == len(payments))
    assert sum(p.pence for p in held.payments if p.came) == sum(pence for _day, pence in seen)


def test_telecare_and_other_needs_leave_it_to_a_person_each_with_its_rule() -> None:
    assert [g.clause for g in of_needs(["telecare", "telecare"])] == ["C5-08"]
    assert [g.clause for g in of_needs(["telecare", "understanding"])] == ["C5-08", "C5-01"]
    assert list(of_needs([])) == []
    found = verdict(of_needs(["telecare"]))
    assert (found.forbidden, found.by_itself) == (False, False)
    assert found.said == "Not by itself: a person decides"


def test_one_forbidding_reason_forbids_and_stands_first() -> None:
    found = verdict([*of_needs(["telecare"]), Ground("BL-02", "a dispute is open", forbids=True)])
    assert found.said == "It may not be disconnected"
    assert [g.clause for g in found.grounds] == ["BL-02", "C5-08"]
    assert verdict([]).said == "Nothing here speaks against it"
