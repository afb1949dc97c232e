"""Promises of what cases are sorted by: the provider's own words, and what a scheme made of a dispute."""

from __future__ import annotations

from datetime import timedelta

import pytest

from amends.desk import actions, at_scheme, categories
from amends.desk.models import AuditEntry, CaseTally
from amends.desk.record import docket
from tests.desk.made import MONDAY, case, days, provider
from tests.desk.office import Office

pytestmark = pytest.mark.django_db
HANA = actions.Actor("7", "Hana", "handler")


def test_a_case_is_sorted_by_the_words_of_its_provider_and_by_no_others() -> None:
    at = provider()
    row = case(at)
    categories.change(at, categories.CATEGORY, ["Mast", " The   line ", "", "Mast"], by="7", now=MONDAY)
    assert categories.lists(at.pk).categories == ("Mast", "The line")
    assert categories.lists(at.pk).causes == categories.CAUSES, "the other list stays that of the house"
    assert AuditEntry.objects.get(what="list changed").detail == {
        "list": "category",
        "words": ["Mast", "The line"],
    }
    with docket(row.pk, now=MONDAY) as d:
        hand = d.cases[row.pk]
        refusal = actions.categorise(hand, HANA, MONDAY, category="Billing and charges")
        assert refusal is not None
        assert "Mast, The line" in refusal.mend
        assert actions.categorise(hand, HANA, MONDAY, category="The line", cause="Delay") is None
    assert (CaseTally.objects.get(case=row).category, CaseTally.objects.get(case=row).cause) == (
        "The line",
        "Delay",
    )


def test_a_word_that_left_the_list_stays_on_the_cases_that_have_it() -> None:
    at = provider()
    row = case(at)
    with docket(row.pk, now=MONDAY) as d:
        assert actions.categorise(d.cases[row.pk], HANA, MONDAY, category="Moving home") is None
    categories.change(at, categories.CATEGORY, ["Mast"], by="7", now=MONDAY)
    with docket(row.pk, now=MONDAY) as d:
        hand = d.cases[row.pk]
        assert actions.categorise(hand, HANA, MONDAY, category="Moving home", cause="Delay") is None
        assert hand.case.category == "Moving home"


def test_a_dispute_at_a_scheme_is_written_down_once_and_in_order() -> None:
    row = case(provider())
    then = MONDAY + days(60)
    with docket(row.pk, now=then) as d:
        hand = d.cases[row.pk]
        assert at_scheme.decided(hand, HANA, then, outcome="for us", at=then) is not None, "no scheme has it"
        assert actions.refer(hand, HANA, then, scheme="ofcom", at=then) is not None, "Ofcom is no scheme"
        assert actions.refer(hand, HANA, then, scheme="cisas", at=then + days(1)) is not None, "still to come"
        assert actions.refer(hand, HANA, then, scheme="cisas", at=then, number="C 1") is None
        assert actions.refer(hand, HANA, then, scheme="cisas", at=then) is not None, "it has it already"
    later = then + days(30)
    with docket(row.pk, now=later) as d:
        hand = d.cases[row.pk]
        early = then - timedelta(days=1)
        assert at_scheme.decided(hand, HANA, later, outcome="for us", at=early) is not None
        assert at_scheme.decided(hand, HANA, later, outcome="a draw", at=later) is not None
        assert at_scheme.decided(hand, HANA, later, outcome="for us", at=later, words="No breach.") is None
        assert at_scheme.decided(hand, HANA, later, outcome="for us", at=later) is not None, "it has ended"
    tally = CaseTally.objects.get(case=row)
    assert (tally.referred, tally.scheme) == (then.date(), "cisas")
    assert (tally.scheme_decided, tally.scheme_outcome) == (later.date(), "for us")


def test_the_case_tells_what_the_scheme_decided(office: Office) -> None:
    office.do("referred", "Write it down", scheme="cisas", day="2026-11-02")
    page = office.do(
        "scheme-outcome", "Write it down", outcome="for the customer", day="2026-11-02", award="50"
    )
    assert "The scheme’s outcome: for the customer, £50 to pay" in page.main


def test_the_scheme_of_a_referral_is_the_providers_own_unless_somebody_says_another(office: Office) -> None:
    page = office.visitor("compliance").get(office.case_at("referred"))
    chosen = page.doc.xpath("//select[@name='scheme']/option[@selected]/@value")
    assert chosen == ["communications-ombudsman"]
