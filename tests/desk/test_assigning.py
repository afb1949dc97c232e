"""Promises of assignment and handover: the first rule that fits decides, who is away is passed over, each case says why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amends.core import facts as f
from amends.core.may import Refusal
from amends.desk import actions, handover, rules, stage_roles
from amends.desk.actions import Actor
from amends.desk.handover import Handed
from amends.desk.models import (
    Absence,
    AssignmentRule,
    AuditEntry,
    CaseRow,
    DutyRow,
    FactRow,
    PrivateWords,
    Provider,
    RoleName,
)
from amends.desk.people import person_id
from amends.desk.record import docket
from amends.desk.rules import NewRule
from tests.desk.made import MONDAY, case, days, london, person, provider, tell
from tests.desk.office import NOON, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def hana(office: Office) -> str:
    return person_id(office.people["handler"])


@pytest.fixture
def dev(office: Office) -> str:
    return person_id(person(office.provider, RoleName.HANDLER, "dev"))


def rule(office: Office, *people: str, **said: Any) -> AssignmentRule:
    made = rules.add(office.provider, NewRule(people=people, **said), by="7", now=NOON)
    office.provider.refresh_from_db()
    return made


def why(fact: FactRow) -> str:
    return str((PrivateWords.objects.get(case=fact.case_id, seq=fact.seq).words or {})["why"])


def new(office: Office, **customer: Any) -> CaseRow:
    at = Provider.objects.get(pk=office.provider.pk)
    return case(at, MONDAY, {"name": "Bo", "email": "bo@example.org", **customer})


def test_a_provider_without_rules_is_asked_nothing_for_them(office: Office, hana: str) -> None:
    new(office)
    with CaptureQueriesContext(connection) as before:
        assert new(office).handler == ""
    assert not any("assignmentrule" in q["sql"].lower() for q in before.captured_queries)
    made = rule(office, hana, stage_role="Operations Director")
    new(office)
    with CaptureQueriesContext(connection) as after:
        new(office)
    assert not any("assignmentrule" in q["sql"].lower() for q in after.captured_queries), (
        "read once for a version"
    )
    assert len(after) == len(before), "a rule that does not fit costs nothing either"
    rules.remove(made, by="7", now=NOON)
    assert Provider.objects.get(pk=office.provider.pk).rules_version == ""


def test_it_goes_to_whoever_has_fewest_open_and_the_case_says_by_which_rule(
    office: Office, hana: str, dev: str
) -> None:
    rule(office, dev, need="Braille")
    rule(office, hana, dev)
    got = [new(office).handler for _ in range(4)]
    assert sorted(got) == sorted([hana, dev] * 2)
    fact = FactRow.objects.filter(case__handler=got[0], kind="handler assigned").first()
    assert fact is not None
    assert (fact.by, why(fact)) == ("system", "rule 2 of assignment: a new case")
    page = office.visitor("manager").get(office.at(f"cases/{CaseRow.objects.get(pk=fact.case_id).reference}"))
    assert "has the case now: rule 2 of assignment: a new case" in page.main


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ({"kind": "complaint"}, True), ({"kind": "copy of the code"}, False), ({"nation": "england-and-wales"}, True),
        ({"nation": "scotland"}, False), ({"need": "any"}, False), ({"category": "Billing and charges"}, False),
        ({"hours": "in"}, True), ({"hours": "out"}, False), ({"stage_role": "Customer care team"}, True),
        ({"stage_role": "Operations Director"}, False), ({"account_manager": True}, False),
    ],
)  # fmt: skip
def test_each_condition_narrows(office: Office, hana: str, said: dict[str, Any], fits: bool) -> None:
    rule(office, hana, **said)
    assert bool(new(office).handler) is fits


def test_who_is_away_or_works_on_no_cases_is_passed_over(office: Office, hana: str, dev: str) -> None:
    rule(office, hana)
    rule(office, person_id(office.people["auditor"]), dev)
    absence = handover.announce(
        office.provider, office.people["handler"], date(2026, 11, 2), date(2026, 11, 3), by="7", now=NOON
    )
    assert isinstance(absence, Absence)
    assert new(office).handler == dev
    later = case(Provider.objects.get(pk=office.slug), MONDAY + days(2))
    assert later.handler == hana, "back on the day after the last"
    handover.end(absence, by="7", now=NOON)
    assert new(office).handler == hana
    office.people["handler"].is_active = False
    office.people["handler"].save()
    assert new(office).handler == dev
    refused = handover.announce(
        office.provider, office.people["agent"], date(2026, 11, 3), date(2026, 11, 2), by="7", now=NOON
    )
    assert isinstance(refused, Refusal)


def test_an_account_manager_gets_their_customers_and_a_category_is_waited_for(
    office: Office, hana: str, dev: str
) -> None:
    rule(office, account_manager=True)
    rule(office, dev, category="Billing and charges")
    rules.set_account_managers(office.provider, {"A-7": int(hana)}, by="7", now=NOON)
    assert new(office, account="A-7").handler == hana
    other = new(office, account="A-8")
    assert other.handler == ""
    assert tell(other, NOON, f.Categorised, category="Billing and charges").handler == dev
    assert tell(other, NOON, f.Categorised, category="Other").handler == dev, "whoever has it keeps it"


def test_a_case_that_climbs_goes_to_whom_the_stage_names(office: Office, hana: str, dev: str) -> None:
    rule(office, hana)
    rule(office, dev, stage_role="Customer Care Lead")
    row = new(office)
    assert row.handler == hana
    assert tell(row, NOON, f.StageEntered, stage=1, role="Customer Care Lead", why="asked").handler == dev
    assert tell(row, NOON, f.StageEntered, stage=2, role="Operations Director", why="asked").handler == dev


def test_a_person_who_assigns_decides_and_no_rule_speaks_in_the_same_breath(
    office: Office, hana: str, dev: str
) -> None:
    rule(office, hana)
    with docket(now=NOON) as d:
        hand = d.open_case(office.provider, NOON)
        chosen = Actor(dev, "Dev", "handler")
        assert actions.assign(hand, chosen, NOON, handler=chosen) is None
    assert CaseRow.objects.get(pk=hand.row.pk).handler == dev


def test_a_rule_for_a_stage_that_names_nobody_means_whoever_fills_that_role(
    office: Office, hana: str, dev: str
) -> None:
    mia = office.visitor("manager")
    rule(office, hana)
    page = mia.press(
        mia.get(office.at("provider/assignment")), "Add the rule", stage_role="Customer Care Lead"
    )
    assert "whoever fills that role of the code" in page.main
    climbs = {"stage": 1, "role": "Customer Care Lead", "why": "asked"}
    assert tell(new(office), NOON, f.StageEntered, **climbs).handler == hana, "nobody fills the role"
    stage_roles.fill(office.provider, {"Customer Care Lead": [dev]}, by="7", now=NOON)
    row = new(office)
    assert row.handler == hana
    assert tell(row, NOON, f.StageEntered, **climbs).handler == dev


def test_rules_are_made_moved_and_taken_away_on_their_page(office: Office, hana: str, dev: str) -> None:
    mia = office.visitor("manager")
    page = mia.get(office.at("provider/assignment"))
    empty = mia.press(page, "Add the rule", hours="in")
    assert (empty.status, empty.mistakes) == (422, ["Choose who gets it."])
    page = mia.press(page, "Add the rule", people=[hana], need="Braille")
    page = mia.press(page, "Add the rule", people=[hana, dev])
    rows = [" ".join(tr.text_content().split()) for tr in page.doc.xpath("//tbody/tr")]
    assert "1A new case from a customer who needs Braille" in rows[0]
    assert "2A new caseHandler and Handler" in rows[1]
    page = mia.press(page, "Earlier")
    assert "Braille" in " ".join(page.doc.xpath("//tbody/tr")[1].text_content().split())
    page = mia.press(page, "Take away")
    assert AssignmentRule.objects.get().need == "Braille"
    bad = mia.press(page, "Keep these", lines="A-1, nobody\nA-2")
    assert [m[:7] for m in bad.mistakes] == ["Line 1:", "Line 2:"]
    mia.press(bad, "Keep these", lines="A-1, dev\n\n")
    assert "1 account" not in mia.get(page.address).main
    assert {e.what for e in AuditEntry.objects.filter(what__contains="ssignment")} == {
        "assignment rule made", "assignment rule moved up", "assignment rule taken away",
    }  # fmt: skip


# --- handover ----------------------------------------------------------------------------------------------


def test_cases_are_handed_over_in_one_step_and_come_back(office: Office, hana: str, dev: str) -> None:
    office.give_to("handler")
    more = [tell(new(office), NOON, f.HandlerAssigned, handler=hana, handler_name="Hana") for _ in range(3)]
    rhys = person_id(office.people["director"])
    mia = office.visitor("manager")
    page = mia.get(office.at(f"provider/people/{hana}/handover"))
    assert "4 open cases" in page.main
    assert office.row.reference in page.main
    refused = mia.press(page, "Hand everything over")
    assert refused.mistakes == ["Choose one or more people."]
    done = mia.press(page, "Hand everything over", to=[dev, rhys], why="on leave")
    assert "4 cases are handed over" in done.words
    held = dict(
        CaseRow.objects.filter(pk__in=[office.row.pk, *(r.pk for r in more)]).values_list("pk", "handler")
    )
    assert sorted(held.values()) == sorted([dev, dev, rhys, rhys])
    assert not DutyRow.objects.filter(handler=hana).exists(), "My day of the deputies shows them"
    assert DutyRow.objects.filter(handler=dev).exists()
    fact = FactRow.objects.filter(case=office.row, kind="handler assigned").latest("seq")
    assert why(fact) == "handed over from Handler, on leave"
    passed_on = next(pk for pk, who in held.items() if who == rhys)
    tell(
        CaseRow.objects.get(pk=passed_on),
        NOON,
        f.HandlerAssigned,
        handler=person_id(office.people["agent"]),
        handler_name="A",
    )
    back = mia.press(mia.get(page.address), "Give them back")
    assert "3 cases are back" in back.words
    assert CaseRow.objects.filter(handler=hana).count() == 3
    assert CaseRow.objects.get(pk=passed_on).handler == person_id(office.people["agent"]), (
        "passed on, it stays"
    )
    assert "Give them back" not in back.main
    assert [
        e.detail["cases"] for e in AuditEntry.objects.filter(what__startswith="cases ").order_by("pk")
    ] == [4, 3]


def test_where_the_code_promises_a_named_handler_the_new_one_introduces_themselves(
    office: Office, dev: str
) -> None:
    office.give_to("handler")
    by = Actor(person_id(office.people["handler"]), "Hana", "handler")
    tell(office.row, NOON, f.ComplaintDecided, contact="first", complaint=True)
    with docket(office.row.pk, now=NOON) as d:
        assert (
            actions.introduce(d, d.cases[office.row.pk], by, NOON, channel="phone", words="I am Hana.")
            is None
        )
    assert not DutyRow.objects.filter(case=office.row, action="introduce").exists()
    done = handover.hand_over(office.provider, office.people["handler"], [dev], why="", by="7", now=NOON)
    assert done == Handed(1, 1)
    owed = DutyRow.objects.get(case=office.row, action="introduce")
    assert (owed.handler, owed.clause, owed.due) == (dev, "L-handler", london("2026-11-05 17:30"))
    with docket(office.row.pk, now=NOON + days(1)) as d:
        new_one = Actor(dev, "Dev", "handler")
        assert (
            actions.introduce(
                d, d.cases[office.row.pk], new_one, NOON + days(1), channel="email", words="I am Dev."
            )
            is None
        )
        again = actions.introduce(
            d, d.cases[office.row.pk], new_one, NOON + days(1), channel="phone", words="Again."
        )
        assert isinstance(again, Refusal)
    assert not DutyRow.objects.filter(case=office.row, action="introduce").exists()
    handover.give_back(office.provider, office.people["handler"], by="7", now=NOON + days(2))
    assert CaseRow.objects.get(pk=office.row.pk).handler == by.id
    assert not DutyRow.objects.filter(case=office.row, action="introduce").exists(), "the customer knows Hana"


def test_a_code_without_named_handlers_owes_no_introduction(office: Office) -> None:
    at = provider("netservers")
    row = tell(case(at), MONDAY, f.HandlerIntroduced, channel="phone")
    tell(row, NOON, f.HandlerAssigned, handler="1", handler_name="A")
    assert not DutyRow.objects.filter(case=row, duty="introduce:again").exists()


def test_agreed_times_are_named_before_they_move_with_the_case(office: Office, dev: str) -> None:
    office.give_to("handler")
    tell(
        office.row, NOON, f.ContactTimeAgreed, appointment="a", starts=NOON + days(1), ends=NOON + days(1.05),
        channel="phone", person=person_id(office.people["handler"]),
    )  # fmt: skip
    page = office.visitor("manager").get(office.at(f"provider/people/{office.people['handler'].pk}/handover"))
    assert "Agreed contact times" in page.main
    handover.hand_over(office.provider, office.people["handler"], [dev], why="", by="7", now=NOON)
    assert DutyRow.objects.get(case=office.row, duty="keep:a").handler == dev


def test_whoever_has_open_cases_keeps_their_last_role_until_they_are_handed_over(
    office: Office, dev: str
) -> None:
    office.give_to("handler")
    adam = office.visitor("administrator")
    role = office.people["handler"].roles.get()
    token = adam.get(office.at("provider/people")).doc.xpath('//input[@name="csrfmiddlewaretoken"]/@value')[0]
    take = office.at(f"provider/people/{role.pk}/take")
    assert "A manager hands them over first" in adam.send("POST", take, {"csrfmiddlewaretoken": token}).words
    handover.hand_over(office.provider, office.people["handler"], [dev], why="leaving", by="7", now=NOON)
    assert "The role is taken away" in adam.send("POST", take, {"csrfmiddlewaretoken": token}).words
    nobody = handover.hand_over(
        office.provider,
        office.people["agent"],
        [person_id(office.people["handler"])],
        why="",
        by="7",
        now=NOON,
    )
    assert isinstance(nobody, Refusal)


def test_an_absence_is_written_down_and_ended_on_its_page(office: Office, hana: str) -> None:
    mia = office.visitor("manager")
    page = mia.get(office.at("provider/absences"))
    there = mia.press(page, "Write it down", person=hana, since="2026-11-02", until="2026-11-06")
    assert there.h1 == "What Handler has"
    page = mia.get(page.address)
    assert "Away today" in page.main
    page = mia.press(page, "It is over")
    assert "Nobody is written down as away" in page.main
    assert {e.what for e in AuditEntry.objects.filter(what__startswith="absence")} == {
        "absence recorded",
        "absence ended",
    }
    assert mia.press(page, "Write it down", person=hana, since="2026-11-06", until="2026-11-02").status == 422
