"""The portal from the first word to the ADR letter, as somebody who is worried goes through it: on a phone, any browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import hands
from tests.browser.conftest import Open
from tests.browser.looking import headed, no_sideways_scroll, sound
from tests.browser.people import fill, open_all, open_my_case, portal, press, reads, tick
from tests.browser.served import Served, serve


@pytest.fixture
def desk(an_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk for each story: time is moved in them, and never goes back."""
    with serve(an_office, tmp_path_factory.mktemp("desk")) as served:
        yield served


def _answer(page: Page, question: str, **boxes: str) -> None:
    """Answer the question that stands there, and go on."""
    headed(page, question)
    fill(page, **boxes)
    sound(page)
    press(page, "Go on")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_a_complaint_is_made_and_its_reference_kept(opens: Open, desk: Served, javascript: bool) -> None:
    page = opens(width=390, javascript=javascript)
    page.goto(portal())
    sound(page)
    page.get_by_role("link", name=re.compile("complain", re.IGNORECASE)).first.click()
    headed(page, "Make a complaint")
    sound(page)
    page.get_by_role("link", name="Start").click()
    press(page, "Go on")
    expect(page.locator(".mistakes")).to_contain_text("Tell us what has gone wrong.")
    sound(page)
    page.locator(".mistakes a").first.click()
    assert page.url.endswith("#id_words") or "#" in page.url
    _answer(page, "What has gone wrong?", words="My line has crackled for ten days.")
    _answer(page, "What would put it right?", wish="Repair it.")
    headed(page, "Have you photos, letters or bills that show it?")
    page.locator("[name=enclosed]").set_input_files(
        {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a bill"}
    )
    sound(page)
    press(page, "Go on")
    _answer(page, "What is your name?", name="Jo Field")
    tick(page, "By email")
    _answer(page, "How shall we answer you?")
    press(page, "Go on")
    expect(page.locator(".mistakes")).to_contain_text("Give your email address")
    email = f"jo{javascript}@example.com".lower()
    _answer(page, "Where can we reach you?", email=email)
    tick(page, "Large print, 18 point")
    page.get_by_role("checkbox", name="You may keep a note of this").check()
    _answer(page, "Do you need our letters in another form?")
    tick(page, "At home")
    _answer(page, "Is this your service at home, or at work?")
    _answer(page, "Is it also about your personal information?")
    _answer(page, "What is your account number?")
    headed(page, "Read it over and send it")
    reads(page, "My line has crackled", "bill.pdf", "Jo Field", email, "Large print")
    sound(page)
    page.get_by_role("link", name="Change What would put it right").click()
    _answer(page, "What would put it right?", wish="Repair it soon.")
    reads(page, "Repair it soon.")
    page.get_by_role("link", name="Complain").first.click()
    reads(page, "You have begun a complaint on this device.")
    sound(page)
    page.get_by_role("link", name="Go on with it").click()
    press(page, "Send my complaint")
    headed(page, "Thank you. We have your complaint")
    reads(page, "Monday 14 December", "independent scheme, free of charge")
    sound(page)
    reads(page, desk.do(hands.newest))


def test_jo_follows_it_refuses_asks_higher_and_gets_the_adr_letter_on_its_day(
    opens: Open, desk: Served
) -> None:
    """2 November: the complaint. 5 November: the offer, and no. 14 December: six weeks, and the letter."""
    reference = desk.do(hands.first)
    page = opens(width=390)
    page.goto(portal("follow"))
    press(page, "See my complaint")
    sound(page)
    open_my_case(page, reference, desk.do(hands.code_of, reference))
    headed(page, "Your complaint")
    fill(page, words="It crackles again today.")
    press(page, "Send the message")
    reads(page, "It crackles again today.")
    sound(page)
    desk.do(hands.clock, "2026-11-05 10:00")
    desk.do(hands.propose, reference)
    open_my_case(page, reference, desk.do(hands.code_of, reference))
    reads(page, "What we found and offer", "£28.99")
    sound(page)
    press(page, "Send my answer")
    expect(page.locator(".mistakes")).to_be_focused()
    sound(page)
    tick(page, "No. I do not accept it")
    page.locator("[name=reply-words]").fill("A month is not enough.")
    press(page, "Send my answer")
    reads(page, "A month is not enough.")
    page.locator("[name=higher-words]").fill("Somebody higher, please.")
    page.locator("form[action$=higher] button").click()
    reads(page, "Somebody higher, please.")
    sound(page)
    desk.do(hands.clock, "2026-12-13 23:00")
    assert "adr-letter" not in [letter.kind for letter in desk.do(hands.letters, reference)]
    desk.do(hands.clock, "2026-12-14 06:00")
    adr = [letter for letter in desk.do(hands.letters, reference) if letter.kind == "adr-letter"]
    assert [letter.fate for letter in adr] == ["sent"]
    page.goto(portal())
    open_my_case(page, reference, desk.do(hands.code_of, reference))
    reads(page, "Monday 14 December")
    open_all(page)
    reads(page, "Communications Ombudsman")
    sound(page)
    page.get_by_role("link", name="Have you gone to the scheme? Tell us").click()
    expect(page.get_by_role("radio", name="Communications Ombudsman")).to_be_checked()
    sound(page)
    press(page, "Tell us")
    expect(page.locator(".mistakes")).to_be_focused()
    sound(page)
    fill(page, day="2026-12-14", number="CO-118204")
    press(page, "Tell us")
    reads(
        page,
        "You told us that you took this to an independent scheme",
        "CO-118204",
        "We ask the scheme next.",
    )
    sound(page)


def test_a_link_opens_the_case_at_a_press_and_never_by_being_looked_at(opens: Open, desk: Served) -> None:
    reference = desk.do(hands.mail, "Di Dunn", "di@example.org", "Bill", "My bill is wrong.")
    page = opens(width=390, javascript=False)
    page.goto(desk.do(hands.link_to, reference))
    sound(page)
    assert "My bill is wrong." not in page.locator("main").inner_text()
    page.locator("main form button").click()
    reads(page, "My bill is wrong.")
    no_sideways_scroll(page)
