"""Promises on lessons: noted on a case with a root cause, given to somebody by a day, decided by name, erased with it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from amends.core import facts as f
from amends.core.duties import duties
from amends.desk import lessons
from amends.desk.actions import Actor
from amends.desk.erasure import Erased, erase_private
from amends.desk.models import Alarm, AuditEntry, CaseTally, Lesson, Outgoing
from amends.desk.opened import read
from amends.desk.people import person_id
from amends.desk.record import docket
from amends.desk.watch import watch
from tests.desk.made import london
from tests.desk.office import NOON, Office, clock

pytestmark = pytest.mark.django_db
HANA = Actor("7", "Hana", "handler")
WORDS = "Outage texts should name the street.\n=cmd|' /C calc'!A0"


@pytest.fixture
def office(settings: Any) -> Office:
    """An office at noon."""
    clock(settings, NOON)
    return Office()


def noted(office: Office) -> Lesson:
    """A lesson was written down on Ann's case."""
    page = office.do("lesson", "Write it down", cause="Delay", words=WORDS)
    assert "wrote down what should be learned: Delay" in page.main
    return Lesson.objects.get()


def test_a_lesson_goes_from_its_case_to_an_owner_and_a_decision(office: Office) -> None:
    """A story: Monday it is noted, the compliance officer gives it to the manager, who decides on Thursday."""
    lesson = noted(office)
    assert (lesson.cause, lesson.words.splitlines()[0]) == ("Delay", "Outage texts should name the street.")
    assert CaseTally.objects.get(case=office.row).cause == "Delay", "the case is sorted with it"
    compliance = office.visitor("compliance")
    page = compliance.get(office.at("lessons"))
    assert "Outage texts should name the street." in page.main
    assert "nobody sees to it yet" in page.main
    manager = person_id(office.people["manager"])
    page = compliance.press(
        compliance.get(office.at(f"lessons/{lesson.pk}")),
        "Give it to them",
        owner=manager,
        review_on="2026-11-05",
    )
    assert "5 November" in page.main
    assert "nobody sees to it yet" not in page.main
    boss = office.visitor("manager")
    page = boss.press(
        boss.get(office.at(f"lessons/{lesson.pk}")), "Mark as decided", decision="From December they name it."
    )
    assert "None waits." in page.main
    assert "From December they name it." in boss.get(office.at("lessons?state=decided")).main
    kept = Lesson.objects.get()
    assert (kept.owner, kept.review_on, kept.decided_by) == (manager, date(2026, 11, 5), manager)
    told = AuditEntry.objects.filter(what__startswith="lesson").order_by("pk").values_list("what", flat=True)
    assert list(told) == ["lesson given", "lesson decided"]


def test_closing_may_note_the_cause_and_the_lesson_and_asks_for_the_cause_of_a_lesson(office: Office) -> None:
    said = {
        "evidence": "customer confirmed",
        "words": "On the phone: all good.",
        "lesson": "Call back sooner.",
    }
    page = office.do("close", "Close the case", **said)
    assert "A lesson has a root cause: choose it." in page.words
    assert not Lesson.objects.exists()
    visitor = office.visitor("handler")
    page = visitor.press(visitor.get(office.case_at("close")), "Go on", **said, cause="Delay")
    page = visitor.press(page, "Close the case")
    assert office.case().closed is not None
    assert Lesson.objects.get().words == "Call back sooner."
    assert office.case().cause == "Delay"


@pytest.mark.parametrize(
    ("words", "cause"), [(" ", "Delay"), ("x" * 4001, "Delay"), ("Sooner.", "The moon"), ("Sooner.", "")]
)
def test_a_lesson_without_words_or_with_a_cause_of_nobodys_is_refused(
    office: Office, words: str, cause: str
) -> None:
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        assert lessons.note(d, hand, HANA, NOON, words=words, cause=cause) is not None
        assert not Lesson.objects.exists()
        assert lessons.note(d, hand, HANA, NOON, words="Sooner.", cause="Delay") is None
        assert lessons.note(d, hand, HANA, NOON, words="Kinder.", cause="Delay") is None
    assert list(Lesson.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]


def test_it_goes_to_nobody_who_does_not_review_and_to_no_day_that_is_over(office: Office) -> None:
    lesson = noted(office)
    visitor = office.visitor("manager")
    handler, boss = (person_id(office.people[who]) for who in ("handler", "manager"))
    day = date(2026, 11, 3)
    assert lessons.give(lesson, owner=handler, review_on=day, by=boss, now=NOON) is not None
    assert handler not in lessons.owners(office.slug)
    page = visitor.press(
        visitor.get(office.at(f"lessons/{lesson.pk}")), "Give it to them", owner=boss, review_on="2026-11-01"
    )
    assert page.status == 422
    assert "That day is over" in page.words
    page = visitor.press(visitor.get(office.at(f"lessons/{lesson.pk}")), "Mark as decided", decision=" ")
    assert page.status == 422
    assert Lesson.objects.get().owner == ""
    assert lessons.give(lesson, owner=boss, review_on=day, by=boss, now=NOON) is None


def test_an_auditor_reads_the_lessons_and_changes_none(office: Office) -> None:
    lesson = noted(office)
    auditor = office.visitor("auditor")
    assert "Outage texts" in auditor.get(office.at("lessons")).main
    page = auditor.get(office.at(f"lessons/{lesson.pk}"))
    assert not page.doc.xpath("//main//form")
    client, address = auditor.client, office.at(f"lessons/{lesson.pk}")
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    answer = client.post(address, {"csrfmiddlewaretoken": token, "doing": "decide", "decision": "No."})
    assert answer.status_code in (403, 404)
    assert Lesson.objects.get().decision == ""


def test_the_list_is_taken_away_as_csv_with_no_formula_in_it(office: Office) -> None:
    noted(office)
    lesson = Lesson.objects.get()
    lesson.words = "=1+1"
    lesson.save(update_fields=["words"])
    content = (
        office.visitor("manager").client.get(office.at("export/lessons/csv")).getvalue().decode("utf-8-sig")
    )
    head, line = content.splitlines()
    assert head.startswith("Lesson,Case,Written down,By,Root cause,What should change,Owner")
    assert f",{office.row.reference}," in line
    assert ",'=1+1," in line
    assert AuditEntry.objects.get(what="list exported").detail["list"] == "lessons"


def test_a_lesson_past_its_day_is_late_on_the_list_and_an_alarm_until_it_is_decided(
    office: Office, settings: Any
) -> None:
    lesson = noted(office)
    boss = person_id(office.people["manager"])
    assert lessons.give(lesson, owner=boss, review_on=date(2026, 11, 4), by=boss, now=NOON) is None

    def alarms(iso: str) -> list[str]:
        watch(london(iso))
        return [a.text for a in Alarm.objects.filter(kind="lessons wait", cleared__isnull=True)]

    assert alarms("2026-11-04 23:00") == []
    assert alarms("2026-11-05 01:00") == [
        "1 lesson waits to be decided, the first since Wednesday 4 November 2026"
    ]
    clock(settings, london("2026-11-05 12:00"))
    (listed,) = office.visitor("manager").get(office.at("lessons")).within("comments")
    assert "late" in listed.text_content()
    assert lessons.decide(lesson, decision="Done.", by=boss, now=NOON) is None
    assert alarms("2026-11-05 02:00") == []


def test_a_decision_for_the_customer_owes_a_lesson_until_one_is_noted(office: Office) -> None:
    def owed() -> set[str]:
        return {d.id for d in duties(office.case(), read(office.fresh()).book, NOON)}

    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        hand.add(f.SchemeReferred(at=NOON, logged=NOON, scheme="cisas"))
        assert "lesson" not in owed()
        hand.add(f.SchemeDecided(at=NOON, logged=NOON, outcome="partly for the customer", award_pence=1))
    assert "lesson" in owed()
    noted(office)
    assert "lesson" not in owed()


def test_the_page_tells_the_root_causes_that_lessons_and_complaints_name(office: Office) -> None:
    noted(office)
    assert lessons.causes(office.slug, NOON.date()) == [("Delay", 1, 1)]
    page = office.visitor("manager").get(office.at("lessons"))
    cells = [cell.text_content() for cell in page.doc.xpath("//main//tbody/tr/*")]
    assert cells == ["Delay", "1", "1"]


def test_erasing_the_case_takes_the_words_and_leaves_that_it_was_decided(office: Office) -> None:
    lesson = noted(office)
    assert lessons.decide(lesson, decision="Ann Archer is called back first.", by="7", now=NOON) is None
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        for letter in hand.case.letters:
            hand.add(f.LetterFate(at=NOON, logged=NOON, key=letter.key, fate="sent"))
        hand.add(f.CaseClosed(at=NOON, logged=NOON, evidence="customer confirmed"))
        hand.add(f.ComplaintDecided(at=NOON, logged=NOON, contact="first", complaint=True))
    Outgoing.objects.filter(case=office.row).update(state="sent")
    erased = erase_private(office.fresh(), why="asked", by="7", now=NOON)
    assert isinstance(erased, Erased), erased
    kept = Lesson.objects.get()
    assert (kept.words, kept.cause, kept.decision) == ("", "Delay", "")
    assert (kept.decided_by, kept.decided_at) == ("7", NOON), "that, when and by whom stays"
    page = office.visitor("manager").get(office.at("lessons?state=decided")).main
    assert "Its words have been erased." in page
    assert "its words have been erased." in page
