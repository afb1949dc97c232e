"""A call on one screen: found, checked, written down, decided and planned in one press; nothing typed twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from amends.core import facts as f
from amends.desk import actions as a
from amends.desk import ledger
from amends.desk.models import CaseRow, Outgoing
from amends.desk.people import person_id
from amends.desk.record import docket
from tests.desk.made import london
from tests.desk.office import NOON, Office, clock

pytestmark = pytest.mark.django_db

TUESDAY = london("2026-11-03 14:00")


def facts(row: CaseRow, kind: type[f.Fact]) -> list[f.Fact]:
    return [x for x in ledger.load([row.pk])[row.pk] if isinstance(x, kind)]


def agreed(office: Office) -> str:
    """A contact time on Ann's case for Tuesday 3 November, 2 pm to 3 pm."""
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        by = a.Actor(person_id(office.people["handler"]), "Hana", "handler")
        assert a.agree_time(d, hand, by, NOON, starts=TUESDAY, ends=TUESDAY + timedelta(hours=1)) is None
        return hand.case.appointments[-1].id


def test_whom_it_may_be_is_found_as_one_types_and_tells_name_area_and_reference_alone(office: Office) -> None:
    agent = office.visitor("agent")
    part = agent.get(office.at("new-contact/found?find=arch"))
    assert f"Ann Archer, no postcode, {office.row.reference}" in part.words
    assert "ann@example.org" not in part.words
    assert "It is down again" not in part.words
    assert "Ann Archer" not in agent.get(office.at("new-contact/found?find=zzzz")).words
    page = agent.press(agent.get(office.at("new-contact")), "Find", find="archer")
    assert f"Ann Archer, no postcode, {office.row.reference}" in page.main, "the same by a press"


def test_no_details_before_the_check_and_a_check_that_fails_is_kept(office: Office) -> None:
    agent = office.visitor("agent")
    page = agent.get(office.at(f"new-contact?about={office.row.reference}"))
    assert "ann@example.org" not in page.main
    page = agent.press(page, "Record the check", identity="no", identity_how="Full name and postcode")
    assert "ann@example.org" not in page.main
    [failed] = facts(office.row, f.IdentityChecked)
    assert isinstance(failed, f.IdentityChecked)
    assert failed.passed is False
    page = agent.press(page, "Record the check", identity="yes", identity_how="Account number")
    for words in (
        "You have checked who they are.",
        "ann@example.org",
        "What they need",
        "Last contacts",
        "It is down again.",
    ):
        assert words in page.main, words


def test_one_press_does_contact_decision_plan_and_clock_and_the_call_goes_on_in_writing(
    office: Office, settings: Settings
) -> None:
    agent = office.visitor("agent")
    page = agent.get(office.at("new-contact"))
    clock(settings, NOON + timedelta(minutes=12))
    before = CaseRow.objects.count()
    page = agent.press(
        page, "Save, and put the call in writing", name="Jo Field", email="jo@example.com", phone="020 8545 8200",
        words="The line drops every evening.", complaint="yes", ends="time", day="2026-11-03", starts="14:00",
        until="15:00", plan="We test the line tonight.", person=person_id(office.people["handler"]),
    )  # fmt: skip
    assert CaseRow.objects.count() == before + 1
    row = CaseRow.objects.latest("pk")
    [timed] = facts(row, f.CallTimed)
    assert isinstance(timed, f.CallTimed)
    assert (timed.at, timed.ended) == (NOON, NOON + timedelta(minutes=12))
    [promise] = facts(row, f.ContactTimeAgreed)
    assert isinstance(promise, f.ContactTimeAgreed)
    assert (promise.person, promise.number) == (person_id(office.people["handler"]), "020 8545 8200")
    assert "We test the line tonight." in Outgoing.objects.get(case=row, letter="contact-time").text
    [decided] = facts(row, f.ComplaintDecided)
    assert decided.by == person_id(office.people["agent"])
    assert page.h1 == "Put a call in writing"
    words = dict(page.form("Go on")[0].form_values())["words"]
    assert "This is what we spoke about." in words
    assert "The line drops every evening." in words, "nothing is typed twice"
    shown = agent.press(page, "Go on")
    assert "Before it is sent" in shown.h1
    done = agent.press(shown, "Send it")
    assert "It took 12 minutes, from 12 noon to 12:12 pm" in done.main
    reply = Outgoing.objects.get(case=row, letter="reply")
    assert "The line drops every evening." in reply.text


def test_a_call_begun_from_an_agreed_time_settles_it(office: Office, settings: Settings) -> None:
    office.give_to("handler")
    one = agreed(office)
    clock(settings, TUESDAY + timedelta(minutes=10))
    hana = office.visitor()
    page = hana.get(office.at("appointments"))
    [start] = [link for link in page.links if f"appointment={one}" in link and "new-contact" in link]
    page = hana.get(start)
    assert "You call as agreed: Tuesday 3 November, 2 pm to 3 pm" in page.main
    page = hana.press(
        page, "Save the contact", words="We talked it through.", direction="out", reached="yes", minutes="7"
    )
    assert page.address == office.case_at()
    assert office.case().appointments[0].settled == "kept"
    made = office.case().contacts[-1]
    assert (made.inbound, made.purpose, made.reached, made.words) == (
        False,
        "update",
        True,
        "We talked it through.",
    )


def test_a_customer_who_does_not_answer_before_the_agreed_time_has_not_missed_it(office: Office) -> None:
    one = agreed(office)
    hana = office.visitor()
    at = office.at(f"new-contact?about={office.row.reference}&appointment={one}")
    hana.press(hana.get(at), "Save the contact", words="Voicemail, a day early.", reached="no")
    [stands] = office.case().appointments
    assert not stands.settled
    assert office.case().contacts[-1].words == "Voicemail, a day early."


def test_nobody_answers_in_the_agreed_time_or_we_call_after_it(office: Office, settings: Settings) -> None:
    one = agreed(office)
    clock(settings, TUESDAY + timedelta(minutes=10))
    hana = office.visitor()
    at = office.at(f"new-contact?about={office.row.reference}&appointment={one}")
    hana.press(hana.get(at), "Save the contact", words="Voicemail.", reached="no")
    assert office.case().appointments[0].settled == "missed by the customer"
    two = agreed_later(office)
    clock(settings, TUESDAY + timedelta(hours=30))
    hana = office.visitor()
    at = office.at(f"new-contact?about={office.row.reference}&appointment={two}")
    hana.press(hana.get(at), "Save the contact", words="We spoke at last.", reached="yes")
    assert office.case().appointments[1].settled == "missed by us"


def agreed_later(office: Office) -> str:
    """Another time, on Wednesday 4 November, 2 pm to 3 pm."""
    now, starts = TUESDAY + timedelta(minutes=20), TUESDAY + timedelta(days=1)
    with docket(office.row.pk, now=now) as d:
        hand = d.cases[office.row.pk]
        by = a.Actor("2", "Hana", "handler")
        assert a.agree_time(d, hand, by, now, starts=starts, ends=starts + timedelta(hours=1)) is None
        return hand.case.appointments[-1].id


def test_what_the_customer_complains_of_on_a_call_of_ours_is_a_contact_of_theirs(office: Office) -> None:
    hana = office.visitor()
    page = hana.get(office.at(f"new-contact?about={office.row.reference}"))
    hana.press(
        page, "Save the contact", words="She says the bill is wrong too.", direction="out", reached="yes",
        purpose="information", complaint="yes",
    )  # fmt: skip
    ours, theirs = office.case().contacts[-2:]
    assert (ours.inbound, theirs.inbound, theirs.complaint) == (False, True, True)
    assert theirs.words == "She says the bill is wrong too."


def test_a_call_of_theirs_is_not_saved_without_the_decision_and_one_of_ours_needs_its_case(
    office: Office,
) -> None:
    agent = office.visitor("agent")
    page = agent.press(agent.get(office.at("new-contact")), "Save the contact", words="Hello.", name="Jo")
    assert (page.status, page.mistakes) == (422, ["Say whether it was a complaint."])
    page = agent.press(
        agent.get(office.at("new-contact")), "Save the contact", words="Hello.", direction="out"
    )
    assert "Choose the case that we called about." in page.mistakes


def test_every_key_of_the_page_is_told_on_it_and_the_definition_stands_beside_the_decision(
    office: Office,
) -> None:
    page = office.visitor("agent").get(office.at(f"new-contact?about={office.row.reference}"))
    told = {" ".join(kbd.text_content().split()).lower() for kbd in page.within("keys", "kbd")}
    there = {each.get("accesskey") for each in page.doc.xpath("//*[@accesskey]")}
    assert told == there
    assert len(page.doc.xpath("//*[@accesskey]")) == len(there), "each key once"
    [decision] = page.within("asks-decide")
    assert "R-01" in decision.text_content()


def test_a_check_of_which_nothing_was_filled_in_is_asked_for(office: Office) -> None:
    """Pressed too early, or with a file beside it: what is missing is said, and nothing that was typed is lost."""
    agent = office.visitor("agent")
    page = agent.get(office.at(f"new-contact?about={office.row.reference}"))
    page = agent.press(page, "Record the check", words="She has called twice.")
    assert (page.status, page.mistakes) == (200, ["Say whether they passed, and what was asked."])
    assert "She has called twice." in page.content.decode()
    letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 x", "application/pdf")
    page = agent.press(page, "Find", find="Ann", enclosed=letter)
    assert (page.status, page.mistakes) == (200, ["Choose your files again, please: a browser forgets them."])


@pytest.mark.parametrize(
    ("slug", "button", "filled"),
    [
        ("ask-supplier", "Save", {"supplier": "Northline", "words": "When?", "chase": "9999-12-31"}),
        ("ask-customer", "Send the question", {"words": "Which lamp?", "answer_by": "9999-12-31"}),
        ("correct-receipt", "Correct it", {"why": "It lay.", "received_day": "0001-01-01", "received_time": "10:00"}),
    ],
)  # fmt: skip
def test_a_day_that_nobody_means_is_asked_for_once_more(
    office: Office, slug: str, button: str, filled: dict[str, str]
) -> None:
    """A year with a slip in it is a mistake at its box."""
    page = office.do(slug, button, "manager", **filled)
    assert (page.status, page.mistakes) == (422, ["Look at the year: that day is too far away."])


def test_a_receipt_before_the_rules_that_are_known_is_no_receipt(office: Office) -> None:
    page = office.do(
        "correct-receipt", "Correct it", "manager", why="It lay.", received_day="2002-12-31", received_time="10:00"
    )  # fmt: skip
    assert page.status == 422
    assert "1 January 2003" in page.mistakes[0]
    assert facts(office.row, f.ReceiptCorrected) == []
