"""Every address of the portal, the sign-in, one's own pages and the administrator's, judged at 320 px and in its colours."""

from __future__ import annotations

from dataclasses import dataclass, field
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


A_PIECE = {"found-so-far"}
"""A piece of a page, which a script of that page fetches; it is judged where it is put."""
BOXES = "textarea, input:not([type=hidden], [type=radio], [type=checkbox], [type=file], [type=search])"
MISTAKEN = """(form, boxes) => {
    for (const box of form.querySelectorAll(boxes)) box.value = "";
    const sends = form.querySelector("button:not(.second, .plain)") || form.querySelector("button");
    form.noValidate = true;
    form.requestSubmit(sends);
}"""
"""Empty the boxes of a form and send it, as if the browser itself asked for nothing."""
AWAITED = 10_000
"""Milliseconds in which a page comes, where one comes at all."""


@dataclass
class Walked:
    """What came of a walk: what is wrong, how many pages were judged, and how many with their mistakes shown."""

    faults: list[str] = field(default_factory=list)
    pages: int = 0
    mistaken: int = 0


def _walk(page: Page, places: list[Place]) -> Walked:
    """Judge each of these pages as it comes, and again as it answers a form that was sent without its words."""
    walked = Walked()
    for place in places:
        if place.name in A_PIECE or not _opens(page, place):
            continue
        walked.pages += 1
        walked.faults += _faults(page, place)
        if _shows_mistakes(page):
            walked.mistaken += 1
            # Mistakes look alike on all actions on a case: in dark those of the first speak for the others.
            walked.faults += _faults(page, place, dark=not place.name.startswith("deed "))
    return walked


def _shows_mistakes(page: Page) -> bool:
    """Send the page's form with nothing in it; whether it now says what is to be mended."""
    form = page.locator("#main form[method=post]").filter(has=page.locator(BOXES)).first
    if not form.count():
        return False
    try:
        with page.expect_navigation(timeout=AWAITED):
            form.evaluate(MISTAKEN, BOXES)
    except Error as no_page:
        assert "Timeout" in str(no_page)  # noqa: PT017 - the way that Playwright tells of it; what came was a file
        return False
    return page.locator(".mistakes").count() > 0


def _faults(page: Page, place: Place, *, dark: bool = True) -> list[str]:
    """What is wrong with the page as it stands."""
    found = []
    for judge in (partial(axe, dark=dark), no_sideways_scroll):
        try:
            judge(page)
        except AssertionError as fault:
            found.append(f"{place.name}: {fault}")
    return found


def _opens(page: Page, place: Place) -> bool:
    """Whether a page stands at this address now: no file to take away, no answer to a script, and none that is shut in.

    A mail that somebody sent is shown in a sandbox in which nothing runs, axe neither: waiting for it would never end.
    """
    try:
        answer = page.goto(place.address)
    except Error as download:
        assert "Download is starting" in str(download)  # noqa: PT017 - the way that Playwright tells of a download
        return False
    if answer is None or "sandbox" in answer.headers.get("content-security-policy", ""):
        return False
    return answer.headers.get("content-type", "").startswith("text/html")


@pytest.mark.parametrize("who", ["handler", "manager", "administrator"])
def test_every_page_of_ones_own_and_of_the_administrator_is_sound(
    opens: Open, places: list[Place], who: str
) -> None:
    page = opens()
    sign_in(page, who)
    theirs = [place for place in places if place.who == who]
    walked = _walk(page, theirs)
    assert walked.pages
    assert walked.mistaken
    assert not walked.faults, "\n".join(walked.faults)


@pytest.mark.parametrize("who", ["stranger", "customer"])
def test_every_page_of_the_portal_and_the_sign_in_is_sound(
    opens: Open, desk: Served, places: list[Place], who: str
) -> None:
    page = opens()
    if who == "customer":
        first = desk.do(hands.first)
        open_my_case(page, first, desk.do(hands.code_of, first))
    theirs = [place for place in places if place.who == who]
    walked = _walk(page, theirs)
    assert walked.pages
    assert walked.mistaken
    assert not walked.faults, "\n".join(walked.faults)


SEEN_BY_ALL = {
    "my-day",
    "cases",
    "case",
    "decide",
    "customer",
    "mail",
    "reports",
    "house",
    "settings",
    "alarms",
    "audit",
}
"""Pages on which a role has more or less to press than a manager, or is told that the page is not for it."""


@pytest.mark.parametrize("who", ["agent", "auditor", "compliance", "director"])
def test_the_pages_of_every_other_role_are_sound(opens: Open, places: list[Place], who: str) -> None:
    page = opens()
    sign_in(page, who)
    seen = [place for place in places if place.name in SEEN_BY_ALL]
    assert {place.name for place in seen} == SEEN_BY_ALL
    faults = [fault for place in seen if _opens(page, place) for fault in _faults(page, place)]
    assert not faults, "\n".join(faults)
