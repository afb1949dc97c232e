"""Every address of the portal, the sign-in, one's own pages and the administrator's, judged at 320 px and in its colours."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.sync_api import Error, Page

from tests.browser import hands
from tests.browser.conftest import Open
from tests.browser.hands import Place
from tests.browser.looking import axe, no_sideways_scroll
from tests.browser.people import open_my_case, sign_in
from tests.browser.served import Served


@pytest.fixture(scope="module")
def places(desk: Served) -> list[Place]:
    return desk.do(hands.street)


def _faults(page: Page, places: list[Place]) -> list[str]:
    """What is wrong with the pages at these addresses, as they come."""
    found = []
    for place in places:
        if not _opens(page, place):
            continue
        # Actions on a case share one template: in dark the first of them speaks for the others.
        dark = not place.name.startswith("deed ")
        for judge in (partial(axe, dark=dark), no_sideways_scroll):
            try:
                judge(page)
            except AssertionError as fault:
                found.append(f"{place.name}: {fault}")
    return found


def _opens(page: Page, place: Place) -> bool:
    """Whether a page stands at this address now; a file to take away or an answer to a script is none."""
    try:
        answer = page.goto(place.address)
    except Error as download:
        assert "Download is starting" in str(download)  # noqa: PT017 - the way that Playwright tells of a download
        return False
    return answer is not None and answer.headers.get("content-type", "").startswith("text/html")


@pytest.mark.parametrize("who", ["handler", "administrator"])
def test_every_page_of_ones_own_and_of_the_administrator_is_sound(
    opens: Open, places: list[Place], who: str
) -> None:
    page = opens()
    sign_in(page, who)
    theirs = [place for place in places if place.who == who]
    assert theirs
    assert not (found := _faults(page, theirs)), "\n".join(found)


@pytest.mark.parametrize("who", ["stranger", "customer"])
def test_every_page_of_the_portal_and_the_sign_in_is_sound(
    opens: Open, desk: Served, places: list[Place], who: str
) -> None:
    page = opens()
    if who == "customer":
        first = desk.do(hands.first)
        open_my_case(page, first, desk.do(hands.code_of, first))
    theirs = [place for place in places if place.who == who]
    assert theirs
    assert not (found := _faults(page, theirs)), "\n".join(found)
