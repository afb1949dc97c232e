"""A case at the console, in a browser: the call that opens it, the way to its closure, and the way to deadlock."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import hands
from tests.browser.conftest import Open
from tests.browser.looking import headed, sound
from tests.browser.people import act, fill, open_all, press, reads, send, sign_in, tick
from tests.browser.served import Served
from tests.desk.visitor import GO_ON


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_a_call_finds_the_customer_checks_who_they_are_and_becomes_a_follow_up(
    opens: Open, desk: Served, javascript: bool
) -> None:
    """Monday 2 November 2026, noon: somebody who wrote a mail rings the agent."""
    name, address = ("Ann Ash", "ann.ash@example.org") if javascript else ("Al Alder", "al@example.org")
    first = desk.do(hands.mail, name, address, "No internet", "It is down again.")
    page = opens(javascript=javascript)
    sign_in(page, "agent")
    page.get_by_role("navigation").get_by_role("link", name="New contact").click()
    headed(page, "New contact")
    if javascript:
        press(page, "Save the contact")
        expect(page.locator(".mistakes")).to_be_focused()
        sound(page)
    # She says her name; what she says meanwhile is typed and is not lost.
    fill(page, find=name, words="It has been down since Friday, and nobody rang.")
    press(page, "Find")
    page.get_by_role("radio", name=first).first.check()
    press(page, "Find")
    reads(page, "Check who they are before their details show.")
    assert address not in page.locator("#main").inner_text()
    sound(page)
    tick(page, "Yes, they passed")
    fill(page, identity_how="the postcode and the last bill")
    press(page, "Record the check")
    reads(page, address)
    expect(page.locator("[name=words]")).to_have_value("It has been down since Friday, and nobody rang.")
    tick(page, "Yes, it was a complaint", "We agreed a time to speak again")
    fill(page, subject="Down since Friday", day="2026-11-04", starts="14:00", until="15:00")
    sound(page)
    press(page, "Save the contact")
    reads(page, first, "Contact time agreed: Wednesday 4 November 2026, between 2 pm and 3 pm")
    sound(page)
    # The follow-up in writing: seen before it leaves.
    act(page, first, "write")
    fill(page, words="As we agreed on the phone: I ring you on Wednesday between two and three.")
    send(page, "Send it")
    reads(page, first)
    assert [x.words for x in desk.do(hands.letters, first) if "As we agreed on the phone" in x.words]


def _outcome(page: Page, reference: str) -> None:
    """The handler takes the case, decides that it is a complaint, and proposes what puts it right."""
    act(page, reference, "decide")
    tick(page, "Yes, it was a complaint")
    press(page, "Save the decision")
    act(page, reference, "propose")
    press(page, GO_ON)
    reads(page, "Write what we found and what we offer.")
    sound(page)
    fill(
        page, words="A cable was cut. We are sorry, and refund the month.", credit="28.99", what_for="November",
        looked_at="The log of the line",
    )  # fmt: skip
    send(page, "Send the outcome")
    reads(page, "A cable was cut.", "£28.99")


def test_a_case_goes_from_its_mail_to_its_closure_on_the_customers_word(opens: Open, desk: Served) -> None:
    """Bo writes on Monday; on Tuesday it is put right, on Wednesday he says so on the phone. The credit is still owed."""
    reference = desk.do(hands.mail, "Bo Bell", "bo@example.org", "No telephone", "My line is dead.")
    hana = opens()
    sign_in(hana, "handler")
    hana.goto(f"{hana.url}?whose=nobody")
    sound(hana)
    hana.locator("#find-box").fill("bo@example.org")
    hana.locator("#find-box").press("Enter")
    sound(hana)
    hana.locator("#main table").get_by_role("link", name=reference, exact=True).click()
    reads(hana, reference, "My line is dead.")
    desk.do(hands.clock, "2026-11-03 10:00")
    sign_in(hana, "handler")
    _outcome(hana, reference)
    sound(hana)
    desk.do(hands.clock, "2026-11-04 11:00")
    sign_in(hana, "handler")
    act(hana, reference, "answer")
    tick(hana, "They accept it")
    fill(hana, words="On the phone at eleven: thank you, that puts it right.")
    send(hana, "Record the answer")
    reads(hana, "Closed", "Hand £28.99 over to billing")
    open_all(hana)
    sound(hana)
    kinds = [letter.kind for letter in desk.do(hands.letters, reference)]
    assert kinds[0] == "acknowledgement"
    assert {"outcome", "closed"} & set(kinds), kinds


def test_a_refusal_climbs_to_deadlock_and_the_adr_letter(opens: Open, desk: Served) -> None:
    """Cy refuses; the next stage looks again; the manager declares deadlock, and the letter leaves by itself."""
    reference = desk.do(
        hands.mail, "Cy Cole", "cy@example.org", "Six weeks without", "Six weeks without a line!"
    )
    hana, mia = opens(), opens(dark=True)
    sign_in(hana, "handler")
    _outcome(hana, reference)
    act(hana, reference, "answer")
    tick(hana, "They refuse it")
    fill(hana, words="On the phone at noon: that is not enough.")
    send(hana, "Record the answer")
    reads(hana, "The outcome was refused")
    sound(hana)
    act(hana, reference, "deadlock")
    reads(hana, "A manager or director declares it")
    sound(hana)
    act(hana, reference, "escalate")
    fill(hana, why="He refused the outcome.")
    send(hana, "Escalate")
    reads(hana, reference)
    sign_in(mia, "manager")
    act(mia, reference, "deadlock")
    fill(mia, position="We have looked a second time, and stand by the refund.")
    press(mia, GO_ON)
    reads(mia, "Communications Ombudsman", "We have looked a second time")
    sound(mia)
    press(mia, "Declare deadlock, or ask for it")
    reads(mia, "Deadlocked")
    sound(mia)
    desk.do(hands.tick_now)
    adr = [letter for letter in desk.do(hands.letters, reference) if letter.kind == "adr-letter"]
    assert [letter.fate for letter in adr] == ["sent"]
    assert "free" in adr[0].words
