"""What holds for every outage: nothing is paid below nothing or twice, and a longer one never pays less."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from amends.core import outage
from amends.core.outage import Incident, as_one_service, overlap, paid_for
from amends.core.redress import refund
from amends.core.redress.refund import Refunded
from amends.core.redress.sums import Sum

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 200_000).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
LENGTHS = st.integers(1, 60_000).map(lambda minutes: timedelta(minutes=minutes))
PRICES = st.integers(1, 50_000)
PER = st.sampled_from(["month", "quarter", "year"])
SPANS = st.lists(st.tuples(MOMENTS, LENGTHS), max_size=5)


def pays(pence: int, per: str, since: datetime, until: datetime, before: tuple[Refunded, ...] = ()) -> int:
    """What an outage pays, in pence."""
    found = refund.refund(
        [refund.Outage("Fibre", since, until)], paid_for("Fibre", pence, per, since, until), "X", before
    )
    assert isinstance(found, Sum), found
    return found.pence


@given(PRICES, PER, MOMENTS, LENGTHS, SPANS)
def test_it_is_never_below_nothing_and_never_paid_twice(
    pence: int, per: str, since: datetime, length: timedelta, spans: list[tuple[datetime, timedelta]]
) -> None:
    """S-outage, N-refund: whatever was refunded before, the same time pays nothing more; and parts pay no more than all."""
    until = since + length
    before = as_one_service([Refunded("the internet", a, a + n) for a, n in spans], "Fibre")
    part = pays(pence, per, since, until, before)
    assert 0 <= part <= pays(pence, per, since, until)
    left = refund.unpaid([refund.Outage("Fibre", since, until)], before)
    assert pays(pence, per, since, until, (*before, *left)) == 0


@given(PRICES, PER, MOMENTS, LENGTHS)
def test_a_day_more_never_pays_less(pence: int, per: str, since: datetime, length: timedelta) -> None:
    """S-outage: through the ends of months, quarters and years, and the nights on which the clocks change."""
    until = since + length
    assert pays(pence, per, since, until + timedelta(days=1)) >= pays(pence, per, since, until)


@given(PRICES, PER, MOMENTS, LENGTHS)
def test_what_was_paid_covers_every_day_of_it_once(
    pence: int, per: str, since: datetime, length: timedelta
) -> None:
    """Calendar periods follow each other without a gap: the first holds the first day, the last the last."""
    bills = paid_for("Fibre", pence, per, since, since + length)
    assert bills[0].span[0] <= since
    assert since + length <= bills[-1].span[1]
    assert all(a.last + timedelta(days=1) == b.first for a, b in itertools.pairwise(bills))
    assert {b.pounds for b in bills} == {Decimal(pence) / 100}


def test_a_month_without_service_is_a_month_s_price() -> None:
    """The arithmetic by hand: 30 days of November at £31.00 are £31.00; one day of them is £1.04, its part of a penny up."""
    since = datetime(2026, 11, 1, tzinfo=UTC)
    assert pays(3100, "month", since, since + timedelta(days=30)) == 3100
    assert pays(3100, "month", since, since + timedelta(days=1)) == 104
    assert pays(9300, "quarter", datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC)) == 102
    assert paid_for("Fibre", 3100, "once", since, since + timedelta(days=1)) == ()


def test_another_service_that_is_known_is_another_and_an_unknown_name_is_not() -> None:
    """Rather one refund too few than the same hours paid twice."""
    found = [
        Refunded("fibre  80", BEGIN, BEGIN),
        Refunded("Phone", BEGIN, BEGIN),
        Refunded("the net", BEGIN, BEGIN),
    ]
    assert len(as_one_service(found, "Fibre 80", ["Phone", "Fibre 80"])) == 2


@given(MOMENTS, LENGTHS, MOMENTS, LENGTHS)
def test_two_outages_overlap_as_their_times_do(
    one: datetime, first: timedelta, two: datetime, second: timedelta
) -> None:
    """One that has not ended lasts on."""
    a, b = Incident(1, "a", one, one + first), Incident(2, "b", two, two + second)
    assert overlap(a, b) == overlap(b, a) == (max(one, two) < min(one + first, two + second))
    assert overlap(Incident(1, "a", one), b) == (two + second > one)
    assert outage.same(a, [a]) is None
