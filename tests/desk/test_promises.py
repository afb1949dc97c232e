"""Promises of the complaint path, one story each: played through the real desk on the code of the provider who made it.

The id in a story's own words is how `docs/clauses.md` finds it. Promises with longer stories have files of their own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from amends.core import facts as f
from amends.core.case import Case, State
from amends.core.clocks import Clock, clocks
from amends.core.duties import Action, duties
from amends.desk import ledger, rules
from amends.desk.houses import access_code
from amends.desk.models import CaseRow, FactRow, Outgoing
from amends.desk.opened import read
from amends.desk.people import person_id
from amends.desk.rules import NewRule
from tests.desk.made import london, tell
from tests.desk.mails import mail, take
from tests.desk.office import NOON, Office
from tests.desk.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

JO: dict[str, Any] = {
    "name": "Jo Field", "email": "jo@example.com", "words": "The bill is wrong.", "complaint": "yes",
}  # fmt: skip


def of(*codes: str) -> pytest.MarkDecorator:
    """The story is played at the desks of the providers with these codes."""
    return pytest.mark.parametrize("at", codes, indirect=True)


def contact(at: Office, button: str = "Save the contact", **said: Any) -> tuple[CaseRow, Page]:
    """The case that an agent has opened by writing a contact down, and the page after it."""
    agent = at.visitor("agent")
    page = agent.press(agent.get(at.at("new-contact")), button, **{**JO, **said})
    assert page.status == 200, page.mistakes
    return newest(), page


def newest() -> CaseRow:
    return CaseRow.objects.order_by("-pk")[0]


def folded(row: CaseRow) -> Case:
    return read(CaseRow.objects.get(pk=row.pk)).case


def owed(row: CaseRow, clause: str) -> list[Action]:
    """What the desk is to do now for the sake of this clause."""
    there = read(CaseRow.objects.get(pk=row.pk))
    return [d.action for d in duties(there.case, there.book, NOON) if d.clause == clause]


def leaves(row: CaseRow) -> None:
    """Every letter of the case that waits has left."""
    for letter in folded(row).letters:
        if not letter.fate:
            tell(row, NOON, f.LetterFate, key=letter.key, fate="sent", by="system")


def promise(row: CaseRow, id: str) -> Clock:  # noqa: A002 - the id of a clause, as everywhere
    there = read(CaseRow.objects.get(pk=row.pk))
    return {c.id: c for c in clocks(there.case, there.book)}[id]


# --- First contact ---------------------------------------------------------------------------------------------------


@of("netfuse", "netservers", "infinity")
def test_a_call_is_settled_there_and_then_on_the_customers_word(at: Office) -> None:
    """N-first-contact, S-first-contact, I-first-contact: the adviser settles it, and nothing more is owed."""
    row, page = contact(at, ends="settled", settled_words="She said: fine, thank you.")
    assert row.state == State.CLOSED
    assert FactRow.objects.get(case=row, kind="case closed").open["how"] == "settled on first contact"
    assert "She said: fine, thank you." in page.main
    there = read(row)
    assert [c.id for c in clocks(there.case, there.book) if c.running] == []


@of("netservers")
def test_an_email_that_is_answered_at_once_is_settled_when_the_customer_says_so(at: Office) -> None:
    """S-first-contact, by email: the answer leaves within the hour, she agrees by return, and the case is over."""
    take(at.provider, mail("The invoice of October came twice.", sender="bo@example.org"), NOON)
    row, agent = newest(), at.visitor("handler")
    where = at.at(f"cases/{row.reference}")
    agent.press(
        agent.get(f"{where}/decide"), "Save the decision", contact=folded(row).contacts[0].id, complaint="yes"
    )
    agent.press(agent.get(f"{where}/write"), "Send it", purpose="reply", words="The second one is void.")
    assert Outgoing.objects.get(case=row, letter="reply").to == "bo@example.org"
    agent.press(
        agent.get(f"{where}/close"), "Close the case", evidence="customer confirmed", words="By mail: thanks."
    )
    assert folded(row).state is State.CLOSED


@of("infinity")
def test_what_cannot_be_settled_on_the_line_gets_a_course_of_action_with_its_date(at: Office) -> None:
    """I-first-contact: the plan is agreed on the line, stands in a letter, and settles what the code owes."""
    row, page = contact(
        at, ends="time", day="2026-11-04", starts="14:00", until="15:00", plan="We test the line tonight."
    )
    assert "Contact time agreed: Wednesday 4 November 2026, between 2 pm and 3 pm" in page.main
    assert owed(row, "I-first-contact") == [Action.CALL], "what is agreed is kept"
    letter = Outgoing.objects.get(case=row, letter="contact-time")
    assert "We test the line tonight." in letter.text
    other, _ = contact(at, email="al@example.com", name="Al", words="And nothing is agreed.")
    assert owed(other, "I-first-contact") == [Action.AGREE_TIME]


# --- Who it is -------------------------------------------------------------------------------------------------------


@of("netfuse", "infinity")
def test_nothing_of_an_account_is_shown_before_the_check_and_a_failed_one_is_kept(at: Office) -> None:
    """N-verify, I-privacy."""
    agent = at.visitor("agent")
    page = agent.get(at.at(f"new-contact?about={at.row.reference}"))
    assert "ann@example.org" not in page.main
    page = agent.press(page, "Record the check", identity="no", identity_how="The postcode was wrong")
    assert "ann@example.org" not in page.main
    page = agent.press(page, "Record the check", identity="yes", identity_how="Account number")
    assert "ann@example.org" in page.main
    checks = [x for x in ledger.load([at.row.pk])[at.row.pk] if isinstance(x, f.IdentityChecked)]
    assert [(x.passed, x.by) for x in checks] == [
        (False, person_id(at.people["agent"])), (True, person_id(at.people["agent"])),
    ]  # fmt: skip
    assert "identity: failed" in agent.get(at.case_at()).main


# --- Ways to complain ------------------------------------------------------------------------------------------------


@of("netfuse")
def test_a_letter_is_a_complaint_from_the_day_it_came_and_is_answered_by_letter(at: Office) -> None:
    """N-letter: by post, received this morning, acknowledged by post."""
    row, page = contact(
        at, channel="letter", received_time="08:10", words="Dear Sirs, my line is dead.", name="Mrs Cole", email="",
        address="1 High Street\nHove\nBN3 1AA", prefers="letter",
    )  # fmt: skip
    case = folded(row)
    assert (case.contacts[0].channel, case.first_received) == ("letter", london("2026-11-02 08:10"))
    assert "Dear Sirs, my line is dead." in page.main
    assert {x.channel for x in case.letters} == {"letter"}
    assert promise(row, "adr-letter").due == london("2026-12-14 00:00")


@of("opus")
@pytest.mark.parametrize("channel", ["phone", "fax", "letter", "form", "webchat", "email"])
def test_it_is_raised_on_any_channel_and_each_is_the_same_case_with_the_same_clocks(
    at: Office, channel: str
) -> None:
    """O-raise: whichever way it comes, there is a case with a reference, and every promise runs from that moment."""
    row, page = contact(at, channel=channel)
    assert folded(row).contacts[0].channel == channel
    assert row.reference in page.words
    assert {"O-acknowledge", "O-3-days", "adr-letter"} <= {
        c.id for c in clocks(read(row).case, read(row).book)
    }
    assert owed(row, "O-investigate"), "a case handler is to be assigned"
    assert promise(row, "O-handler").due == NOON + timedelta(hours=48)


@of("opus", "focus-group", "infinity")
def test_what_reaches_the_team_goes_to_the_customers_account_manager(at: Office) -> None:
    """O-raise, F-contact, I-contact: the account manager has the case at once, by name."""
    hana = at.people["handler"]
    rules.add(at.provider, NewRule(account_manager=True), by="7", now=NOON)
    rules.set_account_managers(at.provider, {"A-7": hana.pk}, by="7", now=NOON)
    row, page = contact(at, account="A-7")
    assert row.handler == person_id(hana)
    assert "Handler has the case now: rule 1 of assignment" in page.main
    other, _ = contact(at, account="A-8", name="Al", email="al@example.com")
    assert other.handler == ""


@of("opus")
def test_a_dispute_goes_to_the_department_concerned_by_what_it_is_about(at: Office) -> None:
    """O-route: billing goes to whoever does billing, as soon as somebody has said what it is about."""
    dept = person_id(at.people["handler"])
    rules.add(at.provider, NewRule(people=(dept,), category="Billing and charges"), by="7", now=NOON)
    row, _ = contact(at)
    assert row.handler == ""
    agent, where = at.visitor("handler"), at.at(f"cases/{row.reference}")
    page = agent.press(agent.get(f"{where}/categorise"), "Save", category="Billing and charges")
    assert "rule 1 of assignment" in page.main
    assert CaseRow.objects.get(pk=row.pk).handler == dept


# --- What the customer is told, and asks for -------------------------------------------------------------------------


def portal(at: Office, row: CaseRow) -> tuple[Visitor, Page]:
    """A customer who has opened their case with its reference and code."""
    jo = Visitor()
    return jo, jo.press(
        jo.get(at.portal("follow")), "See my complaint", reference=row.reference, code=access_code(row)
    )


@of("netservers")
def test_every_complaint_has_a_reference_that_its_customer_knows(at: Office) -> None:
    """S-reference: on the page at once, in the acknowledgement, and it opens the case."""
    jo = Visitor()
    page = jo.press(
        jo.get(at.portal("complain/on-one-page")), "Send my complaint", words="No line.", name="Jo Field",
        prefers="email", email="jo@example.com",
    )  # fmt: skip
    row = newest()
    assert row.reference in page.main
    assert row.reference in Outgoing.objects.get(case=row, letter="acknowledgement").text
    assert portal(at, row)[1].h1 == "Your complaint"


@of("netservers")
def test_what_is_complex_takes_longer_the_customer_is_told_and_the_law_waits_for_nobody(at: Office) -> None:
    """S-complex: ten working days of the manager become more, with a letter; the day of the law stays where it was."""
    at.give_to("handler")
    at.do("escalate", "Escalate", channel="email", why="she asks for the manager")
    law = promise(at.row, "adr-letter").due
    assert promise(at.row, "S-csm").due == london("2026-11-16 18:00")
    form = at.visitor().get(at.case_at("extend"))
    offered = form.doc.xpath('//input[@name="clock"]/@value')
    assert "S-csm" in offered
    assert "adr-letter" not in offered
    at.do(
        "extend", "Extend it and tell the customer", clock="S-csm", until_day="2026-11-23", until_time="12:00",
        why="The supplier has to measure the line.",
    )  # fmt: skip
    assert promise(at.row, "S-csm").due == london("2026-11-23 12:00")
    assert promise(at.row, "adr-letter").due == law
    assert (
        "The supplier has to measure the line." in Outgoing.objects.get(case=at.row, letter="extension").text
    )


@of("netservers")
def test_an_outcome_is_proposed_and_the_customer_may_say_no_or_yes(at: Office) -> None:
    """S-proposal: refused in the portal on Monday, proposed anew, accepted, and only then closed."""
    assert owed(at.row, "S-proposal") == [Action.PROPOSE]
    at.proposed()
    leaves(at.row)
    assert owed(at.row, "S-proposal") == []
    jo, page = portal(at, at.row)
    page = jo.press(page, "Send my answer", **{"reply-accepted": "no", "reply-words": "Too little."})
    assert "You refused the outcome" in page.main
    assert folded(at.row).state is not State.CLOSED
    at.proposed()
    jo, page = portal(at, at.row)
    jo.press(page, "Send my answer", **{"reply-accepted": "yes"})
    assert folded(at.row).state is State.CLOSED
    assert [o.accepted for o in folded(at.row).outcomes] == [False, True]


@of("netservers")
def test_a_letter_that_takes_it_further_says_how_to_answer_and_the_answer_goes_that_way(at: Office) -> None:
    """S-letter: reference, name, address and the way of reply are kept; the manager's answer goes by post."""
    at.give_to("handler")
    agent = at.visitor("agent")
    page = agent.get(at.at(f"new-contact?about={at.row.reference}"))
    page = agent.press(page, "Record the check", identity="yes", identity_how="Name, address and reference")
    page = agent.press(
        page, "Save the contact", channel="letter", words="I want the Customer Services Manager.", complaint="yes",
        received_time="09:30",
    )  # fmt: skip
    assert page.address == at.case_at(), page.mistakes
    at.do(
        "customer",
        "Save the details",
        role="agent",
        prefers="letter",
        address="3 Mill Lane\nCambridge\nCB5 8LA",
    )
    at.do("escalate", "Escalate", channel="letter", why="her letter of today")
    case = folded(at.row)
    assert (case.stage_role, case.customer.prefers) == ("Customer Services Manager", "letter")
    at.do("write", "Send it", purpose="reply", words="I have looked at it myself.")
    reply = Outgoing.objects.get(case=at.row, letter="reply")
    assert reply.channel == "letter"
    assert at.row.reference in reply.text
    assert "3 Mill Lane" in reply.to


@of("opus", "infinity")
@pytest.mark.parametrize("channel", ["phone", "letter", "email"])
def test_whoever_is_higher_up_is_reached_by_the_customer_on_every_way(at: Office, channel: str) -> None:
    """O-escalate-direct, I-directors-reach: by phone, post or email, whenever they wish; it climbs the same day."""
    contact(at, channel=channel)
    higher = {"opus-telecoms": "Customer Service Manager or Head of Professional Services"}.get(
        at.slug, "Operations Director"
    )
    page = at.do("escalate", "Escalate", channel=channel, why="the customer wants somebody higher up")
    assert folded(at.row).stage_role == higher
    assert higher in page.main
    assert folded(at.row).outcomes == (), "nothing had to be refused first"


@of("opus")
def test_the_customer_goes_to_the_managers_themselves_whenever_they_wish(at: Office) -> None:
    """O-escalate-direct: one press in the portal, before anybody has answered."""
    jo, page = portal(at, at.row)
    page = jo.press(page, "Ask for this", **{"higher-words": "I want the manager."})
    assert folded(at.row).stage_role == "Customer Service Manager or Head of Professional Services"
    assert "I want the manager." in page.main


@of("opus")
def test_only_the_customers_own_word_closes_a_case(at: Office) -> None:
    """O-close: a handler alone cannot; her words on the phone, written down, do."""
    at.give_to("handler")
    page = at.do("close", "Close the case", evidence="customer confirmed")
    assert page.status == 422
    assert folded(at.row).closed is None
    at.do(
        "close",
        "Close the case",
        evidence="customer confirmed",
        words="On the phone at noon: yes, it is settled.",
    )
    closed = folded(at.row).closed
    assert closed is not None
    assert closed.evidence == "customer confirmed"


@of("infinity")
def test_each_complaint_is_sorted_as_one_of_the_kinds_that_the_code_names(at: Office) -> None:
    """I-kinds: sales, bills, repairs and services, in the provider's own words; the reports count by them."""
    compliance = at.visitor("compliance")
    page = compliance.get(at.at("provider/lists"))
    assert page.status == 200
    compliance.press(page, "Put these lists in force", categories="Sales\nBilling\nFault repair\nServices")
    page = at.visitor().get(at.case_at("categorise"))
    offered = [x.text_content().strip() for x in page.doc.xpath('//select[@name="category"]/option')]
    assert offered[1:] == ["Sales", "Billing", "Fault repair", "Services"]
    at.do("categorise", "Save", category="Fault repair")
    assert folded(at.row).category == "Fault repair"
    assert "Fault repair" in at.visitor("manager").get(at.at("reports")).main
