"""Redress is worked out to the penny, against tables made by hand, and says how; nothing is paid twice or below nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from amends.core.calendar import DAY, LONDON, MON_FRI
from amends.core.code import CustomerKind
from amends.core.redress import porting, refund
from amends.core.redress.cancelling import CodeRight, Order, free, rights
from amends.core.redress.compensation import (
    DelayedRepair,
    DelayedStart,
    Event,
    Excluded,
    MissedAppointment,
    Owed,
    Signed,
    StoodStill,
    owed,
)
from amends.core.redress.refund import Outage, Paid, Refunded, unpaid
from amends.core.redress.sums import Line, Mistake, Rounding, Sum, charged, paid
from amends.core.redress.termination import Contract, Remaining, Saved, fee, remaining
from amends.law import calendars, law

THE_LAW = law()
ENGLAND = calendars()["england-and-wales"]
SIGNED = (Signed(date(2019, 4, 1)),)
HOME = CustomerKind.RESIDENTIAL


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def worked(found: Sum | tuple[Mistake, ...]) -> Sum:
    assert isinstance(found, Sum), found
    return found


def mistakes(found: object) -> list[str]:
    assert isinstance(found, tuple)
    return [m.field for m in found]


# --- Pro-rata refunds (N-refund) ----------------------------------------------------------------------------------

NOVEMBER = Paid("Line 1", Decimal("30.00"), date(2026, 11, 1), date(2026, 11, 30))
"""£30 for 30 days: £1 a day, 43,200 minutes."""


@pytest.mark.parametrize(
    ("outages", "pence"),
    [
        ([((11, 3, 0, 0), (11, 4, 0, 0))], 100),  # one whole day of thirty
        ([((11, 3, 9, 0), (11, 3, 21, 0))], 50),  # half a day
        ([((11, 3, 9, 0), (11, 3, 9, 1))], 1),  # a minute is 0.0694p: a penny, in the customer's favour
        ([((11, 3, 9, 0), (11, 3, 19, 5))], 43),  # 605 minutes: 42.0139p
        (
            [((11, 3, 0, 0), (11, 5, 0, 0)), ((11, 4, 0, 0), (11, 6, 0, 0))],
            300,
        ),  # they overlap: three days, not four
        ([((11, 3, 0, 0), (11, 4, 0, 0)), ((11, 3, 0, 0), (11, 4, 0, 0))], 100),  # the same outage told twice
        ([((11, 1, 0, 0), (12, 1, 0, 0))], 3000),  # the whole month
        ([((10, 25, 0, 0), (12, 9, 0, 0))], 3000),  # longer than what was paid for: never more than that
        ([((12, 3, 0, 0), (12, 4, 0, 0))], 0),  # on a day for which nothing was paid
    ],
)
def test_a_refund_follows_the_time_without_service(
    outages: list[tuple[tuple[int, int, int, int], tuple[int, int, int, int]]], pence: int
) -> None:
    times = [Outage("Line 1", at(*a), at(*b)) for a, b in outages]
    assert worked(refund.refund(times, [NOVEMBER], "N-refund")).pence == pence


def test_what_was_typed_with_a_full_stop_of_its_own_is_followed_by_its_sum() -> None:
    assert Line("£5 a day, as we gave others.", Decimal(20)).said() == "£5 a day, as we gave others: £20"


def test_a_refund_says_how_it_was_worked_out_and_how_it_was_rounded() -> None:
    found = worked(refund.refund([Outage("Line 1", at(11, 3, 9), at(11, 3, 19, 5))], [NOVEMBER], "N-refund"))
    assert found.said() == (
        "Line 1 unavailable on Tuesday 3 November 2026, 9 am to 7:05 pm (10 hours 5 minutes)",
        (
            "Line 1: £30 paid for Sunday 1 November 2026 to Monday 30 November 2026. "
            "605 minutes of 43,200 minutes: £30 × 605 ÷ 43,200: £0.4201"
        ),
        "Parts of a penny are rounded up to the next whole penny, in your favour.",
        "Total: £0.43",
    )
    assert (found.rounding, found.clause) == (Rounding.UP, "N-refund")


def test_the_month_in_which_the_clocks_go_back_has_one_hour_more() -> None:
    october = Paid("Line 1", Decimal("44.70"), date(2026, 10, 1), date(2026, 10, 31))  # 745 hours: 6p an hour
    night = Outage("Line 1", at(10, 25, 0), at(10, 26, 0))
    assert worked(refund.refund([night], [october], "N-refund")).pence == 25 * 6


def test_each_service_is_refunded_from_its_own_price() -> None:
    both = [
        Outage("Line 1", at(11, 3), at(11, 4)),
        Outage("Line 2", at(11, 3), at(11, 4)),
    ]
    second = Paid("Line 2", Decimal("60.00"), date(2026, 11, 1), date(2026, 11, 30))
    assert worked(refund.refund(both, [NOVEMBER, second], "N-refund")).pence == 300


def test_an_outage_over_two_bills_takes_its_share_of_each() -> None:
    december = Paid("Line 1", Decimal("62.00"), date(2026, 12, 1), date(2026, 12, 31))
    outage = Outage("Line 1", at(11, 30), at(12, 2))
    assert worked(refund.refund([outage], [NOVEMBER, december], "N-refund")).pence == 100 + 200


def test_what_was_refunded_before_is_not_refunded_again() -> None:
    first = [Outage("Line 1", at(11, 3), at(11, 5))]
    again = [Outage("Line 1", at(11, 4), at(11, 7))]
    found = worked(refund.refund(again, [NOVEMBER], "N-refund", unpaid(first, ())))
    assert found.pence == 200
    assert "1 day of it was refunded before and is not refunded again" in [x.words for x in found.lines]


@pytest.mark.parametrize(
    ("outages", "bills", "fields"),
    [
        ([], [NOVEMBER], ["outages"]),
        ([Outage("Line 1", at(11, 4), at(11, 3))], [], ["outages 1 ends", "bills"]),
        (
            [Outage("Line 1", at(11, 3), at(11, 4))],
            [NOVEMBER, Paid("Line 1", Decimal("1.00"), date(2026, 11, 30), date(2026, 12, 5))],
            ["bills 2 first"],
        ),
        (
            [Outage("Line 1", at(11, 3), at(11, 4))],
            [Paid("Line 1", Decimal("-1.005"), date(2026, 11, 30), date(2026, 11, 5))],
            ["bills 1 pounds", "bills 1 last"],
        ),
        (
            [Outage("Line 1", at(11, 3), at(11, 4))],
            [Paid("Line 1", Decimal("NaN"), date(2026, 11, 1), date(2026, 11, 5))],
            ["bills 1 pounds"],
        ),
    ],
)
def test_every_mistake_in_a_refund_names_its_field(
    outages: list[Outage], bills: list[Paid], fields: list[str]
) -> None:
    assert mistakes(refund.refund(outages, bills, "N-refund")) == fields


def test_a_refund_above_what_was_paid_says_so_at_its_field() -> None:
    found = refund.by_hand(Decimal("30.01"), Decimal("30.00"), Decimal(0), "Billed twice", "N-refund")
    assert isinstance(found, tuple)
    assert [(m.field, str(m)) for m in found] == [
        (
            "pounds",
            (
                "A refund gives back what was paid: that was £30 (N-refund). "
                "Give £30 or less; what goes beyond it is compensation."
            ),
        )
    ]
    assert (
        worked(
            refund.by_hand(Decimal("30.00"), Decimal("30.00"), Decimal(0), "Billed twice", "N-refund")
        ).pence
        == 3000
    )
    assert mistakes(refund.by_hand(Decimal(20), Decimal(30), Decimal("10.01"), " ", "N-refund")) == [
        "pounds",
        "why",
    ]


MINUTES = st.integers(0, 60 * 24 * 45)
SPANS = st.lists(st.tuples(MINUTES, st.integers(1, 60 * 24 * 20)), min_size=1, max_size=6)
PRICES = st.integers(0, 100_000).map(lambda pence: Decimal(pence) / 100)


def told(spans: list[tuple[int, int]], from_: datetime) -> list[Outage]:
    minute = timedelta(minutes=1)
    return [Outage("Line 1", from_ + a * minute, from_ + (a + b) * minute) for a, b in spans]


@given(SPANS, PRICES)
def test_a_refund_is_never_below_nothing_nor_above_what_was_paid(
    spans: list[tuple[int, int]], price: Decimal
) -> None:
    bill = Paid("Line 1", price, date(2026, 11, 1), date(2026, 11, 30))
    found = worked(refund.refund(told(spans, at(10, 25)), [bill], "N-refund"))
    assert 0 <= found.pence <= price * 100


@given(SPANS, PRICES, st.integers(1, 60 * 24 * 5))
def test_a_longer_outage_never_refunds_less(spans: list[tuple[int, int]], price: Decimal, more: int) -> None:
    bill = Paid("Line 1", price, date(2026, 11, 1), date(2026, 11, 30))
    longer = [(spans[0][0], spans[0][1] + more), *spans[1:]]
    one, other = (
        worked(refund.refund(told(s, at(10, 25)), [bill], "N-refund")).pence for s in (spans, longer)
    )
    assert one <= other


@given(SPANS, SPANS, PRICES)
def test_two_refunds_one_after_the_other_never_pay_a_minute_twice(
    first: list[tuple[int, int]], second: list[tuple[int, int]], price: Decimal
) -> None:
    bill = Paid("Line 1", price, date(2026, 11, 1), date(2026, 11, 30))
    one, two = told(first, at(10, 25)), told(second, at(10, 25))
    apart = (
        worked(refund.refund(one, [bill], "N-refund")).pence
        + worked(refund.refund(two, [bill], "N-refund", unpaid(one, ()))).pence
    )
    together = worked(refund.refund([*one, *two], [bill], "N-refund")).pence
    assert together <= apart <= together + 1  # each sum is rounded by itself


@given(SPANS)
def test_the_order_in_which_outages_are_told_changes_nothing(spans: list[tuple[int, int]]) -> None:
    there, back = told(spans, at(10, 25)), told(spans[::-1], at(10, 25))
    assert (
        worked(refund.refund(there, [NOVEMBER], "c")).pence
        == worked(refund.refund(back, [NOVEMBER], "c")).pence
    )


# --- Automatic compensation (AC-R1 to AC-R10) -----------------------------------------------------------------------


def owes(event: Event, until: date, signed: tuple[Signed, ...] = SIGNED, who: CustomerKind = HOME) -> Owed:
    found = owed(event, signed, who, THE_LAW, ENGLAND, until)
    assert isinstance(found, Owed), found
    return found


@pytest.mark.parametrize(
    ("reported", "repaired", "days", "pence", "pay_by"),
    [
        # Reported on a Monday: Tuesday and Wednesday are the two full days, Thursday is the first that is paid.
        ((6, 1, 9), (6, 3, 23), 0, 0, None),
        ((6, 1, 9), (6, 4, 9), 1, 1034, date(2026, 7, 4)),
        ((6, 1, 9), (6, 8, 9), 5, 5170, date(2026, 7, 8)),  # Thursday to Monday: the weekend is paid
        # Reported on a Friday: Monday and Tuesday; Wednesday is paid.
        ((6, 5, 9), (6, 10, 9), 1, 1034, date(2026, 7, 10)),
        # Reported on Maundy Thursday 2 April 2026: Good Friday and Easter Monday are no working days.
        ((4, 2, 9), (4, 8, 23), 0, 0, None),
        ((4, 2, 9), (4, 9, 9), 1, 1034, date(2026, 5, 9)),
        # Over 1 April the amount rises: 30 and 31 March at £9.98, 1 April at £10.34.
        ((3, 25, 9), (4, 1, 9), 5, 9_98 * 4 + 1034, date(2026, 5, 1)),
        # Reported on a Saturday, and at night: the day of the report is never a full one.
        ((6, 6, 9), (6, 9, 23), 0, 0, None),
        ((6, 6, 9), (6, 10, 1), 1, 1034, date(2026, 7, 10)),
    ],
)
def test_a_late_repair_is_paid_by_the_table(
    reported: tuple[int, int, int], repaired: tuple[int, int, int], days: int, pence: int, pay_by: date | None
) -> None:
    found = owes(DelayedRepair(at(*reported), at(*repaired)), date(2026, 12, 31))
    assert (len(found.days), found.sum.pence, found.pay_by) == (days, pence, pay_by)


def test_the_arithmetic_of_compensation_names_each_amount_with_its_rule() -> None:
    found = owes(DelayedRepair(at(3, 25, 9), at(4, 1, 9)), date(2026, 12, 31))
    assert found.sum.said() == (
        "Total loss of service reported on Wednesday 25 March 2026",
        "2 full working days later was the end of Friday 27 March 2026 (AC-R2, seen in secondary sources)",
        "Repaired on Wednesday 1 April 2026",
        (
            "4 days (Saturday 28 March 2026 to Tuesday 31 March 2026) at £9.98 a day "
            "(AC-25, worked out from sourced figures): £39.92"
        ),
        "1 day (Wednesday 1 April 2026) at £10.34 a day (AC-26, seen in secondary sources): £10.34",
        "Total: £50.26",
    )


@pytest.mark.parametrize(
    ("event", "pence"),
    [
        (MissedAppointment(at(6, 1, 13)), 3231),
        (MissedAppointment(at(6, 1, 13), came=True), 0),
        (MissedAppointment(at(6, 1, 13), cancelled=at(5, 31, 13)), 0),  # 24 hours to the minute: in time
        (MissedAppointment(at(6, 1, 13), cancelled=at(5, 31, 13, 1)), 3231),
        (MissedAppointment(at(3, 31, 13)), 3119),
        (MissedAppointment(at(6, 1, 13), excluded=Excluded.NOT_IN), 0),
        # Due on Wednesday, live on Friday: two days, by the worked example of AC-R4.
        (DelayedStart(date(2026, 6, 3), date(2026, 6, 5)), 2 * 646),
        (DelayedStart(date(2026, 6, 3), date(2026, 6, 3)), 0),
        (DelayedStart(date(2026, 6, 3), date(2026, 6, 5), excluded=Excluded.CIVIL_EMERGENCY), 0),
        (
            DelayedStart(
                date(2026, 6, 3), date(2026, 6, 9), (StoodStill(date(2026, 6, 5), date(2026, 6, 7)),)
            ),
            3 * 646,
        ),
        (DelayedRepair(at(6, 1, 9), at(6, 30, 9), excluded=Excluded.NOT_TOTAL), 0),
        # Wednesday stands still: the second full day is Thursday, so Friday to Monday are paid.
        (
            DelayedRepair(at(6, 1, 9), at(6, 8, 9), (StoodStill(date(2026, 6, 3), date(2026, 6, 3)),)),
            4 * 1034,
        ),
    ],
)
def test_appointments_starts_and_exclusions_are_paid_by_the_table(event: Event, pence: int) -> None:
    assert owes(event, date(2026, 12, 31)).sum.pence == pence


def test_nothing_is_owed_by_a_provider_that_had_not_signed_on_the_day() -> None:
    event = DelayedRepair(at(6, 1, 9), at(6, 30, 9))
    none = owes(event, date(2026, 12, 31), ())
    assert (none.sum.pence, none.sum.clause) == (0, "AC-R10")
    assert owes(event, date(2026, 12, 31), (Signed(date(2026, 6, 2)),)).sum.pence == 0
    assert owes(event, date(2026, 12, 31), (Signed(date(2025, 1, 1), date(2026, 5, 31)),)).sum.pence == 0
    assert owes(event, date(2026, 12, 31), (Signed(date(2026, 6, 1)),)).sum.pence > 0


@pytest.mark.parametrize("who", [k for k in CustomerKind if k is not HOME])
def test_only_residential_customers_are_paid_automatically(who: CustomerKind) -> None:
    assert owes(MissedAppointment(at(6, 1, 13)), date(2026, 12, 31), who=who).sum.clause == "AC-R10"


def test_notice_to_stop_stops_thirty_days_after_it_and_not_before_thirty_days_of_payments() -> None:
    lasting = at(6, 1, 9)
    early = owes(DelayedRepair(lasting, stop_notice=date(2026, 6, 5)), date(2026, 12, 1))
    # The first paid day is 4 June; 30 days of payments end before 4 July; notice counts from then: until 3 August.
    assert (early.days[0], early.days[-1]) == (date(2026, 6, 4), date(2026, 8, 3))
    late = owes(DelayedRepair(lasting, stop_notice=date(2026, 7, 20)), date(2026, 12, 1))
    assert late.days[-1] == date(2026, 8, 19)


@pytest.mark.parametrize(
    ("event", "until", "fields"),
    [
        (DelayedRepair(at(6, 5), at(6, 1)), date(2026, 12, 1), ["repaired"]),
        (DelayedRepair(at(6, 1), stop_notice=date(2026, 12, 2)), date(2026, 12, 1), ["stop_notice"]),
        (MissedAppointment(at(6, 1, 13), came=True, cancelled=at(6, 1, 9)), date(2026, 12, 1), ["came"]),
        (MissedAppointment(at(6, 1, 13), cancelled=at(6, 1, 14)), date(2026, 12, 1), ["cancelled"]),
        (MissedAppointment(at(6, 2, 13)), date(2026, 6, 1), ["starts"]),
        (DelayedStart(date(2026, 6, 1), None, (StoodStill(date(2026, 6, 9), date(2026, 6, 8)),)), date(2026, 12, 1),
         ["stood_still 1 last"]),
        # Before the first amounts, and after the last: not guessed.
        (MissedAppointment(at(3, 31, 13, year=2019)), date(2026, 12, 1), ["day"]),
        (DelayedStart(date(2027, 3, 30)), date(2027, 4, 2), ["day"]),
    ],
)  # fmt: skip
def test_every_mistake_in_an_event_names_its_field(event: Event, until: date, fields: list[str]) -> None:
    since_ever = (Signed(date(2000, 1, 1)),)
    assert mistakes(owed(event, since_ever, HOME, THE_LAW, ENGLAND, until)) == fields


REPORTED = st.datetimes(datetime(2020, 1, 1), datetime(2026, 6, 1)).map(lambda x: x.replace(tzinfo=UTC))  # noqa: DTZ001 - the strategy takes naive bounds


@given(REPORTED, st.integers(0, 120), st.integers(0, 20))
def test_a_day_more_without_repair_never_pays_less(reported: datetime, days: int, more: int) -> None:
    until = date(2026, 12, 31)
    one = owes(DelayedRepair(reported, reported + days * DAY), until).sum.pence
    other = owes(DelayedRepair(reported, reported + (days + more) * DAY), until).sum.pence
    assert 0 <= one <= other


@given(st.dates(date(2020, 1, 1), date(2026, 6, 1)), st.integers(0, 120))
def test_a_day_more_without_a_start_pays_one_amount_more(promised: date, late: int) -> None:
    until = date(2026, 12, 31)
    one = owes(DelayedStart(promised, promised + late * DAY), until)
    other = owes(DelayedStart(promised, promised + (late + 1) * DAY), until)
    assert len(other.days) == len(one.days) + 1 == late + 1
    assert other.sum.pence - one.sum.pence >= 500


@given(REPORTED, st.integers(0, 60))
def test_two_full_working_days_pass_before_the_first_paid_day(reported: datetime, days: int) -> None:
    found = owes(DelayedRepair(reported, reported + days * DAY), date(2026, 12, 31))
    assume(found.days)
    between = (reported.astimezone(LONDON).date() + DAY * n for n in range(1, 30))
    assert sum(ENGLAND.is_working_day(d, MON_FRI) for d in between if d < found.days[0]) >= 2


# --- Ending a contract early (N-cancel, F-cancel-explain) -----------------------------------------------------------

TWO_YEARS = Contract("Broadband", date(2026, 1, 1), 24, Decimal("31.00"))


@pytest.mark.parametrize(
    ("ends", "saved", "pence"),
    [
        (date(2025, 12, 31), (), 74400),  # never begun: all 24 months
        (date(2026, 12, 31), (), 37200),  # 12 months
        (date(2027, 11, 30), (), 3100),  # one month
        (date(2027, 12, 1), (), 3000),  # 30 days of a month of 31: £30
        (date(2027, 12, 30), (), 100),  # one day
        (date(2027, 12, 31), (), 0),  # the last day
        (date(2029, 1, 1), (), 0),  # long over
        (date(2026, 12, 31), (Saved("wholesale charges", percent=Decimal(25)),), 27900),
        (date(2026, 12, 31), (Saved("line rental", monthly=Decimal("6.00")),), 30000),
        (
            date(2027, 12, 1),
            (Saved("line rental", monthly=Decimal("6.20")),),
            2400,
        ),  # £30 less £6.20 × 30 ÷ 31
        (date(2026, 12, 31), (Saved("all", percent=Decimal(100)), Saved("line", monthly=Decimal(1))), 0),
    ],
)
def test_the_fee_for_ending_early_is_that_of_the_table(
    ends: date, saved: tuple[Saved, ...], pence: int
) -> None:
    assert worked(fee(TWO_YEARS, ends, saved, "N-cancel")).pence == pence


def test_the_fee_is_explained_line_by_line() -> None:
    found = worked(
        fee(TWO_YEARS, date(2027, 10, 12), (Saved("wholesale", percent=Decimal("12.5")),), "F-cancel-explain")
    )
    assert found.said() == (
        "Broadband: minimum term of 24 months from Thursday 1 January 2026, its last day Friday 31 December 2027",
        "The last day of service is Tuesday 12 October 2027",
        "2 months left at £31: £62",
        "19 days left of a month of 31: £31 × 19 ÷ 31: £19",
        "Less what is saved: wholesale, 12.5 %: -£10.1250",
        "Parts of a penny are rounded down to a whole penny, in your favour.",
        "Total: £70.87",
    )


def test_a_consumer_pays_for_no_more_than_the_longest_term_of_the_law() -> None:
    three_years = Contract("Broadband", date(2026, 1, 1), 36, Decimal("30.00"))
    longest = THE_LAW.contract_max_term.on(three_years.first).value
    assert worked(fee(three_years, date(2026, 12, 31), (), "c", longest)).pence == 12 * 3000
    assert worked(fee(three_years, date(2026, 12, 31), (), "c")).pence == 24 * 3000


@pytest.mark.parametrize(
    ("contract", "ends", "saved", "fields"),
    [
        (Contract("x", date(2026, 1, 1), 0, Decimal(1)), date(2026, 2, 1), (), ["months"]),
        (Contract("x", date(2026, 1, 1), 121, Decimal(-1)), date(2025, 12, 30), (), ["months", "ends", "monthly"]),
        (TWO_YEARS, date(2026, 2, 1), (Saved("?"), Saved("?", Decimal(101)), Saved("?", None, Decimal(-1))),
         ["saved 1", "saved 2 percent", "saved 3 monthly"]),
    ],
)  # fmt: skip
def test_an_impossible_contract_is_told_field_by_field(
    contract: Contract, ends: date, saved: tuple[Saved, ...], fields: list[str]
) -> None:
    assert mistakes(fee(contract, ends, saved, "N-cancel")) == fields


CONTRACTS = st.builds(
    Contract, st.just("x"), st.dates(date(2020, 1, 1), date(2027, 1, 1)), st.integers(1, 60), PRICES
)


@given(CONTRACTS, st.integers(-1, 2500), st.integers(0, 100))
def test_a_day_more_of_service_never_costs_a_higher_fee(contract: Contract, after: int, percent: int) -> None:
    saved = (Saved("x", percent=Decimal(percent)),)
    ends = contract.first + after * DAY
    one, other = (worked(fee(contract, e, saved, "c")).pence for e in (ends, ends + DAY))
    assert 0 <= other <= one <= contract.monthly * 100 * contract.months


@given(CONTRACTS, st.integers(-1, 2500))
def test_what_remains_ends_where_the_term_does(contract: Contract, after: int) -> None:
    left = remaining(contract, contract.first + after * DAY)
    assert 0 <= left.days < left.of
    assert left == Remaining(0, 0, 1) or left.months or left.days


# --- Rights to cancel (N-cancel, CT-06) -----------------------------------------------------------------------------

SEVEN = CodeRight("N-cancel", 7, only_before_provided=True)
ORDERED = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("order", "asked", "clause"),
    [
        (Order(made=ORDERED, customer=CustomerKind.SMALL_BUSINESS), date(2026, 6, 8), "N-cancel"),
        (Order(made=ORDERED, customer=CustomerKind.SMALL_BUSINESS), date(2026, 6, 9), ""),
        (Order(made=ORDERED, customer=CustomerKind.SMALL_BUSINESS, provided=date(2026, 6, 4)), date(2026, 6, 4), ""),
        (Order(made=ORDERED, customer=CustomerKind.SMALL_BUSINESS, provided=date(2026, 6, 4)), date(2026, 6, 3), "N-cancel"),
        (Order(made=ORDERED, customer=HOME, provided=date(2026, 6, 4)), date(2026, 6, 15), "CT-06"),
        (Order(made=ORDERED, customer=HOME), date(2026, 6, 16), ""),
        (Order(made=ORDERED, customer=HOME, at_a_distance=False), date(2026, 6, 9), ""),
        (Order(made=ORDERED, customer=HOME), date(2026, 5, 31), ""),
    ],
)  # fmt: skip
def test_who_may_cancel_for_nothing_and_until_when(order: Order, asked: date, clause: str) -> None:
    found = free(order, asked, SEVEN, THE_LAW)
    assert (found.clause if found else "") == clause


def test_each_right_says_why_it_is_open_or_not() -> None:
    order = Order(made=ORDERED, customer=CustomerKind.UNKNOWN)
    said = {r.clause: r.why for r in rights(order, date(2026, 6, 10), SEVEN, THE_LAW)}
    assert said == {
        "N-cancel": (
            "7 days from the order of Monday 1 June 2026: until Monday 8 June 2026, "
            "which was over on Wednesday 10 June 2026"
        ),
        "CT-06": "it is for consumers, and it is not known yet whether the customer is one: ask",
    }
    assert not [r for r in rights(order, ORDERED, SEVEN, THE_LAW) if r.clause == "CT-06" and r.verified]


# --- Late ports (F-porting, SW-09) ----------------------------------------------------------------------------------

LATE = porting.Port(date(2026, 6, 1), date(2026, 6, 4))


def test_without_a_published_sum_a_person_decides_what_a_late_port_is_worth() -> None:
    assert mistakes(porting.credit(LATE, date(2026, 6, 30), "F-porting")) == ["decided"]
    assert mistakes(porting.credit(LATE, date(2026, 6, 30), "F-porting", decided=Decimal(20))) == ["why"]
    found = worked(
        porting.credit(
            LATE, date(2026, 6, 30), "F-porting", decided=Decimal(20), why="Three days of no calls"
        )
    )
    assert found.pence == 2000
    assert "3 days late" in [x.words for x in found.lines]


@given(
    st.dates(date(2020, 1, 1), date(2029, 12, 31)), st.integers(-30, 400), st.integers(1, 60),
    st.integers(0, 100_000),
)  # fmt: skip
def test_a_day_more_of_a_late_move_never_credits_less_and_none_is_below_nothing(
    promised: date, late: int, more: int, pence: int
) -> None:
    rate = Decimal(pence) / 100

    def at(days: int) -> int:
        moved = promised + timedelta(days=days)
        return worked(porting.credit(porting.Port(promised, moved), moved, "F-porting", a_day=rate)).pence

    assert at(late) == max(late, 0) * pence, "each calendar day after the promised one, by hand"
    assert 0 <= at(late) <= at(late + more)
    waits = promised + timedelta(days=late)
    assert worked(porting.credit(porting.Port(promised), waits, "F-porting", a_day=rate)).pence == at(late)


def test_a_published_rate_is_the_least_that_is_paid() -> None:
    rate, until = Decimal("6.10"), date(2026, 6, 30)
    assert worked(porting.credit(LATE, until, "c", a_day=rate)).pence == 1830
    assert worked(porting.credit(LATE, until, "c", a_day=rate, decided=Decimal(10), why="less")).pence == 1830
    assert worked(porting.credit(LATE, until, "c", a_day=rate, decided=Decimal(30), why="more")).pence == 3000


def test_a_port_in_time_or_late_by_another_s_doing_is_no_credit() -> None:
    until = date(2026, 6, 30)
    assert worked(porting.credit(porting.Port(date(2026, 6, 1), date(2026, 6, 1)), until, "c")).pence == 0
    assert (
        worked(porting.credit(porting.Port(date(2026, 6, 1), None, our_doing=False), until, "c")).pence == 0
    )
    assert porting.delay(porting.Port(date(2026, 6, 1)), date(2026, 6, 5)).days == 4


# --- Sums -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.decimals(-1000, 1000, places=4), max_size=6))
def test_a_sum_is_never_below_nothing_and_its_lines_add_up_to_it(amounts: list[Decimal]) -> None:
    for close in (paid, charged):
        found = close([Line("x", a) for a in amounts], "c")
        exact = sum((x.pounds for x in found.lines if x.pounds is not None), Decimal(0))
        assert found.pence >= 0
        assert abs(Decimal(found.pence) / 100 - exact) < Decimal("0.01")
        assert (found.pence >= exact * 100) if close is paid else (found.pence <= exact * 100)


@given(st.lists(st.decimals(0, 1000, places=4), max_size=6))
def test_a_sum_is_the_same_when_it_is_kept_and_read_again(amounts: list[Decimal]) -> None:
    found = paid([Line("x", a) for a in amounts], "N-refund")
    assert Sum.from_json(found.to_json()) == found


def test_an_earlier_refund_of_another_service_takes_nothing_away() -> None:
    before = [Refunded("Line 2", at(11, 3), at(11, 4))]
    found = refund.refund([Outage("Line 1", at(11, 3), at(11, 4))], [NOVEMBER], "c", before)
    assert worked(found).pence == 100
