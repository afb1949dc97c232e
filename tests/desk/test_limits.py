"""Promises of limits: the most generous role counts, nobody raises their own, and each change says who made it."""

from __future__ import annotations

import pytest

from amends.core.may import Refusal
from amends.desk.limits import What, limit_for, set_limits
from amends.desk.models import AuditEntry
from amends.desk.people import person_id
from tests.desk.office import NOON, Office

pytestmark = pytest.mark.django_db


def put(office: Office, wanted: dict[tuple[str, str], int | None], *by_roles: str) -> Refusal | None:
    return set_limits(office.provider, wanted, by="7", by_roles=by_roles or ("director",), now=NOON)


def test_without_a_limit_anything_may_be_done_and_of_several_roles_the_most_generous_counts(
    office: Office,
) -> None:
    at = office.provider.pk
    assert limit_for(at, ("agent",), What.CREDIT) is None
    put(office, {("agent", "credit"): 2000, ("handler", "credit"): 5000, ("handler", "extension"): 5})
    assert limit_for(at, ("agent",), What.CREDIT) == 2000
    assert limit_for(at, ("agent", "handler"), What.CREDIT) == 5000
    assert limit_for(at, ("agent", "manager"), What.CREDIT) is None, "a manager has no limit"
    assert limit_for(at, ("agent",), What.EXTENSION) is None
    assert limit_for(at, ("auditor", "administrator"), What.CREDIT) == 0, "neither works on cases"
    assert limit_for("elsewhere", ("agent",), What.CREDIT) is None
    put(office, {("agent", "credit"): 0})
    assert limit_for(at, ("agent",), What.CREDIT) == 0
    put(office, {("agent", "credit"): None})
    assert limit_for(at, ("agent",), What.CREDIT) is None


def test_nobody_but_a_director_sets_the_limits_of_their_own_role(office: Office) -> None:
    refused = put(office, {("manager", "award"): 100_000}, "manager", "administrator")
    assert "Nobody sets the limits of a role that they hold: manager" in str(refused)
    assert limit_for(office.slug, ("manager",), What.AWARD) is None
    assert put(office, {("manager", "award"): 100_000}, "director", "manager") is None
    assert put(office, {("manager", "award"): 100_000, ("agent", "award"): 1}, "manager") is None, (
        "what stays as it is, is not set"
    )
    assert limit_for(office.slug, ("manager",), What.AWARD) == 100_000


def test_a_manager_sets_them_on_a_page_and_each_change_stands_in_the_audit(office: Office) -> None:
    mia = office.visitor("manager")
    page = mia.get(office.at("provider/limits"))
    done = mia.press(
        page,
        "Put these limits in force",
        **{"agent-credit": "£20", "agent-back-dating": "0", "handler-extension": "5"},
    )
    assert "The limits are in force" in done.words
    boxes = dict(done.form("Put these limits in force")[0].form_values())
    assert (boxes["agent-credit"], boxes["agent-back-dating"], boxes.get("agent-award")) == (
        "20.00",
        "0",
        None,
    )
    entries = AuditEntry.objects.filter(what="limit changed")
    said = {(e.detail["role"], e.detail["on"], e.detail["was"], e.detail["is"], e.by) for e in entries}
    me = person_id(office.people["manager"])
    assert said == {
        ("agent", "credit", None, 2000, me), ("agent", "back-dating", None, 0, me), ("handler", "extension", None, 5, me),
    }  # fmt: skip
    again = mia.press(done, "Put these limits in force")
    assert again.status == 200
    assert AuditEntry.objects.filter(what="limit changed").count() == 3, "nothing changed"
    bad = mia.press(again, "Put these limits in force", **{"agent-credit": "a lot"})
    assert (bad.status, bad.mistakes) == (422, ["Write a sum in pounds and pence, such as 12.50."])
    filled = dict(page.form("Put these limits in force")[0].form_values())
    mia.send("POST", page.address, {**filled, "manager-award": "9"})
    assert limit_for(office.slug, ("manager",), What.AWARD) is None, "a box that is closed says nothing"


def test_the_page_of_settings_shows_each_what_they_may_open(office: Office) -> None:
    agent = office.visitor("agent").get(office.at("provider/settings"))
    assert "Limits" not in agent.main
    assert "Log of sign-ins" not in agent.main
    manager = office.visitor("manager").get(office.at("provider/settings"))
    assert "No limit is set." in manager.main
    put(office, {("agent", "credit"): 2000})
    administrator = office.visitor("administrator").get(office.at("provider/settings"))
    assert "1 limits are set" not in administrator.main
    assert "1 limit is set." in administrator.main
    assert office.at("provider/people") in administrator.links
    for page in (agent, manager, administrator):
        for link in page.doc.xpath("//main//a/@href"):
            who = {id(agent): "agent", id(manager): "manager", id(administrator): "administrator"}[id(page)]
            assert office.visitor(who).get(link).status == 200, link
