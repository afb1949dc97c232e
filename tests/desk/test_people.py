"""Who may make and unmake whom: an administrator everybody, a manager agents and handlers, and nobody climbs by it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from amends.desk.models import AuditEntry, Role, RoleName
from amends.desk.people import give_role, person_id
from tests.desk.made import PASSWORD, person, provider
from tests.desk.office import NOON, Office
from tests.desk.visitor import Page, Visitor

HIGHER = [role for role in RoleName if role not in (RoleName.AGENT, RoleName.HANDLER)]
NEW = {"username": "nia", "name": "Nia New", "password": "a long enough first one", "phone": "", "email": ""}


def roles_of(office: Office, who: User) -> set[str]:
    return set(Role.objects.filter(person=who, provider=office.provider).values_list("role", flat=True))


def post(office: Office, visitor: Visitor, path: str, **said: str) -> Page:
    """The page after a form that the page of people need not have shown."""
    visitor.get(office.at("provider/people"))
    token = visitor.client.cookies["csrftoken"].value
    return visitor.send("POST", office.at(f"provider/people/{path}"), {**said, "csrfmiddlewaretoken": token})


@pytest.mark.parametrize("who", ["manager", "director"])
@pytest.mark.parametrize("role", ["agent", "handler"])
def test_a_manager_adds_an_agent_or_a_handler_and_the_audit_says_so(
    office: Office, who: str, role: str
) -> None:
    mia = office.visitor(who)
    page = mia.get(office.at("provider/settings"))
    assert office.at("provider/people") in page.links
    page = mia.press(mia.get(office.at("provider/people")), "Add the person", **{**NEW, "role": role})
    assert not page.mistakes
    nia = User.objects.get(username="nia")
    assert roles_of(office, nia) == {role}
    told = AuditEntry.objects.filter(provider=office.provider, what="role given").latest("pk")
    assert (told.by, told.detail) == (person_id(office.people[who]), {"person": person_id(nia), "role": role})


@pytest.mark.parametrize("role", HIGHER)
def test_a_manager_makes_nobody_a_manager_or_more(office: Office, role: RoleName) -> None:
    mia = office.visitor("manager")
    page = mia.get(office.at("provider/people"))
    offered = page.doc.xpath("//select[@name='role' or @name='give-role']/option/@value")
    assert set(offered) <= {"agent", "handler"}
    assert post(office, mia, "add", **{**NEW, "role": role}).status == 422
    assert not User.objects.filter(username="nia").exists()
    hana = office.people["handler"]
    said = {"give-person": person_id(hana), "give-role": str(role), "give-phone": "", "give-email": ""}
    assert post(office, mia, "give", **said).status == 422
    assert roles_of(office, hana) == {"handler"}
    said["give-person"] = person_id(office.people["manager"])
    assert post(office, mia, "give", **said).status == 422
    assert roles_of(office, office.people["manager"]) == {"manager"}


@pytest.mark.parametrize("role", HIGHER)
def test_a_manager_takes_nothing_from_whoever_is_more_than_a_handler(office: Office, role: RoleName) -> None:
    mia, them = office.visitor("manager"), office.people[str(role)]
    give_role(them, office.provider, RoleName.AGENT, by="7", now=NOON)
    had = roles_of(office, them)
    page = mia.get(office.at("provider/people"))
    for each in Role.objects.filter(person=them):
        address = office.at(f"provider/people/{each.pk}/take")
        assert address not in page.doc.xpath("//form/@action")
        page_after = post(office, mia, f"{each.pk}/take")
        assert "Only an administrator" in page_after.words
    assert person_id(them) not in page.doc.xpath("//select[@name='give-person']/option/@value")
    said = {"give-person": person_id(them), "give-role": "handler", "give-phone": "", "give-email": ""}
    assert post(office, mia, "give", **said).status == 422
    assert roles_of(office, them) == had


def test_a_manager_gives_a_handler_one_more_role_and_takes_it_back(office: Office) -> None:
    mia, hana = office.visitor("manager"), office.people["handler"]
    page = mia.get(office.at("provider/people"))
    mia.press(page, "Give the role", **{"give-person": person_id(hana), "give-role": "agent"})
    assert roles_of(office, hana) == {"agent", "handler"}
    number = Role.objects.get(person=hana, role="agent").pk
    post(office, mia, f"{number}/take")
    assert roles_of(office, hana) == {"handler"}
    told = AuditEntry.objects.filter(provider=office.provider, what="role taken").latest("pk")
    assert told.by == person_id(office.people["manager"])


def test_how_people_sign_in_stays_with_the_administrator(office: Office) -> None:
    """Whoever gives somebody a password can come in as them."""
    mia, hana = office.visitor("manager"), office.people["handler"]
    page = mia.get(office.at("provider/people"))
    assert office.at(f"provider/people/{hana.pk}") not in page.links
    assert mia.get(office.at(f"provider/people/{hana.pk}")).status == 403
    assert post(office, mia, f"{hana.pk}/password").status in (403, 404)
    assert hana.check_password(PASSWORD)


def test_who_is_a_manager_and_an_administrator_may_do_both(office: Office) -> None:
    give_role(office.people["manager"], office.provider, RoleName.ADMINISTRATOR, by="7", now=NOON)
    mia = office.visitor("manager")
    mia.press(mia.get(office.at("provider/people")), "Add the person", **{**NEW, "role": "director"})
    assert roles_of(office, User.objects.get(username="nia")) == {"director"}


def test_nobody_of_another_provider_is_reached(office: Office) -> None:
    opus = provider("opus")
    bob = person(opus, RoleName.AGENT, "bob")
    mia = office.visitor("manager")
    said = {"give-person": person_id(bob), "give-role": "agent", "give-phone": "", "give-email": ""}
    assert post(office, mia, "give", **said).status == 422
    assert post(office, mia, f"{Role.objects.get(person=bob).pk}/take").status == 404
    assert set(Role.objects.filter(person=bob).values_list("provider", "role")) == {(opus.pk, "agent")}


@pytest.mark.parametrize("role", ["agent", "handler", "compliance", "auditor"])
def test_no_other_role_manages_people(office: Office, role: str) -> None:
    visitor = office.visitor(role)
    assert visitor.get(office.at("provider/people")).status == 403
    assert office.at("provider/people") not in visitor.get(office.at("provider/settings")).links


def test_whoever_lost_their_last_role_by_mistake_comes_back_as_who_they_were(office: Office) -> None:
    mia, hana = office.visitor("manager"), office.people["handler"]
    post(office, mia, f"{Role.objects.get(person=hana).pk}/take")
    assert roles_of(office, hana) == set()
    again = {**NEW, "username": hana.username, "role": "handler"}
    elsewhere = Visitor().signed_in(person(provider("opus"), RoleName.ADMINISTRATOR, "olga"))
    page = elsewhere.press(elsewhere.get("/desk/opus-telecoms/provider/people"), "Add the person", **again)
    assert any("Choose another" in m for m in page.mistakes), (
        "another provider learns nothing and gets nobody"
    )
    page = mia.press(mia.get(office.at("provider/people")), "Add the person", **again)
    assert "They worked here before" in page.words
    assert roles_of(office, hana) == {"handler"}
    hana.refresh_from_db()
    assert hana.check_password(PASSWORD), "nobody can come in as them by it"
    assert hana.pk == User.objects.get(username=hana.username).pk
