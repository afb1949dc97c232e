"""By keyboard alone: every control in its order, always to be seen, never a trap; and a call made without a mouse."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import hands
from tests.browser.conftest import Open
from tests.browser.looking import headed
from tests.browser.people import at, open_my_case, portal, reads, sign_in
from tests.browser.served import Served
from tests.desk.made import PASSWORD
from tests.desk.visitor import GO_ON

WHERE = """() => {
    const at = document.activeElement;
    if (!at || at === document.body || at === document.documentElement) { return null; }
    const box = at.getBoundingClientRect(), look = getComputedStyle(at);
    // A radio or tick box may leave its mark to its label.
    const ring = (style) => style.boxShadow !== "none"
        || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const near = at.labels && at.labels[0] ? getComputedStyle(at.labels[0]) : look;
    if (!at.dataset.tabbed) { at.dataset.tabbed = String(document.querySelectorAll("[data-tabbed]").length + 1); }
    return {
        number: Number(at.dataset.tabbed), what: at.outerHTML.slice(0, 140), seen: box.width > 0 && box.height > 0
            && box.bottom > 0 && box.top < innerHeight, marked: ring(look) || ring(near),
    };
}"""
REACHABLE = """() => {
    const shown = (at) => at.checkVisibility() && !at.disabled;
    const groups = new Set();
    return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
        .filter((at) => shown(at) && at.tabIndex >= 0).filter((at) => {
            // The answers of one question are one stop; the arrows choose among them.
            if (at.type !== "radio") { return true; }
            if (groups.has(at.name)) { return false; }
            groups.add(at.name);
            return true;
        }).length;
}"""


def _tabbed(page: Page) -> None:
    """Tab through the whole page: each stop can be seen and is marked, and after the last the page is left."""
    # From the top, wherever the page has put the focus.
    page.evaluate("() => { document.body.tabIndex = -1; document.body.focus(); }")
    reachable = page.evaluate(REACHABLE)
    stops: list[dict[str, Any]] = []
    for _ in range(reachable * 2 + 20):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        if stop is None or (stops and stop["number"] < stops[-1]["number"]):
            break
        stops.append(stop)
    else:
        pytest.fail(f"{page.url}: the keyboard is trapped at {stops[-1]['what']}")
    unseen = [stop["what"] for stop in stops if not stop["seen"]]
    # The parts of a date, and the button that opens its calendar, are marked by the browser, within the one box.
    marked = {stop["number"] for stop in stops if stop["marked"]}
    unmarked = [stop["what"] for stop in stops if stop["number"] not in marked]
    assert (unseen, unmarked) == ([], []), page.url
    assert len({stop["number"] for stop in stops}) >= reachable, (page.url, len(stops), reachable)


@pytest.mark.parametrize("path", ["", "cases", "new-contact", "case", "reports", "letters"])
def test_every_control_of_the_console_is_reached_by_tab_in_order_and_seen(
    opens: Open, desk: Served, path: str
) -> None:
    page = opens()
    sign_in(page, "manager")
    page.goto(at(f"cases/{desk.do(hands.first)}" if path == "case" else path))
    _tabbed(page)


def test_every_control_of_the_portal_is_reached_by_tab_in_order_and_seen(opens: Open, desk: Served) -> None:
    page = opens(width=390)
    for path in (
        "",
        "complain",
        "complain/answer",
        "complain/reach",
        "complain/on-one-page",
        "follow",
        "chat",
    ):
        page.goto(portal(path))
        _tabbed(page)
    first = desk.do(hands.first)
    open_my_case(page, first, desk.do(hands.code_of, first))
    page.goto(portal("case"))
    _tabbed(page)


def test_the_first_tab_skips_to_the_page(page: Page) -> None:
    sign_in(page, "handler")
    page.goto(at())
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def _to(page: Page, name: str) -> None:
    """Tab on to the box with this name."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || document.activeElement.value") == name:
            return
    pytest.fail(f"{name} cannot be reached")


def test_a_call_is_written_down_without_a_mouse(page: Page) -> None:
    page.goto("/sign-in")
    _to(page, "username")
    page.keyboard.type("agent@larkfield")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    headed(page, "My day")
    page.keyboard.press("/")
    expect(page.locator("#find-box")).to_be_focused()
    page.keyboard.type("Nobody Known")
    page.keyboard.press("Enter")
    reads(page, "Nothing fits.")
    page.goto(at("new-contact"))
    _to(page, "name")
    page.keyboard.type("Kay Key")
    _to(page, "email")
    page.keyboard.type("kay@example.org")
    _to(page, "words")
    page.keyboard.type("The router you sent does not switch on.")
    _to(page, "complaint")
    page.keyboard.press("Space")
    _to(page, "ends")
    _to(page, "do")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Kay Key")
    reads(page, "The router you sent does not switch on.")


AT = """() => {
    const at = document.activeElement;
    return [at.name || "", at.value || "", at.getAttribute("href") || "", (at.innerText || "").trim().replace(/\\s+/g, " ")];
}"""


def _tab_to(page: Page, *, name: str = "", ends: str = "", words: str = "") -> None:
    """Tab on to the box of this name, the link whose address ends so, or the button with these words."""
    for _ in range(400):
        page.keyboard.press("Tab")
        box, _value, address, said = page.evaluate(AT)
        if (name and box == name) or (ends and address.endswith(ends)) or (words and said.startswith(words)):
            return
    pytest.fail(f"{name or ends or words} cannot be reached at {page.url}")


def _choose(page: Page, name: str, value: str) -> None:
    """Tab to a question and choose an answer with the arrows."""
    _tab_to(page, name=name)
    page.keyboard.press("Space")
    for _ in range(20):
        if page.evaluate(AT)[1] == value:
            expect(page.locator(f"[name={name}][value='{value}']")).to_be_checked()
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"{value} cannot be chosen at {page.url}")


def _type(page: Page, name: str, words: str) -> None:
    _tab_to(page, name=name)
    page.keyboard.type(words)


def _enter(page: Page, words: str) -> None:
    """Tab to a button and press it."""
    _tab_to(page, words=words)
    page.keyboard.press("Enter")


def test_a_case_goes_from_the_call_to_its_closure_by_keyboard_alone(page: Page, desk: Served) -> None:
    """Hana takes a call, proposes what puts it right, and records that the customer accepts: the mouse is never touched."""
    page.goto("/sign-in")
    _type(page, "username", "handler@larkfield")
    _type(page, "password", PASSWORD)
    page.keyboard.press("Enter")
    headed(page, "My day")
    _tab_to(page, ends="/new-contact")
    page.keyboard.press("Enter")
    headed(page, "New contact")
    _type(page, "name", "Kit Keys")
    _type(page, "email", "kit@example.org")
    _type(page, "words", "My line has been dead since Friday.")
    _choose(page, "complaint", "yes")
    _enter(page, "Save the contact")
    expect(page.locator("h1")).to_contain_text("Kit Keys")
    reference = page.url.partition("/cases/")[2].partition("?")[0]
    _tab_to(page, ends=f"{reference}/propose")
    page.keyboard.press("Enter")
    headed(page, "Propose an outcome")
    _type(page, "words", "A cable was cut. We are sorry, and refund the month.")
    _type(page, "credit", "28.99")
    _type(page, "what_for", "November")
    _type(page, "looked_at", "The log of the line")
    _enter(page, GO_ON)
    headed(page, "Before it is sent")
    _enter(page, "Send the outcome")
    expect(page.locator("h1")).to_contain_text("Kit Keys")
    reads(page, "A cable was cut.", "£28.99")
    _tab_to(page, ends=f"{reference}/answer")
    page.keyboard.press("Enter")
    headed(page, "Record the customer’s answer")
    _choose(page, "accepted", "yes")
    _type(page, "words", "On the phone: thank you, that puts it right.")
    _enter(page, GO_ON)
    headed(page, "Before it is sent")
    _enter(page, "Record the answer")
    expect(page.locator("h1")).to_contain_text("Kit Keys")
    reads(page, "Closed", "Hand £28.99 over to billing")
    assert "outcome" in [letter.kind for letter in desk.do(hands.letters, reference)]
