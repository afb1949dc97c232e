"""Promises of bank holidays: what would move stands before a day holds, then open cases are planned again and say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from amends.core.calendar import amended
from amends.core.may import Refusal
from amends.desk import books, holidays, moving
from amends.desk.holidays import Proclaimed
from amends.desk.models import AuditEntry, CaseRow, DutyRow, FactRow, HolidayNotice, Provider, RoleName
from amends.desk.people import make_person, person_id
from amends.desk.ticker import tick
from amends.law import calendars as shipped
from tests.desk.made import PASSWORD, case, london, provider
from tests.desk.office import NOON, Office
from tests.desk.visitor import Visitor

pytestmark = pytest.mark.django_db

THURSDAY = date(2026, 11, 5)
DAY = Proclaimed(
    THURSDAY, "Day of thanks", ("england-and-wales",), is_holiday=True, source="The Gazette 1", announced=date(2026, 11, 2)
)  # fmt: skip
WRITTEN = {
    "what": "added", "day": "2026-11-05", "title": "Day of thanks", "divisions": ["england-and-wales"],
    "source": "The Gazette 1", "announced": "2026-11-02",
}  # fmt: skip


def due(row: CaseRow, duty: str) -> Any:
    return DutyRow.objects.get(case=row, clause=duty).due


def test_a_calendar_with_a_day_more_has_another_version_and_without_it_the_same_again() -> None:
    known = shipped()["england-and-wales"]
    after = holidays.after(DAY)["england-and-wales"]
    assert (known.is_holiday(THURSDAY), after.is_holiday(THURSDAY)) == (False, True)
    assert after.version != known.version
    assert after.complete_until == known.complete_until
    assert "The Gazette 1" in after.source
    assert amended(after, (), (THURSDAY,), "x").version == known.version
    assert amended(known, (), (), "x") is known
    assert holidays.after(DAY)["scotland"] is shipped()["scotland"]


def test_the_published_page_knows_a_day_that_was_proclaimed_late(office: Office) -> None:
    def closed_on() -> str:
        return " ".join(Visitor().get(office.portal("code")).doc.xpath("//@data-holidays"))

    assert "2026-12-25" in closed_on()
    assert "2026-11-05" not in closed_on()
    mia = office.visitor("manager")
    looked = mia.press(mia.get(office.at("provider/bank-holidays")), "See what would move", **WRITTEN)
    mia.press(looked, "Put this day in force")
    assert "2026-11-05" in closed_on()


def test_the_page_shows_what_would_move_and_only_then_puts_the_day_in_force(office: Office) -> None:
    mia = office.visitor("manager")
    assert due(office.row, "L-handler") == london("2026-11-05 17:30")
    page = mia.get(office.at("provider/bank-holidays"))
    assert "Known until Sunday 31 December 2028" in page.main
    assert "Tuesday 26 December 2028: Boxing Day" in page.main, "every day that is known, to the last"
    assert "Put this day in force" not in page.main
    looked = mia.press(page, "See what would move", **WRITTEN)
    row = next(tr for tr in looked.doc.xpath("//tbody/tr") if "L-handler" in tr.text_content())
    said = " ".join(row.text_content().split())
    assert "Thursday 5 November, 5:30 pm" in said
    assert "Friday 6 November, 5:30 pm" in said
    assert not HolidayNotice.objects.exists()
    assert not holidays.calendars()["england-and-wales"].is_holiday(THURSDAY)
    before = books.current_versions()
    done = mia.press(looked, "Put this day in force")
    assert "The day is in force" in done.words
    assert "The Gazette 1" in done.main
    assert books.current_versions() != before
    assert due(office.row, "L-handler") == london("2026-11-05 17:30"), (
        "the ticker plans again, in its own transaction"
    )
    assert tick(NOON, send=False).hinted == 1
    assert due(office.row, "L-handler") == london("2026-11-06 17:30")
    adr = DutyRow.objects.filter(case=office.row, letter="adr-letter").get()
    assert adr.due == london("2026-12-14 00:00"), "the law’s clock stays"
    notice = HolidayNotice.objects.get()
    assert notice.adopted_by == person_id(office.people["manager"])
    assert AuditEntry.objects.get(what="bank holiday put in force").detail["day"] == "2026-11-05"


def test_a_case_records_which_of_its_next_dates_moved(office: Office) -> None:
    row = CaseRow.objects.get(pk=office.row.pk)
    assert row.next_due is not None
    day = replace(DAY, day=date(2026, 11, 3))
    assert not isinstance(holidays.adopt(day, by="7", now=NOON), Refusal)
    tick(NOON, send=False)
    moved = CaseRow.objects.get(pk=office.row.pk).next_due
    assert moved is not None
    assert moved > row.next_due
    fact = FactRow.objects.get(case=row, kind="dates replanned")
    assert "next due: 2026-11-0" in fact.open["moved"]


def test_a_day_of_another_nation_moves_nothing(office: Office) -> None:
    scots = replace(DAY, divisions=("scotland",))
    found = moving.preview(office.provider.pk, THURSDAY, holidays.after(scots))
    assert (found.moved, found.looked_at, found.more) == ((), 1, False)
    assert not isinstance(holidays.adopt(scots, by="7", now=NOON), Refusal)
    tick(NOON, send=False)
    assert due(office.row, "L-handler") == london("2026-11-05 17:30")
    assert not FactRow.objects.filter(kind="dates replanned").exists()


def test_a_notice_is_followed_by_another_and_never_changed_or_deleted(office: Office) -> None:
    made = holidays.adopt(DAY, by="7", now=NOON)
    assert isinstance(made, HolidayNotice)
    again = holidays.adopt(DAY, by="7", now=NOON)
    assert "is a bank holiday already of England and Wales" in str(again)
    back = holidays.adopt(replace(DAY, is_holiday=False, source="The Gazette 2"), by="7", now=NOON)
    assert isinstance(back, HolidayNotice)
    assert holidays.calendars()["england-and-wales"].version == shipped()["england-and-wales"].version
    tick(NOON, send=False)
    assert due(office.row, "L-handler") == london("2026-11-05 17:30")
    with pytest.raises(IntegrityError, match="evidence"), transaction.atomic():
        HolidayNotice.objects.filter(pk=made.pk).delete()
    with pytest.raises(IntegrityError, match="evidence"), transaction.atomic():
        HolidayNotice.objects.filter(pk=made.pk).update(title="x")


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"day": date(2026, 11, 1)}, "That day is past"), ({"day": date(2031, 1, 2)}, "cannot be worked out"),
        ({"day": date(2026, 12, 25)}, "is a bank holiday already"), ({"is_holiday": False}, "is no bank holiday"),
    ],
)  # fmt: skip
def test_what_cannot_be_put_in_force_is_said(office: Office, said: dict[str, Any], refusal: str) -> None:
    assert refusal in str(holidays.adopt(replace(DAY, **said), by="7", now=NOON))
    assert not HolidayNotice.objects.exists()
    filled = {
        **WRITTEN,
        "day": str(said.get("day", THURSDAY)),
        "what": "added" if said.get("is_holiday", True) else "removed",
    }
    mia = office.visitor("manager")
    answer = mia.press(mia.get(office.at("provider/bank-holidays")), "See what would move", **filled)
    assert answer.status == 422
    assert refusal in answer.mistakes[0]


def test_one_company_does_not_move_the_dates_of_another(office: Office) -> None:
    provider("opus")
    mia = office.visitor("manager")
    looked = mia.press(mia.get(office.at("provider/bank-holidays")), "See what would move", **WRITTEN)
    refused = mia.press(looked, "Put this day in force")
    assert "the whole desk’s" in refused.mistakes[0]
    assert not HolidayNotice.objects.exists()
    who = office.people["manager"]
    make_person(
        who.username, name="", password=PASSWORD, provider=Provider.objects.get(pk="opus-telecoms"), role=RoleName.MANAGER,
        by="7", now=NOON,
    )  # fmt: skip
    assert "The day is in force" in mia.press(refused, "Put this day in force").words


def test_an_administrator_sees_no_case_behind_the_dates(office: Office) -> None:
    adam = office.visitor("administrator")
    looked = adam.press(adam.get(office.at("provider/bank-holidays")), "See what would move", **WRITTEN)
    assert "You see no cases" in looked.main
    assert office.row.reference not in looked.main


def test_another_process_hears_of_it_when_it_asks_again(office: Office) -> None:
    at = office.provider
    HolidayNotice.objects.create(
        day=THURSDAY, title="x", divisions=["england-and-wales"], source="s", announced=THURSDAY, adopted_at=NOON,
        adopted_by="1",
    )  # fmt: skip
    assert due(case(at, NOON), "L-handler") == london("2026-11-05 17:30"), "it has not heard of it"
    holidays.refresh()
    assert due(case(at, NOON), "L-handler") == london("2026-11-06 17:30")
