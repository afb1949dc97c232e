"""Judges a page as it stands in the browser: WCAG 2.2 A and AA as axe finds it, width, focus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, Final

from playwright.sync_api import Page, expect

AXE: Final = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
"""axe-core 4.12.1 (MPL-2.0), as the locked package carries it: read here, never shipped with the desk."""
WCAG: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
ASK: Final = """async ([only]) => (await axe.run(document, {
    runOnly: only, resultTypes: ["violations"], elementRef: false,
})).violations.map((found) => ({
    rule: found.id, help: found.help, where: found.nodes.map((node) => node.target.join(" ") + "  " + node.failureSummary),
}))"""
COLOURS: Final = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
SCRIPTING: Final = "() => matchMedia('(scripting: none)').matches ? 'none' : 'enabled'"
WIDER: Final = """() => {
    const room = document.documentElement.clientWidth;
    // What is wider than the window and lies in nothing that scrolls by itself.
    const scrolls = (at) => at && at !== document.body && at !== document.documentElement
        && (/(auto|scroll|hidden|clip)/.test(getComputedStyle(at).overflowX) || scrolls(at.parentElement));
    const wide = [...document.body.querySelectorAll("*")].filter((at) => {
        const box = at.getBoundingClientRect();
        return box.width > 0 && box.right > room + 1 && !scrolls(at.parentElement);
    });
    // Words that stand one letter under another, because something beside them took the room.
    const words = (at) => [...at.childNodes].filter((in_) => in_.nodeType === 3).map((in_) => in_.data.trim()).join(" ");
    const thin = [...document.body.querySelectorAll("dd, td, p, li, span, div, a")].filter((at) => {
        const box = at.getBoundingClientRect();
        return box.width < 40 && box.height > 160 && words(at).length > 8;
    });
    return {
        thin: thin.slice(0, 5).map((at) => at.outerHTML.slice(0, 160)),
        moves: document.documentElement.scrollWidth - room,
        wide: wide.slice(0, 5).map((at) => at.outerHTML.slice(0, 160)),
    };
}"""


def axe(page: Page, *, dark: bool = True) -> None:
    """Fail where axe finds a violation on the page as it stands now, in light and (its colours) in dark."""
    with _scripts_run(page):
        found = _run(page, {"type": "tag", "values": list(WCAG)})
        if dark:
            page.emulate_media(color_scheme="dark")
            found += [{**each, "rule": f"{each['rule']} (dark)"} for each in _run(page, COLOURS)]
            page.emulate_media(color_scheme="light")
    said = [f"{each['rule']}: {each['help']}\n    " + "\n    ".join(each["where"][:4]) for each in found]
    assert not said, f"{page.url}\n" + "\n".join(said)


@contextmanager
def _scripts_run(page: Page) -> Iterator[None]:
    """Let axe run in a window without JavaScript too: what stands there already stays as it stood without."""
    if page.evaluate(SCRIPTING) != "none":
        yield
        return
    tools = page.context.new_cdp_session(page)
    # Only a change is heard, and each pair of tools knows only of its own.
    for off in (True, False):
        tools.send("Emulation.setScriptExecutionDisabled", {"value": off})
    try:
        yield
    finally:
        tools.send("Emulation.setScriptExecutionDisabled", {"value": True})
        tools.detach()


def _run(page: Page, only: dict[str, Any]) -> list[dict[str, Any]]:
    if not page.evaluate("typeof axe === 'object'"):
        # By the browser's own tools: the page's policy rightly runs no script but its own.
        page.evaluate(f"() => {{ {AXE} }}")
    found: list[dict[str, Any]] = page.evaluate(ASK, [only])
    return found


def no_sideways_scroll(page: Page, width: int = 320) -> None:
    """Fail where the page, this wide, moves sideways: 320 px is also 1280 px at 400 % zoom (WCAG 1.4.10)."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 640})
    found = page.evaluate(WIDER)
    if before:
        page.set_viewport_size(before)
    assert not found["thin"], f"{page.url} squeezes words to nothing at {width} px: {found['thin']}"
    assert found["moves"] <= 0, (
        f"{page.url} moves {found['moves']} px sideways at {width} px: {found['wide']}"
    )


def sound(page: Page) -> None:
    """The page as it stands now is judged in every way that a picture of it can be: light, dark, narrow."""
    axe(page)
    no_sideways_scroll(page)


def headed(page: Page, words: str | re.Pattern[str]) -> None:
    """The page that comes, or stands, has this heading."""
    expect(page.locator("h1")).to_have_text(words)
