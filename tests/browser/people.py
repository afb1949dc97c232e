"""What people do in a window, in a word: sign in, fill in, press."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.looking import sound
from tests.browser.served import SLUG
from tests.desk.made import PASSWORD
from tests.desk.visitor import GO_ON


def sign_in(page: Page, role: str, password: str = PASSWORD) -> None:
    """Somebody of this role signs in through the form."""
    page.goto("/sign-in")
    page.get_by_label("Name").fill(f"{role}@{SLUG}")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def at(path: str = "") -> str:
    """An address of the console."""
    return f"/desk/{SLUG}/{path}"


def portal(path: str = "") -> str:
    """An address of the portal."""
    return f"/portal/{SLUG}/{path}"


def reads(page: Page, *words: str) -> None:
    """The page itself says all of these."""
    for each in words:
        expect(page.locator("#main")).to_contain_text(each)


def open_my_case(page: Page, reference: str, code: str) -> None:
    """A customer opens their case with what their letters say."""
    page.goto(portal("follow"))
    page.get_by_label("Reference").first.fill(reference)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="See my complaint").click()


def press(page: Page, button: str) -> None:
    """Press the button with these words, in the page itself."""
    page.locator("#main").get_by_role("button", name=button, exact=True).click()


def tick(page: Page, *answers: str) -> None:
    """Choose each of these answers where one is asked for."""
    for answer in answers:
        page.get_by_role("radio", name=answer).check()


def fill(page: Page, **boxes: str) -> None:
    """Type into boxes, each named as its form names it."""
    for name, words in boxes.items():
        page.locator(f"#main [name={name}]").fill(words)


def send(page: Page, button: str) -> None:
    """Go on; where a letter leaves with it, judge the page that shows it first, and send it."""
    asked = page.locator("h1").inner_text()
    press(page, GO_ON)
    expect(page.locator("h1")).not_to_have_text(asked)
    if page.locator("h1").inner_text() == "Before it is sent":
        sound(page)
        press(page, button)


def open_all(page: Page) -> None:
    """Open everything on the page that opens."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")


def act(page: Page, reference: str, slug: str) -> None:
    """Open one of the actions on a case."""
    page.goto(at(f"cases/{reference}/{slug}"))
