"""What a scheme may not take of a complaint is found by a person, told with its reason, and keeps nobody's letter back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from amends.core import scheme_path
from amends.core.calendar import london_date
from amends.core.duties import ADR
from amends.core.may import Refusal
from amends.core.schemes import Ground
from amends.desk import actions
from amends.desk.actions import Actor
from amends.desk.models import CaseRow, Outgoing
from amends.desk.opened import read
from amends.desk.outbox import Outbox
from amends.desk.providers import belong
from amends.desk.record import docket
from amends.desk.ticker import tick
from tests.desk.made import MONDAY, case
from tests.desk.office import NOON, Office, clock
from tests.desk.test_portal import followed

pytestmark = pytest.mark.django_db
HANA = Actor("7", "Hana", "handler")
DOUBT = "As we see it, your complaint is about a price, or another commercial decision."


def _letter(row: CaseRow) -> str:
    return " ".join(Outgoing.objects.get(case=row, letter=ADR).text.split())


@pytest.mark.parametrize(
    ("name", "clause", "printed"),
    [
        ("netfuse", "N-adr-limits", "commercial matters such as our prices"),
        ("infinity", "I-adr-limits", "complaints on prices"),
    ],
)
def test_a_price_dispute_is_told_as_one_and_its_letter_leaves_all_the_same(
    settings: Settings, name: str, clause: str, printed: str
) -> None:
    """N-adr-limits, I-adr-limits: no complaints on prices. AD-15: a scheme may refuse them; the letter is law (CH-13)."""
    clock(settings)
    office = Office(name)
    belong(office.provider, "cisas", MONDAY.date() - timedelta(days=1), by="7", now=NOON)
    page = office.do("scheme-limits", "Save", grounds=["commercial"], why="The rise of July", role="handler")
    assert "found that it is about a price, or another commercial decision" in page.main
    opened = read(office.fresh())
    answer = scheme_path.may_go(opened.case, opened.book, london_date(MONDAY) + timedelta(days=60))
    assert answer is not None
    assert answer.may, "the source says that it may refuse, not that it must"
    told = {r.rule: r.says for r in answer.reasons if not r.bars}
    assert "CISAS may not take commercial decisions, such as prices" in told["AD-15"]
    assert printed in told[clause]
    assert printed in page.main
    assert clause in page.main
    assert DOUBT not in office.visitor().get(office.portal("follow")).main

    late = MONDAY + timedelta(days=57)
    clock(settings, late)
    with docket(office.row.pk, now=late):
        pass
    letter = _letter(office.row)
    assert f"{DOUBT} CISAS may not take complaints about that." in letter
    assert "The scheme decides this, not we, and you can apply all the same." in letter
    assert "The rise of July" not in letter, "why is for colleagues"


@pytest.mark.parametrize(("name", "clause"), [("netfuse", "N-adr-limits"), ("infinity", "I-adr-limits")])
def test_a_business_of_more_than_ten_is_told_that_it_cannot_go_and_one_of_ten_can(
    name: str, clause: str
) -> None:
    """N-adr-limits, I-adr-limits: no business with more than 10 employees; the law says the same (CH-05)."""
    office = Office(name)
    day = london_date(MONDAY) + timedelta(days=60)
    found = {}
    for count in (10, 11):
        known = {
            "name": "Bell",
            "email": "b@bell.example",
            "customer_kind": "small-business",
            "headcount": count,
        }
        opened = read(case(office.provider, MONDAY, known))
        answer = scheme_path.may_go(opened.case, opened.book, day)
        assert answer is not None
        found[count] = (answer.may, {r.rule: r.says for r in answer.reasons})
        late = MONDAY + timedelta(days=57)
        with docket(opened.row.pk, now=late):
            pass
        assert Outgoing.objects.filter(case=opened.row, letter=ADR).exists() is (count == 10)
    assert found[10][0] is True
    assert clause not in found[10][1]
    may, reasons = found[11]
    assert may is False
    assert "11 people is not covered" in reasons["CH-05"]
    assert "businesses with more than 10 employees" in reasons[clause]


def test_what_was_found_is_taken_back_and_nothing_is_found_twice_or_made_up(settings: Settings) -> None:
    clock(settings)
    office = Office()

    def find(found: set[Ground], why: str = "The rise of July") -> Refusal | None:
        with docket(office.row.pk, now=NOON) as d:
            return actions.find_scheme_limits(
                d.cases[office.row.pk], HANA, NOON, found=frozenset(found), why=why
            )

    assert "stands already" in str(find(set()))
    assert "It must stand why" in str(find({Ground.FRAUD}, " "))
    assert "for the scheme to judge" in str(find({Ground.FRIVOLOUS}))
    assert find({Ground.COMMERCIAL, Ground.COURT}) is None
    assert "stands already" in str(find({Ground.COURT, Ground.COMMERCIAL}))
    assert scheme_path.grounds(office.case()) == {Ground.COMMERCIAL, Ground.COURT}
    page = office.visitor().get(office.case_at())
    assert "Whether a scheme may take it" in page.main
    assert find(set(), "It was the bill, not the price") is None
    assert scheme_path.grounds(office.case()) == frozenset()
    page = office.visitor().get(office.case_at())
    assert "found nothing in it that a scheme may not take" in page.main
    assert "Whether a scheme may take it" not in page.main


def test_the_portal_says_it_beside_the_scheme_once_the_letter_has_left(settings: Settings) -> None:
    clock(settings)
    office = Office("netfuse")
    belong(office.provider, "cisas", MONDAY.date() - timedelta(days=1), by="7", now=NOON)
    with docket(office.row.pk, now=NOON) as d:
        grounds = frozenset({Ground.COMMERCIAL})
        assert (
            actions.find_scheme_limits(d.cases[office.row.pk], HANA, NOON, found=grounds, why="A price")
            is None
        )
    late = MONDAY + timedelta(days=57)
    clock(settings, late)
    tick(late)
    Outbox(lambda: late).run()
    assert any(x.left for x in office.case().letters_of(ADR))
    _visitor, page = followed(office)
    assert f"{DOUBT} CISAS may not take complaints about that." in page.main
