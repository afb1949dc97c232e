"""Promises of letters as the customer reads them once a person has pressed: nothing said twice, nothing untrue."""

from __future__ import annotations

from datetime import datetime

import pytest

from amends.core import facts as f
from amends.core.clocks import clocks
from amends.core.code import Owed
from amends.desk import actions
from amends.desk.actions import Actor
from amends.desk.documents import TEXT as AS_TEXT
from amends.desk.documents import document, file_name
from amends.desk.models import CaseRow, Mail, Outgoing
from amends.desk.opened import read
from amends.desk.record import docket
from tests.desk.made import MONDAY, case, closed, days, london, look, provider, tell

pytestmark = pytest.mark.django_db

BY = Actor("7", "Hana", "handler")
LATER = MONDAY + days(2)


def handled() -> CaseRow:
    """A complaint that has a handler, who has introduced themselves and will write every five working days."""
    row = case(provider(mail=Mail.FOLDER))
    tell(row, MONDAY + days(0.1), f.HandlerAssigned, handler="7", handler_name="Hana")
    tell(row, MONDAY + days(0.2), f.HandlerIntroduced, channel="phone")
    return tell(row, MONDAY + days(0.2), f.UpdateIntervalAgreed, working_days=5)


def said(row: CaseRow, letter: str) -> str:
    return " ".join(Outgoing.objects.filter(case=row, letter=letter).latest("pk").text.split())


def updates(row: CaseRow, now: datetime) -> list[datetime | None]:
    """When the updates are due that are owed now."""
    hand = read(look(row, now))
    return [c.due for c in clocks(hand.case, hand.book) if c.owe is Owed.UPDATE and c.running]


def test_an_extension_gives_its_reason_once() -> None:
    row = handled()
    why = "The part for the cabinet comes on 9 November."
    with docket(row.pk, now=LATER) as d:
        hand = d.cases[row.pk]
        clock = next(c.id for c in clocks(hand.case, hand.book) if c.owe is Owed.OUTCOME)
        until = london("2026-12-01 17:30")
        assert actions.extend(d, hand, BY, LATER, clock=clock, until=until, why=why) is None
    assert said(row, "extension").count(why) == 1


def test_a_case_that_is_open_again_owes_no_update_for_the_days_on_which_it_was_closed() -> None:
    row = closed(handled(), LATER)
    again = london("2026-11-25 10:00")
    with docket(row.pk, now=again) as d:
        assert actions.reopen(d, d.cases[row.pk], BY, again, why="The line is off again.") is None
    letter = said(row, "reopened")
    assert "We were to tell you how your complaint stands" not in letter
    assert "By Wednesday 2 December 2026, 5:30 pm: We will tell you how your complaint stands." in letter
    tell(row, again, f.LetterFate, key=Outgoing.objects.get(case=row, letter="reopened").key, fate="sent")
    assert updates(row, again) == [london("2026-12-02 17:30")]


def test_files_of_two_letters_of_one_kind_have_names_of_their_own() -> None:
    row = handled()
    for day in (2, 3):
        now = MONDAY + days(day)
        with docket(row.pk, now=now) as d:
            assert actions.write(d, d.cases[row.pk], BY, now, purpose="update", words="Still at it.") is None
    made = Outgoing.objects.filter(case=row, letter="update").order_by("pk")
    assert [file_name(x, document(x, AS_TEXT)) for x in made] == [
        f"update-{row.reference}.txt", f"update-{row.reference}-2.txt",
    ]  # fmt: skip
