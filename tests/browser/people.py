"""What people do in a window, in a word: sign in, fill in, press."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.hands import SLUG
from tests.desk.made import PASSWORD


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
