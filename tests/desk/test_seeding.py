"""Seeded cases hold every promise of real ones: whole chains, right hints, letters on their day, nobody written to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amends.core.calendar import london_date
from amends.desk.evidence import verify
from amends.desk.models import CaseAddress, CaseRow, FactRow, Mail, Outgoing, Provider
from amends.desk.refold import refold
from amends.desk.seeding import SeedRefused, Sown, believable, made_up_provider
from amends.desk.ticker import tick
from tests.desk.made import MONDAY, case, provider

pytestmark = pytest.mark.django_db

TWO_YEARS = timedelta(days=730)
SIX_WEEKS = timedelta(weeks=6)
OVER = ("sent", "posted")


def seeded(cases: int = 250) -> Sown:
    return believable(made_up_provider(MONDAY), cases, now=MONDAY)


def test_seeded_cases_are_as_whole_and_as_rightly_hinted_as_any_other() -> None:
    sown = seeded(120)
    assert (sown.cases, sown.facts) == (120, FactRow.objects.count())
    found = verify()
    assert found.whole, found.faults[:3]
    assert (found.cases, found.letters) == (120, sown.letters)
    assert not refold(check=True, now=MONDAY).wrong


def test_they_were_received_over_two_years_and_most_of_them_are_closed() -> None:
    sown = seeded()
    assert sown.states["closed"] > 0.9 * sown.cases
    assert {"open", "ADR letter sent"} <= set(sown.states)
    received = CaseRow.objects.order_by("first_received").values_list("first_received", flat=True)
    first, last = received.first(), received.last()
    assert first is not None
    assert last is not None
    assert MONDAY - TWO_YEARS <= first < MONDAY - 0.9 * TWO_YEARS
    assert MONDAY - timedelta(days=7) < last < MONDAY
    assert list(CaseRow.objects.order_by("pk").values_list("first_received", flat=True)) == list(received)


def test_the_letter_of_each_case_that_is_still_open_left_on_its_day() -> None:
    seeded()
    by_mail = Outgoing.objects.filter(letter="adr-letter", channel="email").select_related("case")
    on_its_day = 0
    for letter in by_mail:
        assert letter.case.first_received is not None
        late = london_date(letter.decided_at) - (london_date(letter.case.first_received) + SIX_WEEKS)
        assert late <= timedelta(0), f"{letter.key} left {late.days} days late"
        on_its_day += late == timedelta(0)
    assert on_its_day, "some cases stay open until their day; the others were deadlocked before it"


def test_nothing_is_owed_by_the_desk_and_nothing_waits_to_be_sent() -> None:
    sown = seeded()
    assert tick(MONDAY).cases == 0
    assert Outgoing.objects.filter(state__in=OVER).count() > 0.9 * sown.letters
    assert not Outgoing.objects.exclude(state__in=(*OVER, "held")).exists()


def test_nobody_real_can_be_reached_at_their_addresses() -> None:
    seeded(60)
    assert not CaseAddress.objects.exclude(address_key__endswith="@example.org").exists()
    assert not CaseRow.objects.filter(postcode="").exclude(state="open").exists()
    for row in CaseRow.objects.exclude(postcode=""):
        assert set(row.postcode[-2:]) <= set("CIKMOV"), "letters with which no postcode ends"


def test_seeding_again_adds_to_what_was_seeded() -> None:
    seeded(20)
    assert seeded(30).cases == 30
    assert CaseRow.objects.count() == 50


@pytest.mark.parametrize("name", ["netfuse", "focus-group", "netservers", "opus", "infinity"])
def test_a_provider_of_any_of_the_published_codes_can_be_seeded(name: str) -> None:
    sown = believable(provider(name), 60, now=MONDAY)
    assert sown.cases == 60
    assert not refold(check=True, now=MONDAY).wrong


def test_invented_cases_never_stand_among_real_ones() -> None:
    at = provider()
    case(at)
    with pytest.raises(SeedRefused, match="has cases already"):
        believable(at, 5, now=MONDAY)
    assert CaseRow.objects.count() == 1


def test_invented_customers_are_never_written_to() -> None:
    at = made_up_provider(MONDAY)
    Provider.objects.filter(pk=at.pk).update(mail=Mail.FOLDER)
    with pytest.raises(SeedRefused, match="mail of Larkfield Broadband is on"):
        believable(Provider.objects.get(pk=at.pk), 5, now=MONDAY)
    assert not CaseRow.objects.exists()


def test_a_provider_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(SeedRefused, match="no provider 'nobody'"):
        made_up_provider(MONDAY, "nobody")
