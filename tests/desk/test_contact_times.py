"""Agreed contact times are promises: kept, missed, moved with the first date and the reason; and suppliers are chased."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from pytest_django import Settings

from amends.core import facts as f
from amends.core.duties import Action, duties
from amends.core.may import Refusal
from amends.desk import actions as a
from amends.desk import refold, watch
from amends.desk.actions import Actor
from amends.desk.figures import BECAME
from amends.desk.models import Alarm, AppointmentRow, Outgoing, SupplierRow
from amends.desk.people import person_id
from amends.desk.record import docket
from tests.desk.made import MONDAY, case, london, tell
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


# --- in the reports ----------------------------------------------------------------------------------------

WEEK = {"since": "2026-11-01", "until": "2026-11-07"}


def a_time(office: Office, day: int, how: str = "", *, closed: bool = False, at: str = "14:00") -> str:
    """A case of its own with a time agreed for that day of November, and what became of it; the reference."""
    row, starts = case(office.provider), london(f"2026-11-{day:02} {at}")
    tell(row, MONDAY, f.ContactTimeAgreed, appointment=f"t{row.pk}", starts=starts, ends=starts + timedelta(hours=1),
         person=person_id(office.people["handler"]), number="01632 960123")  # fmt: skip
    if how:
        tell(row, starts, f.ContactTimeSettled, appointment=f"t{row.pk}", how=how, why="Because.")
    if closed:
        tell(
            row,
            starts,
            f.CaseClosed,
            evidence="customer confirmed",
            how="recorded by a person",
            words="Fine.",
        )
    return row.reference


@pytest.fixture
def of_a_week(office: Office, settings: Settings) -> dict[str, list[str]]:
    """What became of the times of a week, by the id of its figure; the clock stands on Wednesday at noon."""
    clock(settings, london("2026-11-04 12:00"))
    for outside in (f"{day} {hour}" for day, hour in ((8, "00:00"), (20, "10:00"))):
        a_time(office, int(outside.split()[0]), at=outside.split()[1])
    return {
        "kept": [a_time(office, 2, "kept"), a_time(office, 3, "kept"), a_time(office, 7, "kept", at="23:30")],
        "missed-by-us": [a_time(office, 2, "missed by us"), a_time(office, 1, "missed by us", at="00:00")],
        "missed-by-customer": [a_time(office, 3, "missed by the customer")],
        "moved": [a_time(office, 4, "moved"), a_time(office, 5, "moved")],
        "unsaid": [a_time(office, 3), a_time(office, 4, at="10:30")],
        "to-come": [a_time(office, 4, at="11:30"), a_time(office, 6)],
        "closed-before": [a_time(office, 2, closed=True), a_time(office, 6, closed=True)],
    }


def test_the_report_counts_what_became_of_agreed_times_and_each_figure_opens_exactly_those(
    office: Office, of_a_week: dict[str, list[str]]
) -> None:
    manager = office.visitor("manager")
    report = manager.get(office.at(f"reports?{urlencode(WEEK)}"))
    [table] = [s for s in report.within("figures") if s.get("aria-labelledby") == "times"]
    counts = {
        tr.xpath("string(th)"): (int(tr.xpath("string(td//text()[1])")), *tr.xpath("td/a/@href"))
        for tr in table.xpath(".//tbody/tr")
    }
    agreed = [reference for every in of_a_week.values() for reference in every]
    wanted = {"agreed": agreed, **of_a_week}
    assert {b.title: len(wanted[b.id]) for b in BECAME} == {title: n for title, (n, *_) in counts.items()}
    assert table.xpath('.//svg[@role="img"]/rect'), "as a picture, too"
    for became in BECAME:
        assert became.counted in table.text_content()
        _count, address = counts[became.title]
        page = manager.get(address)
        assert page.h1 == f"Contact times: {became.title}"
        assert became.counted in page.main
        assert {r for r in [*agreed, office.row.reference] if r in page.main} == set(wanted[became.id])
        [csv] = [link for link in page.links if "/export/appointments/csv" in link]
        taken = manager.get(csv).content.decode().splitlines()[1:]
        assert sorted(line.split(",")[6] for line in taken) == sorted(wanted[became.id])


def test_who_missed_a_time_is_asked_for_in_the_list_of_any_day(
    office: Office, of_a_week: dict[str, list[str]]
) -> None:
    hana = office.visitor("handler")
    page = hana.get(office.at("appointments?when=before&whose=all&became=missed-by-us"))
    assert {r for every in of_a_week.values() for r in every if r in page.main} == set(
        of_a_week["missed-by-us"]
    )
    page = hana.press(page, "Show", whose=person_id(office.people["agent"]))
    assert "No such contact time is here." in page.main
    for query in (
        "became=nonsense",
        "since=x&until=%00",
        "became=%00&from=forged&since=2026-11-01&until=2026-11-07",
    ):
        assert hana.get(office.at(f"appointments?{query}")).status == 200


def test_the_times_behind_a_figure_turn_a_page_at_a_time(office: Office, settings: Settings) -> None:
    clock(settings, NOON)
    rows = AppointmentRow.objects
    a_time(office, 10)
    one = rows.get()
    for n in range(120):
        one.pk, one.starts = None, london("2026-11-10 09:00") + timedelta(minutes=n // 3)
        one.save()
    address, seen, pages = (
        office.at("appointments?whose=all&became=to-come&since=2026-11-10&until=2026-11-10"),
        0,
        0,
    )
    hana = office.visitor("handler")
    while address:
        page = hana.get(address)
        seen, pages = seen + len(page.within("times")[0].xpath("./li")), pages + 1
        onward = [link for link in page.links if "from=" in link]
        address = office.at(f"appointments{onward[-1]}") if onward else ""
    assert (seen, pages) == (121, 3)
