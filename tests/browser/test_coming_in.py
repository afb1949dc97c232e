"""The first page of the day: the sign-in, its mistakes, and the desk behind it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looking import headed, no_sideways_scroll, sound
from tests.browser.people import at, sign_in


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_a_handler_mistypes_and_then_comes_in(opens: Open, javascript: bool) -> None:
    page = opens(javascript=javascript)
    page.goto("/")
    headed(page, "Sign in")
    sound(page)
    sign_in(page, "handler", "not the password")
    expect(page.locator(".mistakes")).to_contain_text("The name or the password is not right.")
    if javascript:
        expect(page.locator(".mistakes")).to_be_focused()
    sound(page)
    sign_in(page, "handler")
    expect(page).to_have_url(f"{page.url.split('/desk')[0]}{at()}")
    headed(page, "My day")
    sound(page)


def test_axe_and_the_measure_of_width_find_what_is_wrong(page: Page) -> None:
    page.goto("/sign-in")
    page.evaluate("""() => {
        const main = document.getElementById("main");
        main.innerHTML += '<p id="faint">Hardly to be read</p><input><img src="/nothing">';
        document.getElementById("faint").style = "color: #bbb; background: #fff; width: 400px";
    }""")
    with pytest.raises(AssertionError, match=r"(?s)color-contrast.*image-alt.*label"):
        sound(page)
    page.evaluate('document.getElementById("main").style.width = "400px"')
    with pytest.raises(AssertionError, match="moves"):
        no_sideways_scroll(page)
