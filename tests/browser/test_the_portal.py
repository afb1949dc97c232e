"""The portal from the first word to the ADR letter, as somebody who is worried goes through it: on a phone, any browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

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


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_a_complaint_is_made_and_its_reference_kept(opens: Open, desk: Served, javascript: bool) -> None:
    page = opens(width=390, javascript=javascript)
    page.goto(portal())
    sound(page)
    page.get_by_role("link", name=re.compile("complain", re.IGNORECASE)).first.click()
    headed(page, "Make a complaint")
    press(page, "Send my complaint")
    expect(page.locator(".mistakes")).to_contain_text("Tell us what has gone wrong.")
    sound(page)
    page.locator(".mistakes a").first.click()
    assert page.url.endswith("#id_words") or "#" in page.url
    fill(page, words="My line has crackled for ten days.", wish="Repair it.", name="Jo Field")
    tick(page, "By email")
    email = f"jo{javascript}@example.com".lower()
    fill(page, email=email)
    sound(page)
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


def test_a_link_opens_the_case_at_a_press_and_never_by_being_looked_at(opens: Open, desk: Served) -> None:
    reference = desk.do(hands.mail, "Di Dunn", "di@example.org", "Bill", "My bill is wrong.")
    page = opens(width=390, javascript=False)
    page.goto(desk.do(hands.link_to, reference))
    sound(page)
    assert "My bill is wrong." not in page.locator("main").inner_text()
    page.locator("main form button").click()
    reads(page, "My bill is wrong.")
    no_sideways_scroll(page)
