"""Who fills a role that the code names: what is escalated waits for them by name, they take it, and others may not."""

from __future__ import annotations

import pytest

from amends.core.may import Refusal
from amends.desk import actions as a
from amends.desk import stage_roles
from amends.desk.actions import Actor
from amends.desk.models import AuditEntry
from amends.desk.people import person_id
from amends.desk.record import docket
from tests.desk.office import NOON, Office

pytestmark = pytest.mark.django_db


def escalated(office: Office) -> str:
    """The case climbs one stage; the role that it climbs to."""
    hana = office.people["handler"]
    with docket(office.row.pk, now=NOON) as taken:
        hand = taken.cases[office.row.pk]
        refusal = a.escalate(
            taken,
            hand,
            Actor(person_id(hana), "Hana", "handler"),
            NOON,
            channel="phone",
            why="She refused it.",
        )
        assert not isinstance(refusal, Refusal)
    return str(next(x.role for x in office.case().approvals if x.waits))


def name(office: Office, role: str, *parts: str) -> None:
    """A manager names who fills a role of the code, on the page."""
    people = [person_id(office.people[part]) for part in parts]
    mia = office.visitor("manager")
    page = mia.get(office.at("provider/code-roles"))
    boxes = {label: key for key, label in _boxes(office).items()}
    done = mia.press(page, "Keep these names", **{boxes[role]: people})
    assert "1 role changed." in done.words


def _boxes(office: Office) -> dict[str, str]:
    from amends.core.calendar import london_date
    from amends.desk import books

    _adopted, code = books.governing(office.slug, london_date(NOON))
    assert code is not None
    roles = dict.fromkeys(stage.role for stage in code.stages)
    return {f"role-{number}": role for number, role in enumerate(roles)}


def test_what_is_escalated_waits_by_name_for_whoever_fills_the_role_and_they_take_it(office: Office) -> None:
    role = escalated(office)
    agent, compliance = office.visitor("agent"), office.visitor("compliance")
    assert "Any manager or director" in office.visitor("manager").get(office.at("decide")).main
    assert "Escalated to you" not in agent.get(office.at("")).main
    name(office, role, "agent")
    waits = agent.get(office.at("decide"))
    assert waits.main.count("Waits for") == 2, "the tab, and who it waits for"
    assert "Any manager or director" not in waits.main
    assert "Escalated to you" in agent.get(office.at("")).main
    assert "Escalated to you" not in compliance.get(office.at("")).main
    assert "Your role may not do this" in compliance.get(office.case_at("decide-request")).main
    agent.press(waits, "Take the case")
    assert office.case().handler == person_id(office.people["agent"])
    assert not any(x.waits for x in office.case().approvals)
    assert "Escalated to you" not in agent.get(office.at("")).main


def test_a_manager_may_take_it_all_the_same_and_nobody_else_may(office: Office) -> None:
    role = escalated(office)
    name(office, role, "agent")
    page = office.visitor("compliance").get(f"{office.at('decide')}?show=waits")
    assert "A manager or a director decides that" in page.main
    mia = office.visitor("manager")
    mia.press(mia.get(office.at("decide")), "Take the case")
    assert office.case().handler == person_id(office.people["manager"])


def test_each_change_stands_in_the_audit_and_the_same_again_changes_nothing(office: Office) -> None:
    agent = person_id(office.people["agent"])
    assert stage_roles.fill(office.provider, {"Customer Care Lead": [agent]}, by="7", now=NOON) == 1
    assert stage_roles.fill(office.provider, {"Customer Care Lead": [agent]}, by="7", now=NOON) == 0
    assert stage_roles.of_person(office.provider, agent) == ("customer care lead",)
    assert stage_roles.fill(office.provider, {"Customer Care Lead": []}, by="7", now=NOON) == 1
    assert stage_roles.of_person(office.provider, agent) == ()
    told = [row.detail for row in AuditEntry.objects.filter(what="role of the code filled").order_by("id")]
    assert told == [
        {"role": "Customer Care Lead", "was": [], "is": [agent]},
        {"role": "Customer Care Lead", "was": [agent], "is": []},
    ]
