"""Coming in with a second factor in a browser: six digits of an app, and a passkey that the browser itself keeps."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser import hands
from tests.browser.conftest import Open
from tests.browser.looking import headed, sound
from tests.browser.people import at, fill, press, sign_in
from tests.browser.served import Served
from tests.desk.test_second_factors import code

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("role", "javascript"), [("handler", True), ("agent", False)])
def test_an_app_is_set_up_and_asked_for_next_time(
    opens: Open, desk: Served, role: str, javascript: bool
) -> None:
    page = opens(javascript=javascript)
    sign_in(page, role)
    page.goto("/me/second-factor")
    sound(page)
    page.goto("/me/second-factor/app")
    page.locator("main details summary").click()
    sound(page)
    secret = re.sub(r"\s", "", page.locator("main details code").inner_text())
    fill(page, code="000000")
    press(page, "Set it up")
    expect(page.locator(".mistakes")).to_be_visible()
    sound(page)
    moment = desk.do(hands.moment)
    fill(page, code=code(secret, moment))
    press(page, "Set it up")
    headed(page, "Recovery codes")
    assert page.locator(".codes li").count() == 10
    sound(page)
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    later = desk.do(hands.moment) + MINUTE
    desk.do(hands.clock, later.isoformat())
    sign_in(page, role)
    headed(page, "Show that it is you")
    sound(page)
    fill(page, code="111111")
    press(page, "Go on")
    expect(page.locator(".mistakes")).to_contain_text("This code is not right")
    sound(page)
    fill(page, code=code(secret, later))
    press(page, "Go on")
    headed(page, "My day")


def test_a_passkey_is_made_and_opens_the_desk(opens: Open, desk: Served) -> None:
    page = opens()
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    keeps = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
    }
    keeps |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": keeps})
    sign_in(page, "director")
    page.goto("/me/second-factor/passkey")
    sound(page)
    fill(page, name="This computer")
    press(page, "Make the passkey")
    expect(page.locator("h1")).to_have_text("Recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    page.goto("/me/")
    expect(page.locator("main")).to_contain_text("This computer")
    sound(page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    sign_in(page, "director")
    press(page, "Use your passkey")
    expect(page).to_have_url(re.compile(f"{at()}$"))
