"""Agreed contact times are promises: kept, missed, moved with the first date and the reason; and suppliers are chased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from amends.core.duties import Action, duties
from amends.core.may import Refusal
from amends.desk import actions as a
from amends.desk import refold, watch
from amends.desk.actions import Actor
from amends.desk.models import Alarm, AppointmentRow, Outgoing, SupplierRow
from amends.desk.people import person_id
from amends.desk.record import docket
from tests.desk.made import london
from tests.desk.office import NOON, Office, clock

pytestmark = pytest.mark.django_db

HANA = Actor("2", "Hana Price", "handler")
TUESDAY = london("2026-11-03 14:00")


def agreed(office: Office, person: str = "") -> str:
    """A time is agreed for Tuesday 3 November, 2 pm to 3 pm; its id."""
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        refusal = a.agree_time(
            d, hand, HANA, NOON, starts=TUESDAY, ends=TUESDAY + timedelta(hours=1), number="01632 960123",
            person=person, plan="She tries the other cable until then.",
        )  # fmt: skip
        assert refusal is None
        return hand.case.appointments[-1].id


def owed(office: Office, now: object = NOON) -> dict[str, str]:
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        return {duty.what: str(duty.action) for duty in duties(hand.case, hand.book, now)}  # type: ignore[arg-type]  # a moment


def test_a_plan_is_agreed_with_its_time_and_stands_in_the_letter_that_confirms_it(office: Office) -> None:
    agreed(office)
    letter = Outgoing.objects.get(case=office.row, letter="contact-time")
    assert "She tries the other cable until then." in letter.text
    assert "01632 960123" in letter.text
    assert office.case().appointments[0].plan == "She tries the other cable until then."


def test_moving_a_time_keeps_the_first_date_and_the_reason_and_tells_the_customer(office: Office) -> None:
    one = agreed(office)
    wednesday = TUESDAY + timedelta(days=1)
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        said = {"appointment": one, "starts": wednesday, "ends": wednesday + timedelta(hours=1)}
        refusal = a.move_time(d, hand, HANA, NOON, why=" ", **said)  # type: ignore[arg-type]  # what was agreed
        assert isinstance(refusal, Refusal)
        assert a.move_time(d, hand, HANA, NOON, why="Her shift changed; she asked.", **said) is None  # type: ignore[arg-type]  # as above
    before, after = office.case().appointments
    assert (before.settled, before.why) == ("moved", "Her shift changed; she asked.")
    assert (after.first, after.starts, after.number) == (TUESDAY, wednesday, "01632 960123")
    assert Outgoing.objects.filter(case=office.row, letter="contact-time").count() == 2
    thursday = wednesday + timedelta(days=1)
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        assert a.move_time(
            d, hand, HANA, NOON, appointment=after.id, starts=thursday, ends=thursday + timedelta(hours=1), why="Again."
        ) is None  # fmt: skip
    assert office.case().appointments[-1].first == TUESDAY, "of several moves the first date stands"
    page = office.visitor().get(office.at("appointments?when=week&whose=all"))
    assert "first agreed for Tuesday 3 November, 2 pm" in page.main
    assert "Her shift changed; she asked." in page.main


def test_a_time_is_not_moved_by_merely_saying_so(office: Office) -> None:
    one = agreed(office)
    with docket(office.row.pk, now=NOON) as d:
        refusal = a.settle_time(d.cases[office.row.pk], HANA, NOON, appointment=one, how="moved")
    assert refusal is not None
    assert "one that is moved gets its new time" in refusal.mend


@pytest.mark.parametrize("how", ["missed by us", "missed by the customer"])
def test_nobody_misses_a_time_before_it_begins_but_it_can_be_kept_early(office: Office, how: str) -> None:
    """On Sunday a time of Monday could be written down as missed, and the report of promises counted it as broken."""
    one = agreed(office)
    page = office.do("settle-time", "Save", appointment=one, how=how, why="Nobody is there tomorrow.")
    assert "has not begun" in " ".join(page.mistakes)
    assert not office.case().appointments[0].settled
    office.do("settle-time", "Save", appointment=one, how="kept")
    assert office.case().appointments[0].settled == "kept"


def test_a_missed_time_is_made_good_at_once_until_we_spoke_or_agreed_another(office: Office) -> None:
    one = agreed(office)
    later = TUESDAY + timedelta(hours=2)
    with docket(office.row.pk, now=later) as d:
        assert (
            a.settle_time(
                d.cases[office.row.pk], HANA, later, appointment=one, how="missed by us", why="Ill."
            )
            is None
        )
    missed = "We missed the agreed contact time: speak to them, or agree another"
    assert owed(office, later).get(missed) == Action.AGREE_TIME
    with docket(office.row.pk, now=later) as d:
        a.call(d.cases[office.row.pk], HANA, later, purpose="update", words="No answer.", reached=False)
    assert missed in owed(office, later), "nobody answered"
    soon = later + timedelta(minutes=5)
    with docket(office.row.pk, now=soon) as d:
        a.call(d.cases[office.row.pk], HANA, soon, purpose="update", words="We spoke.", reached=True)
    assert missed not in owed(office, soon)


def test_a_time_that_is_over_and_unaccounted_for_raises_an_alarm_and_stands_first_on_the_page(
    office: Office, settings: Settings
) -> None:
    one = agreed(office, person_id(office.people["handler"]))
    over = TUESDAY + timedelta(minutes=80)
    watch.watch(over)
    assert not Alarm.objects.filter(kind="contact time over", cleared=None).exists(), "within half an hour"
    over += timedelta(minutes=20)
    watch.watch(over)
    [alarm] = Alarm.objects.filter(kind="contact time over", cleared=None)
    assert "nobody has said whether we called" in alarm.text
    assert alarm.runbook == "An agreed contact time is over"
    clock(settings, over)
    hana = office.visitor()
    page = hana.get(office.at("appointments"))
    assert page.main.index("Over, and nobody has said what became of it") < page.main.index("Ann Archer")
    office.do("settle-time", "Save", appointment=one, how="missed by the customer", why="No answer, twice.")
    watch.watch(over)
    assert not Alarm.objects.filter(kind="contact time over", cleared=None).exists()
    assert "Missed by the customer: No answer, twice." in hana.get(office.at("appointments")).main


def test_the_day_view_is_of_one_person_or_everybody_of_today_tomorrow_or_the_week(office: Office) -> None:
    agreed(office, person_id(office.people["agent"]))
    hana = office.visitor("handler")
    today = hana.get(office.at("appointments"))
    assert "No contact time is agreed here." in today.main
    assert "Ann Archer" not in hana.get(office.at("appointments?when=tomorrow")).main, "it is Amy's"
    tomorrow = hana.get(office.at("appointments?when=tomorrow&whose=all"))
    for words in (
        "Tuesday 3 November",
        "2 pm",
        "3 pm",
        "Ann Archer",
        "01632 960123",
        "Agent",
        "Start the call",
    ):
        assert words in tomorrow.main, words
    assert "Ann Archer" in office.visitor("agent").get(office.at("appointments?when=week")).main
    assert tomorrow.doc.xpath("//button[@data-print]"), "a day can be printed"
    auditor = office.visitor("auditor").get(office.at("appointments?when=tomorrow&whose=all"))
    assert "Start the call" not in auditor.main


def test_a_supplier_is_chased_on_its_day_and_its_answer_ends_the_waiting(
    office: Office, settings: Settings
) -> None:
    office.give_to("handler")
    page = office.do(
        "ask-supplier", "Save", supplier="Openreach", words="Repair the line to the house.", number="OR-77",
        chase="2026-11-04",
    )  # fmt: skip
    assert "asked Openreach, their reference OR-77; we ask again on Wednesday 4 November 2026" in page.main
    wednesday = london("2026-11-04 17:00")
    assert SupplierRow.objects.get().chase == wednesday
    hana = office.visitor()
    assert "Chase Openreach" in hana.get(office.at()).main
    assert "OR-77" in hana.get(office.at("suppliers")).main
    law = office.fresh().due_hint
    clock(settings, wednesday)
    office.do("chase-supplier", "Save", words="They come on Friday.", chase="2026-11-06")
    assert (SupplierRow.objects.get().chase, SupplierRow.objects.get().chased) == (
        london("2026-11-06 17:00"),
        1,
    )
    assert "Chase Openreach again" in office.visitor().get(office.at(f"cases/{office.row.reference}")).main
    office.do("chase-supplier", "Save", words="Nobody came.", chase="2026-11-09")
    higher = "Chase Openreach, somebody higher up there: 2 chases brought nothing"
    assert higher in office.visitor().get(office.at(f"cases/{office.row.reference}")).main
    wrong = office.do("chase-supplier", "Save", chase="2026-11-03")
    assert (wrong.status, "That day is over. Give a later day." in wrong.main) == (422, True)
    office.do("supplier-answered", "Save", words="The line is mended.")
    hana = office.visitor()  # who was idle since Monday signs in anew
    assert "Chase Openreach" not in hana.get(office.at()).main
    assert "No supplier owes us anything" in hana.get(office.at("suppliers")).main
    assert office.fresh().due_hint == law, "no date of ours moved"
    assert refold.refold(check=True, now=wednesday).wrong == []


def test_rows_of_times_are_rebuilt_from_the_facts(office: Office) -> None:
    agreed(office)
    AppointmentRow.objects.all().delete()
    assert [w.column for w in refold.refold(check=True, now=NOON).wrong] == ["what waits"]
    refold.refold(check=False, now=NOON)
    assert AppointmentRow.objects.get().starts == TUESDAY
