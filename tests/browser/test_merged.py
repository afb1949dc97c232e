"""Two cases become one while somebody is writing on the second of them: nothing that was typed is lost, and it is told."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import hands
from tests.browser.conftest import Open
from tests.browser.looking import sound
from tests.browser.people import act, at, fill, press, reads, send, sign_in, tick
from tests.browser.served import Served
from tests.desk.visitor import GO_ON

TYPED = "I have asked the network for its records and ring you"


def _asks_again(page: Page) -> None:
    """The page comes back into sight, and asks the desk what happened meanwhile."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_who_writes_on_a_case_that_is_merged_away_is_told_and_keeps_their_words(
    opens: Open, desk: Served
) -> None:
    first = desk.do(hands.mail, "Bea Birch", "bea@example.org", "No dial tone", "The line is dead.")
    second = desk.do(hands.mail, "Bea Birch", "bea@example.org", "Still no dial tone", "Nobody has answered.")
    writes, merges, looks = opens(), opens(), opens()
    for page, who in ((writes, "handler"), (merges, "manager"), (looks, "agent")):
        sign_in(page, who)
    for each in (first, second):
        act(merges, each, "decide")
        tick(merges, "Yes, it was a complaint")
        press(merges, "Save the decision")
    act(writes, second, "write")
    fill(writes, words=TYPED)
    looks.goto(at(f"cases/{second}"))
    # The manager merges the second into the first.
    act(merges, first, "merge")
    fill(merges, reference=second, why="She writes about one dead line.")
    press(merges, "Merge them")
    reads(merges, "The two cases are one now.", second, "goes on here")
    sound(merges)
    # Whoever only looks is told without a press, and the next look leads on.
    _asks_again(looks)
    reads(looks, "Since you opened this page:")
    sound(looks)
    looks.reload()
    reads(looks, f"{second} goes on as {first}.")
    # Whoever writes is told too; what is typed is kept by itself, and stands there after the press.
    _asks_again(writes)
    reads(writes, "Since you opened this page:")
    writes.locator("#main [name=words]").press_sequentially(" on Monday")
    expect(writes.locator("button[value=draft]")).to_have_text("Draft kept")
    press(writes, GO_ON)
    expect(writes.locator("#main")).to_contain_text(first)
    reads(writes, "The case has moved while you were writing")
    expect(writes.locator("#main [name=words]")).to_have_value(f"{TYPED} on Monday")
    sound(writes)
    # Taken up from My day, it goes on with the case that goes on, and leaves from there.
    writes.goto(at())
    writes.get_by_role("link", name="Write to the customer").first.click()
    reads(writes, f"{second} goes on as {first}, and so does what you were writing.")
    expect(writes.locator("#main [name=words]")).to_have_value(f"{TYPED} on Monday")
    sound(writes)
    send(writes, "Send it")
    reads(writes, f"{TYPED} on Monday")
    assert any(TYPED in letter.words for letter in desk.do(hands.letters, first))
