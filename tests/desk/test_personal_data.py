"""Somebody's complaint turns out to be about their data too: said on the case, clocked beside it, told in the answer.

DP-01, DP-02, AD-14.
"""

from __future__ import annotations

import pytest
from pytest_django import Settings

from amends.core.kinds import CaseKind
from amends.desk.models import FactRow, Outgoing
from amends.desk.now import set_now
from amends.desk.opened import read
from tests.desk.made import london, look
from tests.desk.office import Office, clock
from tests.desk.test_care import opened
from tests.desk.visitor import Page

pytestmark = pytest.mark.django_db

WHY = "Her bill went to a neighbour."


@pytest.fixture(name="office")
def _office(settings: Settings) -> Office:
    clock(settings)
    return Office()


def said(office: Office, **more: str) -> Page:
    """The page after somebody has said that Ann's case is about her data too."""
    return office.do("personal-data", "Save", **{"concerned": "yes", "why": WHY, **more})


def test_it_stands_on_the_case_with_a_clock_of_its_own_and_its_words_are_private(office: Office) -> None:
    before = office.visitor().get(office.case_at())
    assert ", also about personal data" not in before.main
    page = said(office)
    assert page.status == 200, page.mistakes
    assert ", also about personal data" in page.main
    assert "DP-01: a complaint about personal data is acknowledged within 30 days of its receipt" in page.main
    there = read(office.fresh())
    assert there.case.personal_data is not None
    kept = FactRow.objects.get(case=office.row, kind="personal data found")
    assert "neighbour" not in str(kept.open)
    assert WHY in page.main, "colleagues read it in the story"


def test_the_answer_and_the_adr_letter_name_the_information_commissioner(office: Office) -> None:
    office.proposed()
    plain = Outgoing.objects.filter(case=office.row, letter="outcome").latest("pk").text
    assert "Information Commissioner" not in plain
    said(office)
    office.proposed()
    told = Outgoing.objects.filter(case=office.row, letter="outcome").latest("pk").text
    assert "you can complain to the Information Commissioner (ico.org.uk)" in " ".join(told.split())
    set_now(london("2026-12-14 09:00").isoformat())
    look(office.row, london("2026-12-14 09:00"))
    letter = Outgoing.objects.filter(case=office.row, letter="adr-letter").latest("pk").text
    assert "An independent scheme may not look at that part." in " ".join(letter.split())


@pytest.mark.parametrize(
    ("filled", "mistake"),
    [
        ({"why": ""}, "Write it in a few words."),
        ({"concerned": "no"}, "Nobody has said that it is about personal data"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    office: Office, filled: dict[str, str], mistake: str
) -> None:
    page = said(office, **filled)
    assert mistake in page.main
    assert read(office.fresh()).case.personal_data is None


def test_what_is_no_complaint_has_no_such_clock(office: Office) -> None:
    _, page = opened(office, CaseKind.MARKETING, {"p_ways": "emails"})
    assert "found to be no complaint" in office.visitor().get(f"{page.address}/personal-data").main
