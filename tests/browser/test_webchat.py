"""A chat of two people in two browsers: what one writes the other sees, and what was said becomes a contact."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import hands
from tests.browser.conftest import Open
from tests.browser.looking import headed, sound
from tests.browser.people import at, fill, portal, press, reads, sign_in, tick
from tests.browser.served import Served


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_ann_and_amy_write_to_each_other_until_it_is_a_contact_on_a_case(
    opens: Open, desk: Served, javascript: bool
) -> None:
    amy, ann = opens(javascript=javascript), opens(width=390, javascript=javascript)
    sign_in(amy, "agent")
    amy.goto(at("chats"))
    if amy.get_by_role("button", name="I am here for chats").count():
        sound(amy)
        press(amy, "I am here for chats")
    ann.goto(portal("chat"))
    headed(ann, "Chat with us")
    sound(ann)
    name = f"Ann of {'scripts' if javascript else 'paper'}"
    fill(ann, words="My line drops each evening.", name=name, email="ann.archer@example.com")
    press(ann, "Start the chat")
    headed(ann, "Our chat")
    sound(ann)
    # Amy's page hears of it by itself with JavaScript, and says so without.
    if not javascript:
        amy.goto(at("chats"))
    expect(amy.locator("#main")).to_contain_text(name)
    sound(amy)
    amy.get_by_role("button", name="Take").first.click()
    held = amy.locator(".one-chat").filter(has_text=name)
    held.locator("textarea").fill("I have reset your line.")
    held.get_by_role("button", name="Send").click()
    if not javascript:
        ann.get_by_role("button", name="Look for new words").click()
    expect(ann.locator(".chat-lines")).to_contain_text("I have reset your line.")
    sound(ann)
    fill(ann, words="It works. Thank you!")
    press(ann, "Send")
    if not javascript:
        amy.goto(at("chats"))
    expect(held.locator(".chat-lines")).to_contain_text("It works. Thank you!")
    sound(amy)
    held.get_by_role("button", name=re.compile("^End")).click()
    headed(amy, re.compile("End the chat"))
    press(amy, "End the chat")
    reads(amy, "Say whether it was a complaint.")
    sound(amy)
    tick(amy, "Yes, it was a complaint")
    press(amy, "End the chat")
    reference = desk.do(hands.newest)
    reads(amy, reference, "It works. Thank you!")
    sound(amy)
    if not javascript:
        ann.get_by_role("button", name="Look for new words").click()
    expect(ann.locator("h1")).to_have_text("The chat is over")
    reads(ann, reference)
    sound(ann)
