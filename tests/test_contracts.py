"""What a contract says on a day: minimum terms, renewals, which terms apply (N-renewal, F-which-terms)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.calendar import add_months
from amends.core.contracts import Contract, Renewal, terms_on


@pytest.mark.parametrize(
    ("starts", "months", "renewal", "on", "until", "bound"),
    [
        (date(2026, 1, 31), 1, Renewal.ROLLS, date(2026, 2, 27), date(2026, 2, 28), True),
        (date(2026, 1, 31), 1, Renewal.ROLLS, date(2026, 2, 28), date(2026, 2, 28), False),
        (date(2024, 2, 29), 12, Renewal.ENDS, date(2025, 2, 27), date(2025, 2, 28), True),
        (date(2025, 3, 1), 12, Renewal.RENEWS, date(2026, 3, 1), date(2027, 3, 1), True),
        (date(2025, 3, 1), 12, Renewal.RENEWS, date(2026, 2, 28), date(2026, 3, 1), True),
        (date(2025, 3, 1), 0, Renewal.ROLLS, date(2025, 3, 1), date(2025, 3, 1), False),
        (date(2026, 6, 1), 36, Renewal.UNKNOWN, date(2026, 5, 1), date(2029, 6, 1), False),
    ],
)
def test_a_minimum_term_ends_on_its_day(
    starts: date, months: int, renewal: Renewal, on: date, until: date, bound: bool
) -> None:
    contract = Contract(starts, months, renewal)
    assert (contract.minimum_until(on), contract.bound(on)) == (until, bound)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 36), st.integers(0, 4000))
def test_whoever_renews_is_always_bound_after_the_start(starts: date, months: int, later: int) -> None:
    on = starts + timedelta(days=later)
    contract = Contract(starts, months, Renewal.RENEWS)
    until = contract.minimum_until(on)
    assert until is not None
    assert on < until <= add_months(on, months) + timedelta(days=3)
    assert contract.bound(on)


def test_a_contract_is_told_in_one_sentence() -> None:
    contract = Contract(date(2026, 1, 15), 18, Renewal.ROLLS)
    assert contract.said(date(2026, 11, 2)) == (
        "Minimum term until Wednesday 14 July 2027, then from month to month."
    )
    assert contract.said(date(2027, 7, 15)) == (
        "Minimum term over since Thursday 15 July 2027, then from month to month."
    )
    over = Contract(date(2026, 1, 15), 18, Renewal.ROLLS, date(2026, 10, 1))
    assert over.said(date(2026, 10, 1)) == "Ended on Thursday 1 October 2026."
    assert Contract(None, None).said(date(2026, 1, 1)) == ""


@dataclass(frozen=True)
class Version:
    in_force_from: date
    name: str


def test_the_newest_terms_that_have_begun_apply() -> None:
    old, new = Version(date(2025, 1, 1), "old"), Version(date(2026, 4, 1), "new")
    assert terms_on([new, old], date(2026, 3, 31)) is old
    assert terms_on([old, new], date(2026, 4, 1)) is new
    assert terms_on([old, new], date(2024, 12, 31)) is None
